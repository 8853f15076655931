"""Functions that allauth calls internal and may change in any release. It has no public equivalents.

No other module of ours imports from allauth's `internal` packages. When an upgrade breaks an import here, or
tests/accounts/sign_in/test_allauth_internals.py, find the new name or signature in allauth's source and adapt this
module; the other sign-in tests then show whether it still does the same.
"""

from allauth.account.internal.flows.login import perform_password_login, record_authentication
from allauth.account.internal.userkit import get_user_by_username
from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.core.internal.ratelimit import RateLimitUsage, consume, truncate_ip
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.internal.auth import begin_registration

__all__ = [
    "RateLimitUsage",
    "begin_registration",
    "compare_user_code",
    "consume",
    "get_user_by_username",
    "normalize_user_code",
    "perform_password_login",
    "post_authentication",
    "record_authentication",
    "truncate_ip",
    "validate_totp_code",
]
