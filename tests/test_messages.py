"""Every text that users read has its Chinese, and the compiled catalogue is that of the source."""

from __future__ import annotations

import ast
import gettext
import io
from pathlib import Path

import pytest

from checker.messages import Text, catalogue, tr

ENTRIES = catalogue.read_po(catalogue.SOURCE)


def test_every_text_is_literal_and_catalogue_and_code_agree() -> None:
    uses = [*catalogue.uses()]
    assert uses
    assert [use.origin for use in uses if use.source is None] == []
    used = {use.source: use.origin for use in uses}
    assert catalogue.find_faults(ENTRIES, used) == []


def test_compiled_catalogue_is_that_of_the_source() -> None:
    assert catalogue.COMPILED.read_bytes() == catalogue.compile_catalogue(ENTRIES)


def test_source_is_written_as_the_tool_writes_it(tmp_path: Path) -> None:
    written = tmp_path / "checker.po"
    catalogue.write_po(written, ENTRIES)
    assert written.read_bytes() == catalogue.SOURCE.read_bytes()


def test_gettext_reads_what_we_compile() -> None:
    entries = {"a {x}": "甲 {x}", 'say "no"\n\tto \\': "说“不”", "zz": "末"}
    read = gettext.GNUTranslations(io.BytesIO(catalogue.compile_catalogue(entries)))
    assert {english: read.gettext(english) for english in entries} == entries
    assert read.gettext("missing") == "missing"


def test_po_round_trip_keeps_quotes_and_newlines(tmp_path: Path) -> None:
    entries = {'say "no"\n\tto \\': "说“不”\n", "b": "乙"}
    catalogue.write_po(tmp_path / "x.po", entries)
    assert catalogue.read_po(tmp_path / "x.po") == entries


def test_faults_are_found() -> None:
    faults = catalogue.find_faults(
        {"used {a}": "用 {b}", "unused": "没用", "empty": ""},
        {"used {a}": "x.py:1", "new": "y.py:2", "empty": "z.py:3"},
    )
    assert len(faults) == 4
    assert any(fault.startswith("y.py:2: no Chinese") for fault in faults)
    assert any("nobody uses 'unused'" in fault for fault in faults)
    assert any("other placeholders" in fault for fault in faults)


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bad.po"
    file.write_text('msgid "a"\nmsgstr oops\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.po:2"):
        catalogue.read_po(file)


def test_texts_are_filled_in_both_languages() -> None:
    text = tr("{where}: {what}", where="表!E7", what=Text("缺", "missing"))
    assert text == Text("表!E7：缺", "表!E7: missing")


def test_no_words_in_chinese_stand_in_the_code() -> None:
    """Labels live in rule packs and texts in the catalogue; docstrings may quote a form.

    ``readers/styles.py`` holds the number formats that Excel has built in for China, which are no words of ours.
    """
    package = catalogue.PACKAGE
    found = []
    for file in sorted(set(package.rglob("*.py")) - {package / "readers" / "styles.py"}):
        tree = ast.parse(file.read_bytes())
        documentation = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation
            ) and any("\u4e00" <= character <= "\u9fff" for character in node.value):
                found.append(f"{file.relative_to(package)}:{node.lineno}: {node.value!r}")
    assert found == []
