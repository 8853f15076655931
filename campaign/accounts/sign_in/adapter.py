"""Our changes to allauth's sign-in: no sign-up, no stored IP addresses, and encrypted secrets."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from io import BytesIO
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from qrcode.image.svg import SvgPathFillImage

from campaign.accounts.sign_in.allauth_internals import truncate_ip
from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.network.client_address import client_address
from campaign.pages.models import SiteSettings
from campaign.privacy import crypto

MAX_URL = 2048
OBVIOUS = {
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "mfa/messages/totp_activated.txt",
    "mfa/messages/recovery_codes_generated.txt",
}


class OrganiserAdapter(DefaultAccountAdapter):
    """An adapter without sign-up: `organiser_sign_in` or another organiser creates accounts, and visitors never do."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session, however the organiser signs in, and record it in the audit log."""
        super().login(request, user)
        record(user, Act.SIGN_IN, user)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Add a message, unless the next page makes it obvious."""
        if OBVIOUS.isdisjoint([*args[:1], kwargs.get("message_template")]):
            super().add_message(request, level, *args, **kwargs)

    def is_safe_url(self, url: str) -> bool:
        """Return whether `next` is a path on this site, without a host, and no longer than our longest URL.

        allauth would also accept every host in ALLOWED_HOSTS, such as https://[::1], where another program may listen.
        """
        return len(url) <= MAX_URL and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the key for rate limits. It is a keyed hash, so that no IP address is stored."""
        address = truncate_ip(str(client_address(request) or request.META.get("REMOTE_ADDR", "")))
        return crypto.keyed_hash(address, "sign-in attempts").hex()


class SecondFactorAdapter(DefaultMFAAdapter):
    """An adapter that encrypts authenticator secrets, and shows the campaign's name in authenticator apps."""

    purpose = "second factor"

    def encrypt(self, text: str) -> str:
        return urlsafe_b64encode(crypto.encrypt(text, self.purpose)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(urlsafe_b64decode(encrypted_text), self.purpose)

    def get_totp_issuer(self) -> str:
        site = SiteSettings.current()
        return site.short_name or site.name

    def build_totp_svg(self, url: str) -> str:
        """Return an SVG with a white background, so that phones can scan it in a browser's dark mode."""
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()
