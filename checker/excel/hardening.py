"""What is taken out of the VBA module of xlwings before it goes into the add-in.

As it comes, the module asks the workbook that is being checked, and files beside it, which Python to start and with
which settings, and puts the workbook's full path into a command line for ``cmd.exe`` or a shell. A workbook comes
from anybody. So each of these parts is cut; each is found by its first and its last line, which must be there exactly
once, or there is no add-in: a new version of xlwings is looked at before it is used.

Excel lets the cells of any open workbook call the public functions of an add-in, and its shapes the public procedures:
``=RunPython("…")`` in a received file would run what it says. So everything is made private, and the one procedure
that is added takes the name of a button and nothing else.

What the module would say to the officer in English, it says through ``CheckerRibbon.bas``.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from checker.errors import CheckerError
from checker.messages import tr

__all__ = ["CUTS", "PROJECT", "harden", "version_of"]

#: Names the settings sheet (``checker.conf``) and the user's settings file.
PROJECT: Final = "checker"
_VERSION: Final = re.compile(r'^Public Const XLWINGS_VERSION As String = "([0-9.]+)"$', re.MULTILINE)
_PROJECT_NAME: Final = re.compile(r'(?<=^Public Const PROJECT_NAME As String = ")\w+(?="$)', re.MULTILINE)


class Cut(NamedTuple):
    """Everything from the line that begins with ``first`` up to, and without, the one that begins with ``before``;
    ``instead`` stands in its place."""

    name: str
    first: str
    before: str
    instead: str = ""


CUTS: Final = (
    Cut(
        "settings in a sheet of the active workbook",
        "            'Workbook Sheet Config",
        "            'Add-in Sheet Config",
    ),
    Cut("settings in a file beside the active workbook", "    ' Directory Config", "    ' User Config"),
    Cut(
        "Python code in sheets of the active workbook",
        "    For i = 1 To 2\n        If i = 1 Then\n            Set wb = ActiveWorkbook",
        "    If uses_embedded_code = True Then\n        AddExcelDir",
    ),
    Cut(
        "the path of the active workbook in the command line",
        '    #If Mac Then\n        If InStr(ActiveWorkbook.FullName, "://") = 0 Then',
        '    #If Mac Then\n        PYTHONPATH = AddExcelDir & ";"',
    ),
    Cut(
        "English in the status bar", '        Application.StatusBar = "Running..."', "        ExecuteMac PythonCommand"
    ),
    Cut(
        "the English advice about the script of macOS: CheckerRibbon tells of the error",
        "    On Error GoTo AppleScriptErrorHandler",
        "        ExitCode = AppleScriptTask(",
    ),
    Cut(
        "English about a missing Python",
        '            MsgBox "Could not find Interpreter!"',
        '            Exit Function\n        End If\n    Else\n        PythonDir = ""',
        "            Err.Raise 20001\n",
    ),
    Cut(
        "on macOS: what the button wrote into the status bar is wiped off",
        "    'Clean up\n",
        "    Application.ScreenUpdating = True",
    ),
    Cut(
        "an English window with what Python wrote, or a sheet in the active workbook",
        "    ' Shows a MsgBox with the content of a text file",
        "End Sub\n\nFunction ExpandEnvironmentStrings",
        "    CheckerFailed ReadFile(FileName) & Message\n",
    ),
)
#: All that can be called from outside the module.
_ENTRANCE: Final = """
Public Sub CheckerStart(action As String)
    If Not (action Like "*[!a-z_]*") Then RunPython "from checker.excel import main;main('" & action & "')"
End Sub
"""
#: The beginning of what VBA lets other modules, and therefore cells and shapes, call.
_PUBLIC: Final = re.compile(r"(?im)^([ \t]*)(?:Public )?(?=(?:Static )?(?:Declare|Function|Property|Sub) )")
#: What must be left nowhere in these procedures.
_FORBIDDEN: Final = {
    "RunPython": (".FullName", ".py"),
    "ExecuteWindows": (".FullName",),
    "ExecuteMac": (".FullName",),
    "GetConfig": ("ActiveWorkbook", "Directory"),
    "ShowError": ("ActiveWorkbook", "MsgBox", "Popup"),
}


def version_of(source: str) -> str:
    """The version of xlwings that ``source`` is of. Raises ``CheckerError``."""
    found = _VERSION.findall(source)
    if len(found) != 1:
        raise _unknown("?", "XLWINGS_VERSION")
    return str(found[0])


def harden(source: str) -> str:
    """The module ``source`` (lines end in a line feed) without the parts that trust the workbook being checked.

    Raises ``CheckerError`` when the module is not as expected.
    """
    version = version_of(source)
    for cut in CUTS:
        first, before = f"\n{cut.first}", f"\n{cut.before}"
        start, end = source.find(first), source.find(before)
        if not (source.count(first) == source.count(before) == 1 and start < end):
            raise _unknown(version, cut.name)
        source = f"{source[: start + 1]}{cut.instead}{source[end + 1 :]}"
    source, count = _PROJECT_NAME.subn(PROJECT, source)
    if count != 1:
        raise _unknown(version, "PROJECT_NAME")
    for procedure, words in _FORBIDDEN.items():
        body = _body(source, procedure)
        if not body or any(word in body for word in words):
            raise _unknown(version, procedure)
    return _PUBLIC.sub(r"\1Private ", source) + _ENTRANCE


def _body(source: str, procedure: str) -> str:
    """The lines of ``procedure``."""
    found = re.search(
        rf"^(?:Public )?(?P<kind>Function|Sub) {procedure}\(.*?^End (?P=kind)$", source, re.MULTILINE | re.DOTALL
    )
    return found.group() if found else ""


def _unknown(version: str, part: str) -> CheckerError:
    return CheckerError(
        "XLWINGS_UNKNOWN",
        tr("The add-in was not made: xlwings {version} is not as expected ({part}).", version=version, part=part),
        tr('Install another version: pip install "xlwings>=0.31.10,<1"; then build again.'),
    )
