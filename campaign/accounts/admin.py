"""Organisers' accounts, for those who may manage them. Nobody can set another person's password."""

from typing import Any, Protocol

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401  (they register the models that we unregister below)
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import Invitation
from campaign.accounts.organisers import CONTENT_APPS, EVERYDAY, FURTHER_APPS, organisers
from campaign.accounts.sign_in_links import link_for
from campaign.modeladmin import HubModelAdmin, organiser

for model in (EmailAddress, Authenticator, Group, User):
    admin.site.unregister(model)


class Listed(Protocol):
    """An account as the list fetches it."""

    is_ready: bool


class BoxGroup(CheckboxSelectMultiple):
    """Boxes to tick, as one group with a hint."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index) or id_

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        boxes = super().render(*args, **kwargs)
        group = '<div role="group" aria-label="{}" aria-describedby="id_user_permissions_helptext">{}</div>'
        return format_html(group, _("Further rights"), boxes)


class RightsField(ModelMultipleChoiceField):
    """Permissions to tick, each labelled with its name alone."""

    def label_from_instance(self, obj: Permission) -> str:
        return obj.name


@admin.register(User)
class OrganiserAdmin(HubModelAdmin):
    """Who may sign in, and one-time links for doing so."""

    empty_message = _("There are no accounts. Add one for each organiser, and make each a sign-in link.")
    list_display = ["username", "first_name", "last_name", "is_active", "is_ready", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "first_name", "last_name"]
    ordering = ["username"]
    actions = ["make_link"]
    fields = ["username", "first_name", "last_name", "is_active", "is_superuser", "user_permissions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        codes = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        return super().get_queryset(request).annotate(is_ready=Exists(codes))

    @admin.display(boolean=True, description=_("has an authenticator"))
    def is_ready(self, user: Listed) -> bool:
        return user.is_ready

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        kwargs["labels"] = {
            "is_active": _("may sign in"),
            "is_superuser": _("manages accounts"),
            "user_permissions": _("further rights"),
        }
        kwargs["help_texts"] = {
            "username": _("The name they sign in with. Once you have saved it, make them a sign-in link."),
            "first_name": _(
                "Shown to other organisers, so that they know whose account it is. You can leave it blank."
            ),
            "last_name": _("Shown to other organisers beside the first name. You can leave it blank."),
            "is_active": _("Untick this to shut them out. Their work stays."),
            "is_superuser": _("May add other organisers and shut them out, and has every right."),
            "user_permissions": _("In addition to what every organiser may do."),
        }
        return super().get_form(request, *args, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """Offer only permissions that organisers do not have already."""
        offered = Permission.objects.filter(content_type__app_label__in=[*CONTENT_APPS, *FURTHER_APPS])
        special = offered.exclude(codename__regex=EVERYDAY)
        texts = {name: kwargs[name] for name in ("label", "help_text") if name in kwargs}
        return RightsField(special, required=False, widget=BoxGroup, **texts)

    def save_model(self, request: HttpRequest, user: User, form: ModelForm, change: bool) -> None:
        user.is_staff = True
        if not change:
            user.set_unusable_password()
        super().save_model(request, user, form, change)
        user.groups.add(organisers())
        if not change:
            Invitation.note(user, invited_by=organiser(request))

    @admin.action(description=_("Make a sign-in link"))
    def make_link(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse:
        """Show a one-time link for each selected organiser. The links are not stored."""
        if not request.user.is_superuser:
            raise PermissionDenied
        links = [(user, link_for(user, settings.SITE_URL)) for user in users]
        context = self.admin_site.each_context(request)
        context |= {"title": _("Sign-in links"), "links": links, "opts": self.opts}
        return render(request, "admin/sign_in_links.html", context)
