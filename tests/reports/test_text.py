from __future__ import annotations

from collections.abc import Callable

import pytest

from checker.messages import Text
from checker.model.report import Report, Verdict
from checker.reports import text
from checker.reports.layout import width


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("verbose", [False, True])
def test_golden(full: Report, golden: Callable[[str, str], None], language: str, verbose: bool) -> None:
    golden(f"full.{language}{'.all' if verbose else ''}.txt", text.render(full, language, verbose=verbose))


def test_golden_clean(clean: Report, golden: Callable[[str, str], None]) -> None:
    golden("clean.zh.txt", text.render(clean, "zh"))


def test_last_line_is_the_verdict(full: Report, clean: Report) -> None:
    assert text.render(full, "en").splitlines()[-1].startswith("Verdict: Something could not be checked")
    assert text.render(clean, "zh").splitlines()[-1].startswith("结论：未发现问题。")


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(0, 0, 0, 0, 0, 0, 0), "Nothing wrong was found."),
        (Verdict(0, 0, 0, 2, 1, 0, 0), "Nothing wrong was found in what could be decided."),
        (Verdict(0, 0, 1, 0, 0, 0, 0), "Nothing that must be corrected."),
        (Verdict(0, 1, 1, 0, 0, 0, 0), "No errors; correct or explain the warnings."),
        (Verdict(1, 0, 0, 0, 0, 0, 1), "There is something to correct or explain."),
        (Verdict(1, 0, 0, 0, 0, 1, 3), "Something could not be checked: this is not a clean bill."),
        (Verdict(0, 0, 0, 0, 0, 0, 3), "Something could not be checked: this is not a clean bill."),
    ],
)
def test_verdict_never_calls_clean_what_is_not(clean: Report, verdict: Verdict, words: str) -> None:
    last = text.render(clean._replace(verdict=verdict), "en").splitlines()[-1]
    assert words in last
    assert f"exit code {verdict.exit}" in last


def test_findings_come_in_the_order_of_the_report_and_name_their_cells(full: Report) -> None:
    shown = text.render(full, "zh")
    places = [shown.index(f"{number}. ") for number in (1, 2, 3)]
    assert places == sorted(places)
    for needed in (
        "自评表!G8",
        "实为 0.00 万元",
        "应为 1,234.50 万元",
        "差额 -1,234.50 万元",
        "至少差 1,234.49 万元",
    ):
        assert needed in shown


def test_a_consequence_stands_under_its_cause_and_not_by_itself(full: Report) -> None:
    shown = text.render(full, "zh")
    assert shown.count("I8  执行率等于全年执行数除以全年预算数") == 1
    assert "4. " not in shown


def test_what_could_not_be_decided_is_visible_and_grouped(full: Report) -> None:
    lines = text.render(full, "en", columns=500).splitlines()
    start = lines.index("Not decided (this is not a pass):")
    listed = lines[start + 1 : start + 5]
    assert [line.split("  ")[1].strip("- ") for line in listed[1:]] == [
        "not run",
        "undecided",
        "data missing",
    ]
    assert "I9, I10" in listed[3]
    assert "and 5 more" in listed[3]


def test_unchecked_sources_say_so(full: Report) -> None:
    shown = text.render(full, "zh")
    assert "财预〔2020〕10号（未核验）" in shown
    assert "《项目支出绩效自评表》（" not in shown


def test_text_from_cells_cannot_drive_a_terminal(full: Report) -> None:
    shown = text.render(full, "zh", verbose=True)
    assert not [character for character in shown if character < " " and character != "\n"]
    assert "\u202e" not in shown


def test_colour_only_when_asked_for(full: Report) -> None:
    assert "\x1b" not in text.render(full, "zh")
    assert "\x1b[1;31m错误\x1b[0m" in text.render(full, "zh", colour=True)


def test_lines_keep_to_the_width_of_the_terminal(full: Report) -> None:
    lines = text.render(full, "zh", columns=60).splitlines()[:-1]
    wrapped = [line for line in lines if not line[:1].isdigit()]
    assert max(width(line) for line in wrapped) <= 60 + 48, "operand lines may hold a long label"
    assert max(width(line) for line in wrapped if "取数" not in line and " / " not in line) <= 60


def test_a_very_long_text_is_cut(full: Report) -> None:
    first = full.workbooks[0]
    finding = first.findings[0]._replace(message=Text("长" * 5000, "x" * 5000))
    report = full._replace(workbooks=(first._replace(findings=(finding,)),))
    assert text.render(report, "zh").count("长") < 500


def test_every_outcome_is_listed_when_asked_for(full: Report) -> None:
    assert "自评表!K14  CNP-0401" not in text.render(full, "zh")
    assert "自评表!K14  CNP-0401" in text.render(full, "zh", verbose=True)
