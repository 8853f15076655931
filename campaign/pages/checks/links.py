"""Checks of links and embedded objects. They read the database; the other checks don't."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campaign.links.addresses import completed, is_path
from campaign.links.hrefs import hrefs
from campaign.links.models import CheckedLink
from campaign.links.own import State, states
from campaign.pages import embeds
from campaign.pages.checks.findings import Draft, Finding, Piece, check


@check
def broken_links(draft: Draft) -> Iterator[Finding]:
    """Find links to missing or hidden pages of this site, and links to other sites that have failed on three days."""
    written = [(piece, address) for piece in draft.pieces for address in _addresses(piece)]
    found = states(address for _piece, address in written if is_path(address))
    others = {address for _piece, address in written if not is_path(address)}
    broken = {link.url: link for link in CheckedLink.objects.broken().filter(url__in=others)} if others else {}
    for piece, address in written:
        state = found.get(address, State.PAGE)
        values = {"name": piece.name, "address": address}
        if state == State.MISSING:
            words = _("%(name)s: there is no page at %(address)s.")
            yield Finding(words % values, piece.field, "problem")
        elif state == State.HIDDEN:
            words = _("%(name)s: visitors can’t see the page at %(address)s yet.")
            yield Finding(words % values, piece.field)
        elif address in broken:
            words = _("%(name)s: the link to %(address)s is broken: %(reason)s.")
            yield Finding(words % (values | {"reason": broken[address].explanation}), piece.field, "problem")


@check
def hidden_cards(draft: Draft) -> Iterator[Finding]:
    """Find embedded objects, such as pledges, that visitors can't see. The page shows nothing in their place."""
    shown = embeds.published(card.target for card in draft.cards) if draft.cards else {}
    for card in draft.cards:
        if card.target not in shown:
            title = embeds.title_of(card.target) or _("something that has been deleted")
            words = _("Visitors can’t see “%(title)s” yet, so the page shows nothing in its place.")
            yield Finding(words % {"title": title}, card.field)


def _addresses(piece: Piece) -> list[str]:
    """Return the addresses in a piece, completed where possible."""
    found = hrefs(piece.text) if piece.kind == "html" else [piece.text] if piece.kind == "link" else []
    return [_completed(address) for address in found if address]


def _completed(address: str) -> str:
    try:
        return completed(address)
    except ValidationError:
        return address
