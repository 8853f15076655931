"""The breadcrumbs of pages in the admin."""

import re

import pytest
from django.utils.html import strip_tags

from tests.accounts.organisers import sign_in
from tests.mailings.admin.steps import path
from tests.mailings.drafts import make_draft, make_site

pytestmark = pytest.mark.django_db


def crumbs(page):
    found = re.search(r'<div class="breadcrumbs">(.*?)</div>', page.content.decode(), re.DOTALL)[1]
    return [" ".join(part.split()) for part in re.split("›|&rsaquo;", strip_tags(found))]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/admin/mailings/mailing/", ["Home", "Mailings"]),
        ("/admin/mailings/mailing/add/", ["Home", "Mailings", "Add mailing"]),
        ("/admin/tags/tag/", ["Home", "Tags"]),
        ("/admin/pledges/pledge/add/", ["Home", "Pledges", "Add pledge"]),
        ("change", ["Home", "Mailings", "News"]),
        ("delete", ["Home", "Mailings", "News", "Delete"]),
        ("send", ["Home", "Mailings", "News", "Send: News"]),
    ],
)
def test_each_step_is_named_once(client, url, expected):
    make_site()
    sign_in(client)
    mailing = make_draft(subject="News")

    assert crumbs(client.get(url if "/" in url else path(mailing, url))) == expected
