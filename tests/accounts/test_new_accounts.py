"""New accounts are announced on the front page, so that organisers notice one that nobody recognises."""

from django.contrib.auth.models import Permission

from tests.accounts.organisers import make_established, make_organiser, sign_in


def test_accounts_of_the_last_seven_days_are_announced(client, db):
    sign_in(client)
    make_organiser("new")
    make_established("old")

    assert "2 accounts were added in the last seven days." in client.get("/admin/").content.decode()


def test_an_organiser_who_does_not_manage_accounts_sees_no_announcement(client, db):
    sign_in(client, is_superuser=False)

    assert "account was added" not in client.get("/admin/").content.decode()


def test_the_account_form_names_the_further_rights_and_explains_them(client, db):
    sign_in(client)
    page = client.get(f"/admin/auth/user/{make_organiser('new').pk}/change/").content.decode()

    assert ">Further rights:</label>" in page
    assert "In addition to their roles. Most people need none." in page


def test_a_further_right_has_its_current_name_even_if_an_earlier_release_stored_another(client, db):
    Permission.objects.filter(codename="export_signature").update(name="Can do as before")
    sign_in(client)
    page = client.get(f"/admin/auth/user/{make_organiser('new').pk}/change/").content.decode()

    assert "Can do as before" not in page
    assert "Can export signatures, and approve other organisers’ exports" in page
