"""Complaints about an entry: `/businesses/complaints/`."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from actions.businesses.models import Code, Complaint, Entry, Kind
from actions.businesses.models.complaints import ANSWER
from campaign.audit.models import AuditEntry
from campaign.mail.models import Message
from campaign.mail.writers import WRITERS
from tests.accounts.organisers import begin_session, make_established
from tests.actions.businesses.ledger import add, deliver, publish_claim
from tests.actions.factories import BrandFactory
from tests.factories import SiteSettingsFactory

URL = "/businesses/cotton/complain/"


@pytest.fixture
def claim(brand, ada, grace):
    """Return a published claim against the brand."""
    SiteSettingsFactory()
    entry = add(brand, Kind.DECLINED, ada, checked_by=grace, note="It said no.")
    deliver(entry, timezone.now().replace(year=2025))
    publish_claim(entry, ada, grace)
    return entry


@pytest.fixture
def answers(claim):
    return {"entry": str(claim.pk), "words": "We never said that.", "name": "Tom Okafor", "email": "tom@cotton.com"}


def press(client, complaint, step, user, **data):
    begin_session(client, user)
    return client.post(f"/admin/businesses/complaint/{complaint.pk}/{step}/", data, follow=True).content.decode()


def test_a_complaint_about_a_public_entry_reaches_the_organisers(client, answers, grace):
    assert client.post(URL, answers).headers["Location"] == f"{URL}?sent=1"
    assert "answer you by e-mail" in client.get(f"{URL}?sent=1").content.decode()

    complaint = Complaint.objects.get()
    begin_session(client, grace)
    page = client.get(f"/admin/businesses/complaint/{complaint.pk}/change/").content.decode()
    assert "We never said that." in page
    assert "Somebody says that an entry about a brand is wrong" in client.get("/admin/").content.decode()


def test_one_organiser_hides_a_claim_at_once_and_another_shows_it_again(client, answers, brand, ada, grace, claim):
    client.post(URL, answers)
    complaint = Complaint.objects.get()
    before = timezone.now()
    assert brand.status_at(before).code == Code.DECLINED

    assert "The entry is hidden" in press(client, complaint, "hide", grace)
    assert AuditEntry.objects.filter(act="hide_entry", actor=grace.pk).exists()
    assert brand.status_at(timezone.now()).code == Code.NONE
    assert "It said no." not in client.get("/businesses/cotton/").content.decode()
    assert brand.status_at(before).code == Code.DECLINED  # the past day stays unchanged

    assert "another organiser has to show it again" in press(client, complaint, "show", grace)
    assert brand.status_at(timezone.now()).code == Code.NONE
    assert not AuditEntry.objects.filter(act="show_entry").exists()
    assert "The entry is shown again" in press(client, complaint, "show", ada)
    assert brand.status_at(timezone.now()).code == Code.DECLINED
    steps = Entry.objects.filter(about=claim).order_by("pk").values_list("kind", flat=True)
    assert list(steps)[-2:] == ["hidden", "shown"]


@pytest.mark.parametrize("kind", [Kind.COMMITMENT, Kind.KEPT, Kind.REPLY])
def test_nobody_can_hide_entries_in_the_companys_favour(client, answers, brand, ada, grace, claim, kind):
    entry = add(brand, kind, ada, checked_by=grace)
    client.post(URL, answers | {"entry": str(entry.pk)})
    status = brand.status_at(timezone.now())

    page = press(client, Complaint.objects.get(), "hide", grace)

    assert "Hide the entry for now" not in page
    assert not Entry.objects.filter(kind=Kind.HIDDEN).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        brand.record(Kind.HIDDEN, ada, about=entry)
    assert brand.status_at(timezone.now()).code == status.code


def test_the_answer_is_mailed_and_kept(client, answers, grace):
    client.post(URL, answers)
    complaint = Complaint.objects.get()

    assert "Write the answer" in press(client, complaint, "answer", grace, answer=" ")
    assert "on its way" in press(client, complaint, "answer", grace, answer="We have corrected it.")

    mail = WRITERS[ANSWER](Message.objects.get(kind=ANSWER))
    assert mail.to == ["tom@cotton.com"]
    assert "We have corrected it." in mail.body
    assert not complaint.send_answer("Again", timezone.now())


def test_an_organiser_without_the_right_can_neither_read_nor_hide(client, answers):
    client.post(URL, answers)
    complaint = Complaint.objects.get()
    begin_session(client, make_established("eve", is_superuser=False))

    assert client.get(f"/admin/businesses/complaint/{complaint.pk}/change/").status_code == 403
    assert client.post(f"/admin/businesses/complaint/{complaint.pk}/hide/").status_code == 403
    assert not Entry.objects.filter(kind=Kind.HIDDEN).exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"entry": "999999"}, "Choose the entry again"),
        ({"entry": ""}, "Choose the entry"),
        ({"words": ""}, "Say what is wrong"),
        ({"name": ""}, "Enter your full name"),
        ({"email": "x"}, "Enter an e-mail address like"),
    ],
)
def test_a_mistake_gets_an_error_and_nothing_typed_is_lost(client, answers, change, message):
    page = client.post(URL, answers | change).content.decode()

    assert message in page
    assert not Complaint.objects.exists()
    if "words" not in change:
        assert "We never said that." in page


def test_only_public_entries_can_be_chosen(client, claim, ada, brand):
    hidden = add(brand, Kind.LETTER, ada)

    page = client.get(URL).content.decode()

    assert re.findall(r'<option value="(\d+)"', page) == [str(claim.pk)]
    assert client.post(URL, {"entry": str(hidden.pk)}).status_code == 200


def test_the_page_says_what_happens_and_links_to_the_brands_form(client, claim):
    page = client.get("/businesses/complaints/").content.decode()
    assert "immediately hides what we say against the company" in page

    assert client.get("/businesses/complaints/?brand=cotton").headers["Location"] == URL
    assert "Select a valid choice" in client.get("/businesses/complaints/?brand=no-such").content.decode()
    assert URL in client.get("/businesses/cotton/").content.decode()


def test_complaints_about_one_brand_do_not_use_up_the_limit_of_another(client, answers, ada, grace):
    other = add(BrandFactory(slug="linen"), Kind.LETTER, ada, checked_by=grace)
    fields = {"entry": other, "words": "No.", "name": "Eve", "email": "eve@example.org"}
    Complaint.objects.bulk_create(Complaint(**fields) for _number in range(200))

    assert client.post(URL, answers).status_code == 302
    assert (
        "too many complaints today"
        in client.post("/businesses/linen/complain/", answers | {"entry": other.pk}).content.decode()
    )
