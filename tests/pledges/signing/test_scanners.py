"""Mail scanners follow every link in a message, some in a browser. Only clicking a button changes anything."""

import re

import pytest

from campaign.mail.outbox import send_waiting
from pledges.models import Signature
from tests.factories import SignatureFactory
from tests.sizes import size
from tests.tables import contents

LINK = re.compile(r"https?://[^/\s]+(/\S*)")
VISITS = size(8, 100)
HEADERS = {"User-Agent": "SafeLinks", "Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"}


@pytest.fixture
def messages(client, pledge, sign, mailoutbox):
    """Send both messages about signatures: one asks to confirm, the other has the link to manage one."""
    confirmed = SignatureFactory(pledge=pledge, confirmed=True, email="hannah@example.org")
    sign(visibility="public")
    client.post(f"{pledge.get_absolute_url()}my-signature/", {"email": confirmed.email})
    send_waiting()
    assert len(mailoutbox) == 2
    return mailoutbox


@pytest.fixture
def links(messages):
    """Return the paths of all links in all messages, among them those to confirm, manage and unsubscribe."""
    paths = {path for message in messages for path in LINK.findall(message.body)}
    kinds = {path.split("/")[2] for path in paths}
    assert {"confirm", "manage", "unsubscribe"} <= kinds
    return sorted(paths)


def link_to(kind, links):
    return next(path for path in links if path.startswith(f"/pledges/{kind}/"))


def button(page, name):
    return page.get_by_role("button", name=name)


def test_a_scanner_opening_every_link_again_and_again_changes_nothing(client, links):
    before = contents()
    for path in links:
        for _ in range(VISITS):
            assert client.get(path, headers=HEADERS).status_code == 200
            assert client.head(path, headers=HEADERS).status_code == 200

    assert contents() == before


@pytest.mark.django_db(transaction=True)
def test_opening_every_link_in_a_browser_changes_nothing_and_one_click_confirms(page, links):
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
def test_one_click_is_enough_to_withdraw_or_unsubscribe(page, links, kind, name):
    before = contents()
    page.goto(link_to(kind, links))
    assert contents() == before
    button(page, name).click()
    page.wait_for_load_state()

    assert contents() != before
