"""The site's settings without its middleware and URLconf."""

from campaign.settings import *  # noqa: F403

# allauth refuses to start without its own middleware, which does next to nothing here.
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
ROOT_URLCONF = "tests.bench.signing.bare"
