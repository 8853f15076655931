"""The checks of SEALING_KEY: is it a key, and has a test restore shown that somebody can open what it seals?"""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from campaign.checks import START
from campaign.privacy.sealing import organisers_key
from campaign.sealing.models import RestoreTest, key_in_use


@register(START)
def check_key(*_apps: Any, **_options: Any) -> list[CheckMessage]:
    """Report a SEALING_KEY that isn't a public key."""
    try:
        organisers_key()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="sealing.E001")]
    return []


@register(Tags.database)
def check_test_restore(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Report a key whose test restore is missing: until then, nothing is sealed."""
    has_table = bool(databases) and RestoreTest._meta.db_table in connection.introspection.table_names()
    if not has_table or check_key() or organisers_key() is None or key_in_use():
        return []
    hint = "An organiser does the test in the admin: Sealed names."
    return [Warning("Nothing is sealed: SEALING_KEY has not been tested.", hint=hint, id="sealing.W001")]
