"""The papers of a run for programs and for Excel, written out of the store workbook by workbook.

``findings.json`` holds one workbook on each line, so that a reader need not keep it either; the same store gives
the same bytes. Its shape is ``schemas/findings.schema.json``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from checker.model.outcome import Status
from checker.reports.streams import Document, Head

if TYPE_CHECKING:
    from checker.audit.store.reading import Store

__all__ = ["NAMES", "SCHEMA", "documents", "replacing", "write_papers"]

SCHEMA: Final = "checker/findings@1"
#: The formats that are written here, and the names of their files.
NAMES: Final = {
    "json": "findings.json",
    "sarif": "findings.sarif",
    "junit": "junit.xml",
    "csv": "findings.csv",
    "xlsx": "workpaper.xlsx",
}

_NOTHING: Final = Head()


def write_papers(
    store: Store, folder: Path, formats: Sequence[str], head: Head = _NOTHING, language: str = "zh"
) -> list[Path]:
    """Write those of ``formats`` that are papers into ``folder``; gives the files. ``head`` is what they say of the run
    as a whole. A file is there whole or as it was."""
    written = []
    for name in formats:
        if name in NAMES:
            _WRITERS.get(name, _report)(store, folder / NAMES[name], head, language, name)
            written.append(folder / NAMES[name])
    return written


def documents(store: Store) -> Iterator[Document]:
    """The workbooks of the run with ``x-rules``: for each rule, how many answers of each status it gave; and
    ``x-reasons``: why rules did not answer."""
    columns = ", ".join(f'"{status}"' for status in Status.ORDER)
    cursor = store.connection.cursor()
    try:
        cursor.execute(f"SELECT number, rule, reasons, {columns} FROM outcomes ORDER BY number, rule")
        row = cursor.fetchone()
        for number, document in enumerate(store.documents()):
            rules: dict[str, dict[str, int]] = {}
            reasons: dict[str, list[dict[str, str]]] = {}
            while row is not None and row[0] == number:
                rules[row[1]] = {s: count for s, count in zip(Status.ORDER, row[3:], strict=True) if count}
                if row[2]:
                    reasons[row[1]] = [{"zh": zh, "en": en} for zh, en in json.loads(row[2])]
                row = cursor.fetchone()
            yield {**document, "x-rules": rules, **({"x-reasons": reasons} if reasons else {})}
    finally:
        cursor.close()


@contextmanager
def replacing(path: Path, **how: Any) -> Iterator[IO[Any]]:
    """A file to write that takes the place of ``path`` once it is whole."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with draft.open(**how) as stream:
            yield stream
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _report(store: Store, path: Path, head: Head, language: str, name: str) -> None:
    write: Callable[..., None] = import_module(f"checker.reports.{name}").write
    with replacing(path, mode="w", encoding="utf-8", newline="") as stream:
        write(documents(store), stream, head, language)


def _json(store: Store, path: Path, head: Head, language: str, name: str) -> None:
    with replacing(path, mode="w", encoding="utf-8", newline="") as stream:
        _write_json(store, stream, head)


def _write_json(store: Store, stream: IO[str], head: Head) -> None:
    run = {"schema": SCHEMA, "engine": store.run.engine, "rules": store.run.rules}
    packs = f'"packs": {_text(list(head.packs))}, ' if head.packs else ""
    stream.write(f'{json.dumps(run)[:-1]}, {packs}"failures": {_text(list(head.failures))}, "workbooks": [')
    for number, document in enumerate(documents(store)):
        stream.write(("," if number else "") + "\n" + _text(document))
    stream.write("\n]}\n")


def _text(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return "".join(rf"\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)


def _workpaper(store: Store, path: Path, head: Head, language: str, name: str) -> None:
    from checker.audit.papers import workpaper

    with replacing(path, mode="wb") as stream:
        workpaper.write(documents(store), stream, workpaper.overview(store, head.failures), language)


_WRITERS: Final = {"json": _json, "xlsx": _workpaper}
