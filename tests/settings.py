"""Settings for tests: as in production, apart from the exceptions below. Only DATABASE_URL is taken from the
environment, so that a developer's own settings don't change a test."""

import fcntl
import os
import re

from campaign.devserver.localkeys import VAR

for name in re.findall(r"^#?([A-Z_]+)=", (VAR.parent / ".env.example").read_text(), re.MULTILINE):
    if name != "DATABASE_URL":
        os.environ.pop(name, None)
# Fixed, so that a database that `pytest --reuse-db` keeps can be read again.
os.environ |= {
    "DEBUG": "0",
    "SITE_URL": "http://127.0.0.1:8000",
    "SECRET_KEY": "for-tests-only-" * 4,
    "FIELD_KEYS": "Zm9yLXRlc3RzLW9ubHktZm9yLXRlc3RzLW9ubHktMTI=",
}


def lowest_free():
    """Return the lowest number that no other test run is using, reserved by a lock until this process ends."""
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


# Simultaneous runs in one checkout have separate databases, and the next run replaces what a killed one left.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["TEST_RUN"] = lowest_free()

from campaign.settings import *  # noqa: E402, F403 - they read the environment that is set above
from campaign.settings import DATABASES, STORAGES  # noqa: E402

DATABASES["default"]["TEST"] = {"NAME": f"test_hub_{os.environ['TEST_RUN']}"}
ERASURE_JOURNAL = f"{VAR}/test.{os.environ['TEST_RUN']}.{os.environ.get('PYTEST_XDIST_WORKER', '')}.erasures.log"
# Nothing need survive a power cut.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
# Nothing is collected before a test, so names are not hashed; one quick round of hashing will do.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES["default"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
# An empty folder: servers that tests start collect into the usual one, while other tests' middleware would read it.
STATIC_ROOT = VAR / "test.static"
STATIC_ROOT.mkdir(exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
