"""The desk's figure for the number of people who get news without having signed."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.desk.registry import Figure, shows
from campaign.news.models import Subscriber


@shows("news.view_subscriber")
def subscribers(user: User) -> Iterator[Figure]:
    """Yield a figure: the number of people who get news without having signed. Yield nothing while there are none."""
    number = Subscriber.objects.confirmed().order_by().count()
    if number:
        yield Figure(_("Subscribers"), intcomma(number), reverse("admin:news_subscriber_changelist"))
