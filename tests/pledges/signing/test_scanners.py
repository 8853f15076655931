"""Mail scanners follow every link in a message, some with a browser. Only a press of a button changes anything."""

import re

import pytest

from campaign.mail.outbox import send_waiting
from pledges.models import Signature
from tests.factories import SignatureFactory
from tests.tables import contents

LINK = re.compile(r"https?://[^/\s]+(/\S*)")
VISITS = 100
HEADERS = {"User-Agent": "SafeLinks", "Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"}


@pytest.fixture
def messages(client, pledge, sign, mailoutbox):
    """All that we write: to one who has signed, and to one who asks for the link to her signature."""
    held = SignatureFactory(pledge=pledge, confirmed=True, email="hannah@example.org")
    sign(visibility="public")
    client.post(f"{pledge.get_absolute_url()}my-signature/", {"email": held.email})
    send_waiting()
    assert len(mailoutbox) == 2
    return mailoutbox


@pytest.fixture
def links(messages):
    """The paths of all links in all messages: at least those to confirm, to manage, and to hear no more."""
    found = {path for message in messages for path in LINK.findall(message.body)}
    kinds = {path.split("/")[2] for path in found}
    assert {"confirm", "manage", "unsubscribe"} <= kinds
    return sorted(found)


def link_to(kind, links):
    return next(path for path in links if path.startswith(f"/pledges/{kind}/"))


def button(page, name):
    return page.get_by_role("button", name=name)


def test_a_scanner_that_opens_every_link_a_hundred_times_changes_nothing(client, links):
    before = contents()
    for path in links:
        for _ in range(VISITS):
            assert client.get(path, headers=HEADERS).status_code == 200
            assert client.head(path, headers=HEADERS).status_code == 200

    assert contents() == before


@pytest.mark.django_db(transaction=True)
def test_a_browser_that_opens_every_link_changes_nothing_and_one_press_of_the_button_confirms(page, links):
    before = contents()
    for path in links:
        page.goto(path, wait_until="networkidle")
        page.mouse.wheel(0, 5000)
        page.wait_for_timeout(500)
    assert contents() == before

    page.goto(link_to("confirm", links))
    button(page, "Confirm my signature").click()
    page.wait_for_url("**/thank-you/")
    assert set(Signature.objects.values_list("state", flat=True)) == {"confirmed"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "name"), [("manage", "Withdraw my signature"), ("unsubscribe", "Never write to")])
def test_the_button_of_every_other_page_acts_at_one_press(page, links, kind, name):
    before = contents()
    page.goto(link_to(kind, links))
    assert contents() == before
    button(page, name).click()
    page.wait_for_load_state()

    assert contents() != before
