"""The desk's tasks about accounts."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.accounts.models import LostPhone
from campaign.accounts.organisers import ESTABLISHED_AFTER
from campaign.desk.tasks import Task, finds_tasks
from campaign.roles import FORMER_GROUP

MAX_COUNTED = 1000


@finds_tasks
def new_accounts() -> Iterator[Task]:
    """Yield one task if there are accounts too new to approve requests, so that a fraudulent one is noticed in time."""
    count = User.objects.filter(is_staff=True, date_joined__gt=timezone.now() - ESTABLISHED_AFTER).count()
    if count:
        text = ngettext(
            "%(count)s account was added in the last seven days. Check that you recognise it.",
            "%(count)s accounts were added in the last seven days. Check that you recognise them.",
            count,
        )
        yield Task(text % {"count": count}, reverse("admin:auth_user_changelist"), "auth.view_user")


@finds_tasks
def lost_phones() -> Iterator[Task]:
    """Yield a task if organisers have reported lost phones on the sign-in page."""
    users = list(
        LostPhone.objects.filter(organiser__is_active=True).values_list("organiser_id", flat=True)[:MAX_COUNTED]
    )
    if users:
        text = ngettext(
            "%(count)s organiser has lost their phone and can’t sign in.",
            "%(count)s organisers have lost their phones and can’t sign in.",
            len(users),
        )
        url = reverse("admin:auth_user_change", args=users[:1])
        yield Task(text % {"count": len(users)}, url, "auth.change_user", urgent=True)


@finds_tasks
def without_role() -> Iterator[Task]:
    """Yield a task if organisers still have the wide rights that they had before there were roles."""
    count = User.objects.filter(groups__name=FORMER_GROUP, is_active=True, is_superuser=False).count()
    if count:
        text = ngettext(
            "%(count)s organiser may still do nearly everything. Open their account and choose a role.",
            "%(count)s organisers may still do nearly everything. Open their accounts and choose roles.",
            count,
        )
        yield Task(text % {"count": count}, reverse("admin:auth_user_changelist"), "auth.change_user")


@finds_tasks
def second_organiser() -> Iterator[Task]:
    """Yield a task if only one organiser can sign in, because some requests need two."""
    if User.objects.filter(is_staff=True, is_active=True).count() < 2:
        text = _("Invite a second organiser: some requests need two people, and one of you may be ill or locked out.")
        yield Task(text, reverse("admin:auth_user_add"), "auth.add_user", before_opening=True)
