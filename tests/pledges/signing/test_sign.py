"""Signing: `/pledges/<slug>/`."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaign.forms.guard import make_stamp
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from pledges.forms.sign import SignatureForm
from pledges.models import Signature
from tests.factories import PledgeFactory, SignatureFactory
from tests.pledges.conftest import ANSWERS


def test_a_valid_form_stores_one_signature_and_one_message(sign):
    response = sign()

    assert response.status_code == 302
    signature = Signature.objects.get()
    assert (signature.name, signature.email) == ("Ruth Feldman", "ruth@example.org")
    assert signature.state == Signature.State.PENDING
    assert Message.objects.get().object_id == signature.pk


def test_signing_takes_one_statement_after_the_postcode_lookup(sign, django_assert_num_queries):
    with django_assert_num_queries(2):
        sign()
    with django_assert_num_queries(1):
        sign(email="ada@example.org", postcode="")


def test_signing_again_shows_the_same_page_and_sends_nothing_more(sign):
    first, second = sign(), sign(email="RUTH@example.org")

    assert first.headers["Location"] == second.headers["Location"]
    assert Signature.objects.count() == Message.objects.count() == 1


def test_signing_again_after_confirming_shows_the_same_page_and_changes_nothing(client, sign, confirm_link):
    first = sign()
    client.post(confirm_link())
    again = sign(name="Somebody Else", visibility="public")

    assert again.headers["Location"] == first.headers["Location"]
    assert Signature.objects.get().name == "Ruth Feldman"
    assert Message.objects.count() == 1


def test_signing_again_before_confirming_replaces_the_earlier_choice(sign):
    sign(visibility="public")
    sign(visibility="private")

    assert Signature.objects.get().visibility == "private"


def test_a_later_message_invalidates_the_link_in_the_first(client, sign, confirm_link, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    sign()
    old = confirm_link()
    time_machine.move_to(start + timedelta(minutes=11), tick=False)
    sign()
    new = confirm_link()

    assert old != new
    assert client.post(old).status_code == 404
    assert client.post(new).status_code == 302


def test_an_address_gets_at_most_three_messages_a_day(sign, time_machine):
    start = timezone.now()
    for hour in range(6):
        time_machine.move_to(start + timedelta(hours=hour), tick=False)
        sign()

    assert Message.objects.count() == 3

    time_machine.move_to(start + timedelta(hours=25), tick=False)
    sign()

    assert Message.objects.count() == 4


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Enter your full name"),
        ({"name": "  "}, "Enter your full name"),
        ({"name": "buy at https://spam.example"}, "Enter your name as you would write it"),
        ({"email": "ruth@"}, "Enter an e-mail address like"),
        ({"email": "r" * 250 + "@example.org"}, "This address is too long"),
        ({"country": "ZZ"}, "Choose your country from the list"),
        ({"country": ""}, "Choose your country"),
        ({"postcode": "NW3"}, "Enter a full UK postcode, such as NW3 7UX. You may also leave it empty"),
        ({"postcode": "BFPO 61"}, "which begins with BF1. You may also leave it empty"),
        ({"kind": "organisation"}, "Enter the name of the organisation"),
        ({"visibility": ""}, "Choose what happens to your name"),
        ({"visibility": "count", "updates": "on"}, "To get news, choose Private or Public"),
        ({"agree": ""}, "Tick the box to say that you agree"),
        ({"name": "\x01"}, "Enter your full name"),
        ({"name": "a" + "\u0958" * 99}, "at most 100 characters"),  # it becomes two characters in NFC
    ],
)
def test_a_wrong_answer_is_explained_and_nothing_is_stored(sign, changes, message):
    response = sign(**changes)

    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Signature.objects.exists()
    assert not Message.objects.exists()


def test_an_invalid_form_keeps_the_answers(sign):
    page = sign(agree="").content.decode()

    assert 'value="Ruth Feldman"' in page
    assert 'value="ruth@example.org"' in page


def test_an_invalid_form_is_validated_once(sign, monkeypatch):
    validated, clean = [], SignatureForm.clean
    monkeypatch.setattr(SignatureForm, "clean", lambda form: validated.append(form) or clean(form))
    sign(agree="")

    assert len(validated) == 1


def test_a_null_character_in_the_name_is_refused_without_a_server_error(sign):
    response = sign(name="Ruth\x00")

    assert response.status_code == 200
    assert not Signature.objects.exists()


def test_private_is_preselected(client, pledge):
    page = client.get(pledge.get_absolute_url()).content.decode()

    checked = [line for line in page.split("<input") if 'name="visibility"' in line and "checked" in line]
    assert len(checked) == 1
    assert 'value="private"' in checked[0]


def test_only_the_outward_code_is_stored(sign):
    sign()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pledges_signature::text FROM pledges_signature")
        row = cursor.fetchone()[0]
    assert Signature.objects.get().outward_code == "NW3"
    assert "7UX" not in row.upper()


def test_the_database_stores_no_name_or_address_in_plain_text(sign):
    sign(kind="organisation", organisation="Golders Green Group", visibility="public")

    with connection.cursor() as cursor:
        cursor.execute("SELECT pledges_signature.*::text FROM pledges_signature")
        row = cursor.fetchone()[0]
        cursor.execute("SELECT mail_message.*::text FROM mail_message")
        row += cursor.fetchone()[0]
    stored = row + bytes(Signature.objects.values_list("email_hash", flat=True)[0]).hex()
    for secret in ("Ruth", "ruth@example.org", "Golders"):
        assert secret not in stored
        assert secret.encode().hex() not in stored


def test_a_page_of_another_site_cannot_post_the_form(client, pledge):
    response = client.post(pledge.get_absolute_url(), ANSWERS, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert not Signature.objects.exists()


def test_an_instant_submission_is_silently_flagged_but_a_field_filled_in_by_a_password_manager_is_not(
    client, pledge, sign, time_machine
):
    time_machine.move_to("2026-11-22T12:00:00Z", tick=False)
    filled = sign(website="https://ruth.example")
    fast = sign(email="fast@example.org", stamp=make_stamp(timezone.now().timestamp()))
    slow = sign(email="slow@example.org", stamp=make_stamp(timezone.now().timestamp() - 60))

    assert 'name="website"' not in client.get(pledge.get_absolute_url()).content.decode()
    assert filled.status_code == fast.status_code == slow.status_code == 302
    by_address = {s.email: s.suspicion for s in Signature.objects.all()}
    assert by_address == {
        "ruth@example.org": "",
        "fast@example.org": "automatic",
        "slow@example.org": "",
    }


@pytest.mark.django_db
def test_a_closed_pledge_shows_no_form_and_accepts_no_signature(client):
    pledge = PledgeFactory(closes_at=timezone.now() - timedelta(days=1))

    response = client.post(pledge.get_absolute_url(), ANSWERS)

    assert response.status_code == 200
    assert 'name="email"' not in response.content.decode()
    assert not Signature.objects.exists()


def test_an_unpublished_pledge_is_not_found(client, pledge):
    pledge.published = False
    pledge.save()

    assert client.get(pledge.get_absolute_url()).status_code == 404


def test_the_page_sets_no_cookie_and_may_be_cached(client, pledge, settings, django_assert_max_num_queries):
    settings.PAGE_CACHE_SECONDS = 30
    SignatureFactory.create_batch(12, pledge=pledge, public=True)
    with django_assert_max_num_queries(6):
        response = client.get(pledge.get_absolute_url())

    assert not response.cookies
    assert "s-maxage=30" in response.headers["Cache-Control"]
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "csrf" not in response.content.decode().lower()


def test_the_page_after_signing_is_the_same_for_everybody(client, pledge):
    response = client.get(pledge.get_absolute_url() + "check-your-email/")

    assert response.status_code == 200
    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db(transaction=True)
def test_ten_simultaneous_posts_of_one_address_store_one_signature_and_one_message():
    pledge = PledgeFactory()

    def post(number):
        try:
            return Client().post(pledge.get_absolute_url(), ANSWERS).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(post, range(10))) == [302] * 10
    assert Signature.objects.count() == Message.objects.count() == 1
    assert send_waiting() == 1
