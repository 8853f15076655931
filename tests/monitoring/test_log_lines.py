"""Log lines in production are JSON, and contain nothing that visitors sent."""

import ast
import json
import logging
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, connection

from campaign import worker
from campaign.monitoring import context, log_lines
from campaign.monitoring.log_lines import JsonFormatter, Safe
from tests.checkouts import HERE, wait_until
from tests.monitoring.crashing import CANARIES

FIELDS = {
    *("time", "level", "logger", "event", "at", "job", "request", "method", "route", "duration_ms", "status"),
    *("exception", "release"),
}


def found_in(text):
    """Return the canaries in a text, and the parts of the name."""
    parts = [*CANARIES.values(), *CANARIES["name"].split()]
    return [part for part in parts if part.lower() in text.lower()]


@pytest.fixture(autouse=True)
def as_in_production(caplog):
    """Write lines as JSON at the moment when they are logged."""
    caplog.handler.setFormatter(JsonFormatter())


def as_lines(caplog):
    return [json.loads(line) for line in caplog.text.splitlines()]


def logged(logger, template, *args, **extra):
    """Return the fields of a line that a logger would write."""
    record = logging.getLogger(logger).makeRecord(logger, logging.INFO, __file__, 7, template, args, None, None, extra)
    return json.loads(JsonFormatter().format(record))


@pytest.fixture
def crash(client, settings):
    """Return a function that sends the canaries to a page that fails, and returns the response."""
    settings.ROOT_URLCONF = "tests.monitoring.crashing"
    client.raise_request_exception = False
    client.cookies["sessionid"] = CANARIES["cookie"]

    def post():
        return client.post(
            f"/pledges/confirm/{CANARIES['token']}/?q={CANARIES['query']}",
            CANARIES,
            headers={"User-Agent": CANARIES["agent"], "X-Request-ID": CANARIES["request_id"]},
            REMOTE_ADDR=CANARIES["ip"],
        )

    return post


def test_an_error_is_logged_with_its_route_and_without_what_was_sent(crash, caplog, db):
    response = crash()

    assert response.status_code == 500
    (line,) = as_lines(caplog)
    assert line.keys() <= FIELDS
    assert found_in(json.dumps(line)) == []
    assert (line["method"], line["route"], line["status"], line["level"]) == ("POST", "confirm", 500, "ERROR")
    assert line["event"] == "Internal Server Error"
    assert line["duration_ms"] >= 0
    assert line["time"].endswith("+00:00")
    assert [error["type"] for error in line["exception"]] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert line["exception"][1]["frames"] == [f"tests/monitoring/crashing.py:{number()} confirm"]


def number():
    lines = (Path(__file__).parent / "crashing.py").read_text().splitlines()
    return lines.index("        int(name + token)") + 1


def test_the_page_about_a_fault_shows_the_id_that_is_in_the_log(crash, caplog, db):
    page = crash().content.decode()
    (line,) = as_lines(caplog)

    assert re.fullmatch("[0-9a-f]{8}", line["request"])
    assert f"<strong>{line['request']}</strong>" in page
    assert CANARIES["request_id"] not in page


def test_two_requests_have_different_ids_which_no_header_shows(crash, caplog, db):
    responses = [crash(), crash(), crash()]
    lines = as_lines(caplog)

    assert len({line["request"] for line in lines}) == 3
    assert not any(line["request"] in str(response.headers) for line in lines for response in responses)


def test_what_is_logged_during_a_request_has_its_id(rf, caplog):
    def page(request):
        logging.getLogger("campaign.test").warning("A part failed.")
        return context.request_id(request)

    request_id = context.RequestMiddleware(page)(rf.get("/"))
    logging.getLogger("campaign.test").warning("Nobody asked.")

    during, after = as_lines(caplog)
    assert during["request"] == request_id
    assert "request" not in after


def test_an_unknown_method_is_not_logged(client, caplog, db):
    client.generic("CANARY", "/no-such-page/")

    assert {line["method"] for line in as_lines(caplog)} == {"other"}


def test_what_a_worker_logs_in_one_turn_has_one_id(caplog, db):
    def turn():
        logging.getLogger("campaign.test").warning("One.")
        logging.getLogger("campaign.test").warning("Two.")
        return 0

    worker._turn(turn, 1.0)
    worker._turn(turn, 1.0)

    first, second, third, fourth = [line["job"] for line in as_lines(caplog)]
    assert first == second != third == fourth
    assert context.current_job.get() is None


def test_only_numbers_uuids_and_texts_marked_as_safe_are_filled_in():
    key = uuid.uuid4()
    line = logged("campaign.x", "%s of %s: %s, %s, %.1f", CANARIES["name"], key, Safe("ValueError"), 3, 2.5)

    assert line["event"] == f"… of {key}: ValueError, 3, 2.5"
    assert logged("pledges.x", "%d people", CANARIES["name"])["event"] == "%d people"
    assert logged("actions.x", "%(name)s", {"name": CANARIES["name"]})["event"] == "%(name)s"
    assert logged("campaign.x", "%s", [CANARIES["name"]])["event"] == "…"


@pytest.mark.parametrize("logger", ["django.security.DisallowedHost", "gunicorn.error", "allauth", "campaigner"])
def test_other_libraries_texts_are_left_out(logger):
    line = logged(logger, f"Invalid request from ip={CANARIES['ip']}: %s", CANARIES["token"])

    assert "event" not in line
    assert found_in(json.dumps(line)) == []
    assert line["at"] == "tests/monitoring/test_log_lines.py:7"


def test_what_gunicorn_says_about_its_workers_is_logged():
    assert logged("gunicorn.error", "WORKER TIMEOUT (pid:%s)", 42)["event"] == "WORKER TIMEOUT (pid:42)"
    killed = "Worker (pid:42) was sent SIGKILL! Perhaps out of memory?"
    assert logged("gunicorn.error", killed)["event"] == "Worker (pid:42) was sent SIGKILL!"


def error_fields(error):
    return list(log_lines.exceptions(error))


def test_what_the_database_says_about_a_value_is_not_logged(db):
    with pytest.raises(DataError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [CANARIES["name"]])

    assert CANARIES["name"] in str(caught.value)
    assert found_in(json.dumps(error_fields(caught.value))) == []
    assert error_fields(caught.value)[0]["type"] == "django.db.utils.DataError"


def test_an_error_in_the_configuration_keeps_its_message():
    assert error_fields(ImproperlyConfigured("Set SECRET_KEY."))[0]["message"] == "Set SECRET_KEY."
    assert "message" not in error_fields(ValueError("Set SECRET_KEY."))[0]


def test_a_line_contains_no_path_of_this_machine(crash, caplog, db):
    crash()

    (line,) = as_lines(caplog)
    frames = [frame for error in line["exception"] for frame in error["frames"]]
    assert not [frame for frame in [*frames, line["at"]] if frame.startswith("/")]
    assert any(frame.startswith("django/core/handlers/") for frame in frames)


def test_each_log_call_of_ours_has_a_literal_template():
    calls = []
    for path in (path for part in log_lines.OURS for path in (HERE / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and getattr(node.func.value, "id", "") == "log":
                calls.append((path.name, node.lineno, node.args[0]))

    assert len(calls) > 20
    assert [call[:2] for call in calls if not isinstance(call[2], ast.Constant)] == []


@pytest.mark.slow
def test_a_process_logs_only_json_without_what_was_sent(crashing_site, transactional_db):
    site = crashing_site()
    status, headers, page = site.crash()
    site.send_raw(f"GET /{CANARIES['token']} HTTP/9.{CANARIES['name']}\r\n\r\n".encode())
    site.send_raw(f"GET / HTTP/1.1\r\nHost: {CANARIES['query']}.example\r\nConnection: close\r\n\r\n".encode())
    wait_until(lambda: "DisallowedHost" in site.log())
    site.stop()

    lines = [json.loads(line) for line in site.log().splitlines()]
    (failed,) = [line for line in lines if line.get("status") == 500]
    assert status == 500
    assert failed["request"] in page
    assert failed["request"] not in str(headers)
    assert {line["logger"] for line in lines} >= {"django.request", "django.security.DisallowedHost"}
    assert all(line.keys() <= FIELDS for line in lines)
    assert found_in(site.log()) == []
    errors = [line for line in lines if line["level"] in ("ERROR", "CRITICAL")]
    assert (site.log_file.parent / "errors").stat().st_size == len(errors)


def test_a_command_that_fails_logs_no_message(tmp_path):
    code = f"raise ValueError('{CANARIES['name']}')"
    output = run(code, tmp_path)

    assert found_in(output) == []
    assert json.loads(output)["exception"][0]["type"] == "builtins.ValueError"


def test_a_thread_that_fails_logs_no_message(tmp_path):
    code = f"import threading\nthread = threading.Thread(target=int, args=['{CANARIES['name']}'])\n"
    output = run(f"{code}thread.start()\nthread.join()", tmp_path)

    assert found_in(output) == []
    assert json.loads(output)["exception"][0]["type"] == "builtins.ValueError"


def run(code, folder):
    """Return what a process with the site's configuration prints."""
    script = folder / "script.py"
    script.write_text(f"import django\ndjango.setup()\n{code}\n")
    own = {"DJANGO_SETTINGS_MODULE": "campaign.settings", "PYTHONPATH": str(HERE), "STATE_DIRECTORY": str(folder)}
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, script], env=os.environ | own, cwd=HERE, capture_output=True, text=True, check=False
    )
    return ran.stderr + ran.stdout
