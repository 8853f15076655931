"""Appeals for money that run on other sites."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.pages.fields import RichTextField
from campaign.pages.models import HTTPS_ONLY
from campaign.pages.published import Published

ALLOWED_HOSTS = {
    "gofundme.com": "GoFundMe",
    "justgiving.com": "JustGiving",
    "crowdfunder.co.uk": "Crowdfunder",
    "totalgiving.co.uk": "Total Giving",
}


def allowed_host(url: str) -> None:
    """Raise ValidationError for a link to any site but the known ones."""
    if _host(url) not in ALLOWED_HOSTS:
        known = ", ".join(ALLOWED_HOSTS)
        raise ValidationError(_("The link has to lead to one of: %(known)s"), params={"known": known})


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


class Appeal(Published):
    """A crowdfunding appeal: what it is for, and where to give."""

    details = RichTextField(_("details"), blank=True)
    url = models.URLField(_("link"), max_length=500, validators=[HTTPS_ONLY, allowed_host])

    class Meta(Published.Meta):
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")

    def get_absolute_url(self) -> str:
        return f"{reverse('fundraising:donate')}#{self.slug}"

    @property
    def go_url(self) -> str:
        """The address of ours that leads to the appeal."""
        return reverse("fundraising:go", args=[self.slug])

    @property
    def host(self) -> str:
        """The name of the site it runs on, such as "GoFundMe"."""
        return ALLOWED_HOSTS.get(_host(self.url), _host(self.url))
