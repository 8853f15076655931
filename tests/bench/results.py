"""The file of benchmark results in docs/."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.json"


def record(name, **figures):
    """Print the figures and store them under `name` in docs/benchmarks.json."""
    shown = {key: round(value, 3) if isinstance(value, float) else value for key, value in figures.items()}
    print(f"\n{name}: " + ", ".join(f"{key} {value}" for key, value in shown.items()))  # noqa: T201 - its purpose
    results = json.loads(FILE.read_text()) if FILE.exists() else {}
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    results[name] = shown | machine | {"on": datetime.now(UTC).date().isoformat()}
    FILE.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")
