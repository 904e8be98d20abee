"""What was done, in the order in which it was done: ``OUT/ledger.jsonl``, which is only ever added to.

An entry is one line of JSON. ``previous`` is the hash of the entry before it, ``hash`` the SHA-256 of its own line
without that member: nobody can change, remove or reorder an entry and leave the rest as it is. Whoever rewrites the
whole file from some entry on, or cuts off its end, is found out by a hash noted elsewhere: each run keeps the last one
in the store, and the papers print it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from checker.audit.store.locks import held
from checker.errors import UsageError
from checker.messages import tr

if TYPE_CHECKING:
    from checker.audit.store.sealing import Run, Sealed

__all__ = ["START", "Entry", "Kind", "Ledger", "canonical", "digest_of_files", "entry_of", "hash_of", "missing", "told"]

#: What the first entry names as the one before.
START: Final = "0" * 64
FILE: Final = "ledger.jsonl"
_BLOCK: Final = 64 * 1024


class Kind:
    """What an entry is about."""

    RUN_STARTED: Final = "run_started"
    PART_SEALED: Final = "part_sealed"
    PARTS_COMPACTED: Final = "parts_compacted"
    RUN_ENDED: Final = "run_ended"
    RUN_UNCHANGED: Final = "run_unchanged"


class Entry(NamedTuple):
    number: int
    previous: str
    at: str
    kind: str
    body: Mapping[str, Any]
    hash: str


def missing(file: Path, error: OSError) -> UsageError:
    return UsageError(
        "LEDGER_MISSING",
        tr("The ledger cannot be read: {reason}.", reason=error.strerror or error),
        tr("Name the folder that `checker audit` wrote to, or the ledger.jsonl in it."),
        str(file),
    )


class Ledger:
    """The ledger of one ``OUT``. Any number of processes may add to it at once. Every method that adds gives the new
    entry, and raises ``OSError``, or ``UsageError`` where the last line is damaged."""

    def __init__(self, place: Path) -> None:
        """``place``: the folder, or the ledger in it."""
        self.file = place if place.name == FILE else place / FILE

    def run_started(self, run: str, *, options: Mapping[str, Any], engine: str, packs: Mapping[str, str]) -> Entry:
        """``packs``: the digest of every rule pack by its id, and of whatever else decides (plugins)."""
        return self._add(Kind.RUN_STARTED, run=run, options=options, engine=engine, packs=packs)

    def part_sealed(self, run: str, sealed: Sealed) -> Entry:
        """Results were put into the store, with the explanations and waivers that counted in them."""
        return self._add(
            Kind.PART_SEALED,
            run=run,
            part=sealed.part,
            results=sealed.results,
            findings=sealed.findings,
            workbooks=sealed.workbooks,
            decisions=[decision._asdict() for decision in sealed.decisions],
            stored=dict(sealed.files),
        )

    def parts_compacted(self, sealed: Sealed, replaced: Iterable[str]) -> Entry:
        """Parts became one; what they said is in it."""
        return self._add(Kind.PARTS_COMPACTED, part=sealed.part, replaced=sorted(replaced), stored=dict(sealed.files))

    def run_ended(self, run: Run, counts: Mapping[str, int], written: Iterable[tuple[str, str]]) -> Entry:
        """``counts`` are the verdict's, ``written`` the files of the store about this run."""
        return self._add(Kind.RUN_ENDED, **told(run), counts=counts, stored=dict(written))

    def run_unchanged(self, run: str, *, same_as: str, files: int) -> Entry:
        """A run found what an earlier one had found, so that nothing was kept of it but this."""
        return self._add(Kind.RUN_UNCHANGED, run=run, same_as=same_as, files=files)

    def head(self) -> Entry | None:
        """The last entry."""
        try:
            with self.file.open("rb") as file:
                line, _ = _last_line(file)
        except FileNotFoundError:
            return None
        return self._read(line) if line else None

    def entries(self) -> Iterator[Entry]:
        """Every entry, not verified. Raises ``UsageError`` where there is no ledger, or a line of it is no entry."""
        try:
            with self.file.open("rb") as file:
                for line in file:
                    yield self._read(line)
        except OSError as error:
            raise missing(self.file, error) from error

    def _add(self, kind: str, **body: Any) -> Entry:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with held(self.file.with_suffix(".lock")), self.file.open("a+b") as file:
            line, torn = _last_line(file)
            if torn:
                # A power cut in the middle of a line: nothing was recorded yet. That it happened is.
                file.truncate(file.seek(0, os.SEEK_END) - len(torn))
                body["torn"] = {"bytes": len(torn), "sha256": hashlib.sha256(torn).hexdigest()}
            last = self._read(line) if line else None
            content = {
                "number": last.number + 1 if last else 1,
                "previous": last.hash if last else START,
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "kind": kind,
                **body,
            }
            whole = canonical({**content, "hash": hash_of(content)})
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
        return entry_of(whole)

    def _read(self, line: bytes) -> Entry:
        try:
            return entry_of(line)
        except ValueError as error:
            raise UsageError(
                "LEDGER_DAMAGED",
                tr("A line of the ledger is no entry, so nothing is read from it or added to it."),
                tr("See what happened with: {command}", command=f"checker ledger verify {self.file}"),
                str(self.file),
            ) from error


def told(run: Run) -> dict[str, Any]:
    """What the ledger says of a run."""
    names = ("run", "engine", "rules", "options", "status", "files", "reused")
    return {name: getattr(run, name) for name in names}


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one line that says this."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace") + b"\n"  # a lone surrogate stays escaped, as JSON does it


def hash_of(content: Mapping[str, Any]) -> str:
    """The hash of an entry: of its line without ``hash``."""
    return hashlib.sha256(canonical({name: value for name, value in content.items() if name != "hash"})).hexdigest()


def entry_of(line: bytes) -> Entry:
    """Raises ``ValueError`` if it is none."""
    content = json.loads(line)
    try:
        head = [content.pop(name) for name in ("number", "previous", "at", "kind", "hash")]
    except (KeyError, AttributeError, TypeError) as error:
        raise ValueError(str(error)) from error
    number, previous, at, kind, own = head
    return Entry(number, previous, at, kind, content, own)


def digest_of_files(files: Iterable[tuple[str, str]]) -> str:
    """One hash for any number of ``(name, sha256)``, whatever their order."""
    digest = hashlib.sha256()
    for name, sha256 in sorted(files):
        digest.update(f"{sha256}  {name}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _last_line(file: IO[bytes]) -> tuple[bytes, bytes]:
    """The last whole line, and what stands after it."""
    end = at = file.seek(0, os.SEEK_END)
    tail = b""
    while at and tail.rstrip(b"\n").count(b"\n") < 2:
        at = max(0, at - _BLOCK)
        file.seek(at)
        tail = file.read(end - at)
    whole, newline, torn = tail.rpartition(b"\n")
    return whole.rpartition(b"\n")[2] if newline else b"", torn
