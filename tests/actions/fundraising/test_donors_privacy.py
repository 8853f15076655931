"""Personal data of donors: never in clear text in the database, in logs or in URLs."""

import pytest
from django.db import connection

from actions.fundraising.models import Donation
from tests.actions.fundraising.conftest import PAID
from tests.factories import PledgeFactory

pytestmark = pytest.mark.django_db

PRIVATE = ["Hannah Gold", "Aunt Miriam", "Ada Donor", "ada@example.org"]


def test_the_database_holds_no_personal_data_in_clear_text(donate, stripe, send):
    donate(show_name="yes", public_name="Hannah Gold", in_memory_of="Aunt Miriam")
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    send(PAID, session)

    stored = ""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("fundraising_", "mail_")):
                cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")  # noqa: S608 - our names
                stored += "".join(row for (row,) in cursor.fetchall())
    donation = Donation.objects.get()
    assert [donation.public_name, donation.in_memory_of, donation.donor_name, donation.donor_email] == PRIVATE
    for private in PRIVATE:
        assert private not in stored
        assert private.encode().hex() not in stored


def test_personal_data_in_stripes_errors_is_not_logged(donate, stripe, send, caplog, monkeypatch):
    donate(show_name="yes", public_name="Hannah Gold")
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    refusal = {"error": {"type": "invalid_request_error", "message": "No such customer: ada@example.org Hannah Gold"}}
    monkeypatch.setattr(stripe, "answer", lambda *_request: (400, refusal))
    assert send(PAID, session) == 500

    assert "InvalidRequestError" in caplog.text
    for private in ("Hannah", "ada@example.org", "sk_live"):
        assert private not in caplog.text


def test_the_home_page_links_to_each_fund_while_donations_are_open(client, fund, settings):
    PledgeFactory()
    assert f'href="/donate/?fund={fund.slug}"' in client.get("/").content.decode()

    settings.STRIPE_SECRET_KEY = ""
    assert "?fund=" not in client.get("/").content.decode()
