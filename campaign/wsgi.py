"""The WSGI application that gunicorn serves."""

import os

import django

from campaign import checks, static_files
from campaign.handler import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
django.setup(set_prefix=False)
application = Handler()
static_files.complain()
checks.refuse_to_start()
