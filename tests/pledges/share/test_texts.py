"""The texts for signers to send, on the share page and the thank-you page."""

import re
from html import unescape

import pytest

from campaign.tags.models import Tag
from pledges.models import Pledge, ShareText


@pytest.fixture
def thanks(client, pledge):
    """Return a function that fetches the thank-you page as text."""
    return lambda: client.get(f"{pledge.get_absolute_url()}thank-you/").text


def texts(page):
    return [unescape(text) for text in re.findall(r'<textarea id="share-text-\d"[^>]*>([^<]*)<', page)]


@pytest.mark.parametrize("path", ["share/", "thank-you/"])
def test_signers_can_edit_and_send_three_texts_without_scripts(client, pledge, settings, path):
    settings.SITE_URL = "https://campaign.example"
    page = client.get(pledge.get_absolute_url() + path).text
    first, *others = texts(page)

    assert first == (
        "I have signed “Stop it”. Will you sign too? You can choose whether your name is shown. "
        f"https://campaign.example{pledge.get_absolute_url()}"
    )
    assert len(others) == 2
    assert not [text for text in others if "I have signed" in text]
    assert page.count('href="https://wa.me/?text=I%20have%20signed') == 1
    assert page.count('href="mailto:?subject=Stop%20it&amp;body=I%20have%20signed') == 1
    assert "Did you sign in private" in page


def test_organisers_write_the_texts_and_the_first_three_are_offered(pledge, thanks):
    for order, text in enumerate(["One & all.", "Two", "Three", "Four"]):
        ShareText.objects.create(pledge=pledge, text=text, order=order)
    assert "Two" not in thanks()
    pledge.publish()

    assert [text.split(" http")[0] for text in texts(thanks())] == ["One & all.", "Two", "Three"]


def test_links_have_the_organisers_tag_and_identify_nobody(client, pledge, thanks):
    tag = Tag.objects.create(name="Shared", slug="shared")
    stored = Pledge.objects.get()
    stored.share_tag = tag
    stored.save()
    pages = [thanks(), *(client.get(pledge.get_absolute_url() + path).text for path in ("", "share/"))]

    assert all("via%3Dshared" in page for page in pages)
    assert thanks() == pages[0]
    tag.delete()
    assert "via%3D" not in thanks()


def test_the_tag_costs_the_pages_no_query(client, pledge, django_assert_max_num_queries):
    Pledge.objects.update(share_tag=Tag.objects.create(name="Shared", slug="shared"))
    with django_assert_max_num_queries(5):
        client.get(f"{pledge.get_absolute_url()}share/")
