"""Settings of gunicorn. It uses threads, so that a slow client does not occupy a whole process."""

import os
from typing import Any

from campaign.devserver import processes

wsgi_app = "campaign.wsgi"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
forwarded_allow_ips = os.environ.get("TRUSTED_PROXIES", "127.0.0.1,::1")
graceful_timeout = 10
max_requests = 10_000
max_requests_jitter = 1_000
loglevel = "warning"
control_socket_disable = True


def post_fork(server: Any, worker: Any) -> None:
    """End a worker with its master, even if that is killed, so that the port becomes free."""
    processes.end_with_parent(worker.ppid)
