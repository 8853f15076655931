"""Pages on which signers look after their own signatures, with a link mailed on request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaign.forms.guard import public_form
from campaign.pages.caching import cacheable
from campaign.public_names.models import Hiding
from pledges.forms.manage import AskForm, ChangeForm
from pledges.models import ManageLink, Pledge, Reason, Signature
from pledges.models.manage_link import read_suppression_token

HELD = (
    "name",
    "visibility",
    "shown_name",
    "town",
    "updates",
    "organisation",
    "link",
    "sealed_name",
    "sealed_organisation",
)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for an address and mail the link to it. The answer is the same whether or not the address has signed."""
    pledge = get_object_or_404(Pledge.objects.published(), slug=slug)
    with translation.override(pledge.interface_language):
        form = AskForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            ManageLink.ask(slug, form.cleaned_data["email"], timezone.now())
            return redirect(f"{reverse('pledges:ask', args=[slug])}?asked=1")
        context = {"pledge": pledge, "form": form, "asked": "asked" in request.GET}
        return render(request, "pledges/ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def manage(request: HttpRequest, token: str, is_second: bool = False) -> HttpResponse:
    """Show a signature, or the second one of its mailbox, to its signer; a POST changes or withdraws it."""
    link = ManageLink.opened_by(token, timezone.now())
    signature = (link.second if is_second else link.signature) if link else None
    if link is None or signature is None:
        return render(request, "pledges/manage.html", {"state": "expired"}, status=404)
    pledge = signature.pledge.as_published()
    with translation.override(pledge.interface_language):
        if request.method == "POST" and "withdraw" in request.POST:
            signature.withdraw()
            context = {"state": "withdrawn", "signature": signature, "pledge": pledge}
            return render(request, "pledges/manage.html", context)
        form = _form(request, signature)
        if form and form.is_valid():
            signature.change(**form.changes(), address=link.email)
            return redirect(f"{request.path}?saved=1")
        context = {"state": "open", "signature": signature, "pledge": pledge, "form": form}
        context["signed"] = pledge.in_wording(signature.wording)
        mailbox = {"link": link, "is_second": is_second, "saved": "saved" in request.GET}
        context["reason"] = Reason.objects.filter(pk=signature.pk).first() if pledge.takes_reasons else None
        context["names_hidden"] = Hiding.objects.current().exists()
        return render(request, "pledges/manage.html", context | mailbox)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button to people who did not ask for a message; a POST suppresses their address."""
    held = read_suppression_token(token)
    found = Signature.objects.select_related("pledge").filter(pk=held[0]).first() if held else None
    if held is None or found is None:
        return render(request, "pledges/unsubscribe.html", {"state": "expired"}, status=404)
    pledge = found.pledge.as_published()
    with translation.override(pledge.interface_language):
        if request.method == "POST":
            found.suppress(held[1])
            return render(request, "pledges/unsubscribe.html", {"state": "done"})
        return render(request, "pledges/unsubscribe.html", {"state": "open", "pledge": pledge})


def _form(request: HttpRequest, signature: Signature) -> ChangeForm | None:
    """Return the form, with what was posted or what we hold, or None for "count me only", where nothing can change."""
    if signature.visibility == Signature.Visibility.COUNT:
        return None
    reason = Reason.objects.filter(pk=signature.pk).first()
    held = {name: getattr(signature, name) for name in HELD} | {"reason": reason.text if reason else ""}
    posted = request.POST if request.method == "POST" else None
    return ChangeForm(posted, initial=held, takes_reasons=signature.pledge.takes_reasons)
