"""Checks for monitors: whether the process runs, and whether the site can do its work."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign import static_files
from campaign.db import is_unavailable
from campaign.mail.models import Message
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
    try:
        checks = {"database": True} | checks_of_database()
    except Error as error:
        if not is_unavailable(error):
            raise
        checks = {"database": False}
    checks["static"] = static_files.is_complete()
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def checks_of_database() -> dict[str, bool]:
    """Return the checks that need the database, each with whether it passed."""
    executor = MigrationExecutor(connection)
    migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {
        "migrated": migrated,
        "outbox": migrated and not Message.objects.is_stalled(timezone.now()),
        "erasures": migrated and erasures.are_kept(),
        "hash_key": migrated and hash_key.is_unchanged(),
    }
