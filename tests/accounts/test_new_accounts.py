"""New accounts are announced on the front page, so that organisers notice one that nobody recognises."""

from tests.accounts.organisers import make_established, make_organiser, sign_in


def test_accounts_of_the_last_seven_days_are_announced(client, db):
    sign_in(client)
    make_organiser("new")
    make_established("old")

    assert "2 accounts were added in the last seven days." in client.get("/admin/").content.decode()


def test_an_organiser_who_does_not_manage_accounts_sees_no_announcement(client, db):
    sign_in(client, is_superuser=False)

    assert "account was added" not in client.get("/admin/").content.decode()
