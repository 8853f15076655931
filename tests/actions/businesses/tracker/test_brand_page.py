"""A brand's page: its status, what the company says, and its timeline."""

from datetime import UTC, date, datetime, timedelta

import pytest

from actions.businesses.models import Basis, Kind
from tests.actions.businesses.ledger import add, check, deliver, publish_claim
from tests.factories import make_document

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)  # the `claim` is made on this day, and published sixteen days later


def test_the_reply_is_shown_beside_the_claim_in_the_same_kind_of_box(get, brand, claim, ada, grace):
    assert get("cotton/").count("No reply from the company has been published") == 2
    add(brand, Kind.REPLY, ada, grace, quotation="We ask our suppliers for certificates.")

    text = get("cotton/")
    status, timeline = text.split('id="timeline"')
    for part in (status, timeline.split('class="sides"')[1]):
        assert part.count('class="side"') in (1, 2)
        assert "We ask our suppliers for certificates." in part
    assert "Read the company’s reply" in get()


def test_an_entry_shows_its_date_evidence_and_how_we_know(get, brand, ada, grace):
    document = make_document()
    entry = add(
        *(brand, Kind.COMMITMENT, ada, grace),
        happened_on=date(2026, 11, 2),
        archive_url="https://web.archive.org/web/2026/https://example.org/letters/2026-11-02",
        document=document,
        quotation="We will.",
        basis=Basis.VERIFIED,
    )
    text = get("cotton/")
    assert f'id="entry-{entry.pk}"' in text
    for words in ("2 November 2026", "We will.", "web.archive.org", document.download_url, "basis-verified"):
        assert words in text
    assert document.sha256()[:12] in text


def test_a_withdrawn_claim_is_crossed_out_and_folded_and_its_reason_appears_once_checked(
    get, brand, claim, ada, grace, time_machine
):
    time_machine.move_to(NOON + timedelta(days=20), tick=False)
    retraction = brand.record(Kind.RETRACTION, ada, corrects=claim, note="We misread the letter.")
    item = lambda **query: get("cotton/", **query).split(f'id="entry-{claim.pk}"')[1].split("</li>")[0]  # noqa: E731
    assert "Withdrawn on 21 December 2026." in item()
    assert "We misread the letter." not in item()
    check(retraction, grace)
    assert "We misread the letter." in item()
    assert "<s>Declined</s>" in item()
    assert "It wrote that it will not commit." in item().split("<details")[1]

    past = item(day="2026-12-18")
    assert "Withdrawn on 21 December 2026." in past
    assert "<details" not in past


def test_a_corrected_claim_keeps_the_replies_to_the_first_one(get, brand, claim, ada, grace, time_machine):
    add(brand, Kind.REPLY, ada, grace, quotation="We ask our suppliers for certificates.")
    for days in (17, 34):
        time_machine.move_to(NOON + timedelta(days=days), tick=False)
        claim = add(brand, Kind.DECLINED, ada, grace, corrects=claim, note="It declined on paper.")
        deliver(claim)
    time_machine.move_to(NOON + timedelta(days=51), tick=False)
    publish_claim(claim, ada, grace)

    page = get("cotton/")
    status, entry = page.split('id="reply"')[1], page.split(f'id="entry-{claim.pk}"')[1].split('id="entry-')[0]
    for part in (status.split('id="timeline"')[0], entry):
        assert "We ask our suppliers for certificates." in part
    assert "Read the company’s reply" in get()
    assert brand.entries.replies_to(claim, NOON + timedelta(days=51)).exists()


def test_an_entry_hidden_while_a_complaint_is_examined_is_hidden_on_past_days_too(get, brand, claim, ada, time_machine):
    time_machine.move_to(NOON + timedelta(days=20), tick=False)
    brand.record(Kind.HIDDEN, ada, about=claim)

    past = get("cotton/", day="2026-12-18")
    assert "It wrote that it will not commit." not in past
    assert "A complaint about this entry is being examined" in past


def test_a_brand_without_entries_says_so(get, brand):
    assert "Nothing has been recorded yet." in get("cotton/")


def test_the_timeline_is_shown_fifty_entries_a_page(get, brand, ada, grace):
    for _ in range(51):
        add(brand, Kind.MEETING, ada, grace)

    assert get("cotton/").count('id="entry-') == 50
    assert get("cotton/", page="2").count('id="entry-') == 1
    assert "page=1#timeline" in get("cotton/", page="2")
