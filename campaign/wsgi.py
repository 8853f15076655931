"""What gunicorn serves."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from campaign import static_files
from campaign.mail.checks import sender_faults

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
application = get_wsgi_application()
static_files.complain()

# Gunicorn does not run Django's checks.
if faults := sender_faults():
    raise ImproperlyConfigured(" ".join(faults))
