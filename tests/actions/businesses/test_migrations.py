"""Upgrading turns each brand's former answer into entries of the ledger."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from actions.businesses.chain import CHAIN
from actions.businesses.models import Basis, Brand, Code, Entry, Kind
from tests.actions.factories import BrandFactory

BEFORE = "0008_shared_links"
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


@pytest.mark.django_db(transaction=True)
def test_each_answer_becomes_an_entry_and_nothing_is_lost(client):
    for slug in ANSWERS:
        BrandFactory(slug=slug, title=slug.title())
    try:
        call_command("migrate", "businesses", BEFORE, verbosity=0)
        answer_as_before()
    finally:
        call_command("migrate", verbosity=0)

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
