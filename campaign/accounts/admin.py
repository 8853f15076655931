"""Organisers' accounts, for owners. Nobody can set another person's password."""

from typing import Any, Protocol

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401  (they register the models that we unregister below)
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaign.accounts.account_form import AccountForm
from campaign.accounts.models import Invitation, OrganiserAddress
from campaign.accounts.organisers import SECOND_FACTORS, rights_of
from campaign.accounts.owners import owners
from campaign.accounts.sign_in.links import make_link
from campaign.audit.acts import Act
from campaign.modeladmin import RIGHTS, HubModelAdmin, organiser

for model in (EmailAddress, Authenticator, Group, User):
    admin.site.unregister(model)


class Listed(Protocol):
    """An account as the list fetches it."""

    is_ready: bool


@admin.register(User)
class OrganiserAdmin(HubModelAdmin):
    """Organisers' accounts: their roles, and one-time links to sign in. Only owners may open these pages."""

    empty_message = _("There are no accounts. Add one for each organiser, and make each a sign-in link.")
    form = AccountForm
    change_form_template = "admin/accounts/account.html"
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "is_ready", "last_login"]
    list_filter = ["is_active", "groups"]
    search_fields = ["username", "first_name", "last_name"]
    ordering = ["username"]
    actions = ["mail_link", "make_link"]
    fields = [
        *("username", "first_name", "last_name", "address", "groups", "is_superuser", "user_permissions", "is_active"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
        return super().get_queryset(request).annotate(is_ready=Exists(factors)).prefetch_related("groups")

    @admin.display(boolean=True, description=_("has a second factor"))
    def is_ready(self, user: Listed) -> bool:
        return user.is_ready

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        names = [str(_("owner"))] if user.is_superuser else []
        return ", ".join(names + [group.name for group in user.groups.all()])

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        """Return the form, which checks under a lock that the person who submits it is still an owner."""
        form: Any = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"asked_by": organiser(request)})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show the account, and offer to remove a lost second factor, which a second owner must approve."""
        user = self.get_object(request, object_id)
        context = {
            "has_address": user is not None and OrganiserAddress.objects.filter(organiser=user).exists(),
            "has_second_owner": owners().count() > 1,
        }
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def save_model(self, request: HttpRequest, user: User, form: ModelForm, change: bool) -> None:
        user.is_staff = True
        if not change:
            user.set_unusable_password()
        super().save_model(request, user, form, change)
        if email := form.cleaned_data["address"]:
            OrganiserAddress.objects.update_or_create(organiser=user, defaults={"email": email})
        else:
            OrganiserAddress.objects.filter(organiser=user).delete()
        if not change:
            Invitation.note(user, invited_by=organiser(request))
            OrganiserAddress.objects.get(organiser=user).send_link(timezone.now(), by=organiser(request))

    def log_addition(self, request: HttpRequest, user: User, message: Any) -> Any:
        """Record the new account and its rights."""
        super().log_addition(request, user, message)
        self.audit(request, Act.CHANGE_RIGHTS, user, rights=rights_of(user))

    def log_change(self, request: HttpRequest, user: User, message: Any) -> Any:
        """Record which fields have changed and, if they affect the account's rights, its new rights."""
        rights = {} if RIGHTS.isdisjoint(message["fields"]) else {"rights": rights_of(user)}
        super().log_change(request, user, message | rights)

    def delete_model(self, request: HttpRequest, user: User) -> None:
        self.delete_queryset(request, User.objects.filter(pk=user.pk))

    def delete_queryset(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Delete accounts. Raises PermissionDenied if any belongs to an owner, even one promoted a moment ago."""
        if users.select_for_update().filter(is_superuser=True).exists():
            raise PermissionDenied
        users.delete()

    @admin.action(description=_("Send a sign-in link by mail"), permissions=["change"])
    def mail_link(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Queue a message with a one-time link to each selected organiser whose address we have."""
        selected, addresses = len(users), list(OrganiserAddress.objects.filter(organiser__in=users))
        for address in addresses:
            address.send_link(timezone.now(), by=organiser(request))
        sent = ngettext("%(count)s link is on its way.", "%(count)s links are on their way.", len(addresses))
        self.message_user(request, sent % {"count": len(addresses)}, messages.SUCCESS)
        if len(addresses) < selected:
            missing = _("We have no e-mail address for the others: add it to their accounts, or make a link instead.")
            self.message_user(request, missing, messages.WARNING)

    @admin.action(description=_("Show a sign-in link"), permissions=["change"])
    def make_link(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse:
        """Show a one-time link for each selected organiser. The links are not stored."""
        links = [(user, make_link(user, settings.SITE_URL, by=organiser(request))) for user in users]
        context = self.admin_site.each_context(request)
        context |= {"title": _("Sign-in links"), "links": links, "opts": self.opts}
        return render(request, "admin/sign_in_links.html", context)

    # Only owners may manage accounts, whatever permissions others have: accounts give access to everything else.
    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_owner(request)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _is_owner(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_owner(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _is_owner(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Return whether an account may be deleted. Owners must be demoted first, and the last owner can't be."""
        return _is_owner(request) and not (obj and obj.is_superuser)


def _is_owner(request: HttpRequest) -> bool:
    return organiser(request).is_active and organiser(request).is_superuser
