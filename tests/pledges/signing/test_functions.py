"""The database functions for signing: what they store, and the migrations that add and remove them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from campaign.mail.models import Message
from campaign.privacy.encrypted_field import EncryptedTextField
from campaign.tags.models import Tag
from pledges.models import ManageLink, Signature
from pledges.signing.sign import PURPOSES, Answers, sign
from tests.databases import ONE_TABLE
from tests.factories import PledgeFactory, SignatureFactory

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTES_11, HOURS_23, HOURS_24 = timedelta(minutes=11), timedelta(hours=23), timedelta(hours=24)
BEFORE_THEM = ["pledges 0001", "mail 0001"]

ADA = Answers(
    name="Ada",
    email="ada@example.org",
    country="GB",
    outward_code="NW3",
    kind="person",
    organisation="",
    visibility="private",
    updates=False,
)
OTHERWISE = Answers(
    name="Ada Lovelace",
    email="ADA@example.org",
    country="FR",
    outward_code="",
    kind="organisation",
    organisation="Engines",
    visibility="public",
    updates=True,
    wording=2,
    area_code="E14001265",
    tag="leeds-leaflet",
    shown_name="Ada L.",
    town="Paris",
    role="Analyst",
    link="https://example.org",
    automatic=True,
    network=b"n" * 16,
)


def stored(signature):
    """Return the signature's fields, except keys, secrets, and times and counts of messages."""
    apart = {
        "id",
        "pledge_id",
        "token_hash",
        "code_hash",
        "signed_at",
        "confirmation_sent_at",
        "messages",
        "messages_since",
    }
    return {name: value for name, value in Signature.objects.values().get(pk=signature.pk).items() if name not in apart}


def live_pledge(**fields):
    """Return a pledge that is live at NOW, with its second wording."""
    pledge = PledgeFactory(publish=NOW - HOURS_24, **fields)
    pledge.statement = "We have seen far too much."
    pledge.save()
    pledge.publish(live_at=NOW - HOURS_23)
    return pledge


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_every_answer_is_replaced_when_somebody_signs_again_before_confirming():
    once, twice = live_pledge(), live_pledge()
    tag = Tag.objects.create(name="Leaflet", slug="leeds-leaflet")
    sign(twice.slug, ADA, NOW)
    sign(twice.slug, OTHERWISE, NOW)
    sign(once.slug, OTHERWISE, NOW)

    assert stored(twice.signatures.get()) == stored(once.signatures.get())
    assert (twice.signatures.get().name, twice.signatures.get().tag) == ("Ada Lovelace", tag)


@pytest.mark.parametrize(
    ("state", "asked", "messages", "since", "counted"),
    [
        ("pending", MINUTES_11, 1, HOURS_23, 2),
        ("pending", MINUTES_11, 2, HOURS_23, 3),
        ("pending", MINUTES_11, 3, HOURS_23, None),
        ("pending", MINUTES_11, 3, HOURS_24, 1),
        ("pending", timedelta(minutes=9), 1, HOURS_23, None),
        ("pending", timedelta(minutes=9), 3, HOURS_24, None),
        ("withdrawn", timedelta(), 1, HOURS_23, 2),
        ("withdrawn", timedelta(), 3, HOURS_23, None),
        ("withdrawn", timedelta(), 3, HOURS_24, 1),
        ("confirmed", HOURS_24, 1, HOURS_24, None),
        ("held", HOURS_24, 1, HOURS_24, None),
        ("rejected", HOURS_24, 1, HOURS_24, None),
    ],
)
@pytest.mark.django_db
def test_signing_again_brings_another_message_when_the_limits_allow_one(state, asked, messages, since, counted):
    old = SignatureFactory(
        pledge=live_pledge(),
        email=ADA.email,
        state=state,
        signed_at=NOW - HOURS_24,
        confirmation_sent_at=NOW - asked,
        messages=messages,
        messages_since=NOW - since,
    )
    assert sign(old.pledge.slug, OTHERWISE, NOW)

    new = Signature.objects.get()
    assert new.messages == (counted or messages)
    assert new.messages_since == (NOW if counted == 1 else NOW - since)
    assert new.signed_at == NOW - HOURS_24
    kept = [bytes(getattr(new, name)) == getattr(old, name) for name in ("token_hash", "code_hash")]
    assert kept == [not counted] * 2
    assert new.confirmation_sent_at == (NOW if counted else NOW - asked)
    assert Message.objects.filter(kind="pledges.confirm", object_id=new.pk, due_at=NOW).count() == bool(counted)
    is_open_to_it = state in ("pending", "withdrawn")
    assert (new.state, new.name) == (("pending", OTHERWISE.name) if is_open_to_it else (state, old.name))


@pytest.mark.django_db
@pytest.mark.parametrize("closed", [{"published": False}, {"closes_at": NOW}])
def test_a_pledge_that_is_not_open_cannot_be_signed(closed):
    assert not sign(live_pledge(**closed).slug, ADA, NOW)
    assert not sign("unknown", ADA, NOW)
    assert not Signature.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_the_area_of_a_signature_that_the_count_still_includes_stays():
    pledge = live_pledge()
    SignatureFactory(pledge=pledge, email=ADA.email, state="withdrawn", in_published_count=True, area_code="E14001305")
    sign(pledge.slug, OTHERWISE, NOW)

    assert Signature.objects.get().area_code == "E14001305"


def test_each_answer_is_sealed_to_the_field_that_it_is_stored_in():
    sealed = [field for field in Signature._meta.get_fields() if isinstance(field, EncryptedTextField)]

    assert {field.name: field.purpose for field in sealed} == PURPOSES


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "since", "counted"),
    [(0, HOURS_23, 1), (1, HOURS_23, 2), (2, HOURS_23, 3), (3, HOURS_23, None), (3, HOURS_24, 1), (1, HOURS_24, 1)],
)
def test_three_messages_in_24_hours_are_the_rate_rule(count, since, counted):
    assert run("SELECT message_rate_count_1(%s, %s, %s)", count, NOW - since, NOW) == counted
    began = run("SELECT message_rate_since_1(%s, %s)", NOW - since, NOW)
    assert began == (NOW if since == HOURS_24 else NOW - since)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("messages", "since", "counted"), [(2, HOURS_23, 3), (3, HOURS_23, None), (1, HOURS_24, 1), (3, HOURS_24, 1)]
)
def test_a_link_to_manage_a_signature_counts_towards_the_same_limit(messages, since, counted):
    signature = SignatureFactory(confirmed=True, messages=messages, messages_since=NOW - since)
    ManageLink.ask(signature.pledge.slug, signature.email, NOW)

    assert ManageLink.objects.get().attach_signature(NOW) == (signature if counted else None)
    signature.refresh_from_db()
    assert signature.messages == (counted or messages)
    assert signature.messages_since == (NOW if counted == 1 else NOW - since)
    assert ManageLink.objects.count() == bool(counted)


@pytest.mark.django_db
def test_the_connection_keeps_nothing_that_a_pooler_would_lose():
    sign(live_pledge().slug, ADA, NOW)

    assert Signature.objects.exists()
    assert run("SELECT count(*) FROM pg_prepared_statements") == 0


@ONE_TABLE
@pytest.mark.django_db(transaction=True)
def test_the_functions_go_and_come_back_with_their_migrations():
    functions = "SELECT count(*) FROM pg_proc WHERE proname ~ '^(sign|resend|queue|message)_.*_[1234]$'"
    assert run(functions) == 6
    try:
        for migration in BEFORE_THEM:
            call_command("migrate", *migration.split(), verbosity=0)
        assert run(functions) == 0
    finally:
        call_command("migrate", verbosity=0)

    assert sign(live_pledge().slug, ADA, NOW)
