"""The pages that show visitors, signers and organisers which wording was signed."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.mail.outbox import send_waiting
from pledges.counting.publishing import publish_counts
from pledges.counting.wordings import counts_by_wording
from pledges.holdings import signature_entries
from pledges.models import Export, ManageLink, Pledge, Signature
from tests.factories import SignatureFactory


@pytest.fixture
def two_wordings(pledge, reword):
    """Publish a second wording; return a function that adds signatures to both wordings and publishes the counts."""
    reword(pledge, "We have seen far too much.")
    pledge.publish(check=False)

    def add(first, second):
        for wording, number in ((1, first), (2, second)):
            SignatureFactory.create_batch(number, pledge=pledge, confirmed=True, wording=wording)
        while publish_counts():
            pass

    return add


def text_of(client, pledge, page=""):
    response = client.get(f"{pledge.get_absolute_url()}{page}")
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("page", ["", "thank-you/"])
def test_the_page_states_its_wording_and_the_number_of_signatures_under_each(client, pledge, two_wordings, page):
    two_wordings(14, 11)
    text = text_of(client, pledge, page)

    assert "Wording 2, since" in text
    assert "At least 10 signatures are for wording 1." in text
    assert "At least 10 signatures are for wording 2." in text
    assert (
        f'href="/pledges/{pledge.slug}/wordings/"' in client.get(f"{pledge.get_absolute_url()}{page}").content.decode()
    )


def test_pages_do_not_mention_wordings_while_there_is_only_one(client, pledge):
    assert "Wording" not in text_of(client, pledge)
    assert "Corrected" not in text_of(client, pledge)


def test_small_counts_are_suppressed_and_so_are_counts_that_would_reveal_them(client, pledge, two_wordings):
    two_wordings(30, 9)
    assert "signatures are for wording" not in text_of(client, pledge)
    two_wordings(0, 1)
    assert "At least 30 signatures are for wording 1." in text_of(client, pledge)
    numbers = json.loads(client.get(f"{pledge.get_absolute_url()}count.json").content)
    assert (numbers["wording"], numbers["wordings"]) == (2, {"2": 10, "1": 30})


@given(st.lists(st.integers(0, 40), max_size=5))
def test_suppressed_counts_cannot_be_worked_out_from_the_total(counts):
    """Every count shown is a multiple of ten, and the counts not shown add up to zero, or to ten or more."""
    by_number = dict(enumerate(counts, start=1))
    pledge = Pledge()
    pledge.count, pledge.later_counts = sum(counts), {str(n): count for n, count in by_number.items() if n > 1}
    shown = counts_by_wording(pledge)
    hidden = sum(count for number, count in by_number.items() if number not in shown)

    assert all(count >= 10 and count % 10 == 0 and count <= by_number[number] for number, count in shown.items())
    assert not shown or hidden == 0 or hidden >= 10


def test_the_page_of_wordings_shows_each_text_needs_few_queries_and_may_be_cached(
    client, pledge, two_wordings, reword, django_assert_num_queries
):
    reword(pledge, "We have seen far too mutch.")
    pledge.publish_new_wording()
    reword(pledge, "We have seen far too much.")
    pledge.publish_correction("A letter too many.")
    client.get(f"{pledge.get_absolute_url()}wordings/")
    with django_assert_num_queries(4):
        response = client.get(f"{pledge.get_absolute_url()}wordings/")
    text = text_of(client, pledge, "wordings/")

    assert re.findall(r"Wording (\d), since", text) == ["3", "2", "1"]
    assert "We have seen enough." in text
    assert "A letter too many. far too mutch. far too much." in text
    assert not response.cookies
    assert "public" in response.headers["Cache-Control"]


def test_many_wordings_are_shown_ten_at_a_time(client, pledge, reword):
    for number in range(2, 13):
        reword(pledge, f"We have seen enough {number} times.")
        pledge.publish()
    text = text_of(client, pledge, "wordings/")
    assert re.findall(r"Wording (\d+), since", text) == [str(number) for number in range(12, 2, -1)]
    assert "?before=3" in client.get(f"{pledge.get_absolute_url()}wordings/").content.decode()
    assert re.findall(r"Wording (\d+), since", text_of(client, pledge, "wordings/?before=3")) == ["2", "1"]
    for odd in ("0", "x", "-1", "99999", "9" * 5000):
        assert "Wording 12" in text_of(client, pledge, f"wordings/?before={odd}")


def test_a_correction_is_shown_under_the_statement(client, pledge, reword):
    SignatureFactory(pledge=pledge)
    reword(pledge, "We have sean enough.")
    pledge.publish_correction("<b>How</b> it is spelt.")
    page = client.get(pledge.get_absolute_url()).content.decode()

    assert "Corrected since it was published" in page
    assert "&lt;b&gt;How&lt;/b&gt; it is spelt." in page
    assert re.search(r"<del[^>]*>have seen enough.</del>|<del[^>]*>We have seen enough.</del>", page)


def manage_page(client, pledge, mailoutbox):
    client.post(f"{pledge.get_absolute_url()}my-signature/", {"email": "ruth@example.org"})
    send_waiting()
    link = re.search(r"https?://[^/]+(/pledges/manage/\S+)", mailoutbox[-1].body)[1]
    assert ManageLink.objects.exists()
    return client.get(link).content.decode()


def test_signers_see_the_words_they_signed(client, pledge, sign, confirm_link, reword, mailoutbox):
    sign()
    link = confirm_link()
    assert "You signed wording" not in client.get(link).content.decode()
    reword(pledge, "We have seen far too much.")
    pledge.publish_new_wording()
    for page in (client.get(link).content.decode(), client.post(link) and manage_page(client, pledge, mailoutbox)):
        assert "You signed wording 1." in page
        assert "We have seen enough." in page


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_export_for_delivery_contains_the_wording(pledge, format):
    SignatureFactory(pledge=pledge, confirmed=True, wording=2)
    header, row = Export(pledge=pledge, purpose="delivery", format=format).rows()

    assert dict(zip(header, row, strict=True))["wording"] == "2"


def test_an_answer_to_a_subject_access_request_contains_the_wording(pledge):
    SignatureFactory(pledge=pledge, email="ruth@example.org", wording=2)
    [entry, *_] = signature_entries("ruth@example.org")

    assert ("Wording that was signed", "2") in [(str(label), text) for label, text in entry.values]
    assert Signature.objects.get().wording == 2
