"""A plugin that makes the reader do to its process what no reader should, by the name of the file."""

from __future__ import annotations

from pathlib import Path

_CODE = """
import ctypes, os, re, signal, time, traceback

import checker.readers

_read = checker.readers.workbook_in


def workbook_in(data, path):
    name = os.path.basename(path)
    if name.startswith("abort"):
        os.abort()
    if name.startswith("segfault"):
        ctypes.string_at(0)
    if name.startswith("exit"):
        os._exit(0)
    if name.startswith("killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("loop"):
        while True:
            pass
    if name.startswith("deaf"):  # a loop in C that never lets go of the interpreter
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        re.match("(a+)+$", "a" * 64 + "b")
    if name.startswith("stopped"):
        os.kill(os.getpid(), signal.SIGSTOP)
    if name.startswith("memory"):
        eaten = []
        while True:
            eaten.append(bytearray(1 << 24))
    if name.startswith("deep"):
        def deeper():
            return deeper()
        deeper()
    if name.startswith(("pair", "odd")) and any(frame.name == "read_members" for frame in traceback.extract_stack()):
        if name.startswith("pair"):  # fit for nobody's company
            os.abort()
        raise ZeroDivisionError
    return _read(data, path)


checker.readers.workbook_in = workbook_in
"""
#: What files come to, by the beginnings of their names.
CODES = {
    "abort": "CRASHED",
    "segfault": "CRASHED",
    "exit": "CRASHED",
    "killed": "CRASHED",
    "loop": "TIMEOUT",
    "deaf": "TIMEOUT",
    "memory": "MEMORY",
    "deep": "INTERNAL",
}


def install(folder: Path) -> Path:
    """Put the plugin into ``folder``, to be on the path of a process."""
    info = folder / "poison-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: poison\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[checker]\npoison = poison_plugin\n")
    (folder / "poison_plugin.py").write_text(_CODE)
    return folder
