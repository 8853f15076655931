"""Roles and their permissions. Each app grants permissions for its own models, in its module `roles`.

Owners are not listed here: they manage accounts and may do everything (`is_superuser`). An organiser can have
several roles. `store` runs after each `migrate` (`campaign.accounts.apps`), so the groups always match the code.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

# Organisers from before there were roles keep their rights until an owner gives them a role.
FORMER_GROUP = "Organisers"
FORMER_APPS = ["pages", "pledges", "letters", "protests", "fundraising", "businesses", "mail"]


class Role:
    """A role: the name of its group, the label and purpose that organisers see, and its permissions."""

    def __init__(self, name: str, label: Any, purpose: Any) -> None:
        self.name, self.label, self.purpose = name, label, purpose
        self.permissions: set[str] = set()

    def may(self, *permissions: str) -> None:
        """Grant permissions by their full names."""
        self.permissions.update(permissions)

    def views(self, *models: str) -> None:
        """Grant permission to view the rows of models such as "pages.page"."""
        self._grant(models, "view")

    def changes(self, *models: str) -> None:
        """Grant permission to view and change the rows of models."""
        self._grant(models, "view", "change")

    def manages(self, *models: str) -> None:
        """Grant permission to view, add, change and delete the rows of models."""
        self._grant(models, "view", "add", "change", "delete")

    def _grant(self, models: tuple[str, ...], *verbs: str) -> None:
        for app, _dot, model in (name.partition(".") for name in models):
            self.may(*(f"{app}.{verb}_{model}" for verb in verbs))


EDITOR = Role("Editor", _("editor"), _("writes the pages, pledges, letters and appeals, and looks after brands"))
EVENTS = Role("Events", _("events"), _("looks after the protests, their dates, and the communities that take part"))
SUPPORTER_CARE = Role(
    "Supporter care", _("supporter care"), _("answers supporters, reviews signatures and sends messages again")
)
TREASURER = Role("Treasurer", _("treasurer"), _("looks after donations, appeals and Gift Aid"))
DATA_OFFICER = Role(
    "Data officer", _("data officer"), _("answers subject access requests and exports signatures for delivery")
)
ROLES = [EDITOR, EVENTS, SUPPORTER_CARE, TREASURER, DATA_OFFICER]
ROLE_NAMES = [role.name for role in ROLES]


def store(apps: Any, using: str) -> None:
    """Give each role a group with exactly its permissions. This runs five queries, because tests that commit repeat it.

    `apps` is the state of the models. During a migration it may lack these models; if so, do nothing.
    """
    try:
        group, permission = apps.get_model("auth.Group"), apps.get_model("auth.Permission")
        apps.get_model("contenttypes.ContentType")
    except LookupError:
        return
    group.objects.using(using).bulk_create([group(name=name) for name in ROLE_NAMES], ignore_conflicts=True)
    ids = dict(group.objects.using(using).filter(name__in=[*ROLE_NAMES, FORMER_GROUP]).values_list("name", "pk"))
    rows = permission.objects.using(using).values_list("content_type__app_label", "codename", "pk")
    wanted = {(ids[role.name], pk) for role in ROLES for app, name, pk in rows if f"{app}.{name}" in role.permissions}
    if FORMER_GROUP in ids:
        former = {(ids[FORMER_GROUP], pk) for app, name, pk in rows if app in FORMER_APPS and is_everyday(name)}
        wanted |= former
    _replace(group.permissions.through.objects.using(using).filter(group_id__in=ids.values()), wanted)


def is_everyday(codename: str) -> bool:
    """Return whether a permission is one of Django's four for each model, all of which every organiser once had."""
    return codename.startswith(("add_", "change_", "delete_", "view_"))


def _replace(rows: Any, wanted: set[tuple[int, int]]) -> None:
    """Add and delete the rows that link groups with permissions, so that exactly the wanted rows remain."""
    found = {(group, permission): pk for group, permission, pk in rows.values_list("group_id", "permission_id", "pk")}
    surplus = [pk for pair, pk in found.items() if pair not in wanted]
    if surplus:
        rows.filter(pk__in=surplus).delete()
    new = [rows.model(group_id=group, permission_id=permission) for group, permission in wanted - found.keys()]
    rows.bulk_create(new, ignore_conflicts=True)  # two processes may run `migrate` at once
