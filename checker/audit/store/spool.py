"""Rows on their way to the store: one file for each message that a worker did, written whole or not at all.

JSON lines, gzipped. A line holds up to a thousand rows of one table, column by column:
``{"facts": {"result": [...], "form": [...], ...}}``.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from checker.audit.store.rows import Rows
from checker.audit.store.tables import TABLES

__all__ = ["write", "write_tables"]

#: A line is parsed in one piece: it holds so many rows, or so many characters, or a single row.
ROWS_A_LINE: Final = 1000
CHARACTERS_A_LINE: Final = 1_000_000
#: In bytes; ``rows`` makes no row that is longer.
LARGEST_LINE: Final = 32 * 1024 * 1024


def write(folder: Path, name: str, results: Iterable[tuple[str, Rows]]) -> Path:
    """Write ``(result, rows)`` of some workbooks as ``folder/spool/name.jsonl.gz``; a result given twice counts once.
    Raises ``OSError``."""
    gathered: dict[str, list[tuple[Any, ...]]] = {}
    seen: set[str] = set()
    for result, rows in results:
        if result not in seen:
            seen.add(result)
            for table, several in rows.items():
                gathered.setdefault(table, []).extend((result, *row) for row in several)
    return write_tables(folder / "spool" / f"{name}.jsonl.gz", gathered.items())


def write_tables(target: Path, tables: Iterable[tuple[str, Iterable[tuple[Any, ...]]]]) -> Path:
    """Write whole rows, table by table, to a spool file. Raises ``OSError``."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            with gzip.GzipFile("", "wb", 1, file, mtime=0) as packed:
                for table, rows in tables:
                    names = TABLES[table].names
                    for piece in _pieces(rows):
                        columns = dict(zip(names, zip(*piece, strict=True), strict=True))
                        packed.write(_line({table: columns}))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return target


def _pieces(rows: Iterable[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    piece: list[tuple[Any, ...]] = []
    size = 0
    for row in rows:
        piece.append(row)
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(piece) >= ROWS_A_LINE or size > CHARACTERS_A_LINE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _line(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A file name that is no text holds lone surrogates, which have no UTF-8: they are kept as the words "\\udc80".
    return re.sub("[\ud800-\udfff]", lambda found: rf"\\u{ord(found[0]):04x}", text).encode() + b"\n"
