"""How fast a mailing is sent. Each message has links of its own and is claimed in the database."""

import os
import time

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending.ready_message import Template
from tests.bench.results import record
from tests.checkouts import wait_until
from tests.mail.conftest import use
from tests.mailings.crowd import Crowd, address
from tests.mailings.sending.conftest import crowd, fast, make_mailing  # noqa: F401 - fixtures
from tests.mailings.sending.workers import nursery
from tests.mailsink import mail_sink

PEOPLE = int(os.environ.get("NEWS_PEOPLE", "6000"))
COMPARED = 300
PARAGRAPH = "<p>Somebody had to say it, and together we did – thousands of us, in every nation and region.</p>"


@pytest.mark.django_db(transaction=True)
def test_sending_a_mailing_is_faster_than_building_each_message(tmp_path, crowd, settings):  # noqa: F811
    crowd.__init__(PEOPLE)
    mailing = make_mailing(paragraphs=PARAGRAPH * 60)
    with mail_sink(tmp_path / "recipients") as sink:
        use(settings, sink.port)
        built = build_each(mailing, sink)
        began = time.monotonic()
        fill_due()
        filled = time.monotonic() - began
        with nursery(sink.url, PEOPLE) as workers:
            for _worker in range(int(os.environ.get("NEWS_WORKERS", "1"))):
                workers.start()
            wait_until(lambda: len(sink.recipients) > COMPARED + PEOPLE // 10, 60)
            first, began = len(sink.recipients), time.monotonic()
            wait_until(lambda: len(sink.recipients) == COMPARED + PEOPLE, 600)
            rate = (COMPARED + PEOPLE - first) / (time.monotonic() - began)
    size = len(Template(Mailing.objects.get()).message(Delivery.objects.first(), address(0), ready=True).content)
    record(
        "mailing",
        messages_a_second=rate,
        built_one_by_one=built,
        ratio=rate / built,
        filled_a_second=PEOPLE / filled,
        bytes=size,
        load=os.getloadavg()[0],
    )
    assert rate > 1.5 * built


def build_each(mailing, sink):
    """Return how many messages a second Django builds and sends over one connection, without claiming them."""
    template = Template(mailing)
    delivery = Delivery(mailing=mailing, source=Crowd.name, row=next(iter(Crowd(1).people)))
    connection, began = EmailBackend(), time.monotonic()
    connection.open()
    for number in range(COMPARED):
        email = template.message(delivery, address(number), ready=False)
        assert isinstance(email, EmailMultiAlternatives)
        connection.send_messages([email])
    connection.close()
    return COMPARED / (time.monotonic() - began)
