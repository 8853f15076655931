"""Simulated visitors who sign and read, one request after another, until a test stops them."""

import os
import threading
import time
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from campaign.email_addresses.canonical import address_hash
from campaign.forms.guard import make_stamp
from pledges.models import Signature
from tests.checkouts import wait_until
from tests.pledges.conftest import ANSWERS

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


class Traffic:
    """Signers and readers, who run during a `with` block. The block begins once each has had a response.

    `signed` holds the addresses whose signatures were acknowledged. `signing` and `reading` count the responses by
    status; an error, or a 503 without Retry-After, is counted by its description.
    """

    def __init__(self, port, path, pages=(), signers=3, readers=1, source="127.0.0.1", patience=60.0, pause=0.02):
        self.port, self.path, self.pages = port, path, pages
        self.source, self.patience, self.pause = source, patience, pause
        self.signed, self.signing, self.reading, self.slowest = set(), Counter(), Counter(), 0.0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.sign) for _number in range(signers)]
        self.threads += [threading.Thread(target=self.read) for _number in range(readers if pages else 0)]

    def __enter__(self):
        for page in self.pages:  # to fill the cache
            self.ask("GET", page)
        for thread in self.threads:
            thread.start()
        wait_until(lambda: self.answers >= len(self.threads), self.patience)
        return self

    def __exit__(self, *_error):
        self.over.set()
        for thread in self.threads:
            thread.join()

    @property
    def answers(self):
        return self.signing.total() + self.reading.total()

    def go_on(self, answers):
        """Wait for this many more responses."""
        before = self.answers
        wait_until(lambda: self.answers >= before + answers, self.patience)

    def sign(self):
        stamp, number = make_stamp(time.time() - 120), 0
        while not self.over.wait(self.pause):
            number += 1
            address = f"{os.urandom(6).hex()}.{number}@example.org"
            body = urlencode(ANSWERS | {"email": address, "postcode": "", "stamp": stamp})
            status, location = self.ask("POST", self.path, body)
            if status == 302 and location == f"{self.path}check-your-email/":
                self.signed.add(address)
            self.signing[status] += 1

    def read(self):
        while not self.over.is_set():
            for page in self.pages:
                self.reading[self.ask("GET", page)[0]] += 1
                self.over.wait(self.pause)

    def ask(self, method, path, body=None):
        """Return the status, or a description of the error, and the URL that the response redirects to, or ""."""
        began = time.monotonic()
        with closing(
            HTTPConnection("127.0.0.1", self.port, timeout=self.patience, source_address=(self.source, 0))
        ) as client:
            try:
                client.request(method, path, body, FORM if body else {})
                response = client.getresponse()
                response.read()
            except (OSError, HTTPException) as error:
                return repr(error), ""
        self.slowest = max(self.slowest, time.monotonic() - began)
        if response.status == 503 and not response.headers["Retry-After"]:
            return "503 without Retry-After", ""
        return response.status, response.headers["Location"] or ""

    def lost(self):
        """Return the addresses whose signatures were acknowledged, but aren't in the database."""
        stored = {bytes(found) for found in Signature.objects.values_list("email_hash", flat=True)}
        return {address for address in self.signed if address_hash(address) not in stored}

    def __str__(self):
        counts = ", ".join(
            f"{name} {status}: {count}"
            for name, counter in (("signing", self.signing), ("reading", self.reading))
            for status, count in counter.items()
        )
        return f"{len(self.signed)} signed; {counts}; slowest {self.slowest:.1f} s"
