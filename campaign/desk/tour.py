"""A short tour of the desk, in steps. The desk offers it to organisers until they close it; they can open it again."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.desk.models import ClosedTour


@dataclass(frozen=True)
class Step:
    """A step of the tour: a heading, a sentence or two, and a link with its text."""

    title: Any
    text: Any
    url: str
    link: Any


def steps_for(user: User) -> list[Step]:
    """Return the steps of the tour; only organisers who may change pages get the step about pages."""
    steps = _steps_about_the_desk()
    if user.has_perm("pages.change_page"):
        text = _("Open a page, correct a word, and publish it. If you make a mistake, go back to an earlier version.")
        steps.append(Step(_("Change a page"), text, reverse("admin:pages_page_changelist"), _("The pages")))
    text = _("Write down your recovery codes and keep them safe: they let you in if you lose your phone.")
    steps.append(Step(_("Make sure you can always sign in"), text, reverse("mfa_index"), _("Your sign-in")))
    return steps


def _steps_about_the_desk() -> list[Step]:
    desk = reverse("admin:index")
    return [
        Step(
            _("See what is waiting"),
            _("The desk lists what needs an organiser: signatures held for review, protests to confirm. Start there."),
            f"{desk}#tasks",
            _("What is waiting for you"),
        ),
        Step(
            _("Find your task"),
            _("Below the figures are the things you can do, in plain words. Lists you rarely need are under “More”."),
            f"{desk}#shortcuts",
            _("What you can do"),
        ),
        Step(
            _("Find anything"),
            _("The search box at the top of every screen finds pages, letters, settings and people."),
            reverse("admin:search"),
            _("Search the desk"),
        ),
    ]


def is_closed_by(user: User) -> bool:
    """Return whether this organiser has closed the tour."""
    return ClosedTour.objects.filter(user=user).exists()


def close(user: User) -> None:
    """Remember that this organiser has closed the tour. Closing it twice changes nothing."""
    ClosedTour.objects.get_or_create(user=user)
