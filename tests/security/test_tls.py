"""TLS as the nginx of `deploy/` offers it: the protocols, ciphers and curves that testssl.sh grades."""

import json
import shutil
import socket
import ssl
import subprocess
from contextlib import closing
from http.client import HTTPSConnection

import pytest
from django.conf import settings
from django.urls import reverse

from tests.front import NGINX, front
from tests.sizes import FULL

TESTSSL = shutil.which("testssl")
BAD = ("MEDIUM", "HIGH", "CRITICAL", "FATAL")
# testssl reports these for any new self-signed certificate for an IP address.
SELF_SIGNED = {
    "cert_subjectAltName",
    "cert_trust",
    "cert_chain_of_trust",
    "cert_expirationStatus",
    "cert_notAfter",
    "cert_revocation",
}
# The site compresses public pages, which contain no secrets because they are the same for everybody.
PUBLIC_PAGE = {"BREACH"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("deploy"),
    pytest.mark.skipif(not NGINX, reason="nginx is not installed."),
]
# Each is refused: an old protocol, a cipher without forward secrecy, one without authentication of each block.
WEAK = [
    (ssl.TLSVersion.TLSv1, "ALL:@SECLEVEL=0"),
    (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0"),
    (ssl.TLSVersion.TLSv1_2, "kRSA"),
    (ssl.TLSVersion.TLSv1_2, "SHA1:SHA256:SHA384:!CHACHA20:!AESGCM:!kRSA"),
    (ssl.TLSVersion.TLSv1_2, "NULL:eNULL:aNULL:@SECLEVEL=0"),
]


@pytest.fixture
def site(transactional_db, tmp_path):
    with front(tmp_path, WEB_WORKERS="1") as running:
        yield running


def offered(port, version, ciphers="DEFAULT"):
    """Return the protocol and cipher that nginx agrees to, or None if it refuses."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(ciphers)
    context.minimum_version = context.maximum_version = version
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=30) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as wrapped,
        ):
            return wrapped.version(), wrapped.cipher()[0]
    except OSError:
        return None


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_nginx_agrees_to_current_protocols_and_strong_ciphers_only(site):
    assert offered(site.port, ssl.TLSVersion.TLSv1_3)[0] == "TLSv1.3"
    protocol, cipher = offered(site.port, ssl.TLSVersion.TLSv1_2)
    assert protocol == "TLSv1.2"
    assert cipher.startswith("ECDHE-")
    assert "GCM" in cipher or "CHACHA20" in cipher

    assert [(version.name, ciphers) for version, ciphers in WEAK if offered(site.port, version, ciphers)] == []


def encoding_of(site, path):
    context = ssl._create_unverified_context()  # noqa: S323 - the certificate is our own
    client = HTTPSConnection("127.0.0.1", site.port, timeout=60, context=context)
    with closing(client):
        client.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = client.getresponse()
        answer.read()
        return answer.status, answer.headers["Content-Encoding"]


def test_only_pages_that_are_the_same_for_everybody_are_compressed(site):
    assert encoding_of(site, "/data-notes/") == (200, "gzip")
    assert encoding_of(site, reverse(settings.LOGIN_URL)) == (200, None)


@pytest.mark.skipif(not (TESTSSL and FULL), reason="It takes minutes: run `make prove`, with testssl.sh.")
def test_the_shipped_nginx_gets_a_clean_report_from_testssl(site, tmp_path):
    report = tmp_path / "testssl.json"
    command = [TESTSSL, "--quiet", "--color=0", "--warnings=off", "--sneaky", "--fast", f"--jsonfile={report}"]
    command += ["--protocols", "--server-defaults", "--std", "--fs", "--headers", "--vulnerable"]
    subprocess.run([*command, f"127.0.0.1:{site.port}"], check=False, capture_output=True, timeout=900)  # noqa: S603
    found = json.loads(report.read_text())
    faults = {one["id"]: f"{one['severity']} {one['finding']}" for one in found if one["severity"] in BAD}

    assert {"TLS1_3", "PFS", "HSTS_time", "heartbleed", "RC4", "scanTime"} <= {one["id"] for one in found}
    assert {name: fault for name, fault in faults.items() if name not in SELF_SIGNED | PUBLIC_PAGE} == {}
