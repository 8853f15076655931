"""Managing one's own signature: `/pledges/<slug>/my-signature/` and `/pledges/manage/<token>/`."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from pledges.counting.publishing import publish_counts
from pledges.models import ManageLink, Pledge, Signature
from pledges.models.manage_link import MANAGE
from tests.factories import PledgeFactory, SignatureFactory
from tests.pledges.conftest import post_and_agree

CHANGES = {"name": "Ruth Feldman", "visibility": "private"}


@pytest.fixture
def sign_and_confirm(sign, client, confirm_link):
    """Sign and confirm with some answers changed; return the signature."""

    def act(**answers):
        sign(**answers)
        client.post(confirm_link())
        while publish_counts():
            pass
        return Signature.objects.get()

    return act


@pytest.fixture
def request_link(client, pledge):
    """Request the link; return the response."""
    return lambda address="ruth@example.org": client.post(
        f"{pledge.get_absolute_url()}my-signature/", {"email": address}
    )


@pytest.fixture
def link(request_link, mailoutbox):
    """Request the link; return its path from the message."""

    def path():
        request_link()
        send_waiting()
        return re.search(r"https?://[^/]+(/pledges/manage/\S+)", mailoutbox[-1].body)[1]

    return path


def page(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def listed(client, pledge):
    return page(client.get(pledge.get_absolute_url() + "signatories/"))


def test_the_response_is_the_same_whether_or_not_the_address_has_signed(client, sign_and_confirm, request_link):
    sign_and_confirm()
    known, unknown = request_link(), request_link("nobody@example.org")

    assert known.headers["Location"] == unknown.headers["Location"]
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert "ruth" not in known.headers["Location"]
    send_waiting()
    assert Message.objects.filter(kind=MANAGE, outcome=Message.Outcome.SENT).count() == 1
    assert ManageLink.objects.count() == 1


def test_requests_for_known_and_unknown_addresses_take_the_same_number_of_queries(
    sign_and_confirm, request_link, django_assert_num_queries
):
    sign_and_confirm()
    for address in ("ruth@example.org", "nobody@example.org"):
        with django_assert_num_queries(2):
            request_link(address)


def test_an_address_gets_at_most_three_messages_a_day(sign_and_confirm, request_link, time_machine):
    sign_and_confirm()
    for _ in range(5):
        request_link()
    send_waiting()
    assert Message.objects.filter(outcome=Message.Outcome.SENT).count() == 3

    time_machine.move_to(timezone.now() + timedelta(hours=25))
    request_link()
    send_waiting()
    assert Message.objects.filter(outcome=Message.Outcome.SENT).count() == 4


def test_a_retried_message_counts_once(sign_and_confirm, request_link, monkeypatch):
    sign_and_confirm()
    request_link()
    link = ManageLink.objects.get()
    before = Signature.objects.get().messages

    assert link.attach_signature(timezone.now()) == link.attach_signature(timezone.now()) == Signature.objects.get()
    assert Signature.objects.get().messages == before + 1


def test_a_link_leads_nowhere_if_its_signature_is_deleted_while_the_message_is_written(sign_and_confirm, request_link):
    sign_and_confirm()
    request_link()
    link = ManageLink.objects.get()
    link.attach_signature(timezone.now())
    fetched = ManageLink.objects.get()
    Signature.objects.all().delete()

    assert fetched.attach_signature(timezone.now()) is None


def test_a_link_leads_nowhere_if_it_is_deleted_while_the_message_is_written(sign_and_confirm, request_link):
    sign_and_confirm()
    request_link()
    fetched = ManageLink.objects.get()
    ManageLink.objects.all().delete()

    assert fetched.attach_signature(timezone.now()) is None


def test_the_link_shows_the_stored_answers_and_opening_it_changes_nothing(client, sign_and_confirm, link):
    sign_and_confirm()
    path = link()
    for _ in range(3):
        assert 'value="Ruth Feldman"' in page(client.get(path))
        client.head(path)

    assert Signature.objects.get().state == Signature.State.CONFIRMED


def test_the_token_is_neither_stored_nor_repeated(client, sign_and_confirm, link):
    sign_and_confirm()
    path = link()
    token = path.split("/")[-2]

    assert token not in page(client.get(path))
    with connection.cursor() as cursor:
        cursor.execute("SELECT token_hash::text, encode(email, 'escape') FROM pledges_managelink")
        stored = str(cursor.fetchall())
    assert token not in stored
    assert "ruth" not in stored


def test_hiding_a_name_takes_effect_immediately_and_keeps_the_count(client, sign_and_confirm, link, pledge):
    sign_and_confirm(visibility="public")
    assert "Ruth Feldman" in listed(client, pledge)
    assert "Ruth Feldman" in page(client.get(pledge.get_absolute_url()))

    client.post(link(), CHANGES | {"save": "Save"})
    assert "Ruth Feldman" not in listed(client, pledge)
    assert "Ruth Feldman" not in page(client.get(pledge.get_absolute_url()))
    publish_counts()
    assert Pledge.objects.with_count().get().count == 1
    assert Signature.objects.get().public_name == ""


def test_a_name_can_be_made_public_and_corrected(client, sign_and_confirm, link, pledge):
    sign_and_confirm()
    path, answers = link(), CHANGES | {"visibility": "public", "name": "Ruth Feldman-Katz", "updates": "on"}
    assert "Yes, show this and save" in page(client.post(path, answers))
    assert Signature.objects.get().visibility == "private"
    post_and_agree(client, path, answers)
    publish_counts()

    assert "Ruth Feldman-Katz" in listed(client, pledge)
    assert Signature.objects.get().updates


def test_switching_to_count_only_erases_personal_data(client, sign_and_confirm, link):
    sign_and_confirm(visibility="public", updates="on")
    client.post(link(), CHANGES | {"visibility": "count", "updates": "on"})

    signature = Signature.objects.get()
    assert (signature.name, signature.email, signature.public_name, signature.updates) == (None, None, "", False)
    assert signature.state == Signature.State.CONFIRMED


def test_a_count_only_signer_can_withdraw_and_do_nothing_else(client, sign_and_confirm, link):
    sign_and_confirm(visibility="count")
    path = link()
    assert "Full name" not in page(client.get(path))
    client.post(path, CHANGES | {"visibility": "public"})
    assert Signature.objects.get().visibility == "count"

    client.post(path, {"withdraw": "1"})
    assert Signature.objects.get().state == Signature.State.WITHDRAWN


def test_withdrawing_removes_the_name_immediately_and_then_lowers_the_count(client, sign_and_confirm, link, pledge):
    sign_and_confirm(visibility="public")
    path = link()
    assert "You have withdrawn" in page(client.post(path, {"withdraw": "1"}))

    assert "Ruth" not in listed(client, pledge)
    assert "Ruth" not in page(client.get(pledge.get_absolute_url()))
    publish_counts()
    assert Pledge.objects.with_count().get().count == 0
    page(client.get(path), status=404)
    page(client.post(path, {"withdraw": "1"}), status=404)


def test_a_link_works_for_a_day_and_is_then_deleted(client, sign_and_confirm, link, time_machine):
    sign_and_confirm()
    path = link()
    time_machine.move_to(timezone.now() + timedelta(hours=24, seconds=1))

    page(client.get(path), status=404)
    call_command("retention")
    assert not ManageLink.objects.exists()


@pytest.mark.parametrize("token", ["nonsense", "a" * 500, "%ED%A0%80"])
def test_a_link_that_was_never_sent_is_not_found(client, pledge, token):
    assert client.get(f"/pledges/manage/{token}/").status_code == 404
    assert client.post(f"/pledges/manage/{token}/", {"withdraw": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "Enter your full name"),
        ({"name": "http://x"}, "as you would write"),
        ({"visibility": "x"}, "valid choice"),
    ],
)
def test_a_mistake_is_explained_and_nothing_changes(client, sign_and_confirm, link, change, message):
    sign_and_confirm()

    assert message in page(client.post(link(), CHANGES | change))
    assert Signature.objects.get().name == "Ruth Feldman"


def test_a_page_of_another_site_can_neither_request_a_link_nor_use_one(client, sign_and_confirm, link, pledge):
    sign_and_confirm()
    path = link()
    for address in (path, f"{pledge.get_absolute_url()}my-signature/"):
        assert client.post(address, {"withdraw": "1"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_pending_signature_gets_no_link(sign, request_link):
    sign()
    request_link()
    send_waiting()

    assert not ManageLink.objects.exists()
    assert not Message.objects.filter(kind=MANAGE, outcome=Message.Outcome.SENT).exists()


@pytest.mark.django_db(transaction=True)
def test_the_count_stays_exact_when_people_withdraw_during_publishing():
    pledge = PledgeFactory()
    people = [SignatureFactory(pledge=pledge, public=True, confirmed_at=timezone.now()) for _ in range(24)]

    def act(number):
        try:
            stale = Signature.objects.get(pk=people[number].pk)
            publish_counts()
            answers = {"name": "A", "shown_name": "", "town": "", "updates": False}
            stale.withdraw() if number % 2 else stale.change("private", **answers)
            publish_counts()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(len(people))))
    while publish_counts():
        pass
    assert Pledge.objects.with_count().get().count == 12
    assert not pledge.signatures.listed().exists()


@pytest.mark.parametrize("visibility", ["private", "count"])
def test_withdrawing_deletes_manage_links_and_with_them_the_address(client, sign_and_confirm, link, visibility):
    sign_and_confirm(visibility=visibility)
    client.post(link(), {"withdraw": "1"})

    assert not ManageLink.objects.exists()
