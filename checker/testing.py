"""What the author of a rule pack tests it with, in a repository of their own, under pytest.

from pathlib import Path
from checker.testing import assert_finds, pack_tests

RULES = Path(__file__).parents[1] / "rules"
test_pack = pack_tests(RULES)  # loads, lint, and every case, each a test of its own

def test_last_years_slip():
    assert_finds("samples/2024.xlsx", "assets-total", "C5", rules=[RULES])
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.model.report import Finding
from checker.model.rule import Severity
from checker.session import Path, Session, check

if TYPE_CHECKING:
    from checker.engine.cases import CaseFailure
    from checker.model.report import Report
    from checker.model.rule import Pack
    from checker.packs.lint import Diagnostic

__all__ = ["PackTest", "assert_clean", "assert_finds", "items_of", "pack_tests"]


class PackTest(NamedTuple):
    """One test; ``faults`` gives what is wrong, a line each."""

    name: str
    faults: Callable[[], list[str]]


def pack_tests(*folders: Path, language: str = "zh") -> Callable[..., None]:
    """A test function for pytest with one test for each thing asked of the packs in ``folders``: that they load, that
    lint finds no error in them, and that each of their cases comes out as it says.

    Assign it to a name that begins with ``test``. A folder is a pack or a folder of packs, as ``--rules`` takes it;
    ``language`` is that of the messages.
    """
    import pytest

    items = list(items_of(folders, language))

    @pytest.mark.parametrize("item", [pytest.param(item, id=item.name) for item in items])
    def test_pack(item: PackTest) -> None:
        faults = item.faults()
        if faults:
            pytest.fail("\n".join(faults), pytrace=False)

    return test_pack


def assert_clean(workbook: Path, *, fail_on: str = Severity.WARNING, **options: Any) -> None:
    """Fail unless the workbook was checked and nothing at or above ``fail_on`` was found.

    ``options`` are those of ``checker.check``: ``rules``, ``pack``, ``year``, ``prior`` …
    """
    report = check(workbook, fail_on=fail_on, **options)
    if report.verdict.exit:
        raise AssertionError(_told(report, f"{os.fspath(workbook)} is not clean"))


def assert_finds(workbook: Path, rule: str, cell: str = "", **options: Any) -> None:
    """Fail unless the rule (id or name) has a finding in the workbook; at ``cell`` (``C5`` or ``Sheet!C5``) if given.

    A finding that hangs under another, or is one of several places of it, counts. ``options`` are as for
    ``assert_clean``.
    """
    report = check(workbook, **options)
    for finding in _every(report.findings):
        if rule in (finding.rule.id, finding.rule.name):
            places = [finding.outcome, *finding.places]
            if not cell or any(cell in (place.cell, f"{place.sheet}!{place.cell}") for place in places):
                return
    wanted = f"{rule} at {cell}" if cell else rule
    raise AssertionError(_told(report, f"{os.fspath(workbook)}: no finding of {wanted}"))


def items_of(folders: Sequence[Path], language: str = "zh") -> Iterator[PackTest]:
    """What is asked of the packs in ``folders``, test by test; see ``pack_tests``."""
    from checker.engine.cases import run_case
    from checker.packs.cases import load_cases
    from checker.packs.lint import lint

    roots = [os.path.realpath(folder) for folder in folders]
    session = Session(folders)
    failures = [failure.render(language) for failure in session.failures]
    own = [pack for pack in session.loaded.packs.values() if _below(pack, roots)]
    if not own and not failures:
        failures = [f"There is no rule pack in {', '.join(roots)}."]
    yield PackTest("loads", lambda: failures)
    plans, score_kinds = session.plans(), [*session.plugins.score_kinds()]
    for pack in own:
        remarks = partial(lint, session.loaded, session.kinds, packs=[pack.id], score_kinds=score_kinds)
        yield PackTest(f"{pack.id}-lint", partial(_errors, remarks, language))
        files, errors = load_cases(pack)
        faults = [error.render(language) for error in errors] or ([] if files else [f"{pack.root}: no cases"])
        yield PackTest(f"{pack.id}-cases", partial(list, faults))
        for case in (case for file in files for case in file.cases):
            file, line, _ = case.origin.rsplit(":", 2)
            name = f"{pack.id}-{os.path.basename(file)}:{line}-{case.rule}-{case.kind}"  # noqa: PTH119
            run = partial(run_case, case, plans[pack.id], session.labels, session.lexicon)
            yield PackTest(name, partial(_rendered, run, language))


def _errors(remarks: Callable[[], Iterable[Diagnostic]], language: str) -> list[str]:
    return [remark.render(language) for remark in remarks() if remark.severity == Severity.ERROR]


def _rendered(faults: Callable[[], Iterable[CaseFailure]], language: str) -> list[str]:
    return [fault.render(language) for fault in faults()]


def _below(pack: Pack, roots: Iterable[str]) -> bool:
    place = os.path.realpath(pack.root)
    return any(place == root or place.startswith(root + os.sep) for root in roots)


def _every(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from _every(finding.consequences)


def _told(report: Report, what: str) -> str:
    from checker.reports import render

    return f"{what}\n{render(report, language='en')}"
