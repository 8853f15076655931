"""Lists of MPs in each format that `import_mps` reads."""

from io import StringIO

from django.core.management import call_command

from tests.actions.letters.conftest import HAMPSTEAD

BATH = "E14001080"
DFE = ["pcon_name", "pcon_code", "member_id", "full_title", "display_as", "party_text", "member_email"]
DOE = ["Hampstead and Highgate", HAMPSTEAD, "1", "Rt Hon Jane Doe MP", "Ms Jane Doe", "Independent", "doe@example.org"]
ROE = [*DOE[:2], "2", "", "Mr John Roe", "", "roe@example.org"]
OPEN = ["PCON24CD", "PCON24NM", "MP", "Gender", "ID", "TheyWorkForYou ID", "TheyWorkForYou URI", "Party", "Party name"]
TWFY = ["Person ID", "First name", "Last name", "Party", "Constituency", "URI"]
API = {
    "id": 1,
    "nameDisplayAs": "Ms Jane Doe",
    "nameAddressAs": "Ms Doe",
    "latestParty": {"name": "Independent"},
    "latestHouseMembership": {
        "membershipFrom": "Hampstead and Highgate",
        "house": 1,
        "membershipStatus": {"statusIsActive": True},
    },
}


def load(path, *options):
    out = StringIO()
    call_command("import_mps", path, "--partial", *options, stdout=out)
    return out.getvalue()
