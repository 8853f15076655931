"""The site's settings without its middleware and its addresses."""

from campaign.settings import *  # noqa: F403

# allauth does not start without its own, which does next to nothing here.
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
ROOT_URLCONF = "tests.bench.bare"
