"""Settings for organisers' sign-in and sessions."""

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "django.contrib.auth.password_validation.MinimumLengthValidator",
        "campaign.accounts.passwords.UncommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "campaign.accounts.sign_in.adapter.OrganiserAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = False
# Limits on sign-in attempts: for a name or a known browser (`login_failed`), and from a network. Asking a signed-in
# organiser to sign in again also counts towards `login_failed`, for the account alone.
ACCOUNT_RATE_LIMITS = {
    "login": None,  # allauth counts every attempt from a network, so neighbours would lock known browsers out
    "login_failed": "5/5m/key",
    "sign_in_network": "10/m/ip",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # how long a one-time sign-in link lasts
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey is two factors: the device, and its PIN or fingerprint
MFA_TOTP_TOLERANCE = 1  # the previous and next codes too, for slow typing and inaccurate clocks (RFC 6238, 5.2)
MFA_ADAPTER = "campaign.accounts.sign_in.adapter.SecondFactorAdapter"

# A session ends 30 minutes after its last change. Organisers' pages change it once a minute while somebody is working.
# It also ends after 12 hours, or when the browser closes (campaign.accounts.sign_in.sessions).
SESSION_COOKIE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
