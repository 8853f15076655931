"""The picture shown with shared links to a protest: its title, when it is and where."""

from actions.protests.agenda import Agenda
from campaign.sharing.picture import TitlePicture


def picture(agenda: Agenda, campaign: str) -> TitlePicture:
    """Return a protest's picture in the active language. `campaign` is the campaign's name."""
    protest, one = agenda.protest, agenda.next_date
    rules = [] if agenda.is_single else agenda.rules
    line = rules[0] if one and rules else one and f"{one.when}, {one.place.name}"
    return TitlePicture(protest.language, protest.direction, campaign, protest.title, line or "")
