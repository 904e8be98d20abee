"""The VBA of the add-in, run by LibreOffice: from a button to the command line that Windows gets.

LibreOffice has no ``#If``, no Windows and no class ``Dictionary``. So the copy that runs here has the branches of one
system only, and stubs where Windows or the settings sheet would be asked; ``RunPython`` and ``ExecuteWindows`` are
those of xlwings as the add-in carries them.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.excel.addin import Interpreters, assemble
from checker.excel.cfb import read_compound, write_compound
from checker.excel.ovba import Record, compress, decompress, read_dir, write_dir
from checker.excel.ribbon import ACTIONS

from .conftest import as_workbook, parts_of

pytestmark = pytest.mark.slow

PYTHON = r"C:\Users\张三\checker\python\python.exe"
STUBS = """Attribute VB_Name = "xlwings"
Option Explicit
Public Type IRibbonControl
    ID As String
End Type
Private asked As String
Private shownWords As String
Private trouble As String
Private pythonSaid As String
Public keptIn As String
Public Function Press(id As String) As String
    Dim control As IRibbonControl
    control.ID = id
    asked = ""
    CheckerAction control
    Press = asked
End Function
Public Function PressWith(how As String, said As String, log As String) As String
    trouble = how
    pythonSaid = said
    keptIn = log
    shownWords = ""
    Press "check"
    PressWith = shownWords
End Function
Function Captured(command As String, style As Integer, wait As Boolean) As Long
    asked = asked & command & vbLf
    If trouble = "blocked" Then Err.Raise 70
    If trouble = "python" Then Captured = 1
End Function
Function IsThere(name As String) As Boolean
    IsThere = trouble <> "missing"
End Function
Function ReadFile(name As String) As String
    If trouble = "silent" Then Err.Raise 53
    ReadFile = pythonSaid
End Function
Sub Shown(words As String, style As Integer, title As String)
    shownWords = shownWords & title & ": " & words
End Sub
Function CreateGUID() As String
    CreateGUID = "GUID"
End Function
Function GetConfig(configKey As String, Optional default As String = "", Optional source As String = "") As Variant
    Dim row As Integer
    Dim sheet As Object
    GetConfig = default
    Set sheet = ThisWorkbook.Sheets("checker.conf")
    For row = 1 To 20
        If UCase(sheet.Cells(row, 1).Value) = configKey Then GetConfig = sheet.Cells(row, 2).Value
    Next row
End Function
"""
OF_XLWINGS = ("CheckerStart", "RunPython", "ExecuteWindows", "ParentFolder", "ShowError")
REPLACED = {
    "WScript.Run(": "Captured(",
    "FileExists(": "IsThere(",
    "MsgBox ": "Shown ",
    'Environ("TEMP") & "\\checker.log"': "keptIn",
    "Application.Hwnd": "4711",
    'Environ("Temp")': '"C:\\Temp"',
    "Application.Path": '"C:\\Office"',
    "As Workbook": "As Object",
    "As Worksheet": "As Object",
}
PROJECT_MODULES, MODULE_NAME, TERMINATOR = 0x000F, 0x0019, 0x0010


def prepared(source: str, mac: bool) -> str:
    """``source`` with the branches of one system, and stubs called in place of Windows."""
    lines, branches = [], []
    for line in source.replace("\r\n", "\n").split("\n"):
        directive = line.strip()
        if directive == "#If Mac Then":
            branches.append(mac)
        elif directive == "#Else":
            branches[-1] = not branches[-1]
        elif directive == "#End If":
            branches.pop()
        elif all(branches):
            lines.append(line)
    text = "\r\n".join(lines)
    for old, new in REPLACED.items():
        text = text.replace(old, new)
    return text


def procedure(source: str, name: str) -> str:
    found = re.search(rf"^(?:Public|Private) (Function|Sub) {name}\(.*?^End \1$", source, re.M | re.S)
    assert found
    return found.group()


def runnable(package: bytes, mac: bool) -> bytes:
    """The add-in as a macro workbook that LibreOffice can run."""
    parts = parts_of(as_workbook(package))
    project: Any = dict(read_compound(parts["xl/vbaProject.bin"]))
    modules = dict(project["VBA"])
    kept, module = [], ""
    for record in read_dir(decompress(modules["dir"])):
        module = record.content.decode() if record.id == MODULE_NAME else module
        if record.id == PROJECT_MODULES:
            record = Record(record.id, bytes([4, 0]))
        if module != "Dictionary" or record.id == TERMINATOR:
            kept.append(record)
    xlwings = decompress(modules["xlwings"]).decode("ascii").replace("\r\n", "\n")
    taken = [procedure(xlwings, name) for name in OF_XLWINGS]
    modules["xlwings"] = compress(prepared("\n".join([STUBS, *taken, ""]), mac).encode())
    modules["CheckerRibbon"] = compress(prepared(decompress(modules["CheckerRibbon"]).decode("ascii"), mac).encode())
    modules["dir"] = compress(write_dir(kept))
    del modules["Dictionary"]
    project["VBA"] = modules
    lines = project["PROJECT"].splitlines(keepends=True)
    project["PROJECT"] = b"".join(line for line in lines if not line.startswith((b"Class=", b"Dictionary=")))
    parts["xl/vbaProject.bin"] = write_compound(project)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless LibreOffice of our own, over UNO."""
    office = shutil.which("soffice")
    if office is None or os.name == "nt":
        pytest.skip("LibreOffice is not installed")
    sys.path.append("/usr/lib/python3/dist-packages")  # where Debian keeps the bridge
    try:
        uno = pytest.importorskip("uno", exc_type=ImportError)
    finally:
        sys.path.remove("/usr/lib/python3/dist-packages")
    folder = tmp_path_factory.mktemp("office")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    pipe = f"checker{os.getpid()}x{time.monotonic_ns()}"
    subprocess.run([office, "--headless", profile, "--terminate_after_init"], check=False, capture_output=True)
    process = subprocess.Popen(
        [office, "--headless", "--norestore", "--nologo", profile, f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        context = connected(lambda: resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"))
        yield context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # soffice is a script; what it started is in its group
        process.wait()


def connected(attempt: Callable[[], Any]) -> Any:
    for _ in range(150):
        try:
            return attempt()
        except Exception:
            time.sleep(0.2)
    raise TimeoutError("LibreOffice does not answer")


@contextlib.contextmanager
def opened(desktop: Any, file: Path) -> Iterator[Any]:
    import uno

    properties = []
    for name, value in (("Hidden", True), ("MacroExecutionMode", 4)):  # never visible when headless; always execute
        properties.append(uno.createUnoStruct("com.sun.star.beans.PropertyValue"))
        properties[-1].Name, properties[-1].Value = name, value
    document = desktop.loadComponentFromURL(file.as_uri(), "_blank", 0, tuple(properties))
    assert document is not None
    try:
        yield document
    finally:
        document.close(True)


def call(document: Any, name: str, *arguments: Any) -> Any:
    address = f"vnd.sun.star.script:CheckerAddin.{name}?language=Basic&location=document"
    return document.ScriptProvider.getScript(address).invoke(arguments, (), ())[0]


@pytest.fixture(scope="module")
def windows() -> bytes:
    return runnable(assemble(Interpreters(windows=PYTHON))[0], mac=False)


def outside_quotes(command: str) -> str:
    """What ``cmd.exe`` does not take as quoted: a backslash protects no quote there."""
    return "".join(command.split('"')[::2])


def test_libreoffice_imports_the_addin(desktop: Any, package: bytes, tmp_path: Path) -> None:
    """All five modules of it, and the settings."""
    file = tmp_path / "checker.xlsm"
    file.write_bytes(as_workbook(package))
    with opened(desktop, file) as document:
        libraries = document.BasicLibraries
        assert "CheckerAddin" in libraries.ElementNames
        libraries.loadLibrary("CheckerAddin")
        library = libraries.getByName("CheckerAddin")
        assert set(library.ElementNames) == {"CheckerRibbon", "Dictionary", "Sheet2", "ThisWorkbook", "xlwings"}
        assert "CheckerAction(control As IRibbonControl)" in library.getByName("CheckerRibbon")
        assert document.Sheets.getByName("checker.conf").getCellRangeByName("B3").String == "false"


def test_every_button_starts_python_with_its_action(
    desktop: Any, windows: bytes, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    file = tmp_path / "自评表.xlsm"
    file.write_bytes(windows)
    with opened(desktop, file) as document:
        golden("excel.commands.txt", "".join(call(document, "xlwings.Press", action) for action in ACTIONS))


@pytest.mark.parametrize("name", ["考核 100%.xlsm", "预算=决算 (终稿).xlsm", "x^&calc&;.xlsm", "it's.xlsm"])
def test_a_file_cannot_say_more_than_its_name(desktop: Any, windows: bytes, tmp_path: Path, name: str) -> None:
    """Neither it nor its folder gets where ``cmd.exe`` would read commands, or Python a path."""
    folder = tmp_path / "a^&calc&b;C"
    folder.mkdir()
    (folder / name).write_bytes(windows)
    with opened(desktop, folder / name) as document:
        command = call(document, "xlwings.Press", "check")
    assert f'--wb="{name}"' in command
    assert folder.name not in command
    assert 'prepare_sys_path(\\"false;;;;;;\\")' in command
    assert "calc" not in outside_quotes(command)
    assert outside_quotes(command).count("&") == 2  # ours: to the drive, to the folder, start


@pytest.mark.parametrize(
    ("trouble", "said", "words"),
    [
        ("missing", "", "找不到检查程序所用的Python：请把程序文件夹放回原处"),
        ("blocked", "", "多半是被安全软件拦截：请信息部门放行"),
        ("python", "Traceback\r\nNo module named 'xlwings'\r\n", "没有正常运行完：请重新安装"),
    ],
)
def test_a_python_that_does_not_start_is_a_sentence_and_a_log(
    desktop: Any, windows: bytes, tmp_path: Path, trouble: str, said: str, words: str
) -> None:
    """Security software that stops ``cmd.exe``, a package that is missing, a folder that was moved."""
    file, log = tmp_path / "自评表.xlsm", tmp_path / "checker.log"
    file.write_bytes(windows)
    with opened(desktop, file) as document:
        shown = call(document, "xlwings.PressWith", trouble, said, str(log))
        assert call(document, "xlwings.PressWith", "", "", str(log)) == ""  # all well again
    assert shown.startswith("绩效检查: ")
    assert words in shown
    assert "Traceback" not in shown
    if trouble == "missing":
        assert not log.exists()
        return
    assert f"日志文件：{log}" in shown
    assert "No module named 'xlwings'" in shown or not said
    assert said.strip().replace("\r", "") in log.read_text(encoding="utf-8").replace("\r", "")


def test_a_button_of_another_workbook_cannot_say_what_python_runs(desktop: Any, windows: bytes, tmp_path: Path) -> None:
    """Shapes and ribbons of any workbook may call what is public here, with words of their own."""
    file = tmp_path / "自评表.xlsm"
    file.write_bytes(windows)
    with opened(desktop, file) as document:
        for words in ("x');import os;os.system('calc", "check check", "CHECK1", "check\n"):
            assert call(document, "xlwings.Press", words) == ""


@pytest.mark.parametrize("name", ["%a%.xlsm", "%CMDCMDLINE%&calc&.xlsm"])
def test_a_name_that_cmd_would_expand_starts_nothing(desktop: Any, windows: bytes, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(windows)
    with opened(desktop, tmp_path / name) as document:
        assert call(document, "xlwings.Press", "check") == ""
        assert call(document, "CheckerRibbon.FindObstacle") == "MESSAGE_FILE_NAME"
        assert "请先改名" in call(document, "xlwings.PressWith", "", "", "")


def test_names_that_the_shell_of_macos_would_expand(desktop: Any, package: bytes, tmp_path: Path) -> None:
    file = tmp_path / "checker.xlsm"
    file.write_bytes(runnable(package, mac=True))
    safe = ("自评表.xlsx", "考核 100%.xlsx", "%a%.xlsx", "a & b; c's (1).xlsx")
    unsafe = ("$(open x).xlsx", "`id`.xlsx", 'a"b.xlsx', "a\\b.xlsx", "a|b.xlsx")
    with opened(desktop, file) as document:
        assert [name for name in safe if call(document, "CheckerRibbon.IsUnsafe", name)] == []
        assert [name for name in unsafe if not call(document, "CheckerRibbon.IsUnsafe", name)] == []
