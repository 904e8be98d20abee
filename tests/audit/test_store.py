"""What is put into the store comes out of it, whole, once, and whoever dies meanwhile does no harm."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from checker.audit.store import spool
from checker.audit.store.reading import Limits, Run, compact, connect, open_store, seal, write_run
from checker.audit.store.tables import BY_RESULT, BY_RUN, TABLES
from checker.errors import UsageError
from checker.model.report import Report, Verdict
from checker.reports import json as report_json
from checker.session import Session

SCHEMAS = Path(__file__).parents[2] / "schemas"


def rows(name: str, *, findings: int = 1, text: str = "") -> dict[str, list[tuple[Any, ...]]]:
    """Rows of a result that is made up."""
    document = {"sha256": name, "explanation": None}
    result = {
        "sha256": name, "status": "checked", "unit": "甲单位", "unit_key": "甲单位", "year": "2024", "forms": ["表"],
        "awaits": [], "error_code": None, "errors": findings, "warnings": 0, "notes": 0, "waived": 0,
        "document": json.dumps(document),
    }  # fmt: skip
    finding = {
        "parent": None, "severity": "error", "status": "fail", "rule": "R-1", "label": text, "difference": "0.01",
        "document": json.dumps({"message": text, "explanation": None}),
    }  # fmt: skip
    blank = {"INTEGER": 0, "VARCHAR": ""}

    def row(table: str, **values: Any) -> tuple[Any, ...]:
        return tuple(values.get(c.name, None if c.optional else blank.get(c.type)) for c in TABLES[table].columns[1:])

    return {
        "results": [row("results", **result)],
        "findings": [row("findings", **finding, id=f"{name}-{n}", ordinal=n) for n in range(findings)],
        "outcomes": [row("outcomes", rule="R-1", fail=findings)],
        "facts": [row("facts", form="表", value="12345678901234567890.123456", text_hash=2**64 - 1)],
        "scores": [],
    }


def count(folder: Path, table: str = "results") -> int:
    with connect(folder) as connection:
        return int(connection.execute(f"SELECT count(*) FROM kept.{table}").fetchall()[0][0])


def put(folder: Path, part: str, *names: str, **options: Any) -> Any:
    spooled = spool.write(folder, part, [(name, rows(name)) for name in names])
    return seal(folder, [spooled], part, **options)


def test_documents_are_the_report_of_the_same_workbooks(store_folder: Path, session: Session) -> None:
    with open_store(store_folder) as store:
        documents = list(store.documents())
        sources = [
            source for (source,) in store.connection.execute("SELECT source FROM workbooks ORDER BY number").fetchall()
        ]
    assert [document["path"] for document in documents] == sources == sorted(sources)
    schema = json.loads((SCHEMAS / "report.schema.json").read_text(encoding="utf-8"))
    one_workbook = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": "#/$defs/workbook"}
    validator = jsonschema.Draft202012Validator(one_workbook)
    for document in documents:
        validator.validate(document)
        expected = json.loads(report_json.render(_alone(session, document["path"])))["workbooks"][0]
        expected.pop("outcomes", None)  # kept as counts, see table outcomes
        expected["sha256"] = hashlib.sha256(Path(document["path"]).read_bytes()).hexdigest()  # unread files too
        assert {**document, "scores": []} == expected
    assert sum(len(document["scores"]) for document in documents) >= 9


def _alone(session: Session, path: str) -> Any:
    assessed = session.assess(path)
    return Report(packs=(), workbooks=(assessed.report,), verdict=Verdict(0, 0, 0, 0, 0, 0, 0))


def test_numbers_come_back_to_the_last_digit(tmp_path: Path) -> None:
    put(tmp_path, "p", "a")
    with connect(tmp_path) as connection:
        ((value, hashed),) = connection.execute("SELECT value, text_hash FROM kept.facts").fetchall()
        ((difference,),) = connection.execute("SELECT difference FROM kept.findings").fetchall()
    assert (value, hashed, difference) == (Decimal("12345678901234567890.123456"), 2**64 - 1, Decimal("0.01"))


@pytest.mark.parametrize(
    "text", ["'); DROP TABLE runs; --", '"x"', "=HYPERLINK(1)", "a\x00b", "\ud800", "\\u0041", "𠮷\n\t,;{}[]", "NULL"]
)
def test_text_from_cells_is_only_text(tmp_path: Path, text: str) -> None:
    spooled = spool.write(tmp_path, "m", [("a", rows("a", text=text))])
    seal(tmp_path, [spooled], "p")
    with connect(tmp_path) as connection:
        ((label,),) = connection.execute("SELECT label FROM kept.findings").fetchall()
    assert label == text.replace("\ud800", "\\ud800")


def test_sealing_the_same_again_is_harmless(tmp_path: Path) -> None:
    spooled = spool.write(tmp_path, "m", [("a", rows("a")), ("b", rows("b")), ("a", rows("a"))])
    first = seal(tmp_path, [spooled], "p")
    assert first is not None
    assert first.results == 2
    before = {file: file.read_bytes() for file in sorted(tmp_path.glob("store/*/*"))}
    assert seal(tmp_path, [spooled], "p") is None
    assert {file: file.read_bytes() for file in sorted(tmp_path.glob("store/*/*"))} == before
    again = spool.write(tmp_path, "n", [("b", rows("b")), ("c", rows("c"))])
    second = seal(tmp_path, [spooled, again], "p")
    assert second is not None
    assert second.results == 1
    assert count(tmp_path) == count(tmp_path, "findings") == 3


def test_the_same_results_make_the_same_files(tmp_path: Path) -> None:
    made = []
    for name, cuts in (("one", [["a", "b", "c"]]), ("two", [["c"], ["b", "a"]])):
        folder = tmp_path / name
        spools = [spool.write(folder, str(n), [(r, rows(r)) for r in cut]) for n, cut in enumerate(cuts)]
        made.append(seal(folder, spools, "p"))
    assert made[0] == made[1]


def test_a_part_without_its_last_file_does_not_count(tmp_path: Path) -> None:
    """Whoever seals dies at any moment: nothing of it is read, and sealing again mends it."""
    put(tmp_path, "whole", "a")
    sealed = put(tmp_path, "half", "b")
    (tmp_path / "store" / "results" / f"{sealed.part}.parquet").unlink()
    assert count(tmp_path) == count(tmp_path, "findings") == 1
    put(tmp_path, "half", "b")
    assert count(tmp_path) == count(tmp_path, "findings") == 2


def test_nothing_counts_before_it_is_recorded(tmp_path: Path) -> None:
    def fails(_: object) -> None:
        assert not list(tmp_path.glob("store/*/*.parquet"))
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        put(tmp_path, "p", "a", record=fails)
    assert not [file for file in tmp_path.glob("store/*/*") if file.is_file()]
    assert count(tmp_path) == 0


def test_what_was_explained_or_waived_is_told_with_the_part(tmp_path: Path) -> None:
    said = {"kind": "waiver", "by": "张三"}
    made = rows("a", findings=2)
    at = {column.name: number for number, column in enumerate(TABLES["findings"].columns[1:])}
    first = list(made["findings"][0])
    first[at["status"]], first[at["document"]] = "waived", json.dumps({"explanation": said})
    made["findings"][0] = tuple(first)
    sealed = seal(tmp_path, [spool.write(tmp_path, "m", [("a", made)])], "p")
    assert sealed is not None
    assert [decision._asdict() for decision in sealed.decisions] == [
        {"result": "a", "finding": "a-0", "rule": "R-1", **said}
    ]


def test_a_result_that_two_processes_sealed_at_once_is_read_once(tmp_path: Path) -> None:
    other = tmp_path / "other"
    put(tmp_path, "one", "a", "b")
    put(other, "two", "b", "c")
    shutil.copytree(other / "store", tmp_path / "store", dirs_exist_ok=True)
    assert [count(tmp_path, table) for table in BY_RESULT] == [3, 3, 3, 0, 3]


SEAL = """
import sys
from pathlib import Path
from checker.audit.store.reading import seal
folder = Path(sys.argv[1])
for number in range(3):
    assert seal(folder, [folder / "spool" / f"{sys.argv[2]}{number}.jsonl.gz"], sys.argv[2]) is not None
"""


@pytest.mark.slow
def test_processes_that_seal_at_the_same_time_do_not_clash(tmp_path: Path) -> None:
    shards = "xyz"
    for shard in shards:
        for number in range(3):
            spool.write(tmp_path, f"{shard}{number}", [(r, rows(r)) for r in (f"{shard}{number}", f"{shard}{number}+")])
    running = [subprocess.Popen([sys.executable, "-c", SEAL, str(tmp_path), shard]) for shard in shards]
    assert [process.wait() for process in running] == [0] * len(shards)
    assert count(tmp_path) == count(tmp_path, "findings") == 18


def test_compacting_changes_nothing_that_is_read(tmp_path: Path) -> None:
    for name in "abcd":
        put(tmp_path, name, name)

    def everything() -> list[Any]:
        with connect(tmp_path) as connection:
            return [connection.execute(f"FROM kept.{table} ORDER BY ALL").fetchall() for table in BY_RESULT]

    before = everything()
    old = {file.relative_to(tmp_path) for file in tmp_path.glob("store/*/*.parquet")}
    kept = {file: (tmp_path / file).read_bytes() for file in old}
    assert compact(tmp_path) == []
    replaced: list[str] = []
    (sealed,) = compact(tmp_path, most=3, record=lambda _, parts: replaced.extend(parts))
    assert (sealed.results, sealed.findings, len(replaced)) == (4, 4, 4)
    assert everything() == before
    assert len(list(tmp_path.glob("store/*/*.parquet"))) == len(BY_RESULT)
    for file, content in kept.items():  # whoever compacted died before the old parts were gone
        (tmp_path / file).write_bytes(content)
    assert everything() == before


def test_compacted_parts_stay_of_a_size_that_can_be_sorted(tmp_path: Path) -> None:
    for name in "abcdefg":
        put(tmp_path, name, f"{name}1", f"{name}2")
    put(tmp_path, "large", *[f"x{number}" for number in range(6)])
    assert [sealed.results for sealed in compact(tmp_path, most=3, largest=6)] == [6, 6]
    assert count(tmp_path) == count(tmp_path, "facts") == 20
    assert (
        len(list(tmp_path.glob("store/results/*.parquet"))) == 2 + 1 + 1
    )  # two made, the last small one, the large one


def test_a_spool_file_is_whole_or_not_there(tmp_path: Path) -> None:
    class Stubborn:
        def __str__(self) -> str:
            raise RuntimeError

    with pytest.raises(TypeError):
        spool.write(tmp_path, "m", [("a", {"outcomes": [(Stubborn(), *[0] * 8, None)]})])
    assert list((tmp_path / "spool").iterdir()) == []
    written = spool.write(tmp_path, "m", [("a", rows("a", findings=2500))])
    lines = gzip.decompress(written.read_bytes()).decode().splitlines()
    assert (
        max(len(column) for line in lines for table in json.loads(line).values() for column in table.values()) <= 1000
    )
    assert written.read_bytes() == spool.write(tmp_path, "n", [("a", rows("a", findings=2500))]).read_bytes()


@pytest.mark.slow
def test_more_than_its_memory_goes_to_disk(tmp_path: Path) -> None:
    spooled = spool.write(tmp_path, "m", [(f"{n:04d}", rows(str(n), findings=40, text="长" * 500)) for n in range(400)])
    sealed = seal(tmp_path, [spooled], "p", Limits(memory="200MB", threads=1))
    assert sealed is not None
    assert (sealed.results, sealed.findings) == (400, 16_000)


def a_run(name: str, status: str = "complete", **values: Any) -> Run:
    from datetime import datetime

    started = datetime.strptime(name[:15], "%Y%m%dT%H%M%S")
    return Run(name, started, None, "1", "digest", "{}", status, 1, 0)._replace(**values)


def kept(folder: Path, name: str, files: dict[str, str], status: str = "complete") -> None:
    several = [(name, source, result, result, 1, "", False) for source, result in files.items()]
    write_run(folder, a_run(name, status), several, [(name, "甲单位", "2024", [*files], [])], [])


def test_a_run_sees_its_own_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    put(tmp_path, "p", "a", "b", "c")
    kept(tmp_path, "20250101T000000-aaaa", {"z.xlsx": "a", "a.xlsx": "b", "同名.xlsx": "a"})
    kept(tmp_path, "20250102T000000-bbbb", {"c.xlsx": "c"}, "interrupted")
    with open_store(tmp_path) as store:
        assert store.run.run == "20250101T000000-aaaa"
        found = store.connection.execute(
            "SELECT number, source, result, unit FROM workbooks ORDER BY number"
        ).fetchall()
        assert found == [(0, "a.xlsx", "b", "甲单位"), (1, "z.xlsx", "a", "甲单位"), (2, "同名.xlsx", "a", "甲单位")]
        assert store.connection.execute("SELECT number, id FROM findings ORDER BY number").fetchall() == [
            (0, "b-0"),
            (1, "a-0"),
            (2, "a-0"),
        ]
        assert store.connection.execute("SELECT len(sources) FROM submissions").fetchall() == [(3,)]
        assert len(store.connection.execute("FROM runs").fetchall()) == 2
    with open_store(tmp_path, "20250102T000000-bbbb") as store:
        assert store.connection.execute("SELECT source FROM workbooks").fetchall() == [("c.xlsx",)]
        assert store.before is not None


def test_a_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught, open_store(tmp_path):
        pass
    assert caught.value.code == "RUN_UNKNOWN"
    put(tmp_path, "p", "a")
    kept(tmp_path, "20250102T000000-bbbb", {"c.xlsx": "a"}, "interrupted")
    with pytest.raises(UsageError) as caught, open_store(tmp_path, "20240101"):
        pass
    assert "20250102T000000-bbbb (interrupted)" in caught.value.render("zh")


def test_a_run_kept_twice_counts_once(tmp_path: Path) -> None:
    put(tmp_path, "p", "a", "b")
    kept(tmp_path, "20250101T000000-aaaa", {"a.xlsx": "a"}, "interrupted")
    kept(tmp_path, "20250101T000000-aaaa", {"a.xlsx": "a", "b.xlsx": "b"})
    assert [count(tmp_path, table) for table in BY_RUN] == [2, 1, 0, 1]


def test_a_file_of_the_store_that_is_gone_is_told(tmp_path: Path) -> None:
    sealed = put(tmp_path, "p", "a")
    (tmp_path / "store" / "facts" / f"{sealed.part}.parquet").unlink()
    with pytest.raises(UsageError) as caught:
        count(tmp_path)
    assert caught.value.code == "STORE_DAMAGED"


def test_folders_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "审核 [2024] *'\";--"
    put(folder, "p", "a")
    assert count(folder) == 1


def test_a_synthetic_store_reads_like_a_real_one(synthetic_store: Callable[..., Path], tmp_path: Path) -> None:
    folder = synthetic_store(tmp_path, workbooks=130, parts=3)
    with open_store(folder) as store:
        documents = list(store.documents())
        assert len(documents) == 130
        units = store.connection.execute("SELECT count(DISTINCT unit) FROM workbooks").fetchall()
    assert units == [(120 + 1,)]  # one in thirteen is no workbook


def test_without_duckdb_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError) as caught, open_store(tmp_path):
        pass
    assert "jixiao-checker[audit]" in caught.value.render("zh")


def test_a_plain_check_knows_nothing_of_the_store(filling: ModuleType) -> None:
    sample = filling.WORKBOOKS / filling.SAMPLES[1]
    code = (
        f"import sys; from checker.cli.main import main; main(['check', {str(sample)!r}]); "
        "print([name for name in sys.modules if name.startswith(('checker.audit', 'duckdb'))])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"
