"""Migrations: their effect on existing rows, and on the previous release while they run."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaign.privacy.crypto import encrypt
from campaign.tags.models import Tag
from pledges.models import Signature
from tests.databases import ONE_TABLE
from tests.factories import PledgeFactory

FIRST = (
    *("p_slug", "p_kind", "p_name", "p_email", "p_organisation", "p_role", "p_link", "p_town", "p_email_hash"),
    *("p_name_hash", "p_domain_hash", "p_family_hash", "p_network", "p_disposable", "p_country", "p_outward_code"),
    *("p_area_code", "p_visibility", "p_display", "p_updates", "p_suspicion", "p_token_hash", "p_code_hash"),
    *("p_message_id", "p_quiet_since", "p_now"),
)
LAST = (*(name for name in FIRST if name != "p_display"), "p_shown_name", "p_wording")


def call(function, parameters, pledge, name, **answers):
    """Sign with a database function of an earlier release; return its result."""
    values = dict.fromkeys(parameters) | dict.fromkeys(("p_outward_code", "p_area_code", "p_suspicion"), "")
    values |= {"p_slug": pledge.slug, "p_kind": "person", "p_country": "GB", "p_display": "full", "p_updates": False}
    values |= {"p_now": timezone.now(), "p_quiet_since": timezone.now(), "p_disposable": False}
    values |= {"p_name": encrypt(name, "pledges.signature.name"), "p_name_hash": name.encode()}
    hashes = {f"p_{one}_hash": f"{one} {name}".encode() for one in ("email", "token", "code")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT gen_random_uuid()")
        values |= hashes | {"p_message_id": cursor.fetchone()[0]} | answers
        cursor.execute(f"SELECT {function}({', '.join(f'{one} => %({one})s' for one in parameters)})", values)
        return cursor.fetchone()[0]


def sign_as_the_first_release(pledge, name, **answers):
    return call("sign_pledge_1", FIRST, pledge, name, **answers)


def sign_as_the_last_release(pledge, name, **answers):
    return call("sign_pledge_3", LAST, pledge, name, **{"p_visibility": "private", "p_wording": 1} | answers)


def found(name):
    return Signature.objects.get(email_hash=f"email {name}".encode())


@pytest.mark.django_db
def test_during_an_upgrade_the_previous_release_can_still_sign_and_stores_no_tag():
    pledge, tag = PledgeFactory(), Tag.objects.create(name="Leaflet", slug="leaflet")
    assert sign_as_the_last_release(pledge, "Ruth")
    Signature.objects.update(tag=tag)
    assert sign_as_the_last_release(pledge, "Ruth", p_visibility="count", p_name=None, p_name_hash=None)

    assert (found("Ruth").visibility, found("Ruth").tag, found("Ruth").wording) == ("count", None, 1)
    assert not sign_as_the_last_release(pledge, "Leah", p_wording=2)
    assert not sign_as_the_last_release(PledgeFactory(publish=False), "Noah")


@ONE_TABLE
@pytest.mark.django_db(transaction=True)
def test_an_upgrade_keeps_names_that_were_shown_and_hides_those_that_were_not():
    pledge = PledgeFactory()
    try:
        call_command("migrate", "pledges", "0002", verbosity=0)
        for name in ("Shown", "Unseen"):
            sign_as_the_first_release(pledge, name, p_visibility="public", p_display="initial")
        sign_as_the_first_release(pledge, "Full", p_visibility="public")
        sign_as_the_first_release(pledge, "Counted", p_visibility="count")
        with connection.cursor() as cursor:
            shown = "UPDATE pledges_signature SET state = 'confirmed', public_name = 'Shown S.' WHERE email_hash = %s"
            cursor.execute(shown, [b"email Shown"])
    finally:
        call_command("migrate", verbosity=0)

    assert (found("Shown").visibility, found("Shown").shown_name) == ("public", "Shown S.")
    assert (found("Unseen").visibility, found("Unseen").shown_name) == ("private", None)
    assert (found("Full").visibility, found("Full").shown_name) == ("public", None)
    assert (found("Full").wording, found("Full").counted_wording) == (1, 1)
    assert (found("Counted").name, found("Counted").name_hash) == (None, None)
