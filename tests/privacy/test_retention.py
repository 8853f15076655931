"""`manage.py retention`: nothing is kept longer than we say."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from campaign.mail.models import Message
from pledges.models import Signature
from tests.factories import MessageFactory, SignatureFactory


@pytest.mark.django_db
def test_signatures_that_nobody_confirmed_go_and_the_others_stay():
    long_ago = timezone.now() - timedelta(days=15)
    SignatureFactory(signed_at=long_ago)
    kept = {SignatureFactory().pk, SignatureFactory(signed_at=long_ago, confirmed=True).pk}

    call_command("retention")
    call_command("retention")

    assert set(Signature.objects.values_list("pk", flat=True)) == kept


@pytest.mark.django_db
def test_messages_sent_a_month_ago_go_and_waiting_ones_stay():
    now = timezone.now()
    MessageFactory(done_at=now - timedelta(days=31), outcome=Message.Outcome.SENT)
    waiting = MessageFactory(due_at=now - timedelta(days=99))

    call_command("retention")

    assert Message.objects.get() == waiting
