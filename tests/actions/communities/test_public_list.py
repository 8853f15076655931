"""The public list of communities, and the published numbers: `/community/list/` and `/community/`."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.utils import timezone

from actions.communities.models import Community, PlannedStep
from actions.communities.numbers import published_numbers
from campaign.public_names.models import Hiding
from tests.actions.communities.factories import CommunityFactory, PlanFactory
from tests.factories import OrganiserFactory, SiteSettingsFactory
from tests.sizes import size

pytestmark = pytest.mark.django_db
MANY = size(gate=300, full=10_000)


def crowd(count, **fields):
    """Create communities in one statement; return them."""
    rows = CommunityFactory.build_batch(count, **fields)
    return Community.objects.bulk_create(rows, batch_size=1000)


def numbers_in(client):
    return client.get("/community/").content.decode().split('id="taking-part"')[1]


def test_communities_that_chose_to_be_named_are_listed_in_alphabetical_order(client):
    for name in ("Zion Synagogue", "abbey school", "בית כנסת"):
        CommunityFactory(listed=True, name=name, language="he" if name[0] == "ב" else "en-gb")
    counted = CommunityFactory(name="Secret Synagogue")
    CommunityFactory(new=True, visibility="listed", name="Not approved")

    text = client.get("/community/list/").content.decode()
    assert text.index("abbey school") < text.index("Zion Synagogue")
    assert '<bdi lang="he" dir="rtl">בית כנסת</bdi>' in text
    assert counted.name not in text
    assert "Not approved" not in text
    assert counted.name not in client.get("/community/").content.decode()


def test_a_name_is_escaped(client):
    CommunityFactory(listed=True, name="<script>alert(1)</script>")
    assert "<script>alert" not in client.get("/community/list/").content.decode()


def test_the_panic_switch_hides_the_names(client):
    community = CommunityFactory(listed=True)
    Hiding.begin(OrganiserFactory(), Hiding.Reason.DANGER, timezone.now())

    text = client.get("/community/list/").content.decode()
    assert community.name not in text
    assert "Names are not shown for the time being" in text


def test_the_database_refuses_a_public_name_that_nobody_chose_or_approved():
    for fields in ({"visibility": "count"}, {"visibility": "listed", "approved_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CommunityFactory(public_name="A name", **fields)


@pytest.mark.parametrize("page", ["", "0", "x", "-1", "99999", "٣", "1e3"])
def test_any_page_number_gets_a_page(client, page):
    CommunityFactory(listed=True, name="The only one")
    assert "The only one" in client.get("/community/list/", {"page": page}).content.decode()


def test_many_communities_take_few_queries_on_an_index(client, django_assert_max_num_queries):
    SiteSettingsFactory()
    step = PlanFactory().steps.first()
    rows = crowd(MANY, listed=True)
    done = [PlannedStep(community=row, code=step.code, done_on="2020-01-01") for row in rows]
    PlannedStep.objects.bulk_create(done, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE communities_community, communities_plannedstep")

    for page in ("/community/", "/community/list/", "/community/list/?page=2"):
        with django_assert_max_num_queries(9):
            assert client.get(page).status_code == 200
    assert len(client.get("/community/list/?page=2").context["communities"]) == 100
    assert f"{MANY:,}" in numbers_in(client)


def test_the_queries_of_the_public_pages_can_use_an_index():
    crowd(30, listed=True)
    with connection.cursor() as cursor:  # PostgreSQL would otherwise scan a table as small as this
        cursor.execute("ANALYZE communities_community; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")

    now = timezone.now()
    counted = Community.objects.counted(now).order_by().values("region").annotate(count=Count("*"))
    taken = PlannedStep.objects.filter(done_on__lt=timezone.localdate()).order_by()
    left = Community.objects.left_before(now).order_by()
    assert "communities_by_name" in Community.objects.listed()[:100].explain()
    assert "Seq Scan" not in counted.explain()
    assert "steps_taken" in taken.values("code").annotate(count=Count("*")).explain()
    assert "Seq Scan on communities" not in Community.objects.waiting().order_by()[:1001].explain()
    assert "communities_active" in Community.objects.inactive(now).explain()
    assert "communities_left" in left.explain()
    assert "Seq Scan" not in taken.filter(community__in=left).values("code").annotate(count=Count("*")).explain()


def test_numbers_are_in_tens_and_small_ones_are_left_out(client):
    crowd(27, region="london")
    crowd(9, region="wales")
    crowd(14, region="scotland")

    text = numbers_in(client)
    assert ">50<" in text
    assert "London" in text
    assert ">20<" in text
    assert "Wales" not in text
    # Nine are suppressed. The total would reveal them, so the next larger number is left out too.
    assert "Scotland" not in text


def test_visitors_read_why_a_region_is_missing_once_there_are_regions(client):
    missing = "A region that isn’t in the table has no communities yet, or too few to show."
    assert missing not in numbers_in(client)

    crowd(21, region="london")
    assert missing in numbers_in(client)


def test_regions_with_equal_numbers_are_in_alphabetical_order(client):
    crowd(21, region="london")
    crowd(25, region="wales")

    text = numbers_in(client)
    assert text.index("London") < text.index("Wales")


def test_the_steps_of_a_community_that_left_no_longer_count_after_midnight(client):
    step = PlanFactory().steps.first()
    rows = crowd(10)
    done = [PlannedStep(community=row, code=step.code, done_on="2026-01-05") for row in rows]
    PlannedStep.objects.bulk_create(done)
    rows[0].leave(timezone.now())

    assert "Steps taken" in numbers_in(client)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert "Steps taken" not in numbers_in(client)


@pytest.mark.parametrize(
    "path", ["", "list/", "join/", "complain/", "materials.zip", "download.txt", "/feed.xml", "/sitemap.xml", "/"]
)
def test_a_community_that_is_counted_only_is_named_nowhere(client, path):
    SiteSettingsFactory()
    PlanFactory()
    CommunityFactory(name="Secret Synagogue", contact_name="Secret Contact", contact_role="Secret Role")

    response = client.get(path if path.startswith("/") else f"/community/{path}")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200
    assert b"Secret" not in content


def test_no_number_is_shown_below_ten(client):
    crowd(9)
    assert "The first communities are joining" in numbers_in(client)


@pytest.mark.parametrize("visibility", ["count", "listed"])
def test_numbers_stay_the_same_all_day_when_communities_join_or_leave(client, visibility):
    rows = crowd(19)
    PlanFactory()
    before = numbers_in(client)
    new = CommunityFactory(new=True, visibility=visibility)
    new.approve(OrganiserFactory(is_superuser=True), new.naming, timezone.now())
    assert numbers_in(client) == before
    for row in rows[:12]:
        row.leave(timezone.now())
    assert numbers_in(client) == before

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert published_numbers(timezone.now()).total == 0


def test_one_more_community_changes_the_total_by_nought_or_ten():
    organiser = OrganiserFactory(is_superuser=True)
    for number in range(25):
        now = timezone.now() + timedelta(days=number)
        before = published_numbers(now)
        row = CommunityFactory(new=True)
        row.approve(organiser, row.naming, now)
        after = published_numbers(now + timedelta(days=1))
        assert after.total - before.total in (0, 10)


def test_progress_shows_the_steps_that_ten_or_more_communities_have_taken(client):
    first, second = PlanFactory().steps.all()
    rows = crowd(15)
    days = {first.code: rows, second.code: rows[:9]}
    for code, taken_by in days.items():
        done = [PlannedStep(community=row, code=code, done_on="2026-01-05") for row in taken_by]
        PlannedStep.objects.bulk_create(done)
    PlannedStep.objects.create(community=CommunityFactory(), code=uuid.uuid4(), done_on="2026-01-05")

    text = numbers_in(client)
    assert "Steps taken" in text
    assert first.title in text
    assert second.title not in text
    assert "<svg" in text
    assert " style=" not in text


def test_a_step_ticked_off_today_counts_from_tomorrow(client):
    step = PlanFactory().steps.first()
    rows = crowd(12)
    today = timezone.localdate()
    PlannedStep.objects.bulk_create([PlannedStep(community=row, code=step.code, done_on=today) for row in rows])

    assert "Steps taken" not in numbers_in(client)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert "Steps taken" in numbers_in(client)
