"""The benchmark results in docs/: a file for programs, and a table for people."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
FILE, REPORT = DOCS / "benchmarks.json", DOCS / "benchmarks.md"
HEADING = "## All figures\n"  # what follows it in the report is written here


def record(name, **figures):
    """Print the figures, store them under `name` in docs/benchmarks.json, and show them in docs/benchmarks.md."""
    shown = {key: round(value, 3) if isinstance(value, float) else value for key, value in figures.items()}
    print(f"\n{name}: " + ", ".join(f"{key} {value}" for key, value in shown.items()))  # noqa: T201 - its purpose
    results = json.loads(FILE.read_text()) if FILE.exists() else {}
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    results[name] = shown | machine | {"on": datetime.now(UTC).date().isoformat()}
    FILE.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")
    REPORT.write_text(REPORT.read_text().partition(HEADING)[0] + HEADING + table(results))


def table(results):
    """Return the results as a Markdown table."""
    lines = ["", "| Benchmark | Figures | Cores, Python, date |", "| --- | --- | --- |"]
    for name, figures in sorted(results.items()):
        shown = ", ".join(
            f"{key.replace('_', ' ')} {value}" for key, value in figures.items() if key not in ("cores", "python", "on")
        )
        lines.append(f"| {name} | {shown} | {figures['cores']}, {figures['python']}, {figures['on']} |")
    return "\n".join(lines) + "\n"
