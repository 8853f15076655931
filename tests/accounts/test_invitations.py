"""Inviting an organiser by mail, from the form to the one-time link, the password, the second factor and the desk."""

import re

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaign.accounts.models import OrganiserAddress
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from campaign.privacy.logs import mask
from tests.accounts.organisers import code, make_organiser, sign_in
from tests.factories import SiteSettingsFactory

NEW = {"new_password1": "four quite odd words", "new_password2": "four quite odd words"}
LINK = re.compile(r"http://[^/]+(/accounts/sign-in/[^/\s]+/)")


@pytest.fixture
def owner(client, db):
    SiteSettingsFactory()
    return sign_in(client)


def invite(client, **answers):
    events = Group.objects.get(name="Events")
    answers = {"username": "grace", "address": "Grace@Example.org", "groups": [events.pk], "is_active": "on"} | answers
    return client.post("/admin/auth/user/add/", answers)


def link_sent():
    """Send all waiting messages; return the path of the link in the last one."""
    while send_waiting():
        pass
    return LINK.search(mail.outbox[-1].body)[1]


@pytest.mark.django_db(transaction=True)
def test_an_invited_organiser_follows_the_link_and_gets_the_role(client):
    SiteSettingsFactory()
    sign_in(client)
    assert invite(client).status_code == 302
    link = link_sent()
    assert mail.outbox[-1].to == ["Grace@example.org"]
    assert "You are invited" in mail.outbox[-1].body

    guest = Client()
    assert guest.get(link).status_code == 200
    assert guest.post(link).url == "/accounts/password/set/"
    page = guest.post("/accounts/password/set/", NEW, follow=True)
    guest.post("/accounts/2fa/totp/activate/", {"code": code(page.context["form"].secret)})

    assert guest.get("/admin/protests/protest/").status_code == 200
    assert guest.get("/admin/pages/page/add/").status_code == 403
    assert Client().get(link).status_code == 404


def test_an_invitation_requires_an_address_and_a_role(client, owner):
    for missing in ({"address": ""}, {"groups": []}, {"address": "not an address"}):
        page = invite(client, **missing)
        assert page.status_code == 200
        assert page.context["errors"]
    assert not User.objects.filter(username="grace").exists()
    assert not Message.objects.exists()


def test_the_address_is_stored_only_encrypted(client, owner):
    invite(client)

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM accounts_organiseraddress a")
        [(row,)] = cursor.fetchall()
    assert "example" not in row.lower()
    assert User.objects.get(username="grace").email == ""


def test_a_second_link_can_be_sent_and_a_warning_says_that_addresses_are_missing(client, owner):
    invite(client)
    make_organiser("ruth")
    keys = [user.pk for user in User.objects.exclude(pk=owner.pk)]
    page = client.post("/admin/auth/user/", {"action": "mail_link", "_selected_action": keys}, follow=True)

    assert "1 link is on its way." in page.content.decode()
    assert "We have no e-mail address for the others" in page.content.decode()
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_link_lasts_a_day_after_sending_and_a_closed_account_gets_no_link(client):
    SiteSettingsFactory()
    with time_machine.travel("2027-01-01T12:00:00Z", tick=False) as clock:
        sign_in(client)
        invite(client)
        link = link_sent()
        clock.move_to("2027-01-02T11:59:00Z")
        assert Client().get(link).status_code == 200
        clock.move_to("2027-01-02T12:01:00Z")
        assert Client().get(link).status_code == 404

    OrganiserAddress.objects.get().send_link(timezone.now(), by=None)
    User.objects.filter(username="grace").update(is_active=False)
    before = len(mail.outbox)
    send_waiting()
    assert len(mail.outbox) == before
    assert "[token]" in mask(link)
