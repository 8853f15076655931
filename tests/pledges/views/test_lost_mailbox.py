"""Withdrawing after losing the mailbox: `/pledges/<slug>/lost-mailbox/`, and how organisers deal with requests."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.desk.tasks import tasks_for
from campaign.email_addresses.canonical import address_hash
from campaign.forms.guard import current_stamp
from pledges.mailboxes import hashes_of
from pledges.models import LostMailbox, Signature
from pledges.sealing import seal_due
from tests.accounts.organisers import make_established, sign_in
from tests.factories import SignatureFactory

ANSWERS = {
    "name": "Ruth Feldman",
    "email": "ruth@example.org",
    "contact": "ruth.new@example.net",
    "proof": "Hannah knows me.",
}
LIST = "/admin/pledges/lostmailbox/"
DAY = timedelta(days=1)


@pytest.fixture
def path(pledge):
    return f"{pledge.get_absolute_url()}lost-mailbox/"


@pytest.fixture
def ask(client, path):
    """Post the form with some answers changed; return the response."""
    return lambda **changes: client.post(path, ANSWERS | changes)


@pytest.fixture
def ada(client, db):
    """Return a signed-in organiser."""
    return sign_in(client)


@pytest.fixture
def grace(db):
    """Return a second organiser, who may approve."""
    return make_established("grace")


@pytest.fixture
def look_up(client, ada, ask):
    """Return a function that asks to withdraw, looks the signature up and returns the approval request."""

    def act(**changes):
        ask(**changes)
        client.post(f"{LIST}{LostMailbox.objects.get().pk}/withdraw/")
        return ApprovalRequest.objects.get()

    return act


@pytest.fixture
def signature(pledge):
    return SignatureFactory(pledge=pledge, name="Ruth Feldman", email="ruth@example.org", public=True)


def page(response, status=200):
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("known", [{}, {"counted_only": True}, {"state": "withdrawn"}, None])
def test_the_answer_is_the_same_whatever_we_know_about_the_address(client, pledge, ask, known):
    if known is not None:
        SignatureFactory(pledge=pledge, email_hash=address_hash("ruth@example.org"), **known)
    with CaptureQueriesContext(connection) as queries:
        response = ask()

    assert response.headers["Location"] == f"{pledge.get_absolute_url()}lost-mailbox/?sent=1"
    assert not response.content
    assert not any("pledges_signature" in query["sql"] for query in queries.captured_queries)
    text = page(client.get(response.headers["Location"]))
    assert "you get the same answer" in text
    assert "Count me only" in text


def test_the_page_for_requesting_a_link_links_to_the_form(client, pledge, path):
    assert f'href="{path}"' in page(client.get(f"{pledge.get_absolute_url()}my-signature/"))

    response = client.get(path)
    assert "We have nothing to check your request against" in page(response)
    assert "30 days" in page(response)
    assert not response.cookies


def test_what_is_entered_is_stored_encrypted(ask):
    ask()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat(encode(name, 'escape'), encode(email, 'escape'), contact, proof) FROM pledges_lostmailbox"
        )
        stored = str(cursor.fetchall())

    assert [LostMailbox.objects.get().name, LostMailbox.objects.get().contact] == [ANSWERS["name"], ANSWERS["contact"]]
    assert not any(word in stored for word in ("Ruth", "ruth", "Hannah"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Enter your full name"),
        ({"email": "ruth@"}, "id_email_error"),
        ({"contact": ""}, "Enter an address where we can write to you"),
        ({"contact": "Ruth+new@example.org"}, "Enter a different address"),
        ({"proof": " "}, "Say how you can show"),
        ({"proof": "\u3164\n\u200b"}, "Say how you can show"),
        ({"proof": "x" * 1001}, "at most 1000"),
    ],
)
def test_a_mistake_is_explained_beside_its_field_and_nothing_is_lost(ask, changes, message):
    text = page(ask(**changes))

    assert message in text
    assert all(value in text for name, value in ANSWERS.items() if name not in changes)
    assert not LostMailbox.objects.exists()


def test_a_form_sent_faster_than_it_can_be_read_is_not_stored(ask, time_machine):
    time_machine.move_to(timezone.now().replace(second=1), tick=False)

    assert "That was very quick" in page(ask(stamp=current_stamp()))
    assert not LostMailbox.objects.exists()


def test_a_network_may_ask_three_times_a_day(client, path, time_machine):
    time_machine.move_to(timezone.now().replace(hour=12))
    texts = [client.post(path, ANSWERS, REMOTE_ADDR="198.51.100.7") for _ in range(4)]

    assert [text.status_code for text in texts] == [302, 302, 302, 200]
    assert "too many requests today" in page(texts[-1])
    assert "Hannah knows me." in page(texts[-1])
    assert client.post(path, ANSWERS, REMOTE_ADDR="198.51.100.8").status_code == 302
    time_machine.move_to(timezone.now() + DAY)
    assert client.post(path, ANSWERS, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_the_whole_site_takes_two_hundred_requests_a_day(ask, pledge):
    LostMailbox.objects.bulk_create(LostMailbox(pledge=pledge) for _ in range(199))
    assert ask().status_code == 302

    assert "too many requests today" in page(ask())
    assert LostMailbox.objects.count() == 200


def test_requests_are_deleted_after_thirty_days(ask, time_machine):
    ask()
    time_machine.move_to(timezone.now() + 31 * DAY)
    call_command("retention")

    assert not LostMailbox.objects.exists()


def test_two_organisers_withdraw_it_after_a_day_and_what_was_entered_is_deleted(look_up, grace, ada, signature):
    request = look_up()
    assert request.submit(1, "They rang us.", timezone.now())

    signature.refresh_from_db()
    assert (request.state, signature.state, signature.public_name) == ("waiting", "held", "")
    assert request.obstacle(ada, timezone.now())
    assert request.approve(grace, timezone.now())
    assert act_on_due(timezone.now() + DAY) == 1
    signature.refresh_from_db()
    assert (signature.state, signature.name, signature.email) == ("withdrawn", None, None)
    assert not LostMailbox.objects.exists()


def test_a_refused_withdrawal_shows_the_name_again(look_up, grace, signature):
    request = look_up()
    request.submit(1, "They rang us.", timezone.now())
    request.undo(grace, timezone.now())

    signature.refresh_from_db()
    assert (signature.state, signature.public_name) == ("confirmed", "Ruth Feldman")
    assert LostMailbox.objects.unanswered().count() == 1


@pytest.mark.parametrize(("name", "words"), [("RUTH  feldman", "(the same)"), ("Eve", "(different)")])
def test_the_second_organiser_sees_whether_the_names_match(client, look_up, signature, name, words):
    request = look_up(name=name)

    text = page(client.get(f"/admin/approvals/approvalrequest/{request.pk}/change/"))
    assert words in text
    assert "Ruth Feldman" in text


def test_a_sealed_name_is_not_compared(client, look_up, private_key, signature):
    Signature.objects.update(visibility="private", public_name="", signed_at=timezone.now() - 3 * DAY)
    assert seal_due(timezone.now()) == 1
    request = look_up()

    text = page(client.get(f"/admin/approvals/approvalrequest/{request.pk}/change/"))
    assert "can’t be compared" in text
    assert "name sealed" in text


@pytest.mark.parametrize("known", [{"counted_only": True}, None])
def test_a_count_me_only_signature_looks_like_none_and_is_kept(client, pledge, look_up, known):
    if known:
        SignatureFactory(pledge=pledge, email_hash=address_hash("ruth@example.org"), **known)
    request = look_up()

    text = page(client.get(f"/admin/approvals/approvalrequest/{request.pk}/change/"))
    assert "we hold nothing to check a request against" in text
    assert "Name in the request" not in text
    assert request.payload["signatures"] == []
    assert not request.submit(1, "They rang us.", timezone.now())
    assert not Signature.objects.filter(state="withdrawn").exists()


def test_a_signer_who_changes_to_count_only_meanwhile_is_left_alone(look_up, grace, signature):
    request = look_up()
    request.submit(1, "They rang us.", timezone.now())
    request.approve(grace, timezone.now())
    Signature.objects.get().change("count", name="", shown_name="", town="", updates=False)
    act_on_due(timezone.now() + DAY)

    assert Signature.objects.get().state == "held"


@pytest.fixture
def both(pledge):
    """Return the signatures of two people who share a mailbox."""
    hashes = hashes_of("ruth@example.org")
    return [
        SignatureFactory(pledge=pledge, name=name, email="ruth@example.org", email_hash=hashed, confirmed=True)
        for name, hashed in zip(("Ruth Feldman", "Adam Feldman"), hashes, strict=True)
    ]


@pytest.mark.parametrize("chosen", [0, 1])
def test_organisers_choose_by_name_between_two_people_with_one_mailbox(client, ada, ask, both, chosen):
    ask(name="Adam Feldman")
    path = f"{LIST}{LostMailbox.objects.get().pk}/withdraw/"
    text = page(client.post(path))
    assert text.count("Choose this signature") == 2
    assert all(signature.name in text for signature in both)
    assert not ApprovalRequest.objects.exists()

    client.post(path, {"signature": str(both[chosen].pk)})
    assert ApprovalRequest.objects.get().payload["signatures"] == [str(both[chosen].pk)]


@pytest.mark.parametrize("chosen", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_choosing_neither_asks_again(client, ada, ask, both, chosen):
    ask()

    assert "Choose this signature" in page(
        client.post(f"{LIST}{LostMailbox.objects.get().pk}/withdraw/", {"signature": chosen})
    )
    assert not ApprovalRequest.objects.exists()


@pytest.mark.parametrize("gone", [0, 1])
def test_once_one_of_two_has_withdrawn_the_other_is_found_without_a_choice(look_up, both, gone):
    both[gone].withdraw()

    assert look_up().payload["signatures"] == [str(both[1 - gone].pk)]


def test_looking_up_twice_opens_the_same_request_while_it_waits(client, look_up, signature):
    request = look_up()
    request.submit(1, "They rang us.", timezone.now())
    again = client.post(f"{LIST}{LostMailbox.objects.get().pk}/withdraw/")

    assert again.headers["Location"].endswith(f"/{request.pk}/change/")
    assert client.post(f"{LIST}{LostMailbox.objects.get().pk}/delete/", {"post": "yes"}).status_code == 403


def test_only_organisers_with_the_right_see_requests(client, ask):
    ask()
    user = sign_in(client, username="everyday", is_superuser=False)
    change = f"{LIST}{LostMailbox.objects.get().pk}/change/"
    assert client.get(LIST).status_code == 403
    assert client.get(change).status_code == 403
    assert client.post(f"{LIST}{LostMailbox.objects.get().pk}/withdraw/").status_code == 403
    assert not tasks_for(user)

    user.user_permissions.add(Permission.objects.get(codename="handle_lostmailbox"))
    assert "Hannah knows me." in page(client.get(change))
    assert "1 person who has lost their mailbox wants to withdraw." in page(client.get("/admin/"))
    assert client.get(LIST).status_code == 200
    assert client.post(f"{LIST}{LostMailbox.objects.get().pk}/delete/", {"post": "yes"}).status_code == 302
    assert not LostMailbox.objects.exists()
