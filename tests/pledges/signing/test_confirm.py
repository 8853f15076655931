"""Confirming: `/pledges/confirm/<token>/`."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature
from tests.factories import OrganiserFactory, SignatureFactory


def published_count():
    while publish_counts():
        pass
    return Pledge.objects.with_count().get().count


def test_opening_the_link_changes_nothing(client, sign, confirm_link):
    sign()
    link = confirm_link()

    for _ in range(2):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200

    assert Signature.objects.get().state == Signature.State.PENDING
    assert published_count() == 0


def test_the_page_does_not_repeat_its_token(client, sign, confirm_link):
    sign()
    link = confirm_link()

    assert link.split("/")[-2] not in client.get(link).content.decode()


def test_the_button_confirms_once(client, sign, confirm_link, pledge):
    sign()
    link = confirm_link()
    first, second = client.post(link), client.post(link)

    assert first.headers["Location"] == f"/pledges/{pledge.slug}/thank-you/"
    assert second.status_code == 200
    assert "already" in second.content.decode()
    assert published_count() == 1


def test_a_link_that_was_never_sent_is_not_found(client, pledge):
    assert client.get("/pledges/confirm/nonsense/").status_code == 404
    assert client.post("/pledges/confirm/nonsense/").status_code == 404


def test_a_link_works_for_fourteen_days(client, sign, confirm_link, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    sign()
    link = confirm_link()

    time_machine.move_to(start + timedelta(days=settings.PLEDGE_CONFIRM_DAYS, seconds=1), tick=False)
    client.post(link)
    assert Signature.objects.get().state == Signature.State.PENDING

    time_machine.move_to(start + timedelta(days=settings.PLEDGE_CONFIRM_DAYS), tick=False)
    client.post(link)
    assert Signature.objects.get().state == Signature.State.CONFIRMED


def test_a_page_of_another_site_cannot_confirm(client, sign, confirm_link):
    sign()
    response = client.post(confirm_link(), headers={"Origin": "https://evil.example"})

    assert response.status_code == 403
    assert Signature.objects.get().state == Signature.State.PENDING


def test_a_public_name_is_listed_once_confirmed(client, sign, confirm_link, pledge):
    sign(visibility="public")
    assert Signature.objects.get().public_name == ""
    client.post(confirm_link())
    publish_counts()

    page = client.get(pledge.get_absolute_url() + "signatories/").content.decode()
    assert "Ruth Feldman" in page


def test_a_private_name_is_counted_and_never_shown(client, sign, confirm_link, pledge):
    sign(visibility="private")
    client.post(confirm_link())

    assert published_count() == 1
    for address in ("/", pledge.get_absolute_url(), pledge.get_absolute_url() + "signatories/"):
        assert "Ruth" not in client.get(address).content.decode()


def test_confirming_a_count_only_signature_erases_name_and_address(client, sign, confirm_link):
    sign(visibility="count")
    client.post(confirm_link())

    signature = Signature.objects.get()
    assert (signature.name, signature.email, signature.organisation) == (None, None, None)
    assert signature.confirmed_at.minute == signature.confirmed_at.second == 0
    assert published_count() == 1


def test_a_count_only_signer_cannot_sign_twice(client, sign, confirm_link):
    sign(visibility="count")
    client.post(confirm_link())
    sign(visibility="public")

    assert Signature.objects.get().visibility == "count"


@pytest.mark.django_db
def test_the_database_refuses_a_name_on_a_count_only_signature():
    with pytest.raises(IntegrityError):
        SignatureFactory(confirmed=True, visibility="count")


@pytest.mark.django_db
def test_the_database_refuses_a_public_name_on_a_private_signature():
    with pytest.raises(IntegrityError):
        SignatureFactory(confirmed=True, visibility="private", public_name="Ruth")


def test_an_organisation_is_listed_only_after_approval(client, sign, confirm_link, pledge):
    sign(visibility="public", kind="organisation", organisation="Golders Green Group")
    client.post(confirm_link())
    assert published_count() == 1
    listed = pledge.signatures.listed()
    assert not listed.exists()

    Signature.objects.update(approved=True)
    publish_counts()

    assert listed.get().public_name == "Golders Green Group"


def test_a_signature_held_for_review_is_not_counted_until_an_organiser_accepts_it(client, sign, confirm_link):
    sign()
    Signature.objects.update(suspicion="automatic")
    client.post(confirm_link())
    assert published_count() == 0

    Signature.objects.change_state("confirmed", OrganiserFactory(), "We know her.")

    assert published_count() == 1


def test_the_page_is_not_cached_and_sets_no_cookie(client, sign, confirm_link):
    sign()
    response = client.get(confirm_link())

    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_the_message_repeats_nothing_that_the_signer_typed(sign, confirm_link, mailoutbox):
    sign(name="CLICK HERE NOW", kind="organisation", organisation="Free Money")
    confirm_link()

    message = mailoutbox[-1]
    text = message.subject + message.body
    assert "CLICK" not in text
    assert "Free Money" not in text
    assert message.to == ["ruth@example.org"]


@pytest.mark.django_db(transaction=True)
def test_ten_simultaneous_clicks_confirm_once():
    signature = SignatureFactory(message_id="5f4c3a52-0a0b-4ad8-a1a5-5a3cf0a8a001")
    from pledges.signing.tokens import confirmation_token

    link = f"/pledges/confirm/{confirmation_token('5f4c3a52-0a0b-4ad8-a1a5-5a3cf0a8a001')}/"

    def post(number):
        try:
            return Client().post(link).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(post, range(10)))

    assert statuses.count(302) == 1
    assert signature.pledge.signatures.filter(state="confirmed").count() == 1
