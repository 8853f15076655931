"""Settings for gunicorn. It uses threads, so that a slow client doesn't occupy a whole process.

A client that stops sending occupies a thread for at most MAX_SILENCE. Otherwise a few such clients could block a site
without nginx, which waits for the whole request before passing it on.
"""

import gc
import os
from typing import Any

from gunicorn.glogging import Logger

from campaign.devserver import processes
from campaign.handler import Handler
from campaign.monitoring.log_config import LOGGING
from campaign.network.body import is_too_large, limit_silence


class WithoutAccessLog(Logger):
    """A logger without an access log. nginx keeps one, without visitors' addresses."""

    access_log_enabled = False  # with a `logconfig_dict`, gunicorn formats every line, although no handler uses it


wsgi_app = "campaign.wsgi"
logger_class = WithoutAccessLog
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
forwarded_allow_ips = os.environ.get("TRUSTED_PROXIES", "127.0.0.1,::1")
graceful_timeout = 30  # less than TimeoutStopSec in deploy/systemd/campaign-hub-web.service
max_requests = 10_000
max_requests_jitter = 1_000
loglevel = "warning"
logconfig_dict = LOGGING
control_socket_disable = True


def post_fork(server: Any, worker: Any) -> None:
    """End a worker with its master, even if the master is killed, so that the port becomes free."""
    processes.end_with_parent(worker.ppid)


def on_starting(server: Any) -> None:
    """With `--preload`, warm the site up before any worker starts, so that the first visitor needn't wait for it."""
    application = server.app.wsgi() if server.cfg.preload_app else None
    if isinstance(application, Handler):
        application.warm_up()


def when_ready(server: Any) -> None:
    """Limit how long a client may pause in the middle of a request.

    With `--preload`, all modules are loaded by now. They are never freed, so exclude them from garbage collection.
    """
    gc.collect()
    gc.freeze()
    for listener in server.LISTENERS:
        limit_silence(listener.sock)


def pre_request(worker: Any, request: Any) -> None:
    """Close the connection after refusing a request that is too large, rather than reading the rest of it."""
    length = dict(request.headers).get("CONTENT-LENGTH", "")
    if is_too_large(request.path, length):
        request.force_close()
