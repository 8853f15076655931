"""A source with any number of people, who needn't be in the database."""

import uuid
from typing import ClassVar

from campaign.mailings.sources import Source

DOMAINS = ["example.org", "example.com", "example.net", "mail.example"]


def address(number):
    return f"p{number}@{DOMAINS[number % len(DOMAINS)]}"


class Crowd(Source):
    """People numbered from 0. Those in `gone` have unsubscribed."""

    name: ClassVar[str] = "tests.crowd"
    for_everybody: ClassVar[bool] = True
    has_places: ClassVar[bool] = False

    def __init__(self, size=0):
        self.people = {uuid.UUID(int=number): address(number) for number in range(size)}
        self.gone = set()

    def audiences(self):
        return [(self.name, "Crowd")]

    def recipients(self, key, codes):
        return ((row, to) for row, to in self.people.items() if to not in self.gone)

    def addresses(self, rows):
        return {row: self.people[row] for row in rows if row in self.people and self.people[row] not in self.gone}

    def address(self, row):
        return self.people.get(row)

    def unsubscribe(self, address):
        self.gone.add(address)
        return True
