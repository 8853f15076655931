"""Real workers: processes of `send_news` on the database of a test, which can be killed."""

import os
import subprocess
import sys

from tests.bench.load import database_url

# A worker that knows the crowd, and finds the claims of dead workers sooner than in production.
SCRIPT = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from campaign.mailings.sending import worker
from campaign.mailings.sources import SOURCES
from tests.mailings.crowd import Crowd
SOURCES.clear()
SOURCES[Crowd.name] = Crowd({size})
worker.GONE_AFTER = {gone_after}
worker.LOOK_EVERY = 0.2
{change}
call_command("send_news")
"""


def start(url, size, *, gone_after=1.0, change="", **settings):
    """Start a worker that sends to a crowd of this size through the mail server at `url`; return its process."""
    environment = {"NEWS_PER_SECOND": "0", "NEWS_PER_DOMAIN_PER_SECOND": "0"} | settings
    environment |= {"DJANGO_SETTINGS_MODULE": "campaign.settings", "DATABASE_URL": database_url(), "EMAIL_URL": url}
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", SCRIPT.format(size=size, gone_after=gone_after, change=change)],
        env=os.environ | environment,
        stderr=None if "DEBUG_WORKERS" in os.environ else subprocess.DEVNULL,
    )
