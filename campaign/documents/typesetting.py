"""Typst, which sets documents and pictures from data: it reads no file but our own, and nothing from the network."""

import json
import threading
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
NOWHERE = str(HERE / "no-packages")
local = threading.local()


def typeset(template: Path, data: dict[str, Any], *, our_fonts_only: bool = True, **options: Any) -> bytes:
    """What Typst makes of a template of ours; `data` is handed over as JSON and is never read as Typst.

    `options` are those of `typst.Compiler.compile`, `format` among them. Raises typst.TypstError for what can't be
    made so, such as a PDF/UA with letters that the fonts lack.
    """
    inputs = {"document": json.dumps(data)}
    return _compiler(template, our_fonts_only).compile(sys_inputs=inputs, **options)


def _compiler(template: Path, our_fonts_only: bool) -> Any:
    """The thread's own compiler, which keeps the fonts read: they take longer than a letter."""
    kept: dict[tuple[Path, bool], Any] = local.__dict__.setdefault("compilers", {})
    if (template, our_fonts_only) not in kept:
        kept[template, our_fonts_only] = typst.Compiler(
            input=str(template),
            root=str(template.parent),
            font_paths=[str(FONTS)],
            ignore_system_fonts=our_fonts_only,
            package_path=NOWHERE,
            package_cache_path=NOWHERE,
        )
    return kept[template, our_fonts_only]
