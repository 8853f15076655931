"""The page for a complaint about an entry in the public list."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from actions.communities.forms.complain import ComplaintForm
from actions.communities.models import Complaint
from campaign.complaints.views import complaint_page
from campaign.forms.guard import public_form
from campaign.pages.caching import cacheable


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def complain(request: HttpRequest) -> HttpResponse:
    """Say what happens to a complaint, and store the one that a visitor enters."""
    form = ComplaintForm(request.POST if request.method == "POST" else None)
    return complaint_page(request, "communities/complain.html", Complaint, form)
