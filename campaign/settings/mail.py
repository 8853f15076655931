"""Settings for sending mail, and for reading bounces and spam reports."""

import os
from typing import Any

import environ

env = environ.Env()

# --- Sending: through SMTP (EMAIL_URL), or else through a provider's API (EMAIL_PROVIDER). django-anymail reads the
# provider's key and options from variables that begin with ANYMAIL_, such as ANYMAIL_POSTMARK_SERVER_TOKEN.
EMAIL_IS_SMTP = "EMAIL_URL" in env or not env("EMAIL_PROVIDER", default="")
EMAIL_PROVIDER = env("EMAIL_PROVIDER", default="")
EMAIL_IS_SET_UP = "EMAIL_URL" in env or bool(EMAIL_PROVIDER)
EMAIL_TIMEOUT = 20  # seconds
ANYMAIL: dict[str, Any] = {
    name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")
}
# The webhook may have two secrets, separated by a comma, while one replaces the other.
ANYMAIL["WEBHOOK_SECRET"] = env.list("ANYMAIL_WEBHOOK_SECRET", default=[])
ANYMAIL["DEBUG_API_REQUESTS"] = False  # it would print addresses
ANYMAIL["REQUESTS_TIMEOUT"] = EMAIL_TIMEOUT

# --- Bounces: the address to which mail servers return messages, and the mailbox from which `read_bounces` reads them
BOUNCE_ADDRESS = env("BOUNCE_ADDRESS", default="")
BOUNCES_URL = env("BOUNCES_URL", default="")

# --- `check_mail`: the selectors of the keys that sign our mail (RFC 6376, section 3.1)
DKIM_SELECTORS = env.list("DKIM_SELECTORS", default=[])
