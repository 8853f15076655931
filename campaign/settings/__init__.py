"""The hub's settings, grouped by topic. `.env.example` lists the environment variables that they read.

This module imports the settings for the database, for mail and news, for sign-in, and for how long things are kept.

On a laptop nothing needs to be set: `make run` creates the keys, the database and the rest. In production
`DEBUG` is off, and SECRET_KEY, FIELD_KEYS, SITE_URL and DATABASE_URL are required.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django_prose_editor.config import html_tags

from campaign.devserver import localdb
from campaign.devserver.last_address import last_address
from campaign.media.storage import storage_at
from campaign.monitoring.log_config import LOGGING  # noqa: F401 - Django reads it
from campaign.settings.database import databases
from campaign.settings.mail import *  # noqa: F403
from campaign.settings.mail import EMAIL_IS_SET_UP, EMAIL_IS_SMTP, EMAIL_PROVIDER
from campaign.settings.news import *  # noqa: F403
from campaign.settings.retention import *  # noqa: F403
from campaign.settings.sign_in import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

# --- Where and how it runs
DEBUG = env.bool("DEBUG", default=False)
LOCAL = localdb.secrets() if "SECRET_KEY" not in env else {}
SECRET_KEY = env("SECRET_KEY", default=LOCAL.get("SECRET_KEY"))
SITE_URL = env("SITE_URL", default=last_address()).rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = [SITE_HOST, *env.list("ALLOWED_HOSTS", default=[])]
if DEBUG or SITE_HOST in ("127.0.0.1", "localhost"):
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "campaign",
    "campaign.versions",
    "campaign.editing",
    "campaign.pages",
    "campaign.search",
    "campaign.links",
    "campaign.media",
    "campaign.tags",
    "campaign.mail",
    "campaign.mailings",
    "campaign.news",
    "campaign.bounces",
    "campaign.places",
    "campaign.public_data",
    "campaign.privacy",
    "campaign.approvals",
    "campaign.audit",
    "campaign.audit_admin",
    "campaign.public_names",
    "campaign.joint_publishing",
    "campaign.desk",
    "campaign.sealing",
    "campaign.subject_access",
    "pledges",
    "actions.letters",
    "actions.protests",
    "actions.fundraising",
    "actions.businesses",
    "actions.communities",
    "campaign.desk.admin_config.HubAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "content_editor",
    "crispy_forms",
    "csp",
    "django_prose_editor",
    "js_asset",
    "campaign.accounts",  # last: after `migrate` it grants the roles permissions that all other apps have created
]

MIDDLEWARE = [
    "campaign.monitoring.context.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "campaign.network.content_security.ContentSecurityMiddleware",
    "campaign.network.middleware.IsolateResourcesMiddleware",
    "campaign.network.middleware.RefuseLargeBodyMiddleware",
    "campaign.network.middleware.RefuseNullMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "campaign.network.middleware.MethodNotAllowedMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "campaign.links.middleware.RedirectMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "campaign.accounts.middleware.OrganisersSessionMiddleware",
    "campaign.accounts.middleware.RequireSecondFactorMiddleware",
]

ROOT_URLCONF = "campaign.urls"
WSGI_APPLICATION = "campaign.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "campaign.pages.context_processors.site",
            ],
        },
    },
]

# --- Database: see also campaign.settings.database
DATABASES = databases()
DATABASE_ROUTERS = ["campaign.replicas.Router"] if "replica" in DATABASES else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# All web processes share the default cache, where sign-in counts attempts and remembers used codes. Each process has
# its own cache of rendered pages, because processes needn't agree on them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "rendered": {
        "BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}",
        "LOCATION": "rendered",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}

# --- Keys for personal data: newest first, each 32 bytes in URL-safe base64 (campaign.privacy.crypto) HASH_KEY is made
# the same way; if unset, it is the last of FIELD_KEYS. It must not change: hashes can't be recomputed.
HASH_KEY = env("HASH_KEY", default="")
FIELD_KEYS = env.list("FIELD_KEYS", default=LOCAL.get("FIELD_KEYS", "").split(","))
# The public half of the organisers' key, to which names are sealed after 48 hours (docs/adr/0026). If unset, none are.
SEALING_KEY = env("SEALING_KEY", default="")

# --- The file from which erasures are repeated after a restore (campaign.privacy.erasures)
ERASURE_JOURNAL = env("ERASURE_JOURNAL", default=str(BASE_DIR / "var" / "erasures.log"))

# --- Where "Exit this page" leads: an innocuous page (GOV.UK Design System, "Exit this page")
EXIT_URL = "https://www.bbc.co.uk/weather"

# --- Language and time
# Add a language once locale/ has its catalogue. campaign/text/languages.py lists those that organisers can write in.
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# --- Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": storage_at(env("MEDIA_STORAGE", default=str(BASE_DIR / "var" / "media"))),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Forms
CRISPY_ALLOWED_TEMPLATE_PACKS = ["hub"]
CRISPY_TEMPLATE_PACK = "hub"
CRISPY_FAIL_SILENTLY = False

# --- The text editor (campaign.pages.rich_text): our own extensions, for which the sanitiser allows nothing more
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [f"{STATIC_URL}editor/extensions.js"],
        "extensions": {"Pasting": html_tags([]), "Writing": html_tags([])},
    }
]

# --- Mail (see also campaign.settings.mail)
if DEBUG and not EMAIL_IS_SET_UP:
    EMAIL_BACKEND = "campaign.mail.devmailbox.backend.EmailBackend"
elif not EMAIL_IS_SMTP:
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
else:
    globals().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"noreply@{'localhost' if ':' in SITE_HOST else SITE_HOST}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Reports of errors (campaign.monitoring.sentry): the address of a project on Sentry. Nothing is sent without one.
SENTRY_DSN = env("SENTRY_DSN", default="")

# --- Security headers and cookies (public pages set none)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
# Browsers take a cookie with this prefix over HTTPS only, for this host alone (RFC 6265bis, 4.1.3.2).
COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "campaign.views.errors.forbidden"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# The browsers' preload list is hard to leave, so the domain's owner has to decide whether to join it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# same-origin, not no-referrer: browsers send "Origin: null" under no-referrer, and our check needs it.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Whether to ask postcodes.io and Parliament for what our own tables lack
LIVE_LOOKUPS = env.bool("LIVE_LOOKUPS", default=False)
POSTCODES_IO = env("POSTCODES_IO_BASE", default="https://api.postcodes.io").rstrip("/")
MEMBERS_API = "https://members-api.parliament.uk"

# --- Where `update_data` finds the postcodes, and the hosts on which ArcGIS keeps its members' files
ARCGIS = "https://www.arcgis.com"
ARCGIS_HOSTS = (
    "www.arcgis.com",
    "ago-item-storage.s3.amazonaws.com",
    "ago-item-storage.s3.us-east-1.amazonaws.com",
    "ago-item-storage.s3-external-1.amazonaws.com",
)

# --- Stripe: live mode if the key is a live one (docs.stripe.com/keys); `stripe.checks` refuses an incomplete set-up
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")
STRIPE_LIVE = env.bool("STRIPE_LIVE", default="_live_" in STRIPE_SECRET_KEY)
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])  # two while one replaces the other
STRIPE_API_BASE = env("STRIPE_API_BASE", default="").rstrip("/")  # of a fake Stripe, for tests

# --- Donations: how many may be started in how many seconds, from one network and overall. The organisers get a message
# when this many fail within an hour.
DONATION_LIMITS = {
    "network": tuple(map(int, env("DONATION_LIMIT_NETWORK", default="5/600").split("/"))),
    "site": tuple(map(int, env("DONATION_LIMIT_SITE", default="200/600").split("/"))),
}
FAILED_DONATIONS_ALARM = 20

# --- Signing. The published count moves when enough changes are waiting, or when the oldest has waited long enough.
PLEDGE_CONFIRM_DAYS = 14
COUNT_INTERVAL = 2 if DEBUG else 60  # seconds between two checks
COUNT_MIN_CHANGES = env.int("COUNT_MIN_CHANGES", default=1 if DEBUG else 3)
COUNT_MAX_WAIT = env.int("COUNT_MAX_WAIT", default=15 * 60)  # seconds

# --- Networks
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=["127.0.0.1", "::1"])
SHARED_NETWORKS = env.list("SHARED_NETWORKS", default=[])  # no limit on donations, for a stall with one tablet

# --- How many seconds caches may keep a public page
PAGE_CACHE_SECONDS = 0 if DEBUG else 30
