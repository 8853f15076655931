"""Erasing the signers of a closed pledge: announced 14 days ahead, approved by two organisers, never by mistake."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from time import sleep

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.privacy.erasures import write_waiting
from campaign.roles import DATA_OFFICER, EDITOR, SUPPORTER_CARE
from pledges.approvals.closing import ERASE_SIGNERS
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature
from tests.accounts.organisers import make_established, sign_in, sign_in_as
from tests.editing.filled_in import begun_with
from tests.factories import PledgeFactory, SignatureFactory

KEPT = timedelta(days=settings.KEEP_AFTER_CLOSE_DAYS)
DAY = timedelta(days=1)
PARTS = ("demands", "entries", "milestones", "share_texts", "sheets")
INLINES = {f"{name}-{form}": "0" for name in PARTS for form in ("TOTAL_FORMS", "INITIAL_FORMS")}


def make_closed(ago):
    """Create a pledge that closed this long ago, with two signers."""
    pledge = PledgeFactory(closes_at=timezone.now() - ago)
    SignatureFactory.create_batch(2, pledge=pledge, public=True, role="Chair", network=b"n" * 16, outward_code="NW3")
    publish_counts()
    return pledge


def request_erasure(pledge, user):
    request = ApprovalRequest.draft(ERASE_SIGNERS, user, about=pledge, subject=pledge.pk)
    request.submit(2, "The campaign is over.", timezone.now())
    return request


def form(pledge, **changes):
    answers = {"title": pledge.title, "slug": pledge.slug, "statement": pledge.statement, "language": "en-gb"}
    return INLINES | answers | {"goal": "10", "order": "0", "published": "on"} | changes


def save(client, pledge, **changes):
    return client.post(f"/admin/pledges/pledge/{pledge.pk}/change/", form(pledge, **changes) | begun_with(pledge))


@pytest.mark.parametrize("years", [1, 10])
def test_a_closing_date_in_the_past_is_refused(client, db, years):
    sign_in(client)
    pledge = SignatureFactory(confirmed=True).pledge
    past = timezone.localtime() - timedelta(days=365 * years)
    page = save(client, pledge, closes_at_0=f"{past:%Y-%m-%d}", closes_at_1="18:00").content.decode()

    assert "Choose a time in the future." in page
    pledge.refresh_from_db()
    assert pledge.closes_at is None


def test_a_pledge_that_has_closed_can_still_be_edited(client, db):
    sign_in(client)
    pledge = PledgeFactory(closes_at=timezone.now().replace(microsecond=0) - DAY)
    local = timezone.localtime(pledge.closes_at)
    changes = {"closes_at_0": f"{local:%Y-%m-%d}", "closes_at_1": f"{local:%H:%M:%S}", "title": "It is over"}
    assert save(client, pledge, **changes).status_code == 302

    pledge.refresh_from_db()
    assert pledge.title == "It is over"


@pytest.mark.django_db
def test_retention_alone_erases_no_signer_of_a_closed_pledge():
    make_closed(KEPT * 3)
    call_command("retention")

    assert Signature.objects.exclude(name=None).count() == 2


def test_erasure_is_announced_fourteen_days_ahead_and_urgent_once_due(client, db):
    sign_in(client)
    make_closed(KEPT - 15 * DAY)
    assert "are due to be erased" not in client.get("/admin/").content.decode()
    Pledge.objects.update(closes_at=timezone.now() - KEPT + 13 * DAY)
    page = client.get("/admin/").content.decode()
    assert "are due to be erased" in page
    assert "Urgent" not in page
    Pledge.objects.update(closes_at=timezone.now() - KEPT - DAY)
    assert "Urgent" in client.get("/admin/").content.decode()


def test_an_organiser_requests_erasure_on_the_pledges_page(client, db):
    sign_in(client)
    pledge = make_closed(KEPT)
    response = client.post(f"/admin/pledges/pledge/{pledge.pk}/erase-signers/")
    page = " ".join(client.get(response.url).content.decode().split())

    assert "<strong>2</strong> people" in page
    client.post(response.url, {"ask": "1", "number": "2", "reason": "The campaign is over."})
    assert ApprovalRequest.objects.get().state == "waiting"
    assert "are due to be erased" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize(("role", "may"), [(DATA_OFFICER, True), (EDITOR, False), (SUPPORTER_CARE, False)])
def test_only_a_data_officer_or_an_owner_may_erase_signers_or_approve_an_erasure(client, db, role, may):
    pledge = make_closed(KEPT)
    waiting = request_erasure(pledge, make_established("joan"))
    user = sign_in_as(client, role.name)
    change = f"/admin/pledges/pledge/{pledge.pk}/"

    assert ("erase-signers" in client.get(f"{change}change/").content.decode()) is may
    assert client.post(f"{change}erase-signers/").status_code == (302 if may else 403)
    assert client.get(f"{change}erase-signers/").status_code == 405
    assert (waiting in ApprovalRequest.objects.visible_to(user)) is may


def test_the_signers_of_an_open_pledge_cannot_be_erased(client, db):
    sign_in(client)
    pledge = PledgeFactory()

    assert "erase-signers" not in client.get(f"/admin/pledges/pledge/{pledge.pk}/change/").content.decode()
    response = client.post(f"/admin/pledges/pledge/{pledge.pk}/erase-signers/", follow=True)
    assert "once it has closed" in response.content.decode()
    assert not ApprovalRequest.objects.exists()


def test_two_organisers_erase_all_signers_and_the_count_is_kept(db):
    pledge = make_closed(KEPT + DAY)
    SignatureFactory(pledge=pledge, counted_only=True)
    recent = SignatureFactory(public=True)
    publish_counts()
    addresses = set(pledge.signatures.values_list("email_hash", flat=True))
    request = ApprovalRequest.draft(ERASE_SIGNERS, make_established("ada"), about=pledge, subject=pledge.pk)
    request.submit(3, "The campaign is over.", timezone.now())
    request.approve(make_established("grace"), timezone.now())
    assert act_on_due(timezone.now() + DAY - timedelta(minutes=1)) == 0
    assert act_on_due(timezone.now() + DAY) == 1
    publish_counts()

    left = pledge.signatures.all()
    assert {(s.name, s.email, s.role, s.public_name, s.outward_code, s.country, s.network) for s in left} == {
        (None, None, None, "", "", "", None)
    }
    assert not addresses & set(left.values_list("email_hash", flat=True))
    assert not pledge.signatures.listed().exists()
    assert Pledge.objects.with_count().get(pk=pledge.pk).count == 3
    assert Signature.objects.get(pk=recent.pk).name == recent.name


def test_erased_signers_stay_erased_when_an_older_backup_is_restored(db, settings, tmp_path):
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures.log")
    pledge = make_closed(KEPT + DAY)
    pledge.erase_signers()
    write_waiting()
    SignatureFactory.create_batch(2, pledge=pledge, public=True)  # as a backup would bring them back
    still_open = SignatureFactory(confirmed=True)

    for expected in ("1 had to be repeated", "0 had to be repeated"):
        out = StringIO()
        call_command("replay_erasures", stdout=out)
        assert expected in out.getvalue()
    assert not pledge.signatures.known().exists()
    assert Signature.objects.get(pk=still_open.pk).name


def test_erasure_approved_early_waits_for_its_due_date(db):
    pledge = make_closed(KEPT - 10 * DAY)
    request = request_erasure(pledge, make_established("ada"))
    request.approve(make_established("grace"), timezone.now())

    assert request.acts_at == pledge.erasure_due_at
    assert act_on_due(timezone.now() + 9 * DAY) == 0
    assert act_on_due(timezone.now() + 10 * DAY) == 1


def test_one_organiser_alone_cannot_erase_the_signers_of_even_a_small_pledge(db):
    request = request_erasure(make_closed(KEPT + DAY), make_established("ada"))

    assert request.state == "waiting"
    act_on_due(timezone.now() + 30 * DAY)
    assert Signature.objects.exclude(name=None).count() == 2


def test_the_closing_date_cannot_be_changed_while_erasure_is_requested(client, db):
    organiser = sign_in(client)
    pledge = make_closed(KEPT)
    request = request_erasure(pledge, organiser)
    future = timezone.localtime() + DAY
    later = {"closes_at_0": f"{future:%Y-%m-%d}", "closes_at_1": "18:00"}

    assert "Undo that approval first." in save(client, pledge, **later).content.decode()
    request.undo(organiser, timezone.now())
    assert save(client, pledge, **later).status_code == 302


def test_deleting_a_pledge_whose_erasure_waits_breaks_no_page(client, db):
    sign_in(client)
    pledge = make_closed(KEPT)
    request = request_erasure(pledge, make_established())
    Signature.objects.all().delete()
    pledge.delete()
    page = f"/admin/approvals/approvalrequest/{request.pk}/change/"

    assert client.get(page).status_code == 200
    assert request.approve(make_established("hopper"), timezone.now())
    act_on_due(timezone.now() + 2 * DAY)
    request.refresh_from_db()
    assert request.state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_signer_can_withdraw_during_erasure_without_a_deadlock():
    pledge = make_closed(KEPT)
    signer = Signature.objects.first()

    def erase():
        try:
            with transaction.atomic():
                pledge.erase_signers()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Signature.objects.select_for_update().get(pk=signer.pk)
            erasing = pool.submit(erase)
            sleep(1)
            signer.withdraw()
        erasing.result()

    assert not Signature.objects.exclude(name=None).exists()
