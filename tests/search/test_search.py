"""The search page: `/search/`."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaign.pages.models import Page, Question, Text
from campaign.search.indexing import index_for_search, update_index
from campaign.search.models import IndexRow
from tests.accounts.organisers import sign_in
from tests.actions.factories import AppealFactory, BrandFactory, LetterFactory, ProtestFactory
from tests.editing.filled_in import filled_in
from tests.factories import PageFactory, PledgeFactory, SignatureFactory, SiteSettingsFactory, UpdateFactory, publish

pytestmark = pytest.mark.django_db


def page_with(html, **fields):
    page = PageFactory(**fields)
    Text.objects.create(parent=page, region="main", html=html)
    publish(page, check=False)
    return page


def results_of(client, words, **more):
    return client.get("/search/", {"q": words, **more}).content.decode()


def test_without_words_only_the_form_is_shown(client):
    for path in ("/search/", "/search/?q=", "/search/?q=+++", "/search/?page=3"):
        text = client.get(path).content.decode()
        assert 'role="search"' in text
        assert "result" not in text.split("</form>")[1]


def test_each_kind_of_content_is_found(found):
    PageFactory(title="Page about marmots")
    UpdateFactory(title="Update about marmots")
    PledgeFactory(title="Pledge about marmots")
    LetterFactory(title="Letter about marmots")
    ProtestFactory(title="Protest about marmots")
    BrandFactory(title="Marmot Clothing")
    AppealFactory(title="Appeal for marmots")

    assert sorted(found("marmot")) == sorted(
        [
            *("Page about marmots", "Update about marmots", "Pledge about marmots", "Letter about marmots"),
            *("Protest about marmots", "Marmot Clothing", "Appeal for marmots"),
        ]
    )


def test_the_words_of_every_part_are_found(found):
    page = page_with("<p>Cotton is <strong>picked</strong> by hand.</p>", title="Cotton")
    Question.objects.create(parent=page, region="main", question="Who profits?", answer="<p>Retailers do.</p>")
    page.publish()
    PledgeFactory(title="Stop it", statement="We refuse.", demands=["Name the factories."])

    assert found("picked hand") == found("retailer") == ["Cotton"]
    assert found("refusing") == found("factory") == ["Stop it"]


def test_unpublished_content_is_not_found(found):
    soon = timezone.now() + timedelta(hours=1)
    PageFactory(title="A draft about marmots", publish=False)
    PageFactory(title="A marmot to come", publish=soon)
    page = PageFactory(title="A former marmot", publish=False)
    page.publish(live_at=soon - timedelta(days=2), expires_at=soon - timedelta(days=1))
    PageFactory(title="A hidden marmot", published=False)
    changed = PageFactory(title="Of camels")
    changed.title = "Of marmots"
    changed.save()

    assert found("marmot") == []
    assert found("camel") == ["Of camels"]


def test_content_that_has_just_been_hidden_or_changed_is_never_shown_from_the_index(found, client):
    hidden = PageFactory(title="A marmot in danger")
    changed = page_with("<p>A marmot called Ada.</p>", title="Of marmots")
    assert set(found("marmot")) == {"A marmot in danger", "Of marmots"}

    Page.objects.filter(pk=hidden.pk).update(published=False)
    changed.pages_text_set.all().delete()
    publish(changed, title="Of marmots in general")

    assert found("marmot", update=False) == ["Of marmots in general"]
    text = results_of(client, "marmot")
    assert "1 result for “marmot”" in text
    assert "Ada" not in text


def test_the_index_follows_what_is_published(found, time_machine):
    now = timezone.now()
    page = PageFactory(title="Of camels", publish=False)
    page.publish(live_at=now + timedelta(hours=1), expires_at=now + timedelta(hours=2))
    assert found("camel") == []

    time_machine.move_to(now + timedelta(minutes=61))
    assert found("camel") == ["Of camels"]
    assert update_index() == 0

    publish(page, title="Of dromedaries", expires_at=now + timedelta(hours=2))
    assert (found("dromedary"), found("camel")) == (["Of dromedaries"], [])

    time_machine.move_to(now + timedelta(hours=3))
    assert found("dromedary") == []
    assert not IndexRow.objects.exists()


def test_names_of_signers_are_not_searched(found):
    SignatureFactory(pledge=PledgeFactory(), public=True, name="Rosalind Marmot")

    assert found("marmot") == []


SAYS = {
    "A naïve café in Ürümchi": ["naive", "CAFE", "naïve café", "urumchi", "ürümchi"],
    "Łódź, Ærø and the STRASSE": ["lodz", "aero", "straße"],
    "He said Bruce李小龙先生": ["李小龙", "小龙", "龙", "“小龙先”", "小龙 -camel"],
    "ئۇيغۇر خەلقى": ["ئۇيغۇر"],
    "Side by side": ['"side by side"', "camel or side"],
}
NOT = ["龙李", "小先", '"小 李"', "李小龙 -先生", "camel", '"', "-", "&|!():*<>", "%", "\\"]


@pytest.mark.parametrize("language", ["en-gb", "zh-hans"])
def test_accents_capitals_and_scripts_make_no_difference(found, client, language):
    checked = {"checked_by": "Ada", "checked_on": timezone.localdate()}
    for text in SAYS:
        page_with(f"<p>{text}</p>", title=text.split()[0], language=language, **checked)
    update_index()

    for text, queries in SAYS.items():
        for words in queries:
            assert found(words, update=False) == [text.split()[0]], words
    for words in NOT:
        assert found(words, update=False) == [], words
        assert "Nothing was found for" in results_of(client, words)


def test_english_words_are_found_with_other_endings(found):
    page_with("<p>The story: they protest.</p>", title="It")

    assert found("protesting stories") == ["It"]
    assert found("the", update=False) == []


def test_matches_are_marked_and_everything_is_escaped(found, client):
    met = "A naïve &lt;script&gt; marmot &amp; 李小龙 met. "
    page_with(f"<p>{'Before that. ' * 40}{met}{'After that. ' * 40}</p>", title="<b>It</b>")
    found("naive")

    text = results_of(client, "naive marmots 小龙")
    assert "A <mark>naïve</mark> &lt;script&gt; <mark>marmot</mark> &amp; 李<mark>小龙</mark> met." in text
    assert "&lt;b&gt;It&lt;/b&gt;" in text
    assert text.count("…") == 2
    assert "“&lt;i&gt;”" in results_of(client, "<i>")


def test_words_in_the_title_count_more_than_words_in_the_text(found):
    page_with("<p>A marmot and a marmot.</p>", title="Of animals")
    PageFactory(title="Of marmots")

    assert found("marmot") == ["Of marmots", "Of animals"]


def test_a_limited_number_of_results_is_shown_ten_to_a_page(found, client, monkeypatch):
    monkeypatch.setattr("campaign.search.models.MAX_FOUND", 20)
    for number in range(23):
        PageFactory(title=f"Marmot {number}")

    assert len(found("marmot")) == 10
    assert len(found("marmot", page="2")) == len(found("marmot", page="99")) == 10
    assert "20 results for “marmot”" in results_of(client, "marmot")
    assert 'href="?q=marmot%20%26&amp;page=2#list"' in results_of(client, "marmot &")


def test_a_query_that_is_too_long_is_refused_beside_the_field(client):
    text = results_of(client, "x" * 101)
    assert "Ensure this value has at most 100 characters (it has 101)." in text
    assert "x" * 101 in text
    assert client.get("/search/?q=a%00b").status_code == 400


def test_neither_caches_nor_referrers_keep_what_people_search_for(client, found):
    PageFactory(title="A marmot")
    found("marmot")
    response = client.get("/search/?q=marmot")

    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert not response.cookies
    assert "marmot" not in [value for name, value in response.headers.items()]
    for tag in ("canonical", "og:url"):
        line = next(line for line in response.content.decode().splitlines() if tag in line)
        assert "marmot" not in line


def test_a_search_takes_a_fixed_number_of_queries(client, found, django_assert_num_queries):
    SiteSettingsFactory()
    PledgeFactory(title="Pledge for marmots")
    for number in range(12):
        page_with("<p>A marmot.</p>", title=f"Page {number}")
    found("marmot")

    with django_assert_num_queries(7):  # settings, matches, marks, and two for each kind shown
        client.get("/search/", {"q": "marmot"})


def test_the_search_uses_its_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "search_vector" in IndexRow.objects.matching("marmot 小龙").explain()


def test_the_worker_updates_the_index_after_publishing_and_every_half_minute(found, django_assert_num_queries):
    now = timezone.now()
    index_for_search(now)
    page = PageFactory(title="A marmot")
    assert index_for_search(now + timedelta(seconds=2)) == 1
    with django_assert_num_queries(1):
        assert index_for_search(now + timedelta(seconds=4)) == 0

    Page.objects.filter(pk=page.pk).update(published=False)
    assert index_for_search(now + timedelta(seconds=40)) == 1
    assert not IndexRow.objects.exists()


def test_what_an_organiser_publishes_is_found_before_a_worker_runs(client, found, django_capture_on_commit_callbacks):
    SiteSettingsFactory()
    sign_in(client)
    update = UpdateFactory(title="A marmot", publish=False)
    path = f"/admin/pages/update/{update.pk}/change/"
    assert found("marmot", update=False) == []
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, filled_in(client.get(path), title="The marmot") | {"_publish": "1"})

    assert found("marmot", update=False) == ["The marmot"]


def test_one_object_that_cannot_be_read_does_not_stop_the_others(found, monkeypatch, caplog):
    PageFactory(title="A marmot")
    bad = PledgeFactory(title="Another marmot")
    monkeypatch.setattr("campaign.search.indexing.words_of", failing_for(bad))
    caplog.set_level(logging.CRITICAL)

    assert found("marmot") == ["A marmot"]
    assert update_index() == 0  # it is tried again only when it changes
    monkeypatch.undo()
    publish(bad)
    assert set(found("marmot")) == {"A marmot", "Another marmot"}


def failing_for(bad):
    def words(row, kind):
        if type(row) is type(bad):
            raise ValueError
        return ""

    return words


def test_every_page_links_to_the_search(client):
    assert 'href="/search/"' in client.get("/").content.decode()


def test_site_settings_are_not_among_the_results(found):
    SiteSettingsFactory(name="The marmot campaign")

    assert found("marmot") == []


def test_a_blank_line_in_a_text_shows_as_one_dot_in_its_excerpt(client):
    LetterFactory(title="Cotton", body="Dear {{ mp.display_name }},\n\nWill you act?\n\n{{ sender.name }}")
    update_index()

    assert "· Will you act?" in (body := results_of(client, "cotton"))
    assert "· ·" not in body
