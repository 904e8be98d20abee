"""Explanations and waivers: what counts, what re-opens a finding, and that counts go on adding up."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.engine.binding import bound_to, from_token, reopened, rule_version, to_token
from checker.engine.verdict import verdict
from checker.engine.written import seen
from checker.errors import PackError
from checker.model.explanation import Bound, Explained, Explanation, Statements, Waiver
from checker.model.outcome import Status
from checker.model.report import Finding, WorkbookReport
from checker.packs.load import load_packs
from checker.packs.statements import read_explanations, read_waivers, render_explanations

Build = Callable[..., Any]

GOOD = "追加预算：根据财预〔2022〕3号，2022年6月追加10.00万元"
TODAY = "2025-01-31"
LEXICON = load_packs([]).lexicon


@pytest.fixture
def made(house: Build, rules: Any, funds: Any) -> Callable[..., WorkbookReport]:
    """A report on funds that are 10 short, with what was said; the rule as ``changes`` have it."""

    def make(
        *said: Explanation | Waiver, short: str = "10", more: Any = None, text: Any = None, **changes: Any
    ) -> WorkbookReport:
        here = house({**rules["total"], "severity": "warning", **changes}, *([text] if text else []))
        part = Decimal(100) - Decimal(short)
        content = funds(合计=(100, 90, "90%"), 拨款=(float(part), 90, "90%"), 结转=more)
        explanations = [one for one in said if isinstance(one, Explanation)]
        waivers = [one for one in said if isinstance(one, Waiver)]
        statements = Statements(explanations, waivers, TODAY)
        return here.assess(here.workbook(content), every_outcome=True, said=(statements, LEXICON)).report

    return make


def explained(finding: Finding, text: str = GOOD, **more: Any) -> Explanation:
    return Explanation(finding.id, finding.rule.id, bound_to(finding), text)._replace(**more)


def why(report: WorkbookReport) -> str:
    """Why the only finding still stands; empty if it does not."""
    (finding,) = report.findings
    assert finding.explained is not None
    assert (finding.outcome.status == Status.WAIVED) == (finding.explained.refused is None)
    return finding.explained.refused.en if finding.explained.refused else ""


def test_an_explained_warning_is_told_and_does_not_stand(made: Any) -> None:
    before = made()
    after = made(explained(before.findings[0], by="张三", on="2025-01-02"))
    assert why(after) == ""
    said = after.findings[0].explained.said
    assert (said.by, said.on, said.text, said.reason) == ("张三", "2025-01-02", GOOD, "追加预算")
    assert after.counts[Status.FAIL] == before.counts[Status.FAIL] - 1
    assert after.counts[Status.WAIVED] == 1
    assert sum(after.counts.values()) == sum(before.counts.values()) == len(after.outcomes)
    assert [outcome.status for outcome in after.outcomes].count(Status.WAIVED) == 1
    assert verdict([before], [], "warning").exit == 1
    told = verdict([after], [], "warning")
    assert (told.exit, told.warnings, told.waived) == (0, 0, 1)


@pytest.mark.parametrize(("short", "told"), [("9.5", ""), ("10", ""), ("10.5", "grew"), ("-10", "turned round")])
def test_a_smaller_difference_stays_explained_and_a_larger_one_does_not(made: Any, short: str, told: str) -> None:
    said = explained(made().findings[0])
    reason = why(made(said, short=short))
    assert told in reason and bool(told) == bool(reason)


def test_the_first_difference_goes_on_counting_after_a_smaller_one(made: Any) -> None:
    said = explained(made().findings[0])
    assert why(made(said, short="3")) == why(made(said, short="9")) == ""


def test_a_new_operand_re_opens(made: Any) -> None:
    said = explained(made().findings[0])
    assert "other cells take part now" in why(made(said, more=(0, 0, None)))


@pytest.mark.parametrize(
    "change", [{"title": {"zh": "另一题", "en": "Rule 1"}}, {"check": {"kind": "sum", "table": "资金", "total": "合计",
                                                                 "columns": ["执行数", "预算数"]}}]
)  # fmt: skip
def test_a_new_version_of_the_rule_re_opens(made: Any, change: Any) -> None:
    said = explained(made().findings[0])
    assert "the rule was changed" in why(made(said, **change))


def test_words_around_a_rule_are_not_its_version(made: Any) -> None:
    said = explained(made().findings[0])
    assert why(made(said, rationale="因为", remedy="改")) == ""


def test_an_error_is_never_explained_away(made: Any) -> None:
    said = explained(made(severity="error").findings[0])
    report = made(said, severity="error")
    assert "cannot be explained away" in why(report)
    assert verdict([report], [], "error").exit == 1


def test_what_is_bound_to_nothing_does_not_count(made: Any) -> None:
    assert "not known for which figures" in why(made(explained(made().findings[0], bound=None)))


def test_a_finding_of_words_re_opens_when_a_cell_says_something_else(house: Build, rules: Any, funds: Any) -> None:
    here = house({**rules["filled"], "severity": "warning"})

    def assessed(*said: Explanation, **rows: Any) -> WorkbookReport:
        content = funds(**{"合计": (100, 90, None), "拨款": (100, 90, "90%"), "结转": (1, 1, None), **rows})
        statements = Statements(said, (), TODAY)
        return here.assess(here.workbook(content), said=(statements, LEXICON)).report

    said = explained(assessed().findings[0])
    assert why(assessed(said)) == ""
    assert why(assessed(said, 结转=(1, 1, "100%"))) == ""  # fewer places
    assert "re-opened" in why(assessed(said, 拨款=(100, 90, None)))


def test_what_follows_from_an_explained_finding_stands_on_its_own(house: Build, rules: Any, funds: Any) -> None:
    total = {**rules["total"], "severity": "warning"}
    rate = {**rules["rate"], "severity": "warning"}
    here = house(total, rate)
    content = funds(合计=(100, 90, "80%"), 拨款=(90, 90, "100%"), 结转=None)

    def assessed(*said: Explanation) -> WorkbookReport:
        return here.assess(here.workbook(content), said=(Statements(said, (), TODAY), LEXICON)).report

    before = assessed()
    (root,) = before.findings
    assert root.consequences
    after = assessed(explained(root))
    assert [finding.outcome.status for finding in after.findings] == [Status.FAIL, Status.WAIVED]
    assert after.findings[0].rule.name == "rate"
    assert verdict([after], [], "warning").warnings == 1
    assert sum(after.counts.values()) == sum(before.counts.values())


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (GOOD, ()),
        ("因2022年6月调整项目内容，追加3.2万元", ("the number of a document",)),
        ("按照财预〔2022〕3号文件调整预算安排", ("a figure with its unit", "a period")),
    ],
)
def test_a_rule_may_ask_for_more(made: Any, text: str, missing: tuple[str, ...]) -> None:
    needs = {"explain": {"needs": ["figure", "document", "period"]}}
    told = why(made(explained(made(**needs).findings[0], text), **needs))
    assert bool(told) == bool(missing) and all(what in told for what in missing)


def test_an_unknown_reason_is_refused(made: Any) -> None:
    finding = made().findings[0]
    assert "no reason 天气" in why(made(explained(finding, reason="天气")))
    assert why(made(explained(finding, reason="四舍五入"))) == ""


def test_only_a_rule_that_warns_asks_for_explanations(made: Any) -> None:
    with pytest.raises(AssertionError, match="Only a warning is explained"):
        made(severity="error", explain={"needs": ["figure"]})


def waiver(finding: Finding, until: str = "2025-12-31", **more: Any) -> Waiver:
    return Waiver(finding.rule.id, "李四", "口径差异", until, "财预〔2025〕1号", finding.id)._replace(**more)


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_a_waiver_lets_pass_until_its_day(made: Any, severity: str) -> None:
    finding = made(severity=severity).findings[0]
    report = made(waiver(finding, TODAY), severity=severity)
    assert why(report) == "" and verdict([report], [], "warning").exit == 0
    expired = made(waiver(finding, "2025-01-30"), severity=severity)
    assert why(expired) == "the waiver expired on 2025-01-30"
    assert verdict([expired], [], "warning").exit == 1


def test_a_waiver_names_its_finding_by_unit_year_and_path(made: Any) -> None:
    report = made()
    path = report.findings[0].outcome.path
    by_path = waiver(report.findings[0])._replace(finding="", unit=report.unit, year=report.year, path=path)
    assert why(made(by_path)) == ""
    other = made(by_path._replace(year="2023"))
    assert other.findings[0].explained is None and other.counts[Status.WAIVED] == 0


def test_an_explanation_in_force_is_told_before_an_expired_waiver(made: Any) -> None:
    finding = made().findings[0]
    report = made(explained(finding), waiver(finding, "2024-12-31"))
    assert why(report) == "" and isinstance(report.findings[0].explained.said, Explanation)


def test_an_expired_waiver_is_told_beside_an_explanation_that_does_not_count(made: Any) -> None:
    finding = made(severity="error").findings[0]
    told = why(made(explained(finding), waiver(finding, "2024-12-31"), severity="error"))
    assert "cannot be explained away" in told and "expired on 2024-12-31" in told


def test_what_a_text_is_bound_to_outlives_a_time_as_a_note(made: Any) -> None:
    """A difference that two roundings can make is a note; when it is back, what was said of it holds again."""
    from checker.engine.written import _bound

    first = made().findings[0]
    noted = made(explained(first)).findings[0]
    noted = noted._replace(outcome=noted.outcome._replace(severity="note"))
    assert _bound(seen(noted, GOOD), GOOD) == bound_to(first)
    assert seen(noted, "") == ""


def test_what_a_text_is_bound_to_outlives_a_waiver(made: Any) -> None:
    """While a waiver is in force nobody asks for the explanation; it must hold again when the waiver has expired."""
    from checker.engine.written import _bound

    first = made().findings[0]
    waived = made(explained(first), waiver(first), short="9").findings[0]
    assert waived.outcome.status == Status.WAIVED and isinstance(waived.explained.said, Waiver)
    assert _bound(seen(waived, GOOD), GOOD) == bound_to(first)


amounts = st.decimals(min_value="0.01", max_value="1e12", places=2)
operands = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), min_size=1, max_size=4)


@given(amounts, amounts, st.sampled_from((1, -1)), operands, st.data())
def test_smaller_never_re_opens_and_larger_always_does(
    one: Decimal, other: Decimal, sign: int, cells: list[tuple[str, str]], data: st.DataObject
) -> None:
    now = [(label, data.draw(st.text(max_size=5))) for label, _ in cells]  # values may change as they like
    small, large = sorted((one, other))
    less = Bound("v", str(sign * small), "元", tuple(sorted(cells)))
    more = Bound("v", str(sign * large), "元", tuple(sorted(now)))
    assert reopened(more, less) is None
    assert (reopened(less, more) is None) == (small == large)
    assert reopened(less, more._replace(difference=str(-sign * large))) is not None
    assert reopened(more, less._replace(version="w")) is not None
    assert reopened(more, less._replace(operands=(*less.operands, ("another", "")))) is not None


@given(amounts, operands, st.text(), st.text())
def test_what_is_bound_survives_files(amount: Decimal, cells: list[tuple[str, str]], text: str, by: str) -> None:
    bound = Bound("0" * 12, str(amount), "元", tuple(sorted(cells)))
    assert from_token(to_token(bound)) == bound


@settings(deadline=None)  # the first file is slow to write
@given(operands, st.text(min_size=1), st.text())
def test_a_file_of_explanations_holds_any_text(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], text: str, by: str
) -> None:
    entry = Explanation("0" * 12, "EN-0001", Bound("a" * 12, "-3.20", "万元", tuple(cells)), text, "其他", by, TODAY)
    rendered = render_explanations("表.xlsx", [entry, entry._replace(finding="1" * 12)])
    assert rendered == render_explanations("表.xlsx", [entry._replace(finding="1" * 12), entry])
    file: Path = tmp_path_factory.getbasetemp() / "any.explanations.yaml"
    file.write_text(rendered, encoding="utf-8", newline="\n")
    assert read_explanations(str(file))[0] == entry


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("schema: checker/waivers@1\nwaivers: [{rule: EN-0001, finding: 0123456789ab, approver: 甲, reason: 乙}]",
         "KEY_MISSING"),
        ("schema: checker/waivers@1\nwaivers: [{rule: EN-0001, finding: 0123456789ab, approver: ' ', reason: 乙, "
         "until: 2025-01-01}]", "VALUE_MALFORMED"),
        ("schema: checker/waivers@1\nwaivers: [{rule: EN-0001, approver: 甲, reason: 乙, until: 2025-01-01}]",
         "WAIVER_OF_WHAT"),
        ("schema: checker/waivers@1\nwaivers: [{rule: EN-0001, finding: 0123456789ab, approver: 甲, reason: 乙, "
         "until: 2025-02-30}]", "DATE_WRONG"),
        ("schema: checker/waivers@1\nwaivers: [{rule: EN-0001, finding: 0123456789ab, approver: 甲, reason: 乙, "
         "until: 2025-02-03, forever: true}]", "KEY_UNKNOWN"),
    ],
)  # fmt: skip
def test_a_waiver_needs_somebody_a_reason_and_an_end(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_waivers(str(file))
    assert caught.value.code == code and caught.value.where.startswith(str(file))


def test_a_row_is_bound_to_what_it_was_written_for(made: Any) -> None:
    """A text stays bound to the first figures though the list is written anew; a new text is bound to the new ones."""
    from checker.engine.written import _bound

    first = made().findings[0]
    said = explained(first)
    worse = made(said, short="12").findings[0]
    assert worse.explained == Explained(said._replace(reason="追加预算"), worse.explained.refused)
    token = seen(worse, GOOD)
    assert _bound(token, GOOD) == bound_to(first)
    assert _bound(token, GOOD + "。另有2万元") == bound_to(worse) != bound_to(first)
    assert _bound(seen(worse, "别处来的文字"), "别处来的文字") is None
    assert _bound("", GOOD) is None and _bound("{}", GOOD) is None
    assert rule_version(first.rule) == bound_to(worse).version


@pytest.mark.parametrize("difference", ["", "10"])
def test_of_very_many_cells_no_digest_is_told(made: Any, difference: str) -> None:
    finding = made().findings[0]
    (operand, *_), amount = finding.outcome.operands, Decimal(difference) if difference else None

    def of_many(name: str) -> Bound:
        cells = tuple(operand._replace(label=f"{name}{number}") for number in range(2000))
        return bound_to(finding._replace(outcome=finding.outcome._replace(operands=cells, difference=amount)))

    assert len(of_many("甲").operands) == 1 and reopened(of_many("甲"), of_many("甲")) is None
    told = reopened(of_many("甲"), of_many("乙"))
    assert told is not None and told.en == "re-opened: of its many cells some are others now, or say something else"


def test_another_unit_re_opens_and_says_so() -> None:
    was = Bound("v", "0.50", "万元", (("合计", "1 万元"),))
    told = reopened(was, was._replace(unit="元"))
    assert told is not None and told.zh == "须重新说明：单位由万元改成了元"


def test_a_note_needs_no_waiver(made: Any) -> None:
    report = made(waiver(made(severity="note").findings[0]), severity="note")
    assert why(report) == "a note needs no waiver"
    assert verdict([report], [], "note").exit == 1


def test_an_explanation_lasts_while_its_finding_hangs_under_another(house: Build, rules: Any, funds: Any) -> None:
    """What is explained may come to follow from something else, and stand alone again."""
    here = house({**rules["total"]}, {**rules["rate"], "severity": "warning"})

    def assessed(budget: int, *said: Explanation) -> WorkbookReport:
        content = funds(合计=(100, 90, "80%"), 拨款=(budget, 90, f"{9000 // budget}%"), 结转=None)
        statements = Statements(said, (), TODAY)
        return here.assess(here.workbook(content), every_outcome=True, said=(statements, LEXICON)).report

    (alone,) = assessed(100).findings
    said = explained(alone)
    assert why(assessed(100, said)) == ""
    (head,) = assessed(90, said).findings
    (below,) = head.consequences
    assert (head.outcome.status, below.outcome.status) == (Status.FAIL, Status.WAIVED)
    assert below.id == alone.id and verdict([assessed(90, said)], [], "error").errors == 1
    (head,) = assessed(90).findings
    assert why(assessed(100, explained(head.consequences[0]))) == ""


def test_what_would_only_follow_cannot_be_explained_yet(house: Build, rules: Any, funds: Any) -> None:
    here = house(rules["zero"], {**rules["rate"], "severity": "warning"})
    content = funds(合计=(0, 0, "80%"), 拨款=(100, 90, "90%"), 结转=None)
    (head,) = here.report(content).findings
    assert head.consequences
    said = [explained(one) for one in head.consequences]
    report = here.assess(here.workbook(content), said=(Statements(said, (), TODAY), LEXICON)).report
    (head,) = report.findings
    for one in head.consequences:
        assert one.explained is not None and one.explained.refused is not None
        assert "would only follow" in one.explained.refused.en


@pytest.mark.parametrize(
    ("text", "is_new"),
    [(f" {GOOD}。", False), (GOOD.replace("，", "；"), False), (GOOD.replace("10.00", "１０．００"), False),
     (GOOD.replace("10.00", "100.0"), True), (f"{GOOD}，另见会议纪要", True)],
)  # fmt: skip
def test_only_other_words_or_figures_are_a_new_text(made: Any, text: str, is_new: bool) -> None:
    """A text that was re-opened is not accepted for the larger difference because of a full stop."""
    from checker.engine.written import _bound

    first = made().findings[0]
    worse = made(explained(first), short="12").findings[0]
    assert _bound(seen(worse, GOOD), text) == bound_to(worse if is_new else first)


@pytest.fixture
def totals(house: Build, rules: Any) -> Any:
    return house({**rules["total"], "severity": "warning"})


cents = st.integers(min_value=1, max_value=10**9).map(lambda count: Decimal(count) / 100)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.tuples(cents, cents), after=st.tuples(cents, cents), more=st.booleans())
def test_an_explanation_holds_for_the_same_cells_and_no_larger_difference(
    totals: Any, funds: Any, before: tuple[Decimal, Decimal], after: tuple[Decimal, Decimal], more: bool
) -> None:
    """Whatever the figures become; through the whole engine."""

    def assessed(total: Decimal, part: Decimal, *said: Explanation, more: bool = False) -> WorkbookReport:
        further = (0, 0, None) if more else None
        content = funds(合计=(float(total), 90, None), 拨款=(float(part), 90, None), 结转=further)
        report: WorkbookReport = totals.assess(
            totals.workbook(content), said=(Statements(said, (), TODAY), LEXICON)
        ).report
        return report

    first = assessed(*before).findings
    now = assessed(*after, *map(explained, first), more=more).findings
    was, amount = (total - part for total, part in (before, after))
    if first and now:
        holds = not more and (was < 0) == (amount < 0) and abs(amount) <= abs(was)
        assert (now[0].outcome.status == Status.WAIVED) == holds
        assert now[0].explained is not None and (now[0].explained.refused is None) == holds
