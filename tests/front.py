"""The site as in production: gunicorn on a Unix socket, behind nginx with the configuration of deploy/."""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from campaign.devserver.localkeys import VAR
from tests.bench.load import database_url, is_listening
from tests.checkouts import HERE, free_port, wait_until

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
SITE = {"DJANGO_SETTINGS_MODULE": "campaign.settings"}
COLLECT = "from campaign.management.commands.serve import collect_static; collect_static()"
UNIT = (HERE / "deploy" / "systemd" / "campaign-hub-web.service").read_text()
# Pass the socket as systemd does (sd_listen_fds(3)).
ACTIVATE = 'exec 3<&"$0"; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"'
PATIENCE = 300  # seconds: while other tests run, Django may take more than a minute to start, and a request half of one
# A server has an end to its patience too, but this is about the socket.
PATIENT = ["--graceful-timeout", str(PATIENCE), "--timeout", str(PATIENCE)]
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

    gunicorn = nginx = None

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

    def reload_nginx(self):
        command = [NGINX, "-p", self.folder, "-c", self.conf, "-s", "reload"]
        subprocess.run(command, check=True)  # noqa: S603 - our own command

    def start_worker(self, name, **environment):
        command = [sys.executable, "manage.py", name]
        return subprocess.Popen(command, env=self.environment() | environment, cwd=HERE)  # noqa: S603 - our own command

    def manage(self, *arguments):
        """Run a command until it ends; return what it prints."""
        command = [sys.executable, "manage.py", *arguments]
        run = {"env": self.environment(), "cwd": HERE, "capture_output": True, "text": True}
        return subprocess.run(command, check=True, **run).stdout  # noqa: S603 - our own command

    def stop(self):
        for process in filter(None, (self.nginx, self.gunicorn)):
            end(process)

    def cache_statuses(self):
        """Return the cache status that nginx logged for each request, in order."""
        return [line.rpartition(" ")[2] for line in self.log.read_text().splitlines()]


class HeldFront(Front):
    """Both servers. gunicorn runs as in our systemd unit, on a socket that this process holds open."""

    def __init__(self, folder, scheme="http", **environment):
        super().__init__(folder, scheme, **environment)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.socket))
        self.listener.listen(2048)

    def site_conf(self):
        return re.sub(r"(proxy_read_timeout +)60s", rf"\g<1>{PATIENCE}s", super().site_conf())

    def start_gunicorn(self):
        options = UNIT.partition(".venv/bin/python ")[2].splitlines()[0].split()
        number = self.listener.fileno()
        command = ["bash", "-c", ACTIVATE, str(number), sys.executable, *options, *PATIENT]
        self.gunicorn = subprocess.Popen(command, env=self.environment(), cwd=HERE, pass_fds=[number])  # noqa: S603

    def restart(self):
        end(self.gunicorn)
        self.start_gunicorn()

    def stop(self):
        super().stop()
        self.listener.close()


@cache
def collect_static():
    """Collect this checkout's static files once, for all tests and workers."""
    environment = os.environ | SITE | {"SITE_URL": "https://127.0.0.1"}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", COLLECT]
    with (VAR / "test.static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(command, env=environment, cwd=HERE, check=True)  # noqa: S603 - our own command


@contextmanager
def front(folder, scheme="https", kind=Front, **environment):
    """Collect the static files, start both servers, and stop them afterwards."""
    site = kind(Path(folder), scheme, **environment)
    site.make_certificate()
    collect_static()
    try:
        site.start_gunicorn()
        site.start_nginx()
        yield site
    finally:
        site.stop()


@contextmanager
def workers(site, *names, **environment):
    """Run these workers during the block. At the end, check that all are still running, and stop them."""
    running = [site.start_worker(name, **environment) for name in names]
    try:
        yield
        assert [process.poll() for process in running] == [None] * len(running)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def end(process):
    process.terminate()
    process.wait()
