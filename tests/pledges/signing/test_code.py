"""Confirming with a pasted code: `/pledges/<slug>/check-your-email/`."""

import re
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaign.confirming.codes import CODE_LETTERS
from campaign.mail.outbox import send_waiting
from pledges.models import Reason, Signature
from pledges.signing.tokens import code_hash, confirmation_code


@pytest.fixture
def code(mailoutbox):
    """Send waiting messages; return the code in the newest one."""

    def read():
        send_waiting()
        return re.search(r"paste this code: (\S+)", mailoutbox[-1].body)[1]

    return read


@pytest.fixture
def paste(client, pledge):
    path = f"{pledge.get_absolute_url()}check-your-email/"
    return lambda code, email="ruth@example.org": client.post(path, {"email": email, "code": code})


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: f" {code[:4]}-{code[4:]} "])
def test_the_code_confirms_once_however_it_is_typed(sign, code, paste, pledge, typed):
    sign()
    pasted = typed(code())

    assert paste(pasted, " RUTH@example.org").headers["Location"] == f"/pledges/{pledge.slug}/thank-you/"
    assert Signature.objects.get().state == Signature.State.CONFIRMED
    assert "does not match" in paste(pasted).content.decode()


@pytest.mark.parametrize("wrong", ["00000000", "x", "\u0660" * 8, "\0"])
def test_a_wrong_code_is_reported_and_confirms_nothing(sign, code, paste, wrong):
    sign()
    code()
    response = paste(wrong)

    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert Signature.objects.get().state == Signature.State.PENDING


def test_a_code_works_only_with_the_address_it_was_sent_to(sign, code, paste):
    sign()
    theirs = code()

    assert "does not match" in paste(theirs, "eve@example.org").content.decode()


def test_a_code_is_replaced_by_a_newer_message_and_expires(sign, code, paste, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    sign()
    old = code()
    time_machine.move_to(start + timedelta(minutes=11), tick=False)
    sign()
    new = code()
    assert old != new
    paste(old)
    assert Signature.objects.get().state == Signature.State.PENDING

    time_machine.move_to(start + timedelta(minutes=12, days=settings.PLEDGE_CONFIRM_DAYS), tick=False)
    paste(new)
    assert Signature.objects.get().state == Signature.State.PENDING


def test_only_a_hash_of_the_code_is_stored(sign, code):
    sign()
    sent = code()

    assert bytes(Signature.objects.get().code_hash) == code_hash(sent)
    assert sent.encode() not in bytes(Signature.objects.get().code_hash)


def test_a_public_signer_who_types_the_code_is_asked_why_as_with_the_link(client, sign, code, paste, pledge):
    sign(visibility="public")
    page = paste(code()).text
    assert "This name will be shown to anyone" in page
    assert 'name="reason"' in page
    assert Signature.objects.get().state == "pending"

    answers = dict(re.findall(r'type="hidden" name="(email|code)" value="([^"]+)"', page))
    path = f"{pledge.get_absolute_url()}check-your-email/"
    long = client.post(path, answers | {"reason": "a" * 201}).text
    assert "Use at most 200 characters" in long
    assert Signature.objects.get().state == "pending"
    done = client.post(path, answers | {"reason": "Because we were silent before."})
    assert done.headers["Location"] == f"/pledges/{pledge.slug}/thank-you/"
    assert Signature.objects.get().state == "confirmed"
    assert Reason.objects.get().text == "Because we were silent before."


def test_a_code_confirms_a_public_signature_without_a_reason(client, sign, code, pledge):
    sign(visibility="public")
    answers = {"email": "ruth@example.org", "code": code(), "reason": ""}
    client.post(f"{pledge.get_absolute_url()}check-your-email/", answers)

    assert Signature.objects.get().state == "confirmed"
    assert not Reason.objects.exists()


def test_a_pledge_that_takes_no_reasons_confirms_public_signatures_at_once(sign, code, paste, pledge):
    pledge.takes_reasons = False
    pledge.save()
    sign(visibility="public")
    paste(code())

    assert Signature.objects.get().state == "confirmed"


@given(st.uuids())
def test_a_code_is_eight_characters_that_cannot_be_misread(message_id):
    code = confirmation_code(uuid.UUID(int=message_id.int))

    assert len(code) == 8
    assert set(code) <= set(CODE_LETTERS)
    assert code_hash(code.replace("0", "O").replace("1", "l")) == code_hash(code)
