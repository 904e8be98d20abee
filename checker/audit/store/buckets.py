"""Many long rows in order, in little memory: as they come they are put into files by their number, a file is read at a
time. (A sort in DuckDB keeps more of long texts in memory than it is allowed to.)"""

from __future__ import annotations

import gzip
import marshal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["in_buckets"]

_FETCHED: Final = 128
#: The numbers of a bucket, or more where there would be too many buckets: each is an open file.
_NUMBERS: Final = 512
_MOST_BUCKETS: Final = 200

Rows = dict[int, list[tuple[Any, ...]]]


def in_buckets(connection: DuckDBPyConnection, query: str, count: int) -> Iterator[Rows]:
    """The rows of ``query`` by their first column, a number below ``count``; the first few numbers first. The other
    columns are texts, whole numbers or NULL. Rows of one number are in no order."""
    width = max(_NUMBERS, -(-count // _MOST_BUCKETS))
    with TemporaryDirectory(prefix="checker-") as folder:
        files = [Path(folder, str(bucket)) for bucket in range(-(-count // width))]
        with ExitStack() as opened:
            buckets = [opened.enter_context(gzip.open(file, "wb", 1)) for file in files]
            found = connection.execute(query)
            while rows := found.fetchmany(_FETCHED):
                for row in rows:
                    marshal.dump(row, buckets[row[0] // width])
        for file in files:
            yield _read(file)
            file.unlink()


def _read(file: Path) -> Rows:
    rows: Rows = {}
    with gzip.open(file, "rb") as opened:
        while True:
            try:
                number, *row = marshal.load(opened)
            except EOFError:
                return rows
            rows.setdefault(number, []).append(tuple(row))
