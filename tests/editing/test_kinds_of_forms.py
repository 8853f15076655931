"""The editor's form in a pop-up window, after Back, and for people who may only view it; no form accepts files."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client, RequestFactory

from campaign.editing.admin import VersionedAdmin
from campaign.editing.models import WorkingCopy
from campaign.pages.models import Page
from tests.accounts.organisers import sign_in
from tests.editing.filled_in import begun_with, filled_in
from tests.factories import PageFactory

ADD = "/admin/pages/page/add/"
VERSIONED = [one for one in admin.site._registry.values() if isinstance(one, VersionedAdmin)]


def test_a_pop_up_saves_a_draft_tells_its_opener_and_cannot_publish(organiser):
    form = organiser.get(f"{ADD}?_popup=1")
    data = filled_in(form, title="New", slug="new")
    response = organiser.post(f"{ADD}?_popup=1", data | {"_continue": "1"})

    assert "Publish now" not in form.content.decode()
    assert 'id="django-admin-popup-response-constants"' in response.content.decode()
    assert not Page.objects.published().exists()
    assert Page.objects.get().title == "New"


def test_text_typed_in_a_pop_up_is_offered_in_a_full_window(organiser):
    data = filled_in(organiser.get(f"{ADD}?_popup=1&_to_field=id"), title="Half a title")
    organiser.post(f"{ADD}keep/", data)
    page = organiser.get(f"{ADD}?copy={WorkingCopy.objects.get().form_id}").content.decode()

    assert "Half a title" in page
    assert "Publish now" in page
    assert 'name="_popup"' not in page


def test_back_after_saving_a_new_page_overwrites_nothing(organiser):
    data = filled_in(organiser.get(ADD), title="New", slug="new") | {"_continue": "1"}
    organiser.post(ADD, data)
    response = organiser.post(ADD, data | {"title": "Newer"})

    assert response.status_code == 409
    assert 'value="Newer"' in response.content.decode()
    assert Page.objects.get().title == "New"


def test_an_organiser_who_may_only_view_gets_no_editor_and_changes_nothing(db):
    client, page = Client(), PageFactory(title="Our statement")
    sign_in(client, is_superuser=False).user_permissions.set(Permission.objects.filter(codename="view_page"))
    path = f"/admin/pages/page/{page.pk}/"
    shown = client.get(f"{path}change/").content.decode()
    posted = begun_with(page) | {"title": "Theirs"}

    assert "Our statement" in shown
    assert "editor.js" not in shown
    assert "Save the draft" not in shown
    for end in ("change", "keep", "presence", "discard", "publish"):
        assert client.post(f"{path}{end}/", posted).status_code == 403
    assert not WorkingCopy.objects.exists()
    assert Page.objects.get().title == "Our statement"


@pytest.mark.parametrize("versioned", VERSIONED, ids=lambda one: one.model.__name__)
def test_no_form_of_a_draft_accepts_files(organiser, versioned):
    """The editor keeps only text, so it would mistake two posts that differ only in a file for a double click."""
    request = RequestFactory().get("/")
    request.user = organiser.organiser
    forms = [versioned.get_form(request), *(pair[0].form for pair in versioned.get_formsets_with_inlines(request))]

    assert not any(form().is_multipart() for form in forms)
