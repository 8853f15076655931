"""Running updates: fetch, check, and swap in, or change nothing."""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from campaign.db import Lock, is_unavailable, try_lock
from campaign.places.models import Edition
from campaign.places.tables import RefusedError
from campaign.public_data.models import DataUpdate
from campaign.public_data.sources import SOURCES, Change, Found, Source

log = logging.getLogger(__name__)
State = DataUpdate.State
UP_TO_DATE = "The site has the newest edition already. Nothing was changed."
UNEXPECTED = "Something unexpected went wrong, and nothing was changed. The server’s log says what."


def run(update: DataUpdate) -> None:
    """Carry out one update, and store how it ended. The caller has the lock `UPDATE_DATA`."""
    update.begin()
    try:
        with TemporaryDirectory(prefix="campaign-hub-data-") as folder:
            _update(update, SOURCES[update.source], Path(folder))
    except RefusedError as error:
        update.end(State.FAILED, [f"Nothing was changed. {error}"])
    except Exception as error:
        if is_unavailable(error):
            raise  # The database is away, so there is nowhere to store the end.
        log.exception("The update of %s failed.", update.source)
        update.end(State.FAILED, [UNEXPECTED])


def _update(update: DataUpdate, source: Source, folder: Path) -> None:
    found = source.fetch(folder)
    if found is None:
        update.end(State.DONE, [UP_TO_DATE])
        return
    is_accepted = found.sha256 == update.accepted
    with transaction.atomic():
        change = _replace(source, found, is_accepted=is_accepted)
        if change.too_many_lost and not is_accepted:
            update.end(State.HELD, ["Nothing was changed yet.", *change.report], found.sha256)
        else:
            update.end(State.DONE, change.report)


def _replace(source: Source, found: Found, *, is_accepted: bool) -> Change:
    """Swap in the data and record its edition, unless too much would be lost."""
    if not try_lock(Lock.IMPORT):
        raise RefusedError("Somebody is importing data at the moment: try again when that has ended.")
    change = source.replace(found, allow_losses=is_accepted)
    if is_accepted or not change.too_many_lost:
        Edition.objects.update_or_create(
            dataset=source.dataset,
            defaults={
                "title": found.title,
                "edition": found.edition,
                "licence": source.licence,
                "source_url": found.source_url,
                "file_name": found.file_name,
                "sha256": found.sha256,
                "rows": found.rows,
            },
        )
    return change
