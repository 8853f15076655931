"""The list of broken links: links to our own pages at once, links to other sites after `check_links` has run."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from campaign.links import checking
from campaign.links.models import CheckedLink, Outcome
from campaign.pages.models import Fact, MenuItem, SiteSettings, Text
from tests.factories import PageFactory, SignatureFactory
from tests.pages.conftest import text_of

LIST = "/admin/links/checkedlink/"


@pytest.fixture
def page(organiser):
    return PageFactory(title="A page", slug="a-page")


def link(page, href, ordering=10):
    return Text.objects.create(parent=page, region="main", ordering=ordering, html=f'<p><a href="{href}">x</a></p>')


def test_our_own_broken_links_are_listed_at_once_with_the_page_to_change(organiser, page):
    link(page, "/a-pag/")
    link(page, "/a-page/#top")
    link(page, "/a-page/nothing/")
    hidden = PageFactory(slug="hidden", published=False)
    SiteSettings.objects.update(about_html='<p><a href="/hidden/">x</a></p>')
    MenuItem.objects.create(label="M", url="/gone/")

    listed = organiser.get(LIST)
    own = {(one.place.address, str(one.reason), one.nearest, one.place.url) for one in listed.context["own"]}
    change, settings = f"/admin/pages/page/{page.pk}/change/#checks", "/admin/pages/sitesettings/1/change/#checks"
    assert own == {
        ("/a-pag/", "there is no such page on this site", "/a-page/", change),
        ("/a-page/nothing/", "there is no such page on this site", "/a-page/", change),
        ("/hidden/", "visitors can’t see this page", "", settings),
        ("/gone/", "there is no such page on this site", "", settings),
    }
    assert hidden.get_absolute_url() in text_of(listed)


def test_the_list_takes_few_queries_however_many_links_there_are(organiser, page, django_assert_max_num_queries):
    for number in range(30):
        link(page, f"/gone-{number}/")
        link(page, "/a-page/")

    with django_assert_max_num_queries(75):
        organiser.get(LIST)


def test_a_link_to_another_site_is_broken_after_failing_on_three_days(organiser, page):
    link(page, "https://example.org/gone")
    checking.note_links()

    for count in (1, 2):
        now = timezone.now() + timedelta(days=count)
        for _again in range(3):
            checking.check_due(now, look=lambda url: (Outcome.GONE, 404), wait=lambda seconds: None)
        assert organiser.get(LIST).context["others"] == []
    checking.check_due(timezone.now() + timedelta(days=3), lambda url: (Outcome.GONE, 404), lambda seconds: None)

    listed = text_of(organiser.get(LIST))
    assert "the page is gone (404); failed on 3 days" in listed
    assert f"/admin/pages/page/{page.pk}/change/#checks" in listed

    checking.check_due(timezone.now() + timedelta(days=4), lambda url: (Outcome.WORKS, 200), lambda seconds: None)
    assert organiser.get(LIST).context["others"] == []


def test_one_bad_address_never_stops_the_others(page):
    for number in range(3):
        link(page, f"https://{number}.example/")
    checking.note_links()

    def look(url):
        if url.startswith("https://1."):
            raise RuntimeError("unforeseen")
        return Outcome.WORKS, 200

    assert checking.check_due(timezone.now(), look, lambda seconds: None) == 3
    assert dict(CheckedLink.objects.values_list("url", "outcome")) == {
        "https://0.example/": "works",
        "https://1.example/": "no_answer",
        "https://2.example/": "works",
    }


def test_one_host_gets_few_requests_a_day_and_they_are_far_apart(page):
    for number in range(checking.MAX_FOR_A_HOST + 5):
        link(page, f"https://example.org/{number}")
    waits = []
    checking.note_links()
    checked = checking.check_due(timezone.now(), lambda url: (Outcome.WORKS, 200), waits.append)

    assert checked == checking.MAX_FOR_A_HOST
    assert len(waits) == checked - 1
    assert min(waits) > checking.SECONDS_BETWEEN - 1


def test_only_links_that_organisers_write_are_stored_and_only_while_they_exist(page):
    text = link(page, "https://example.org/a")
    Fact.objects.create(
        parent=page, region="main", claim="C", source="S", dated="2026", url="https://example.net/report-2026"
    )
    link(page, "mailto:ruth@example.org")
    link(page, "https://example.org/" + "x" * 1000)
    SignatureFactory(public=True, public_link="https://signer.example/")

    assert checking.note_links() == 2
    assert set(CheckedLink.objects.values_list("url", flat=True)) == {
        "https://example.org/a",
        "https://example.net/report-2026",
    }
    text.delete()
    assert checking.note_links() == 1


def test_the_command_reports_its_results(db, capsys):
    call_command("check_links")

    assert "Checked 0 of 0 links" in capsys.readouterr().out


def test_a_site_with_many_links_leaves_time_for_the_others(db, monkeypatch):
    monkeypatch.setattr(checking, "MAX_FOR_A_RUN", 22)
    many = [CheckedLink(url=f"https://a.example/{number}") for number in range(40)]
    CheckedLink.objects.bulk_create(
        [*many, CheckedLink(url="https://b.example/"), CheckedLink(url="https://c.example/")]
    )
    asked = []

    checking.check_due(timezone.now(), lambda url: asked.append(url) or (Outcome.WORKS, 200), lambda seconds: None)
    assert len(asked) == 22
    assert {"https://b.example/", "https://c.example/"} < set(asked)
