"""Exports, the signature's page and approvals, once names are sealed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from campaign.sealing.open_sealed import open_csv
from pledges.approvals.samples import sample
from pledges.models import Export, Signature
from pledges.sealing import seal_due
from tests.accounts.organisers import sign_in
from tests.factories import PledgeFactory, SignatureFactory
from tests.pledges.admin.test_exports import PAGE, download, make_approved

pytestmark = pytest.mark.django_db
NAMES = ["Ruth Feldman", "=1+1", "-Ruth", 'Ruth "Ruthie" =1, Feldman', "Ruth;=cmd|'/c calc'!A1", "רות", "‮Ruth"]


@pytest.fixture
def exporter(client):
    """Return a signed-in organiser who may export signatures and do nothing else."""
    user = sign_in(client, is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="export_signature"))
    return user


@pytest.fixture
def pledge():
    """Return a pledge with signers of every kind, who all signed three days ago."""
    made, signed = PledgeFactory(), {"signed_at": timezone.now() - timedelta(days=3), "confirmed": True}
    for name in NAMES:
        SignatureFactory(pledge=made, name=name, **signed)
    SignatureFactory(pledge=made, name="Ines Okonjo", shown_name="Ines", visibility="public", **signed)
    SignatureFactory(pledge=made, name="Ada King", visibility="public", town="Leeds", **signed)
    SignatureFactory(pledge=made, kind="organisation", organisation="Quill", role="Chair", **signed)
    SignatureFactory(pledge=made, kind="organisation", organisation="Pen", visibility="public", **signed)
    SignatureFactory(pledge=made, updates=True, name="News Reader", **signed)
    return made


def seal():
    while seal_due(timezone.now()):
        pass


def lines(content):
    return sorted(content.decode().splitlines())


@pytest.mark.parametrize("purpose", ["delivery", "updates"])
def test_an_opened_export_has_the_same_bytes_as_one_before_sealing(
    client, exporter, pledge, private_key, tmp_path, purpose
):
    before = download(client, make_approved(exporter, pledge=pledge, purpose=purpose))
    seal()
    sealed = download(client, make_approved(exporter, pledge=pledge, purpose=purpose))
    (tmp_path / "sealed.csv").write_bytes(sealed)
    count = open_csv(tmp_path / "sealed.csv", tmp_path / "opened.csv", private_key)

    assert lines((tmp_path / "opened.csv").read_bytes()) == lines(before)
    assert count == len(lines(before)) - 1
    assert b"Feldman" not in sealed
    assert b"Reader" not in sealed


def test_the_export_of_a_site_that_seals_nothing_has_no_column_for_boxes(client, exporter, pledge):
    assert b"sealed" not in download(client, make_approved(exporter, pledge=pledge))


def test_a_workbook_with_sealed_names_is_refused(client, exporter, pledge, private_key):
    seal()
    response = client.post(f"{PAGE}add/", {"pledge": pledge.pk, "purpose": "delivery", "format": "xlsx"})

    assert "Choose CSV" in response.content.decode()
    assert not Export.objects.exists()


def test_the_page_of_a_signature_says_that_its_name_is_sealed_and_shows_the_box(client, pledge, private_key):
    sign_in(client)
    signature = Signature.objects.filter(visibility="private").first()
    address = f"/admin/pledges/signature/{signature.pk}/change/"
    assert "Sealed boxes" not in client.get(address).content.decode()
    seal()
    signature.refresh_from_db()
    html = client.get(address).content.decode()

    assert '<div class="readonly">sealed</div>' in html
    assert signature.sealed_name.replace("+", "&#43;") in html or signature.sealed_name in html
    assert "Sealed boxes" in html


def test_a_sealed_name_is_not_found_by_the_search(client, pledge, private_key):
    sign_in(client)
    search = "/admin/pledges/signature/?q=Ruth+Feldman"
    assert "1 signature" in client.get(search).content.decode()
    seal()

    assert "0 signatures" in client.get(search).content.decode()


def test_samples_say_that_a_name_is_sealed(pledge, private_key):
    seal()

    assert any(line.endswith("name sealed") for line in sample(pledge.signatures.all()))
