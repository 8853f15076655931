"""The site as in production: gunicorn on a Unix socket, behind nginx with the configuration of deploy/."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from campaign.devserver.localkeys import VAR
from tests.bench.load import database_url, is_listening
from tests.checkouts import HERE, free_port, wait_until

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
SITE = {"DJANGO_SETTINGS_MODULE": "campaign.settings"}
COLLECT = "from campaign.management.commands.serve import collect_static; collect_static()"
NGINX_CONF = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/start.log error;
worker_processes 2;
worker_rlimit_nofile 4096;
{user}
events {{ worker_connections 1024; }}
http {{
    gzip on;  # as in Debian's nginx.conf
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    include {folder}/site.conf;
}}
"""


class Front:
    """Both servers, with all their files in one folder."""

    def __init__(self, folder, scheme="https", **environment):
        self.extra = environment
        self.folder, self.scheme, self.port, self.plain_port = folder, scheme, free_port(), free_port()
        self.socket, self.conf, self.log = folder / "web.sock", folder / "nginx.conf", folder / "campaign-hub.log"
        user = "user root;" if os.geteuid() == 0 else ""  # only its owner may enter a test's folder
        self.conf.write_text(NGINX_CONF.format(folder=folder, user=user))
        (folder / "site.conf").write_text(self.site_conf())

    def site_conf(self):
        """Return deploy/nginx.conf with this test's paths, ports and names."""
        text = (HERE / "deploy" / "nginx.conf").read_text()
        tls = " ssl http2" if self.scheme == "https" else ""
        replacements = {
            r"listen \[::\].*": "",
            r"listen 80\b": f"listen 127.0.0.1:{self.plain_port}",
            r"listen 443 ssl http2": f"listen 127.0.0.1:{self.port}{tls}",
            r"campaign\.example": "127.0.0.1",
            r"/etc/letsencrypt/live/127\.0\.0\.1|/run/campaign-hub|/var/log/nginx|/var/cache/nginx": str(self.folder),
        }
        for pattern, replacement in replacements.items():
            text, count = re.subn(pattern, replacement, text)
            assert count, pattern
        return text

    def make_certificate(self):
        key, certificate = self.folder / "privkey.pem", self.folder / "fullchain.pem"
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command

    def check(self):
        """Return the exit status and the output of `nginx -t`."""
        command = [NGINX, "-t", "-p", self.folder, "-c", self.conf]
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        return result.returncode, result.stderr

    def environment(self):
        own = {"DATABASE_URL": database_url(), "SITE_URL": f"{self.scheme}://127.0.0.1:{self.port}"}
        return os.environ | SITE | own | self.extra

    def start_gunicorn(self):
        command = [sys.executable, "-m", "gunicorn", "campaign.wsgi", "--config", "python:campaign.gunicorn"]
        command += ["--bind", f"unix:{self.socket}", "--preload", "--keep-alive", "75"]
        self.gunicorn = subprocess.Popen(command, env=self.environment(), cwd=HERE)  # noqa: S603 - our own command
        wait_until(self.socket.exists)

    def start_nginx(self):
        self.nginx = subprocess.Popen([NGINX, "-p", self.folder, "-c", self.conf])  # noqa: S603 - our own command
        wait_until(lambda: is_listening(self.port))

    def cache_statuses(self):
        """Return the cache status that nginx logged for each request, in order."""
        return [line.rpartition(" ")[2] for line in self.log.read_text().splitlines()]


@cache
def collect_static():
    """Collect this checkout's static files once, for all tests and workers."""
    environment = os.environ | SITE | {"SITE_URL": "https://127.0.0.1"}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", COLLECT]
    with (VAR / "test.static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(command, env=environment, cwd=HERE, check=True)  # noqa: S603 - our own command


@contextmanager
def front(folder, scheme="https", **environment):
    """Collect the static files, start both servers, and stop them afterwards."""
    site = Front(Path(folder), scheme, **environment)
    site.make_certificate()
    collect_static()
    site.start_gunicorn()
    try:
        site.start_nginx()
        yield site
    finally:
        for process in (getattr(site, "nginx", None), site.gunicorn):
            with suppress(AttributeError):
                process.terminate()
                process.wait()
