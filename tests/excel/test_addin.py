"""The add-in: what differs from the template of xlwings, what was cut from it, and that others can read it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from checker.errors import CheckerError
from checker.excel.addin import Interpreters, assemble, build, xlwings_folder
from checker.excel.cfb import read_compound, write_compound
from checker.excel.hardening import CUTS, harden, version_of
from checker.excel.ovba import compress, decompress

from .conftest import XLWINGS, as_workbook, parts_of

VBA = "xl/vbaProject.bin"
CHANGED = {VBA, "customUI/customUI.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"}


def modules(parts: dict[str, bytes]) -> dict[str, bytes]:
    below: Any = read_compound(parts[VBA])["VBA"]
    return dict(below)


def stock() -> str:
    """The module of the installed xlwings."""
    template = parts_of((xlwings_folder() / "quickstart_addin_ribbon.xlam").read_bytes())
    return decompress(modules(template)["xlwings"]).decode().replace("\r\n", "\n")


def test_only_what_is_named_differs(parts: dict[str, bytes], template: dict[str, bytes]) -> None:
    assert list(parts) == list(template)
    assert {name for name in parts if parts[name] != template[name]} == CHANGED
    ours, theirs = modules(parts), modules(template)
    assert set(ours) - set(theirs) == {"CheckerRibbon"}
    assert set(theirs) - set(ours) == {"RibbonMyAddin"}
    assert {name for name in set(ours) & set(theirs) if ours[name] != theirs[name]} == {"dir", "xlwings"}
    workbook = parts["xl/workbook.xml"].replace(b'"checker.conf"', b'"_myaddin.conf"')
    assert workbook == template["xl/workbook.xml"]


def test_the_same_inputs_give_the_same_bytes(package: bytes, tmp_path: Path) -> None:
    """In another process, another time zone, another order of hashes."""
    code = (
        "import sys; from pathlib import Path; from checker.excel.addin import build; print(build(Path(sys.argv[1])))"
    )
    environment = {**os.environ, "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1700000000"}
    target = tmp_path / "checker.xlam"
    told = subprocess.run(
        [sys.executable, "-c", code, target], env=environment, check=True, capture_output=True, text=True
    )
    assert target.read_bytes() == package
    assert sha256(package).hexdigest() in told.stdout
    assert [file.name for file in tmp_path.iterdir()] == ["checker.xlam"]


def test_nothing_of_this_machine_is_in_it(package: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    assert str(Path.home()).encode() not in package


def test_building_imports_no_xlwings(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; import checker, checker.excel.addin, checker.excel.install\n"
        "checker.excel.addin.build(Path(sys.argv[1])); assert 'xlwings' not in sys.modules, 'imported'"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "x.xlam"], check=True)


def test_the_interpreter_stands_in_the_settings(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = r"C:\Users\张三 & 李四\Python\python.exe"
    built = build(tmp_path / "checker.xlam", interpreter_windows=path)
    copy = tmp_path / "checker.xlsm"
    copy.write_bytes(as_workbook(built.path.read_bytes()))
    book = openpyxl.load_workbook(copy)
    assert book.sheetnames == ["checker.conf"]
    settings = dict(book["checker.conf"].iter_rows(values_only=True))
    assert settings["Interpreter_Win"] == path
    assert settings["Interpreter_Mac"] == Interpreters().mac
    assert settings["ADD_WORKBOOK_TO_PYTHONPATH"] == "false"
    assert settings["Use UDF Server"] is False
    assert settings["PYTHONPATH"] is settings["Conda Path"] is None
    assert settings["MESSAGE_NO_WORKBOOK"] == "请先打开要检查的工作簿，再点按钮。"


def test_every_message_that_is_asked_for_is_there(parts: dict[str, bytes]) -> None:
    asked = set(re.findall(r'"(MESSAGE_\w+)"', decompress(modules(parts)["CheckerRibbon"]).decode("ascii")))
    there = set(re.findall(r"<t>(MESSAGE_\w+)</t>", parts["xl/worksheets/sheet1.xml"].decode()))
    assert asked == there
    assert len(asked) == 9


def test_the_settings_have_no_hole(parts: dict[str, bytes]) -> None:
    """VBA reads them from the first row down to the first blank cell."""
    rows = re.findall(r'<c r="A(\d+)" t="inlineStr"><is><t>[^<]+</t>', parts["xl/worksheets/sheet1.xml"].decode())
    assert [int(row) for row in rows] == list(range(1, len(rows) + 1))


def read_by_olevba(package: bytes) -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        olevba = pytest.importorskip("oletools.olevba")
        parser = olevba.VBA_Parser("checker.xlam", data=package)
        try:
            return {name: code for _, _, name, code in parser.extract_macros()}
        finally:
            parser.close()


def test_another_parser_reads_the_modules(package: bytes) -> None:
    found = read_by_olevba(package)
    assert set(found) == {"ThisWorkbook.cls", "Dictionary.cls", "CheckerRibbon.bas", "Sheet2.cls", "xlwings.bas"}
    ours = (Path(__file__).parents[2] / "checker" / "excel" / "CheckerRibbon.bas").read_text(encoding="ascii")
    assert found["CheckerRibbon.bas"].splitlines() == ours.splitlines()
    assert found["xlwings.bas"].splitlines() == harden(stock()).splitlines()
    assert "BSD 3-clause license" in found["xlwings.bas"]
    assert "License: MIT" in found["Dictionary.cls"]


def test_another_parser_finds_the_container_sound(parts: dict[str, bytes]) -> None:
    olefile = pytest.importorskip("olefile")
    with olefile.OleFileIO(parts[VBA], raise_defects=olefile.DEFECT_POTENTIAL) as read:
        assert read.parsing_issues == []
        listing = read.openstream("PROJECT").read().decode("ascii")
    assert 'Name="CheckerAddin"' in listing
    assert re.findall(r"Module=(\w+)", listing) == ["CheckerRibbon", "xlwings"]


def test_what_trusts_the_workbook_is_gone() -> None:
    before, after = stock(), harden(stock())
    for procedure, word in (("GetConfig", "ActiveWorkbook"), ("RunPython", "ActiveWorkbook.FullName")):
        assert word in body(before, procedure)
        assert word not in body(after, procedure)
    assert '".py"' in body(before, "RunPython")
    assert '".py"' not in body(after, "RunPython")
    assert "GetDirectoryConfigFilePath()" in body(before, "GetConfig")
    assert "GetDirectoryConfigFilePath()" not in body(after, "GetConfig")
    assert 'PROJECT_NAME As String = "checker"' in after


def test_little_else_than_lines_taken_out_differs() -> None:
    def lines(text: str) -> list[str]:
        found = [re.sub(r"^(\s*)(?:Private |Public )", r"\1", line) for line in text.splitlines()]
        return [line for line in found if "PROJECT_NAME As String" not in line]

    before, after = lines(stock()), lines(harden(stock()))
    remaining, added = list(before), []
    for line in after:
        if line in remaining:
            del remaining[: remaining.index(line) + 1]
        else:
            added.append(line.strip())
    assert [line for line in added if line not in ("", "End Sub")] == [
        "Err.Raise 20001",
        "CheckerFailed ReadFile(FileName) & Message",
        "Sub CheckerStart(action As String)",
        'If Not (action Like "*[!a-z_]*") Then RunPython "from checker.excel import main;main(\'" & action & "\')"',
    ]
    assert len(before) - len(after) < 110


def test_cells_and_shapes_of_a_workbook_find_nothing_to_call(parts: dict[str, bytes]) -> None:
    """Cells of any open workbook can call the public functions of an add-in, and shapes its public procedures."""
    found = [
        (module, *found)
        for module, content in modules(parts).items()
        if module in ("xlwings", "CheckerRibbon")
        for found in re.findall(
            r"^[ \t]*(?:Public )?(Declare|Function|Sub) (?:PtrSafe )?(\w+)", decompress(content).decode("ascii"), re.M
        )
    ]
    assert sorted(found) == [
        ("CheckerRibbon", "Sub", "CheckerAction"),
        ("CheckerRibbon", "Sub", "CheckerFailed"),
        ("CheckerRibbon", "Sub", "CheckerSaveCopy"),
        ("xlwings", "Sub", "CheckerStart"),
    ]


def test_what_a_new_release_makes_public_is_private_too() -> None:
    added = (
        'Public Static Function A()\nEnd Function\n  property get B()\nEnd Property\nDeclare Function C Lib "d" ()\n'
    )
    told = harden(stock() + added)
    assert told.count("Private Static Function A") == told.count("  Private property get B") == 1
    assert told.count('Private Declare Function C Lib "d"') == 1
    assert "Public Static" not in told


def body(text: str, procedure: str) -> str:
    found = re.search(rf"^(?:Public |Private )?(Function|Sub) {procedure}\(.*?^End \1", text, re.M | re.S)
    assert found
    return found.group()


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
@pytest.mark.parametrize("anchor", ["first", "before"])
@pytest.mark.parametrize("change", ["missing", "twice"])
def test_an_unexpected_module_is_refused(cut: Any, anchor: str, change: str) -> None:
    text = stock()
    line = f"\n{getattr(cut, anchor)}"
    assert text.count(line) == 1
    text = text.replace(line, "\n' gone" if change == "missing" else line + " x" + line)
    with pytest.raises(CheckerError) as caught:
        harden(text)
    assert caught.value.code == "XLWINGS_UNKNOWN"
    assert version_of(text) in caught.value.render("zh")


def test_a_part_that_comes_back_by_another_way_is_refused() -> None:
    text = stock().replace(
        "    ' User Config\n", '    \' User Config\n    GetConfig = ActiveWorkbook.Sheets(1).Range("A1")\n'
    )
    with pytest.raises(CheckerError, match="GetConfig"):
        harden(text)


def package_with(folder: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A folder with a template that was changed."""
    parts = parts_of((xlwings_folder() / "quickstart_addin_ribbon.xlam").read_bytes())
    change(parts)
    with zipfile.ZipFile(folder / "quickstart_addin_ribbon.xlam", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return folder


def without_module(parts: dict[str, bytes]) -> None:
    project: Any = dict(read_compound(parts[VBA]))
    project["VBA"] = {name: content for name, content in project["VBA"].items() if name != "RibbonMyAddin"}
    parts[VBA] = write_compound(project)


def with_other_module(parts: dict[str, bytes]) -> None:
    project: Any = dict(read_compound(parts[VBA]))
    project["VBA"] = {**project["VBA"], "xlwings": compress(b'Public Const XLWINGS_VERSION As String = "9.9.9"\n')}
    parts[VBA] = write_compound(project)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda parts: parts.pop(VBA), "TEMPLATE_UNUSABLE"),
        (lambda parts: parts.update({VBA: b"no project"}), "TEMPLATE_UNUSABLE"),
        (lambda parts: parts.update({"xl/workbook.xml": b"<workbook/>"}), "TEMPLATE_UNUSABLE"),
        (lambda parts: parts.update({"xl/worksheets/sheet1.xml": b"<worksheet/>"}), "TEMPLATE_UNUSABLE"),
        (without_module, "TEMPLATE_UNUSABLE"),
        (with_other_module, "XLWINGS_UNKNOWN"),
    ],
)
def test_another_template_is_refused(tmp_path: Path, change: Callable[[dict[str, bytes]], None], code: str) -> None:
    with pytest.raises(CheckerError) as caught:
        assemble(Interpreters(), package_with(tmp_path, change))
    assert caught.value.code == code


def test_no_template_is_said(tmp_path: Path) -> None:
    with pytest.raises(CheckerError) as caught:
        assemble(Interpreters(), tmp_path)
    assert caught.value.code == "TEMPLATE_UNUSABLE"
    assert "xlwings" in caught.value.render("zh")


@pytest.mark.slow
@pytest.mark.parametrize("version", XLWINGS)
def test_it_can_be_built_from_every_supported_release(release: Callable[[str], Path], version: str) -> None:
    folder = release(version) / "xlwings"
    content, found = assemble(Interpreters(), folder)
    assert found == version
    assert content == assemble(Interpreters(), folder)[0]
    text = read_by_olevba(content)["xlwings.bas"]
    assert f'XLWINGS_VERSION As String = "{version}"' in text
    assert "ActiveWorkbook" not in body(text, "GetConfig")
    assert (folder / f"xlwings-{version}.applescript").exists()


@pytest.mark.slow
@pytest.mark.parametrize("version", ["", *XLWINGS])
def test_a_module_beside_the_workbook_is_not_picked_up(
    release: Callable[[str], Path], version: str, tmp_path: Path
) -> None:
    """What ``RunPython`` puts together, of the settings and of the two paths that no line sets any more."""
    (tmp_path / "openpyxl.py").write_text("planted = True\n", encoding="utf-8")
    book = tmp_path / "自评表.xlsx"
    environment = {**os.environ, "PYTHONPATH": str(release(version)) if version else ""}

    def planted(flag: str, active: str) -> bool:
        words = f"{flag};{active};;;;;"
        code = (
            "import xlwings.utils,sys;xlwings.utils.prepare_sys_path(sys.argv[1]);"
            "import openpyxl;print(hasattr(openpyxl,'planted'))"
        )
        told = subprocess.run(
            [sys.executable, "-c", code, words],
            cwd=Path(sys.executable).parent,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return told.stdout.strip() == "True"

    assert planted("true", str(book))  # as xlwings comes
    assert not planted("false", str(book))
    assert not planted("false", "")
