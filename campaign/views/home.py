"""The home page and the thank-you page. Their sections come from every app."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation

from actions.businesses.models import CallToAction
from actions.communities.models import Plan
from actions.fundraising.models import Appeal, Fund
from actions.fundraising.stripe.checks import is_set_up
from actions.letters.models import Letter
from actions.protests.models import Protest
from campaign.media.models import first_shown
from campaign.pages.caching import keep_dates, public_page
from campaign.pages.models import HomeSection, SiteSettings, Update
from campaign.pages.models.pictures import fill
from pledges.counting.areas import home_map
from pledges.counting.growth import growth
from pledges.counting.wordings import counts_by_wording
from pledges.models import Pledge
from pledges.share.texts import links, texts

MAX_ACTIONS = 6
MAX_UPDATES = 3
Kind = HomeSection.Kind

# What visitors can do besides signing: the query that fills each section of the home page.
NEXT_ACTIONS: dict[str, Callable[[], Any]] = {
    Kind.PROTEST: lambda: Protest.objects.published().next_date(timezone.now()),
    Kind.LETTERS: lambda: Letter.objects.published()[:MAX_ACTIONS],
    Kind.APPEALS: lambda: Appeal.objects.published()[:MAX_ACTIONS],
    Kind.FUNDS: lambda: Fund.objects.open_for_donations()[:MAX_ACTIONS] if is_set_up() else [],
    Kind.CALL: lambda: CallToAction.objects.published().first(),
    Kind.COMMUNITIES: lambda: Plan.objects.published().first(),
}


@dataclass(frozen=True)
class Group:
    """A part of the home page: one section, or neighbouring next actions under a shared heading (`kinds`)."""

    kind: str
    id: str
    heading: str
    kinds: list[str] = field(default_factory=list)


def next_actions(kinds: Iterable[str]) -> dict[str, Any]:
    """Return what visitors can do besides signing, by kind. Run only the queries for these kinds."""
    return {str(kind): read() for kind, read in NEXT_ACTIONS.items() if kind in kinds}


def home_page(site: SiteSettings) -> dict[str, Any]:
    """Return the context of the home page's template. Read only the sections that organisers have chosen."""
    sections = site.home_sections()
    shown = contents(site, sections)
    groups = grouped([section for section in sections if has_contents(section.kind, shown)])
    return shown | {"groups": groups, "hero_picture": first_shown(site.hero_picture)}


def contents(site: SiteSettings, sections: Iterable[HomeSection]) -> dict[str, Any]:
    """Return what these sections show, by kind, and the pledge on the home page."""
    by_kind = {section.kind: section for section in sections}
    pledge = Pledge.objects.in_front()
    return {"pledge": pledge} | _about_the_pledge(pledge, by_kind) | _own_words(site, by_kind) | next_actions(by_kind)


def has_contents(kind: str, shown: dict[str, Any]) -> bool:
    """Return whether a section of this kind has something to show. A pledge may have no demands."""
    return bool(shown[kind] and (kind != Kind.PLEDGE or shown[kind].demands.all()))


def _about_the_pledge(pledge: Pledge | None, kinds: Iterable[str]) -> dict[str, Any]:
    """Return the contents of the sections about the pledge. Without a pledge, they are empty."""
    return {
        "names": pledge.signatures.latest_names() if pledge and Kind.NAMES in kinds else [],
        "growth": growth(pledge) if pledge and Kind.GROWTH in kinds else None,
        "map": home_map(pledge) if pledge and Kind.MAP in kinds else None,
    }


def _own_words(site: SiteSettings, sections: dict[str, HomeSection]) -> dict[str, Any]:
    """Return the contents of the sections that organisers write. One query gets their pictures."""
    quotation = sections.get(Kind.QUOTATION)
    partners = list(site.partners.all()) if site.pk and Kind.PARTNERS in sections else []
    quotation = quotation if quotation and quotation.words else None
    updates = list(Update.objects.published().newest(MAX_UPDATES)) if Kind.UPDATES in sections else []
    fill([*filter(None, [quotation]), *partners, *updates])
    return {"about": site.about_html, "quotation": quotation, "partners": partners, "updates": updates}


def grouped(sections: list[HomeSection]) -> list[Group]:
    """Return the sections in groups, for the home page's template. Neighbouring next actions share a heading."""
    groups = []
    for are_actions, run in groupby(sections, key=lambda section: section.kind in NEXT_ACTIONS):
        if are_actions:
            members = list(run)
            heading = next((section.heading for section in members if section.heading), "")
            kinds = [section.kind for section in members]
            groups.append(Group("actions", kinds[0], heading, kinds))
        else:
            groups += [Group(one.kind, one.kind, one.heading) for one in run]
    return groups


def dates_end_at(shown: dict[str, Any]) -> datetime | None:
    """Return when the protest date on a page is over (aware), or None if the page shows no date."""
    occasion = shown.get(Kind.PROTEST)
    return occasion.ends if occasion else None


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page: the headline, the count, and the sections that organisers have chosen, in their order."""
    site, now = SiteSettings.of(request), timezone.now()
    with translation.override(site.interface_language):
        shown = home_page(site)
        response = render(request, "home.html", shown)
    keep_dates(response, dates_end_at(shown), now)
    return response


@public_page
def thank_you(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank a signer for confirming, with next actions and links to share. The page is the same for everybody."""
    found = Pledge.objects.published().select_related("share_tag").with_count().with_wordings()
    pledge, now = get_object_or_404(found, slug=slug), timezone.now()
    with translation.override(pledge.interface_language):
        shown = {"pledge": pledge, "counts": counts_by_wording(pledge), "share": links(pledge), "texts": texts(pledge)}
        actions = next_actions(NEXT_ACTIONS)
        actions |= {"kinds": [kind for kind in NEXT_ACTIONS if actions[kind]]}
        response = render(request, "pledges/thank_you.html", shown | actions)
    keep_dates(response, dates_end_at(actions), now)
    return response
