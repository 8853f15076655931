"""An organisers' key that has been tested."""

from base64 import b64encode

from django.utils import timezone
from nacl.public import PrivateKey

from campaign.sealing.models import RestoreTest
from campaign.sealing.open_sealed import opened
from tests.factories import OrganiserFactory


def public_text(key):
    """Return the public half of a key, in the form of SEALING_KEY."""
    return b64encode(bytes(key.public_key)).decode()


def switch_on(settings, key=None):
    """Set a key (a new one by default), pass its test restore, and return the key."""
    key = key or PrivateKey.generate()
    settings.SEALING_KEY = public_text(key)
    test = RestoreTest.begin(key.public_key)
    assert test.finish(opened(test.box, key)["phrase"], OrganiserFactory(), timezone.now())
    return key
