"""Forms for passkeys. They refuse malformed answers, whereas allauth expects well-formed JSON from a browser."""

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _

# Raised by malformed JSON, CBOR or keys.
UNUSABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)


class CredentialField(forms.JSONField):
    """The browser's answer, which may be any JSON object. No page shows it again."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            found = super().to_python(value)
        except UNUSABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error
        if found is not None and not isinstance(found, dict):
            raise get_adapter().validation_error("incorrect_code")
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        return InvalidJSONInput("")


class AnyCredentialMixin(forms.Form):
    """A mixin that refuses a malformed answer in the same way as a wrong one, instead of failing."""

    def clean_credential(self) -> Any:
        """Return the passkey. Raises ValidationError."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except UNUSABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class SignInPasskey(AnyCredentialMixin, LoginWebAuthnForm):
    """A passkey, instead of a name, password and code."""

    credential = CredentialField()


class SecondFactorPasskey(AnyCredentialMixin, AuthenticateWebAuthnForm):
    """A passkey, instead of a code, after a one-time link."""

    credential = CredentialField()


class ConfirmingPasskey(AnyCredentialMixin, ReauthenticateWebAuthnForm):
    """A passkey, requested again later in a session."""

    credential = CredentialField()


class NewPasskey(AddWebAuthnForm):
    """A new passkey and its name. Every passkey may replace the password, so the form doesn't ask about that."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=100,
        help_text=_("Such as “Laptop”, to tell your passkeys apart."),
    )
    credential = CredentialField()
    passwordless = None

    def clean(self) -> dict[str, Any]:
        """Check the passkey. Raises ValidationError if anything is wrong with it."""
        try:
            return super().clean()
        except UNUSABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error
