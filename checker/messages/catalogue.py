"""Keep the Chinese catalogue whole: ``python -m checker.messages.catalogue`` sorts ``checker.po``, compiles it to
``checker.mo`` and names every English text in the code that has no Chinese, and every Chinese text that no
code asks for. A developer's tool: nothing of it runs in a check.

``checker.po`` is the only source. It holds plain ``msgid``/``msgstr`` pairs, sorted, without contexts or
plural forms, which this program does not use.
"""

from __future__ import annotations

import ast
import string
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

__all__ = ["COMPILED", "SOURCE", "Use", "compile_catalogue", "find_faults", "read_po", "uses", "write_po"]

PACKAGE = Path(__file__).resolve().parents[1]
SOURCE = Path(__file__).parent / "zh_CN" / "LC_MESSAGES" / "checker.po"
COMPILED = SOURCE.with_suffix(".mo")
_HEADER = "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nLanguage: zh_CN\n"
_MO_MAGIC = 0x950412DE


class Use(NamedTuple):
    """One place in the code where ``tr`` is called. ``source`` is None where its first argument is not a
    literal, so that nobody could check it."""

    source: str | None
    origin: str


def read_po(path: Path) -> dict[str, str]:
    """The ``msgid`` → ``msgstr`` pairs of a PO file, its header left out.

    Raises ``ValueError`` with file and line for a line that is not understood and for a text given twice.
    """
    entries: dict[str, str] = {}
    parts: dict[str, str] = {}
    current = ""

    def finish(number: int) -> None:
        if not parts:
            return
        if "msgstr" not in parts:
            raise ValueError(f"{path}:{number}: msgid without msgstr")
        if entries.setdefault(parts["msgid"], parts["msgstr"]) != parts["msgstr"]:
            raise ValueError(f"{path}:{number}: a second translation of {parts['msgid']!r}")
        parts.clear()

    number = 0
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        keyword, _, rest = line.partition(" ")
        if keyword == "msgid":
            finish(number)
        if keyword in ("msgid", "msgstr"):
            current, line = keyword, rest.strip()
            parts[current] = ""
        if not (current and len(line) >= 2 and line[0] == line[-1] == '"'):
            raise ValueError(f"{path}:{number}: not a line of a PO file: {raw}")
        parts[current] += ast.literal_eval(line)
    finish(number)
    entries.pop("", None)
    return entries


def write_po(path: Path, entries: Mapping[str, str]) -> None:
    """Write ``entries`` sorted by English text, under the fixed header."""
    lines = ['msgid ""', 'msgstr ""', *(_quoted(line) for line in _HEADER.splitlines(keepends=True)), ""]
    for english in sorted(entries):
        lines += [f"msgid {_quoted(english)}", f"msgstr {_quoted(entries[english])}", ""]
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def compile_catalogue(entries: Mapping[str, str]) -> bytes:
    """The binary catalogue that ``gettext`` reads: the same bytes for the same entries, on any machine."""
    pairs = sorted((k.encode(), v.encode()) for k, v in {"": _HEADER, **entries}.items())
    keys_at = 7 * 4
    values_at = keys_at + 8 * len(pairs)
    position = values_at + 8 * len(pairs)
    tables, texts = [], b""
    for column in (0, 1):
        table = b""
        for pair in pairs:
            table += struct.pack("<2I", len(pair[column]), position + len(texts))
            texts += pair[column] + b"\0"
        tables.append(table)
    return struct.pack("<7I", _MO_MAGIC, 0, len(pairs), keys_at, values_at, 0, 0) + b"".join(tables) + texts


def uses(package: Path = PACKAGE) -> Iterator[Use]:
    """Every call of ``tr`` in the Python files under ``package``, in the order of the files."""
    for file in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes(), str(file))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr"):
                continue
            literal = node.args[0] if node.args else None
            constant = isinstance(literal, ast.Constant) and isinstance(literal.value, str)
            source = literal.value if constant else None  # type: ignore[union-attr]
            yield Use(source, f"{file.relative_to(package.parent).as_posix()}:{node.lineno}")


def find_faults(entries: Mapping[str, str], used: Mapping[str, str]) -> list[str]:
    """What is wrong between the catalogue and the texts ``used`` (English → where), a line each."""
    faults = [f"{used[text]}: no Chinese for {text!r}" for text in used if not entries.get(text)]
    faults += [f"{SOURCE.name}: nobody uses {text!r}" for text in entries if text not in used]
    for english, chinese in entries.items():
        if chinese and _placeholders(english) != _placeholders(chinese):
            faults.append(f"{SOURCE.name}: {chinese!r} has other placeholders than {english!r}")
    return sorted(faults)


def main() -> int:
    """Sort, compile and check; exit code 1 if anything is wrong."""
    entries = read_po(SOURCE)
    found = list(uses())
    used = {use.source: use.origin for use in found if use.source is not None}
    write_po(SOURCE, entries)
    COMPILED.write_bytes(compile_catalogue(entries))
    faults = [f"{use.origin}: tr() needs a literal text" for use in found if use.source is None]
    faults += find_faults(entries, used)
    print("\n".join([*faults, f"{len(entries)} texts compiled, {len(faults)} faults"]))
    return 1 if faults else 0


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


if __name__ == "__main__":
    sys.exit(main())
