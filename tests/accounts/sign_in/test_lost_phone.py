"""Signing in after losing a phone: the organiser tells the owners, one owner files a request, and another approves."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from campaign.accounts.models import SIGN_IN_LINK, LostPhone, OrganiserAddress
from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.mail.models import Message
from tests.accounts.organisers import (
    PASSWORD,
    code,
    give_authenticator,
    log_in,
    make_established,
    make_organiser,
    sign_in,
)
from tests.factories import SiteSettingsFactory

PAGE = "/accounts/lost-phone/"


@pytest.fixture
def lost(db):
    """Return an organiser with an address, a lost phone and no recovery codes."""
    SiteSettingsFactory()
    user = make_organiser("lost")
    give_authenticator(user)
    Authenticator.objects.filter(user=user, type="recovery_codes").delete()
    OrganiserAddress.objects.create(organiser=user, email="lost@example.org")
    return user


def tell(client, name="lost", password=PASSWORD, address="192.0.2.1"):
    return client.post(PAGE, {"login": name, "password": password}, headers={"X-Forwarded-For": address})


def signed_in(user):
    client = Client()
    log_in(client, user.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()[0], name=user.username)
    return client


def request_help(client, lost):
    """Request, as an owner, that the organiser be let in; return the request and its URL."""
    url = client.post(f"/admin/approvals/approvalrequest/lost-phone/{lost.pk}/").url
    client.post(url, {"ask": "1", "number": "1", "reason": "I have spoken to them."})
    return ApprovalRequest.objects.get(), url


def test_owners_see_who_has_lost_a_phone_and_the_answer_reveals_nothing(client, lost):
    answers = [tell(Client(), *words).content for words in (("lost",), ("nobody",), ("lost", "wrong"))]
    assert len({re.sub(rb'nonce="[^"]+"', b"", answer) for answer in answers}) == 1
    assert [one.organiser for one in LostPhone.objects.all()] == [lost]

    sign_in(client)
    assert "1 organiser has lost their phone" in client.get("/admin/").content.decode()


def test_guessed_passwords_count_towards_the_sign_in_limits(lost):
    for number in range(5):
        tell(Client(), password="wrong", address=f"198.51.100.{number}")
    tell(Client())
    assert not LostPhone.objects.exists()

    secret_user = make_organiser("other")
    for number in range(10):
        tell(Client(), f"somebody{number}")
    tell(Client(), secret_user.username)
    assert not LostPhone.objects.exists()


def test_a_lost_phone_is_not_recorded_for_an_account_without_a_second_factor(lost):
    make_organiser("new")
    tell(Client(), "new")

    assert not LostPhone.objects.exists()


def test_two_owners_let_the_organiser_in_and_everything_old_stops_working(lost):
    with time_machine.travel("2027-01-01T12:00:00Z", tick=False) as clock:
        first, second = make_established("first"), make_established("second")
        client, other = signed_in(first), signed_in(second)
        elsewhere = Client()
        elsewhere.force_login(lost)
        tell(Client())
        request, url = request_help(client, lost)
        assert request.state == "waiting"
        text = other.get(url).content.decode()
        assert "lost@example.org" in text
        assert "with the right password" in text
        other.post(url, {"approve": "1"})
        assert not act_on_due(timezone.now())

        clock.shift(timedelta(hours=24, minutes=1))
        assert act_on_due(timezone.now()) == 1

    assert not Authenticator.objects.filter(user=lost).exists()
    assert elsewhere.get("/accounts/2fa/").status_code == 302
    assert [message.object_id for message in Message.objects.filter(kind=SIGN_IN_LINK)] == [lost.address.pk]
    assert not LostPhone.objects.exists()
    lost.refresh_from_db()
    assert not lost.has_usable_password()


def test_neither_the_requester_nor_the_person_concerned_can_approve(lost):
    first, second = make_established("first"), make_established("second")
    OrganiserAddress.objects.create(organiser=second, email="second@example.org")
    client, other = signed_in(first), signed_in(second)
    request, url = request_help(client, second)

    assert client.post(url, {"approve": "1"}).status_code == 403
    assert "your own account" in other.get(url).content.decode()
    assert other.post(url, {"approve": "1"}).status_code == 403
    request.refresh_from_db()
    assert request.state == "waiting"


def test_a_changed_address_gets_no_link(lost):
    with time_machine.travel("2027-01-01T12:00:00Z", tick=False) as clock:
        client = signed_in(make_established("first"))
        request_help(client, lost)
        OrganiserAddress.objects.update(email="thief@example.net")
        call_command("approve_request", ApprovalRequest.objects.get().pk, "--people", "1")
        clock.shift(timedelta(hours=25))
        act_on_due(timezone.now())

    assert Authenticator.objects.filter(user=lost).exists()
    assert not Message.objects.exists()


def test_only_an_owner_may_file_the_request(client, lost):
    sign_in(client, is_superuser=False)

    assert client.post(f"/admin/approvals/approvalrequest/lost-phone/{lost.pk}/").status_code == 403
    assert client.get(f"/admin/approvals/approvalrequest/lost-phone/{lost.pk}/").status_code == 405


def test_the_account_page_says_what_to_do_with_one_owner_or_without_an_address(client, lost):
    sign_in(client)
    path = f"/admin/auth/user/{lost.pk}/change/"
    assert "organiser_sign_in --username lost --lost-phone" in client.get(path).content.decode()

    make_organiser("second", is_superuser=True)
    assert "Lost phone…" in client.get(path).content.decode()
    OrganiserAddress.objects.all().delete()
    assert "Save their e-mail address first" in client.get(path).content.decode()


def test_signing_in_again_removes_the_report_of_a_lost_phone(lost):
    tell(Client())
    Authenticator.objects.filter(user=lost).delete()
    log_in(Client(), code(give_authenticator(lost)), name="lost")

    assert not LostPhone.objects.exists()
