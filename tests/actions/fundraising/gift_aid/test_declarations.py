"""Declarations: stored encrypted, copied to the donor, cancelled by a link, erased in time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from actions.fundraising.models import Claim, ClaimLine, Declaration, Donation
from actions.fundraising.models.declarations import SECRET
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from tests.actions.factories import DeclarationFactory, PaymentFactory
from tests.factories import OrganiserFactory, SiteSettingsFactory

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=366)


def cancel_url(declaration):
    return f"/donate/gift-aid/{declaration.token}/"


def test_the_database_holds_no_name_or_address_in_clear_text():
    DeclarationFactory()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM fundraising_declaration")
        row = b"|".join(
            bytes(value) if isinstance(value, memoryview) else str(value).encode() for value in cursor.fetchone()
        )

    for text in (b"Ada", b"Byron", b"James", b"SW1Y"):
        assert text not in row


def send(declaration):
    declaration.send_copy(timezone.now())
    send_waiting()


def test_the_donor_gets_one_copy_with_the_link_to_cancel(mailoutbox):
    SiteSettingsFactory()
    declaration = DeclarationFactory()
    send(declaration)
    send(Declaration.objects.get())
    (mail,) = mailoutbox

    assert mail.to == ["ada@example.org"]
    assert declaration.wording in mail.body
    assert "The Charity" in mail.body
    assert "Ms Ada Byron" in mail.body
    assert "12, St James's Square, London, SW1Y 4JH" in mail.body
    assert cancel_url(declaration) in mail.body
    assert "The Charity" not in mail.subject


def test_an_address_abroad_is_shown_without_hmrcs_x(mailoutbox):
    SiteSettingsFactory()
    send(DeclarationFactory(postcode="X", address="Rue de Rivoli, Paris"))

    assert "12, Rue de Rivoli, Paris\n" in mailoutbox[0].body


@pytest.mark.parametrize("changes", [{"cancelled_at": datetime(2026, 11, 1, tzinfo=UTC)}, {"last_name": None}], ids=str)
def test_no_copy_is_sent_of_a_cancelled_or_erased_declaration(mailoutbox, changes):
    send(DeclarationFactory(**changes))

    assert mailoutbox == []


def test_no_copy_is_sent_without_an_address(mailoutbox):
    send(DeclarationFactory(donation__donor_email=None))

    assert mailoutbox == []
    assert Message.objects.get().outcome == Message.Outcome.DROPPED


def test_viewing_the_page_cancels_nothing_and_shows_no_personal_data(client, django_assert_max_num_queries):
    SiteSettingsFactory()
    declaration = DeclarationFactory()
    with django_assert_max_num_queries(4):
        response = client.get(cancel_url(declaration))
    page = response.content.decode()

    assert "for donations to The Charity" in " ".join(page.split())
    assert 'content="noindex"' in page
    assert "canonical" not in page
    assert declaration.token not in page
    assert not any(text in page for text in ("Ada", "Byron", "SW1Y", "ada@"))
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies
    assert Declaration.objects.get().cancelled_at is None


def test_the_button_cancels_the_declaration_from_that_moment(client, time_machine):
    SiteSettingsFactory()
    declaration = DeclarationFactory()
    time_machine.move_to("2026-12-01T10:00Z", tick=False)
    first = client.post(cancel_url(declaration)).content.decode()
    time_machine.move_to("2026-12-02T10:00Z", tick=False)
    client.post(cancel_url(declaration))

    assert "is cancelled" in first
    assert "is cancelled" in client.get(cancel_url(declaration)).content.decode()
    assert Declaration.objects.get().cancelled_at == datetime.fromisoformat("2026-12-01T10:00Z")


def test_another_site_cannot_cancel_a_declaration(client):
    declaration = DeclarationFactory()
    response = client.post(cancel_url(declaration), headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert Declaration.objects.get().cancelled_at is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_invalid_link_is_not_found(client, method):
    SiteSettingsFactory()
    declaration = DeclarationFactory()

    assert getattr(client, method)(f"/donate/gift-aid/{declaration.token[:-1]}/").status_code == 404
    assert getattr(client, method)(f"/donate/gift-aid/{declaration.pk}/").status_code == 404
    assert Declaration.objects.get().cancelled_at is None


def test_the_last_form_before_payment_replaces_the_declaration():
    first = DeclarationFactory()
    donation = first.donation
    Declaration.objects.replace(donation, DeclarationFactory.build(donation=donation, last_name="Lovelace"))
    assert Declaration.objects.get().last_name == "Lovelace"

    Declaration.objects.replace(donation, None)
    assert not Declaration.objects.exists()


def test_a_declaration_cannot_be_replaced_once_there_is_a_payment():
    first = DeclarationFactory()
    PaymentFactory(donation=first.donation, status="pending", net_pence=0)
    Declaration.objects.replace(first.donation, DeclarationFactory.build(donation=first.donation))
    Declaration.objects.replace(first.donation, None)

    assert Declaration.objects.get() == first


def test_a_declaration_is_deleted_with_an_unpaid_donation(time_machine):
    time_machine.move_to("2026-01-01T12:00Z")
    DeclarationFactory(donation__session_status="expired")
    time_machine.shift(timedelta(days=31))
    call_command("retention")

    assert not Donation.objects.exists()
    assert not Declaration.objects.exists()


def is_readable():
    return Declaration.objects.readable().exists()


def claim(declaration):
    """Claim the payment of its donation now."""
    new_claim = Claim.objects.make(declaration.charity_name, OrganiserFactory(), timezone.now())
    assert new_claim.lines.get().declaration == declaration


@pytest.mark.parametrize(("days", "stays"), [(6 * 366 - 1, True), (6 * 366 + 1, False)])
def test_personal_data_is_erased_six_years_after_the_last_claim(time_machine, days, stays):
    time_machine.move_to("2026-01-01T12:00Z")
    declaration = DeclarationFactory()
    PaymentFactory(donation=declaration.donation)
    time_machine.shift(YEAR)
    claim(declaration)
    time_machine.shift(timedelta(days=days))
    call_command("retention")

    assert is_readable() is stays
    assert ClaimLine.objects.get().claimed_pence == 1000


@pytest.mark.parametrize(("days", "stays"), [(6 * 366 - 1, True), (6 * 366 + 1, False)])
def test_an_unclaimed_declaration_is_kept_as_long(time_machine, days, stays):
    time_machine.move_to("2026-01-01T12:00Z")
    PaymentFactory(donation=DeclarationFactory().donation)
    time_machine.shift(timedelta(days=days))
    call_command("retention")

    assert is_readable() is stays


def test_a_new_declaration_is_kept():
    DeclarationFactory()
    call_command("retention")

    assert is_readable()


def test_a_continuing_monthly_donation_keeps_its_declaration(time_machine):
    time_machine.move_to("2026-01-01T12:00Z")
    declaration = DeclarationFactory()
    time_machine.shift(7 * YEAR)
    PaymentFactory(donation=declaration.donation)
    call_command("retention")

    assert is_readable()


def test_an_erased_declaration_has_no_personal_data_and_no_page(client):
    SiteSettingsFactory()
    declaration = DeclarationFactory()
    Declaration.objects.erase_personal_data()
    declaration.refresh_from_db()

    assert {getattr(declaration, name) for name in SECRET} == {None}
    assert client.get(cancel_url(declaration)).status_code == 404
