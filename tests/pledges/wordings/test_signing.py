"""A signature belongs to the wording that the page showed."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from campaign.versions.models import Version
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature, WordingCount
from pledges.signing.sign import sign as sign_pledge
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory
from tests.pledges.conftest import ANSWERS, post_and_agree
from tests.pledges.signing.test_functions import ADA
from tests.pledges.wordings.test_publishing import HOUR, live

NUMBER = re.compile(r'name="wording" value="(\d+)"')


def shown(response):
    """Return the number of the wording in the form."""
    return int(NUMBER.search(response.content.decode())[1])


def signed_wordings():
    return list(Signature.objects.order_by("signed_at").values_list("wording", flat=True))


@pytest.fixture
def second_wording(pledge, reword):
    """Return a function that publishes a second wording of the pledge."""

    def publish(**when):
        reword(pledge, "We have seen far too much.")
        return pledge.publish_new_wording(**when)

    return publish


def test_the_form_contains_the_number_of_the_wording_shown(client, pledge, sign, second_wording):
    path = pledge.get_absolute_url()
    assert shown(client.get(path)) == 1
    second_wording()
    assert shown(client.get(path)) == 2


def test_signing_from_a_cached_page_signs_the_words_on_that_page(client, pledge, sign, second_wording):
    number = shown(client.get(pledge.get_absolute_url()))
    second_wording()

    assert sign(wording=str(number)).status_code == 302
    assert sign(wording="2", email="leah@example.org").status_code == 302
    assert sign(email="noah@example.org").status_code == 302  # a page from before wordings were numbered
    assert signed_wordings() == [1, 2, 1]


@pytest.mark.parametrize(
    "number",
    [
        "0",
        "3",
        "-1",
        "32768",
        "99999",
        pytest.param("9" * 9000, id="long"),
        "²",
        "\u0661",
        pytest.param("1\0", id="null"),
        "two",
    ],
)
def test_words_that_were_never_shown_cannot_be_signed_and_nothing_typed_is_lost(client, pledge, second_wording, number):
    second_wording()
    response = client.post(pledge.get_absolute_url(), ANSWERS | {"wording": number})
    page = response.content.decode()

    assert not Signature.objects.exists()
    assert "The words of this pledge are not the ones that you were shown before." in page
    assert "We have seen far too much." in page
    assert 'value="Ruth Feldman"' in page
    assert 'value="ruth@example.org"' in page
    assert 'value="nw3 7ux"' in page
    assert shown(response) == 2
    assert not re.search(r'name="agree"[^>]*checked', page)
    assert client.post(pledge.get_absolute_url(), ANSWERS | {"wording": "2"}).status_code == 302


def test_a_scheduled_or_cancelled_wording_cannot_be_signed(pledge, sign, second_wording):
    version = second_wording(live_at=timezone.now() + HOUR)
    assert sign(wording="2").status_code == 200
    version.cancel(OrganiserFactory(), timezone.now())
    with time_machine.travel(timezone.now() + 2 * HOUR):
        assert sign(wording="2").status_code == 200
        assert sign(wording="1").status_code == 302


def test_a_form_shown_again_with_other_words_says_so_and_asks_for_a_new_tick(client, pledge, second_wording):
    second_wording()
    answers = ANSWERS | {"visibility": "public", "wording": "1"}
    response = client.post(pledge.get_absolute_url(), answers)
    assert "are not the ones that you were shown before" in response.content.decode()
    assert shown(response) == 2

    post_and_agree(client, pledge.get_absolute_url(), answers | {"wording": "2"})
    assert signed_wordings() == [2]


def test_signing_again_replaces_the_wording_of_a_pending_signature_but_not_of_a_confirmed_one(
    client, sign, second_wording, confirm_link
):
    sign()
    second_wording()
    sign(wording="2")
    assert signed_wordings() == [2]
    client.post(confirm_link())
    sign(wording="1")
    assert signed_wordings() == [2]


def test_a_second_person_signs_the_wording_on_their_page(client, sign, second_wording, confirm_link):
    sign()
    link = confirm_link()
    client.post(link)
    second_wording()
    page = client.get(f"{link}add/")
    answers = {"name": "Adam Feldman", "country": "GB", "visibility": "private", "agree": "on"}
    refused = client.post(f"{link}add/", answers | {"wording": "7"})
    assert "are not the ones that you were shown before" in refused.content.decode()
    client.post(f"{link}add/", answers | {"wording": shown(page)})

    assert signed_wordings() == [1, 2]


@pytest.mark.django_db
def test_only_a_live_pledge_can_be_signed():
    draft, now = PledgeFactory(publish=False), timezone.now()
    assert not sign_pledge(draft.slug, ADA, now)
    draft.publish(live_at=now + HOUR, expires_at=now + 2 * HOUR)
    signed = [sign_pledge(draft.slug, ADA, now + later) for later in (timedelta(), HOUR, 2 * HOUR)]

    assert signed == [False, True, False]


def test_versions_from_before_wordings_were_numbered_show_wording_1(client, pledge, reword):
    old = Version.objects.of(Pledge, pledge.pk).get()
    for name in ("wording", "wording_since", "corrections"):
        del old.content["fields"][name]
    fields = {"title": old.title, "content": old.content, "live_at": timezone.now()}
    Version.objects.create(model=old.model, object_id=old.object_id, number=2, **fields)

    assert shown(client.get(pledge.get_absolute_url())) == 1
    assert [sign_pledge(pledge.slug, replace(ADA, wording=number), timezone.now()) for number in (1, 2)] == [
        True,
        False,
    ]
    reword(pledge, "We have seen far too much.")
    pledge.publish_new_wording()
    assert [one.wording_in_words.split(",")[0] for one in pledge.wordings(9, 9)] == ["Wording 2", "Wording 1"]


@pytest.mark.django_db(transaction=True)
def test_signing_does_not_wait_for_other_words_to_be_published_and_keeps_its_wording(reword):
    pledge = PledgeFactory()
    frozen, go_on = threading.Event(), threading.Event()

    def publish():
        try:
            with transaction.atomic():
                Pledge.objects.get(pk=pledge.pk).publish_new_wording()
                frozen.set()
                assert go_on.wait(20)
        finally:
            connection.close()

    reword(pledge, "We have seen far too much.")
    with ThreadPoolExecutor(1) as pool:
        published = pool.submit(publish)
        assert frozen.wait(20)
        connection.cursor().execute("SET lock_timeout = '5s'")
        assert sign_pledge(pledge.slug, ADA, timezone.now())
        go_on.set()
        published.result()
    connection.cursor().execute("RESET lock_timeout")

    assert live(pledge).wording == 2
    assert pledge.in_wording(Signature.objects.get().wording).statement == "We have seen enough."


def counted(pledge):
    while publish_counts():
        pass
    return dict(WordingCount.objects.filter(pledge=pledge, count__gt=0).values_list("wording", "count"))


@pytest.mark.django_db
def test_counts_follow_the_wording_when_somebody_withdraws_and_signs_other_words(pledge, sign, second_wording):
    second_wording()
    signatures = [SignatureFactory(pledge=pledge, confirmed=True, wording=number) for number in (1, 2, 2)]
    assert counted(pledge) == {2: 2}
    signatures[0].refresh_from_db()
    signatures[0].withdraw()
    Signature.objects.filter(pk=signatures[0].pk).update(state="confirmed", wording=2)
    assert counted(pledge) == {2: 3}
    signatures[1].refresh_from_db()
    signatures[1].withdraw()
    assert counted(pledge) == {2: 2}
    assert Pledge.objects.with_count().get().count == 2
