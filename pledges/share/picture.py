"""The picture of a pledge for where its address is shared: 1200 by 630 pixels, as Open Graph's readers like it."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.documents.typesetting import typeset
from campaign.pages.models import SiteSettings
from pledges.models import Pledge
from pledges.share.wording import BAND, HERE, words

WIDTH, HEIGHT = 1200, 630
POINTS_AN_INCH = 72


def draw(pledge: Pledge, site: SiteSettings) -> bytes:
    """The PNG of a pledge that came `with_count`, in the language that is spoken: its title, count and goal."""
    source = {
        "language": pledge.language.partition("-")[0],
        "rtl": pledge.direction == "rtl",
        "campaign": words(site.name),
        "title": words(pledge.title),
        "progress": words(progress(pledge)),
        "share": min(pledge.count / pledge.current_goal, 1),
        "ask": words(_("Add your name")) if pledge.is_open else None,
    }
    # Letters that our fonts lack, such as Chinese, come from the machine's, if it has any.
    data = source | {"band": BAND}
    return typeset(HERE / "picture.typ", data, our_fonts_only=False, format="png", ppi=POINTS_AN_INCH)


def progress(pledge: Pledge) -> str:
    """ "1,234 people have signed of 2,000", in the language that is spoken."""
    text = ngettext("%(shown)s person has signed of %(aim)s", "%(shown)s people have signed of %(aim)s", pledge.count)
    return text % {"shown": intcomma(pledge.count), "aim": intcomma(pledge.current_goal)}
