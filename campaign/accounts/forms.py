"""Sign-in forms: for name, password and code together, or for a code requested later."""

from datetime import datetime
from typing import Any

from allauth.account.fields import PasswordField
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import LostPhone
from campaign.accounts.organisers import has_second_factor
from campaign.accounts.sign_in import codes
from campaign.accounts.sign_in.allauth_internals import perform_password_login, post_authentication
from campaign.accounts.sign_in.credentials import knows_password, verify

INCORRECT = _(
    "Your username, password or code is incorrect, or there have been too many failed attempts. Check all three and "
    "enter the latest code. If that does not work, wait five minutes, use a browser you have signed in with before, or "
    "ask for a sign-in link."
)


class CodeInput(forms.PasswordInput):
    """An input for a code: its text is visible, but no page shows it again."""

    input_type = "text"


class SignIn(forms.Form):
    """The form for name, password and code. The response is the same whatever is wrong."""

    login = forms.CharField(
        label=_("Username"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    # Nobody has a longer password, and a megabyte takes longer to hash than to refuse.
    password = PasswordField(label=_("Password"), max_length=4096, autocomplete="current-password")
    code = forms.CharField(
        label=_("Code"),
        max_length=100,
        required=False,
        widget=CodeInput(attrs={"autocomplete": "one-time-code"}),
        help_text=_(
            "The six-digit code from your authenticator app, or one of your recovery codes. "
            "Leave this blank only if you have not set up a second factor yet."
        ),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> None:
        if self.errors:
            return
        name, password, code = (self.cleaned_data[field] for field in ("login", "password", "code"))
        proof = verify(self.request, name, password, code)
        if proof is None:
            raise forms.ValidationError(INCORRECT, code="not_right")
        self.proof = proof

    def begin_session(self, redirect_url: str | None) -> HttpResponse:
        """Sign the organiser in until the browser is closed. Allauth doesn't ask for the code again."""
        login = Login(user=self.proof.user, redirect_url=redirect_url)
        if self.proof.authenticator:
            post_authentication(self.request, self.proof.authenticator)
            LoginStageController(self.request, login).set_handled(AuthenticateStage.key)
        return perform_password_login(self.request, {}, login)


class LostPhoneForm(forms.Form):
    """A form for the name and password of somebody who has lost their second factor. The response never differs."""

    login = SignIn.base_fields["login"]
    password = SignIn.base_fields["password"]

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def tell_owners(self, now: datetime) -> None:
        """Record at `now` (aware) that this organiser needs help; do nothing if the name or password is wrong."""
        user = knows_password(self.request, self.cleaned_data["login"], self.cleaned_data["password"])
        if user and user.is_staff and user.is_active and has_second_factor(user):
            LostPhone.objects.get_or_create(organiser=user, defaults={"asked_at": now})


class SingleUseForm(BaseAuthenticateForm):
    """A form that refuses a used code for as long as it would still be valid."""

    def clean_code(self) -> str:
        code = super().clean_code()
        if not codes.is_first_use(code, self.user.pk):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SignInCode(SingleUseForm, AuthenticateForm):
    """A code from the authenticator app, or a recovery code, requested after a one-time link."""


class ConfirmingCode(SingleUseForm, ReauthenticateForm):
    """The same kind of code, requested again later in a session."""
