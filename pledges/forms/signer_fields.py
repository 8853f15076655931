"""Fields that several forms about signatures share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.forms.fields import choice, format_html_lazy
from pledges.models import Signature

MAX_TOWN = 60

# The fields get these from functions: a list would be deep-copied for every form.
KINDS = [
    (Signature.Kind.PERSON, _("For myself")),
    (Signature.Kind.ORGANISATION, _("For an organisation")),
]
VISIBILITIES = [
    (
        Signature.Visibility.PUBLIC,
        choice(
            _("Public"),
            _("Your name is shown in the list. Anyone can see it, in any country, for ever."),
        ),
    ),
    (
        Signature.Visibility.PRIVATE,
        choice(
            _("Private"),
            _(
                "Only the organisers can see your name. "
                "It may be handed over with the pledge to the people it calls on."
            ),
        ),
    ),
    (
        Signature.Visibility.COUNT,
        choice(
            _("Count me only"),
            _("We never store your name (leave it empty if you like), and erase your address once you confirm."),
        ),
    ),
]


def visibility_field() -> forms.ChoiceField:
    """Return the choice of how much of the signer is shown and kept, with a warning."""
    return forms.ChoiceField(
        label=_("What happens to your name"),
        choices=lambda: VISIBILITIES,
        initial=Signature.Visibility.PRIVATE,
        help_text=format_html_lazy(
            '<strong class="warning">{}</strong> {}',
            _("If you or your family could be put at risk, do not choose Public."),
            _("Public names can be read and copied anywhere, by anyone."),
        ),
        error_messages={"required": _("Choose what happens to your name")},
        widget=forms.RadioSelect,
    )
