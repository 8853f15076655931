"""The public lists of people and organisations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation

from campaign.pages.caching import public_page
from pledges.models import Pledge, Reason, SignatureQuerySet
from pledges.views.paging import page_of_names


@public_page
def signatories(request: HttpRequest, slug: str) -> HttpResponse:
    """List everyone who signed in public, newest first, a page at a time."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    return _list_of_names(
        request, pledge, pledge.signatures.listed().people(), "public_town", "pledges/signatories.html"
    )


@public_page
def organisations(request: HttpRequest, slug: str) -> HttpResponse:
    """List the organisations that signed and that organisers have checked, newest first, a page at a time."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    return _list_of_names(
        request, pledge, pledge.signatures.listed().organisations(), "public_link", "pledges/organisations.html"
    )


def _list_of_names(
    request: HttpRequest, pledge: Pledge, listed: SignatureQuerySet, beside: str, template: str
) -> HttpResponse:
    before = request.GET.get("before", "")
    rows, next_page = page_of_names(listed, beside, before)
    reasons = Reason.objects.beside(pledge, [number for _name, _more, number in rows]) if rows else {}
    names = [(name, more, reasons.get(number, "")) for name, more, number in rows]
    with translation.override(pledge.interface_language):
        context = {"pledge": pledge, "names": names, "next_page": next_page, "first": not before}
        return render(request, template, context)
