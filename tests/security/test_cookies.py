"""The cookies of a site on HTTPS, which only organisers get."""

import json
import os
import subprocess
import sys

import pytest

from tests.checkouts import HERE

DUMP = """
import json
from campaign import settings
print(json.dumps({name: value for name, value in vars(settings).items() if "COOKIE" in name}))
"""


def cookies_of(url):
    """Return the settings of cookies of a site at this address."""
    environment = {"SECRET_KEY": "x", "FIELD_KEYS": "x", "PATH": os.environ["PATH"], "SITE_URL": url}
    environment["DATABASE_URL"] = "postgres://nobody@localhost/none"
    command = [sys.executable, "-c", DUMP]
    ran = subprocess.run(command, env=environment, cwd=HERE, capture_output=True, text=True, check=True)  # noqa: S603
    return json.loads(ran.stdout)


@pytest.mark.parametrize("cookie", ["SESSION", "CSRF"])
def test_over_https_every_cookie_is_secure_and_named_for_its_reach(cookie):
    found = cookies_of("https://campaign.example")

    assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-")  # so it needs Secure, the path / and no domain
    assert found[f"{cookie}_COOKIE_SECURE"]
    assert found.get(f"{cookie}_COOKIE_HTTPONLY", True)
    assert found.get(f"{cookie}_COOKIE_SAMESITE", "Lax") == "Lax"
    assert found.get(f"{cookie}_COOKIE_DOMAIN") is None
    assert found.get(f"{cookie}_COOKIE_PATH", "/") == "/"


def test_on_a_laptop_without_https_cookies_have_ordinary_names():
    found = cookies_of("http://127.0.0.1:8000")

    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("sessionid", "csrftoken")
