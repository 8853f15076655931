"""Drafts of mailings for tests."""

from campaign.mailings.models import MailButton, MailCard, Mailing, MailQuotation, MailText
from campaign.pages.embeds import target_of
from tests.factories import SiteSettingsFactory

ADDRESS = "1 High Street\nLeeds LS1 1AA"


def make_site(**fields):
    """Publish site settings with everything that a mailing needs."""
    own = {"name": "Stop the Persecution", "publisher_name": "Ruth & Co <charity>", "publisher_address": ADDRESS}
    return SiteSettingsFactory(**own | fields)


def make_draft(*blocks, **fields):
    """Create a draft for everybody who asked for news, with these unsaved blocks or, without any, one paragraph."""
    mailing = Mailing.objects.create(**{"subject": "What you asked for"} | fields)
    for place, block in enumerate(blocks or [text("<p>It is time to write.</p>")]):
        block.parent, block.region, block.ordering = mailing, "main", place
        block.save()
    return Mailing.objects.get(pk=mailing.pk)


def text(html):
    return MailText(html=html)


def quotation(words, speaker=""):
    return MailQuotation(words=words, speaker=speaker)


def button(label, url):
    return MailButton(label=label, url=url)


def card(row):
    return MailCard(target=target_of(row))
