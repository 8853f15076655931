"""Signed tokens in donation forms, which recognise a form that is sent again or returned to, without a cookie."""

import uuid

from django.core import signing
from django.urls import reverse
from django.utils.http import urlencode

from actions.fundraising.models import Donation, Fund

FORM_SIGNER = signing.Signer(salt="donation form")
FORM_LIFE = 24 * 60 * 60  # seconds: as long as Stripe keeps an idempotency key


def make_token(fund: Fund, now: float) -> str:
    """Return a signed token for a new form: its id, `now` in whole seconds since 1970, and the fund's key."""
    return _sign(uuid.uuid4(), now, fund.pk)


def read_token(token: str, fund: Fund, now: float) -> tuple[uuid.UUID, float] | None:
    """Return a form's id and its age in seconds.

    Return None if the token isn't ours, is older than a day or was made for a different fund.
    """
    try:
        form_id, made_at, fund_key = FORM_SIGNER.unsign(token).split(".")
        age = now - int(made_at)
    except (signing.BadSignature, ValueError):
        return None
    return (uuid.UUID(form_id), age) if age <= FORM_LIFE and fund_key == str(fund.pk) else None


def token_for(fund: Fund, returned: str, now: float) -> str:
    """Return the token that a donor came back with if their payment page may still be open, otherwise a new one.

    A donation sent with that form replaces the unpaid one: see `checkout.start_donation`.
    """
    read = read_token(returned, fund, now)
    return returned if read and Donation.objects.is_unpaid(form=read[0]) else make_token(fund, now)


def way_back(donation: Donation) -> str:
    """Return the path back to the donation page, with the same fund and form, for donors who haven't paid."""
    token = _sign(donation.form, donation.created_at.timestamp(), donation.fund_id)
    return f"{reverse('fundraising:donate')}?{urlencode({'fund': donation.fund.slug, 'form': token})}"


def _sign(form: uuid.UUID, made_at: float, fund_key: int) -> str:
    return FORM_SIGNER.sign(f"{form.hex}.{int(made_at)}.{fund_key}")
