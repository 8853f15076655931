"""What gunicorn serves."""

import os

import django
from django.core.exceptions import ImproperlyConfigured

from campaign import static_files
from campaign.handler import Handler
from campaign.mail.checks import sender_faults

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
django.setup(set_prefix=False)
application = Handler()
static_files.complain()

# Gunicorn does not run Django's checks.
if faults := sender_faults():
    raise ImproperlyConfigured(" ".join(faults))
