"""Figures and shortcuts about communities on the organisers' desk."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actions.communities.models import Community
from campaign.desk.registry import Figure, Group, Item, offer, shows


@shows("communities.view_community")
def taking_part(user: User) -> Iterator[Item]:
    """Yield the number of communities that take part now."""
    count = Community.objects.taking_part().order_by().count()
    url = reverse("admin:communities_community_changelist")
    yield Figure(
        _("Communities taking part"), intcomma(count), url, _("visitors see it rounded down to the nearest ten")
    )


offer(
    Group.EVENTS,
    (lazy("Change the plan for communities"), "communities_plan_changelist", "communities.change_plan"),
    (
        lazy("Approve a community"),
        "communities_community_changelist",
        "communities.change_community",
        "?state=waiting",
    ),
    (lazy("Read what communities did"), "communities_report_changelist", "communities.view_report"),
    (lazy("Answer a complaint about a community"), "communities_complaint_changelist", "communities.view_complaint"),
)
