"""The order of lists: a page that changes it, the rows of forms, and new rows, which go last."""

import pytest
from django.contrib.auth.models import Permission

from actions.letters.models import Ask
from campaign.pages.models import MenuItem, Page, SiteSettings
from campaign.pages.position import MAX_POSITION
from tests.accounts.organisers import sign_in
from tests.actions.factories import BrandFactory, LetterFactory
from tests.editing.filled_in import begun_with
from tests.factories import PageFactory, PledgeFactory, SiteSettingsFactory

ORDER = "/admin/pages/page/order/"


@pytest.fixture
def organiser(client, db):
    SiteSettingsFactory()
    sign_in(client)
    return client


@pytest.fixture
def pages(db):
    return [PageFactory(title=title) for title in ("C", "B", "A")]


def titles():
    return "".join(Page.objects.values_list("title", flat=True))


def test_new_rows_go_last(pages):
    letters = [LetterFactory(), LetterFactory()]
    asks = [Ask.objects.create(letter=letter, text="Will you?") for letter in (*letters, letters[0])]

    assert titles() == "CBA"
    assert [ask.order for ask in asks] == [10, 10, 20]


def test_a_row_whose_position_is_emptied_goes_last(pages):
    pages[0].order = None
    pages[0].save()

    assert titles() == "BAC"


def test_there_is_always_room_for_a_last_row(db):
    PageFactory(title="A", order=MAX_POSITION)
    PageFactory(title="B")

    assert titles() == "AB"


def test_each_press_of_a_button_moves_a_row_one_place(organiser, pages):
    rows = [page.pk for page in pages]
    organiser.post(ORDER, {"row": rows, "up": rows[2]})
    assert titles() == "CAB"

    organiser.post(ORDER, {"row": [rows[0], rows[2], rows[1]], "down": rows[0]})
    assert titles() == "ACB"


def test_the_first_row_cannot_move_up_nor_the_last_down(organiser, pages):
    rows = [page.pk for page in pages]
    for button, row in (("up", rows[0]), ("down", rows[2])):
        assert organiser.post(ORDER, {"row": rows, button: row}).status_code == 302

    assert titles() == "CBA"


@pytest.mark.parametrize("keys", [[], ["zzz"], ["", "\0", "9" * 50]])
def test_unknown_and_missing_rows_keep_their_order(organiser, pages, keys):
    organiser.post(ORDER, {"row": [pages[2].pk, *keys], "up": "zzz"}, headers={"Accept": "text/html"})

    assert titles() == "ACB"


def test_an_order_is_shown_with_one_query_and_saved_with_two(organiser, pages, django_assert_max_num_queries):
    rows = [page.pk for page in pages]
    with django_assert_max_num_queries(8) as few:
        organiser.get(ORDER)
    PageFactory.create_batch(20)
    with django_assert_max_num_queries(len(few)):
        organiser.get(ORDER)
    with django_assert_max_num_queries(len(few) + 4):  # the update in a transaction, and the message to the organiser
        organiser.post(ORDER, {"row": rows})


def test_a_new_order_leaves_the_time_of_each_pages_last_change(organiser, pages):
    organiser.post(ORDER, {"row": [page.pk for page in reversed(pages)]})

    assert Page.objects.get(pk=pages[0].pk).updated_at == pages[0].updated_at


def test_only_organisers_who_may_change_the_rows_may_order_them(client, pages):
    SiteSettingsFactory()
    user = sign_in(client, is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="view_page"))

    assert client.get(ORDER).status_code == 403
    assert client.post(ORDER, {"row": [pages[2].pk]}).status_code == 403
    assert titles() == "CBA"
    assert b"Change the order" not in client.get("/admin/pages/page/").content


@pytest.mark.parametrize("kind", ["pages/page", "letters/letter", "businesses/brand", "pledges/pledge"])
def test_lists_link_to_their_order_and_no_form_asks_for_a_number(organiser, kind):
    for factory in (PageFactory, LetterFactory, BrandFactory, PledgeFactory):
        factory()
    listed, added = (organiser.get(f"/admin/{kind}/{page}").content.decode() for page in ("", "add/"))

    assert f'href="/admin/{kind}/order/"' in listed
    assert 'name="order"' not in added
    assert "form-0-order" not in listed


def test_an_empty_new_row_with_a_position_is_ignored(organiser):
    """When a row is moved, the script numbers every row of the form, even empty ones."""
    answers = {
        "name": "A campaign",
        "hero_title": "Sign",
        "language": "en-gb",
        "sections-TOTAL_FORMS": "0",
        "sections-INITIAL_FORMS": "0",
        "partners-TOTAL_FORMS": "0",
        "partners-INITIAL_FORMS": "0",
        "menu-TOTAL_FORMS": "2",
        "menu-INITIAL_FORMS": "0",
        "menu-0-place": "header",
        "menu-0-label": "Letters",
        "menu-0-url": "/letters/",
        "menu-0-order": "",
        "menu-1-place": "header",
        "menu-1-order": "20",
    }

    begun = begun_with(SiteSettings.objects.get())
    response = organiser.post("/admin/pages/sitesettings/1/change/", answers | begun)

    assert response.status_code == 302, response.context["errors"]
    assert list(MenuItem.objects.values_list("label", "order")) == [("Letters", 10)]
    assert SiteSettings.objects.get().name == "A campaign"
