"""Two deploys while people sign and read, with the same steps as deploy/upgrade."""

from collections import Counter
from contextlib import ExitStack

from campaign.mail.models import Message
from tests.checkouts import wait_until
from tests.front import PATIENCE, HeldFront, front, workers
from tests.mail.conftest import Inbox
from tests.mailserver import mail_server
from tests.prove.faults import FAULT, PAGES
from tests.traffic import Traffic

DEPLOYS = 2
WORKERS = ("send_mail", "publish_counts", "send_news")
pytestmark = FAULT


def test_two_deploys_refuse_nobody_and_lose_nothing(path, tmp_path, record_property):
    with mail_server(Inbox()) as inbox, front(tmp_path, "http", HeldFront, EMAIL_URL=inbox.url) as site:
        with ExitStack() as running, Traffic(site.port, path, PAGES, patience=PATIENCE) as traffic:
            running.enter_context(workers(site, *WORKERS))
            for _deploy in range(DEPLOYS):
                site.manage("migrate", "--noinput")
                site.restart()
                running.close()
                running.enter_context(workers(site, *WORKERS))
                wait_until(lambda: traffic.ask("GET", "/readyz")[0] in (200, 503), PATIENCE)
                site.reload_nginx()
                traffic.go_on(200)
            wait_until(lambda: len(traffic.signed) > 50, PATIENCE)
        with workers(site, "send_mail"):
            wait_until(lambda: not Message.objects.waiting().exists())

    record_property("summary", f"{traffic}; {DEPLOYS} deploys")
    assert (set(traffic.signing), set(traffic.reading)) == ({302}, {200})
    assert traffic.lost() == set()
    assert Counter(inbox.recipients) == Counter(traffic.signed)
