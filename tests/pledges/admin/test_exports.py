"""Taking signatures out: asked for with a reason, approved by a second organiser, harmless to spreadsheets."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaign.approvals.models import ApprovalRequest
from campaign.spreadsheets import as_csv, as_xlsx
from pledges.approvals.exports import EXPORT
from pledges.models import Export
from tests.accounts.organisers import sign_in
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory

PAGE = "/admin/pledges/export/"


@pytest.fixture
def exporter(client, db):
    """An organiser who may export and nothing else, signed in."""
    user = sign_in(client, is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="export_signature"))
    return user


def make(asked_by=None, **fields):
    """An export that somebody has requested."""
    user = asked_by or OrganiserFactory()
    export = Export.objects.create(**{"pledge": PledgeFactory(), "purpose": "delivery"} | fields)
    export.approval = ApprovalRequest.draft(EXPORT, user, about=export, subject=export.pk)
    export.approval.ask(export.signatures().count(), "For No 10.", timezone.now())
    export.save()
    return export


def approved(user, **fields):
    export = make(user, **fields)
    export.approval.approve(OrganiserFactory(), timezone.now())
    return export


def download(client, export):
    answer = client.post(f"{PAGE}{export.pk}/download/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_nobody_gets_a_list_before_another_organiser_has_approved_even_of_one(client, exporter):
    pledge = SignatureFactory(confirmed=True).pledge
    answer = client.post(f"{PAGE}add/", {"pledge": pledge.pk, "purpose": "delivery", "format": "csv"})
    export = Export.objects.get()
    assert client.post(f"{PAGE}{export.pk}/download/").status_code == 403
    client.post(answer.url, {"ask": "1", "number": "1", "reason": "For No 10."})
    export.approval.refresh_from_db()

    assert (export.approval.state, export.approval.asked_by) == ("waiting", exporter)
    assert client.post(f"{PAGE}{export.pk}/download/").status_code == 403
    assert client.post(answer.url, {"approve": "1"}).status_code == 403


def test_the_second_organiser_approves_and_only_the_first_downloads(client, exporter):
    signature = SignatureFactory(confirmed=True)
    theirs = approved(OrganiserFactory(), pledge=signature.pledge)
    assert client.post(f"{PAGE}{theirs.pk}/download/").status_code == 403  # it was not they who asked

    mine = approved(exporter, pledge=signature.pledge)
    assert signature.name in download(client, mine).decode()
    mine.refresh_from_db()
    assert mine.downloads == 1
    assert client.get(f"{PAGE}{mine.pk}/history/").content.decode().count("Downloaded.") == 1


def test_it_is_open_for_a_day(client, exporter, time_machine):
    export = approved(exporter)
    ApprovalRequest.objects.update(ended_at=timezone.now() - timedelta(hours=25))

    assert client.post(f"{PAGE}{export.pk}/download/").status_code == 403


def test_without_the_right_there_is_nothing_to_see(client, db):
    sign_in(client, is_superuser=False)
    export = make(asked_by=OrganiserFactory())

    for address in (PAGE, f"{PAGE}add/", f"{PAGE}{export.pk}/change/"):
        assert client.get(address).status_code == 403
    assert client.post(f"{PAGE}{export.pk}/download/").status_code == 403


def test_getting_does_nothing(client, exporter):
    export = approved(exporter)

    assert client.get(f"{PAGE}{export.pk}/download/").status_code == 405


def people(pledge):
    SignatureFactory(pledge=pledge, public=True, name="Public Person", updates=True)
    SignatureFactory(pledge=pledge, confirmed=True, name="Private Person")
    SignatureFactory(pledge=pledge, name="Pending Person", updates=True)
    for state in ("withdrawn", "rejected", "held"):
        SignatureFactory(pledge=pledge, name=f"{state} person", state=state, updates=True)
    SignatureFactory(pledge=pledge, counted_only=True, updates=True)


@pytest.mark.django_db
def test_each_list_holds_what_its_purpose_needs_and_only_who_counts():
    pledge = PledgeFactory()
    people(pledge)
    delivery = list(make(pledge=pledge, asked_by=OrganiserFactory()).rows())
    updates = list(make(pledge=pledge, asked_by=OrganiserFactory(), purpose="updates").rows())

    assert {row[0] for row in delivery[1:]} == {"Public Person", "Private Person"}
    assert "email" not in delivery[0]
    assert not any("@" in (cell or "") for row in delivery for cell in row)
    assert list(updates[0]) == ["name", "email"]
    assert [row[0] for row in updates[1:]] == ["Public Person"]


@pytest.mark.django_db
def test_the_rows_are_read_from_a_cursor_as_they_are_wanted(django_assert_num_queries):
    pledge = PledgeFactory()
    SignatureFactory.create_batch(5, pledge=pledge, confirmed=True)
    with django_assert_num_queries(1):
        assert len(list(make_unsaved(pledge).rows())) == 6


def make_unsaved(pledge):
    return Export(pledge=pledge, purpose="delivery")


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), min_size=1), min_size=1))
def test_no_cell_of_the_csv_begins_like_a_formula_and_none_is_lost(rows):
    text = "".join(as_csv(rows)).removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(text, newline="")))

    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows if row
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in read for cell in row)


def test_a_workbook_holds_text_only_and_opens(tmp_path):
    file = as_xlsx([["name"], ["=1+1"], ["https://example.org"], ["0044"], ["רות"]])
    with file:
        (tmp_path / "list.xlsx").write_bytes(file.read())
    cells = [row[0] for row in openpyxl.load_workbook(tmp_path / "list.xlsx").active.iter_rows()]

    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("name", "s"),
        ("=1+1", "s"),
        ("https://example.org", "s"),
        ("0044", "s"),
        ("רות", "s"),
    ]
