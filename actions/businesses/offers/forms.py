"""The forms with which organisations endorse the call, and companies make a commitment."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Brand, CallToAction, Level
from actions.businesses.models.domains import own_domains
from actions.businesses.models.offers import domain_of_address
from actions.businesses.offers.fields import SenderForm, website_field
from campaign.confirming.forms import MistypedAddressForm
from campaign.email_addresses.canonical import domain
from campaign.email_addresses.domains import KNOWN, is_disposable
from campaign.email_addresses.own_domains import OPEN_PROVIDERS
from campaign.email_addresses.registrable import host_of, imitates, registrable
from campaign.forms.choices import set_choices
from campaign.forms.fields import WordsField, address_field, choice
from campaign.forms.guard import layout
from campaign.forms.names import TidyField

MAX_BRANDS = 2000
CHANGED = _("The call has changed since you opened this page. Read it again, then press the button again.")
OPEN_DOMAIN = _("Anybody can get an address at %(domain)s, so it proves nothing. Use your own address at %(expected)s.")
NOT_THE_BRANDS_DOMAIN = _(
    "Use your own address at %(expected)s. If the company has another domain, choose “Not in the list”, and enter the "
    "website at that domain: an organiser will look into it."
)
NOT_THE_WEBSITES_DOMAIN = _("Use your own address at %(expected)s, the domain of the website that you entered.")
NOT_REGISTRABLE = _("This is not a domain that a company can register. Use your own address at %(expected)s.")
NO_DOMAIN_YET = _(
    "We don’t know this company’s domain yet. Choose “Not in the list”, and enter its name and its website."
)
LOOKS_LIKE = _("This domain looks like that of %(brand)s. If you are writing for %(brand)s, choose it from the list.")


class EndorseForm(MistypedAddressForm, SenderForm):
    """An organisation's endorsement of the version of the call that the page showed."""

    organisation = TidyField(
        label=_("Organisation"),
        max_length=150,
        help_text=_("Its name exactly as visitors should see it."),
        error_messages={"required": _("Enter the organisation’s name")},
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    website = website_field()
    version = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    speaks = forms.BooleanField(
        label=_("I am authorised to speak for this organisation."),
        error_messages={"required": _("Tick this box if you are authorised to speak for the organisation")},
    )

    def __init__(self, call: CallToAction, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = str(call.version_number)
        self.fields["version"].initial = self.number
        self.fields["email"].help_text = _(
            "We will send a message to this address, to make sure that it was you. Only organisers can see the address."
        )

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        shown = ("organisation", "website", "name", "role", self.email_with_question())
        hidden = ("email_as_typed", "version", "stamp")
        return layout(*shown, "speaks", *hidden, Submit("send", _("Endorse the call"), css_class="button-action"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("version") != self.number:
            if self.is_bound:
                self.show("version", self.number)
            self.add_error(None, CHANGED)
        return data

    def answers(self) -> dict[str, Any]:
        """Return a valid form's answers, by field of `EndorsementOffer`."""
        names = ("organisation", "website", "name", "role", "email")
        return {name: self.cleaned_data[name] for name in names} | {"version": int(self.number)}


class CommitForm(SenderForm):
    """A company's commitment, from an address at the company's own domain."""

    brand = forms.ChoiceField(label=_("Company or brand"), required=False)
    company = TidyField(
        label=_("Name, if it is not in the list"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    website = website_field(label=_("Website, if it is not in the list"), required=False)
    level = forms.ChoiceField(
        label=_("How far does the commitment go?"),
        choices=[
            (Level.FULL, choice(_("Everything that the call asks for"), _("Within twelve months."))),
            (Level.PARTIAL, choice(_("Part of it"), _("Say below which part."))),
        ],
        error_messages={"required": _("Choose how far the commitment goes")},
        widget=forms.RadioSelect,
    )
    words = WordsField(
        label=_("What will the company do, and by when?"),
        help_text=_("In the company’s own words. We publish this exactly as you write it, marked “self-declared”."),
        error_messages={"required": _("Say what the company will do, and by when")},
    )
    email = address_field()
    speaks = forms.BooleanField(
        label=_("I am authorised to make this commitment for the company."),
        error_messages={"required": _("Tick this box if you are authorised to make the commitment for the company")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Brand.objects.published().filter(is_example=False)[:MAX_BRANDS]
        self.brands = {brand.slug: brand for brand in sorted(offered, key=lambda brand: brand.title.casefold())}
        listed = [(slug, brand.title) for slug, brand in self.brands.items()]
        set_choices(self, "brand", [("", _("Not in the list")), *listed])
        self.fields["email"].help_text = _(
            "Your own address at the company’s domain. We will send a message to it, to make sure that it was you."
        )

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms."""
        shown = ("brand", "company", "website", "level", "words", "name", "role", "email", "speaks")
        return layout(*shown, "stamp", Submit("send", _("Send the commitment"), css_class="button-action"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        brand = self.brands.get(data.get("brand", ""))
        if brand is None and "brand" in data:
            self._need_company(data)
        expected = self._expected(brand, data)
        if brand and not expected:
            self.add_error("brand", NO_DOMAIN_YET)
        if "email" in data and expected:
            self._check_address(data["email"], brand, expected)
        return data

    def _need_company(self, data: dict[str, Any]) -> None:
        """Require the name and the website of a company that isn't in the list."""
        if "company" in data and not data["company"]:
            self.add_error("company", _("Choose the company from the list, or enter its name"))
        if "website" in data and not data["website"]:
            self.add_error("website", self.fields["website"].error_messages["required"])
        elif "website" in data and not registrable(host_of(data["website"])):
            self.add_error("website", self.fields["website"].error_messages["invalid"])

    def _expected(self, brand: Brand | None, data: dict[str, Any]) -> list[str]:
        """Return the domains at which the sender's address may be."""
        if brand:
            return sorted(own_domains(brand))
        own = registrable(host_of(data.get("website") or ""))
        return [own] if own else []

    def _check_address(self, email: str, brand: Brand | None, expected: list[str]) -> None:
        """Refuse an address that isn't at the company's own domain, with an error that says which domain it needs."""
        own, names = domain_of_address(email), {"domain": domain(email), "expected": " / ".join(expected)}
        if is_open(email):
            self._refuse(OPEN_DOMAIN, names)
        elif not own:
            self._refuse(NOT_REGISTRABLE, names)
        elif own not in expected:
            self._refuse(NOT_THE_BRANDS_DOMAIN if brand else NOT_THE_WEBSITES_DOMAIN, names)
        elif brand is None and (imitated := self._imitated(domain(email))):
            self._refuse(LOOKS_LIKE, {"brand": imitated.title})

    def _refuse(self, error: Any, names: dict[str, str]) -> None:
        self.add_error("email", forms.ValidationError(error, params=names))

    def _imitated(self, name: str) -> Brand | None:
        """Return a listed brand whose domain this is or resembles, or None."""
        listed = ((brand, own) for brand in self.brands.values() for own in own_domains(brand))
        return next((brand for brand, own in listed if registrable(name) == own or imitates(name, own)), None)

    def answers(self) -> dict[str, Any]:
        """Return a valid form's answers, by field of `CommitmentOffer`."""
        data = self.cleaned_data
        brand = self.brands.get(data["brand"])
        names = ("level", "words", "name", "role", "email", "company", "website")
        answers = {name: data[name] for name in names} | {"domain": domain_of_address(data["email"])}
        return answers | ({"brand_id": brand.pk, "company": "", "website": ""} if brand else {})


def is_open(email: str) -> bool:
    """Return whether anybody can get an address at this one's domain, or at its registered domain."""
    names = {domain(email), domain_of_address(email)}
    return bool(names & (KNOWN | OPEN_PROVIDERS)) or is_disposable(email)
