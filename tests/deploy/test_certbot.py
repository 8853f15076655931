"""The certificate of a site with a name: certbot, as `deploy/install` calls it, with an ACME server of our own.

The server is Debian's `pebble`, which Let's Encrypt makes for tests. It asks nginx for the proof as Let's Encrypt does.
"""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.bench.load import is_listening
from tests.certificates import certificate, trust
from tests.checkouts import HERE, free_port, wait_until
from tests.front import NGINX, Front, end

# Answer at once, don't refuse good requests at random as pebble otherwise does, and ask for a proof every time.
RELIABLE = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"}
HOST, PROOFS = "hub.example", "/var/www/html"
PROGRAMS = [shutil.which(name) for name in ("certbot", "pebble", "pebble-challtestsrv")]
ORDER = re.search(r"if (certbot certonly (?:.*\\\n)*.*); then", (HERE / "deploy" / "install").read_text())[1]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("installer"),
    pytest.mark.skipif(not (NGINX and all(PROGRAMS)), reason="nginx, certbot or pebble is not installed."),
]


class NamedFront(Front):
    """nginx for a site with a name, with certbot's certificate once there is one, as in `deploy/install`."""

    @property
    def live(self):
        return self.folder / "letsencrypt" / "live" / HOST

    def site_conf(self):
        text = super().site_conf().replace("server_name 127.0.0.1", f"server_name {HOST}")
        text = text.replace(PROOFS, str(self.folder / "proofs"))
        own = self.live if self.live.exists() else self.folder
        return re.sub(r"\S+/(fullchain|privkey)\.pem", rf"{own}/\1.pem", text)

    def served(self, root, *, check_name=True):
        """Return the certificate that nginx serves to a client that trusts only `root`."""
        context = ssl.create_default_context(cafile=root)
        context.check_hostname = check_name  # our own certificate, as these tests make it, has no such name
        plain = socket.create_connection(("127.0.0.1", self.port))
        with context.wrap_socket(plain, server_hostname=HOST) as wire:
            return wire.getpeercert()


@pytest.fixture
def site(tmp_path):
    site = NamedFront(tmp_path)
    site.make_certificate()
    (tmp_path / "proofs").mkdir()
    site.start_nginx()
    yield site
    site.stop()


@contextmanager
def running(*command, port):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=os.environ | RELIABLE, **quiet)  # noqa: S603
    try:
        wait_until(lambda: is_listening(port))
        yield
    finally:
        end(process)


@pytest.fixture
def authority(site, tmp_path, monkeypatch):
    """Run an ACME server that resolves every name to this machine. Yield certbot's options and the root certificate."""
    own = certificate(tmp_path / "authority.pem")
    trust(monkeypatch, own)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(own))
    api, manage, names, other = (free_port() for _ in range(4))
    settings = {
        "listenAddress": f"127.0.0.1:{api}",
        "managementListenAddress": f"127.0.0.1:{manage}",
        "certificate": str(own),
        "privateKey": str(own),
        "httpPort": site.plain_port,
        "tlsPort": site.port,
    }
    (tmp_path / "pebble.json").write_text(json.dumps({"pebble": settings}))
    _certbot, pebble, nameserver = PROGRAMS
    off = [f"-{kind}=" for kind in ("http01", "https01", "tlsalpn01", "defaultIPv6")]
    look_up = [nameserver, f"-dns01=127.0.0.1:{names}", f"-management=127.0.0.1:{other}", *off]
    serve = [pebble, f"-config={tmp_path / 'pebble.json'}", f"-dnsserver=127.0.0.1:{names}"]
    with running(*look_up, port=other), running(*serve, port=api):
        root = tmp_path / "root.pem"
        with urlopen(f"https://127.0.0.1:{manage}/roots/0") as response:
            root.write_bytes(response.read())
        yield f"--server https://127.0.0.1:{api}/dir", root


@pytest.fixture
def shell(site, authority, tmp_path, monkeypatch):
    """Return a function that runs commands with certbot's files in `tmp_path`. `systemctl` reloads the site's nginx."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "systemctl").write_text(f"#!/bin/sh\nexec {NGINX} -p {site.folder} -c {site.conf} -s ${{1}}\n")
    (programs / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    folders = {"config": "letsencrypt", "work": "work", "logs": "logs"}
    options = " ".join(f"--{kind}-dir {tmp_path / name}" for kind, name in folders.items())
    certbot = f'certbot() {{ command certbot "$@" {options} {authority[0]}; }}\n'

    def run(command):
        script = f"set -eu\nhost={HOST} email=ada@hub.example\n{certbot}{command}"
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)  # noqa: S603, S607

    return run


def order(shell, site):
    """Run the installer's command."""
    return shell(ORDER.replace(PROOFS, str(site.folder / "proofs")))


def test_the_site_gets_a_certificate_and_certbot_renews_it_by_itself(site, shell, authority):
    _server, root = authority
    done = order(shell, site)
    assert (done.returncode, done.stderr) == (0, "")
    Path(site.folder / "site.conf").write_text(site.site_conf())
    assert site.check()[0] == 0
    site.reload_nginx()
    first = wait_for_certificate(site, root, lambda found: True)

    assert shell("certbot renew --quiet --no-random-sleep-on-renew --force-renewal").returncode == 0

    second = wait_for_certificate(site, root, lambda found: found["serialNumber"] != first["serialNumber"])
    assert second["subjectAltName"] == (("DNS", HOST),)


def wait_for_certificate(site, root, is_wanted):
    """Return the certificate that nginx serves, once it has been reloaded and serves a wanted one."""
    found = []

    def is_there():
        try:
            found.append(site.served(root))
        except ssl.SSLCertVerificationError:
            return False
        return is_wanted(found[-1])

    wait_until(is_there)
    return found[-1]


def test_without_a_proof_there_is_no_certificate_and_the_site_goes_on(site, shell):
    conf = site.folder / "site.conf"
    conf.write_text(conf.read_text().replace(str(site.folder / "proofs"), "/nonexistent"))
    site.reload_nginx()

    assert order(shell, site).returncode != 0
    assert not site.live.exists()
    assert site.served(site.folder / "fullchain.pem", check_name=False)
