"""Drafts of letters to companies, which organisers can edit, and the part of each letter that nobody can edit."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from actions.businesses.models import Entry, Notice
from actions.businesses.models.entry import twelve_months_after
from campaign.pages.models import SiteSettings


def draft_for(entry: Entry) -> tuple[str, str]:
    """Return the subject and the text of a notice about a claim or a commitment's deadline."""
    site, brand = SiteSettings.current(), entry.brand.as_published()
    deadline = getattr(entry, "deadline", None) or twelve_months_after(entry.happened_on)
    context = {
        **{"entry": entry, "brand": brand, "site": site, "deadline": deadline},
        "last_day": brand.last_day_to_reply(timezone.now()),
        "page": settings.SITE_URL + entry.brand.get_absolute_url(),
    }
    with translation.override(site.interface_language):
        if entry.is_claim:
            subject, template = _("What we are about to publish about %(brand)s"), "businesses/mail/claim.txt"
        else:
            subject, template = _("The deadline for your commitment"), "businesses/mail/deadline.txt"
        text = render_to_string(template, context).strip()
        return " ".join((subject % {"brand": brand.title}).split())[:150], text


def fixed_part(notice: Notice, now: datetime) -> str:
    """Return the end of every letter to a company: the entry, its evidence, the last day to reply, and our address.

    Without it, an organiser could replace the whole letter with words that don't mention the claim. `now` (aware) is
    when the letter is delivered.
    """
    entry = notice.about
    files = [settings.SITE_URL + entry.document.download_url, entry.document_hash] if entry.document else []
    evidence = [one for one in (entry.evidence_url, entry.archive_url, *files) if one]
    site = SiteSettings.current()
    context = {"entry": entry, "evidence": evidence, "last_day": notice.last_day(now), "site": site}
    with translation.override(site.interface_language):
        return render_to_string("businesses/mail/fixed.txt", context).strip()
