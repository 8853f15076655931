"""Forms in which organisers choose the brand of a commitment, or answer a complaint."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Brand, CommitmentOffer
from campaign.forms.fields import WordsField


class BrandForm(forms.Form):
    """A choice of the brand to which an offered commitment belongs."""

    brand = forms.ModelChoiceField(
        Brand.objects.filter(is_example=False),
        label=_("Brand"),
        help_text=_("If it is not in this list, add the brand first, and then come back here."),
        error_messages={"required": _("Choose the brand")},
    )

    def __init__(self, offer: CommitmentOffer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer

    def clean_brand(self) -> Brand:
        """Refuse a brand if the sender's address isn't at one of the brand's own domains."""
        brand = self.cleaned_data["brand"]
        if not self.offer.fits(brand):
            raise ValidationError(
                _("The address is at %(domain)s, which is not one of this brand’s domains."),
                params={"domain": self.offer.domain},
            )
        return brand


class AnswerForm(forms.Form):
    """The answer to a complaint."""

    answer = WordsField(
        label=_("Answer"),
        help_text=_("Say what you have found and done. The site mails this when you press the button."),
        error_messages={"required": _("Write the answer")},
    )
