"""Codes, each of which works once."""

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.core.cache import cache

CODE_LIVES = 120


class OnceOnly:
    """Refuses a code that has been used, for as long as it would still be right.

    Allauth remembers it for 30 seconds; with MFA_TOTP_TOLERANCE a code is right for 90.
    """

    def clean_code(self) -> str:
        code = super().clean_code()
        if not cache.add(f"code-used:{self.user.pk}:{normalize_user_code(code)}", True, CODE_LIVES):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SignInCode(OnceOnly, AuthenticateForm):
    """From the authenticator app, or a recovery code."""


class ConfirmingCode(OnceOnly, ReauthenticateForm):
    """The same, asked again."""
