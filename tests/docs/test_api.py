"""``docs/api.md``: every public name is shown at work, and what is shown is so."""

from __future__ import annotations

import doctest
import inspect
import re
from pathlib import Path

import pytest

import checker

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "api.md"

#: What callers hold on to. A name or argument may be added here; one that is taken away breaks somebody's notebook.
ARGUMENTS = {
    "check": (
        "paths", "rules", "pack", "year", "every_outcome", "fail_on", "prior", "together", "explanations", "waivers",
        "grounds", "progress",
    ),
    "score": ("paths", "rules", "pack", "year", "prior", "together", "what_if", "progress"),
    "explain": ("rule", "path", "rules"),
    "forms": ("path", "rules"),
    "lint": ("rules", "packs"),
    "load_packs": ("rules",),
    "render": ("report", "format", "language"),
    "run_cases": ("rules", "pack"),
    "to_dict": ("report",),
}  # fmt: skip
TYPES = {
    "Candidate", "CheckKind", "CheckerError", "Command", "Finding", "Function", "LoadedPacks", "PackSource",
    "Recognition", "Reference", "Report", "ReportFormat", "ScoreKind", "Text",
}  # fmt: skip


def blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_public_names_and_their_arguments_stay() -> None:
    assert {*ARGUMENTS, *TYPES, "hookimpl"} <= {*checker.__all__}
    for name, arguments in ARGUMENTS.items():
        assert set(arguments) <= {*inspect.signature(getattr(checker, name)).parameters}, name
    assert all(isinstance(getattr(checker, name), type) for name in TYPES)
    with pytest.raises(AttributeError):
        checker.no_such_name  # noqa: B018


def test_every_public_name_is_shown() -> None:
    shown = {*re.findall(r"\w+", "".join(blocks()))}
    assert {*checker.__all__} <= shown


def test_the_examples_are_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
    told: list[str] = []
    for number, block in enumerate(blocks()):
        test = parser.get_doctest(block, names, f"block {number}", str(PAGE), 0)
        runner.run(test, out=told.append, clear_globs=False)
        names = test.globs
    assert not told, "".join(told)
