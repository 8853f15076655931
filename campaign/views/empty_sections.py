"""The check that tells organisers which sections of the home page show nothing, and why."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.pages.checks.findings import Draft, Finding, check
from campaign.pages.models import HomeSection
from campaign.views.home import contents, has_contents
from pledges.counting.areas import MIN_MAPPED

Kind = HomeSection.Kind
REASONS = {
    Kind.PLEDGE: gettext_lazy("no published pledge on the home page has demands"),
    Kind.UPDATES: gettext_lazy("no update is published"),
    Kind.PROTEST: gettext_lazy("no published protest has a date to come"),
    Kind.LETTERS: gettext_lazy("no letter is published"),
    Kind.APPEALS: gettext_lazy("no appeal is published"),
    Kind.FUNDS: gettext_lazy("no fund is open, or donations are not set up"),
    Kind.CALL: gettext_lazy("no call to businesses is published"),
    Kind.COMMUNITIES: gettext_lazy("no plan for communities is published"),
    Kind.GROWTH: gettext_lazy("the count of a published pledge on the home page has to have moved by 10 on two days"),
    Kind.QUOTATION: gettext_lazy("it has no words"),
    Kind.MAP: gettext_lazy("a published pledge on the home page needs numbers for at least %(count)s constituencies"),
    Kind.ABOUT: gettext_lazy("there is no text about you"),
    Kind.NAMES: gettext_lazy("no public names can be shown under a published pledge on the home page"),
    Kind.PARTNERS: gettext_lazy("no partners are listed"),
}


@check
def empty_sections(draft: Draft) -> Iterator[Finding]:
    """Find chosen sections that have nothing to show now, so that the home page leaves them out."""
    if not draft.sections:
        return
    rows = [section.row for section in draft.sections]
    shown = contents(rows[0].site, rows)
    for section in draft.sections:
        kind = section.row.kind
        if not has_contents(kind, shown):
            words = _("The home page leaves out “%(section)s”: %(reason)s.")
            reason = REASONS[kind] % {"count": MIN_MAPPED}
            yield Finding(words % {"section": section.row, "reason": reason}, section.field)
