"""Which details of MPs `import_mps` keeps and which it drops."""

import pytest

from actions.letters.recipients import Recipient
from tests.accounts.organisers import sign_in
from tests.actions.letters.conftest import HAMPSTEAD
from tests.actions.letters.mps.lists import BATH, DFE, DOE, OPEN, ROE, load


def test_an_address_entered_by_hand_is_kept_until_the_member_changes(commons, table):
    load(table(DFE, DOE))
    Recipient.objects.update(email_override="office@example.org")

    assert "1 e-mail addresses entered by hand were kept" in load(table(DFE, [*DOE[:6], "new@example.org"]))
    assert Recipient.objects.get().address == "office@example.org"

    loss = "Ms Jane Doe (E14001265), replaced by Mr John Roe, with an e-mail address entered by hand"
    assert f"Kept; --drop would delete them (1): {loss}." in load(table(DFE, ROE))
    assert Recipient.objects.get().address == "office@example.org"

    assert f"Dropped (1): {loss}." in load(table(DFE, ROE), "--drop")
    assert Recipient.objects.get().address == "roe@example.org"


def test_a_list_without_addresses_or_pages_leaves_ours_alone(commons, table):
    load(table(OPEN, [HAMPSTEAD, "", "Ms Jane Doe", "F", "1", "2", "https://example.org/doe", "Ind", "Independent"]))
    load(table(DFE, DOE))
    report = load(table(["MP", "Constituency"], ["Jane Doe MP", "Hampstead & Highgate"]), "--drop")

    mp = Recipient.objects.get()
    assert (mp.email, mp.page_url, mp.party) == ("doe@example.org", "https://example.org/doe", "Independent")
    assert mp.display_name == "Ms Jane Doe"
    assert "Dropped" not in report


def test_a_blank_cell_clears_our_value_only_with_drop(commons, table):
    load(table(DFE, DOE))
    loss = "Ms Jane Doe (E14001265): email."

    assert f"Kept; --drop would delete them (1): {loss}" in load(table(DFE, [*DOE[:6], "No email found"]))
    assert Recipient.objects.get().email == "doe@example.org"
    assert f"Dropped (1): {loss}" in load(table(DFE, [*DOE[:6], ""]), "--drop")
    assert Recipient.objects.get().email == ""


def test_members_missing_from_the_list_are_removed_only_with_drop(commons, table):
    load(table(DFE, DOE, ["Bath", BATH, *ROE[2:]]))

    assert "Mr John Roe (E14001080), not in the list." in load(table(DFE, DOE))
    assert Recipient.objects.count() == 2
    assert "Dropped (1): Mr John Roe (E14001080), not in the list." in load(table(DFE, DOE), "--drop")
    assert Recipient.objects.get().display_name == "Ms Jane Doe"


@pytest.mark.parametrize("name", ["Rt Hon Jane Doe MP", "Jane Doe", "DOE, Jane", "Dame Jane Doe DBE", "Jané Doe"])
def test_a_member_is_matched_by_seat_and_name_regardless_of_titles(commons, table, name):
    load(table(DFE, DOE))
    Recipient.objects.update(email_override="office@example.org")
    report = load(table(DFE, [*DOE[:4], name, *DOE[5:]]))

    assert "0 of them new" in report
    assert Recipient.objects.get().email_override == "office@example.org"


def test_a_new_title_replaces_the_old_one(commons, table):
    load(table(DFE, DOE))
    load(table(DFE, [*DOE[:4], "Dame Jane Doe", *DOE[5:]]))

    assert Recipient.objects.get().display_name == "Dame Jane Doe"


def test_a_member_deleted_by_an_organiser_stays_deleted_until_the_seat_changes_hands(commons, table, client):
    sign_in(client)
    load(table(DFE, DOE))
    mp = Recipient.objects.get()
    client.post(f"/admin/letters/recipient/{mp.pk}/delete/", {"post": "yes"})

    assert "Removed by an organiser, and not brought back (1): Ms Jane Doe." in load(table(DFE, DOE), "--drop")
    assert not commons.members.of_area(HAMPSTEAD).exists()

    assert "Dropped" not in load(table(DFE, ROE))
    assert commons.members.of_area(HAMPSTEAD).get().display_name == "Mr John Roe"
    assert commons.members.count() == 1


def test_an_organiser_can_undo_a_deletion(commons, table, client):
    sign_in(client)
    load(table(DFE, DOE))
    mp = Recipient.objects.get()
    client.post(f"/admin/letters/recipient/{mp.pk}/delete/", {"post": "yes"})
    assert not commons.members.of_area(HAMPSTEAD).exists()

    form = client.get(f"/admin/letters/recipient/{mp.pk}/change/").context["adminform"].form
    client.post(f"/admin/letters/recipient/{mp.pk}/change/", form.initial | {"is_removed": ""})
    assert commons.members.of_area(HAMPSTEAD).get() == mp
