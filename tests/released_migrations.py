"""The list of released migrations and their SHA-256 hashes, in the format of `sha256sum`.

`make freeze-migrations` adds new ones. A line never changes, because a site never applies the same migration twice.
"""

import sys
from hashlib import sha256

from tests.checkouts import HERE

LIST = HERE / "tests" / "data" / "released_migrations.txt"
APPS = ("campaign", "pledges", "actions")


def fingerprints(root=HERE):
    """Return the SHA-256 hash of each migration by its path below `root`, in order."""
    files = sorted(file for app in APPS for file in (root / app).rglob("migrations/[0-9]*.py"))
    return {file.relative_to(root).as_posix(): sha256(file.read_bytes()).hexdigest() for file in files}


def released(path=LIST):
    """Return the SHA-256 hash of each released migration by its path."""
    lines = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
    return {name: fingerprint for fingerprint, name in lines}


def problems(root=HERE, path=LIST):
    """Return a sentence for each migration that differs from its release, saying what to do."""
    found, known = fingerprints(root), released(path)
    gone = [f"{name} is gone: put it back. Sites have applied it." for name in known.keys() - found.keys()]
    changed = [
        f"{name} has changed since its release: put it back (git checkout), and write a new migration."
        for name in known.keys() & found.keys()
        if known[name] != found[name]
    ]
    new = [
        f"{name} isn't in {path.name}: once it is final, run `make freeze-migrations`."
        for name in found.keys() - known.keys()
    ]
    return sorted(gone + changed + new)


def freeze(root=HERE, path=LIST):
    """Add a line for each new migration; return their paths. Existing lines stay as they are."""
    found, known = fingerprints(root), released(path)
    lines = found | known
    path.write_text("".join(f"{lines[name]}  {name}\n" for name in sorted(lines)))
    return sorted(found.keys() - known.keys())


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}\n" for name in freeze())
