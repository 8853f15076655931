"""Template tags for sharing a pledge."""

from django import template
from django.urls import reverse

from campaign.pages.models import SiteSettings
from pledges.models import Pledge
from pledges.share.picture import version

register = template.Library()


@register.simple_tag
def picture_path(pledge: Pledge, site: SiteSettings) -> str:
    """Return the path of the share picture of a pledge loaded `with_count`. It changes whenever the picture does.

    Social networks go on showing what they first fetched from an address.
    """
    return f"{reverse('pledges:picture', args=[pledge.slug])}?v={version(pledge, site)}"
