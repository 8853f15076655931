"""Showing all public names again. This requires two organisers: one alone might have been deceived or threatened."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from campaign.approvals.kinds import Kind, Request, kind
from campaign.public_names.models import Hiding

SHOW_NAMES = "public_names.show"


@kind(SHOW_NAMES)
class ShowingNames(Kind):
    """Showing all public names again. Afterwards, anybody who may hide names can hide them again."""

    label = _("Show all public names again")
    warning = _(
        "Everybody who signed in public is named again, within a minute. You can hide all names again at any time."
    )
    nobody = _("Public names are not hidden at the moment.")
    permission = "public_names.hide_names"
    delay = Kind.delay * 0
    always_second = True
    counts_people = False

    def people(self, request: Request) -> int:
        """Return 1 if the names are still hidden, and have not been shown since the request, else 0."""
        return Hiding.objects.current().filter(pk=request.subject).count()

    def sample(self, request: Request) -> list[str]:
        return [in_words(hiding) for hiding in Hiding.objects.filter(pk=request.subject)]

    def page(self, request: Request) -> str:
        return reverse("admin:public_names_hiding_changelist")

    def act(self, request: Request) -> None:
        """Show names again, unless they have since been shown and hidden again."""
        if self.people(request):
            Hiding.end(request.asked_by, timezone.now())


def in_words(hiding: Hiding) -> str:
    """Describe when and why names were hidden, such as "3 December 2026, 18:05: another reason"."""
    since = date_format(timezone.localtime(hiding.began_at), "j F Y, H:i")
    return f"{since}: {hiding.get_reason_display()}"
