"""Pages on which visitors write to a brand in their own words. Nothing that they write is stored or logged."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.businesses.asking.forms import ANSWERS, AskForm
from actions.businesses.models import Brand, CallToAction
from campaign.documents.mailto import mailto
from campaign.forms.guard import public_form
from campaign.letters import downloads
from campaign.pages.caching import cacheable


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form for a letter to a brand. A POST previews the letter and stores nothing."""
    brand, call = _brand(slug), _call()
    with translation.override(call.interface_language):
        form = AskForm(call, request.POST if request.method == "POST" else None)
        if form.is_valid() and "edit" not in request.POST:
            return _preview(request, brand, form)
        return _page(request, brand, form)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def ask_download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Send the visitor's letter as a file, unless at least half of it is our wording."""
    brand, call = _brand(slug), _call()
    if request.method != "POST":
        return redirect("businesses:ask", slug)
    with translation.override(call.interface_language):
        form = AskForm(call, request.POST)
        if not form.is_valid():
            return _page(request, brand, form)
        letter = form.letter(brand, timezone.localdate())
        text = form.edited() or letter.text
        if letter.likeness(text).too_alike:
            return _preview(request, brand, form)
        return downloads.written(kind, slug, letter.on_paper(text), letter.as_mail(text), brand.public_address)


def _brand(slug: str) -> Brand:
    return get_object_or_404(Brand.objects.published(), slug=slug)


def _call() -> CallToAction:
    """Return the call to action. Raises Http404 if it has no letter."""
    call = CallToAction.objects.published().first()
    if call is None or not call.has_letter:
        raise Http404
    return call


def _page(request: HttpRequest, brand: Brand, form: AskForm) -> HttpResponse:
    return render(request, "businesses/ask.html", {"brand": brand, "call": form.call, "form": form})


def _preview(request: HttpRequest, brand: Brand, form: AskForm) -> HttpResponse:
    letter = form.letter(brand, timezone.localdate())
    text = form.edited() or letter.text
    on_paper = letter.on_paper(text)
    context = {
        "brand": brand,
        "call": form.call,
        "form": form,
        "form_layout": form.preview(text, ANSWERS),
        "paper": on_paper.blocks,
        "alike": letter.likeness(text),
        "templates": letter.ours,
        "mail": mailto(brand.public_address, on_paper.title, text),
        **downloads.offers(lambda kind: reverse("businesses:ask-download", args=[brand.slug, kind])),
    }
    return render(request, "businesses/ask_preview.html", context)
