"""The form for an organiser's account and roles. It ensures that there is always an owner who can sign in."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.forms import ModelForm, ModelMultipleChoiceField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import OrganiserAddress
from campaign.accounts.owners import is_last_owner, lock_owners
from campaign.forms.box_group import BoxGroup
from campaign.forms.email_address import EmailAddressFormField
from campaign.roles import FORMER_APPS, FORMER_GROUP, ROLE_NAMES, ROLES, is_everyday

FURTHER_APPS = [
    *FORMER_APPS,
    *(
        "communities",
        "subject_access",
        "audit",
        "joint_publishing",
        "public_data",
        "public_names",
        "sealing",
        "media",
        "news",
        "mailings",
    ),
]


class RolesField(ModelMultipleChoiceField):
    """Roles to tick, each with a sentence that explains the role."""

    def label_from_instance(self, obj: Group) -> str:
        role = next((role for role in ROLES if role.name == obj.name), None)
        return (
            f"{capfirst(str(role.label))}: {role.purpose}" if role else str(_("Organiser from before there were roles"))
        )


class RightsField(ModelMultipleChoiceField):
    """Permissions to tick, each labelled with only its name."""

    def label_from_instance(self, obj: Permission) -> str:
        """Return the permission's name from the code. The database keeps the name that it was created with."""
        model: Any = obj.content_type.model_class()
        names = dict(model._meta.permissions) if model else {}
        return str(names.get(obj.codename, obj.name))


class AccountForm(ModelForm):
    """An account with its address and roles. `asked_by` is the owner who submits the form."""

    asked_by: User
    address = EmailAddressFormField(  # not `email`, which Django would store unencrypted
        label=_("E-mail address"),
        required=False,
        help_text=_("Only for messages about this account. Only owners see it."),
    )
    groups = RolesField(
        Group.objects.none(),
        label=_("Roles"),
        required=False,
        widget=BoxGroup(_("Roles")),
        help_text=_("Tick every role that they need. They may do whatever any one of them allows."),
    )
    user_permissions = RightsField(
        Permission.objects.none(),
        label=_("Further rights"),
        required=False,
        widget=BoxGroup(_("Further rights")),
        help_text=_("In addition to their roles. Most people need none."),
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "groups", "is_superuser", "user_permissions", "is_active"]
        labels = {"is_active": _("may sign in"), "is_superuser": _("owner")}
        help_texts = {
            "username": _("The name they sign in with, such as their first name."),
            "first_name": _(
                "Shown to other organisers, so that they know whose account it is. You can leave it blank."
            ),
            "last_name": _("Shown to other organisers beside the first name. You can leave it blank."),
            "is_active": _("Untick this to shut them out. Their work stays."),
            "is_superuser": _("Manages accounts, and may do everything. Have at least two owners."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.instance if self.instance.pk else None
        address = OrganiserAddress.objects.filter(organiser=user).first() if user else None
        self.fields["address"].initial = address.email if address else ""
        self.fields["address"].required = user is None
        offered = Q(name__in=ROLE_NAMES)
        if user and user.groups.filter(name=FORMER_GROUP).exists():
            offered |= Q(name=FORMER_GROUP)
        roles: Any = self.fields["groups"]
        roles.queryset = Group.objects.filter(offered)
        rights = Permission.objects.filter(content_type__app_label__in=FURTHER_APPS).select_related("content_type")
        special = [right.pk for right in rights if not is_everyday(right.codename)]
        further: Any = self.fields["user_permissions"]
        further.queryset = rights.filter(pk__in=special)

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError if this would remove the last owner, or if `asked_by` is no longer an owner."""
        data = super().clean() or self.cleaned_data
        among = lock_owners()
        if self.asked_by.pk not in {owner.pk for owner in among}:
            raise forms.ValidationError(_("You are no longer an owner, so nothing was saved."))
        stays_owner = data.get("is_superuser") and data.get("is_active")
        if self.instance.pk and self.instance in among and not stays_owner and is_last_owner(self.instance, among):
            self.add_error(
                "is_active" if data.get("is_superuser") else "is_superuser",
                _("There has to be an owner who can sign in. Invite another, and wait until they have signed in."),
            )
        if not self.instance.pk and not (data.get("groups") or data.get("is_superuser")):
            self.add_error("groups", _("Choose at least one role."))
        return data
