"""Rows of the postcode tables that `import_postcodes` reads."""

from io import StringIO

from django.core.management import call_command

NEW = ["pcd7", "pcd8", "pcds", "dointr", "doterm", "ctry25cd", "rgn25cd", "pcon24cd", "lat"]
OLD = ["pcd", "pcd2", "pcds", "dointr", "doterm", "oscty", "rgn", "pcon", "lat"]
HAMPSTEAD = ["NW3 7UX", "NW3  7UX", "NW3 7UX", "198001", "", "E92000001", "E12000007", "E14001265", "51.5"]
TERMINATED = ["NW3 7UY", "NW3  7UY", "NW3 7UY", "198001", "199606", "E92000001", "E12000007", "E14001265", "51.5"]
ISLE_OF_MAN = ["IM1 1AA", "IM1  1AA", "IM1 1AA", "198001", "", "M99999999", "M99999999", "M99999999", "54.1"]
ENGLISH_BELFAST = ["", "", "BT16 1AW", "202506", "", "N92000002", "N99999999", "E14001457", "54.6"]
GIROBANK = ["GIR0AA", "GIR 0AA", "GIR 0AA", "199402", "", "E92000001", "E12000002", "E14001351", "53.4"]
BELFAST = ["BT1 1AA", "BT1  1AA", "BT1 1AA", "198001", "", "N92000002", "N99999999", "N05000003", "54.6"]


def load(path, *options):
    out = StringIO()
    call_command("import_postcodes", path, "--partial", *options, stdout=out)
    return out.getvalue()
