"""Declarations: kept encrypted, sent to the donor, cancelled by a link, forgotten in time."""

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


def address(declaration):
    return f"/donate/gift-aid/{declaration.token}/"


def test_the_database_sees_no_name_and_no_address():
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


def test_the_donor_gets_a_copy_once_with_the_link_to_cancel(mailoutbox):
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
    assert address(declaration) in mail.body
    assert "The Charity" not in mail.subject


def test_an_address_abroad_is_shown_without_the_letter_for_hmrc(mailoutbox):
    SiteSettingsFactory()
    send(DeclarationFactory(postcode="X", address="Rue de Rivoli, Paris"))

    assert "12, Rue de Rivoli, Paris\n" in mailoutbox[0].body


@pytest.mark.parametrize("changes", [{"cancelled_at": datetime(2026, 11, 1, tzinfo=UTC)}, {"last_name": None}], ids=str)
def test_no_copy_goes_of_one_that_is_cancelled_or_forgotten(mailoutbox, changes):
    send(DeclarationFactory(**changes))

    assert mailoutbox == []


def test_no_copy_goes_where_no_address_is_known(mailoutbox):
    send(DeclarationFactory(donation__donor_email=None))

    assert mailoutbox == []
    assert Message.objects.get().outcome == Message.Outcome.DROPPED


def test_looking_at_the_page_cancels_nothing_and_tells_no_name(client, django_assert_max_num_queries):
    SiteSettingsFactory()
    declaration = DeclarationFactory()
    with django_assert_max_num_queries(4):
        response = client.get(address(declaration))
    page = response.content.decode()

    assert "for donations to The Charity" in " ".join(page.split())
    assert 'content="noindex"' in page
    assert "canonical" not in page
    assert declaration.token not in page
    assert not any(text in page for text in ("Ada", "Byron", "SW1Y", "ada@"))
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies
    assert Declaration.objects.get().cancelled_at is None


def test_the_button_cancels_it_from_that_moment(client, time_machine):
    SiteSettingsFactory()
    declaration = DeclarationFactory()
    time_machine.move_to("2026-12-01T10:00Z", tick=False)
    first = client.post(address(declaration)).content.decode()
    time_machine.move_to("2026-12-02T10:00Z", tick=False)
    client.post(address(declaration))

    assert "is cancelled" in first
    assert "is cancelled" in client.get(address(declaration)).content.decode()
    assert Declaration.objects.get().cancelled_at == datetime.fromisoformat("2026-12-01T10:00Z")


def test_a_page_of_another_site_cancels_nothing(client):
    declaration = DeclarationFactory()
    answer = client.post(address(declaration), headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert Declaration.objects.get().cancelled_at is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_link_leads_nowhere(client, method):
    SiteSettingsFactory()
    declaration = DeclarationFactory()

    assert getattr(client, method)(f"/donate/gift-aid/{declaration.token[:-1]}/").status_code == 404
    assert getattr(client, method)(f"/donate/gift-aid/{declaration.pk}/").status_code == 404
    assert Declaration.objects.get().cancelled_at is None


def test_the_last_form_before_the_payment_is_what_counts():
    first = DeclarationFactory()
    donation = first.donation
    Declaration.objects.replace(donation, DeclarationFactory.build(donation=donation, last_name="Lovelace"))
    assert Declaration.objects.get().last_name == "Lovelace"

    Declaration.objects.replace(donation, None)
    assert not Declaration.objects.exists()


def test_what_was_declared_stays_once_something_was_charged():
    first = DeclarationFactory()
    PaymentFactory(donation=first.donation, status="pending", net_pence=0)
    Declaration.objects.replace(first.donation, DeclarationFactory.build(donation=first.donation))
    Declaration.objects.replace(first.donation, None)

    assert Declaration.objects.get() == first


def test_a_declaration_goes_with_a_gift_that_was_never_paid(time_machine):
    time_machine.move_to("2026-01-01T12:00Z")
    DeclarationFactory(donation__session_status="expired")
    time_machine.shift(timedelta(days=31))
    call_command("retention")

    assert not Donation.objects.exists()
    assert not Declaration.objects.exists()


def kept():
    return Declaration.objects.readable().exists()


def claimed(declaration):
    """A claim of its donation's payment, made now."""
    claim = Claim.objects.make(declaration.charity_name, OrganiserFactory(), timezone.now())
    assert claim.lines.get().declaration == declaration


@pytest.mark.parametrize(("days", "stays"), [(6 * 366 - 1, True), (6 * 366 + 1, False)])
def test_six_years_after_the_last_claim_who_declared_is_forgotten(time_machine, days, stays):
    time_machine.move_to("2026-01-01T12:00Z")
    declaration = DeclarationFactory()
    PaymentFactory(donation=declaration.donation)
    time_machine.shift(YEAR)
    claimed(declaration)
    time_machine.shift(timedelta(days=days))
    call_command("retention")

    assert kept() is stays
    assert ClaimLine.objects.get().claimed_pence == 1000


@pytest.mark.parametrize(("days", "stays"), [(6 * 366 - 1, True), (6 * 366 + 1, False)])
def test_what_was_never_claimed_is_kept_as_long(time_machine, days, stays):
    time_machine.move_to("2026-01-01T12:00Z")
    PaymentFactory(donation=DeclarationFactory().donation)
    time_machine.shift(timedelta(days=days))
    call_command("retention")

    assert kept() is stays


def test_one_that_was_just_made_stays():
    DeclarationFactory()
    call_command("retention")

    assert kept()


def test_a_monthly_gift_that_goes_on_keeps_its_declaration(time_machine):
    time_machine.move_to("2026-01-01T12:00Z")
    declaration = DeclarationFactory()
    time_machine.shift(7 * YEAR)
    PaymentFactory(donation=declaration.donation)
    call_command("retention")

    assert kept()


def test_of_a_forgotten_one_nothing_is_left_that_tells_who_it_was(client):
    SiteSettingsFactory()
    declaration = DeclarationFactory()
    Declaration.objects.erase_personal_data()
    declaration.refresh_from_db()

    assert {getattr(declaration, name) for name in SECRET} == {None}
    assert client.get(address(declaration)).status_code == 404
