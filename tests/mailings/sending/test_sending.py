"""Sending a mailing to a real mail server, over one connection."""

from django.core.management import call_command

from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.models import SuppressedAddress
from campaign.mailings.models import Delivery, Mailing
from tests.mailings.crowd import address

State = Delivery.State


def send():
    call_command("send_news", "--once")


def states(mailing):
    """Return the state of each delivery, in the order of the crowd."""
    return list(mailing.deliveries.order_by("row").values_list("state", flat=True))


def test_each_person_gets_a_mailing_once_and_it_is_then_sent(smtp, mailing):
    send()
    send()

    mailing.refresh_from_db()
    assert sorted(smtp.recipients) == sorted(map(address, range(3)))
    assert mailing.state == Mailing.State.SENT
    assert mailing.statistics() == {
        **{"people": 3, "sent": 3, "queued": 0, "claimed": 0, "refused": 0, "unknown": 0, "skipped": 0},
        **{"bounced": 0, "bounced_soft": 0, "spam": 0, "unsubscribed": 0},
    }


def test_people_who_unsubscribe_after_filling_are_skipped(smtp, mailing, crowd):
    from campaign.mailings.filling import fill_due

    fill_due()
    crowd.unsubscribe(address(1))
    SuppressedAddress.objects.create(address_hash=mailbox_hash(address(2)))
    send()

    assert smtp.recipients == [address(0)]
    assert states(mailing) == [State.SENT, State.SKIPPED, State.SKIPPED]
