"""Recovery of an organiser's account after the loss of a second factor, once two owners have agreed."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import LostPhone, OrganiserAddress
from campaign.approvals.kinds import Kind, Request, kind
from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.modeladmin import organiser

LOST_PHONE = "accounts.lost_phone"


@kind(LOST_PHONE)
class LostPhoneKind(Kind):
    """The removal of an organiser's second factors and sessions, followed by a new sign-in link."""

    label = _("Let in somebody who has lost their phone")
    warning = _(
        "A day after a second owner has approved, the account’s authenticator, passkeys, recovery codes and sessions "
        "are removed, and anybody who reads mail at this address can sign in. Call the person before you approve."
    )
    nobody = _("Their account is closed, or its e-mail address has changed, so there is nothing to do.")
    permission = "auth.change_user"  # no role has it, so only owners do
    always_second = True

    def people(self, request: Request) -> int:
        return 1 if self._address(request) else 0

    def sample(self, request: Request) -> list[str]:
        address = self._address(request)
        if address is None:
            return []
        if LostPhone.objects.filter(organiser=address.organiser).exists():
            told = gettext("They reported it at the sign-in page, with the right password.")
        else:
            told = gettext("They have not reported it at the sign-in page.")
        return [f"{address.organiser}, {address.email}", told]

    def obstacle(self, request: Request, user: User) -> Any:
        """Return why this organiser may not approve, or None. Only owners may, but not for their own account."""
        if not user.is_superuser:
            return _("Only an owner can approve this.")
        return (
            _("This is your own account, so another owner must approve it.")
            if str(user.pk) == request.subject
            else None
        )

    def page(self, request: Request) -> str:
        return reverse("admin:auth_user_change", args=[request.subject])

    def act(self, request: Request) -> None:
        """Revoke whatever the lost phone could use, and send the link. Do nothing if the address has changed."""
        address = self._address(request)
        if address is None:
            return
        user = address.organiser
        Authenticator.objects.filter(user=user).delete()
        record(None, Act.REMOVE_FACTORS, user, request=request.pk)
        LostPhone.objects.filter(organiser=user).delete()
        user.set_unusable_password()
        user.save(update_fields=["password"])
        address.send_link(timezone.now(), by=None)

    def _address(self, request: Request) -> OrganiserAddress | None:
        """Return the address, or None if the owners were shown a different address or the account is closed."""
        addresses = OrganiserAddress.objects.filter(organiser_id=int(request.subject), organiser__is_active=True)
        address = addresses.select_related("organiser").first()
        return address if address and address.fingerprint == request.payload.get("address") else None


def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a request for one organiser, and redirect to it. Raises PermissionDenied for anybody but an owner."""
    if not organiser(request).is_superuser:
        raise PermissionDenied
    user = get_object_or_404(User, pk=pk, is_staff=True)
    address = get_object_or_404(OrganiserAddress, organiser=user)
    draft = ApprovalRequest.draft(
        LOST_PHONE, organiser(request), about=user, subject=user.pk, address=address.fingerprint
    )
    return redirect("admin:approvals_approvalrequest_change", draft.pk)
