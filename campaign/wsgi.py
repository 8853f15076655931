"""The WSGI application that gunicorn serves."""

import os
from importlib import import_module

import django
from django.conf import settings

from campaign import checks, static_files
from campaign.handler import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
django.setup(set_prefix=False)
application = Handler()
import_module(settings.ROOT_URLCONF)  # loads all views now, so that the first visitor needn't wait for them
static_files.complain()
checks.refuse_to_start()
