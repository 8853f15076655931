"""The site's settings under test: as in production, but for what is said here. Nothing is taken from the shell
but DATABASE_URL, so that a developer's own settings change no test."""

import fcntl
import os
from base64 import urlsafe_b64encode

from campaign.localkeys import VAR

for name in (
    "ALARM_FAILED_GIFTS",
    "ALLOWED_HOSTS",
    "COUNT_STEP_LONGEST",
    "COUNT_STEP_NUMBER",
    "COUNT_STEP_SECONDS",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "ERASURE_JOURNAL",
    "HASH_KEY",
    "KEEP_AFTER_CLOSE_DAYS",
    "KEEP_DONORS_DAYS",
    "KEEP_ERASURES_DAYS",
    "KEEP_EVENTS_DAYS",
    "KEEP_GIFT_AID_DAYS",
    "KEEP_MESSAGES_DAYS",
    "KEEP_NETWORK_DAYS",
    "KEEP_UNFINISHED_GIFTS_DAYS",
    "LIMIT_GIFTS_NETWORK",
    "LIMIT_GIFTS_SITE",
    "LIVE_LOOKUPS",
    "PLEDGE_CONFIRM_DAYS",
    "POSTCODES_IO_BASE",
    "SHARED_NETWORKS",
    "STRIPE_API_BASE",
    "STRIPE_LIVE",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRETS",
    "TRUSTED_PROXIES",
):
    os.environ.pop(name, None)
os.environ |= {"DEBUG": "0", "SITE_URL": "http://127.0.0.1:8000"}


def lowest_free():
    """Return the least number that no other test run has; a lock, which ends with us, keeps it ours."""
    VAR.mkdir(exist_ok=True)
    number = 0
    while True:
        lock = os.open(VAR / f"test.{number}.lock", os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            number += 1
        else:
            return str(number)


# The workers of one run share its keys. Runs side by side in one checkout have databases of their own, and what
# a killed run left is made anew by the next.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["SECRET_KEY"] = os.urandom(32).hex()
    os.environ["FIELD_KEYS"] = urlsafe_b64encode(os.urandom(32)).decode()
    os.environ["TEST_RUN"] = lowest_free()

from campaign.settings import *  # noqa: E402, F403 - they read the environment that is set above
from campaign.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

DATABASES["default"]["TEST"] = {"NAME": f"test_hub_{os.environ['TEST_RUN']}"}
ERASURE_JOURNAL = f"{VAR}/test.{os.environ['TEST_RUN']}.{os.environ.get('PYTEST_XDIST_WORKER', '')}.erasures.log"
# Nothing need survive a power cut.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
# Nothing is collected before a test, so names are not hashed; one quick round of hashing will do.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
