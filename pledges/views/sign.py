"""Signing and confirming."""

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaign.forms.guard import current_stamp, public_form
from campaign.network.client_address import network_hash
from campaign.pages.caching import cacheable, lifetime, render_once
from campaign.pages.contents import Heading, listed
from campaign.pages.models import Update
from campaign.tags.links import slug_in
from pledges.counting.timeline import timeline
from pledges.counting.wordings import counts_by_wording
from pledges.forms.inbox import CodeForm, ResendForm
from pledges.forms.reason import ConfirmByCodeForm, ConfirmForm
from pledges.forms.sign import SignatureForm
from pledges.models import ManageLink, Pledge, Reason, Signature
from pledges.share.texts import links
from pledges.signing.resend import resend
from pledges.signing.sign import Answers
from pledges.views.version import page_version


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the pledge and its form. A valid POST signs, and redirects to the page about checking the inbox."""
    if request.method != "POST":
        return _empty_form(request, slug)
    form = SignatureForm(request.POST)
    if form.is_valid():
        answers = form.answers(network_hash(request, timezone.now()), slug_in(request))
        if _store(slug, answers, wants_news=form.cleaned_data["updates"]):
            return redirect("pledges:check-your-email", slug)
    return _pledge_page(request, slug, form)


def _store(slug: str, answers: Answers, *, wants_news: bool) -> bool:
    """Store the answers. Return whether the pledge accepts them. Everybody waits for one commit, whatever happened."""
    if not wants_news:
        return Pledge.sign(slug, answers)
    with transaction.atomic():
        is_stored = Pledge.sign(slug, answers)
        if is_stored:
            ManageLink.offer_news(slug, answers.email, timezone.now())
    return is_stored


def _empty_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the page with an empty form. It is the same for everybody, and rendering it takes most of the time."""
    next_change, version = page_version(slug)
    response = render_once((*version, current_stamp()), lambda: _pledge_page(request, slug, SignatureForm()))
    patch_cache_control(response, s_maxage=lifetime(next_change))
    return response


def _pledge_page(request: HttpRequest, slug: str, form: SignatureForm) -> HttpResponse:
    found = Pledge.objects.published().select_related("share_tag").with_count().with_wordings()
    pledge = get_object_or_404(found, slug=slug)
    with translation.override(pledge.interface_language):
        form.match_wording(pledge.wording)
        story, reasons = timeline(pledge), Reason.objects.newest(pledge)
        updates = Update.objects.shown_with(pledge)
        context = {
            "pledge": pledge,
            "counts": counts_by_wording(pledge),
            "form": form if pledge.is_open else None,
            "timeline": story,
            "reasons": reasons,
            "headings": _headings(milestones=story, updates=updates, reasons=reasons),
            "names": pledge.signatures.latest_names(),
            "updates": updates,
            "share": links(pledge),
        }
        return render(request, "pledges/sign.html", context)


def _headings(**contents: Collection[object]) -> list[Heading]:
    """Return the headings on the pledge's page, for its list of contents. Empty sections have none."""
    sections = [
        ("pledge", _("The pledge")),
        ("demands", _("What we demand")),
        ("milestones", _("What has happened so far")),
        ("updates", _("Updates")),
        ("reasons", _("Why people sign")),
        ("names", _("Latest to sign")),
        ("share", _("Pass it on")),
    ]
    return listed([Heading(anchor, words) for anchor, words in sections if contents.get(anchor, True)])


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def check_your_email(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the page after signing, with a form for the code. It is the same for everybody, whatever happened before.

    A code confirms the signature, after a page that asks public signers for their reason, as their link would.
    """
    pledge, now = get_object_or_404(Pledge.objects.published(), slug=slug), timezone.now()
    with translation.override(pledge.interface_language):
        form = CodeForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            waiting = Signature.by_code(slug, **form.cleaned_data, now=now)
            signature = waiting.select_related("pledge").first()
            why = _form_with_reason(request, form) if signature and signature.may_give_reason else None
            if signature and why and not why.is_valid():
                return _confirm_page(request, signature, why)
            if waiting.confirm(now, why.cleaned_data["reason"] if why else ""):
                return redirect("thank-you", slug)
            form.add_error(
                "code", _("This code does not match the address, has expired, or has been replaced by a newer one")
            )
        return _inbox_page(request, pledge, form, ResendForm())


def _form_with_reason(request: HttpRequest, form: CodeForm) -> ConfirmByCodeForm:
    """Return the form that repeats a valid code and asks for a reason, bound if it has been answered."""
    return ConfirmByCodeForm(request.POST if "reason" in request.POST else None, initial=form.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def send_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the message again. The answer is the same whether or not we know the address."""
    pledge = get_object_or_404(Pledge.objects.published(), slug=slug)
    page = reverse("pledges:check-your-email", args=[slug])
    if request.method != "POST":
        return redirect(page)
    with translation.override(pledge.interface_language):
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
        "resend_url": reverse("pledges:send-again", args=[pledge.slug]),
        "was_resent": "again" in request.GET,
        "days": settings.PLEDGE_CONFIRM_DAYS,
    }
    return render(request, "pledges/check_your_email.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button that confirms the signature. Only a POST confirms it, and only once."""
    signature = Signature.by_token(token)
    posted = request.POST if request.method == "POST" else None
    form = ConfirmForm(posted) if signature and signature.may_give_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        confirmed = Signature.confirm(token, timezone.now(), form.cleaned_data["reason"] if form else "")
        if confirmed:
            pledge = confirmed.pledge.as_published()
            return redirect("thank-you", pledge.slug) if pledge.is_on_site else redirect(request.path)
        signature = Signature.by_token(token)
    if signature is None:
        return render(request, "pledges/confirm.html", {"state": "expired"}, status=404)
    return _confirm_page(request, signature, form)


def _confirm_page(request: HttpRequest, signature: Signature, form: Form | None) -> HttpResponse:
    pledge = signature.pledge.as_published()
    with translation.override(pledge.interface_language):
        context = {
            "signature": signature,
            "pledge": pledge,
            "form": form,
            "signed": pledge.in_wording(signature.wording),
            "state": signature.confirmation_state(timezone.now()),
        }
        return render(request, "pledges/confirm.html", context)
