"""``checker rules new``: what it makes loads, lints and passes its own examples, and finds slips that people make."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

import checker
from checker.authoring.new import NewPack, new_pack
from checker.cli.main import main
from checker.errors import UsageError
from checker.model.rule import Severity
from checker.packs.diagnostic import Diagnostic
from checker.session import Session

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
