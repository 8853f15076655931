"""Donations and appeals."""

import time
from datetime import timedelta
from functools import partial
from typing import Any, cast
from uuid import UUID

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from actions.fundraising import progress
from actions.fundraising.form_tokens import token_for, way_back
from actions.fundraising.forms import DonationForm
from actions.fundraising.models import Appeal, Declaration, Donation, DonationSettings, Fund, VisitCount
from actions.fundraising.stripe import checkout, checks, client, sync
from campaign.forms.guard import public_form
from campaign.network.client_address import network_hash
from campaign.pages.caching import cacheable
from campaign.pages.visits import add_one, is_a_visit

MAX_APPEALS = 50
MAX_FUNDS = 20
MAX_SHOWN = 20
CHECK_INTERVAL = timedelta(seconds=5)
FINAL = {"paid", "refunded", "disputed", "expired"}  # Stripe sends us an event if one changes.


class SeeOther(HttpResponseRedirect):
    """A redirect to follow with GET (RFC 9110, section 15.4.4)."""

    status_code = 303


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
def donate(request: HttpRequest) -> HttpResponse:
    """Show the donation form, if donations are open, and all appeals. A valid POST redirects to Stripe's page."""
    donation_settings = DonationSettings.current()
    is_open = checks.is_set_up() and donation_settings.is_open
    funds = list(Fund.objects.open_for_donations()[:MAX_FUNDS]) if is_open else []
    if not funds:
        return _without_form(request, donation_settings)
    fund, asked_for = _choose(funds, request.GET.get("fund", ""))
    page = partial(_with_form, donation_settings=donation_settings, fund=fund, funds=funds, asked_for=asked_for)
    allow_stripe = csp_update({"form-action": [client.checkout_origin()]})
    with translation.override(fund.interface_language):
        return cast(HttpResponse, allow_stripe(never_cache(page))(request))


def _choose(funds: list[Fund], slug: str) -> tuple[Fund, str | None]:
    """Return the open fund that a link asks for, and None.

    For any other, return the first open fund and the title of the closed one. The title is "" for an unknown fund, and
    for a draft, because visitors must not see it.
    """
    if not slug:
        return funds[0], None
    asked_for = Fund.objects.published().filter(slug=slug).first()
    if asked_for and asked_for.is_open:
        return asked_for, None
    return funds[0], asked_for.title if asked_for else ""


@cacheable
def _without_form(request: HttpRequest, donation_settings: DonationSettings) -> HttpResponse:
    """Explain why there is no form, and link to where donors change or end a monthly donation."""
    # A site that has never taken donations itself hasn't paused them.
    is_paused = checks.is_set_up() and Fund.objects.ever_published().exists()
    context = {"is_paused": is_paused, "was_sent": request.method == "POST", "donation_settings": donation_settings}
    return _page(request, context)


def _with_form(
    request: HttpRequest,
    donation_settings: DonationSettings,
    fund: Fund,
    funds: list[Fund],
    asked_for: str | None,
) -> HttpResponse:
    """Show the form. No cache may hold the page: each form has an id, by which a second post of it is recognised."""
    data = request.POST if request.method == "POST" else None
    # A form that was sent and refused needs a new token.
    returned = request.GET.get("form", "") if data is None else ""
    form = DonationForm(fund, donation_settings, token_for(fund, returned, time.time()), data)
    status = 200
    if form.is_valid():
        result = _start(request, form)
        if isinstance(result, HttpResponse):
            return result
        status = result
    shown = fund.donations.shown()[:MAX_SHOWN]
    context = {"form": form, "fund": fund, "funds": funds, "donation_settings": donation_settings, "donations": shown}
    return _page(request, context | {"asked_for": asked_for}, status)


def _start(request: HttpRequest, form: DonationForm) -> HttpResponse | int:
    """Redirect to the payment page; if that fails, add an error to the form and return the page's status code."""
    form_id, now = form.check_token(time.time()), timezone.now()
    if form_id is None:
        return 200
    try:
        donation = checkout.start_donation(form.fund, form_id, form.choice(), network_hash(request, now), now)
        Declaration.objects.replace(donation, form.declaration(donation, now))
        session = checkout.open_session(donation, now)
    except checkout.TooManyError:
        form.add_error(
            None,
            _("Too many donations are being started just now. You have not been charged. Try again in ten minutes"),
        )
        return 429
    except client.NoAnswerError:
        form.add_error(
            None, _("The payment service is not responding. You have not been charged. Try again in a minute")
        )
        return 503
    if session.status == Donation.Session.EXPIRED:
        form.renew(_("The payment page has expired. You have not been charged. Send the form again"))
        return 200
    return SeeOther(session.url or donation.get_absolute_url())


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    appeals = list(Appeal.objects.published()[:MAX_APPEALS])
    fund = context.get("fund")
    if isinstance(fund, Fund):
        context["progress"] = progress.fund_progress(fund, appeals, is_live=context["donation_settings"].counts_live)
    return render(request, "fundraising/donate.html", context | {"appeals": appeals}, status=status)


@require_safe
@never_cache
def thanks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what became of a donation, according to Stripe. The page reveals nothing about the donor."""
    donation = get_object_or_404(Donation.objects.select_related("fund"), pk=pk)
    with translation.override(donation.fund.interface_language):
        context = {
            "outcome": _outcome(donation),
            "fund": donation.fund.as_published(),
            "donation": donation,
            "way_back": way_back(donation),
            "portal_url": DonationSettings.current().portal_url if donation.is_monthly else "",
        }
        return render(request, "fundraising/thanks.html", context)


def _outcome(donation: Donation) -> str:
    """Return the outcome, asking Stripe unless it is final or was checked just now; "unknown" if Stripe is silent."""
    outcome, now = donation.outcome(), timezone.now()
    is_fresh = donation.checked_at is not None and now - donation.checked_at < CHECK_INTERVAL
    if outcome in FINAL or is_fresh or not donation.session_id:
        return outcome
    try:
        sync.refresh(donation)
    except client.NoAnswerError:
        return "unknown"
    donation.refresh_from_db()
    return donation.outcome()


@require_safe
@never_cache
def go(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect to an appeal's checked link, and nowhere else, counting the visit without identifying the visitor."""
    appeal = get_object_or_404(Appeal.objects.linked(), slug=slug)
    if is_a_visit(request):
        add_one(VisitCount, appeal=appeal, day=timezone.localdate())
    return HttpResponseRedirect(appeal.url, headers={"X-Robots-Tag": "noindex"})
