"""Faults in production while people sign and read: no acknowledged signature may be lost."""

import pytest

from tests.front import NGINX
from tests.sizes import FULL

FAULT = [
    pytest.mark.slow,
    pytest.mark.xdist_group("deploy"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not (NGINX and FULL), reason="It takes a minute or two: run `make prove`, with nginx."),
]
# Public pages that nginx caches. Each is read often enough to stay in the cache.
PAGES = ["/", "/letters/", "/privacy/", "/pledges/stop-uyghur-genocide/", "/pledges/stop-uyghur-genocide/signatories/"]
