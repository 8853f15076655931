"""What all tests share: no network beyond this machine, and a real browser."""

import os
import re
import shutil
import socket
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

# Playwright keeps an event loop in the thread of the test; Django would refuse to use the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# Nothing is collected before a test, so names are not hashed; one quick round of hashing will do.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LOOPBACK = re.compile(r"127\.|::1$|localhost$")
FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(autouse=True)
def stay_on_this_machine(monkeypatch):
    """Fail a test that would reach another machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX and not LOOPBACK.match(str(address[0])):
            pytest.fail(f"A test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright):
    """A real Chromium; without one the test is skipped, or fails where CI is set."""
    own = playwright.chromium.executable_path
    places = [os.environ.get("CHROMIUM"), "/usr/bin/chromium", shutil.which("chromium"), own]
    found = next((place for place in places if place and Path(place).exists()), None)
    if found is None:
        reason = "No Chromium at $CHROMIUM, at /usr/bin/chromium, or of Playwright's own."
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    browser = playwright.chromium.launch(executable_path=found, args=flags)
    yield browser
    browser.close()


@pytest.fixture
def allow_errors():
    """Call it with a pattern of console errors that the test expects; it is a list's `append`."""
    return [].append


@pytest.fixture
def page(browser, allow_errors):
    """A page of an empty profile. Errors in its console, refused resources among them, fail the test."""
    errors, allowed = [], allow_errors.__self__
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
    assert [line for line in errors if not any(p.search(line) for p in allowed)] == []
