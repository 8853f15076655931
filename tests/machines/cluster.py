"""Two web machines behind nginx, and two of each worker, which share a database and a bucket and nothing else."""

import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from tests.bench.load import is_listening
from tests.checkouts import HERE, free_port, wait_until
from tests.front import Front, collect_static, end

TWO_OF_EACH = ("send_mail", "send_news", "publish_counts") * 2


class Cluster(Front):
    """nginx, and gunicorn on two ports. Each gunicorn may write only to a temporary folder of its own."""

    def __init__(self, folder, **environment):
        self.ports = [free_port(), free_port()]
        super().__init__(folder, "http", **environment)

    def site_conf(self):
        """Return deploy/nginx.conf with both machines in its upstreams, as docs/many-machines.md says."""
        servers = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in self.ports)
        text, count = re.subn(r"server unix:\S+ max_fails=0;", servers, super().site_conf())
        assert count == 2
        return text

    def start_web(self, number):
        """Start a web machine; return its process."""
        temporary = self.folder / f"tmp{number}"
        temporary.mkdir(exist_ok=True)
        own = {"TMPDIR": str(temporary), "ERASURE_JOURNAL": "", "WEB_WORKERS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "gunicorn", "tests.machines.read_only", "--config", "python:campaign.gunicorn"]
        command += ["--bind", f"127.0.0.1:{self.ports[number]}", "--preload", "--keep-alive", "75"]
        process = subprocess.Popen(command, env=self.environment() | own, cwd=HERE)  # noqa: S603 - our own command
        wait_until(lambda: is_listening(self.ports[number]))
        return process


@contextmanager
def cluster(folder, **environment):
    """Start everything except the workers; yield the Cluster, whose `web` has the two processes."""
    site = Cluster(folder, **environment)
    site.make_certificate()
    collect_static()
    with ExitStack() as stack:
        site.web = [site.start_web(number) for number in range(2)]
        for process in site.web:
            stack.callback(end, process)
        site.start_nginx()
        stack.callback(end, site.nginx)
        yield site


class Stay(HTTPRedirectHandler):
    """Follow no redirect."""

    def redirect_request(self, *_arguments):
        return None


class Visitor:
    """Somebody with a browser that keeps cookies. Each request goes to the port that it names."""

    def __init__(self):
        self.open = build_opener(HTTPCookieProcessor(CookieJar()), Stay).open

    def get(self, port, path):
        """Return the status and the page."""
        return self.send(Request(f"http://127.0.0.1:{port}{path}"))

    def post(self, port, path, answers, **headers):
        """Send a form; return the status and the page, or where it redirects to."""
        headers = {"Sec-Fetch-Site": "same-origin"} | {name.replace("_", "-"): value for name, value in headers.items()}
        body = answers if isinstance(answers, bytes) else urlencode(answers).encode()
        return self.send(Request(f"http://127.0.0.1:{port}{path}", body, headers))

    def send(self, request):
        try:
            response = self.open(request, timeout=60)
        except HTTPError as error:
            response = error
        with response:
            return response.status, response.headers.get("Location") or response.read().decode(errors="replace")

    def token(self, port, path):
        """Return the CSRF token of a page with a form."""
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(port, path)[1])[1]
