"""Links to appeals: which URLs are allowed, and that visitors get no link until an organiser has checked it."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError

from actions.fundraising.models import Appeal
from campaign.desk.tasks import all_tasks
from tests.actions.factories import AppealFactory
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db
APPEALS = "/admin/fundraising/appeal/"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.gofundme.com/s?q=Stop+Uyghur+Genocide",
        "https://www.gofundme.com/S?Q=uyghur",
        "https://www.gofundme.com/%73?q=uyghur",
        "https://www.gofundme.com/en-gb/s?q=uyghur",
        "https://www.gofundme.com/discover/human-rights-fundraiser",
        "https://www.gofundme.com/f/",
        "https://www.gofundme.com/",
        "https://www.gofundme.com/?q=uyghur",
        "https://www.justgiving.com/search?q=uyghur&type=onesearch",
        "https://www.justgiving.com/en-GB/search",
        "https://www.justgiving.com/crowdfunding",
        "https://www.justgiving.com/crowdfunding/?keyword=uyghur",
        "https://www.crowdfunder.co.uk/search/projects?map=hidden&term=uyghur",
        "https://www.crowdfunder.co.uk/explore",
        "https://www.totalgiving.co.uk/search.aspx?s=uyghur",
        "https://www.totalgiving.co.uk/find-a-charity",
        "https://www.totalgiving.co.uk/#/search?q=uyghur",
        "https://www.gofundme.com/f/something?query=",
        "https://www.gofundme.com/f/something/../../s",
        "https://www.gofundme.com/f/x%2f..%2f..%2fs",
        "https://www.gofundme.com/f/./",
        "https://www.gofundme.com/f/%20",
        "https://www.gofundme.com/f/s",
        "https://www.gofundme.com/c/search",
        "https://www.gofundme.com/zh-hans/s",
        "https://www.totalgiving.co.uk/appeals/all",
    ],
)
def test_a_search_or_a_list_of_appeals_is_refused(url):
    with pytest.raises(ValidationError) as refused:
        AppealFactory.build(url=url).full_clean()
    assert "a search page or a list of appeals" in str(refused.value.message_dict["url"])


@pytest.mark.parametrize(
    "url",
    [
        "https://another.example\\@gofundme.com/f/something",
        "https://gofundme.com@another.example/f/something",
        "https://ada:pw@www.gofundme.com/f/something",
        "https://www.gofundme.com:8443/f/something",
        "https://gofundme.com.another.example/f/something",
        "https://gofund.me/abc",
    ],
)
def test_a_link_that_does_not_clearly_point_to_a_known_site_is_refused(url):
    """Refuse a backslash too: browsers treat it as a slash and go to the other site."""
    with pytest.raises(ValidationError) as refused:
        AppealFactory.build(url=url).full_clean()
    assert "must go to one of the following" in str(refused.value.message_dict["url"])


@pytest.mark.parametrize(
    "url",
    [
        "https://www.gofundme.com/f/stop-uyghur-genocide",
        "https://WWW.GoFundMe.com/f/help-me-find",
        "https://gofundme.com/en-gb/f/search-and-rescue?utm_source=customer&lang=en_GB",
        "https://www.justgiving.com/crowdfunding/find-my-family",
        "https://www.justgiving.com/fundraising/ada-byron#donate",
        "https://www.crowdfunder.co.uk/p/explore-the-fells",
        "https://www.totalgiving.co.uk/appeal/results-count",
        "https://www.justgiving.com/our-own-name",
    ],
)
def test_an_appeals_own_page_is_accepted(url):
    AppealFactory.build(url=url).full_clean()


@pytest.fixture
def unchecked(db):
    SiteSettingsFactory()
    return AppealFactory(slug="stop", is_checked=False, organiser="Ada Byron", summary="Help them.")


def test_an_unchecked_appeal_is_shown_without_a_link_or_an_organiser(client, unchecked):
    page = client.get("/donate/").content.decode()

    assert "Help them." in page
    assert "there is no link yet" in page
    assert "/go/stop/" not in page
    assert "gofundme.com" not in page
    assert "Ada Byron" not in page
    assert client.get("/go/stop/").status_code == 404
    assert not unchecked.visits.exists()


def test_a_checked_appeal_shows_its_name_and_organiser(client, unchecked):
    Appeal.objects.update(is_checked=True)
    page = " ".join(client.get("/donate/").content.decode().split())

    assert "this appeal is called “<bdi>Give to something</bdi>” and is run by <bdi>Ada Byron</bdi>" in page
    assert client.get("/go/stop/").status_code == 302


@pytest.mark.parametrize("missing", ["name_there", "organiser"])
def test_an_appeal_needs_a_name_and_an_organiser_to_be_checked(missing):
    with pytest.raises(ValidationError) as refused:
        AppealFactory.build(**{missing: ""}).full_clean()
    assert "is_checked" in refused.value.message_dict
    with pytest.raises(IntegrityError):
        AppealFactory(**{missing: ""})


def test_the_desk_asks_to_check_a_published_appeal(unchecked):
    assert "fundraising.change_appeal" in {task.permission for task in all_tasks()}

    Appeal.objects.update(published=False)
    assert "fundraising.change_appeal" not in {task.permission for task in all_tasks()}


def test_the_campaigns_own_appeal_has_a_direct_link_that_still_needs_checking(db):
    call_command("load_campaign")
    appeal = Appeal.objects.get()

    assert appeal.url == "https://www.gofundme.com/f/stop-uyghur-genocide"
    assert not appeal.is_checked
