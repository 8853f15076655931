"""Migrations: their effect on existing rows, and on the previous release while they run."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaign.privacy.crypto import encrypt
from pledges.models import Signature
from tests.factories import PledgeFactory

PARAMETERS = (
    *("p_slug", "p_kind", "p_name", "p_email", "p_organisation", "p_role", "p_link", "p_town", "p_email_hash"),
    *("p_name_hash", "p_domain_hash", "p_family_hash", "p_network", "p_disposable", "p_country", "p_outward_code"),
    *("p_area_code", "p_visibility", "p_display", "p_updates", "p_suspicion", "p_token_hash", "p_code_hash"),
    *("p_message_id", "p_quiet_since", "p_now"),
)
SIGN = f"SELECT sign_pledge_1({', '.join(f'{name} => %({name})s' for name in PARAMETERS)})"


def sign_as_the_last_release(pledge, name, **answers):
    """Sign as the previous release did, with `display`."""
    values = dict.fromkeys(PARAMETERS) | dict.fromkeys(("p_outward_code", "p_area_code", "p_suspicion"), "")
    values |= {"p_slug": pledge.slug, "p_kind": "person", "p_country": "GB", "p_display": "full", "p_updates": False}
    values |= {"p_now": timezone.now(), "p_quiet_since": timezone.now(), "p_disposable": False}
    values |= {"p_name": encrypt(name, "pledges.signature.name"), "p_name_hash": name.encode()}
    hashes = {f"p_{one}_hash": f"{one} {name}".encode() for one in ("email", "token", "code")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT gen_random_uuid()")
        cursor.execute(SIGN, values | hashes | {"p_message_id": cursor.fetchone()[0]} | answers)


def found(name):
    return Signature.objects.get(email_hash=f"email {name}".encode())


@pytest.mark.django_db
def test_the_previous_release_can_sign_during_an_upgrade_and_stores_no_count_me_only_names():
    pledge = PledgeFactory()
    sign_as_the_last_release(pledge, "Ruth", p_visibility="public")
    sign_as_the_last_release(pledge, "Leah", p_visibility="public", p_display="initial")
    sign_as_the_last_release(pledge, "Noah", p_visibility="count")

    assert (found("Ruth").visibility, found("Ruth").name) == ("public", "Ruth")
    assert (found("Leah").visibility, found("Leah").name) == ("private", "Leah")
    assert (found("Noah").visibility, found("Noah").name, found("Noah").name_hash) == ("count", None, None)


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_keeps_names_that_were_shown_and_hides_those_that_were_not():
    pledge = PledgeFactory()
    try:
        call_command("migrate", "pledges", "0002", verbosity=0)
        for name in ("Shown", "Unseen"):
            sign_as_the_last_release(pledge, name, p_visibility="public", p_display="initial")
        sign_as_the_last_release(pledge, "Full", p_visibility="public")
        sign_as_the_last_release(pledge, "Counted", p_visibility="count")
        with connection.cursor() as cursor:
            shown = "UPDATE pledges_signature SET state = 'confirmed', public_name = 'Shown S.' WHERE email_hash = %s"
            cursor.execute(shown, [b"email Shown"])
    finally:
        call_command("migrate", verbosity=0)

    assert (found("Shown").visibility, found("Shown").shown_name) == ("public", "Shown S.")
    assert (found("Unseen").visibility, found("Unseen").shown_name) == ("private", None)
    assert (found("Full").visibility, found("Full").shown_name) == ("public", None)
    assert (found("Counted").name, found("Counted").name_hash) == (None, None)
