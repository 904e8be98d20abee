"""Compiled packs, kept between runs: reading YAML and validating it costs a hundred times as much.

Each pack is kept in a file of its own, and an entry holds the heads of all packs that are used together, by which
workbooks are recognised: nobody waits for the rules of other packs, and a further folder of packs costs only its own.
Both are named by a digest of everything that went into them (files, lexicon, check kinds, this program, this Python),
so they are never out of date, only unused. A note says which entry is for files of such sizes and times, so that files
that did not change are not even read.

What is kept are pickles that can make nothing but the program's own data: the folder is the user's, but a file in it is
still not trusted. What cannot be read is made again; where nothing can be written, nothing is kept.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import pickle
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from itertools import chain
from time import time
from typing import Any, Final, NamedTuple

from checker.errors import CheckerError
from checker.formula.functions import FUNCTIONS
from checker.model.form import Form
from checker.model.plugin import CheckKind
from checker.model.rule import Pack
from checker.packs.files import PackFiles, State, digest
from checker.packs.resources import PACKAGE
from checker.packs.stored import Body, Later

__all__ = ["Entry", "body", "compiler", "folder", "forms", "head", "keep", "key", "note", "noted", "read", "write"]


class Entry(NamedTuple):
    """One entry, opened: heads of packs by id, under which names the packs are kept, the lexicon, and the mistakes of
    the packs that are left out."""

    packs: Mapping[str, Pack]
    names: Mapping[str, str]
    lexicon: Mapping[str, Any]
    failures: tuple[CheckerError, ...]


_MAGIC: Final = b"checker packs 4\n"
#: So many files are kept: entries with their notes, and packs.
_KEPT: Final = {"packs-": 32, "pack-": 128}
#: The parts of a pack.
_HEAD, _BODY, _FORMS = "head", "body", "forms"
_DIGEST_SIZE: Final = 32
_NAME_SIZE: Final = 64
_LENGTH_SIZE: Final = 4
_MOST_CONTENTS: Final = 1_000_000
#: A file that has not changed for so many seconds is not being written.
_SETTLED: Final = 2.0
#: What is compared as it is written: 1 is not True, and 1.0 is not 1.
_SCALARS: Final = frozenset({int, bool, Decimal, type(None)})
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


def key(found: Iterable[PackFiles], lexicon: bytes, compiler: str) -> str:
    """The name of the entry for these packs, made by ``compiler``."""
    return digest(((f"{f.source.origin}:{f.root}", f.files) for f in found), lexicon, compiler.encode())


def compiler(kinds: Mapping[str, CheckKind], own: Collection[str] = ()) -> str:
    """What stands for the program that compiles packs: this code, this Python, these kinds of checks, and the functions
    that formulas may call.

    This code is that of the kinds in ``own`` too; others are told apart by their schemas.
    """
    schemas = sorted((name, "" if name in own else repr(kinds[name].schema)) for name in kinds)
    functions = sorted((name, function.arity) for name, function in FUNCTIONS.items())
    return repr((schemas, functions, sys.version, _program()))


def noted(states: Iterable[State], compiler: str) -> str:
    """The name of the entry for files in these states, if it was noted down; else nothing.

    Where no file has changed, none has to be read.
    """
    path = _note(states, compiler)
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            name = file.read(_NAME_SIZE + 1).decode("ascii", "replace")
    except OSError:
        return ""
    _used(path)
    return name if len(name) == _NAME_SIZE and name.isalnum() else ""


def note(states: Iterable[State], compiler: str, entry: str) -> None:
    """Note down which entry is for files in these states, unless one has just been written: it might be written again
    within the grain of the clock."""
    states = list(states)
    if max((max(state.changed) for state in states), default=0) < (time() - _SETTLED) * 1e9:
        _keep(_note(states, compiler), entry.encode())


def read(entry: str) -> Entry | None:
    """The entry of that name, or None."""
    found = _part(_path(entry), "")
    return Entry(*found) if found is not None else None


def write(entry: str, content: Entry) -> None:
    """Keep the entry. A folder that cannot be written to is no error."""
    _keep_parts(_path(entry), {"": tuple(content)})


def head(name: str) -> Pack | None:
    """The pack kept under that name without its body, or None."""
    found: Pack | None = _part(_pack(name), _HEAD)
    return found


def body(name: str) -> Body | None:
    """The body of the pack kept under that name, or None."""
    found = _part(_pack(name), _BODY)
    return Body(*found) if found is not None else None


def forms(name: str) -> Mapping[str, Mapping[str, Any]] | None:
    """The forms as written of the pack kept under that name, for packs that extend it; or None."""
    found: Mapping[str, Mapping[str, Any]] | None = _part(_pack(name), _FORMS)
    return found


def keep(name: str, head: Pack, body: Body, forms: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep a pack, whole or not at all. A folder that cannot be written to is no error."""
    _keep_parts(_pack(name), {_HEAD: head, _BODY: tuple(body), _FORMS: forms})


def _keep_parts(path: str, values: Mapping[str, object]) -> None:
    parts = {name: _pickled(value) for name, value in values.items()}
    offset, lines = 0, []
    for name, part in parts.items():
        lines.append(f"{name}\t{offset}\t{len(part)}\t{sha256(part).hexdigest()}")
        offset += len(part)
    contents = "\n".join(lines).encode()
    head = _MAGIC + sha256(contents).digest() + len(contents).to_bytes(_LENGTH_SIZE, "big")
    _keep(path, b"".join((head, contents, *parts.values())))


def _part(path: str, name: str) -> Any:
    """One part of a file: what it was written for, or None if there is none or anything is wrong with it."""
    size = len(_MAGIC) + _DIGEST_SIZE
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            head, length = file.read(size), int.from_bytes(file.read(_LENGTH_SIZE), "big")
            contents = file.read(min(length, _MOST_CONTENTS))
            if head != _MAGIC + sha256(contents).digest():
                return None
            parts = {part: numbers for part, *numbers in (line.split("\t") for line in contents.decode().split("\n"))}
            offset, amount, expected = parts[name]
            file.seek(int(offset), os.SEEK_CUR)
            payload = file.read(int(amount))
        if sha256(payload).hexdigest() != expected:
            return None
        found = _unpickled(payload)
    except Exception:  # whatever is wrong with it, it can be made again
        return None
    _used(path)
    return found


def _unpickled(content: bytes) -> Any:
    with _no_garbage():
        return _Unpickler(io.BytesIO(content)).load()


@contextlib.contextmanager
def _no_garbage() -> Iterator[None]:
    """Nothing that is read is garbage: looking for some again and again takes longer than reading."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _pickled(value: object) -> bytes:
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=5).dump(_Condenser().condensed(value))
    return buffer.getvalue()


def _keep(path: str, content: bytes) -> None:
    partial = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
        with open(partial, "xb") as file:  # noqa: PTH123
            file.write(content)
        os.replace(partial, path)  # noqa: PTH105
        _prune(os.path.basename(path).partition("-")[0] + "-")  # noqa: PTH119
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(partial)  # noqa: PTH108


class _Condenser:
    """Makes one object of what is equal, so that it is written and read once, and looked for in a workbook once: forms
    repeat each other's tables."""

    def __init__(self) -> None:
        self._equal: dict[object, Any] = {}
        self._done: dict[int, tuple[object, Any]] = {}  # what was condensed stands here too: its id is not used again

    def condensed(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._equal.setdefault((str, value), value)
        if isinstance(value, Later) and isinstance(value._content, bytes):
            return self._equal.setdefault((Later, value._content), value)
        if not isinstance(value, tuple | list | dict):
            return value
        if id(value) not in self._done:
            self._done[id(value)] = value, self._remade(value)
        return self._done[id(value)][1]

    def _remade(self, value: Any) -> Any:
        if isinstance(value, Form) and not isinstance(value.layout, Later) and value.layout:
            value = value._replace(layout=Later(_pickled(dict(value.layout)), _unpickled))
        parts = [self.condensed(part) for part in (chain(*value.items()) if isinstance(value, dict) else value)]
        key = (type(value), *((type(part), repr(part)) if type(part) in _SCALARS else id(part) for part in parts))
        if key not in self._equal:
            self._equal[key] = self._made(value, parts)
        return self._equal[key]

    @staticmethod
    def _made(value: Any, parts: list[Any]) -> Any:
        if isinstance(value, dict):
            return dict(zip(parts[::2], parts[1::2], strict=True))
        if isinstance(value, list):
            return parts
        return type(value)._make(parts) if hasattr(value, "_make") else tuple(parts)


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Errors by their arguments, as the named tuples are of themselves: a changed class fails, not half filled."""
        if isinstance(value, CheckerError):
            return type(value), (value.code, value.message, value.hint, value.where)
        return NotImplemented

    def persistent_id(self, value: Any) -> Any:
        """A mapping kept for later is its content, which is no part of the pickle around it."""
        return value._content if isinstance(value, Later) else None


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, content: Any) -> Any:
        return Later(content, _unpickled)

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _SINGLE or module.startswith(_WHOLE) or f"{module}." in _WHOLE:
            found = getattr(sys.modules.get(module) or __import__(module, fromlist=[name]), name)
            if isinstance(found, type) and found.__module__ in (module, "decimal"):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a pack")


def _path(entry: str) -> str:
    return f"{folder()}/packs-{entry}.pickle"


def _pack(name: str) -> str:
    return f"{folder()}/pack-{name}.pickle"


def _note(states: Iterable[State], compiler: str) -> str:
    return f"{folder()}/packs-{sha256(repr(([*states], compiler)).encode()).hexdigest()}.note"


def _program() -> tuple[object, ...]:
    """What stands for the version of the code and schemas that compile packs: their files' sizes and times."""
    state: list[object] = []
    for place in ("packs", "checks", "model", "formula", "_data/schemas", "../schemas"):
        with contextlib.suppress(OSError), os.scandir(f"{PACKAGE}/{place}") as entries:
            for entry in entries:
                if entry.name.endswith((".py", ".json")):
                    status = entry.stat()
                    state.append((entry.name, status.st_size, status.st_mtime_ns))
    return (str(PACKAGE), *sorted(state, key=repr))


def _used(path: str) -> None:
    """Remember that a file was of use: what is used every day is not cleared away for what was tried out."""
    with contextlib.suppress(OSError):
        os.utime(path)


def _prune(kind: str) -> None:
    """Leave only what was used last of the files whose names begin so."""
    with os.scandir(folder()) as entries:
        kept = [(e.stat().st_mtime_ns, e.path) for e in entries if e.name.startswith(kind)]
    for _, path in sorted(kept)[: -_KEPT[kind]]:
        os.unlink(path)  # noqa: PTH108
