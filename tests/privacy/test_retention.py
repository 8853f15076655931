"""`manage.py retention`: nothing is kept longer than we say."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from campaign.mail.models import Message
from campaign.privacy.models import DailyKey
from campaign.privacy.retention import RULES, Rule
from pledges.models import Activity, Signature
from tests.factories import MessageFactory, SignatureFactory


@pytest.mark.django_db
def test_unconfirmed_signatures_are_deleted_and_the_others_kept():
    long_ago = timezone.now() - timedelta(days=15)
    SignatureFactory(signed_at=long_ago)
    kept = {SignatureFactory().pk, SignatureFactory(signed_at=long_ago, confirmed=True).pk}

    call_command("retention")
    call_command("retention")

    assert set(Signature.objects.values_list("pk", flat=True)) == kept


@pytest.mark.django_db
def test_messages_sent_a_month_ago_are_deleted_and_waiting_ones_kept():
    now = timezone.now()
    MessageFactory(done_at=now - timedelta(days=31), outcome=Message.Outcome.SENT)
    waiting = MessageFactory(due_at=now - timedelta(days=99))

    call_command("retention")

    assert Message.objects.get() == waiting


@pytest.mark.django_db
def test_a_rule_that_fails_does_not_stop_the_others(monkeypatch):
    broken = Rule("Something", "KEEP_LINKS_DAYS", lambda before: 1 / 0)
    monkeypatch.setattr("campaign.privacy.management.commands.retention.RULES", [broken, *RULES])
    SignatureFactory(signed_at=timezone.now() - timedelta(days=400))

    with pytest.raises(CommandError, match="1 of"):
        call_command("retention")
    assert not Signature.objects.exists()


@pytest.mark.django_db
def test_no_confirmed_signature_is_erased_because_nobody_has_reviewed_it():
    long_ago = timezone.now() - timedelta(days=4000)
    held = SignatureFactory(state="held", suspicion="domain", signed_at=long_ago, confirmed_at=long_ago)
    call_command("retention")

    assert Signature.objects.get(pk=held.pk).name == held.name


@pytest.mark.django_db
def test_counters_of_confirmations_last_until_the_next_day():
    today = timezone.localdate()
    for day in (today, today - timedelta(days=1), today - timedelta(days=9)):
        Activity.objects.create(key=str(day).encode(), day=day, confirmed=1, held=0)
    call_command("retention")

    assert Activity.objects.get().day == today


@pytest.mark.django_db
def test_networks_are_erased_after_thirty_days_and_keys_of_past_days_immediately():
    now = timezone.now()
    SignatureFactory(confirmed=True, network=b"o" * 16, signed_at=now - timedelta(days=31))
    SignatureFactory(confirmed=True, network=b"n" * 16, signed_at=now - timedelta(days=29))
    DailyKey.objects.create(day=timezone.localdate() - timedelta(days=1), key=b"k" * 32)
    DailyKey.objects.create(day=timezone.localdate(), key=b"k" * 32)
    call_command("retention")

    assert [bytes(one.network) for one in Signature.objects.exclude(network=None)] == [b"n" * 16]
    assert DailyKey.objects.get().day == timezone.localdate()


@pytest.mark.django_db
def test_the_privacy_notice_states_the_periods_that_are_applied(client, settings):
    call_command("load_campaign")
    settings.KEEP_NETWORK_DAYS = 17
    page = client.get("/privacy/").content.decode()

    assert "17 days" in page
    for rule in RULES:
        assert str(rule.what) in page
