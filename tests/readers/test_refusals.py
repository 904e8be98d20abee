"""Every refusal has a text in both languages, and every text a use."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import checker.readers
from checker.readers.refusals import refusals
from checker.readers.remarks import remarks

FOLDER = Path(checker.readers.__file__).parent


def literals(function: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The literal codes that calls of ``function`` may have, each with the names of the call's parameters."""
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(function):
                names = frozenset(keyword.arg or "" for keyword in node.keywords)
                for part in ast.walk(node.args[0]) if node.args else ():
                    if isinstance(part, ast.Constant) and str(part.value).isupper() and "_" in str(part.value):
                        yield str(part.value), names


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def strings_in_code() -> set[str]:
    return {
        str(node.value)
        for file in (*FOLDER.glob("*.py"), *(FOLDER.parent / "excel").glob("*.py"))
        if file.name not in ("refusals.py", "remarks.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }


def test_every_code_is_used_and_every_use_has_a_code() -> None:
    assert set(refusals()) | set(remarks()) <= strings_in_code()
    assert {code for code, _ in literals("refuse")} <= set(refusals())
    assert {code for code, _ in literals("remark")} <= set(remarks())


def test_every_use_fills_the_places_of_its_text() -> None:
    for code, names in literals("refuse"):
        assert placeholders(refusals()[code][0].en) == names, code


def test_other_formats_are_to_be_saved_as_xlsx() -> None:
    for code, (_, hint) in refusals().items():
        if code.startswith("FORMAT_") and code not in ("FORMAT_PDF", "FORMAT_ARCHIVE"):
            assert ".xlsx" in hint.en
            assert "另存为" in hint.zh, code


def test_all_texts_are_translated() -> None:
    for message, hint in refusals().values():
        assert message.zh != message.en
        assert hint.zh != hint.en
        assert placeholders(message.zh) == placeholders(message.en)
    assert all(text.zh != text.en for text in remarks().values())
