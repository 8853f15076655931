"""No organiser alone can change where money or notices go: a second organiser has to approve."""

import pytest
from django.utils import timezone

from actions.fundraising.models import Appeal, DonationSettings
from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.audit.models import AuditEntry
from tests.accounts.organisers import make_established, make_organiser, sign_in
from tests.actions.factories import AppealFactory
from tests.editing.filled_in import begun_with

APPEALS = "/admin/fundraising/appeal/"
SETTINGS = "/admin/fundraising/donationsettings/1/change/"
OLD, NEW = "https://www.gofundme.com/f/ours", "https://www.gofundme.com/f/theirs"
PORTAL, OTHER = (f"https://billing.stripe.com/p/login/{name}" for name in ("ours", "theirs"))
TREASURER = "treasurer@example.org"
INLINE = {"demands-TOTAL_FORMS": "0", "demands-INITIAL_FORMS": "0"}
NAMES = ("title", "slug", "url", "name_there", "organiser", "language", "order", "passed_on")


@pytest.fixture
def organiser(client, db):
    return sign_in(client)


@pytest.fixture
def appeal(organiser):
    return AppealFactory(slug="stop", url=OLD)


def save(client, appeal, **changes):
    """Submit an appeal's form with these changes, where None unticks a box; return the resulting page."""
    ticked = {"published": "on"} | ({"is_checked": "on"} if appeal.is_checked else {})
    form = {name: getattr(appeal, name) for name in NAMES} | ticked | INLINE | begun_with(appeal) | changes
    form = {name: value for name, value in form.items() if value is not None}
    return client.post(f"{APPEALS}{appeal.pk}/change/", form, follow=True).content.decode()


def save_settings(client, path=SETTINGS, **changes):
    form = {"is_open": "on", "portal_url": PORTAL, "treasurer_email": "", "fee_percent": "1.5", "fee_pence": "20"}
    return client.post(path, form | changes, follow=True).content.decode()


def leads_to(client):
    response = client.get("/go/stop/")
    return response.get("Location", response.status_code)


def approve(client):
    """Approve the only waiting request as a second organiser; return the request's page from before the approval."""
    request = ApprovalRequest.objects.get(state="waiting")
    path = f"/admin/approvals/approvalrequest/{request.pk}/change/"
    page = client.get(path).content.decode()
    assert request.approve(make_established("grace"), timezone.now())
    return page


def test_visitors_get_the_old_link_until_a_second_organiser_has_approved_the_new_one(client, appeal):
    page = save(client, appeal, url=NEW, organiser="Somebody Else")
    request = ApprovalRequest.objects.get()
    assert leads_to(client) == OLD
    assert Appeal.objects.get().organiser == appeal.organiser
    assert "A second organiser must approve this first." in page
    page = client.get(f"{APPEALS}{appeal.pk}/change/").content.decode()
    assert "Until it is approved, the old values apply." in page
    assert f"/admin/approvals/approvalrequest/{request.pk}/change/" in page

    asked = approve(client)
    assert f"Link: {OLD} → {NEW}" in asked
    assert leads_to(client) == NEW
    assert Appeal.objects.get().organiser == "Somebody Else"
    assert AuditEntry.objects.filter(act=Act.CHANGE, actor=None).get().detail["fields"] == ["organiser", "url"]


def test_a_requested_change_is_not_recorded_as_a_change(client, appeal):
    save(client, appeal, url=NEW, summary="More.")

    assert AuditEntry.objects.filter(act=Act.CHANGE).get().detail["fields"] == ["summary"]
    assert Appeal.objects.get().summary == "More."


def test_a_refused_change_leaves_the_old_link(client, appeal):
    save(client, appeal, url=NEW)
    ApprovalRequest.objects.get().undo(make_established("grace"), timezone.now())

    assert leads_to(client) == OLD
    assert "Until one has approved" not in client.get(f"{APPEALS}{appeal.pk}/change/").content.decode()


def test_visitors_can_follow_a_new_link_only_once_a_second_organiser_has_approved(client, organiser):
    appeal = AppealFactory(slug="stop", url=OLD, is_checked=False)
    save(client, appeal, url=NEW)
    assert Appeal.objects.get().url == NEW
    assert not ApprovalRequest.objects.exists()

    appeal.refresh_from_db()
    page = save(client, appeal, is_checked="on")
    assert leads_to(client) == 404
    assert "without a link until somebody has checked" in page
    assert f"Link: {NEW}" in approve(client)
    assert leads_to(client) == NEW


def test_a_new_appeal_marked_as_checked_has_no_link_until_a_second_organiser_has_approved(client, organiser):
    form = {"title": "Stop", "slug": "stop", "url": NEW, "name_there": "Stop", "organiser": "Ada", "passed_on": "0"}
    more = {"language": "en-gb", "order": "0", "published": "on", "is_checked": "on"}
    client.post(f"{APPEALS}add/", form | more | INLINE)

    assert not Appeal.objects.get().is_checked
    approve(client)
    assert Appeal.objects.get().is_checked


def test_one_organiser_can_remove_a_link_at_once(client, appeal):
    save(client, appeal, is_checked=None, url=NEW)

    assert leads_to(client) == 404
    assert not ApprovalRequest.objects.exists()


def test_a_request_does_nothing_if_the_appeal_has_changed_since(client, appeal):
    save(client, appeal, url=NEW)
    appeal.refresh_from_db()
    save(client, appeal, is_checked=None)
    request = ApprovalRequest.objects.get()
    assert "has been changed since" in str(request.obstacle(make_established("joan"), timezone.now()))

    approve(client)
    assert leads_to(client) == 404
    assert Appeal.objects.get().url == OLD


def test_a_second_change_has_to_wait_for_the_first(client, appeal):
    save(client, appeal, url=NEW)
    appeal.refresh_from_db()

    assert "Decide on it first." in save(client, appeal, url=f"{NEW}-2")
    assert "Decide on it first." not in save(client, appeal, summary="More.")
    assert ApprovalRequest.objects.count() == 1


def test_a_link_that_is_not_allowed_is_refused_at_once(client, appeal):
    assert "The link must go to one of the following" in save(client, appeal, url="https://evil.example/f/ours")
    assert not ApprovalRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("portal_url", OTHER), ("portal_url", ""), ("treasurer_email", TREASURER)]
)
def test_changing_where_donors_or_notices_are_sent_requires_two_organisers(client, organiser, field, value):
    DonationSettings(portal_url=PORTAL).save()
    before = getattr(DonationSettings.current(), field)
    page = save_settings(client, **{field: value})
    assert getattr(DonationSettings.current(), field) == before
    assert "Until it is approved, the old values apply." in page

    assert (value or "(empty)") in approve(client)
    assert getattr(DonationSettings.current(), field) == value


def test_the_first_settings_also_require_two_organisers(client, organiser):
    save_settings(client, SETTINGS.replace("1/change", "add"), fee_pence="30")
    assert (DonationSettings.current().portal_url, DonationSettings.current().fee_pence) == ("", 30)

    approve(client)
    assert DonationSettings.current().portal_url == PORTAL


@pytest.mark.parametrize("decide", ["approve", "undo"])
def test_a_decided_request_does_not_keep_the_treasurers_address(client, organiser, decide):
    DonationSettings(portal_url=PORTAL, treasurer_email="old@example.org").save()
    save_settings(client, treasurer_email=TREASURER)
    request = ApprovalRequest.objects.get()
    assert TREASURER in str(request.payload)
    getattr(request, decide)(make_established("grace"), timezone.now())

    assert "@" not in str(ApprovalRequest.objects.get().payload)
    assert TREASURER not in str(list(AuditEntry.objects.values()))


def test_only_organisers_who_may_change_the_settings_see_the_request(client, organiser):
    DonationSettings(portal_url=PORTAL).save()
    save_settings(client, treasurer_email=TREASURER)

    assert not ApprovalRequest.objects.visible_to(make_organiser("joan")).exists()


def test_the_list_hides_an_appeal_and_asks_for_no_approval(client, appeal):
    assert appeal.published
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": appeal.pk, "_save": "Save"}

    assert client.post(APPEALS, rows).status_code == 302
    appeal.refresh_from_db()
    assert (appeal.published, appeal.url) == (False, OLD)
    assert not ApprovalRequest.objects.exists()
