"""The admin index and the site settings."""

import re

from campaign.pages.models import MenuItem, SiteSettings
from tests.editing.filled_in import begun_with
from tests.pages.conftest import text_of


def test_the_settings_open_directly_and_are_a_single_row(organiser, site):
    response = organiser.get("/admin/pages/sitesettings/")

    assert response.url == "/admin/pages/sitesettings/1/change/"
    assert organiser.get("/admin/pages/sitesettings/add/").status_code == 403
    assert organiser.get("/admin/pages/sitesettings/1/delete/").status_code == 403
    assert 'name="menu-TOTAL_FORMS"' in text_of(organiser.get(response.url))


def test_the_settings_can_be_created_in_the_admin(organiser, db):
    assert organiser.get("/admin/pages/sitesettings/").url == "/admin/pages/sitesettings/add/"

    organiser.post(
        "/admin/pages/sitesettings/add/",
        {
            "name": "Ours",
            "hero_title": "Do it",
            "language": "en-gb",
            "sections-TOTAL_FORMS": "0",
            "sections-INITIAL_FORMS": "0",
            "partners-TOTAL_FORMS": "0",
            "partners-INITIAL_FORMS": "0",
            "menu-TOTAL_FORMS": "1",
            "menu-INITIAL_FORMS": "0",
            "menu-0-place": "header",
            "menu-0-label": "About",
            "menu-0-url": "/letters/",
            "menu-0-order": "0",
        },
    )

    assert SiteSettings.objects.get().name == "Ours"
    assert MenuItem.objects.get().label == "About"


def test_the_admin_index_shows_the_campaigns_name_and_what_is_missing(organiser, site):
    text = text_of(organiser.get("/admin/"))
    assert "Before you open the site" in text
    assert "Enter a contact e-mail address" in text
    assert re.search(r'id="site-name">\s*<a[^>]*>A campaign', text)

    site.contact_email = "us@example.org"
    site.save()
    assert "Enter a contact e-mail address" not in text_of(organiser.get("/admin/"))


def test_the_contact_address_is_normalised_or_refused_beside_its_field(organiser, site):
    url = "/admin/pages/sitesettings/1/change/"
    answers = {
        "name": "Ours",
        "hero_title": "Sign",
        "language": "en-gb",
        "sections-TOTAL_FORMS": 0,
        "sections-INITIAL_FORMS": 0,
        "partners-TOTAL_FORMS": 0,
        "partners-INITIAL_FORMS": 0,
        "menu-TOTAL_FORMS": 0,
        "menu-INITIAL_FORMS": 0,
    } | begun_with(site)
    page = organiser.post(url, answers | {"contact_email": "us\u200bx@example.org"}).content.decode()
    assert "The address contains an invisible character" in page

    organiser.post(url, answers | {"contact_email": "us@bücher.example\u202c"})
    assert SiteSettings.objects.get().contact_email == "us@xn--bcher-kva.example"


def test_the_admin_index_takes_few_queries(organiser, site, django_assert_max_num_queries):
    with django_assert_max_num_queries(64) as queries:  # 55, and the queries that fill the cache
        organiser.get("/admin/")

    assert sum("pages_sitesettings" in query["sql"] for query in queries.captured_queries) == 2


def test_the_admin_index_groups_follow_an_organisers_work(organiser, site):
    names = [group["app_label"] for group in organiser.get("/admin/").context["app_list"]]

    assert names[0] == "pages"
    assert names[-1] == "auth"
    assert "account" not in names
    assert "mfa" not in names
