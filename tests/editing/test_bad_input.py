"""The editor gives nonsensical input a clear answer, and keeps no more than it should."""

import uuid

import pytest

from campaign.editing.models import MAX_COPIES, MAX_KEPT, WorkingCopy
from tests.editing.filled_in import begun_with, filled_in
from tests.editing.test_editing import change, page  # noqa: F401 - a fixture

POST_ONLY = ["keep/", "presence/", "discard/", "cancel/1/", "restore/1/"]


@pytest.mark.parametrize("end", [*POST_ONLY, "publish/", "preview/", "preview/page/", "compare/?old=1"])
@pytest.mark.parametrize("key", ["0", "9" * 30, "x", "-1", "1.5"])
def test_an_unknown_key_is_not_found(organiser, end, key):
    send = organiser.post if end in POST_ONLY else organiser.get
    assert send(f"/admin/pages/page/{key}/{end}").status_code == 404


def test_addresses_that_change_something_refuse_other_methods(organiser, page):  # noqa: F811
    start = f"/admin/pages/page/{page.pk}/"
    assert {organiser.get(start + end).status_code for end in POST_ONLY} == {405}
    assert organiser.put(f"{start}publish/").status_code == 405


@pytest.mark.parametrize("form_id", ["", "x", "\0", "é" * 40])
def test_a_form_without_an_id_is_refused_and_still_saved(organiser, page, form_id):  # noqa: F811
    start = f"/admin/pages/page/{page.pk}/"
    for end in ("keep/", "presence/", "discard/", "preview/"):
        assert organiser.post(start + end, {"form_id": form_id}).status_code == 400
    form = filled_in(organiser.get(change(page)), title="Saved") | {"form_id": form_id, "_continue": "1"}
    assert organiser.post(change(page), form).status_code == 302


@pytest.mark.parametrize(("old", "new"), [("", ""), ("x", "draft"), ("1", "9" * 20), ("٣", "1"), ("2", "1")])
def test_missing_versions_cannot_be_compared(organiser, page, old, new):  # noqa: F811
    assert organiser.get(f"/admin/pages/page/{page.pk}/compare/", {"old": old, "new": new}).status_code == 404


def test_missing_versions_can_be_neither_restored_nor_called_off(organiser, page):  # noqa: F811
    start = f"/admin/pages/page/{page.pk}/"
    assert {organiser.post(f"{start}{end}/{'9' * 20}/").status_code for end in ("restore", "cancel")} == {404}


def test_characters_that_the_database_cannot_store_are_left_out(organiser, page):  # noqa: F811
    form = begun_with(page) | {"title": "a\0b", "na\0me": "x"}
    assert organiser.post(f"/admin/pages/page/{page.pk}/keep/", form).status_code == 200
    assert WorkingCopy.objects.get().as_post()["title"] == "ab"
    strange = f'--x\r\nContent-Disposition: form-data; name="form_id"\r\n\r\n{form["form_id"]}\r\n--x\r\n'
    strange += 'Content-Disposition: form-data; name="title"\r\n\r\n+2AA-\r\n--x--\r\n'  # half a surrogate pair
    answer = organiser.generic(
        "POST", f"/admin/pages/page/{page.pk}/keep/", strange, "multipart/form-data; boundary=x; charset=utf-7"
    )
    assert answer.status_code < 500


def test_too_much_text_is_refused_and_only_a_few_copies_are_kept(organiser, page):  # noqa: F811
    keep = f"/admin/pages/page/{page.pk}/keep/"
    assert organiser.post(keep, begun_with(page) | {"title": "x" * (MAX_KEPT + 1)}).status_code == 400
    for number in range(MAX_COPIES + 2):
        organiser.post(keep, {"form_id": str(uuid.uuid4()), "title": str(number)})
    titles = {copy.as_post()["title"] for copy in WorkingCopy.objects.all()}
    assert titles == {str(number) for number in range(2, MAX_COPIES + 2)}


def test_only_the_organiser_who_typed_it_sees_unsaved_text(organiser, colleague, page):  # noqa: F811
    form = filled_in(organiser.get(change(page)), title="Mine only")
    organiser.post(f"/admin/pages/page/{page.pk}/keep/", form)
    for end in ("change/", "preview/page/"):
        address = f"/admin/pages/page/{page.pk}/{end}?copy={form['form_id']}"
        assert "Mine only" in organiser.get(address).content.decode()
        assert "Mine only" not in colleague.get(address).content.decode()
