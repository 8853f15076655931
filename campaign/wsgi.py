"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from campaign import static_files

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
application = get_wsgi_application()
static_files.complain()
