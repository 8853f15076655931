"""Counts of downloaded and sent letters."""

import pytest

from actions.letters.models import DownloadCount, SentCount
from tests.actions.letters.conftest import HAMPSTEAD, URL, text_of


def test_downloads_are_counted_by_day_and_format_only(client, letter, answers):
    client.get(f"{URL}download.pdf")
    client.get(f"{URL}download.pdf")
    client.head(f"{URL}download.pdf")
    client.get(f"{URL}download.pdf", headers={"sec-purpose": "prefetch"})
    client.post(f"{URL}download.docx", answers)

    counts = {count.kind: count.count for count in DownloadCount.objects.all()}
    assert counts == {"pdf": 2, "docx": 1}
    assert {field.name for field in DownloadCount._meta.fields} == {"id", "letter", "kind", "day", "count"}


@pytest.mark.parametrize("nonsense", ["\0", "a\0b", "", "E14", "E14001265\0", "9" * 5000])
def test_an_invalid_constituency_is_counted_as_none(client, letter, nonsense):
    assert client.post(f"{URL}sent/", {"constituency": nonsense}).status_code == 302
    assert letter.sent.values_list("area_code", "count").get() == ("", 1)


def test_sent_letters_are_counted_and_shown_from_ten_on(client, letter):
    for _ in range(9):
        assert client.post(f"{URL}sent/", {"constituency": HAMPSTEAD}).status_code == 302
    assert "people have told us" not in text_of(client.get(URL))

    client.post(f"{URL}sent/", {"constituency": "nonsense" * 9})
    assert "<strong>10</strong>" in text_of(client.get(URL))
    assert "<strong>10</strong>" in text_of(client.get(f"{URL}sent/"))
    counts = {count.area_code: count.count for count in SentCount.objects.all()}
    assert counts == {HAMPSTEAD: 9, "": 1}


def test_viewing_the_thank_you_page_counts_nothing(client, letter):
    client.get(f"{URL}sent/")

    assert not SentCount.objects.exists()
