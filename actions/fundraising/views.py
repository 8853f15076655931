"""Giving."""

import time
from datetime import timedelta
from functools import partial
from typing import cast
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from actions.fundraising import progress
from actions.fundraising.forms import DonationForm, make_token
from actions.fundraising.models import Appeal, Declaration, Donation, DonationSettings, Fund, VisitCount
from actions.fundraising.stripe import checkout, checks, client, sync
from campaign.forms.guard import public_form
from campaign.network.client_address import network_hash
from campaign.pages.caching import cacheable
from campaign.pages.visits import add_one, is_a_visit

MAX_APPEALS = 50
MAX_FUNDS = 20
MAX_SHOWN = 20
ASK_AGAIN = timedelta(seconds=5)


class SeeOther(HttpResponseRedirect):
    """Go there with GET (RFC 9110, section 15.4.4)."""

    status_code = 303


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
def donate(request: HttpRequest) -> HttpResponse:
    """The form to give here, where gifts are taken, and all appeals. A valid POST leads to Stripe's payment page."""
    giving = DonationSettings.current() if checks.is_set_up() else None
    funds = list(Fund.objects.open_for_donations()[:MAX_FUNDS]) if giving and giving.is_open else []
    if not giving or not funds:
        return _without_form(request)
    fund = next((fund for fund in funds if fund.slug == request.GET.get("fund")), funds[0])
    page = partial(_with_form, giving=giving, fund=fund, funds=funds)
    may_lead_to_stripe = csp_update({"form-action": [client.checkout_origin()]})
    with translation.override(fund.language):
        return cast(HttpResponse, may_lead_to_stripe(never_cache(page))(request))


@cacheable
def _without_form(request: HttpRequest) -> HttpResponse:
    return _page(request, {"is_closed": request.method == "POST"})


def _with_form(request: HttpRequest, giving: DonationSettings, fund: Fund, funds: list[Fund]) -> HttpResponse:
    """Every form has a name of its own, by which a second copy of it is known: no cache may hold the page."""
    data = request.POST if request.method == "POST" else None
    form = DonationForm(fund, giving, make_token(fund, time.time()), data)
    status = 200
    if form.is_valid():
        answer = _begin(request, form)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    shown = fund.donations.shown()[:MAX_SHOWN]
    context = {"form": form, "fund": fund, "funds": funds, "giving": giving, "gifts": shown}
    return _page(request, context | {"is_test": not settings.STRIPE_LIVE}, status)


def _begin(request: HttpRequest, form: DonationForm) -> HttpResponse | int:
    """Lead to the payment page; or have the form say why not, and give the status of that answer."""
    name, now = form.check_token(time.time()), timezone.now()
    if name is None:
        return 200
    try:
        donation = checkout.start_donation(form.fund, name, form.choice(), network_hash(request, now), now)
        Declaration.objects.replace(donation, form.declaration(donation, now))
        session = checkout.open_session(donation)
    except checkout.TooManyError:
        form.add_error(None, _("Too many gifts were begun just now. Nothing was charged. Try again in ten minutes"))
        return 429
    except client.NoAnswerError:
        form.add_error(None, _("The payment service does not answer. Nothing was charged. Try again in a minute"))
        return 503
    if session.status == Donation.Session.EXPIRED:
        form.renew(_("The payment page was left for too long. Nothing was charged. Send the form once more"))
        return 200
    return SeeOther(session.url or donation.get_absolute_url())


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    appeals = list(Appeal.objects.published().prefetch_related("demands")[:MAX_APPEALS])
    fund = context.get("fund")
    if isinstance(fund, Fund):
        context["progress"] = progress.fund_progress(fund, appeals)
    return render(request, "fundraising/donate.html", context | {"appeals": appeals}, status=status)


@require_safe
@never_cache
def thanks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What became of a gift, as Stripe tells it. Who has the address learns nothing about the donor."""
    donation = get_object_or_404(Donation.objects.select_related("fund"), pk=pk)
    with translation.override(donation.fund.language):
        context = {
            "outcome": _outcome(donation),
            "fund": donation.fund,
            "is_test": not donation.is_live,
            "portal_url": DonationSettings.current().portal_url if donation.is_monthly else "",
        }
        return render(request, "fundraising/thanks.html", context)


def _outcome(donation: Donation) -> str:
    """What became of it; of Stripe, who is asked unless it is known or was asked just now: else "unknown"."""
    known, now = donation.outcome(), timezone.now()
    is_fresh = donation.checked_at is not None and now - donation.checked_at < ASK_AGAIN
    if known in ("paid", "expired") or is_fresh or not donation.session_id:
        return known
    try:
        sync.refresh(donation)
    except client.NoAnswerError:
        return "unknown"
    donation.refresh_from_db()
    return donation.outcome()


@require_safe
@never_cache
def go(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the stored link of an appeal, and to nowhere else; count that somebody went, not who."""
    appeal = get_object_or_404(Appeal.objects.published(), slug=slug)
    if is_a_visit(request):
        add_one(VisitCount, appeal=appeal, day=timezone.localdate())
    return HttpResponseRedirect(appeal.url, headers={"X-Robots-Tag": "noindex"})
