"""sqlmap and wapiti, which look for weaknesses as attackers do, find none in the public pages. Run by `make prove`.

Both are packages of Debian. Neither uses the clock here (sqlmap's techniques B, E and U; no blindsql), which would be
wrong on a busy machine, and neither asks a service on the internet (no ssrf and no xxe).
"""

import json
import re
import shutil
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.front import NGINX, front
from tests.prove.forms.filling import plausible_answers
from tests.prove.forms.test_forms import Page, accepts_posts
from tests.prove.recording_client import RecordingClient
from tests.prove.routes import is_admin, routes
from tests.servers import running
from tests.sizes import FULL

SQLMAP, WAPITI = shutil.which("sqlmap"), shutil.which("wapiti")
SQLMAP_OPTIONS = [
    "--batch",
    "--technique=BEU",
    "--level=1",
    "--risk=1",
    "--threads=4",
    "--disable-coloring",
    "--timeout=60",
    "--ignore-code=404,410",  # a form may work only once, as that to withdraw a signature does
]
MODULES = "backup,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss"
CLEAN = re.compile(r"all tested parameters do not appear to be injectable|no parameter\(s\) found for testing")
FOUND = re.compile(r"^Parameter: .*", re.MULTILINE)
# Browsers no longer know this header, and where they did, it made some pages less safe (OWASP, HTTP Headers).
ACCEPTED = ["HTTP Secure Headers: GET / X-XSS-Protection is not set"]
# Queries that pages understand, beyond the fields of their forms.
QUERIES = {
    "/search/": "q=leeds&page=1",
    "/businesses/": "q=x&status=full&sector=food&country=GB&sort=name&page=1",
    "/updates/": "page=1",
    "/letters/find-your-mp/": "constituency=E14001265",
    "/pledges/stop-uyghur-genocide/": "via=leeds-leaflet",
    "/pledges/stop-uyghur-genocide/signatories/": "before=9",
    "/businesses/tracker.csv": "day=2026-11-01",
    "/donate/": "fund=1&again=1",
}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("deploy"),
    pytest.mark.skipif(not (NGINX and FULL), reason="It takes minutes: run `make prove`, with nginx."),
]
needs_sqlmap = pytest.mark.skipif(not SQLMAP, reason="sqlmap is not installed.")
needs_wapiti = pytest.mark.skipif(not WAPITI, reason="wapiti is not installed.")


def sqlmap(folder, url, data=""):
    """Return the parameters that sqlmap reports as injectable, and True if it finished, or the end of its output."""
    command = [SQLMAP, "-u", url, *SQLMAP_OPTIONS, f"--output-dir={folder}", "--flush-session"]
    command += [f"--data={data}"] if data else []
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600).stdout  # noqa: S603
    return FOUND.findall(said), bool(CLEAN.search(said) or FOUND.search(said)) or said[-1500:]


def wapiti(folder, url, *starts):
    """Return what wapiti reports, as category, method, path and explanation."""
    report = folder / "wapiti.json"
    command = [WAPITI, "-u", url, "-m", MODULES, "--scope=folder", "--depth=2", "--max-links-per-page=30", "--color"]
    command += ["--max-scan-time=120", "--max-attack-time=60", "--no-bugreport", "--format=json", f"--output={report}"]
    command += [f"--store-session={folder}", f"--store-config={folder}", *(f"--start={start}" for start in starts)]
    subprocess.run(command, capture_output=True, check=False, timeout=1800)  # noqa: S603 - our own command
    found = json.loads(report.read_text())
    kinds = found["vulnerabilities"] | {name: found["anomalies"].get(name, []) for name in ["Internal Server Error"]}
    return [f"{kind}: {one['method']} {one['path']} {one['info']}" for kind, ones in kinds.items() for one in ones]


class Weak(BaseHTTPRequestHandler):
    """A page that puts its parameter into a query and into its HTML."""

    def do_GET(self):
        typed = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
        with sqlite3.connect(":memory:") as database:
            try:
                rows = database.execute(f"SELECT 1 WHERE 'x' = '{typed}'").fetchall()
            except sqlite3.Error as error:
                rows = error
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f'<a href="/?q=x">{typed} {rows}</a>'.encode())

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def weak():
    """Run a site with two weaknesses; yield its address."""
    with running(ThreadingHTTPServer(("127.0.0.1", 0), Weak)) as server:
        yield f"http://127.0.0.1:{server.server_port}/"


@needs_sqlmap
def test_sqlmap_finds_a_planted_injection(weak, tmp_path):
    assert sqlmap(tmp_path, f"{weak}?q=x")[0] == ["Parameter: q (GET)"]


@needs_wapiti
def test_wapiti_finds_planted_markup(weak, tmp_path):
    assert [one for one in wapiti(tmp_path, weak, f"{weak}?q=x") if one.startswith("Cross Site Scripting")]


@pytest.fixture
def forms(site):
    """Return the path and the plausible answers of each public form."""
    visitor, rng = RecordingClient(), Random(1)  # noqa: S311 - seeded
    pages = [Page(site, view, route) for view, route in routes() if not is_admin(route)]
    pages = [page for page in pages if accepts_posts(visitor.send("PROVE", page.path()))]
    return [(page.path(), urlencode(plausible_answers(rng, page.fields(visitor)))) for page in pages]


@needs_sqlmap
def test_sqlmap_finds_nothing_in_public_pages_and_forms(forms, tmp_path, record_property):
    with front(tmp_path, "http") as running_site, ThreadPoolExecutor(2) as pool:
        base = f"http://127.0.0.1:{running_site.port}"
        jobs = [(f"{base}{path}?{query}", "") for path, query in QUERIES.items()]
        jobs += [(f"{base}{path}", data) for path, data in forms if data]
        results = list(pool.map(lambda job: sqlmap(tmp_path / f"{hash(job)}", *job), jobs))

    record_property("summary", f"sqlmap tested {len(QUERIES)} pages and {len(jobs) - len(QUERIES)} forms")
    assert [(job, found) for job, (found, _tested) in zip(jobs, results, strict=True) if found] == []
    assert [(job, tested) for job, (_found, tested) in zip(jobs, results, strict=True) if tested is not True] == []


@needs_wapiti
def test_wapiti_finds_nothing_in_public_pages_and_forms(forms, tmp_path):
    with front(tmp_path, "https") as running_site:
        base = f"https://127.0.0.1:{running_site.port}"
        starts = [f"{base}{path}?{query}" for path, query in QUERIES.items()]
        found = wapiti(tmp_path, f"{base}/", *starts, *(f"{base}{path}" for path, _data in forms))

    assert [one for one in found if one not in ACCEPTED] == []
