"""Upgrading turns each brand's former answer into entries of the ledger, and hides the addresses of senders."""

from datetime import date
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from actions.businesses.chain import CHAIN
from actions.businesses.models import Basis, Brand, Code, CommitmentOffer, Entry, Kind
from actions.businesses.models.notice import address_for_notices
from tests.accounts.organisers import make_established
from tests.actions.businesses.ledger import seal
from tests.actions.factories import BrandFactory
from tests.sizes import FULL

BEFORE, MOVE = "0008_shared_links", "0014_answers_become_entries"
# They refuse what migration 0014 adds, and were created after it.
LATER_TRIGGERS = ("admit_entry", "admit_check")
ANSWERS = {
    "asked": ("asked", "", None),
    "written": ("asked", "https://example.org/letter/1", date(2026, 1, 4)),
    "partial": ("partial", "https://example.org/promise/1", date(2026, 1, 5)),
    "full": ("committed", "https://example.org/promise/2", date(2026, 1, 6)),
    "declined": ("refused", "https://example.org/no/1", date(2026, 1, 7)),
}


def answer_as_before():
    """Give the brands their answers in the columns that they had before there was a ledger."""
    with connection.cursor() as cursor:
        for slug, answer in ANSWERS.items():
            cursor.execute(
                "UPDATE businesses_brand SET status = %s, source_url = %s, as_of = %s WHERE slug = %s", [*answer, slug]
            )


def assert_each_answer_is_an_entry(client):
    moved = Entry.objects.exclude(kind__in=[Kind.LISTING, Kind.CHECK])
    assert {(one.brand.slug, one.kind, one.level, one.evidence_url, one.happened_on) for one in moved} == {
        ("written", "letter", "", "https://example.org/letter/1", date(2026, 1, 4)),
        ("partial", "commitment", "partial", "https://example.org/promise/1", date(2026, 1, 5)),
        ("full", "commitment", "full", "https://example.org/promise/2", date(2026, 1, 6)),
        ("declined", "declined", "", "https://example.org/no/1", date(2026, 1, 7)),
    }
    statuses = {brand.slug: brand.status for brand in Brand.objects.tracked(timezone.now())}
    assert {slug: status.code for slug, status in statuses.items()} == {
        **{"asked": Code.NONE, "written": Code.ASKED, "partial": Code.PARTIAL, "full": Code.FULL},
        "declined": Code.NONE,  # until the company has had its time to reply
    }
    assert statuses["full"].basis == Basis.SELF_DECLARED
    assert "https://example.org/promise/2" in client.get("/businesses/full/").content.decode()
    assert list(CHAIN.problems(timezone.now())) == []


@pytest.mark.django_db
def test_each_answer_becomes_an_entry_and_nothing_is_lost(client):
    for slug in ANSWERS:
        BrandFactory(slug=slug, title=slug.title())
    answer_as_before()
    seal()
    with connection.cursor() as cursor:
        for trigger in LATER_TRIGGERS:
            cursor.execute(f"ALTER TABLE businesses_entry DISABLE TRIGGER {trigger}")
    then = MigrationLoader(None).project_state([("businesses", MOVE)]).apps
    import_module(f"actions.businesses.migrations.{MOVE}").move(then, None)
    seal()

    assert_each_answer_is_an_entry(client)


@pytest.mark.django_db
def test_the_address_of_a_sender_that_every_editor_saw_is_erased_and_still_written_to():
    now = timezone.now()
    for slug in ("copied", "entered"):
        brand = BrandFactory(slug=slug, domains="cotton.com", contact=None)
        fields = {"level": "full", "words": "We will.", "domain": "cotton.com", "name": "Tom", "role": "Buyer"}
        CommitmentOffer.ask(f"{slug}@cotton.com", now, brand=brand, **fields)
        CommitmentOffer.objects.confirm(now).publish(brand, make_established(slug), now)
    Brand.objects.filter(slug="copied").update(contact="copied@cotton.com", contact_set_at=now)
    entered = Brand.objects.get(slug="entered")
    entered.contact = "press@cotton.com"
    entered.save()

    last = MigrationLoader(None).project_state([("businesses", "0030_senders_are_no_contacts")]).apps
    import_module("actions.businesses.migrations.0030_senders_are_no_contacts").erase_copied(last, None)

    brands = Brand.objects.order_by("slug")
    assert [brand.contact for brand in brands] == [None, "press@cotton.com"]
    assert [address_for_notices(brand) for brand in brands] == ["copied@cotton.com", "press@cotton.com"]


# Migrating back and forth takes a quarter of a minute, and released migrations never change: `make prove` is enough.
@pytest.mark.skipif(not FULL, reason="only in make prove")
@pytest.mark.django_db(transaction=True)
def test_the_upgrade_from_the_last_release_moves_each_answer(client):
    for slug in ANSWERS:
        BrandFactory(slug=slug, title=slug.title())
    try:
        call_command("migrate", "businesses", BEFORE, verbosity=0)
        answer_as_before()
    finally:
        call_command("migrate", verbosity=0)

    assert_each_answer_is_an_entry(client)
