"""Recipients of letters. Adding another body, such as a council, takes a row and an import, but no code."""

from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.forms.email_address import EmailAddressField
from campaign.links.fields import HTTPS_ONLY, HttpsField

COMMONS = "house-of-commons"
WRITE_TO_THEM = ("writetothem.com", "www.writetothem.com")


class Body(models.Model):
    """An assembly whose members people write to."""

    slug = models.SlugField(
        _("short name"),
        unique=True,
        help_text=_("A short name in small letters, such as “commons”. Imports use it to find the body."),
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("Such as “House of Commons”. Visitors see it."))
    address = models.TextField(
        _("postal address"),
        max_length=300,
        help_text=_(
            "Where letters to all its members are sent. Don’t use a member’s own office: it may be their home."
        ),
    )
    letters_after_name = models.CharField(
        _("letters after a member’s name"),
        max_length=10,
        blank=True,
        help_text=_("Such as MP. They follow the member’s name in the address of a letter."),
    )
    write_url = HttpsField(
        _("site for writing to members"),
        max_length=300,
        blank=True,
        validators=[HTTPS_ONLY],
        help_text=_(
            "A site through which people can write to members if no e-mail address is known, such as "
            "https://www.writetothem.com/."
        ),
    )

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_commons(self) -> bool:
        """Return whether its members sit for the 650 constituencies."""
        return self.slug == COMMONS

    def write_link(self, postcode: str) -> str:
        """Return the link for writing to members. Only WriteToThem is sent the postcode and the kind of member.

        See https://www.writetothem.com/about-linktous.
        """
        parts = urlsplit(self.write_url)
        if parts.hostname not in WRITE_TO_THEM:
            return self.write_url
        query = dict(parse_qsl(parts.query))
        query |= {"a": "westminstermp"} if self.is_commons else {}
        query |= {"pc": postcode} if postcode else {}
        return parts._replace(query=urlencode(query)).geturl()


class RecipientQuerySet(models.QuerySet["Recipient"]):
    """Queries for recipients."""

    def of_area(self, code: str) -> Self:
        """Return an area's members, except any that an organiser has removed."""
        return self.filter(area_code=code, is_removed=False).exclude(area_code="")

    def remove(self) -> None:
        """Hide them from visitors and stop imports restoring them; delete any that had already been removed."""
        self.filter(is_removed=True).delete()
        self.update(is_removed=True)


class Recipient(models.Model):
    """A member of a body, imported or entered by an organiser."""

    body = models.ForeignKey(
        Body,
        models.CASCADE,
        related_name="members",
        verbose_name=_("body"),
        help_text=_("The assembly that this person is a member of."),
    )
    area_code = models.CharField(
        _("area code"), max_length=9, blank=True, help_text=_("For example, E14001265. Leave this empty for a peer.")
    )
    display_name = models.CharField(
        _("name"), max_length=150, help_text=_("The whole name, as the parliament shows it, such as “Ms Diane Abbott”.")
    )
    salutation = models.CharField(_("after “Dear”"), max_length=150, blank=True, help_text=_("Such as Ms Abbott."))
    party = models.CharField(
        _("party"),
        max_length=100,
        blank=True,
        help_text=_("The party’s name, such as “Labour”. Visitors see it beside the name."),
    )
    email = EmailAddressField(
        _("e-mail address"),
        max_length=254,
        blank=True,
        help_text=_(
            "The address from the last import, which the next import may change. To correct it, use the next box."
        ),
    )
    email_override = EmailAddressField(
        _("e-mail address entered by hand"),
        max_length=254,
        blank=True,
        help_text=_("Used instead of the imported address. Imports don’t change it."),
    )
    external_id = models.CharField(
        _("ID at the source"),
        max_length=40,
        blank=True,
        help_text=_(
            "The member’s number in the list that was imported. Leave it as it is: imports find the member by it."
        ),
    )
    page_url = models.URLField(
        _("page"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("The member’s own page at the parliament. Visitors can follow it."),
    )
    is_removed = models.BooleanField(
        _("removed"),
        default=False,
        help_text=_("Hidden from visitors, and not restored by imports. Untick this to bring them back."),
    )

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["display_name"]
        indexes = [models.Index(fields=["area_code"], name="recipients_by_area")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def address(self) -> str:
        """Return the e-mail address to use, or "" if we don't know one."""
        return self.email_override or self.email

    @property
    def dear(self) -> str:
        """Return the name to put after "Dear"."""
        return self.salutation or self.display_name
