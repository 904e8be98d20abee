"""``checker rules new``: what it makes loads, lints and passes its own examples, and finds slips that people make."""

import json
from pathlib import Path

import openpyxl
import pytest
import yaml
from jsonschema import Draft202012Validator

import checker
from checker.authoring.mutation import failures as judged
from checker.authoring.mutation import located, mutated, typed_figures
from checker.authoring.new import NewPack, new_pack
from checker.cli.main import main
from checker.engine.cases import run_cases
from checker.errors import UsageError
from checker.model.outcome import Status
from checker.model.rule import Severity
from checker.packs.diagnostic import Diagnostic
from checker.session import Session

from .clean import clean_sample
from .recovery import generate, outcomes

ROOT = Path(__file__).parents[2]
WORKBOOKS = ROOT / "workbooks"


@pytest.fixture(scope="module")
def session() -> Session:
    return Session()


def errors(made: NewPack) -> list[Diagnostic]:
    pack = made.root.name
    return [d for d in checker.lint(rules=[str(made.root)], packs=[pack]) if d.severity == "error"]


def failures(made: NewPack) -> tuple[int, list[str]]:
    report = checker.run_cases(rules=[str(made.root)], pack=made.root.name)
    return report.total, [failure.render("en") for failure in report.failures]


def test_a_pack_from_nothing_lints_and_tests_at_once(tmp_path: Path, session: Session) -> None:
    made = new_pack(tmp_path / "xx-2026", session)
    assert errors(made) == []
    total, failed = failures(made)
    assert (total, failed) == (12, [])
    for name in made.files:
        assert (made.root / name).read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=")


@pytest.mark.slow
def test_a_child_holds_all_that_its_parent_does_and_shows_what_could_differ(tmp_path: Path, session: Session) -> None:
    made = new_pack(tmp_path / "yy-2026", session, extends="cn-project", title="某省项目自评")
    assert errors(made) == []
    loaded = Session([str(made.root)]).loaded.packs
    assert loaded["yy-2026"].rules == loaded["cn-project"].rules
    assert loaded["yy-2026"].title.zh == "某省项目自评"
    text = (made.root / "pack.yaml").read_text(encoding="utf-8")
    assert loaded["cn-project"].rules[0].id in text


@pytest.mark.slow
def test_the_examples_in_a_child_s_comments_work_when_they_are_taken(tmp_path: Path, session: Session) -> None:
    made = new_pack(tmp_path / "yy-2026", session, extends="cn-project")
    path = made.root / "pack.yaml"
    lines = path.read_text(encoding="utf-8").split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("# retire:"))
    path.write_text("\n".join([*lines[:at], *(line[2:] for line in lines[at:])]), encoding="utf-8")
    pack = Session([str(made.root)]).loaded.packs["yy-2026"]
    assert list(pack.retired) == [session.loaded.packs["cn-project"].rules[0].id]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"extends": "cn-projct"}, "PACK_UNKNOWN"),
        ({"pack": "某省"}, "PACK_ID"),
        ({"pack": "cn-project"}, "PACK_ID"),
        ({"prefix": "x"}, "PACK_PREFIX"),
        ({"prefix": "CNP"}, "PACK_PREFIX"),
    ],
)
def test_names_that_cannot_be_used(tmp_path: Path, session: Session, settings: dict[str, str], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        new_pack(tmp_path / "zz-2026", session, **settings)  # type: ignore[arg-type]
    assert caught.value.code == code and caught.value.hint is not None
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").mkdir()
    assert main(["rules", "new", str(tmp_path / "mine")]) == 2
    assert "已经存在" in capsys.readouterr().err
    assert list((tmp_path / "mine").iterdir()) == []


@pytest.mark.slow
def test_the_command_says_what_to_do_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blank = WORKBOOKS / "cn-final-accounts/blank/支出决算表.xlsx"
    assert main(["rules", "new", str(tmp_path / "ww-2026"), "--from", str(blank)]) == 0
    out, err = capsys.readouterr()
    assert "--extends cn-final-accounts" in err
    assert [line[:2] for line in out.splitlines()[-3:]] == ["1.", "2.", "3."]
    assert "支出决算表" in out


def test_what_is_no_workbook_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    assert main(["rules", "new", str(tmp_path / "vv-2026"), "--from", str(tmp_path / "a.xlsx")]) == 3
    assert "a.xlsx" in capsys.readouterr().err
    assert not (tmp_path / "vv-2026").exists()


@pytest.fixture(scope="module")
def funds(tmp_path_factory: pytest.TempPathFactory, session: Session) -> NewPack:
    blank = WORKBOOKS / "cn-project/blank/项目支出绩效自评表.xlsx"
    return new_pack(tmp_path_factory.mktemp("packs") / "from-blank", session, workbook=str(blank), prefix="FB")


@pytest.mark.slow
def test_a_pack_from_a_blank_workbook_lints_and_tests(funds: NewPack) -> None:
    assert errors(funds) == []
    total, failed = failures(funds)
    assert failed == [] and total == 4 * funds.rules > 0
    assert funds.left_out == 0


@pytest.mark.slow
@pytest.mark.parametrize("pack", ["cn-project", "gd-department-2021", "hn-department"])
def test_packs_from_every_blank_form_are_sound_and_find_what_is_moved(pack: str, tmp_path: Path) -> None:
    made = generate(tmp_path, pack)
    packs = list(made.values())
    session = Session([str(tmp_path)])
    assert [d for d in checker.lint(rules=[str(tmp_path)], packs=packs) if d.severity == "error"] == []
    for name in packs:
        rules = session.loaded.packs[name].rules
        told = run_cases(session.plans(name), session.labels, session.lexicon)
        assert (told.total, told.failures) == (4 * len(rules), ())
        clean = clean_sample(session, name)
        held = [o for o in outcomes(session, name, clean) if o.status == Status.PASS and o.operator == "="]
        compared = {(operand.sheet, operand.cell) for o in held for operand in o.operands}
        moved = [f for f in typed_figures(located(session, name, clean)) if (f.sheet, f.address) in compared]
        assert moved or not held
        for fact, _, wrong in mutated(clean, moved, len(moved) + 1, ["hundred_places"]):
            assert judged(session, name, wrong), (name, fact.path)


@pytest.mark.slow
def test_lint_counts_what_nobody_has_confirmed(
    tmp_path: Path, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = WORKBOOKS / "gd-department-2021/blank/年初总收支预算情况.xlsx"
    made = new_pack(tmp_path / "uu-2026", session, workbook=str(blank))
    command = ["--lang", "zh", "rules", "lint", "--rules", str(made.root), "--pack", "uu-2026"]
    assert main([*command, "--format", "json"]) == 0
    (note,) = json.loads(capsys.readouterr().out)["remarks"]
    assert (note["code"], note["severity"]) == ("PROPOSAL_UNCONFIRMED", "note")
    assert f"{made.rules}条" in note["message"]["zh"]
    assert main([*command, "--format", "github"]) == 0
    assert capsys.readouterr().out.startswith("::notice file=")
    checks = made.root / "checks/form-01.yaml"
    lines = checks.read_text(encoding="utf-8").splitlines()
    assert lines[note["line"] - 1].strip() == "x-proposed: true"
    checks.write_text("\n".join(line for line in lines if "x-proposed:" not in line), encoding="utf-8")
    assert main([*command, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["remarks"] == []


@pytest.mark.slow
def test_a_workbook_that_is_filled_in_contradicts_proposals(tmp_path: Path, session: Session) -> None:
    """What fails in one place of six is told beside the rule; what fails in all is not proposed."""
    told = {}
    for name, totals, part in (("once", (6, 60), (7, 20)), ("always", (0, 5), (2, 20))):
        book = openpyxl.Workbook()
        for row in (
            ["专项资金表"], ["项目", "预算数", "决算数"],
            ["合计", *totals], ["其中：甲", 1, 10], ["      乙", *part], ["      丙", 3, 30],
        ):  # fmt: skip
            book.worksheets[0].append(row)
        book.save(tmp_path / f"{name}.xlsx")
        made = new_pack(tmp_path / name, session, workbook=str(tmp_path / f"{name}.xlsx"))
        text = "".join(path.read_text(encoding="utf-8") for path in sorted(made.root.glob("*/*.yaml")))
        told[name] = made.rules, made.left_out, text
        assert errors(made) == []
    assert told["once"][:2] == (1, 0) and "但表内数字在 B5 不符" in told["once"][2]
    assert told["always"][:2] == (0, 1) and "未采用（表内数字在 B4, B5, B6, C4, C5, C6 不符）" in told["always"][2]


@pytest.mark.slow
def test_what_is_filled_in_may_look_like_headings(tmp_path: Path, session: Session) -> None:
    """Indicators called rates stand in a row, twice: the draft is poor, but it is a pack."""
    workbook = WORKBOOKS / "cn-project/clean/全套项目表.xlsx"
    made = new_pack(tmp_path / "filled-in", session, workbook=str(workbook))
    assert "项目支出绩效目标申报表" in made.forms
    assert errors(made) == []


@pytest.mark.slow
def test_every_proposal_says_on_what_it_rests(funds: NewPack) -> None:
    text = (funds.root / "checks/form-01.yaml").read_text(encoding="utf-8")
    rules = yaml.safe_load(text)["rules"]
    assert text.count("# 依据：") == text.count("# 把握：") == len(rules)
    assert all(rule["source"]["status"] == "unverified" and rule["x-proposed"] for rule in rules)
    assert "E7 的公式 =SUM(E8:E10)" in text
    form = (funds.root / "forms/form-01.yaml").read_text(encoding="utf-8")
    assert "当年财政拨款: {part_of: [年度资金总额], optional: true}  # C8" in form


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sample", "kind"), [("资金总额不等于来源合计", "sum"), ("执行率计算错误", "rate"), ("得分超过分值", "inequality")]
)
def test_it_finds_what_is_wrong_where_the_manifest_says(funds: NewPack, sample: str, kind: str) -> None:
    errors = WORKBOOKS / "cn-project/errors"
    entry = json.loads((errors / "manifest.json").read_text(encoding="utf-8"))[f"{sample}.xlsx"]
    session = Session([str(funds.root)])
    report = session.assess(errors / f"{sample}.xlsx", pack="from-blank", every_outcome=True).report
    kinds = {rule.id: rule.check["kind"] for rule in session.loaded.packs["from-blank"].rules}
    failed = {(kinds[o.rule], o.cell) for o in report.outcomes if o.status == "fail"}
    assert (kind, entry["cell"]) in failed


@pytest.mark.slow
def test_a_clean_workbook_stays_clean(funds: NewPack) -> None:
    session = Session([str(funds.root)])
    report = session.assess(WORKBOOKS / "cn-project/clean/年度科普项目.xlsx", pack="from-blank").report
    assert [f for f in report.findings if f.severity == Severity.ERROR] == []


def test_the_words_for_proposals_are_as_their_schema_says() -> None:
    schema = json.loads((ROOT / "schemas/proposals.schema.json").read_text(encoding="utf-8"))
    words = yaml.safe_load((ROOT / "rules/proposals.yaml").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(words)] == []
