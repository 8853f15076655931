"""The questions that every signer answers, including a second person who shares a mailbox."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.forms.fields import CountryField, format_html_lazy, name_field
from campaign.forms.guard import Guard
from campaign.places import lookup, postcodes
from pledges.forms.public_name import PublicNameForm
from pledges.forms.signer_fields import visibility_field
from pledges.forms.wording import WordingField
from pledges.models import Signature
from pledges.signing.sign import Answers


class SignerForm(Guard, PublicNameForm):
    """A form that checks and tidies what signers type. Subclasses put the address and kind into `cleaned_data`."""

    name = name_field(required=False)
    country = CountryField(
        label=_("Country"),
        choices=lambda: [("", _("Choose a country")), *countries],
        initial="GB",
        error_messages={
            "required": _("Choose your country"),
            "invalid_choice": _("Choose your country from the list"),
        },
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    postcode = forms.CharField(
        label=_("Postcode, if you live in the UK (optional)"),
        required=False,
        max_length=12,
        help_text=_("We use it to find your constituency. Then we keep only the first half, such as NW3."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "spellcheck": "false"}),
    )
    visibility = visibility_field()
    updates = forms.BooleanField(label=_("Send me news of this campaign by e-mail (optional)"), required=False)
    agree = forms.BooleanField(
        label=format_html_lazy(
            _(
                'I have read <a href="#demands">the pledge</a> and the <a href="{}">privacy notice</a>. '
                "I agree that you may hold what I have entered, which says something about my beliefs."
            ),
            reverse_lazy("page", args=["privacy"]),
        ),
        error_messages={"required": _("Tick the box to say that you agree")},
    )
    wording = WordingField(required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("visibility") == Signature.Visibility.COUNT:
            self._clean_count_only(data)
        elif data.get("name") == "":
            self.add_error("name", _("Enter your full name"))
        self._clean_place(data)
        return data

    def answers(self, network: bytes | None, tag: str = "") -> Answers:
        """Return the valid form's answers for `Pledge.sign`, with the network's hash and the slug of the link's tag."""
        data = self.cleaned_data
        return Answers(
            name=data["name"],
            email=data["email"],
            country=data["country"],
            outward_code=data["outward_code"],
            kind=data["kind"],
            organisation=data.get("organisation", ""),
            visibility=data["visibility"],
            updates=data["updates"],
            wording=data["wording"],
            area_code=data["area_code"],
            tag="" if data["visibility"] == Signature.Visibility.COUNT else tag,
            shown_name=data["shown_name"],
            town=data["town"],
            role=data.get("role", ""),
            link=data.get("link", ""),
            automatic=self.looks_automatic(),
            network=network,
        )

    def match_wording(self, number: int) -> bool:
        """Put the number of the page's wording into the form. Return False if another number was posted.

        If so, the signer hasn't agreed to these words. The form says that, and asks them to tick the box again.
        """
        if not self.is_bound or self.fields["wording"].clean(self.data.get("wording")) == number:
            self.initial["wording"] = number
            return True
        self.show("wording", str(number))
        self.data.pop("agree", None)
        self.add_error(
            None,
            _(
                "The words of this pledge are not the ones that you were shown before. "
                "Please read them, and tick the box again if you agree. Nothing else that you entered is lost."
            ),
        )
        return False

    def _clean_count_only(self, data: dict[str, Any]) -> None:
        """Drop the name of a signer who chose "count me only". Refuse a request for news from them."""
        self.forget(data, "name")
        if data.get("updates"):
            text = _("To get news, choose Private or Public: with “Count me only” we do not keep your address")
            self.add_error("updates", text)

    def _clean_place(self, data: dict[str, Any]) -> None:
        """Replace a UK postcode with its constituency and outward code. Drop any other postcode."""
        data["outward_code"] = data["area_code"] = ""
        if data.get("country") != "GB":
            self.forget(data, "postcode")
        typed = data.pop("postcode", "")
        if not typed:
            return
        try:
            postcode = postcodes.normalise(typed)
        except postcodes.NotAPostcodeError as error:
            self.add_error("postcode", f"{error}. {gettext('You may also leave it empty')}")
        else:
            data["outward_code"], data["area_code"] = postcodes.outward_code(postcode), lookup.area_code(postcode)
