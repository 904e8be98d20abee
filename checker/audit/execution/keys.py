"""Names of results: a hash of everything that a result depends on. Equal names, equal results, so that nothing is done
twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Final

from checker.audit.execution.options import Options
from checker.engine.submission import called
from checker.session import Session

__all__ = ["RESULT", "Keys", "digest", "engine", "rules_of"]

#: A result is called by so many hex digits of its hash.
RESULT: Final = 16
#: What decides results; faces, papers and the store do not.
_ROOMS: Final = (
    "values", "messages", "model", "plugins", "readers", "locate", "formula", "reports", "packs", "checks", "scoring",
    "engine",
)  # fmt: skip
_MODULES: Final = (
    "errors.py",
    "session.py",
    "scores.py",
    "audit/store/rows.py",
    "audit/execution/keys.py",
    "audit/execution/worker.py",
)


def digest(*parts: str | bytes) -> str:
    """SHA-256 over texts or bytes, each with its length."""
    total = sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        total.update(b"%d:" % len(content) + content)
    return total.hexdigest()


@cache
def engine() -> str:
    """The version of the program, and what tells apart two states of its code of one version."""
    try:
        version = metadata.version("jixiao-checker")
    except metadata.PackageNotFoundError:  # run from a source tree that was never installed
        version = "0"
    root = Path(__file__).parents[2]
    files = [*(root / name for name in _MODULES)]
    for room in _ROOMS:
        files += [file for file in (root / room).rglob("*") if file.suffix in (".py", ".mo")]
    contents = (part for file in sorted(files) for part in (file.relative_to(root).as_posix(), file.read_bytes()))
    return f"{version}+{digest(*contents)[:12]}"


def rules_of(session: Session) -> str:
    """Digest of all rule packs and plugins of ``session``."""
    packs = [(pack.id, pack.digest) for pack in session.loaded.packs.values()]
    plugins = [info[:4] for info in session.plugins.describe() if info.origin == "installed"]
    return digest(json.dumps([packs, plugins]))


class Keys:
    """The names of all results under one state of the rules and one set of options."""

    def __init__(self, options: Options, rules: str) -> None:
        said = [digest(_content(file)) for file in (*options.explanations, *options.waivers)]
        # A waiver holds until a day.
        today = date.today().isoformat() if options.waivers else ""
        self.base = digest(engine(), rules, json.dumps([options.pack, options.year, said, len(options.waivers), today]))

    def alone(self, content: str, statements: bytes = b"") -> str:
        """The result of a workbook by itself. ``content`` is its SHA-256; ``statements`` what stands in the file of
        explanations beside it."""
        return digest(self.base, content, statements)[:RESULT]

    def together(self, results: Mapping[str, str], prior: Mapping[str, str]) -> dict[str, str]:
        """The results of workbooks judged together, by source. ``results`` are those of each by itself, ``prior`` the
        SHA-256 of last year's. What files are called in findings belongs to it."""
        names = called([*results, *prior])
        last = sorted(f"{names[source]} {content}" for source, content in prior.items())
        found = {}
        for source, result in results.items():
            others = sorted(f"{names[other]} {results[other]}" for other in results if other != source)
            found[source] = digest(result, json.dumps([others, last]))[:RESULT]
        return found

    @staticmethod
    def failed(result: str, *reason: str) -> str:
        """What is kept of a failure that another attempt may not meet."""
        return digest("failed", result, *reason)[:RESULT]


def _content(file: str) -> bytes:
    return Path(file).read_bytes()
