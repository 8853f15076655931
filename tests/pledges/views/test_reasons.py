"""Reasons for signing: only public signers give them, organisers read them first, and they are erased with names."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaign.audit.models import AuditEntry
from campaign.privacy import crypto
from campaign.privacy.erasures import Erasure
from campaign.privacy.holdings import held_about
from campaign.privacy.models import ErasureEntry
from campaign.public_names.models import Hiding
from pledges.counting.publishing import publish_counts
from pledges.erasure_replay import replay
from pledges.forms.reason import ReasonField
from pledges.models import ManageLink, Pledge, Reason, Signature
from pledges.models.manage_link import manage_token
from pledges.tasks import reasons_waiting
from tests.accounts.organisers import make_organiser, sign_in
from tests.factories import PledgeFactory, SignatureFactory
from tests.pledges.conftest import post_and_agree

WHY = "My grandmother hid for two years; somebody spoke up for her."


@pytest.fixture
def reason(pledge):
    """Return an approved reason beside a listed name."""
    signature = SignatureFactory(pledge=pledge, public=True, name="Ruth Feldman", email="ruth@example.org")
    Reason.write(signature, WHY)
    publish_counts()
    reason = Reason.objects.get()
    reason.decide(make_organiser("reader"), "approved", reason.written_at)
    return reason


def pages(client, pledge):
    """Return how often the reason appears on the pledge's page and in the list of names."""
    path = pledge.get_absolute_url()
    return [client.get(url).text.count(WHY) for url in (path, f"{path}signatories/")]


def change(signature, visibility="public", **changes):
    answers = {"name": "Ruth Feldman", "shown_name": "", "town": "", "updates": False}
    Signature.objects.get(pk=signature.pk).change(visibility, **answers | changes)


def test_a_public_signer_gives_a_reason_while_confirming_and_nobody_sees_it_yet(client, pledge, sign, confirm_link):
    sign(visibility="public")
    link = confirm_link()
    assert "Why are you signing?" in client.get(link).text
    assert client.post(link, {"reason": WHY}).status_code == 302
    publish_counts()

    assert (Reason.objects.get().text, Reason.objects.get().state) == (WHY, "waiting")
    assert pages(client, pledge) == [0, 0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(text, 'escape') FROM pledges_reason")
        assert "grandmother" not in cursor.fetchone()[0]


@pytest.mark.parametrize("visibility", ["private", "count"])
def test_only_public_signers_are_asked_and_reasons_from_others_are_dropped(client, sign, confirm_link, visibility):
    sign(visibility=visibility)
    link = confirm_link()

    assert "reason" not in client.get(link).text
    assert client.post(link, {"reason": WHY}).status_code == 302
    assert not Reason.objects.exists()


def test_a_pledge_that_takes_no_reasons_neither_asks_for_them_nor_shows_any(client, pledge, reason, sign, confirm_link):
    assert pages(client, pledge) == [1, 1]
    stored = Pledge.objects.get()
    stored.takes_reasons = False
    stored.save()
    sign(visibility="public", email="leah@example.org")
    link = confirm_link()

    assert pages(client, pledge) == [0, 0]
    assert "Why are you signing?" not in client.get(link).text
    client.post(link, {"reason": WHY})
    assert Reason.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        "See https://example.org",
        "see WWW.example",
        "read bit.ly/abc",
        "read example.org please",
        "ｅｘａｍｐｌｅ．ｃｏｍ",
        "write to ada@example.org",
        "follow @ada",
        "ring 020 7946 0018",
        "ring +44 (20) 7946-0018",
        "a" * 201,
    ],
)
def test_links_addresses_numbers_and_long_texts_are_refused_but_the_form_keeps_them(client, sign, confirm_link, typed):
    sign(visibility="public")
    link = confirm_link()
    page = client.post(link, {"reason": typed})

    assert page.status_code == 200
    assert 'class="error' in page.text or "field-wrong" in page.text
    assert typed[:20] in page.text
    assert "Confirm my signature" in page.text
    assert Signature.objects.get().state == "pending"


@pytest.mark.parametrize(
    "typed",
    ["From 1939-1945 to 2017, never again.", "He told.me so.", "Psalm 34:14", "מפני שראינו", "1.5 million people"],
)
def test_ordinary_words_and_years_are_accepted(typed):
    assert ReasonField().clean(typed) == typed


def test_an_approved_reason_is_shown_beside_its_name(client, pledge, reason):
    assert pages(client, pledge) == [1, 1]
    page = client.get(pledge.get_absolute_url()).text
    assert page.index(WHY) < page.index("<bdi>Ruth Feldman</bdi>", page.index(WHY))


def test_a_reason_is_hidden_with_its_name_by_the_panic_switch_or_a_rejection(client, pledge, reason):
    signature, organiser = reason.signature, make_organiser("hider")
    Hiding.begin(organiser, Hiding.Reason.DANGER, timezone.now())
    assert pages(client, pledge) == [0, 0]
    Hiding.objects.update(ended_at=timezone.now())
    signature.hide_name(organiser, "abusive")
    assert pages(client, pledge) == [0, 0]
    signature.hide_name(organiser, "")
    assert pages(client, pledge) == [1, 1]
    Signature.objects.all().change_state("rejected", organiser, "A made-up name.")
    assert pages(client, pledge) == [0, 0]


@pytest.mark.parametrize("end", ["withdraw", "private", "count", "erase"])
def test_a_reason_is_erased_when_the_name_is_no_longer_public(client, pledge, reason, end):
    if end == "withdraw":
        Signature.objects.get().withdraw()
    elif end == "erase":
        pledge.erase_signers()
    else:
        change(reason.signature, end)

    assert not Reason.objects.exists()
    assert pages(client, pledge) == [0, 0]


def test_a_changed_reason_has_to_be_read_again_but_an_unchanged_one_stays(client, pledge, reason):
    change(reason.signature, town="Leeds", reason=WHY)
    assert pages(client, pledge) == [1, 1]
    change(reason.signature, reason="Because.")
    assert Reason.objects.get().state == "waiting"
    assert pages(client, pledge) == [0, 0]
    change(reason.signature, reason="")
    assert not Reason.objects.exists()


def test_signers_change_their_reason_on_their_own_page(client, pledge, reason):
    key = uuid.uuid4()
    hashed = crypto.token_hash(manage_token(key))
    fields = {"pk": key, "pledge": pledge, "token_hash": hashed, "created_at": timezone.now()}
    ManageLink.objects.create(signature=reason.signature, **fields)
    page = client.get(f"/pledges/manage/{manage_token(key)}/").text
    assert WHY in page
    assert "Your reason is shown beside your name" in page
    answers = {"name": "Ruth Feldman", "visibility": "public", "reason": "Because."}
    assert post_and_agree(client, f"/pledges/manage/{manage_token(key)}/", answers).status_code == 302
    assert "have not read your reason yet" in client.get(f"/pledges/manage/{manage_token(key)}/").text
    post_and_agree(client, f"/pledges/manage/{manage_token(key)}/", answers | {"visibility": "private"})

    assert not Reason.objects.exists()


def test_a_reason_that_is_too_long_is_refused_in_plain_words(client, sign, confirm_link):
    sign(visibility="public")
    page = client.post(confirm_link(), {"reason": "a" * 201}).text

    assert "Use at most 200 characters" in page
    assert "Ensure" not in page


def test_removing_a_reason_is_repeated_after_an_old_backup_is_restored(pledge, reason):
    change(reason.signature, reason="")
    assert ErasureEntry.objects.filter(line__contains=f" reason {pledge.pk} ").exists()
    Reason.write(reason.signature, WHY)  # the row as it was in the backup
    Reason.objects.update(state="approved", written_at=timezone.now() - timedelta(days=1))
    mine = bytes(reason.signature.email_hash)

    assert replay(Erasure(timezone.now(), "reason", str(pledge.pk), mine))
    assert not replay(Erasure(timezone.now(), "reason", str(pledge.pk), mine))
    Reason.write(reason.signature, "A newer one.")
    assert not replay(Erasure(timezone.now() - timedelta(days=1), "reason", str(pledge.pk), mine))


@pytest.mark.parametrize("decided", ["waiting", "approved"])
def test_a_refusal_is_repeated_after_an_old_backup_is_restored(pledge, reason, decided):
    earlier = timezone.now() - timedelta(hours=1)
    reason.decide(make_organiser("second"), "refused", reason.written_at)
    [line] = ErasureEntry.objects.filter(line__contains=" reason-refused ").values_list("line", flat=True)
    restored = {"state": decided, "written_at": earlier, "decided_at": earlier if decided == "approved" else None}

    Reason.objects.update(**restored)
    assert replay(Erasure.parse(line))
    assert not replay(Erasure.parse(line))
    assert Reason.objects.get().state == "refused"

    Reason.objects.update(**restored | {"state": "approved", "decided_at": timezone.now() + timedelta(seconds=1)})
    assert not replay(Erasure.parse(line))


def test_a_reason_is_in_the_answer_to_a_subject_access_request(reason):
    assert any(WHY in text for entry in held_about("ruth@example.org") for _label, text in entry.values)


def test_organisers_decide_with_one_press_and_the_audit_log_omits_the_words(client, pledge):
    sign_in(client)
    first, second = SignatureFactory.create_batch(2, pledge=pledge, public=True)
    Reason.write(first, WHY)
    Reason.write(second, "Because.")
    page = client.get("/admin/pledges/reason/").text
    assert page.count("Show this reason") == 2
    assert page.count("autofocus") == 1
    for signature, press in ((first, "show"), (second, "refuse")):
        seen = Reason.objects.get(pk=signature.pk).written_at.isoformat()
        client.post(f"/admin/pledges/reason/{signature.pk}/decide/", {"seen": seen, press: "1"})

    assert dict(Reason.objects.values_list("pk", "state")) == {first.pk: "approved", second.pk: "refused"}
    assert set(AuditEntry.objects.values_list("act", flat=True)) >= {"show_reason", "refuse_reason"}
    assert "grandmother" not in str(list(AuditEntry.objects.values()))
    assert WHY in client.get("/admin/pledges/reason/?state=approved").text
    link = f"/admin/pledges/reason/?signature={first.pk}"
    assert link in client.get(f"/admin/pledges/signature/{first.pk}/change/").text
    assert WHY in client.get(link).text
    assert WHY not in client.get("/admin/pledges/reason/?signature=nobody").text


def test_a_reason_that_changed_after_it_was_read_is_not_shown(client, pledge):
    sign_in(client)
    signature = SignatureFactory(pledge=pledge, public=True)
    Reason.write(signature, WHY)
    seen = Reason.objects.get().written_at.isoformat()
    Reason.write(signature, "Something quite different.")
    for stale in (seen, "", "yesterday", "2026-11-26T10:00:00"):
        page = client.post(f"/admin/pledges/reason/{signature.pk}/decide/", {"seen": stale, "show": "1"}, follow=True)
        assert "has changed since you read it" in page.text

    assert Reason.objects.get().state == "waiting"


def test_the_desk_says_how_many_reasons_are_waiting(pledge):
    assert list(reasons_waiting()) == []
    Reason.write(SignatureFactory(pledge=pledge, public=True), WHY)

    [task] = reasons_waiting()
    assert task.text == "1 reason for signing is waiting to be read."


def test_six_reasons_take_one_query_and_the_moderation_page_takes_few(client, pledge, django_assert_max_num_queries):
    sign_in(client)
    for signature in SignatureFactory.create_batch(8, pledge=pledge, public=True):
        Reason.write(signature, WHY)
    with django_assert_max_num_queries(8):
        client.get("/admin/pledges/reason/")
    publish_counts()
    Reason.objects.update(state="approved", decided_at=timezone.now())

    assert pages(client, pledge) == [6, 8]
    assert PledgeFactory().takes_reasons
