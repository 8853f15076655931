"""The choice of whether to name a community in public, and the question whether its name is right."""

from typing import Any

from crispy_forms.layout import HTML
from django import forms
from django.utils.translation import gettext_lazy as _

from actions.communities.models import Community
from actions.communities.models.community import MAX_NAME
from campaign.confirming.forms import CorrectableForm
from campaign.forms.details import Details
from campaign.forms.fields import choice, format_html_lazy
from campaign.forms.names import NameField
from campaign.text.languages import CONTENT_LANGUAGES

PUBLIC_QUESTION = HTML('{% include "communities/_public_question.html" %}')
VISIBILITIES = [
    (
        Community.Visibility.COUNT,
        choice(
            _("Count us, don’t name us"),
            _(
                "Only the organisers see your name. "
                "Visitors see only the number for your region, once it is large enough."
            ),
        ),
    ),
    (
        Community.Visibility.LISTED,
        choice(_("Name us"), _("Your name and region are shown in the list. Anyone can see them, in any country.")),
    ),
]


class NamingForm(CorrectableForm):
    """A form with the name of a community. It asks before the name is shown in public.

    `to_confirm` is the name that everybody will see. The form isn't valid until the visitor has seen exactly this name,
    which `public_seen` then contains.
    """

    visibility = forms.ChoiceField(
        label=_("Shall we name your community?"),
        choices=lambda: VISIBILITIES,
        initial=Community.Visibility.COUNT,
        help_text=format_html_lazy(
            '<strong class="warning">{}</strong> {}',
            _("A building can be a target too. If you are not sure, choose “Count us”."),
            _("Before you are named, ask the people responsible for your security. You can change this at any time."),
        ),
        error_messages={"required": _("Choose whether to be named")},
        widget=forms.RadioSelect,
    )
    name = NameField(
        label=_("Name of the community"),
        max_length=MAX_NAME,
        error_messages={
            "required": _("Enter the name of your community"),
            "not_a_name": _("Enter the name of your community, without a web address"),
        },
        help_text=_("Exactly as it should appear. We store it encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the name"),
        required=False,
        choices=lambda: CONTENT_LANGUAGES,
        initial="en-gb",
        help_text=_("So that screen readers pronounce it correctly."),
    )
    public_seen = forms.CharField(required=False, widget=forms.HiddenInput)
    to_confirm: str = ""

    def is_valid(self) -> bool:
        return super().is_valid() and not self.to_confirm

    def language_part(self) -> Details:
        """Return the field for the language, folded away because most names are in English."""
        return Details(_("The name is not in English"), "language", is_open="language" in self.errors)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or "en-gb"

    def clean_naming(self, data: dict[str, Any]) -> None:
        """If the name will be shown and everything else is valid, ask whether the name is right."""
        if data.get("visibility") != Community.Visibility.LISTED or self.errors:
            return
        if self.data.get("public_seen") != data["name"]:
            self.to_confirm = data["name"]
            self.show("public_seen", data["name"])
