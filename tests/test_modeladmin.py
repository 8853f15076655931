"""Admin lists, and the query parameters that they accept."""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from campaign.modeladmin import HubModelAdmin
from tests.accounts.organisers import sign_in
from tests.actions.factories import AppealFactory, DeclarationFactory, LetterFactory, PaymentFactory, RecipientFactory
from tests.factories import MessageFactory, PageFactory, PledgeFactory, SignatureFactory, SiteSettingsFactory
from tests.sizes import size

LISTS = [
    reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in admin.site._registry
]
HUGE = "99999999999999999999"
SIGNATURES, PAGES, VISITS = "/admin/pledges/signature/", "/admin/pages/page/", "/admin/fundraising/visitcount/"


@pytest.fixture
def organiser(client, db):
    SiteSettingsFactory()
    sign_in(client)
    return client


def test_every_list_uses_our_model_admin():
    others = [
        type(model_admin) for model_admin in admin.site._registry.values() if not isinstance(model_admin, HubModelAdmin)
    ]

    assert others == []


@pytest.mark.parametrize(
    "query",
    [
        "email_hash=a",
        "email_hash__exact=a",
        "name__icontains=a",
        "token_hash__in=a,b",
        "pledge__demands__text=a",
        "zzz=1",
        "state__regex=(",
        f"pledge__id__in={HUGE}",
    ],
)
def test_a_list_refuses_parameters_that_it_does_not_offer(organiser, query):
    assert organiser.get(f"{SIGNATURES}?{query}").status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        f"{SIGNATURES}?pledge__id__exact=zzz",
        f"{VISITS}?day__year=9999",
        f"{VISITS}?day__year={HUGE}",
        f"{VISITS}?day__year=2026&day__month=13",
        f"{VISITS}?appeal__id__exact=zzz",
        "/admin/fundraising/payment/?month=0000-00",
        "/admin/auth/user/?is_active__exact=zzz",
    ],
)
def test_an_invalid_filter_value_redirects_to_the_whole_list(organiser, address):
    PledgeFactory.create_batch(2)  # a list has no filter with a single choice
    AppealFactory.create_batch(2)

    response = organiser.get(address)

    assert response.status_code == 302
    assert response.headers["Location"] == address.partition("?")[0] + "?e=1"


@pytest.mark.parametrize("query", [f"pledge__id__exact={HUGE}", "state__exact=zzz", f"p={HUGE}", "o=-9.zzz.9", "all="])
def test_a_filter_value_that_matches_nothing_is_accepted(organiser, query):
    assert organiser.get(f"{SIGNATURES}?{query}").status_code == 200


def test_a_search_finds_any_apostrophe_and_any_dash(organiser):
    PageFactory(title="Embassy walls")
    wanted = {PageFactory(title=title) for title in ("The Embassy's Wall – 2026", "The Embassy’s wall - 2026")}

    for query in ("embassy's", "EMBASSY’S", "wall — 2026", "'embassy’s wall'", "embassyʼs − 2026"):
        assert set(organiser.get(PAGES, {"q": query}).context["cl"].result_list) == wanted, query


def test_a_search_takes_every_character_literally(organiser):
    PageFactory(title="1000 acb")

    for query in ("100%", "a_b", "\\", "%", "‘’"):
        assert not organiser.get(PAGES, {"q": query}).context["cl"].result_list, query


def test_every_list_can_be_searched(organiser):
    for path in LISTS:
        assert organiser.get(path, {"q": "O’Brien – \u202e_%"}, follow=True).status_code == 200, path


def test_every_filter_that_a_list_offers_works(organiser):
    """In the gate, try about three choices of each filter."""
    for factory in (SignatureFactory, DeclarationFactory, PaymentFactory, LetterFactory, AppealFactory, MessageFactory):
        factory.create_batch(2)
    RecipientFactory(party="Any")
    for path in LISTS:
        page = organiser.get(path, follow=True)
        for spec in page.context["cl"].filter_specs if "cl" in page.context else []:
            choices = list(spec.choices(page.context["cl"]))
            for choice in choices[:: size(max(1, len(choices) // 3), 1)]:
                address = path + choice["query_string"]
                assert organiser.get(address).status_code == 200, address


def test_the_links_of_a_date_hierarchy_work(organiser):
    for query in ("day__year=2026", "day__year=2026&day__month=11", "day__day=22&day__month=11&day__year=2026"):
        assert organiser.get(f"{VISITS}?{query}").status_code == 200


@pytest.mark.parametrize("key", ["zzz", HUGE, "-" + HUGE, "\0", "", "1" * 5000])
@pytest.mark.parametrize("path", [PAGES, SIGNATURES, "/admin/auth/user/"])
def test_an_action_on_an_impossible_row_is_refused(organiser, path, key):
    ticked = {"action": "delete_selected", "index": "0", "_selected_action": key, "why": "a reason"}

    assert organiser.post(path, ticked).status_code == 400


@pytest.mark.parametrize("key", ["zzz", HUGE])
def test_editing_an_impossible_row_in_a_list_is_refused(organiser, key):
    PageFactory(published=True)
    counts = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"}

    assert organiser.post(PAGES, counts | {"_save": "1", "form-0-id": key, "form-0-order": "1"}).status_code == 400


@pytest.mark.parametrize(
    "rows", [{}, {"form-TOTAL_FORMS": "zzz"}, {"form-TOTAL_FORMS": HUGE, "form-INITIAL_FORMS": "-1"}]
)
def test_a_list_edit_with_a_broken_management_form_changes_nothing(organiser, rows):
    PageFactory(published=True)

    assert organiser.post(PAGES, rows | {"_save": "1"}).status_code == 200


@pytest.mark.parametrize("key", ["_00", "zzz", HUGE, "_ff_00"])
@pytest.mark.parametrize("part", ["history/", "history/1/", f"history/{HUGE}/", "change/", "delete/", ""])
@pytest.mark.parametrize("path", [PAGES, SIGNATURES, "/admin/places/edition/"])
def test_an_impossible_row_has_no_page(organiser, path, part, key):
    assert organiser.get(f"{path}{key}/{part}", follow=True).status_code in (200, 403, 404)


@pytest.mark.parametrize("key", ["zzz", HUGE, "\0", "\u202e"])
def test_an_impossible_choice_is_refused_beside_its_field(organiser, key):
    letter = organiser.post("/admin/letters/letter/add/", {"title": "A", "read_more": key})
    user = organiser.post("/admin/auth/user/add/", {"username": "grace", "user_permissions": [key]})

    assert (letter.status_code, user.status_code) == (200, 200)
    assert "read_more" in letter.context["adminform"].errors
    assert "user_permissions" in user.context["adminform"].errors


@pytest.mark.parametrize("key", ["zzz", HUGE])
def test_an_impossible_choice_in_the_url_is_ignored(organiser, key):
    assert organiser.get(f"/admin/letters/letter/add/?read_more={key}").status_code == 200
    assert organiser.get(f"/admin/auth/user/add/?user_permissions={key}").status_code == 200


def test_a_page_to_read_more_can_still_be_chosen(organiser):
    page = PageFactory(title="The facts")
    letter = LetterFactory(read_more=page)

    text = organiser.get(f"/admin/letters/letter/{letter.pk}/change/").content.decode()
    assert f'<option value="{page.pk}" selected>The facts</option>' in text


@pytest.mark.parametrize("key", ["zzz", HUGE, "00000000-0000-0000-0000-000000000000"])
def test_an_impossible_row_has_no_view_on_site(organiser, key):
    for number in range(1, 40):
        assert organiser.get(f"/admin/r/{number}/{key}/").status_code == 404


def test_view_on_site_leads_to_the_page(organiser):
    page = PageFactory(slug="about")
    kind = ContentType.objects.get_for_model(page).pk

    assert organiser.get(f"/admin/r/{kind}/{page.pk}/").headers["Location"].endswith("/about/")
