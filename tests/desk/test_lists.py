"""The admin's lists: the message for an empty list, and the labels that a phone shows beside each value."""

import re

import pytest
from django.contrib import admin
from django.utils.safestring import mark_safe

from campaign.desk.templatetags.desk import labelled
from campaign.modeladmin import HubModelAdmin
from campaign.pages.admin import OneRowAdmin
from tests.accounts.organisers import sign_in
from tests.factories import PageFactory

LISTS = [one for one in admin.site._registry.values() if not isinstance(one, OneRowAdmin)]


def test_every_list_has_a_message_that_says_what_to_do_while_it_is_empty():
    assert [type(one).__name__ for one in LISTS if not isinstance(one, HubModelAdmin)] == []
    assert [type(one).__name__ for one in LISTS if not re.fullmatch(r".+\.", str(one.empty_message))] == []


@pytest.mark.parametrize("path", ["pages/page", "pledges/signature", "fundraising/payment", "letters/downloadcount"])
def test_an_empty_list_says_what_to_do_next(client, db, path):
    sign_in(client)
    page = client.get(f"/admin/{path}/").content.decode()
    empty = page.partition('class="empty-list">')[2]

    assert re.match(r"(There are no|Nobody has) ", empty)
    assert "No row matches" not in page


@pytest.mark.parametrize("query", ["q=zebra", "published__exact=0"])
def test_a_search_or_filter_without_a_match_says_so(client, db, query):
    PageFactory()
    sign_in(client)
    page = client.get(f"/admin/pages/page/?{query}").content.decode()

    assert "No row matches your search or filter." in page
    assert "There are no pages yet." not in page


def test_a_day_without_rows_shows_a_message_rather_than_an_empty_table(client, db):
    sign_in(client)

    assert "No row matches" in client.get("/admin/letters/downloadcount/?day__year=2020").content.decode()


def test_each_cell_carries_the_heading_of_its_column_for_phones(client, db):
    PageFactory(title="Our statement", language="cy")
    sign_in(client)
    row = client.get("/admin/pages/page/").content.decode().partition("<tbody")[2].partition("</tbody>")[0]

    assert '<th data-label="Title" class="field-title">' in row
    assert '<td data-label="Shown to visitors" class="field-published">' in row


def test_a_heading_cannot_break_out_of_its_attribute():
    [cell] = labelled([mark_safe("<td>1</td>")], [{"text": '"><script>'}])

    assert cell == '<td data-label="&quot;&gt;&lt;script&gt;">1</td>'
