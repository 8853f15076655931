"""What signers can send to people they know: the pledge's address with its tag, and texts in the signer's voice."""

from django.conf import settings
from django.utils.translation import gettext as _

from campaign.sharing.links import ShareLink, TextToShare, share_links, texts_to_share
from campaign.tags.links import tagged
from pledges.models import Pledge

MAX_TEXTS = 3


def address(pledge: Pledge) -> str:
    """Return the pledge's full address, with the tag that organisers chose for links that visitors share."""
    return tagged(settings.SITE_URL + pledge.get_absolute_url(), pledge.share_tag)


def links(pledge: Pledge) -> list[ShareLink]:
    """Return links that share the pledge on each service, with its title."""
    return share_links(address(pledge), pledge.title)


def texts(pledge: Pledge) -> list[TextToShare]:
    """Return the organisers' first three texts, or three of ours if there are none. Each ends in the address."""
    written = [one.text for one in pledge.share_texts.all()][:MAX_TEXTS]
    return texts_to_share(address(pledge), pledge.title, written or _our_own(pledge.title))


def _our_own(title: str) -> list[str]:
    """Return three texts. Only the first one says that its sender has signed."""
    ours = [
        _("I have signed “%(title)s”. Will you sign too? You can choose whether your name is shown."),
        _("Please read “%(title)s” and, if you agree, sign it. You can choose whether your name is shown."),
        _("This matters to me, and I would like you to know about it: “%(title)s”."),
    ]
    return [text % {"title": title} for text in ours]
