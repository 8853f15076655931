"""The ledger can only grow, even for a superuser of the database, and any other change is detected."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from actions.businesses.chain import CHAIN
from actions.businesses.examples import load_examples, remove_examples
from actions.businesses.models import Brand, Entry, EntryLink, Kind
from campaign.approvals.models import ApprovalRequest
from tests.actions.businesses.ledger import add, approved, check, deliver, publish_claim, seal
from tests.actions.factories import BrandFactory

pytestmark = pytest.mark.django_db
ENTRY, LINK = Entry._meta.db_table, EntryLink._meta.db_table
# ruff: noqa: S608 - only the names of our own tables are put into statements
MERGE = "MERGE INTO {table} AS kept USING (SELECT 1) AS nothing ON true WHEN MATCHED THEN {action}"
CHANGES = {
    "update": f"UPDATE {ENTRY} SET note = 'Another'",
    "update that changes nothing": f"UPDATE {ENTRY} SET note = note",
    "update of a new column": f"UPDATE {ENTRY} SET until = now()",
    "delete": f"DELETE FROM {ENTRY}",
    "merge that updates": MERGE.format(table=ENTRY, action="UPDATE SET note = 'Another'"),
    "merge that deletes": MERGE.format(table=ENTRY, action="DELETE"),
    "upsert": f"INSERT INTO {ENTRY} SELECT * FROM {ENTRY} ON CONFLICT (id) DO UPDATE SET note = 'Another'",
    "making it an example": f"UPDATE {ENTRY} SET is_example = true",
    "update of a link": f"UPDATE {LINK} SET hash = digest",
    "delete of a link": f"DELETE FROM {LINK}",
    "merge that updates a link": MERGE.format(table=LINK, action="UPDATE SET digest = previous"),
}


def error_of(sql, *parameters):
    """Return the code of the error with which the database refuses a statement, or None."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except DatabaseError as error:
        return error.__cause__.pgcode
    return None


@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_superuser_cannot_change_or_delete_an_entry_or_a_link(brand, ada, change, role):
    add(brand, Kind.LETTER, ada)
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (True,)
        cursor.execute(f"SET LOCAL session_replication_role = {role}")

    assert error_of(CHANGES[change]) == "23001"


def test_an_entry_that_names_no_organiser_cannot_be_checked(brand, grace):
    with pytest.raises(DatabaseError, match="needs no check"):
        add(brand, Kind.COMMITMENT, checked_by=grace)


def test_an_entry_cannot_be_saved_again(brand, ada):
    entry = add(brand, Kind.LETTER, ada)
    with pytest.raises(TypeError, match="append-only"):
        entry.save()


def refused(make):
    """Return whether the database refuses a new entry."""
    try:
        with transaction.atomic():
            make()
    except DatabaseError as error:
        return error.__cause__.pgcode == "23514"
    return False


def test_nobody_can_check_their_own_entry(brand, ada, grace):
    entry = add(brand, Kind.LETTER, ada)
    assert refused(lambda: check(entry, ada))
    assert refused(lambda: check(entry, None))
    assert not refused(lambda: check(entry, grace))


def test_a_publication_needs_two_organisers_and_an_ended_window(brand, ada, grace, time_machine):
    claim = add(brand, Kind.BROKEN, ada, grace)
    assert refused(lambda: publish_claim(claim, ada, grace))  # no notice
    deliver(claim)
    assert refused(lambda: publish_claim(claim, ada, grace))  # the company can still reply
    time_machine.move_to(timezone.now() + timezone.timedelta(days=16))
    request = approved("businesses.publish", claim.pk, ada, grace)
    publish = lambda: brand.record(Kind.PUBLICATION, about=claim, request=request)  # noqa: E731
    for wrong in ({"state": "waiting"}, {"state": "agreed", "approved_at": None}, {"kind": "businesses.deadline"}):
        before = ApprovalRequest.objects.filter(pk=request).values("state", "approved_at", "kind").get()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        ApprovalRequest.objects.filter(pk=request).update(needs_second=False, **wrong)
        assert refused(publish)
        ApprovalRequest.objects.filter(pk=request).update(**before)

    assert not refused(publish)


def test_a_notice_that_was_not_delivered_is_refused(brand, ada, grace):
    claim = add(brand, Kind.BROKEN, ada, grace)
    until = timezone.localdate() + timezone.timedelta(days=30)
    assert refused(lambda: brand.record(Kind.NOTICE, about=claim, notice="0" * 32, until=until))
    assert refused(lambda: brand.record(Kind.NOTICE, ada, about=claim, until=until))  # without proof
    proof = {"evidence_url": "https://example.org/receipt/1"}
    assert refused(lambda: brand.record(Kind.NOTICE, ada, about=claim, until=timezone.localdate(), **proof))
    assert not refused(lambda: brand.record(Kind.NOTICE, ada, about=claim, until=until, **proof))


@pytest.mark.parametrize("kind", [Kind.BROKEN, Kind.DECLINED, Kind.NO_ANSWER])
def test_a_claim_without_a_link_or_a_file_is_refused(brand, ada, kind):
    assert refused(lambda: brand.record(kind, ada, quotation="Never."))


@pytest.mark.parametrize("kind", [Kind.COMMITMENT, Kind.KEPT])
def test_the_check_of_a_lower_commitment_is_refused_until_a_claim_or_a_retraction(
    brand, ada, grace, kind, time_machine
):
    shown = add(brand, kind, ada, grace)
    lower = add(brand, Kind.COMMITMENT, ada, level="talks")
    corrected = add(brand, Kind.COMMITMENT, ada, level="none", corrects=shown, happened_on=date(2020, 1, 1))
    assert refused(lambda: check(lower, grace))
    assert refused(lambda: check(corrected, grace))
    earlier = add(brand, Kind.COMMITMENT, ada, level="talks", happened_on=date(2020, 1, 1))
    assert not refused(lambda: check(earlier, grace))  # it changes nothing that visitors see now

    retraction = brand.record(Kind.RETRACTION, ada, corrects=shown, note="It was another company.")
    assert refused(lambda: check(lower, grace))
    check(retraction, grace)
    assert not refused(lambda: check(lower, grace))


def test_after_a_published_claim_any_commitment_counts(brand, ada, grace, time_machine):
    add(brand, Kind.COMMITMENT, ada, grace)
    claim = add(brand, Kind.BROKEN, ada, grace)
    lower = add(brand, Kind.COMMITMENT, ada, level="talks")
    deliver(claim)
    time_machine.move_to(timezone.now() + timezone.timedelta(days=16))
    assert refused(lambda: check(lower, grace))
    publish_claim(claim, ada, grace)

    assert not refused(lambda: check(lower, grace))


@pytest.mark.parametrize("kind", [Kind.LETTER, Kind.REMINDER, Kind.MEETING])
def test_a_note_needs_evidence_that_visitors_can_open(brand, ada, kind):
    assert refused(lambda: brand.record(kind, ada, note="They shouted at us.", quotation="No!"))
    assert not refused(lambda: brand.record(kind, ada, note="They agreed.", archive_url="https://example.org/a/b"))
    assert not refused(lambda: brand.record(kind, ada))


@pytest.mark.parametrize("days", [-20, 1])
def test_the_time_of_an_entry_cannot_be_made_up(brand, ada, grace, days):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL campaign.true_clock = 'on'")  # otherwise tests may move the clock
    at = timezone.now() + timezone.timedelta(days=days)
    assert refused(lambda: add(brand, Kind.LETTER, ada, recorded_at=at))
    assert not refused(lambda: add(brand, Kind.LETTER, ada, grace))


@pytest.mark.parametrize("is_example", [True, False])
def test_a_brand_with_entries_cannot_become_an_example_or_stop_being_one(is_example):
    brand = BrandFactory(is_example=is_example)
    change = Brand.objects.filter(pk=brand.pk)
    assert refused(lambda: change.update(is_example=not is_example))
    assert not refused(lambda: change.update(is_example=is_example))


def test_a_claim_is_published_only_after_the_check_of_a_notice_delivered_by_hand(brand, ada, grace, time_machine):
    claim = add(brand, Kind.BROKEN, ada, grace)
    until = timezone.localdate() + timezone.timedelta(days=15)
    first, second = (add(brand, Kind.NOTICE, ada, about=claim, until=until) for _ in range(2))
    check(second, grace)
    brand.record(Kind.RETRACTION, grace, corrects=second, note="The receipt is for another letter.")
    time_machine.move_to(timezone.now() + timezone.timedelta(days=20))
    assert refused(lambda: publish_claim(claim, ada, grace))
    check(first, grace)

    assert not refused(lambda: publish_claim(claim, ada, grace))


UNGUARD = """
ALTER TABLE {table} DISABLE TRIGGER USER; {sql}; SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} ENABLE TRIGGER USER
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("UPDATE {table} SET note = 'x' WHERE id = (SELECT max(id) FROM {table})", "has been changed"),
        ("UPDATE {table} SET recorded_at = now() WHERE id = (SELECT max(id) FROM {table})", "differs from"),
        ("DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})", "is missing"),
        ("UPDATE {table} SET is_example = true", "has been changed"),
    ],
)
def test_a_change_made_with_the_triggers_switched_off_is_detected(brand, ada, sql, problem):
    add(brand, Kind.LETTER, ada)
    out = StringIO()
    call_command("check_audit_log", stdout=out)
    assert "Brands’ ledger: nothing has been changed in 2 entries." in out.getvalue()
    call_command("check_audit_log", hash=bytes(CHAIN.newest().hash).hex(), stdout=out)
    with connection.cursor() as cursor:
        cursor.execute(UNGUARD.format(table=ENTRY, sql=sql.format(table=ENTRY)))

    with pytest.raises(CommandError, match=f"Brands’ ledger: .*{problem}"):
        call_command("check_audit_log")


def test_only_examples_can_be_removed_and_they_are_removed_at_once(client, brand, ada, grace):
    add(brand, Kind.LETTER, ada, grace)
    assert load_examples(timezone.now()) == 3
    assert load_examples(timezone.now()) == 0
    example = client.get("/businesses/example-shoe-shop/").content.decode()
    assert "This company doesn’t exist." in example
    assert "Declined to commit on" in example
    assert list(CHAIN.problems(timezone.now())) == [f"Entry {pk} is not in the chain." for pk in pending()]

    remove_examples()
    assert [one.slug for one in Brand.objects.all()] == ["cotton"]
    seal()
    assert list(CHAIN.problems(timezone.now())) == []


def pending():
    """Return the keys of the entries whose links will be added when the transaction commits."""
    linked = EntryLink.objects.values("entry")
    return list(Entry.objects.filter(is_example=False).exclude(pk__in=linked).values_list("pk", flat=True))
