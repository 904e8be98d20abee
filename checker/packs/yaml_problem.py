"""What YAML's own complaints mean: said in words of the file, with what most likely went wrong on the line."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import yaml

from checker.messages import Text, tr

__all__ = ["Problem", "explain"]

_LEADING_TAB: Final = re.compile(r" *(?:- +)*\t")
#: Full-width colon, comma, brackets, braces, quotation marks: what a Chinese keyboard types for those of YAML.
_WIDE: Final = re.compile("[\uff1a\uff0c\uff3b\uff3d\uff5b\uff5d\u201c\u201d\u3010\u3011]")
_NARROW: Final = str.maketrans("\uff1a\uff0c\uff3b\uff3d\uff5b\uff5d\u201c\u201d\u3010\u3011", ':,[]{}""[]')
_TIGHT: Final = re.compile(r"\s*(?:- )?[^\s:#\"'{}\[\]]+:[^\s/]")


class Problem(NamedTuple):
    """``place`` is line and column, from 1."""

    message: Text
    hint: Text
    place: tuple[int, int]


def explain(error: yaml.YAMLError, text: str) -> Problem:
    """The problem of ``error`` in ``text``."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem(tr("The YAML cannot be read: {problem}.", problem=str(error)), _general(), (1, 1))
    said = f"{error.context or ''} {error.problem or ''}"
    # A key without a colon is only missed on the line below it.
    mark = error.context_mark if "expected ':'" in said and error.context_mark else error.problem_mark
    mark = mark or error.context_mark
    row, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    line = lines[row] if row < len(lines) else ""
    return Problem(_message(said, line, column), _hint(said, line, column), (row + 1, column + 1))


def _message(said: str, line: str, column: int) -> Text:
    if "expected ':'" in said:
        return tr("There is no colon (:) behind a key here.")
    if "cannot start any token" in said and column < len(line) and line[column] != "\t":
        return tr("No value can begin with {sign}.", sign=line[column])
    if "cannot start any token" in said or "tab character" in said:
        return tr("A tab stands in the indentation here.")
    if "expected ',' or" in said:
        return tr("A comma is missing here, or the bracket before it is not closed.")
    if "quoted scalar" in said:
        return tr("The quotation mark that opens here is not closed.")
    if "expected key" in said or "'-' indicator" in said or "block end" in said:
        return tr("This does not line up with what stands above it, or something is left over on the line.")
    if "mapping values are not allowed" in said:
        return tr("There is a colon too many on this line, or the line is indented too far.")
    return tr("The YAML cannot be read: {problem}.", problem=said.strip())


def _hint(said: str, line: str, column: int) -> Text:
    wide = _WIDE.search(line)
    if _LEADING_TAB.match(line):
        return tr("Indent with spaces, not with tabs.")
    if wide:
        mark = wide[0]
        return tr("Write {narrow} for the full-width {wide}.", narrow=mark.translate(_NARROW), wide=mark)
    if "expected ':'" in said and _TIGHT.match(line):
        return tr("Put a space behind the colon.")
    if "expected ':'" in said:
        return tr("Write: key, colon, space, value.")
    if "cannot start any token" in said:
        return tr("Put the text in quotation marks.")
    if "expected ',' or" in said or "quoted scalar" in said:
        return tr("Look whether every bracket and quotation mark that opens on this line, or above it, closes.")
    if "mapping values are not allowed" in said:
        return tr("Put a text with a colon in it in quotation marks.")
    if "{" in line or '"' in line:
        return tr("Indent it as the line above, with spaces; put a text that begins with a brace in quotation marks.")
    return tr("Indent it as the lines that it belongs to, with spaces.")


def _general() -> Text:
    return tr("Look at indentation (spaces, no tabs), colons and quotation marks at this place.")
