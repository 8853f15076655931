"""Second-factor codes: finding the authenticator that a code is from, and using up the code."""

import logging
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.core.cache import cache

from campaign.accounts.sign_in.allauth_internals import compare_user_code, normalize_user_code, validate_totp_code
from campaign.privacy.crypto import DecryptionError

logger = logging.getLogger(__name__)

CODE_LIFETIME = 120  # seconds


def source(code: str, authenticators: Iterable[Authenticator]) -> Authenticator | None:
    """Return the authenticator app, or the list of recovery codes, that the code is from, without using it up."""
    return next((one for one in authenticators if _is_from(code, one)), None)


def use_up(code: str, authenticator: Authenticator) -> bool:
    """Make sure that the code is never accepted again; return False if it has been used before."""
    return authenticator.wrap().validate_code(code) and is_first_use(code, authenticator.user_id)


def is_first_use(code: str, user_id: int) -> bool:
    """Remember a correct code for as long as it stays valid; return False if it was remembered already.

    Allauth remembers it for 30 seconds; with MFA_TOTP_TOLERANCE a code is valid for 90.
    """
    return cache.add(f"code-used:{user_id}:{normalize_user_code(code)}", True, CODE_LIFETIME)


def _is_from(code: str, authenticator: Authenticator) -> bool:
    try:
        if authenticator.type == Authenticator.Type.WEBAUTHN:
            return False
        if authenticator.type == Authenticator.Type.TOTP:
            return validate_totp_code(decrypt(authenticator.data["secret"]), code)
        unused = authenticator.wrap().get_unused_codes()
    except DecryptionError:
        logger.error("Authenticator %s can't be decrypted with any of FIELD_KEYS.", authenticator.pk)
        return False
    return any(compare_user_code(actual=code, expected=one) for one in unused)
