"""The command `update_data`: postcodes from the Open Geography Portal."""

import time
import zipfile
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command

from campaign.network import downloading
from campaign.places import lookup
from campaign.places.models import Constituency, Edition, Sector
from campaign.public_data import open_geography
from campaign.public_data.models import DataUpdate
from tests.public_data.standin import AUGUST, MAY, RESULTS, item, postcodes, zipped

FILES = "/files/"
DATA = "/sharing/rest/content/items/"


def update():
    out = StringIO()
    call_command("update_data", only="postcodes", stdout=out)
    return out.getvalue()


def refused():
    """Run the update, which must fail and change nothing; return its report."""
    before = list(Sector.objects.order_by("pk").values()), list(Edition.objects.order_by("pk").values())
    with pytest.raises(CommandError, match="Not updated: postcodes"):
        update()
    assert before == (list(Sector.objects.order_by("pk").values()), list(Edition.objects.order_by("pk").values()))
    newest = DataUpdate.objects.first()
    assert newest.state == "failed"
    return newest.report


def test_the_newest_edition_is_found_checked_and_swapped_in(server):
    report = update()

    assert "ONS Postcode Directory, August 2026: 1,950 postcodes" in report
    assert lookup.find("NW1 0AA").constituency.nation == "E"
    edition = Edition.objects.get(pk="postcodes")
    assert (edition.title, edition.edition, edition.rows) == ("ONS Postcode Directory", "August 2026", 1950)
    assert edition.source_url.endswith(AUGUST)
    assert edition.file_name == "ONSPD_AUG_2026_UK.zip"
    assert "Royal Mail" in edition.licence


def test_the_source_and_its_edition_are_on_the_page_about_data(server, client):
    update()
    page = client.get("/data-notes/").content.decode()

    assert "August 2026" in page
    assert AUGUST in page


def test_the_request_says_who_asks_and_why(server, settings):
    update()

    assert server.agents == {f"campaign-hub data update (+{settings.SITE_URL})"}


def test_an_edition_that_the_site_has_is_not_fetched_again(server):
    update()
    server.asked.clear()

    assert "newest edition already" in update()
    assert not [path for path in server.asked if path.startswith(DATA)]


def test_a_newer_edition_that_was_loaded_by_hand_is_kept(server):
    update()
    Edition.objects.filter(pk="postcodes").update(source_url="", edition="November 2026")

    assert "newest edition already" in update()


def test_a_newer_edition_replaces_the_old_one_and_the_report_says_what_changed(server):
    server.results = [item(MAY, "ONS Postcode Directory (May 2026)")]
    update()
    server.results, table = RESULTS, postcodes()
    gone, added = table.pop(), [*table[1][:2], "NW99 9ZZ", *table[1][3:]]
    table[1][7] = table[5][7]
    server.file = zipped([*table, added])
    report = update()

    assert "New: 1. No longer listed: 1 of 1,950. In another constituency than before: 1." in report
    assert lookup.find("NW99 9ZZ").constituency.pk == added[7]
    assert lookup.find(gone[2]) is None
    assert Edition.objects.get(pk="postcodes").edition == "August 2026"


def test_losing_many_postcodes_waits_for_an_organiser(server):
    server.results = [item(MAY, "ONS Postcode Directory (May 2026)")]
    update()
    before = list(Sector.objects.order_by("pk").values())
    server.results, server.file = RESULTS, zipped(postcodes(each=2))
    report = update()

    held = DataUpdate.objects.first()
    assert held.state == "held"
    assert "Nothing was changed yet." in report
    assert "No longer listed: 650 of 1,950." in report
    assert list(Sector.objects.order_by("pk").values()) == before
    assert Edition.objects.get(pk="postcodes").edition == "May 2026"


def test_accepted_losses_are_made_but_only_for_the_same_file(server, django_user_model):
    server.results = [item(MAY, "ONS Postcode Directory (May 2026)")]
    update()
    server.results, server.file = RESULTS, zipped(postcodes(each=2))
    update()
    user = django_user_model.objects.create_user("ada")
    same, server.file = server.file, zipped([*postcodes(each=2), *postcodes()[1:2]])

    assert DataUpdate.objects.first().accept(user)
    update()
    assert DataUpdate.objects.first().state == "held"

    server.file = same
    update()
    assert DataUpdate.objects.first().accept(user)
    update()
    assert DataUpdate.objects.first().state == "done"
    assert Edition.objects.get(pk="postcodes").rows == 1300


def test_moving_many_postcodes_to_other_constituencies_waits_too(server):
    server.results = [item(MAY, "ONS Postcode Directory (May 2026)")]
    update()
    codes = list(Constituency.objects.filter(nation="E").order_by("-pk").values_list("pk", flat=True))
    others = list(Constituency.objects.exclude(nation="E").order_by("pk").values_list("pk", flat=True))
    server.results, server.file = RESULTS, zipped(postcodes(codes=codes + others))
    report = update()

    assert DataUpdate.objects.first().state == "held"
    assert "In another constituency than before: 1,6" in report


@pytest.mark.parametrize("results", [[], RESULTS[:4]])
def test_an_answer_without_an_edition_is_refused(server, results):
    server.results = results

    assert "lists no edition" in refused()


def test_an_error_with_the_status_200_is_refused(server):
    server.respond["/sharing/rest/search"] = lambda handler: (
        handler.send_json({"error": {"code": 400, "message": "Unable to perform query."}}) or True
    )

    assert "an answer that we do not understand" in refused()


def html(handler):
    handler.send(b"<html>Down for maintenance</html>")
    return True


def test_a_page_of_html_in_place_of_the_search_is_refused(server):
    server.respond["/sharing/rest/search"] = html

    assert "an answer that we do not understand" in refused()


def test_a_page_of_html_in_place_of_the_file_is_refused(server):
    server.respond[FILES] = html

    assert "sent text/html and not the file" in refused()


def test_something_else_that_is_called_a_zip_file_is_refused(server):
    server.file = b"pcds,pcon24cd\n" + b"NW3 7UX,E14001265\n" * 100

    assert "not a whole .zip file" in refused()


def test_a_file_that_is_cut_off_is_refused(server):
    server.respond[FILES] = lambda handler: handler.send(server.file[:500], "application/zip", length=5000) or True

    assert "sent only part of the file" in refused()


def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(server):
    length = open_geography.MAX_BYTES + 1
    server.respond[FILES] = lambda handler: handler.send(b"", "application/zip", length=length) or True

    assert "more than 1,500,000,000 bytes" in refused()


def test_a_file_that_grows_too_large_is_refused(server, monkeypatch):
    monkeypatch.setattr(open_geography, "MAX_BYTES", 1000)

    def without_length(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/zip")
        handler.end_headers()
        handler.wfile.write(server.file)
        return True

    server.respond[FILES] = without_length

    assert "more than 1,000 bytes" in refused()


def test_a_file_for_which_the_disk_has_no_room_is_refused(server, monkeypatch):
    monkeypatch.setattr(downloading, "SPARE_BYTES", 1 << 60)

    assert "not enough disk space" in refused()


def test_a_slow_file_is_given_up(server, monkeypatch):
    monkeypatch.setattr(open_geography, "MAX_SECONDS", 0.5)
    server.respond[FILES] = lambda handler: time.sleep(1.5)

    assert "did not send the whole file in time" in refused()


@pytest.mark.parametrize("target", ["http://{}/files/", "https://127.0.0.1:{1}/files/", "https://user@{}/files/"])
def test_a_redirect_to_a_host_that_we_do_not_trust_is_not_followed(server, target):
    address = target.format(server.netloc, server.server_port)
    server.respond[DATA] = lambda handler: handler.redirect(address) or True

    assert "which we do not trust" in refused()
    assert not [path for path in server.asked if path.startswith(FILES)]


def test_redirects_in_a_circle_are_given_up(server):
    server.respond[DATA] = lambda handler: handler.redirect(handler.path) or True

    assert "redirected too often" in refused()


def test_a_table_without_the_columns_is_refused(server):
    server.file = zipped([["pcds", "ctry"], ["NW3 7UX", "E92000001"]])

    assert "no column of postcodes" in refused()


def test_an_edition_without_a_constituency_is_refused(server):
    codes = list(Constituency.objects.order_by("pk").values_list("pk", flat=True))[1:]
    server.file = zipped(postcodes(codes=codes))

    assert "1 of 650 constituencies have no postcode" in refused()


def test_an_edition_with_too_few_postcodes_is_refused(server):
    server.file = zipped(postcodes(each=1))

    assert "a whole edition has more" in refused()


def test_a_zip_file_that_unpacks_to_more_than_it_says_is_cut_there(server):
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Data/ONSPD.csv", b"pcds,pcon24cd\n" + b"x" * 10_000_000)
    claimed = (14 + 10_000_000).to_bytes(4, "little")
    server.file = file.getvalue().replace(claimed, (100).to_bytes(4, "little"))

    assert "cannot be read" in refused() or "unusable" in refused()


def test_a_few_unusable_rows_are_left_out_and_reported(server):
    server.file = zipped([*postcodes(), ["", "", "nonsense", "", "", "", "", "E14001265", ""]])

    assert "Unusable rows left out: 1." in update()


def test_the_service_is_asked_again_after_the_time_that_it_asks_for(server):
    answers = iter([429])

    def busy_once(handler):
        if next(answers, None):
            handler.send(b"", status=429, Retry_After="1")
            return True
        return False

    server.respond["/sharing/rest/search"] = busy_once
    begun = time.monotonic()
    update()

    assert time.monotonic() - begun >= 1
    assert DataUpdate.objects.first().state == "done"


def test_the_update_ends_if_the_service_asks_for_a_long_wait(server):
    server.respond["/sharing/rest/search"] = lambda handler: handler.send(b"", status=429, Retry_After="3600") or True

    assert "asks us to wait for 60 minutes" in refused()
    assert len(server.asked) == 1
