"""Signing, confirming, and who has signed."""

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaign.chart import draw
from campaign.pages.caching import cacheable, public_page, render_once
from campaign.pages.language import speaking
from campaign.privacy.forms import current_stamp, public_form
from campaign.privacy.networks import network_hash
from pledges.areas import LEAST, by_area
from pledges.forms import SignatureForm
from pledges.inbox_forms import CodeForm, ResendForm
from pledges.ledger import MOST_LINES, as_csv
from pledges.models import Pledge, Signature
from pledges.paging import page_of_names
from pledges.querysets import SignatureQuerySet
from pledges.sharing import share_links
from pledges.signing.resend import resend

DAYS_SHOWN = 30
COUNT_MAY_BE_OLDER = 300  # seconds for which a cache may show an old count while it asks for a new one


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the pledge and its form; a valid POST signs and asks to look in the inbox."""
    if request.method != "POST":
        return _empty_form(request, slug)
    form = SignatureForm(request.POST)
    if form.is_valid() and Pledge.sign(slug, form.answers(network_hash(request, timezone.now()))):
        return redirect("pledges:check-your-email", slug)
    return _pledge_page(request, slug, request.POST)


def _empty_form(request: HttpRequest, slug: str) -> HttpResponse:
    """The page for whoever comes to sign. It is the same for all, and to render the form takes most of its time."""
    version = get_object_or_404(Pledge.objects.published().versions(), slug=slug)
    return render_once((*version, current_stamp()), lambda: _pledge_page(request, slug, None))


def _pledge_page(request: HttpRequest, slug: str, answers: QueryDict | None) -> HttpResponse:
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    with speaking(pledge.language):
        context = {
            "pledge": pledge,
            "form": SignatureForm(answers) if pledge.is_open else None,
            "names": pledge.signatures.latest_names(),
            "share": share_links(settings.SITE_URL + pledge.get_absolute_url(), pledge.title),
        }
        return render(request, "pledges/sign.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def check_your_email(request: HttpRequest, slug: str) -> HttpResponse:
    """The page after signing: the same for everybody, whatever happened before. A code can be pasted there."""
    pledge = get_object_or_404(Pledge.objects.published(), slug=slug)
    with speaking(pledge.language):
        form = CodeForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            if Signature.confirm_by_code(slug, **form.cleaned_data, now=timezone.now()):
                return redirect("thank-you", slug)
            form.add_error("code", _("This code does not fit this address, or it is too old, or a newer one was sent"))
        return _inbox_page(request, pledge, form, ResendForm())


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def send_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the message again. The answer is the same whatever we know of the address."""
    pledge = get_object_or_404(Pledge.objects.published(), slug=slug)
    page = reverse("pledges:check-your-email", args=[slug])
    if request.method != "POST":
        return redirect(page)
    with speaking(pledge.language):
        form = ResendForm(request.POST)
        if form.is_valid():
            resend(slug, form.cleaned_data["email"], timezone.now())
            return redirect(f"{page}?again=1")
        return _inbox_page(request, pledge, CodeForm(), form)


def _inbox_page(request: HttpRequest, pledge: Pledge, form: CodeForm, resend_form: ResendForm) -> HttpResponse:
    context = {
        "pledge": pledge,
        "form": form,
        "resend_form": resend_form,
        "asked_again": "again" in request.GET,
        "days": settings.PLEDGE_CONFIRM_DAYS,
    }
    return render(request, "pledges/check_your_email.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that confirms; only a POST confirms, once."""
    if request.method == "POST":
        signature = Signature.confirm(token, timezone.now())
        if signature:
            return redirect("thank-you", signature.pledge.slug)
    signature = Signature.of_token(token)
    if signature is None:
        return render(request, "pledges/confirm.html", {"state": "expired"}, status=404)
    with speaking(signature.pledge.language):
        context = {
            "signature": signature,
            "pledge": signature.pledge,
            "state": signature.confirmation_state(timezone.now()),
        }
        return render(request, "pledges/confirm.html", context)


@public_page
def signatories(request: HttpRequest, slug: str) -> HttpResponse:
    """Everyone who signed in public, newest first, a page at a time."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    return _list_of_names(request, pledge, pledge.signatures.listed().people(), "public_town")


@public_page
def organisations(request: HttpRequest, slug: str) -> HttpResponse:
    """The organisations that signed and that the organisers have checked, newest first, a page at a time."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    return _list_of_names(request, pledge, pledge.signatures.listed().organisations(), "public_link")


def _list_of_names(request: HttpRequest, pledge: Pledge, listed: SignatureQuerySet, beside: str) -> HttpResponse:
    before = request.GET.get("before", "")
    names, next_page = page_of_names(listed, beside, before)
    with speaking(pledge.language):
        context = {"pledge": pledge, "names": names, "next_page": next_page, "first": not before}
        return render(request, f"pledges/{request.resolver_match.url_name}.html", context)


@public_page
def count(request: HttpRequest, slug: str) -> HttpResponse:
    """The count as JSON, for anybody's page: the whole, what was counted on paper, and by area."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    numbers = {"count": pledge.count, "goal": pledge.current_goal, "on_paper": pledge.on_paper}
    response = JsonResponse(numbers | {"areas": asdict(by_area(pledge))})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, max_age=settings.PAGE_CACHE_SECONDS, stale_while_revalidate=COUNT_MAY_BE_OLDER)
    return response


@public_page
def areas(request: HttpRequest, slug: str) -> HttpResponse:
    """How many signed in each nation, region and constituency; few are not told."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    with speaking(pledge.language):
        return render(request, "pledges/areas.html", {"pledge": pledge, "areas": by_area(pledge), "least": LEAST})


@public_page
def ledger(request: HttpRequest, slug: str) -> HttpResponse:
    """A line a day with the count and the hash of the line before, for who wants to check that none was rewritten."""
    pledge = get_object_or_404(Pledge.objects.published(), slug=slug)
    return HttpResponse(as_csv(pledge), content_type="text/csv; charset=utf-8")


@public_page
def over_time(request: HttpRequest, slug: str) -> HttpResponse:
    """How the count grew: a drawing, and the last days as a table."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    days = list(pledge.ledger.values_list("day", "count")[:MOST_LINES])
    with speaking(pledge.language):
        context = {"pledge": pledge, "chart": draw(days), "days": days[: -DAYS_SHOWN - 1 : -1]}
        return render(request, "pledges/over_time.html", context)
