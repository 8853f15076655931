"""Records of the organisers who have closed the tour of the desk."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ClosedTour(models.Model):
    """A record that an organiser has closed the tour of the desk, which is then not offered again."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("organiser")
    )
    closed_at = models.DateTimeField(_("closed"), default=timezone.now)

    class Meta:
        verbose_name = _("closed tour")
        verbose_name_plural = _("closed tours")

    def __str__(self) -> str:
        return f"{self.closed_at}"
