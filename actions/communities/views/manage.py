"""Pages with which a contact looks after a community's entry, opened by a link that is mailed on request."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.communities.forms.manage import AskForm, forms_for
from actions.communities.models import Community, ContactChange, Plan
from campaign.confirming.views import takes_address
from campaign.forms.guard import public_form


@takes_address
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for an address and mail the link to it. The response is the same whether or not we know it."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        Community.send_link(form.cleaned_data["email"], timezone.now())
        return redirect(f"{reverse('communities:ask')}?asked=1")
    return render(request, "communities/ask.html", {"form": form, "asked": "asked" in request.GET})


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
@transaction.atomic
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """Show the entry to its contact. A POST changes it, sends a report, confirms taking part, or leaves.

    A POST locks the community, so that nothing is stored if it leaves, or changes its contact, at the same moment.
    """
    found = Community.objects.by_manage_token(token)
    community = (found.select_for_update() if request.method == "POST" else found).first()
    if community is None:
        return render(request, "communities/manage.html", {"state": "expired"}, status=404)
    what, now = request.POST.get("what", ""), timezone.now()
    if what == "leave":
        community.leave(now)
        return render(request, "communities/manage.html", {"state": "left"})
    if what == "stay":
        community.touch(now)
        return redirect(f"{request.path}?saved=stay")
    plan = Plan.objects.published().first()
    steps = list(plan.steps.all()) if plan else []
    forms = forms_for(community, steps, request.POST)
    if what in forms and forms[what].is_valid():
        forms[what].apply(now)
        return redirect(f"{request.path}?saved={what}")  # nosemgrep: hub-redirect-to-request - the name of a form
    context = {"state": "open", "community": community, "steps": steps, "forms": forms}
    context |= {"form": forms.get(what), "saved": request.GET.get("saved", "")}
    return render(request, "communities/manage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def contact(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button to a new contact. Only a POST makes them the contact, once."""
    now, found = timezone.now(), ContactChange.objects.by_token(token)
    if request.method == "POST" and found.confirm(now):
        return render(request, "communities/contact.html", {"state": "confirmed"})
    row = found.select_related("community").first()
    state = row.confirmation_state(now) if row else "expired"
    context = {"state": state, "community": row.community if row else None}
    return render(request, "communities/contact.html", context, status=200 if row else 404)
