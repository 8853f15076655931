"""The WSGI application, and requests that Django alone can't even represent."""

import subprocess
import sys
from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.management import call_command
from django.db import connection
from django.template import engines

from campaign.replicas import REPLICA, follower
from campaign.wsgi import application

pytestmark = pytest.mark.django_db(transaction=True)  # the application closes its connection
PAGE = "/letters/find-your-mp/"
CHARSETS = ["undefined", "base64", "rot13", "idna", "utf-7", "nonsense", "\x7f"]
UNREADABLE = ["charset*0=a; charset*=b", "charset*=nonsense''a", "charset*=undefined''a", "charset*=utf-8''%00"]
FIELD = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--X--\r\n'


def status_of(method, query="", body=b"", content_type=""):
    """Return the status of the application's response to a request for a page with a form."""
    environ = {"REQUEST_METHOD": method, "PATH_INFO": PAGE, "QUERY_STRING": query, "CONTENT_TYPE": content_type}
    body = body if isinstance(body, BytesIO) else BytesIO(body)
    environ |= {"CONTENT_LENGTH": str(len(body.getvalue())), "wsgi.input": body}
    setup_testing_defaults(environ)
    statuses = []
    application(environ, lambda status, headers: statuses.append(status)).close()
    return int(statuses[0][:3])


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=X"])
def test_no_charset_breaks_a_page(kind):
    types = [f"{kind}; {parameter}" for parameter in (*(f"charset={name}" for name in CHARSETS), *UNREADABLE)]

    answers = {(method, type): status_of(method, "a=%ff", FIELD, type) for method in ("GET", "POST") for type in types}

    assert answers == dict.fromkeys(answers, 200)


def test_the_query_is_read_as_utf_8_whatever_the_content_type_says():
    assert status_of("GET", "a=%00", b"", "text/plain; charset=utf-16") == 400
    assert status_of("GET", "a&" * 1500, b"", "text/plain; charset=utf-8") == 200


class SilentClient(BytesIO):
    """A request body whose end never arrives, so that the socket times out."""

    def read(self, size=-1):
        raise BlockingIOError


def test_a_body_that_never_arrives_is_answered_400():
    assert status_of("POST", "", SilentClient(b"a=1"), "application/x-www-form-urlencoded") == 400
    assert status_of("POST", "", SilentClient(FIELD), "multipart/form-data; boundary=X") == 400


@pytest.mark.parametrize("head", ['form-data; name="a"; filename*0=a; filename*=b', "form-data; name*0=a; name*=b"])
def test_a_form_part_with_unreadable_headers_is_answered_400(head):
    body = f"--X\r\nContent-Disposition: {head}\r\n\r\n1\r\n--X--\r\n".encode()

    assert status_of("POST", "", body, "multipart/form-data; boundary=X") == 400


def test_loading_the_site_loads_the_views_and_connects_to_no_database():
    """gunicorn loads it before it forks: workers mustn't share a connection."""
    load = "import sys, django.db, campaign.wsgi"
    show = "print('pledges.views' in sys.modules, django.db.connection.connection)"
    command = [sys.executable, "-c", f"{load}; {show}"]
    result = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command

    assert result.stdout == "True None\n"


def test_warming_up_loads_the_home_page_and_leaves_no_connection():
    call_command("load_campaign")
    [loader] = engines["django"].engine.template_loaders
    loader.reset()

    application.warm_up()

    assert {"home.html", "base.html"} <= set(loader.get_template_cache)
    assert connection.connection is None


def test_warming_up_starts_no_threads_because_the_process_forks_afterwards(monkeypatch, settings, caplog):
    monkeypatch.setitem(settings.DATABASES, REPLICA, settings.DATABASES["default"])
    monkeypatch.setattr(follower, "start", lambda: pytest.fail("The threads that follow the replica were started."))

    application.warm_up()

    assert caplog.records == []


def test_the_site_starts_without_its_database(monkeypatch, caplog):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")

    application.warm_up()

    assert [record.getMessage() for record in caplog.records] == ["Service Unavailable: /"]
