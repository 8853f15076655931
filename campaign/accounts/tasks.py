"""What the desk shows of accounts."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from campaign.accounts.organisers import ESTABLISHED_AFTER
from campaign.desk.tasks import Task, finds_tasks


@finds_tasks
def new_accounts() -> Iterator[Task]:
    """Yield one task if accounts are so new that they can't approve requests yet: time to notice a false one."""
    count = User.objects.filter(is_staff=True, date_joined__gt=timezone.now() - ESTABLISHED_AFTER).count()
    if count:
        text = ngettext(
            "%(count)s account was added in the last seven days. Make sure that you know whose it is.",
            "%(count)s accounts were added in the last seven days. Make sure that you know whose they are.",
            count,
        )
        yield Task(text % {"count": count}, reverse("admin:auth_user_changelist"), "auth.view_user")
