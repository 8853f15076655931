"""Pages that could endanger a signer: the exit link, and the caution about sharing."""

import pytest

SHARING = "If you signed in private or as “Count me only”, it can give you away"


@pytest.mark.parametrize("end", ["", "check-your-email/", "thank-you/", "my-signature/", "lost-mailbox/"])
def test_every_page_for_a_pledges_signers_has_an_exit_link(client, pledge, end):
    text = client.get(pledge.get_absolute_url() + end).content.decode()

    assert 'rel="nofollow noreferrer"' in text
    assert "Exit this page" in text
    assert text.index("Exit this page") < text.index("<header")


@pytest.mark.parametrize("path", ["confirm", "manage", "unsubscribe"])
def test_every_page_that_a_message_links_to_has_an_exit_link(client, pledge, path):
    assert "Exit this page" in client.get(f"/pledges/{path}/nothing/").content.decode()


@pytest.mark.parametrize("end", ["", "thank-you/", "share/"])
def test_sharing_links_come_with_a_caution_for_everybody(client, pledge, end):
    assert SHARING in client.get(pledge.get_absolute_url() + end).content.decode()
