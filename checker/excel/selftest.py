"""Find out on the user's machine what could not be tried where this program is made.

Every call is recorded with the type and the value that came back, or the error. The record of one real Excel (or
WPS) is what the doubles of the tests are held against.
"""

from __future__ import annotations

import json
import locale
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, NamedTuple

from checker.errors import CheckerError
from checker.excel.atomic import write_whole
from checker.excel.connect import PROGRAMS
from checker.excel.install import status
from checker.messages import Text, tr

__all__ = ["Call", "Selftest", "probe", "selftest"]

_LIBRARIES: Final = ("jixiao-checker", "xlwings", "pywin32", "appscript", "psutil")
_LONGEST: Final = 200
_VERY_HIDDEN: Final = 2


class Call(NamedTuple):
    """One call: the type and value of its result, or the error."""

    call: str
    type: str
    value: str
    error: str


class Selftest(NamedTuple):
    environment: dict[str, str]
    addin: dict[str, Any]
    #: By the name of the program, what it answered.
    programs: dict[str, list[Call]]
    not_tried: list[Text]

    def as_json(self) -> str:
        return json.dumps(
            {
                "format": 1,
                "environment": self.environment,
                "addin": self.addin,
                "programs": {name: [call._asdict() for call in calls] for name, calls in self.programs.items()},
                "not_tried": [text._asdict() for text in self.not_tried],
            },
            ensure_ascii=False,
            indent=2,
        )


def selftest(
    json_out: Path | None = None, environment: Mapping[str, str] | None = None, system: str = sys.platform
) -> Selftest:
    """Try everything that can be tried here; write it to ``json_out``. Raises ``OSError`` only for that file."""
    addin = _addin(environment, system)
    programs: dict[str, list[Call]] = {}
    not_tried: list[Text] = []
    if system == "win32":
        for name in PROGRAMS:
            try:
                application, started = _reach(name)
            except Exception as error:  # COM errors have no class of their own without pywin32
                not_tried.append(tr("{program} was not reached: {reason}", program=name, reason=error))
                continue
            programs[name] = _tried(application, started, addin.get("path"))
    elif system == "darwin":
        not_tried.append(tr("On macOS, press each button of the tab once and send this file with what you saw."))
    else:
        not_tried.append(tr("There is no Excel on this system: the ribbon, the macros and the marks were not tried."))
    tested = Selftest(_environment(system), addin, programs, not_tried)
    if json_out is not None:
        write_whole(json_out, (tested.as_json() + "\n").encode())
    return tested


def probe(application: Any, folder: Path) -> list[Call]:
    """What ``application`` (COM) answers, on a new workbook that is closed again without saving."""
    return list(_calls(application, folder))


def _tried(application: Any, started: bool, addin: str | None) -> list[Call]:
    with tempfile.TemporaryDirectory(prefix="checker-") as folder:
        calls = probe(application, Path(folder))
    if addin is not None:
        calls += _on_addin(application, started, Path(addin))
    if started:
        calls.append(_call("Application.Quit()", application.Quit)[0])
    return calls


def _on_addin(application: Any, started: bool, addin: Path) -> Iterator[Call]:
    """Whether Excel has the add-in and can compile it: a program that was started for this loads none by itself."""
    if started:
        yield _call("Workbooks.Open(add-in)", lambda: application.Workbooks.Open(str(addin)).Name)[0]
    yield _call("Workbooks(add-in).FullName", lambda: application.Workbooks(addin.name).FullName)[0]
    # No name of a button, so nothing is started.
    yield _call("Run(CheckerStart, '-')", lambda: application.Run(f"{addin.name}!CheckerStart", "-"))[0]


def _calls(application: Any, folder: Path) -> Iterator[Call]:
    for name in ("Name", "Version", "Build", "Hwnd", "OperatingSystem", "Ready", "Interactive", "ScreenUpdating"):
        yield _call(f"Application.{name}", partial(getattr, application, name))[0]
    made, book = _call("Workbooks.Add()", lambda: application.Workbooks.Add())
    yield made
    if book is None:
        return
    try:
        yield from _on_sheet(book.Worksheets(1))
        copy = folder / "copy.xlsx"
        yield _call("Workbook.SaveCopyAs(path)", lambda: book.SaveCopyAs(str(copy)))[0]
        yield _call("size of the copy", lambda: copy.stat().st_size)[0]
        yield _call("Worksheets.Add()", lambda: book.Worksheets.Add())[0]
        yield _call("Worksheet.Visible = 2", lambda: setattr(book.Worksheets(1), "Visible", _VERY_HIDDEN))[0]
        yield _call("Worksheet.Visible", lambda: book.Worksheets(1).Visible)[0]
    finally:
        yield _call("Workbook.Close(False)", lambda: book.Close(False))[0]


def _on_sheet(sheet: Any) -> Iterator[Call]:
    words = tr("Performance check").zh
    values = ((1, "00123", None), (0.1, "=1/0", words))
    colour = 0x99CCFF

    def cells(address: str) -> Any:
        return sheet.Range(address)

    steps: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("A1:C2.NumberFormat = '@' in column B", lambda: setattr(cells("B1"), "NumberFormat", "@")),
        ("A1:C2.Value = block", lambda: setattr(cells("A1:C2"), "Value", values)),
        ("A1:C2.Value", lambda: cells("A1:C2").Value),
        ("A1:C2.Value2", lambda: cells("A1:C2").Value2),
        ("A1:C2.Formula", lambda: cells("A1:C2").Formula),
        ("B2.Value2 of =1/0", lambda: cells("B2").Value2),
        ("A1:B1.NumberFormat, mixed", lambda: cells("A1:B1").NumberFormat),
        ("A3.NumberFormat = currency", lambda: setattr(cells("A3"), "NumberFormat", "$#,##0.00")),
        ("A3.Value = 1234.56789", lambda: setattr(cells("A3"), "Value", 1234.56789)),
        ("A3.Value of currency", lambda: cells("A3").Value),
        ("A3.Value2 of currency", lambda: cells("A3").Value2),
        ("A5:B5.Merge()", lambda: cells("A5:B5").Merge()),
        ("A5.MergeCells", lambda: cells("A5").MergeCells),
        ("A5:C5.MergeCells, mixed", lambda: cells("A5:C5").MergeCells),
        ("B5.MergeArea.Address", lambda: cells("B5").MergeArea.Address),
        ("A1.Interior.ColorIndex without fill", lambda: cells("A1").Interior.ColorIndex),
        ("A1.Interior.Color without fill", lambda: cells("A1").Interior.Color),
        ("A1.Interior.Color = colour", lambda: setattr(cells("A1").Interior, "Color", colour)),
        ("A1.Interior.Color", lambda: cells("A1").Interior.Color),
        ("A1.Comment without one", lambda: cells("A1").Comment),
        ("A1.AddComment(words)", lambda: cells("A1").AddComment(words)),
        ("A1.Comment.Text()", lambda: cells("A1").Comment.Text()),
        ("A1.Comment.Text(more, 3, False)", lambda: cells("A1").Comment.Text("+++", 3, False)),
        ("A1.Comment.Text() with more", lambda: cells("A1").Comment.Text()),
        ("A1.Comment, characters 3 to 5 deleted", lambda: _characters(cells("A1"), 3, 3).Delete()),
        ("A1.Comment.Text() without", lambda: cells("A1").Comment.Text()),
        ("A1.AddComment(words) again", lambda: cells("A1").AddComment(words)),
        ("Worksheet.Comments.Count", lambda: sheet.Comments.Count),
        ("A1,C2.Interior.Color = colour", lambda: setattr(cells("A1,C2").Interior, "Color", colour)),
        ("C2.Interior.Color of both", lambda: cells("C2").Interior.Color),
        ("Worksheet.FilterMode", lambda: sheet.FilterMode),
        ("Worksheet.AutoFilterMode = False", lambda: setattr(sheet, "AutoFilterMode", False)),
        ("A1:C2.EntireRow.Hidden = False", lambda: setattr(cells("A1:C2").EntireRow, "Hidden", False)),
        ("Worksheet.Select()", lambda: sheet.Select()),
        ("A1.Comment.Delete()", lambda: cells("A1").Comment.Delete()),
        ("D1.Formula = link", lambda: setattr(cells("D1"), "Formula", '=HYPERLINK("#A1","A1")')),
        ("D1.Value2", lambda: cells("D1").Value2),
        ("Worksheet.ProtectContents", lambda: sheet.ProtectContents),
        ("Worksheet.UsedRange.Address", lambda: sheet.UsedRange.Address),
    )
    for name, function in steps:
        yield _call(name, function)[0]


def _characters(cell: Any, start: int, length: int) -> Any:
    return cell.Comment.Shape.TextFrame.Characters(start, length)


def _call(name: str, function: Callable[[], Any]) -> tuple[Call, Any]:
    """The record of one call, and its result, None if it failed."""
    try:
        result = function()
    except Exception as error:
        return Call(name, "", "", f"{type(error).__name__}: {error}"[:_LONGEST]), None
    return Call(name, type(result).__name__, repr(result)[:_LONGEST], ""), result


def _reach(name: str) -> tuple[Any, bool]:
    """The running program of that name, and whether it had to be started, as only Excel is. Raises what COM raises."""
    client = import_module("win32com.client")
    try:
        return client.GetActiveObject(name), False
    except Exception:
        if name != PROGRAMS[0]:
            raise
        return client.DispatchEx(name), True


def _environment(system: str) -> dict[str, str]:
    known = {
        "system": system,
        "platform": platform.platform(),
        "python": sys.version,
        "interpreter": sys.executable,
        "bits": platform.architecture()[0],
        "encoding": locale.getpreferredencoding(False),
        "file names": sys.getfilesystemencoding(),
    }
    for library in _LIBRARIES:
        try:
            known[library] = version(library)
        except PackageNotFoundError:
            known[library] = ""
    return {**known, **_policy()}


def _policy() -> dict[str, str]:
    """What Windows says about macros in Excel: settings of the user, and those of IT, which win."""
    found: dict[str, str] = {}
    if sys.platform == "win32":
        import winreg

        for root in (r"Software\Microsoft", r"Software\Policies\Microsoft"):
            for office in ("12.0", "14.0", "15.0", "16.0"):
                path = rf"{root}\Office\{office}\Excel\Security"
                for name in ("VBAWarnings", "AccessVBOM", "blockcontentexecutionfrominternet", "RequireAddinSig"):
                    try:
                        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
                            found[rf"{path}\{name}"] = str(winreg.QueryValueEx(key, name)[0])
                    except OSError:
                        continue
    return found


def _addin(environment: Mapping[str, str] | None, system: str) -> dict[str, Any]:
    try:
        found = status(environment, system)
    except CheckerError as error:
        return {"error": error.code}
    return {
        **found._asdict(),
        "path": str(found.path) if found.path else None,
        "stale": [text._asdict() for text in found.stale],
    }
