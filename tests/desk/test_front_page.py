"""The organisers' front page: figures, plots, panels and shortcuts, each shown only to people who may see them."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from campaign.approvals.models import ApprovalRequest
from campaign.desk import registry
from campaign.desk.models import ClosedTour
from campaign.desk.registry import Figure, Group, Line, Panel, Plot, Shortcut
from pledges.approvals.signatures import WITHDRAW
from pledges.desk import signatures_by_day
from tests.accounts.organisers import give_former_rights, make_organiser, sign_in
from tests.actions.factories import FundFactory, LetterFactory, PaymentFactory, ProtestFactory
from tests.factories import MessageFactory, PledgeFactory, SignatureFactory

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
QUERIES = 62  # 3 for the session, 35 for tasks, 17 for figures and the plot, 3 for the tour, the header and the log


@pytest.fixture
def contents(monkeypatch):
    """Return the registry, emptied so that a test can add its own finders and shortcuts."""
    monkeypatch.setattr(registry, "FINDERS", [])
    monkeypatch.setattr(registry, "SHORTCUTS", [])
    return registry


def figures(client):
    """Return the figures on the front page: the value of each, by its label."""
    page = client.get("/admin/").content.decode()
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    return {label: re.sub(r"<[^>]+>", "", value).strip() for label, value in pairs}


def test_an_app_adds_a_figure_a_plot_and_a_panel_with_one_function_each(client, db, contents):
    contents.shows()(lambda user: [Figure("Kites", "12", "/admin/kites/", "in the air")])
    contents.shows()(lambda user: [Plot("Flights", [(date(2026, 11, 1), 3), (date(2026, 11, 2), 4)])])
    contents.shows()(lambda user: [Panel("Scheduled", [Line("Our statement", "/admin/p/")], "Nothing is scheduled.")])
    contents.shows()(lambda user: [Panel("Being edited", [], "Nobody is editing.")])
    sign_in(client)
    page = client.get("/admin/").content.decode()

    assert '<a href="/admin/kites/">12</a>' in page
    assert "7 in the last 2 days. The highest day was 2 November, with 4." in page
    assert '<polyline points="' in page
    assert '<a href="/admin/p/">Our statement</a>' in page
    assert "Nobody is editing." in page
    assert "Nothing is scheduled." not in page


def test_a_finder_is_never_called_for_organisers_without_its_permission(client, db, contents):
    contents.shows("pledges.view_signature")(lambda user: pytest.fail("It counted signatures."))
    sign_in(client, is_superuser=False)

    assert client.get("/admin/").status_code == 200


def test_shortcuts_are_grouped_and_shown_only_to_organisers_who_may_follow_them(client, db, contents):
    contents.offer(Group.PEOPLE, ("Invite somebody", "auth_user_add", "auth.add_user"))
    contents.offer(Group.PAGES, ("Mend a page", "pages_page_changelist", "pages.change_page"))
    sign_in(client)
    page = client.get("/admin/").content.decode()
    assert page.index("Pages and the site") < page.index("Mend a page") < page.index("Invite somebody")

    client.logout()
    sign_in(client, username="ruth", is_superuser=False)
    assert "Invite somebody" not in client.get("/admin/").content.decode()


def test_every_shortcut_opens_a_page(client, db):
    PledgeFactory()
    sign_in(client)

    assert {"Change a page", "Review held signatures", "Cancel a protest date"} <= {
        str(shortcut.text) for shortcut in registry.SHORTCUTS
    }
    for shortcut in registry.SHORTCUTS:
        assert isinstance(shortcut, Shortcut)
        assert client.get(shortcut.url, follow=True).status_code == 200, shortcut.url


def test_the_figures_say_what_happened(client, db, time_machine):
    time_machine.move_to(NOON, tick=False)
    pledge = PledgeFactory()
    SignatureFactory.create_batch(3, pledge=pledge, confirmed=True, signed_at=NOON - timedelta(hours=2))
    SignatureFactory(pledge=pledge, signed_at=NOON - timedelta(hours=2))
    SignatureFactory(pledge=pledge, state="held", suspicion="family", signed_at=NOON - timedelta(days=9))
    PaymentFactory()
    LetterFactory().downloads.create(kind="pdf", day=NOON.date(), count=6)
    ProtestFactory(title="Outside the embassy")
    sign_in(client)

    assert figures(client) == {
        "Waiting for your approval": "0",
        "Signed today": "4",
        "Counted in all": "0",
        "Confirmed": "75%",
        "Held for review": "1",
        "Letters downloaded": "6",
        "Letters sent": "0",
        "Next protest": "Tue 1 Dec, 6pm",
        "Donations": "£10",
        "Communities taking part": "0",
    }


def test_an_organiser_who_may_see_nothing_sees_no_figure(client, db):
    SignatureFactory(confirmed=True)
    PaymentFactory()
    sign_in(client, is_superuser=False)

    assert figures(client) == {}


def test_figures_of_donations_and_of_signatures_need_different_permissions(client, db):
    user = sign_in(client, is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="view_payment"))

    assert [label.split()[0] for label in figures(client)] == ["Donations"]


def test_others_requests_wait_for_approval_but_the_organisers_own_do_not(client, db):
    user = sign_in(client)
    for asked_by in (user, make_organiser("grace")):
        draft = ApprovalRequest.draft(WITHDRAW, asked_by, about="Stop it")
        ApprovalRequest.objects.filter(pk=draft.pk).update(state="waiting")

    assert figures(client)["Waiting for your approval"] == "1"


def test_past_days_are_counted_only_once(db, django_assert_num_queries, time_machine):
    time_machine.move_to(NOON, tick=False)
    SignatureFactory(signed_at=NOON - timedelta(days=2))
    SignatureFactory(signed_at=NOON)
    yesterday_and_today = signatures_by_day(NOON)[-3:]
    assert [count for _day, count in yesterday_and_today] == [1, 0, 1]

    with django_assert_num_queries(1):  # the one that reads the cache
        assert signatures_by_day(NOON + timedelta(seconds=30))[-3:] == yesterday_and_today

    SignatureFactory(signed_at=NOON - timedelta(days=2))
    SignatureFactory(signed_at=NOON + timedelta(minutes=5))
    assert [count for _day, count in signatures_by_day(NOON + timedelta(minutes=10))[-3:]] == [1, 0, 2]

    tomorrow = NOON + timedelta(days=1)
    SignatureFactory(signed_at=tomorrow)
    days = signatures_by_day(tomorrow)
    assert [count for _day, count in days[-4:]] == [1, 0, 2, 1]
    assert days[-1][0] == tomorrow.date()


def test_a_day_begins_at_midnight_in_the_sites_time_zone(db):
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    SignatureFactory(signed_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))  # half past midnight in London

    assert signatures_by_day(summer)[-1] == (date(2026, 7, 1), 1)


def test_the_plot_is_also_shown_as_a_table_and_a_sentence(client, db):
    SignatureFactory.create_batch(2, signed_at=timezone.now())
    sign_in(client)
    page = client.get("/admin/").content.decode()
    plot = page[page.index("Signatures by day") : page.index("What would you like to do?")]

    assert "2 in the last 30 days." in plot
    assert plot.count('<th scope="row">') == 30
    assert 'aria-hidden="true"' in plot
    assert "style=" not in plot


def test_a_message_that_could_not_be_delivered_becomes_a_task(client, db):
    MessageFactory(outcome="gave-up", done_at=timezone.now())
    MessageFactory(outcome="gave-up", done_at=timezone.now() - timedelta(days=4))
    sign_in(client)

    assert "1 message of the last three days could not be delivered." in client.get("/admin/").content.decode()


def test_mail_that_has_stopped_is_urgent(client, db):
    MessageFactory(due_at=timezone.now() - timedelta(hours=1))
    sign_in(client)
    page = client.get("/admin/").content.decode()

    assert page.index("Urgent:") < page.index("No mail is being sent.")


@pytest.mark.parametrize("rows", [1, 4])
def test_the_front_page_takes_the_same_few_queries_however_much_it_shows(client, db, django_assert_num_queries, rows):
    pledge = PledgeFactory()
    SignatureFactory.create_batch(rows, pledge=pledge, confirmed=True)
    for _number in range(rows):
        PaymentFactory(donation__fund=FundFactory())
        ProtestFactory(confirmed_on=timezone.localdate())
    user = sign_in(client)
    client.get("/admin/")  # fill the cache

    with django_assert_num_queries(QUERIES):
        client.get("/admin/")
    assert user.groups.count() == 0


def test_everyday_organisers_get_a_tour_until_they_close_it(client, db):
    user = sign_in(client, is_superuser=False)
    give_former_rights(user)
    page = client.get("/admin/").content.decode()
    tour = page[page.index("New here?") : page.index("Don’t show the tour again")]
    links = re.findall(r'<a href="([^"]+)"', tour)
    assert len(links) == 5
    for link in links:
        assert client.get(link).status_code == 200

    assert client.get("/admin/tour/close/").status_code == 405
    assert client.post("/admin/tour/close/").url == "/admin/"
    assert client.post("/admin/tour/close/").url == "/admin/"
    assert ClosedTour.objects.get().user == user
    page = client.get("/admin/").content.decode()
    assert "New here?" not in page
    assert '<a href="/admin/tour/">' in page
    assert "Find anything" in client.get("/admin/tour/").content.decode()
