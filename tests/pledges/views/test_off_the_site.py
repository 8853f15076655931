"""A pledge that has been taken off the site: nobody can sign it, and no page invites anybody to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.mail.models import Message
from pledges.models import Pledge, Signature
from tests.factories import PledgeFactory
from tests.pledges.conftest import ANSWERS
from tests.pledges.signing.test_shared_mailbox import SECOND, confirmed, manage_link  # noqa: F401 - fixtures


def expire(pledge, time_machine):
    pledge.publish(expires_at=timezone.now() + timedelta(minutes=5))
    time_machine.shift(timedelta(minutes=6))


def switch_off(pledge, time_machine):
    Pledge.objects.filter(pk=pledge.pk).update(published=False)


@pytest.fixture(params=[expire, switch_off])
def take_off(request, pledge, time_machine):
    """Return a function that takes the pledge off the site."""
    time_machine.move_to(timezone.now(), tick=False)
    return lambda: request.param(pledge, time_machine)


def test_a_pledge_off_the_site_cannot_be_signed(client, pledge, take_off):
    take_off()
    for path in (pledge.get_absolute_url(), PledgeFactory(publish=False).get_absolute_url()):
        assert client.post(path, ANSWERS).status_code == 404

    assert not Signature.objects.exists()
    assert not Message.objects.exists()


def test_no_page_suggests_signing_it_again(client, sign, confirm_link, take_off):
    sign(visibility="public", shown_name="Ruth")
    link = confirm_link()
    assert "Sign again in private" in client.get(link).content.decode()
    take_off()

    assert "Sign again in private" not in client.get(link).content.decode()


def test_nobody_is_invited_to_add_a_signature_or_to_sign_again_later(client, confirmed, manage_link, take_off):  # noqa: F811
    confirming, managing = confirmed(), manage_link()
    assert "add/" in client.get(managing).content.decode()
    take_off()

    for link in (confirming, managing):
        assert "add/" not in client.get(link).content.decode()
        assert client.post(f"{link}add/", SECOND).status_code == 404
    assert "You can sign again later" not in client.get(managing).content.decode()
    assert Signature.objects.count() == 1


def test_an_earlier_signature_can_still_be_confirmed(client, sign, confirm_link, take_off):
    sign()
    link = confirm_link()
    take_off()
    response = client.post(link, follow=True)

    assert response.status_code == 200
    assert "thank-you" not in response.content.decode()
    assert Signature.objects.get().state == "confirmed"
