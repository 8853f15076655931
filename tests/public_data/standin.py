"""A server on loopback that answers as the Open Geography Portal, its storage and the Members API do."""

import csv
import io
import json
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs, urlsplit

from campaign.places.models import Constituency
from campaign.places.packing import UNITS
from tests.certificates import server_context
from tests.places.postcodes.tables import NEW
from tests.servers import running

AREAS = {"E": "NW", "W": "CF", "S": "EH", "N": "BT"}
AUGUST, MAY = "a" * 32, "b" * 32
UNITS_OF_SECTOR = 60  # a sector can be in 63 constituencies
OWNER, KIND = "ONSGeography_data", "CSV Collection"


def item(number, title, kind=KIND, owner=OWNER):
    return {"id": number, "owner": owner, "title": title, "type": kind, "name": "ONSPD_AUG_2026_UK.zip"}


# As the portal's search answers: the newest edition isn't the first, and others have similar titles.
RESULTS = [
    item("c" * 32, "ONS Postcode Directory (November 2026) User Guide", "PDF"),
    item("d" * 32, "ONS Postcode Directory (November 2026) User Guide"),
    item("e" * 32, "ONS Postcode Directory (November 2026)", owner="somebody"),
    item("f" * 32, "ONS Postcode Directory (November 2026)", "Feature Service"),
    item(MAY, "ONS Postcode Directory (May 2026) for the UK"),
    item("0" * 32, "National Statistics Postcode Lookup (August 2026)"),
    item(AUGUST, "ONS Postcode Directory (August 2026)"),
]


def postcodes(each=3, codes=None):
    """Return rows like those of the ONSPD: a header, then so many postcodes of each constituency."""
    table, numbers = [NEW], {nation: count() for nation in AREAS}
    for code in codes or Constituency.objects.order_by("pk").values_list("pk", flat=True):
        for _one in range(each):
            sector, unit = divmod(next(numbers[code[0]]), UNITS_OF_SECTOR)
            postcode = f"{AREAS[code[0]]}{sector // 10 + 1} {sector % 10}{UNITS[unit]}"
            table.append(["", "", postcode, "198001", "", "", "E12000007", code, "51.5"])
    return table


def zipped(table, name="Data/ONSPD_AUG_2026_UK.csv"):
    """Return a .zip file with one table."""
    text, file = io.StringIO(), io.BytesIO()
    csv.writer(text).writerows(table)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text.getvalue())
    return file.getvalue()


def members(number):
    """Return so many MPs, by their numbers, as the Members API describes them."""
    seats = Constituency.objects.order_by("pk").values_list("name", flat=True)[:number]
    return {
        index: {
            "id": index,
            "nameDisplayAs": f"Ms Jane {letters(index)}",
            "nameAddressAs": f"Ms {letters(index)}",
            "latestParty": {"name": "Independent"},
            "latestHouseMembership": {
                "membershipFrom": seat,
                "house": 1,
                "membershipStatus": {"statusIsActive": True},
            },
        }
        for index, seat in enumerate(seats, start=1)
    }


def letters(number):
    """Return a surname that stands for a number."""
    return "Doe" + "".join(chr(ord("a") + int(digit)) for digit in str(number))


def contacts(number):
    """Return an MP's entry for the office in Parliament, after one for the office at home."""
    home = {"type": "Constituency office", "typeId": 4, "email": "home@example.org", "isWebAddress": False}
    office = {"type": "Parliamentary office", "typeId": 1, "email": f"jane.{number}.mp@parliament.uk"}
    return [home, office]


class Portal(ThreadingHTTPServer):
    """The server. A test changes what it serves, or sets `respond` for some paths to answer by itself."""

    daemon_threads = True

    def __init__(self, certificate):
        super().__init__(("127.0.0.1", 0), Handler)
        self.socket = server_context(certificate).wrap_socket(self.socket, server_side=True)
        self.netloc = f"localhost:{self.server_port}"
        self.url = f"https://{self.netloc}"
        self.asked, self.agents, self.respond = [], set(), {}
        self.results, self.file, self.kind = RESULTS, b"", "application/zip"
        self.members, self.contacts = {}, {}

    def handle_error(self, request, client_address):
        """Say nothing about clients that hang up, as some should."""


class Handler(BaseHTTPRequestHandler):
    """A handler that answers by the path."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.server.agents.add(self.headers["User-Agent"])
        path = urlsplit(self.path).path
        own = [respond for start, respond in self.server.respond.items() if path.startswith(start)]
        if not (own and own[0](self)):
            self.answer(path, path.strip("/").split("/"))

    def answer(self, path, parts):
        if path == "/sharing/rest/search":
            self.send_json({"total": len(self.server.results), "results": self.server.results, "nextStart": -1})
        elif path.startswith("/sharing/rest/content/items/"):
            self.redirect(f"{self.server.url}/files/{parts[4]}.zip?X-Amz-Expires=300")
        elif path.startswith("/files/"):
            self.send(self.server.file, self.server.kind)
        elif path == "/api/Members/Search":
            self.send_members(parse_qs(urlsplit(self.path).query))
        else:
            number = int(parts[2])
            self.send_json({"value": self.server.contacts.get(number, contacts(number)), "links": []})

    def send_members(self, query):
        skip, take = int(query["skip"][0]), min(int(query["take"][0]), 20)
        values = list(self.server.members.values())
        page = [{"value": value, "links": []} for value in values[skip : skip + take]]
        self.send_json({"items": page, "totalResults": len(values), "skip": skip, "take": take})

    def send_json(self, value):
        self.send(json.dumps(value).encode(), "application/json")

    def redirect(self, target):
        self.send(b"", status=302, Location=target)

    def send(self, body, kind="text/html", status=200, length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Log nothing."""


@contextmanager
def serving(certificate):
    """Run the server; yield it."""
    with running(Portal(certificate)) as server:
        yield server
