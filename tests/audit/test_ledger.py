"""The ledger only grows; whatever else happens to it, or to the store, is told, and where."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from checker.audit.store import spool
from checker.audit.store.ledger import START, Ledger, canonical, digest_of_files, hash_of
from checker.audit.store.reading import compact, seal, write_run
from checker.audit.store.rows import rows_of
from checker.audit.store.verification import verify
from checker.cli.main import main
from checker.errors import UsageError
from checker.session import Session


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, session: Session, filling: ModuleType) -> Path:
    folder: Path = tmp_path_factory.mktemp("ledger")
    ledger = Ledger(folder)
    run = filling.run_row(files=2)
    ledger.run_started(run.run, options={"jobs": 2}, engine="0.1", packs={"cn": "abc"})
    results = []
    for shard, name in enumerate(filling.SAMPLES[1:3]):
        path = filling.WORKBOOKS / name
        result = filling.result_of(path.read_bytes())
        spooled = spool.write(folder, f"m{shard}", [(result, rows_of(session.assess(path)))])
        seal(folder, [spooled], f"shard-{shard}", record=lambda sealed: ledger.part_sealed(run.run, sealed))
        spooled.unlink()
        results.append((run.run, name, result, "", 1, "", False))
    write_run(folder, run, results, [], [], record=lambda written: ledger.run_ended(run, {"errors": 2}, written).hash)
    return folder


@pytest.fixture
def out(tmp_path: Path, made: Path) -> Path:
    """``OUT`` after two shards of one workbook each: a ledger of four entries, and the store."""
    return Path(shutil.copytree(made, tmp_path / "out"))


def lines(out: Path) -> list[bytes]:
    return (out / "ledger.jsonl").read_bytes().splitlines(keepends=True)


def codes(out: Path, noted: str = "") -> list[tuple[str, int]]:
    return [(fault.code, fault.line) for fault in verify(out, noted).faults]


def anew(line: bytes, **changes: object) -> bytes:
    """``line`` saying something else, its own hash computed anew."""
    content = {**json.loads(line), **changes}
    return canonical({**content, "hash": hash_of(content)})


def test_each_entry_holds_the_hash_of_the_one_before(out: Path) -> None:
    entries = list(Ledger(out).entries())
    assert [entry.kind for entry in entries] == ["run_started", "part_sealed", "part_sealed", "run_ended"]
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert [entry.previous for entry in entries] == [START, *(entry.hash for entry in entries[:-1])]
    verified = verify(out)
    assert (verified.entries, verified.faults, verified.head) == (4, (), entries[-1])
    assert verified.files == 2 * 5 + 3


def test_an_untouched_file_is_known_by_any_hash_that_was_noted(out: Path) -> None:
    for entry in Ledger(out).entries():
        assert codes(out, entry.hash) == codes(out, entry.hash[:8].upper()) == []
    assert codes(out, "0" * 64) == [("HEAD_UNKNOWN", 0)]


Change = Callable[[list[bytes]], list[bytes]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            lambda ls: [ls[0], ls[1].replace(b'"findings":1', b'"findings":0'), *ls[2:]], [("CHANGED", 2)], id="changed"
        ),
        pytest.param(lambda ls: [ls[0], ls[1].replace(b":", b": ", 1), *ls[2:]], [("CHANGED", 2)], id="white space"),
        pytest.param(lambda ls: [ls[0], anew(ls[1], findings=0), *ls[2:]], [("CHAIN", 3)], id="its hash too"),
        pytest.param(lambda ls: [ls[0], *ls[2:]], [("CHAIN", 2)], id="removed"),
        pytest.param(lambda ls: ls[1:], [("CHAIN", 1)], id="beginning removed"),
        pytest.param(lambda ls: [ls[0], ls[2], ls[1], ls[3]], [("CHAIN", 2), ("CHAIN", 3), ("CHAIN", 4)], id="moved"),
        pytest.param(lambda ls: [*ls[:2], ls[1], *ls[2:]], [("CHAIN", 3)], id="doubled"),
        pytest.param(lambda ls: [*ls[:2], b"nonsense\n", *ls[2:]], [("NO_ENTRY", 3)], id="nonsense"),
        pytest.param(lambda ls: [*ls[:2], b"[]\n", *ls[2:]], [("NO_ENTRY", 3)], id="no entry"),
    ],
)
def test_whatever_is_done_to_a_line_is_told_with_its_place(
    out: Path, change: Change, expected: list[tuple[str, int]]
) -> None:
    (out / "ledger.jsonl").write_bytes(b"".join(change(lines(out))))
    ledger_alone = verify(out / "ledger.jsonl")
    told = [(fault.code, fault.line) for fault in ledger_alone.faults]
    assert [one for one in told if one in expected] == expected
    assert told[0] == expected[0]
    assert ledger_alone.files is None


def test_every_single_byte_counts(out: Path) -> None:
    whole = (out / "ledger.jsonl").read_bytes()
    for at in range(0, len(whole), 97):
        (out / "ledger.jsonl").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert verify(out / "ledger.jsonl").faults, at


def test_a_cut_off_end_is_seen_by_the_store_or_by_a_hash_that_was_noted(out: Path) -> None:
    head = Ledger(out).head()
    assert head is not None
    (out / "ledger.jsonl").write_bytes(b"".join(lines(out)[:-1]))
    assert verify(out / "ledger.jsonl").faults == ()  # by itself, it cannot know
    assert [fault.code for fault in verify(out / "ledger.jsonl", head.hash[:12]).faults] == ["HEAD_UNKNOWN"]
    run = "20250301T080000-0001"
    assert codes(out) == [*[("FILE_UNKNOWN", 0)] * 3, ("RUN_UNKNOWN", 0)]
    assert run in verify(out).faults[-1].message.en


def test_an_end_that_was_written_anew_is_seen_by_the_store(out: Path) -> None:
    *first, last = lines(out)
    (out / "ledger.jsonl").write_bytes(b"".join([*first, anew(last, counts={"errors": 0})]))
    assert verify(out / "ledger.jsonl").faults == ()
    assert codes(out) == [("RUN_UNKNOWN", 0)]


def test_a_file_of_the_store_that_was_touched_is_named(out: Path) -> None:
    (part,) = (out / "store" / "facts").glob("shard-1*")
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    (out / "store" / "findings" / "extra.parquet").write_bytes(b"")
    (gone,) = (out / "store" / "scores").glob("shard-0*")
    gone.unlink()
    told = {fault.code: fault.message.en for fault in verify(out).faults}
    assert {*told} == {"FILE_CHANGED", "FILE_MISSING"}  # extra.parquet has no results, nobody reads it
    assert f"facts/{part.name}" in told["FILE_CHANGED"]
    assert f"scores/{gone.name}" in told["FILE_MISSING"]
    (out / "store" / "results" / "extra.parquet").write_bytes(b"")
    assert {fault.code for fault in verify(out).faults} == {"FILE_CHANGED", "FILE_MISSING", "FILE_UNKNOWN"}


def test_a_run_that_was_changed_in_the_store_is_named(out: Path, filling: ModuleType) -> None:
    head = Ledger(out).head()
    assert head is not None
    run = filling.run_row(files=1)
    write_run(out, run, [], [], [], record=lambda _: head.hash)
    assert ("RUN_CHANGED", 0) in codes(out)
    (out / "store" / "runs" / f"{run.run}.parquet").unlink()
    assert ("RUN_MISSING", 0) in codes(out)


def test_compacting_is_recorded(out: Path) -> None:
    assert len(compact(out, most=1, record=Ledger(out).parts_compacted)) == 1
    assert codes(out) == []
    assert verify(out).files == 5 + 3


def test_whoever_was_stopped_while_sealing_has_not_tampered(out: Path, session: Session, filling: ModuleType) -> None:
    """A power cut between ledger and store: the same results, sealed again by the next run, take their place."""
    ledger = Ledger(out)
    path = filling.WORKBOOKS / filling.SAMPLES[4]
    spooled = spool.write(out, "m", [("f" * 16, rows_of(session.assess(path)))])
    sealed = seal(out, [spooled], "first", record=lambda one: ledger.part_sealed("first", one))
    assert sealed is not None
    (out / "store" / "results" / f"{sealed.part}.parquet").unlink()
    assert ("FILE_MISSING", 0) in codes(out)
    seal(out, [spooled], "second", record=lambda one: ledger.part_sealed("second", one))
    assert codes(out) == []


def test_a_line_that_was_cut_short_by_a_power_cut_does_not_stop_the_next(out: Path) -> None:
    with (out / "ledger.jsonl").open("ab") as file:
        file.write(b'{"at":"2025')
    assert codes(out) == [("TORN", 5)]
    entry = Ledger(out).run_started("next", options={}, engine="0.1", packs={})
    assert entry.number == 5
    assert entry.body["torn"]["bytes"] == 11
    assert codes(out) == []


def test_nothing_is_added_behind_a_line_that_is_no_entry(out: Path) -> None:
    with (out / "ledger.jsonl").open("ab") as file:
        file.write(b"nonsense\n")
    with pytest.raises(UsageError) as caught:
        Ledger(out).run_started("next", options={}, engine="0.1", packs={})
    assert caught.value.code == "LEDGER_DAMAGED"


ADD = """
import sys
from pathlib import Path
from checker.audit.store.ledger import Ledger
for number in range(40):
    Ledger(Path(sys.argv[1])).run_started(f"{sys.argv[2]}-{number}", options={"x": "x" * 3000}, engine="", packs={})
"""


@pytest.mark.slow
def test_processes_that_add_at_the_same_time_wait_for_each_other(tmp_path: Path) -> None:
    running = [subprocess.Popen([sys.executable, "-c", ADD, str(tmp_path), name]) for name in "abc"]
    assert [process.wait() for process in running] == [0, 0, 0]
    verified = verify(tmp_path / "ledger.jsonl")
    assert (verified.entries, verified.faults) == (120, ())


def test_the_digest_of_files_knows_no_order() -> None:
    files = [("a", "1"), ("b", "2"), ("\udc80", "3")]
    assert digest_of_files(files) == digest_of_files(reversed(files))
    assert digest_of_files(files) != digest_of_files([("a", "2"), ("b", "1"), ("\udc80", "3")])


def test_the_command(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = Ledger(out).head()
    assert head is not None
    assert main(["ledger", "verify", str(out), "--head", head.hash[:10]]) == 0
    told = capsys.readouterr().out
    assert head.hash in told
    assert "未发现改动" in told
    assert main(["ledger", "show", str(out), "--lang", "en"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == 4
    assert "2 errors" in shown[-1]
    (out / "ledger.jsonl").write_bytes(b"".join(lines(out)[1:]))
    assert main(["ledger", "verify", str(out)]) == 1
    assert "第 1 行" in capsys.readouterr().out
    assert main(["ledger", "verify", str(out / "nothing")]) == 2
    assert "[LEDGER_MISSING]" in capsys.readouterr().err


@pytest.mark.slow
def test_the_process_ends_without_noise(out: Path) -> None:
    command = [sys.executable, "-m", "checker.cli.main", "ledger", "verify", str(out)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
