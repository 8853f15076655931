"""Plain links for sharing a page, without scripts or anything loaded from other sites."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class ShareLink:
    """A link that shares a page on one service."""

    name: str
    url: str


def share_links(url: str, text: str) -> list[ShareLink]:
    """Return links that open each service with `text` and `url` filled in, most used first."""
    both = f"{text} {url}"
    mail = urlencode({"subject": text, "body": both}, quote_via=quote)
    return [
        ShareLink("WhatsApp", f"https://wa.me/?{urlencode({'text': both})}"),
        ShareLink("Telegram", f"https://t.me/share/url?{urlencode({'url': url, 'text': text})}"),
        ShareLink("Bluesky", f"https://bsky.app/intent/compose?{urlencode({'text': both})}"),
        ShareLink("Facebook", f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': url})}"),
        ShareLink(_("E-mail"), f"mailto:?{mail}"),
    ]
