"""Exports of signatures: requested with a reason, approved by a second organiser, harmless to spreadsheets."""

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from campaign.approvals.models import ApprovalRequest
from campaign.documents.spreadsheets import as_csv, as_xlsx
from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.models import SuppressedAddress
from pledges.approvals.exports import EXPORT
from pledges.models import Export, Signature
from tests.accounts.organisers import sign_in
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory
from tests.pledges.conftest import ANSWERS

PAGE = "/admin/pledges/export/"


@pytest.fixture
def exporter(client, db):
    """Return a signed-in organiser who may export signatures and do nothing else."""
    user = sign_in(client, is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="export_signature"))
    return user


def make_export(asked_by=None, **fields):
    """Create an export that somebody has requested."""
    user = asked_by or OrganiserFactory()
    export = Export.objects.create(**{"pledge": PledgeFactory(), "purpose": "delivery"} | fields)
    export.approval = ApprovalRequest.draft(EXPORT, user, about=export, subject=export.pk)
    export.approval.submit(export.signatures().count(), "For No 10.", timezone.now())
    export.save()
    return export


def make_approved(user, **fields):
    export = make_export(user, **fields)
    export.approval.approve(OrganiserFactory(), timezone.now())
    return export


def download(client, export):
    response = client.post(f"{PAGE}{export.pk}/download/")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_even_one_signature_cannot_be_downloaded_before_a_second_organiser_approves(client, exporter):
    pledge = SignatureFactory(confirmed=True).pledge
    response = client.post(f"{PAGE}add/", {"pledge": pledge.pk, "purpose": "delivery", "format": "csv"})
    export = Export.objects.get()
    assert client.post(f"{PAGE}{export.pk}/download/").status_code == 403
    client.post(response.url, {"ask": "1", "number": "1", "reason": "For No 10."})
    export.approval.refresh_from_db()

    assert (export.approval.state, export.approval.asked_by) == ("waiting", exporter)
    assert client.post(f"{PAGE}{export.pk}/download/").status_code == 403
    assert client.post(response.url, {"approve": "1"}).status_code == 403


def test_only_the_organiser_who_requested_an_export_can_download_it(client, exporter):
    signature = SignatureFactory(confirmed=True)
    theirs = make_approved(OrganiserFactory(), pledge=signature.pledge)
    assert client.post(f"{PAGE}{theirs.pk}/download/").status_code == 403  # requested by somebody else

    mine = make_approved(exporter, pledge=signature.pledge)
    assert signature.name in download(client, mine).decode()
    mine.refresh_from_db()
    assert mine.downloads == 1
    assert client.get(f"{PAGE}{mine.pk}/history/").content.decode().count("downloaded a list") == 1


def test_an_export_can_be_downloaded_for_one_day(client, exporter, time_machine):
    export = make_approved(exporter)
    ApprovalRequest.objects.update(ended_at=timezone.now() - timedelta(hours=25))

    assert client.post(f"{PAGE}{export.pk}/download/").status_code == 403


def test_organisers_without_permission_see_no_exports(client, db):
    sign_in(client, is_superuser=False)
    export = make_export(asked_by=OrganiserFactory())

    for address in (PAGE, f"{PAGE}add/", f"{PAGE}{export.pk}/change/"):
        assert client.get(address).status_code == 403
    assert client.post(f"{PAGE}{export.pk}/download/").status_code == 403


def test_a_get_request_downloads_nothing(client, exporter):
    export = make_approved(exporter)

    assert client.get(f"{PAGE}{export.pk}/download/").status_code == 405


def make_signatures(pledge):
    SignatureFactory(pledge=pledge, public=True, name="Public Person", updates=True)
    SignatureFactory(pledge=pledge, confirmed=True, name="Private Person")
    SignatureFactory(pledge=pledge, name="Pending Person", updates=True)
    for state in ("withdrawn", "rejected", "held"):
        SignatureFactory(pledge=pledge, name=f"{state} person", state=state, updates=True)
    SignatureFactory(pledge=pledge, counted_only=True, updates=True)


@pytest.mark.django_db
def test_each_export_has_the_columns_its_purpose_needs_and_only_counted_signatures():
    pledge = PledgeFactory()
    make_signatures(pledge)
    delivery = list(make_export(pledge=pledge, asked_by=OrganiserFactory()).rows())
    updates = list(make_export(pledge=pledge, asked_by=OrganiserFactory(), purpose="updates").rows())

    assert {row[0] for row in delivery[1:]} == {"Public Person", "Private Person"}
    assert "email" not in delivery[0]
    assert not any("@" in (cell or "") for row in delivery for cell in row)
    assert list(updates[0]) == ["name", "email"]
    assert [row[0] for row in updates[1:]] == ["Public Person"]


@pytest.mark.django_db
def test_all_rows_are_read_with_one_query(django_assert_num_queries):
    pledge = PledgeFactory()
    SignatureFactory.create_batch(5, pledge=pledge, confirmed=True)
    with django_assert_num_queries(4):  # and the transaction, and whether any name is sealed
        assert len(list(make_unsaved(pledge).rows())) == 6


def make_unsaved(pledge):
    return Export(pledge=pledge, purpose="delivery")


# Any text that can be encoded: lone surrogates can't be, and no form accepts them.
HOSTILE = st.text("=+-@＝＋－＠\t\r\n\0'\";, |{}_x0041_\u202e\ufeffאب\x0b\x1f\x85\u2028\uffffa", max_size=6)
CELLS = HOSTILE | st.text(st.characters(codec="utf-8"))
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4)
SIGNS = tuple("=+-@＝＋－＠")


def read_csv(text, delimiter=","):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def read_xlsx(file):
    """Return the cells of a workbook by row, as text; fail if any holds something else, such as a formula."""
    rows = [[cell for cell in row if cell.value is not None] for row in openpyxl.load_workbook(file).active.iter_rows()]
    assert {cell.data_type for row in rows for cell in row} <= {"s", "inlineStr"}
    return [[unescape(cell.value) for cell in row] for row in rows]


def without_apostrophes(rows):
    return [[cell.replace("'", "") for cell in row] for row in rows]


@given(ROWS)
def test_a_csv_file_keeps_any_text_except_apostrophes_and_no_cell_starts_like_a_formula(rows):
    read = read_csv("".join(as_csv(rows)))

    assert without_apostrophes(read) == without_apostrophes(rows)
    assert not any(cell.startswith((*SIGNS, *"\t\r\n\0")) for row in read for cell in row)


@given(ROWS, st.sampled_from(";\t"))
@example([["Ruth;=1"], ['Ruth;"=1'], ["Ruth\n=1"]], ";")
def test_no_cell_starts_like_a_formula_in_a_spreadsheet_that_expects_another_separator(rows, delimiter):
    read = read_csv("".join(as_csv(rows)), delimiter)

    assert not any(cell.startswith(SIGNS) for row in read for cell in row)


@given(ROWS)
def test_a_workbook_keeps_any_text_and_contains_nothing_else(rows):
    with as_xlsx([["heading"], *rows, ["end"]]) as file:
        read = read_xlsx(file)

    assert read == [["heading"], *([cell for cell in row if cell] for row in rows), ["end"]]


def test_a_workbook_shows_links_numbers_and_formulas_as_typed():
    rows = [["name"], ["=1+1"], ["https://example.org"], ["0044"], ["רות"]]

    with as_xlsx(rows) as file:
        assert read_xlsx(file) == rows


def test_hostile_names_are_exported_as_text(client, exporter, pledge):
    typed = {
        "=SUM(A1)": "=SUM(A1)",
        "+44 Ruth": "+44 Ruth",
        "-Ruth": "-Ruth",
        "＝Ruth": "＝Ruth",
        "Ruth;=cmd|'/c calc'!A1": "Ruth;=cmd|'/c calc'!A1",
        'Ruth "Ruthie" =1, Feldman': 'Ruth "Ruthie" =1, Feldman',
        "\t=Ruth\r\n=1": "=Ruth =1",
        "\u202eRuth\u202c רות": "Ruth רות",
        "Ruth\x1f\x85": "Ruth",
        "Ruth \ud800": "Ruth ���",
    }
    for number, name in enumerate([*typed, "Ruth\0", "@Ruth", "=1+1"]):  # the last three are refused
        body = urlencode(ANSWERS | {"name": name, "email": f"ruth{number}@example.org"}, errors="surrogatepass")
        client.post(pledge.get_absolute_url(), body, content_type="application/x-www-form-urlencoded")
    assert sorted(signature.name for signature in Signature.objects.all()) == sorted(typed.values())
    Signature.objects.update(state="confirmed")

    in_csv = [name for name, *_ in read_csv(download(client, make_approved(exporter, pledge=pledge)).decode())[1:]]
    workbook = io.BytesIO(download(client, make_approved(exporter, pledge=pledge, format="xlsx")))
    assert not any(name.startswith(SIGNS) for name in in_csv)
    assert sorted(without_apostrophes([in_csv])[0]) == sorted(without_apostrophes([typed.values()])[0])
    assert sorted(name for name, *_ in read_xlsx(workbook)[1:]) == sorted(typed.values())


@pytest.mark.django_db
def test_suppressed_addresses_are_left_out_of_lists_for_news():
    pledge = PledgeFactory()
    for address in ("ruth@example.org", "ruth+leeds@example.org", "eve@example.org"):
        SignatureFactory(pledge=pledge, confirmed=True, email=address, updates=True)
    SuppressedAddress.objects.create(address_hash=mailbox_hash("ruth@example.org"))

    rows = list(Export(pledge=pledge, purpose="updates").rows())
    assert [address for _name, address in rows] == ["email", "eve@example.org"]
    assert len(list(make_unsaved(pledge).rows())) == 4


def test_an_export_that_was_never_submitted_is_deleted_with_its_draft(client, exporter):
    pledge = SignatureFactory(confirmed=True).pledge
    client.post(f"{PAGE}add/", {"pledge": pledge.pk, "purpose": "delivery", "format": "csv"})
    kept = make_export(pledge=pledge)
    ApprovalRequest.objects.update(asked_at=timezone.now() - timedelta(days=365))
    call_command("retention")

    assert Export.objects.get() == kept
    assert ApprovalRequest.objects.get() == kept.approval
