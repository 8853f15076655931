"""A withdrawn picture disappears from the cache of the real nginx within a minute."""

import time

import pytest
from django.utils import timezone

from campaign.media.storage import storage_at
from tests.factories import make_picture
from tests.front import NGINX, front
from tests.sizes import FULL
from tests.test_deploy import fetch


@pytest.mark.slow
@pytest.mark.skipif(not (NGINX and FULL), reason="It waits for a minute: run `make prove`, with nginx.")
@pytest.mark.django_db(transaction=True)
def test_nginx_drops_a_hidden_picture_within_a_minute_and_never_shows_it_again(tmp_path, settings):
    library = str(tmp_path / "library")
    settings.STORAGES = settings.STORAGES | {"default": storage_at(library)}
    picture = make_picture()
    with front(tmp_path, MEDIA_STORAGE=library) as site:
        assert fetch(site, picture.thumbnail)[0] == 200
        hidden = time.monotonic()
        picture.hide(timezone.now())
        while fetch(site, picture.thumbnail)[0] != 410:
            assert time.monotonic() - hidden < 60
            time.sleep(0.2)
        print(f"The picture was gone after {time.monotonic() - hidden:.1f} s.")  # noqa: T201 - a figure for the record
        site.gunicorn.terminate()
        site.gunicorn.wait()
        assert fetch(site, picture.thumbnail)[0] != 200
