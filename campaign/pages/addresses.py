"""What organisers may enter as the address of a link."""

from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext_lazy as _

HTTPS_ONLY = URLValidator(schemes=["https"])
LINK = RegexValidator(
    r"^(/(?!/)|https://|mailto:|#)\S*$",
    _("Start with / for a page on this site, or with https:// for another site."),
)
