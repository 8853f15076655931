"""Passwords that somebody who knows the site could guess."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.factories import SiteSettingsFactory


@pytest.fixture(autouse=True)
def site(db, settings):
    settings.SITE_HOST = "stop-the-silence.example"
    return SiteSettingsFactory(name="Jewish Action to Stop Uyghur Persecution", short_name="JASUP")


@pytest.mark.parametrize(
    "password", ["uyghur2026!", "StopUyghurPersecution", "pledge-ADMIN-1", "jasup12345", "silence example"]
)
def test_a_password_of_the_sites_own_words_is_refused(password):
    with pytest.raises(ValidationError, match="mostly words of this site"):
        validate_password(password)


def test_a_common_password_is_still_refused():
    with pytest.raises(ValidationError, match="too common"):
        validate_password("password1")


@pytest.mark.parametrize("password", ["three odd words", "uyghur and eight more", "correct horse battery"])
def test_a_password_with_enough_other_characters_is_accepted(password):
    validate_password(password)
