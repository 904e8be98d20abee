"""A whole run, or one report, as a page for a browser: one file that needs nothing else and fetches nothing.

The page is put together here from its parts beside this module. All data is gzipped JSON in base64: the script reads
it and shows every text as text. A policy in the page forbids it the network.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from checker.audit.page.around import Around, of_report, of_store
from checker.audit.page.contents import contents
from checker.audit.page.encode import Pieces, packed
from checker.audit.page.words import words
from checker.errors import UsageError
from checker.messages import tr
from checker.reports.policy import policy

if TYPE_CHECKING:
    from checker.audit.store.reading import Store
    from checker.model.report import Report
    from checker.packs.load import LoadedPacks

__all__ = ["render", "write", "write_page"]

_HERE: Final = Path(__file__).parent
_IN_MEMORY: Final = 32 * 1024 * 1024


def write(store: Store, path: str | Path, loaded: LoadedPacks | None = None, language: str = "zh") -> None:
    """Write the page of the run that ``store`` was opened for. ``loaded`` are the packs that it was checked by
    (None: those that ship). Raises ``UsageError`` if the file cannot be written."""
    write_page(store.documents(), of_store(store, loaded or _shipped()), path, language)


def render(report: Report, language: str = "zh") -> str:
    """The page of one report."""
    from checker.reports import json
    from checker.values.lexicon import Lexicon

    documents = (json.workbook_document(workbook) for workbook in report.workbooks)
    around = of_report(report, Lexicon(_shipped().lexicon))
    return b"".join(_page(documents, around, language)).decode("utf-8")


def write_page(documents: Iterable[Mapping[str, Any]], around: Around, path: str | Path, language: str = "zh") -> None:
    """Write the page of workbooks as ``schemas/report.schema.json`` has them, whole or not at all. Raises
    ``UsageError``."""
    target = Path(path)
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with draft.open("xb") as file:
            for block in _page(documents, around, language):
                file.write(block)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UsageError(
            "OUTPUT_UNWRITABLE",
            tr("The report cannot be written: {reason}.", reason=error.strerror or error),
            tr("Name another file with --output."),
            str(path),
        ) from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _shipped() -> LoadedPacks:
    from checker.packs.load import load_packs
    from checker.packs.sources import checker_rule_packs

    return load_packs(checker_rule_packs())


def _page(documents: Iterable[Mapping[str, Any]], around: Around, language: str) -> Iterator[bytes]:
    """The file, block by block. The pieces come last, so that the page can be looked at while they are read."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        index = {"language": language, "words": words(), **contents(documents, around, Pieces(file))}
        yield _frame(index, language)
        yield from _copied(file)
    yield b"</body>\n</html>\n"


def _copied(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(1 << 20):
        yield block


def _frame(index: Mapping[str, Any], language: str) -> bytes:
    style = (_HERE / "page.css").read_text("utf-8")
    parts = (part.read_text("utf-8") for part in sorted((_HERE / "script").glob("*.js")))
    script = "(() => {\n'use strict';\n" + "\n".join(parts) + "})();\n"
    title = index["words"]["title"][language != "zh"]
    frame = (_HERE / "page.html").read_text("utf-8")
    holes = {
        "language": "zh-CN" if language == "zh" else "en",
        "policy": escape(policy(script, style), quote=False).replace('"', "&quot;"),
        "title": escape(title),
        "style": style,
        "script": script,
        "index": packed(index).decode("ascii"),
    }
    for name, text in holes.items():
        frame = frame.replace(f"<!--{name}-->", text, 1)
    return frame.encode("utf-8")
