"""Installing for one user: what is written, what is left alone, what is said when it does not work."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from checker.errors import CheckerError
from checker.excel import install as module
from checker.excel.addin import Interpreters, assemble, xlwings_folder
from checker.excel.install import install, status, uninstall
from checker.excel.places import places

SYSTEMS = ("win32", "darwin")


class Machine:
    """A user of ``system`` whose folders are below ``root``, with a Python of his own."""

    def __init__(self, root: Path, system: str) -> None:
        self.root, self.system = root, system
        self.python = root / "python" / "python.exe"
        self.python.parent.mkdir(parents=True)
        self.python.write_bytes(b"")
        self.environment = {
            "HOME": str(root),
            "USERPROFILE": str(root),
            "APPDATA": str(root / "Roaming"),
            "LOCALAPPDATA": str(root / "Local"),
        }

    @property
    def addin(self) -> Path:
        found = places(self.environment, self.system).addin
        assert found is not None
        return found

    @property
    def record(self) -> Path:
        return places(self.environment, self.system).record

    def install(self) -> module.Status:
        return install(self.environment, self.system, str(self.python))

    def status(self) -> module.Status:
        return status(self.environment, self.system)

    def uninstall(self) -> tuple[Path, ...]:
        return uninstall(self.environment, self.system)

    def files(self) -> set[str]:
        return {
            str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file() and path != self.python
        }


@pytest.fixture(params=SYSTEMS)
def machine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Of either system, with the libraries that xlwings needs there."""
    monkeypatch.setattr(module, "find_spec", lambda name: name)
    return Machine(tmp_path, request.param)


def test_the_places_are_those_of_excel() -> None:
    windows = places({"APPDATA": "/a", "LOCALAPPDATA": "/l"}, "win32")
    assert windows.addin == Path("/a/Microsoft/Excel/XLSTART/checker.xlam")
    assert windows.logs == Path("/l/checker/logs")
    mac = places({"HOME": "/u"}, "darwin")
    office = "/u/Library/Group Containers/UBF8T346G9.Office/User Content.localized"
    assert mac.addin == Path(office, "Startup.localized/Excel/checker.xlam")
    assert mac.scripts == Path("/u/Library/Application Scripts/com.microsoft.Excel")
    linux = places({"HOME": "/u", "XDG_STATE_HOME": "/s"}, "linux")
    assert linux.addin is None
    assert linux.logs == Path("/s/checker/logs")


def test_windows_needs_no_variables(tmp_path: Path) -> None:
    found = places({"USERPROFILE": str(tmp_path)}, "win32")
    assert found.addin == tmp_path / "AppData/Roaming/Microsoft/Excel/XLSTART/checker.xlam"
    assert found.record == tmp_path / "AppData/Local/checker/addin.json"


def test_install_then_uninstall_leaves_nothing(machine: Machine) -> None:
    assert not machine.status().installed
    found = machine.install()
    assert found.installed
    assert found.stale == ()
    assert found.path == machine.addin
    assert found.interpreter == str(machine.python)
    assert found.sha256 == sha256(machine.addin.read_bytes()).hexdigest()
    interpreters = (
        Interpreters(windows=str(machine.python))
        if machine.system == "win32"
        else Interpreters(mac=str(machine.python))
    )
    assert machine.addin.read_bytes() == assemble(interpreters)[0]
    assert machine.addin in machine.uninstall()
    assert machine.files() == set()
    assert machine.uninstall() == ()


def test_macos_gets_the_script_of_this_xlwings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: name)
    machine = Machine(tmp_path, "darwin")
    version = machine.install().xlwings_version
    script = tmp_path / f"Library/Application Scripts/com.microsoft.Excel/xlwings-{version}.applescript"
    assert script.read_bytes() == (xlwings_folder() / script.name).read_bytes()
    script.unlink()
    assert any(script.name in reason.zh for reason in machine.status().stale)
    machine.install()
    assert script.exists()


def test_a_script_that_xlwings_put_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: name)
    machine = Machine(tmp_path, "darwin")
    version = assemble(Interpreters())[1]
    script = tmp_path / f"Library/Application Scripts/com.microsoft.Excel/xlwings-{version}.applescript"
    script.parent.mkdir(parents=True)
    script.write_bytes((xlwings_folder() / script.name).read_bytes())
    machine.install()
    machine.uninstall()
    assert script.exists()


def test_installing_twice_changes_nothing(machine: Machine) -> None:
    machine.install()
    before = {name: (machine.root / name).read_bytes() for name in machine.files()}
    machine.install()
    assert {name: (machine.root / name).read_bytes() for name in machine.files()} == before


def test_a_file_of_somebody_else_is_left_alone(machine: Machine) -> None:
    machine.addin.parent.mkdir(parents=True)
    machine.addin.write_bytes(b"made by IT")
    with pytest.raises(CheckerError) as caught:
        machine.install()
    assert caught.value.code == "FILE_NOT_OURS"
    assert not machine.status().installed
    assert "同名文件" in machine.status().stale[0].zh
    assert machine.files() == {str(machine.addin.relative_to(machine.root))}
    assert machine.addin.read_bytes() == b"made by IT"


def test_the_same_addin_without_a_record_is_taken_over(machine: Machine) -> None:
    machine.install()
    machine.record.unlink()
    machine.install()
    machine.uninstall()
    assert not machine.addin.exists()


def test_an_older_addin_without_a_record_is_replaced(machine: Machine) -> None:
    """The folder of the program, and the record with it, was deleted before the new one was unpacked."""
    machine.addin.parent.mkdir(parents=True)
    machine.addin.write_bytes(assemble(Interpreters(windows="C:\\old\\python.exe"))[0])
    assert machine.install().stale == ()
    assert b"C:\\old" not in machine.addin.read_bytes()


def test_an_addin_that_it_copied_here_is_known(machine: Machine) -> None:
    machine.addin.parent.mkdir(parents=True)
    machine.addin.write_bytes(content := assemble(Interpreters())[0])
    assert machine.status() == module.Status(True, machine.addin, sha256(content).hexdigest())
    assert machine.uninstall() == (machine.addin,)
    assert machine.files() == set()


@pytest.mark.parametrize("installed", [True, False])
def test_an_addin_that_it_signed_is_left_alone(machine: Machine, installed: bool) -> None:
    machine.install()
    if not installed:
        machine.record.unlink()
    with zipfile.ZipFile(machine.addin, "a") as archive:
        archive.writestr("xl/vbaProjectSignature.bin", b"")
    signed = machine.addin.read_bytes()
    assert machine.status().installed
    assert len(machine.status().stale) == installed  # changed since
    with pytest.raises(CheckerError) as caught:
        machine.install()
    assert caught.value.code == "ADDIN_SIGNED"
    assert machine.addin.read_bytes() == signed
    if not installed:
        assert machine.uninstall() == ()


def test_python_from_the_store_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it writes below AppData goes elsewhere: Excel would never see the add-in."""
    monkeypatch.setattr(module, "find_spec", lambda name: name)
    machine = Machine(tmp_path, "win32")
    for python, base in (
        (r"C:\Users\a\AppData\Local\Microsoft\WindowsApps\python.exe", "/usr"),
        (r"D:\venv\Scripts\python.exe", r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3_x64"),
    ):
        monkeypatch.setattr(module.sys, "base_prefix", base)
        with pytest.raises(CheckerError) as caught:
            install(machine.environment, "win32", python)
        assert caught.value.code == "INTERPRETER_STORE"
    assert machine.files() == set()


def test_other_files_in_the_startup_folder_stay(machine: Machine) -> None:
    machine.install()
    other = machine.addin.with_name("PERSONAL.XLSB")
    other.write_bytes(b"mine")
    machine.uninstall()
    assert machine.files() == {str(other.relative_to(machine.root))}


@pytest.mark.slow
@pytest.mark.parametrize("what", ["changed", "python", "xlwings", "program"])
def test_a_stale_addin_says_why(machine: Machine, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    machine.install()
    if what == "changed":
        machine.addin.write_bytes(machine.addin.read_bytes() + b" ")
    elif what == "python":
        machine.python.unlink()
    elif what == "xlwings":
        monkeypatch.setattr(module, "assemble", lambda interpreters: (b"", "0.99.0"))
    else:
        version = machine.status().xlwings_version
        monkeypatch.setattr(module, "assemble", lambda interpreters: (b"", version))
    found = machine.status()
    assert found.installed
    words = {"changed": "改动", "python": "Python", "xlwings": "0.99.0", "program": "其他版本"}
    assert len(found.stale) == 1
    assert words[what] in found.stale[0].zh


def test_a_changed_addin_is_put_right(machine: Machine) -> None:
    machine.install()
    machine.addin.write_bytes(b"broken")
    assert machine.install().stale == ()


@pytest.mark.parametrize(
    ("system", "name"), [("win32", "50%"), ("darwin", "my python"), ("darwin", "a$b"), ("darwin", "a;b")]
)
def test_a_python_that_cannot_be_started_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, name: str
) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: name)
    machine = Machine(tmp_path, system)
    with pytest.raises(CheckerError) as caught:
        install(machine.environment, system, f"/opt/{name}/python")
    assert caught.value.code == "INTERPRETER_PATH"
    assert machine.files() == set()


def test_a_path_that_vba_cannot_spell_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Windows whose language for programs without Unicode is not Chinese."""
    monkeypatch.setattr(module, "find_spec", lambda name: name)
    monkeypatch.setattr(module, "_CODE_PAGE", "cp1252")
    machine = Machine(tmp_path, "win32")
    with pytest.raises(CheckerError) as caught:
        install(machine.environment, "win32", r"C:\Users\张三\checker\python\python.exe")
    assert caught.value.code == "INTERPRETER_PATH"
    assert install(machine.environment, "win32", r"D:\checker\python\python.exe").installed


def test_chinese_folders_are_no_obstacle(machine: Machine) -> None:
    python = machine.root / "张三" / "python.exe"
    python.parent.mkdir()
    machine.python.rename(python)
    found = install(machine.environment, machine.system, str(python))
    assert found.interpreter == str(python)
    assert found.stale == ()


@pytest.mark.parametrize("system", SYSTEMS)
def test_missing_libraries_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(CheckerError) as caught:
        Machine(tmp_path, system).install()
    assert caught.value.code == "LIBRARY_MISSING"
    assert "xlwings" in caught.value.render("zh")


def test_a_file_that_excel_holds_open(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.install()
    before = machine.addin.read_bytes()
    replace = Path.replace

    def held(self: Path, target: Any) -> Path:
        if target == machine.addin:
            raise PermissionError(13, "in use")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(CheckerError) as caught:
        machine.install()
    assert caught.value.code == "ADDIN_UNWRITABLE"
    assert "关闭所有Excel窗口" in caught.value.render("zh")
    assert machine.addin.read_bytes() == before
    assert [name for name in machine.files() if name.endswith(".part")] == []


def test_a_broken_record_is_said(machine: Machine) -> None:
    machine.install()
    machine.record.write_text("[]", encoding="utf-8")
    for attempt in (machine.status, machine.install, machine.uninstall):
        with pytest.raises(CheckerError) as caught:
            attempt()
        assert caught.value.code == "RECORD_BROKEN"
    assert machine.addin.exists()


def test_linux_is_refused_with_words(tmp_path: Path) -> None:
    with pytest.raises(CheckerError) as caught:
        install({"HOME": str(tmp_path)}, "linux")
    assert caught.value.code == "EXCEL_NOT_HERE"
    assert "checker check" in caught.value.render("zh")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def desk_of_windows(home: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """What ``checker excel install`` installs on."""
    machine = Machine(home, "win32")
    monkeypatch.setattr(module, "find_spec", lambda name: name)
    monkeypatch.setattr(module, "install", lambda: install(machine.environment, "win32", str(machine.python)))
    return machine


@pytest.mark.slow
def test_command_compiles_the_rules(desk_of_windows: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first button need not wait for that."""
    cache = desk_of_windows.root / "cache"
    monkeypatch.setenv("CHECKER_CACHE", str(cache))
    assert main(["excel", "install"]) == 0
    assert desk_of_windows.addin.exists()
    assert list(cache.iterdir())


def test_command_installs_nothing_that_cannot_check(
    desk_of_windows: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking() -> None:
        raise ModuleNotFoundError("No module named 'rpds.rpds'", name="rpds.rpds")

    monkeypatch.setattr("checker.session.Session", lacking)
    assert main(["excel", "install"]) != 0
    assert "缺少程序包rpds.rpds" in capsys.readouterr().err
    assert not desk_of_windows.addin.exists()


def test_command_builds(home: Path, capsys: pytest.CaptureFixture[str], package: bytes) -> None:
    target = home / "checker.xlam"
    assert main(["excel", "build", "-o", str(target)]) == 0
    assert target.read_bytes() == package
    assert sha256(package).hexdigest() in capsys.readouterr().out


def test_command_builds_with_another_python(home: Path) -> None:
    target = home / "checker.xlam"
    assert main(["excel", "build", "-o", str(target), "--interpreter-windows", r"D:\tools\python.exe"]) == 0
    assert rb"D:\tools\python.exe" in target.read_bytes()


def test_command_says_in_one_sentence_what_to_do_and_where_the_log_is(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["excel", "build", "-o", str(home / "no" / "checker.xlam")]) == 2
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert "--output" in told
    (log,) = (home / "state").rglob("*.log")
    assert str(log) in told
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_command_goes_on_without_a_log(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "state").write_text("a file where a folder should be", encoding="utf-8")
    assert main(["excel", "build", "-o", str(home / "no" / "checker.xlam")]) == 2
    assert "--output" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="rights are otherwise there")
def test_command_says_how_it_stands(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["excel", "status"]) == 1
    assert "已安装" in capsys.readouterr().out
    assert main(["excel", "uninstall"]) == 0


def test_the_record_can_be_read_by_people(machine: Machine) -> None:
    machine.install()
    stored = json.loads(machine.record.read_text(encoding="utf-8"))
    assert str(machine.addin) in stored["files"]
    assert not machine.record.stat().st_mode & stat.S_IWOTH
