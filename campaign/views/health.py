"""What monitors ask for: whether the process runs, whether the site can do its work, and its metrics."""

from collections.abc import Iterator
from datetime import datetime

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from campaign import static_files
from campaign.db import is_unavailable
from campaign.mail.models import Message
from campaign.monitoring import machine
from campaign.monitoring.metrics import Sample, as_text, measures
from campaign.network.client_address import is_from_this_machine
from campaign.privacy import erasures, hash_key


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Respond, to show that the process is running."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Respond with 200 if the site can do its work, or with 503 and the failed checks."""
    checks = all_checks()
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Respond with the metrics to a request from this machine, and with 404 to any other."""
    if not is_from_this_machine(request):
        raise Http404
    return HttpResponse(as_text(), content_type=CONTENT_TYPE_LATEST)


@measures("hub_ready", "Whether a part of /readyz is as it should be.", "part", in_database=False)
def ready(now: datetime) -> Iterator[Sample]:
    """Yield 1 or 0 for each part."""
    yield from (((part,), passed) for part, passed in all_checks().items())


def all_checks() -> dict[str, bool]:
    """Return every check with whether it passed. Those that need the database are left out while it is unavailable."""
    try:
        checks = {"database": True} | checks_of_database()
    except Error as error:
        if not is_unavailable(error):
            raise
        checks = {"database": False}
    return checks | {"static": static_files.is_complete(), "disk": machine.has_room()}


def checks_of_database() -> dict[str, bool]:
    """Return the checks that need the database, each with whether it passed."""
    executor = MigrationExecutor(connection)
    migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {
        "migrated": migrated,
        "outbox": migrated and not Message.objects.is_stalled(timezone.now()),
        "erasures": migrated and erasures.are_kept(),
        "hash_key": migrated and hash_key.is_unchanged(),
        "clock": machine.clock_is_right(),
    }
