"""Typesetting documents and pictures with Typst, which reads only our own files, and nothing from the network."""

import json
import threading
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
NO_PACKAGES = str(HERE / "no-packages")
local = threading.local()


def typeset(template: Path, data: dict[str, Any], *, our_fonts_only: bool = True, **options: Any) -> bytes:
    """Return what Typst makes of one of our templates. `data` is passed as JSON, and never read as Typst source.

    `options` are those of `typst.Compiler.compile`, such as `format`. Raises typst.TypstError if that fails, for
    instance for a PDF/UA with letters that the fonts lack.
    """
    inputs = {"document": json.dumps(data)}
    return _compiler(template, our_fonts_only).compile(sys_inputs=inputs, **options)


def _compiler(template: Path, our_fonts_only: bool) -> Any:
    """Return the thread's own compiler, which keeps the fonts, because reading them takes longer than a document."""
    kept: dict[tuple[Path, bool], Any] = local.__dict__.setdefault("compilers", {})
    if (template, our_fonts_only) not in kept:
        kept[template, our_fonts_only] = typst.Compiler(
            input=str(template),
            root=str(template.parent),
            font_paths=[str(FONTS)],
            ignore_system_fonts=our_fonts_only,
            package_path=NO_PACKAGES,
            package_cache_path=NO_PACKAGES,
        )
    return kept[template, our_fonts_only]
