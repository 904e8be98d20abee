"""The archive for desks without a network: complete, and each file in it such as Windows takes it."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from opened import ROOT

from checker.cli.main import main
from checker.excel.bundle import Bundle, bundle

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
#: What the libraries do without.
OPTIONAL = {
    *("PIL", "aem", "appscript", "cryptography", "flask", "jinja2", "js", "matplotlib", "mistune", "msal", "numpy"),
    *("osax", "pandas", "pdfrw", "plotly", "polars", "psutil", "pyodide", "pyperclip", "watchgod", "werkzeug"),
    *("distributed", "duckdb", "fsspec", "pytest"),
}


def embeddable(folder: Path, version: str = HERE, machine: int = 0x8664) -> Path:
    """What python.org offers, as far as it is looked at."""
    digits = version.replace(".", "")
    program = bytearray(256)
    program[60:64] = (128).to_bytes(4, "little")
    program[132:134] = machine.to_bytes(2, "little")
    file = folder / f"python-{version}.0-embed-amd64.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("python.exe", bytes(program))
        archive.writestr(f"python{digits}.zip", b"")
        archive.writestr(
            f"python{digits}._pth",
            f"python{digits}.zip\r\n.\r\n\r\n# Uncomment to run site.main() automatically\r\n#import site\r\n",
        )
    return file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bundle, Path]]:
    """A bundle, and where it was unpacked; skips where pip finds no index."""
    folder = tmp_path_factory.mktemp("bundle")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--platform", "win_amd64", "--dest"]
    if subprocess.run([*pip, folder / "try", "pywin32"], capture_output=True, check=False).returncode:
        pytest.skip("there is no package index here")
    done = bundle(folder / "checker-win.zip", embeddable(folder))
    with zipfile.ZipFile(done.path) as archive:
        archive.extractall(folder / "checker")
    yield done, folder / "checker"


@pytest.mark.slow
def test_what_is_clicked_starts_the_python_beside_it(made: tuple[Bundle, Path]) -> None:
    done, folder = made
    assert (done.python, done.platform) == (HERE, "win_amd64")
    commands = {}
    for file in folder.glob("*.bat"):
        content = file.read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n")
        words = "".join(one for one in content.decode("gbk") if not one.isascii())
        assert not set(words.encode("gbk")) & set(b'^&|<>%"')  # which cmd.exe would read as its own
        (line,) = [line for line in content.decode("gbk").splitlines() if line.startswith('"%~dp0python\\python.exe"')]
        commands[file.name] = line.partition(" -m checker.cli.main ")[2]
    assert commands == {
        "安装.bat": "excel install",
        "检查.bat": "excel check --attach",
        "卸载.bat": "excel uninstall",
        "自检.bat": 'excel selftest --json "%~dp0selftest.json"',
    }
    (paths,) = (folder / "python").glob("python*._pth")
    assert paths.read_text(encoding="ascii").splitlines()[-2:] == ["Lib\\site-packages", "import site"]


@pytest.mark.slow
def test_every_import_is_there(made: tuple[Bundle, Path]) -> None:
    libraries = made[1] / "python" / "Lib" / "site-packages"
    places = [libraries, libraries / "win32", libraries / "win32" / "lib", libraries / "pythonwin"]
    known = {one.name.split(".")[0] for place in places for one in place.iterdir()} | set(sys.stdlib_module_names)
    missing = {
        name.split(".")[0]
        for package in ("checker", "xlwings")
        for file in (libraries / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _imported(node)
    } - known
    assert missing <= OPTIONAL
    for name in ("win32com", "pywin32.pth", "pywin32_system32", "yaml", "jsonschema", "openpyxl", "xlrd", "pluggy"):
        assert (libraries / name).exists()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


@pytest.mark.slow
def test_it_checks_and_makes_the_addin_by_itself(made: tuple[Bundle, Path], tmp_path: Path) -> None:
    """With nothing else on the path: rules, schemas and the template are in it. The one compiled module that is needed
    is of this system, for Windows is not here."""
    libraries = made[1] / "python" / "Lib" / "site-packages"
    assert list(libraries.glob("rpds/*.pyd"))
    shutil.copy(str(find_spec("rpds.rpds").origin), libraries / "rpds")  # type: ignore[union-attr]
    environment = {**os.environ, "PYTHONPATH": str(libraries), "CHECKER_CACHE": str(tmp_path)}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-S", "-B", "-m", "checker.cli.main", *words]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    sample = ROOT / "workbooks/cn-project/errors/资金总额不等于来源合计.xlsx"
    checked = run("check", str(sample))
    assert checked.returncode == 1, checked.stderr
    assert "资金总额" in checked.stdout
    assert run("excel", "build", "-o", str(tmp_path / "checker.xlam")).returncode == 0
    verbose = [sys.executable, "-S", "-B", "-v", "-c", "import checker.engine, xlwings.utils"]
    told = subprocess.run(verbose, env=environment, capture_output=True, text=True, check=False).stderr
    compiled = [line for line in told.splitlines() if line.startswith("# code object from") and str(libraries) in line]
    assert compiled
    assert not [line for line in compiled if line.endswith((".py'", ".py"))]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": "3.99"}, "EMBEDDABLE_VERSION"),
        ({"machine": 0x0200}, "EMBEDDABLE_UNKNOWN"),
        (None, "EMBEDDABLE_UNKNOWN"),
    ],
)
def test_another_package_is_refused_before_anything_is_fetched(
    tmp_path: Path, change: dict[str, object] | None, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "python.zip"
    file.write_bytes(b"no archive") if change is None else embeddable(tmp_path, **change).rename(file)  # type: ignore[arg-type]
    assert main(["excel", "bundle", "-o", str(tmp_path / "checker-win.zip"), "--python", str(file)]) == 2
    told = capsys.readouterr().err
    assert code in told
    assert "请从python.org下载" in told or f"请下载Python {HERE}" in told
    assert not (tmp_path / "checker-win.zip").exists()


def test_a_folder_that_is_not_there_is_said_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["excel", "bundle", "-o", str(tmp_path / "no" / "checker-win.zip"), "--python", str(embeddable(tmp_path))]
    assert main(words) == 2
    assert "文件无法写入" in capsys.readouterr().err


def test_without_an_index_pip_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"INDEX_URL": "http://127.0.0.1:9", "RETRIES": "0", "CONFIG_FILE": os.devnull}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert main(["excel", "bundle", "-o", str(tmp_path / "x.zip"), "--python", str(embeddable(tmp_path))]) == 2
    told = capsys.readouterr().err
    assert "pip没能取得所需的程序库：ERROR: " in told
    assert len(told.splitlines()) == 1
    (log,) = (tmp_path / "state").rglob("*.log")
    assert "127.0.0.1" in log.read_text(encoding="utf-8")
