"""Compiled packs, kept between runs: reading YAML and validating it costs a hundred times as much.

An entry is named by a digest of everything that went into it (files, lexicon, check kinds, this program, this Python),
so it is never out of date, only unused. It is a pickle that can make nothing but the program's own data:
the folder is the user's, but a file in it is still not trusted. What cannot be read is made again; where nothing
can be written, nothing is kept.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import sys
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from checker.errors import CheckerError
from checker.formula.tree import Node
from checker.model.plugin import CheckKind
from checker.model.rule import Pack
from checker.packs.files import PackFiles, digest
from checker.packs.resources import PACKAGE

__all__ = ["Compiled", "folder", "key", "read", "write"]


class Compiled(NamedTuple):
    """What is kept: packs by id, the lexicon, the mistakes of the packs that are left out, and the packs' formulas."""

    packs: Mapping[str, Pack]
    lexicon: Mapping[str, Any]
    failures: tuple[CheckerError, ...]
    formulas: Mapping[str, Node]


_MAGIC: Final = b"checker packs 2\n"
_KEPT: Final = 16
_DIGEST_SIZE: Final = 32
_SINGLE: Final = frozenset({("checker.messages", "Text"), ("checker.errors", "PackError"), ("decimal", "Decimal")})
_WHOLE: Final = ("checker.model.", "checker.values.", "checker.formula.tree.")


def folder() -> str:
    """Where entries are kept: ``CHECKER_CACHE``, or the platform's folder for caches."""
    environ = os.environ
    if environ.get("CHECKER_CACHE"):
        return environ["CHECKER_CACHE"]
    home = os.path.expanduser("~")  # noqa: PTH111
    if sys.platform == "win32":
        base = environ.get("LOCALAPPDATA") or f"{home}/AppData/Local"
    elif sys.platform == "darwin":
        base = f"{home}/Library/Caches"
    else:
        base = environ.get("XDG_CACHE_HOME") or f"{home}/.cache"
    return f"{base}/jixiao-checker"


def key(found: Sequence[PackFiles], kinds: Iterable[CheckKind], lexicon: bytes) -> str:
    """The name of the entry for these packs, compiled by this program."""
    shapes = sorted((kind.name, repr(kind.schema)) for kind in kinds)
    return digest(
        ((f"{files.source.origin}:{files.root}", files.files) for files in found),
        lexicon,
        repr((shapes, sys.version, _program())).encode(),
    )


def read(entry: str) -> Compiled | None:
    """The entry of that name, or None."""
    try:
        with open(_path(entry), "rb") as file:  # noqa: PTH123
            content = file.read()
    except OSError:
        return None
    head = len(_MAGIC) + _DIGEST_SIZE
    payload = memoryview(content)[head:]
    if content[:head] != _MAGIC + sha256(payload).digest():
        return None
    try:
        return Compiled(*_Unpickler(io.BytesIO(payload)).load())
    except Exception:  # whatever is wrong with an entry, it can be made again
        return None


def write(entry: str, compiled: Compiled) -> None:
    """Keep the entry, whole or not at all. A folder that cannot be written to is no error."""
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=5).dump(tuple(compiled))
    payload = buffer.getvalue()
    path = _path(entry)
    partial = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
        with open(partial, "xb") as file:  # noqa: PTH123
            file.write(_MAGIC + sha256(payload).digest() + payload)
        os.replace(partial, path)  # noqa: PTH105
        _prune()
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(partial)  # noqa: PTH108


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Errors by their arguments, as the named tuples are of themselves: a changed class fails, not half filled."""
        if isinstance(value, CheckerError):
            return type(value), (value.code, value.message, value.hint, value.where)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _SINGLE or module.startswith(_WHOLE) or f"{module}." in _WHOLE:
            found = getattr(sys.modules.get(module) or __import__(module, fromlist=[name]), name)
            if isinstance(found, type) and found.__module__ in (module, "decimal"):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a pack")


def _path(entry: str) -> str:
    return f"{folder()}/packs-{entry}.pickle"


def _program() -> tuple[object, ...]:
    """What stands for the version of the code and schemas that compile packs: their files' sizes and times."""
    state: list[object] = []
    for place in ("packs", "model", "formula", "_data/schemas", "../schemas"):
        with contextlib.suppress(OSError), os.scandir(f"{PACKAGE}/{place}") as entries:
            for entry in entries:
                if entry.name.endswith((".py", ".json")):
                    status = entry.stat()
                    state.append((entry.name, status.st_size, status.st_mtime_ns))
    return (str(PACKAGE), *sorted(state, key=repr))


def _prune() -> None:
    """Leave the newest entries only."""
    with os.scandir(folder()) as entries:
        kept = [(e.stat().st_mtime_ns, e.path) for e in entries if e.name.startswith("packs-")]
    for _, path in sorted(kept)[:-_KEPT]:
        os.unlink(path)  # noqa: PTH108
