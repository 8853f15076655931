"""The key of the hashes must stay the same."""

import pytest
from django.core.management import CommandError, call_command

from campaign.privacy import crypto
from campaign.privacy.models import HashKeyMark

pytestmark = pytest.mark.django_db
NEW = "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU"


def check():
    call_command("check", databases=["default"])


def test_the_first_migration_records_the_hash_key(client):
    assert HashKeyMark.objects.get().mark.tobytes() == crypto.hash_key_mark()

    check()
    assert client.get("/readyz").json()["hash_key"] is True


def test_putting_a_new_key_first_changes_nothing(settings):
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]
    check()


def test_removing_the_oldest_key_is_refused_unless_it_is_set_as_hash_key(settings, client):
    oldest = settings.FIELD_KEYS[-1]
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match=r"privacy\.E001"):
        check()
    with pytest.raises(CommandError, match=r"privacy\.E001"):
        call_command("migrate", skip_checks=False)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["hash_key"]) == (503, False)

    settings.HASH_KEY = oldest
    check()
    assert client.get("/readyz").json()["hash_key"] is True


def test_a_later_migration_does_not_record_another_key(settings):
    settings.FIELD_KEYS = [NEW]
    call_command("migrate", verbosity=0, skip_checks=True)
    with pytest.raises(CommandError, match=r"privacy\.E001"):
        check()
