"""What other people can see of the messages and pages for attendees."""

import re
from datetime import timedelta

from tests.actions.protests.coming.conftest import DAY_BEFORE, NOW, change
from tests.factories import publish
from tests.mail.links import link_in

TELLING = re.compile(
    r"uyghur|campaign|protest|vigil|embassy|pledge|sign(ed|ing)?\b|genocide|jewish|://|come|coming", re.IGNORECASE
)


def test_a_locked_phone_reveals_nothing_about_the_campaign(client, come, protest, send, settings):
    settings.DEFAULT_FROM_EMAIL = '"Stop Uyghur Genocide" <noreply@example.org>'
    publish(protest, title="Protest against the Uyghur genocide")
    come()
    messages = send(NOW)
    client.post(link_in(messages[0], "/protests/coming/confirm/"))
    messages += send(DAY_BEFORE)
    change(protest, kind="cancelled")
    messages += send(DAY_BEFORE + timedelta(hours=1))

    assert len(messages) == 3
    for message in messages:
        assert not TELLING.search(message.subject)
        assert not TELLING.search(message.body[:200])
        assert message.from_email == "Website messages <noreply@example.org>"


def test_page_titles_give_nothing_away(client, come, protest, send):
    publish(protest, title="Protest against the Uyghur genocide")
    come()
    (message,) = send()
    pages = ["/protests/weekly/coming/", "/protests/weekly/coming/check-your-email/"]
    for path in [
        *pages,
        link_in(message, "/protests/coming/confirm/"),
        link_in(message, "/protests/coming/unsubscribe/"),
    ]:
        title = re.search(r"<title>(.*?)</title>", client.get(path).content.decode(), re.DOTALL)[1]
        assert title.strip()
        assert not TELLING.search(title), path
