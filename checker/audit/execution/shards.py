"""Shards: the part of the work that one machine does, whichever machine it is, and the lists that they leave for
whoever puts them together.

A file belongs to a shard by a hash of its folder (or name, where it lies at the top): all machines agree without asking
each other, and the files of a unit mostly stay together. ``OUT/shards/<n>/<i>.jsonl`` lists what the files of shard
*i* of *n* came to.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from checker.audit.execution.worker import Judged
from checker.audit.intake.sources import Source
from checker.errors import UsageError
from checker.messages import tr

__all__ = ["File", "gathered", "in_shard", "list_shard", "shard_from"]


class File(NamedTuple):
    """A source and what it came to. ``reused``: that was known already."""

    source: Source
    judged: Judged
    reused: bool


def shard_from(text: str) -> tuple[int, int]:
    """``i/n``. Raises ``UsageError``."""
    number, _, count = text.partition("/")
    if number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
        return int(number), int(count)
    raise UsageError("SHARD", tr("{text} names no shard.", text=text), tr("Write it as {example}.", example="3/8"))


def in_shard(source: Source, shard: tuple[int, int]) -> bool:
    number, count = shard
    return int.from_bytes(sha256(source.near.encode("utf-8", "surrogatepass")).digest()[:8]) % count == number - 1


def list_shard(folder: Path, shard: tuple[int, int], rules: str, files: Iterable[File]) -> None:
    """Leave the list of a finished shard. Those of an older division into another number go."""
    number, count = shard
    target = folder / "shards" / str(count) / f"{number}.jsonl"
    for other in folder.glob("shards/*/*.jsonl"):
        if other.parent.name != str(count):
            other.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    with draft.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        file.write(json.dumps({"rules": rules}) + "\n")
        for one in files:
            file.write(json.dumps([one.source, one.judged, one.reused], ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def gathered(folder: Path, rules: str) -> list[File]:
    """The files of all shards, in order of name. Raises ``UsageError`` if a shard is missing or went by other rules."""
    lists = sorted(folder.glob("shards/*/*.jsonl"))
    count = int(lists[0].parent.name) if lists else 0
    done = {int(file.stem) for file in lists}
    missing = [number for number in range(1, count + 1) if number not in done]
    if not lists or missing:
        raise UsageError(
            "SHARDS_MISSING",
            tr("Shards have not been done yet: {shards}.", shards=_listed(missing, count)),
            tr("Do them with --shard, or run the audit without --shard and --gather."),
            str(folder),
        )
    files: dict[str, File] = {}
    for each in lists:
        with each.open(encoding="utf-8", errors="surrogatepass") as lines:
            head = json.loads(next(lines))
            if head["rules"] != rules:
                raise UsageError(
                    "SHARD_RULES",
                    tr("This shard was done by other rules, options or another version of the program."),
                    tr("Do it again with --shard."),
                    str(each),
                )
            for line in lines:
                source, judged, reused = json.loads(line)
                files[source[0]] = File(Source(*source), Judged(*judged), reused)
    return [files[name] for name in sorted(files)]


def _listed(missing: Sequence[int], count: int) -> str:
    named = [f"{number}/{count}" for number in missing[:10]]
    return ", ".join((*named, "…") if len(missing) > len(named) else named) or "-"
