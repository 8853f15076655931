"""Plain links for sharing a page, without scripts or anything loaded from other sites."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class ShareLink:
    """A link that shares a page on one service. If visitors edit the text, `start` is what comes before it."""

    name: str
    url: str
    start: str = ""


@dataclass(frozen=True)
class TextToShare:
    """A text that ends in the page's address. Visitors can edit it, or use links that send it unchanged."""

    text: str
    links: list[ShareLink]


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


def texts_to_share(url: str, subject: str, texts: Iterable[str]) -> list[TextToShare]:
    """Return each text followed by `url`, with links that send it by WhatsApp, or by e-mail with this subject."""
    starts = {"WhatsApp": "https://wa.me/?text=", _("E-mail"): f"mailto:?subject={quote(subject)}&body="}
    return [_with_links(f"{text} {url}", starts) for text in texts]


def _with_links(text: str, starts: dict[str, str]) -> TextToShare:
    return TextToShare(text, [ShareLink(name, start + quote(text, safe=""), start) for name, start in starts.items()])
