"""Acting on approved requests, once they are due."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from campaign.approvals.kinds import KINDS, NotPossibleError
from campaign.approvals.models import ApprovalRequest

log = logging.getLogger(__name__)
RETRY_AFTER = timedelta(hours=1)


def act_on_due(now: datetime) -> int:
    """Act on every request that is due at `now` (aware); return how many. Several processes may run this at once."""
    done = 0
    while request := _next(now):
        done += request
    return done


def _next(now: datetime) -> int:
    """Act on one request and return 1, or return 0 if none is left. Retry after an hour if the action fails.

    If the action has become impossible, the request stays approved, and is retried until it is possible or somebody
    undoes the request.
    """
    with transaction.atomic():
        due = ApprovalRequest.objects.due(now).filter(kind__in=KINDS)
        request = due.select_for_update(of=("self",), skip_locked=True).first()
        if request is None:
            return 0
        try:
            with transaction.atomic():
                request.act(now)
        except NotPossibleError:
            log.warning("Approval %s can't be carried out at the moment.", request.pk)
            ApprovalRequest.objects.filter(pk=request.pk).update(acts_at=now + RETRY_AFTER)
        except Exception:
            log.exception("Approval %s could not be carried out.", request.pk)
            ApprovalRequest.objects.filter(pk=request.pk).update(acts_at=now + RETRY_AFTER)
    return 1
