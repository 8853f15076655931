"""The form for a second person who shares a mailbox."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django.utils.translation import gettext_lazy as _

from campaign.forms.details import Details
from campaign.forms.guard import layout, share_fields
from pledges.forms.public_name import PUBLIC_PARTS, PUBLIC_QUESTION
from pledges.forms.signer import SignerForm
from pledges.models import Signature


@share_fields
class SecondForm(SignerForm):
    """The questions for a second person, who shares the first signer's address."""

    field_order = ("name", "visibility", "shown_name", "town", "postcode", "country")

    def __init__(self, address: str | None, *args: Any) -> None:
        super().__init__(*args)
        self.address = address or ""

    @property
    def helper(self) -> FormHelper:
        """Return the layout for crispy-forms. Without an address, it doesn't offer news."""
        self.is_valid()
        sign = _("Yes, show this and sign") if self.to_confirm else _("Sign the pledge")
        place = Details(_("Postcode, country (optional)"), "postcode", "country", is_open="postcode" in self.errors)
        parts = ["name", "visibility", PUBLIC_PARTS, place, *(["updates"] if self.address else []), "agree"]
        return layout(
            *parts,
            "wording",
            "stamp",
            "public_seen",
            PUBLIC_QUESTION,
            Submit("submit", sign, css_class="button-action"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.clean_public_name(data)
        news = bool(data.get("updates") and self.address)
        return data | {"email": self.address, "kind": Signature.Kind.PERSON, "updates": news}
