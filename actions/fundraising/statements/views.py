"""Pages where donors ask for a statement and read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from actions.fundraising.models import DonationSettings, StatementLink
from actions.fundraising.statements.figures import statement_of
from actions.fundraising.statements.forms import AskForm
from actions.fundraising.statements.tax_years import TaxYear
from campaign.forms.guard import public_form
from campaign.pages.caching import cacheable

MAX_LINES = 1000


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def ask_for_statement(request: HttpRequest) -> HttpResponse:
    """Mail the link to the address entered. The answer is the same whether or not the address has donated."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        StatementLink.ask(**form.cleaned_data, now=timezone.now())
        return redirect(f"{reverse('fundraising:ask-for-statement')}?asked=1")
    return render(request, "fundraising/statement_ask.html", {"form": form, "asked": "asked" in request.GET})


@require_safe
@never_cache
def statement(request: HttpRequest, token: str) -> HttpResponse:
    """Show a tax year's donations to anybody who has the link."""
    link = StatementLink.objects.valid(timezone.now()).by_token(token).first()
    if link is None:
        return render(request, "fundraising/statement.html", {"state": "over"}, status=404)
    year = TaxYear(link.tax_year)
    payments = link.payments_between(year.begins_at, year.ends_before)[:MAX_LINES]
    shown = {"email": link.email, "year": year, "statement": statement_of(payments), "now": timezone.now()}
    context = {"state": "open", "is_live": DonationSettings.current().counts_live}
    return render(request, "fundraising/statement.html", context | shown)
