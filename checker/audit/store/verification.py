"""Is the ledger as it was written, and the store as the ledger says?

What can be seen: a line that was changed, taken out, put in or moved, and which; a file of the store that was changed,
removed or added; a run of the store that the ledger does not know. What cannot: an end that was cut off, or all lines
from some point on written anew with new hashes, where nothing outside of the ledger names a hash that is gone. The runs
in the store name one each, so both would have to be forged alike; the papers of a run print it, and what is printed
nobody changes: ``noted`` is such a hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from checker.audit.store.ledger import START, Entry, Kind, Ledger, canonical, entry_of, hash_of, missing, told
from checker.audit.store.parts import duckdb, library, part_files
from checker.audit.store.sealing import Run, sha256_of
from checker.audit.store.tables import BY_RESULT, BY_RUN
from checker.messages import Text, tr

__all__ = ["Fault", "Verified", "verify"]

#: So much of a hash is enough to name an entry.
SHORTEST: Final = 8


class Fault(NamedTuple):
    """``line`` is that of the ledger, counted from 1; 0 where the fault is not in a line."""

    code: str
    line: int
    message: Text


class Verified(NamedTuple):
    """``files`` were compared with the ledger, None where only the ledger was looked at."""

    entries: int
    head: Entry | None
    faults: tuple[Fault, ...]
    files: int | None


class _Line(NamedTuple):
    number: int
    entry: Entry


def verify(place: Path, noted: str = "") -> Verified:
    """Verify ``OUT``, or a ledger by itself. ``noted`` is a hash that was noted (or printed) earlier, or its beginning.

    Raises ``UsageError`` if there is no ledger, or DuckDB is not there to read the runs of the store.
    """
    ledger = Ledger(place)
    try:
        content = ledger.file.read_bytes()
    except OSError as error:
        raise missing(ledger.file, error) from error
    faults: list[Fault] = []
    lines = list(_lines(content, faults))
    faults += _chain(lines)
    faults.sort(key=lambda fault: fault.line)
    entries = [line.entry for line in lines]
    if noted and (len(noted) < SHORTEST or not any(entry.hash.startswith(noted.lower()) for entry in entries)):
        message = tr("No entry has the hash {hash}: the ledger was cut off or rewritten since", hash=noted)
        faults.append(Fault("HEAD_UNKNOWN", 0, message))
    files = None
    if place != ledger.file:
        stored = _stored(entries)
        files = len(stored)
        faults += _files(place, stored)
        faults += _runs(place, entries)
    return Verified(len(entries), entries[-1] if entries else None, tuple(faults), files)


def _lines(content: bytes, faults: list[Fault]) -> Iterator[_Line]:
    """The entries; what is none, or not as it was written, goes to ``faults``."""
    for number, line in enumerate(content.splitlines(keepends=True), 1):
        if not line.endswith(b"\n"):
            faults.append(Fault("TORN", number, tr("The line is not complete: writing it was cut off")))
            continue
        try:
            entry = entry_of(line)
            whole = json.loads(line)
        except ValueError:
            faults.append(Fault("NO_ENTRY", number, tr("The line is no entry of a ledger")))
            continue
        if hash_of(whole) != entry.hash or canonical(whole) != line:
            message = tr("Entry {entry} ({kind}, {at}) was changed after it was written", **_named(entry))
            faults.append(Fault("CHANGED", number, message))
        yield _Line(number, entry)


def _chain(lines: list[_Line]) -> Iterator[Fault]:
    """Whether each entry follows the one that stands before it."""
    by_hash = {line.entry.hash: line for line in lines}
    number, last = 0, START
    for line in lines:
        entry = line.entry
        if entry.previous != last or entry.number != number + 1:
            yield Fault("CHAIN", line.number, _break(line, number, by_hash))
        number, last = entry.number, entry.hash


def _break(line: _Line, number: int, by_hash: Mapping[str, _Line]) -> Text:
    """Why ``line`` does not follow the entry ``number`` before it."""
    entry = line.entry
    before = by_hash.get(entry.previous)
    if before is not None or (entry.previous == START and number):
        return tr(
            "Entry {entry} ({kind}, {at}) follows entry {before}, and does not stand behind it: lines were moved or "
            "put in between",
            before=before.entry.number if before is not None else 0,
            **_named(entry),
        )
    if entry.number > number + 1:
        return tr(
            "Before entry {entry} ({kind}, {at}) entries {first} to {last} are missing: lines were taken out",
            first=number + 1,
            last=entry.number - 1,
            **_named(entry),
        )
    return tr(
        "Entry {entry} ({kind}, {at}) does not follow the line before it: one of the two was written anew",
        **_named(entry),
    )


def _named(entry: Entry) -> dict[str, object]:
    return {"entry": entry.number, "kind": entry.kind, "at": entry.at}


def _stored(entries: Iterable[Entry]) -> dict[str, str]:
    """The files of the store with their hashes, as the ledger has them at its end.

    The same results sealed again take the place of those before: somebody was stopped between the ledger and the store.
    """
    stored: dict[str, str] = {}
    parts: dict[str, str] = {}
    for entry in entries:
        gone = [str(part) for part in entry.body.get("replaced", ())]
        if entry.kind == Kind.PART_SEALED:
            workbooks, part = (str(entry.body.get(name)) for name in ("workbooks", "part"))
            if parts.get(workbooks, part) != part:
                gone.append(parts[workbooks])
            parts[workbooks] = part
        if gone:
            stored = {name: sha256 for name, sha256 in stored.items() if Path(name).stem not in gone}
        stored.update(entry.body.get("stored", {}))
    return stored


def _files(folder: Path, stored: Mapping[str, str]) -> Iterator[Fault]:
    whole = {file.stem for file in part_files(folder, BY_RESULT[-1])}
    there = {
        f"{file.parent.name}/{file.name}": file
        for file in sorted((folder / "store").glob("*/*.parquet"))
        if file.stem in whole or file.parent.name in BY_RUN[:-1]  # the last, ``runs``, name an entry: see _runs
    }
    for name, sha256 in sorted(stored.items()):
        if name not in there:
            yield Fault("FILE_MISSING", 0, tr("{file} was in the store and is not there any more", file=name))
        elif sha256_of(there[name]) != sha256:
            yield Fault("FILE_CHANGED", 0, tr("{file} was changed after it was written", file=name))
    for name in there:
        if name not in stored:
            yield Fault("FILE_UNKNOWN", 0, tr("{file} is in the store, and the ledger does not know of it", file=name))


def _runs(folder: Path, entries: Iterable[Entry]) -> Iterator[Fault]:
    """Whether the runs of the store and of the ledger are the same."""

    ended = {str(entry.body.get("run")): entry for entry in entries if entry.kind == Kind.RUN_ENDED}
    rows: list[tuple[Any, ...]] = []
    with duckdb() as connection:
        for file in part_files(folder, "runs"):
            try:
                query = f"SELECT {', '.join(Run._fields)} FROM read_parquet($file)"
                rows += connection.execute(query, {"file": str(file)}).fetchall()
            except library().Error:
                name = f"runs/{file.name}"
                yield Fault("FILE_CHANGED", 0, tr("{file} was changed after it was written", file=name))
    for row in rows:
        run = Run(*row)
        entry = ended.pop(run.run, None)
        if entry is None or entry.hash != run.ledger:
            message = tr(
                "The store has run {run}; its entry {hash} is not in the ledger, which was cut off or rewritten",
                run=run.run,
                hash=(run.ledger or "-")[:SHORTEST],
            )
            yield Fault("RUN_UNKNOWN", 0, message)
        elif any(entry.body.get(name) != value for name, value in told(run).items()):
            yield Fault("RUN_CHANGED", 0, tr("The store says other things of run {run} than the ledger", run=run.run))
    for name in ended:
        yield Fault("RUN_MISSING", 0, tr("The ledger has run {run}, and the store does not", run=name))
