"""Install into ``.venv`` and show that it works. Needs Python 3.11 or later and pip, nothing else, on any system.

python bootstrap.py         install, then check a sample workbook that has an error in it
python bootstrap.py test    install with the tools of development, then run the quick tests
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
FOLDER = ROOT / ".venv"
PROGRAMS = FOLDER / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
SAMPLE = "workbooks/cn-project/errors/资金总额不等于来源合计.xlsx"


def main(words: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is run before anything is installed
        sys.exit(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}")
    testing = words == ["test"]
    if words and not testing:
        sys.exit(__doc__)
    if not PYTHON.exists():
        venv.create(FOLDER, with_pip=False)
    # pip works on the new environment from outside: Debian ships neither ensurepip nor a pip that may install here.
    what = ["--editable", ".[test]"] if testing else ["."]
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", *what]
    subprocess.run(pip, cwd=ROOT, check=True)
    if testing:
        return subprocess.run(
            [PYTHON, "-m", "pytest", "-n", "auto", "-m", "not slow"], cwd=ROOT, check=False
        ).returncode
    checker = PROGRAMS / "checker"
    code = subprocess.run([checker, "check", SAMPLE], cwd=ROOT, check=False).returncode
    print(f"\nInstalled. Now check your own: {checker} check FILE")
    return 0 if code == 1 else code or 1  # the sample has an error in it: 1 is right, 0 would be wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
