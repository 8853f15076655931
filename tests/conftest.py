"""Fixtures for all tests: no network beyond this machine, and a real browser."""

import gc
import os
import re
import shutil
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from playwright.sync_api import Page, expect, sync_playwright

from tests.databases import copied, divide
from tests.emptying import Emptying

# Playwright keeps an event loop in the test's thread; Django would refuse to use the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# A busy machine is slow at times, which isn't a bug.
hypothesis.settings.register_profile("hub", deadline=None)
hypothesis.settings.load_profile("hub")
expect.set_options(timeout=30_000)
# Neither Django nor pytest-django has a setting for this.
TransactionTestCase._fixture_teardown = staticmethod(Emptying())

LOOPBACK = re.compile(r"(127\.|::1$|localhost$|0\.0\.0\.0$|$)")
FLAGS = [
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = {"width": 1280, "height": 900}


def stay_on_this_machine(event, arguments):
    """Fail a test that connects to another machine or looks up its address."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host or ""
    if not LOOPBACK.match(host):
        pytest.fail(f"A test tried to reach {host}")


sys.addaudithook(stay_on_this_machine)


def pytest_xdist_auto_num_workers():
    """Run three workers on two cores: a test often waits for a browser, a server or the clock."""
    return (os.cpu_count() or 1) * 3 // 2 or 1


def pytest_collection_finish(session):
    """Stop the garbage collector from searching thousands of tests and modules, which takes a fifth of the time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Add to the report of a failed test what its page in the browser said, because waiting in vain doesn't tell."""
    report = yield
    page = item.funcargs.get("page") if report.failed and call.when == "call" else None
    if isinstance(page, Page) and not page.is_closed():
        report.sections.append(("Page in the browser", f"{page.url}\n{page.inner_text('body')[:3000]}"))
    return report


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, django_db_keepdb):
    """Give each worker of a run a copy of a database that is migrated once."""
    worker = getattr(request.config, "workerinput", None)
    if worker is None or django_db_keepdb:
        request.getfixturevalue("django_db_setup")  # that of pytest-django
        with django_db_blocker.unblock():
            divide()
        yield
        close_forgotten_connections()
    else:
        with django_db_blocker.unblock(), copied(worker["testrunuid"], worker["workerid"]):
            with django_db_blocker.block():
                yield
            close_forgotten_connections()


def close_forgotten_connections():
    """Close connections left behind by finished threads: an open one prevents the database from being dropped."""
    gc.collect()


@pytest.fixture(autouse=True)
def empty_journal():
    """Delete the journal of erasures before a test, because an earlier one that commits may have written to it."""
    Path(settings.ERASURE_JOURNAL).unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def empty_shared_cache(request):
    """Empty the shared cache's table before a test, because after one that commits, only model tables are emptied.

    Sign-in attempts are counted there, and would otherwise carry over to the next test.
    """
    has_marker = request.node.get_closest_marker("django_db") is not None
    if has_marker or {"db", "transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium_path(playwright):
    """Return the path of a real Chromium; without one, skip the test, or fail it where CI=true."""
    own = playwright.chromium.executable_path
    candidates = [os.environ.get("CHROMIUM"), "/usr/bin/chromium", shutil.which("chromium"), own]
    path = next((candidate for candidate in candidates if candidate and Path(candidate).exists()), None)
    if path is None:
        reason = "There is no Chromium at $CHROMIUM or /usr/bin/chromium, and Playwright has none of its own."
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def browser(playwright, chromium_path):
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    browser = playwright.chromium.launch(executable_path=chromium_path, args=flags)
    yield browser
    browser.close()


@pytest.fixture
def allowed_errors():
    return []


@pytest.fixture
def allow_errors(allowed_errors):
    """Return a function that allows console errors which match a compiled pattern."""
    return allowed_errors.append


@pytest.fixture
def page(browser, live_server, allowed_errors):
    """Open a page with an empty profile; paths are relative to the live server.

    Console errors (a breach of the content security policy is one), uncaught exceptions and
    requests to another machine fail the test.
    """
    errors = []
    with browser.new_context(viewport=DESKTOP, base_url=live_server.url) as context:
        page = context.new_page()
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: None if is_local(request.url) else errors.append(request.url))
        yield page
    wait_until_answered()
    assert [line for line in errors if not any(p.search(line) for p in allowed_errors)] == []


def wait_until_answered():
    """Wait until the live server has answered every request, because the database is about to be emptied."""
    for thread in threading.enumerate():
        if thread.name.endswith("(process_request_thread)"):
            thread.join(timeout=10)


def is_local(url):
    return bool(LOOPBACK.match(urlsplit(url).hostname or ""))
