"""Pages that explain how to complain about an entry, and what happens next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from actions.businesses.complaints.forms import ComplaintForm, WhichBrandForm
from actions.businesses.models import Brand, Complaint
from campaign.complaints.views import complaint_page
from campaign.forms.guard import public_form
from campaign.pages.caching import cacheable, public_page

MAX_ENTRIES = 200


@public_page
def complaints(request: HttpRequest) -> HttpResponse:
    """Explain how to complain about an entry. With a brand, redirect to the form about that brand."""
    form = WhichBrandForm(request.GET if "brand" in request.GET else None)
    if form.is_valid():
        return redirect("businesses:complain", form.cleaned_data["brand"])
    return render(request, "businesses/complaints.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def complain(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form for a complaint about a brand's entry; a valid POST stores it for the organisers."""
    brand = get_object_or_404(Brand.objects.published(), slug=slug, is_example=False)
    entries = list(brand.timeline(timezone.now())[:MAX_ENTRIES])
    form = ComplaintForm(entries, request.POST if request.method == "POST" else None)
    among = {"entry__brand": brand.pk}
    return complaint_page(
        request, "businesses/complain.html", Complaint, form if entries else None, among=among, brand=brand
    )
