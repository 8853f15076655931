"""Brands and their answers: `/businesses/`."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from actions.businesses.examples import load_examples
from actions.businesses.models import Brand, Kind
from campaign.versions.problems import NotReadyError
from tests.accounts.organisers import begin_session, make_established
from tests.actions.businesses.ledger import add, deliver, set_deadline
from tests.actions.factories import BrandFactory
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db


def test_a_brand_is_shown_with_its_answer_source_and_date(client, brand, ada, grace):
    SiteSettingsFactory()
    add(brand, Kind.COMMITMENT, ada, grace, happened_on=date(2026, 1, 5))

    text = client.get("/businesses/").content.decode()
    assert "Committed in full on 5 January 2026" in text
    assert "Self-declared" in text
    text = client.get("/businesses/cotton/").content.decode()
    assert "https://example.org/letters/2026-11-02" in text
    assert "5 January 2026" in text


def test_the_page_says_when_there_are_no_brands_yet(client):
    assert "No answer has been recorded yet" in client.get("/businesses/").content.decode()


@pytest.mark.parametrize("path", ["", "cotton/"])
def test_the_pages_are_cheap_cacheable_and_set_no_cookie(client, path, django_assert_max_num_queries):
    SiteSettingsFactory()
    BrandFactory(slug="cotton")
    BrandFactory.create_batch(9)
    with django_assert_max_num_queries(8):
        response = client.get(f"/businesses/{path}")

    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Another company"),
        ("slug", "another"),
        ("website", "https://another.example/"),
        ("domains", "another.example"),
        ("parent", "Another"),
        ("other_names", "Another"),
    ],
)
def test_a_claim_cannot_be_moved_to_another_company(brand, ada, field, value):
    free, claimed = Brand.objects.get(), Brand.objects.get()
    setattr(free, field, value)
    free.clean()
    add(brand, Kind.DECLINED, ada)

    claimed.clean()
    setattr(claimed, field, value)
    with pytest.raises(ValidationError) as refusal:
        claimed.clean()
    assert list(refusal.value.error_dict) == [field]


def test_a_new_name_that_was_saved_before_the_claim_is_not_published_after_it(brand, ada):
    draft = Brand.objects.get()
    draft.title = "Another company"
    draft.save()
    add(brand, Kind.DECLINED, ada)

    with pytest.raises(NotReadyError):
        draft.publish()


@pytest.mark.parametrize("kind", [Kind.DECLINED, Kind.NOTICE, Kind.DEADLINE])
def test_a_claim_or_a_deadline_calls_off_the_scheduled_change_of_a_name(brand, ada, grace, kind, time_machine):
    later = timezone.now() + timedelta(days=2)
    Brand.objects.update(title="Another company")
    brand.publish(live_at=later)
    Brand.objects.update(title=brand.title, summary="It sells jeans.")
    brand.publish(live_at=later + timedelta(days=1))
    if kind == Kind.DEADLINE:
        set_deadline(add(brand, Kind.COMMITMENT, ada, grace), ada, grace)
    elif kind == Kind.NOTICE:
        deliver(add(brand, Kind.COMMITMENT, ada, grace))
    else:
        add(brand, kind, ada)

    time_machine.move_to(later + timedelta(hours=1))
    assert Brand.objects.published().get().title == brand.title
    time_machine.move_to(later + timedelta(days=2))
    assert Brand.objects.published().get().summary == "It sells jeans."


def test_an_example_cannot_be_turned_into_a_company(client):
    load_examples(timezone.now())
    begin_session(client, make_established("ada"))
    example = Brand.objects.filter(is_example=True).first()

    page = client.get(f"/admin/businesses/brand/{example.pk}/change/").content.decode()

    assert 'name="title"' not in page
    assert client.post(f"/admin/businesses/brand/{example.pk}/change/", {"title": "Acme"}).status_code == 403
