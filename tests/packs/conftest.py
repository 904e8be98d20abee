"""Small packs written to a folder, as their authors would write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checker import checks, scoring
from checker.errors import CheckerError
from checker.model.plugin import CheckKind, PackSource, Reference
from checker.packs import build
from checker.packs.draft import Built
from checker.packs.load import LoadedPacks, load_packs

PACK = """\
schema: checker/pack@1
pack: demo
title: {zh: 示例, en: Demo}
edition: "2020"
prefix: DM
status: inferred
"""
FORM = """\
schema: checker/form@1
form: 收支表
english: Income and spending
titles: [收支表, 收支 决算表]
unit: 万元
fields:
  单位名称: {role: unit, aliases: [填报单位]}
tables:
  收支:
    columns:
      项目: {kind: label}
      预算数: {kind: amount, decimals: 2, aliases: [年初预算数（万元）]}
      决算数: {kind: amount, decimals: 2}
    rows:
      合计: {total: true}
      基本支出: {part_of: 合计, aliases: ["一、基本支出"]}
      项目支出: {part_of: [合计]}
"""
CHECKS = """\
schema: checker/checks@1
form: 收支表
rules:
  - id: DM-0101
    name: total
    title: 合计等于各项之和
    severity: error
    source: {document: 示例办法, status: sourced}
    message: "{cell}填{left}，应为{right}"
    check: {kind: sum, table: 收支, total: 合计}
"""
BASE = {"pack.yaml": PACK, "forms/a.yaml": FORM, "checks/a.yaml": CHECKS}

Files = dict[str, str]


def pack_yaml(pack: str, prefix: str, **more: str) -> str:
    """The head of another pack; ``more`` are the packs that it names, with commas between, by key."""
    lines = [f"{key}: [{names}]\n" for key, names in more.items()]
    return PACK.replace("demo", pack).replace("DM", prefix) + "".join(lines)


def references(check: object) -> Iterator[Reference]:
    assert isinstance(check, dict)
    if "table" in check:
        yield Reference(("table",), table=str(check["table"]))
        if "total" in check:
            yield Reference(("total",), table=str(check["table"]), row=str(check["total"]))
        for index, column in enumerate(check.get("columns", [])):
            yield Reference(("columns", index), table=str(check["table"]), column=str(column))
    if "formula" in check:
        yield Reference(("formula",), formula=str(check["formula"]))


SUM = CheckKind(
    "sum",
    {
        "type": "object",
        "required": ["table", "total"],
        "properties": {
            "table": {"type": "string"},
            "total": {"type": "string"},
            "columns": {"type": "array", "items": {"type": "string"}},
        },
    },
    compile=lambda *_: None,
    references=references,
)
IDENTITY = CheckKind(
    "identity",
    {
        "type": "object",
        "required": ["formula"],
        "properties": {"formula": {"type": "string"}, "when": {"type": "string"}},
    },
    compile=lambda *_: None,
    references=references,
)
KINDS = {kind.name: kind for kind in (SUM, IDENTITY)}
#: All that come with the program.
OURS = {**checks.KINDS, **{kind.name: kind for kind in scoring.checker_check_kinds()}}


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("CHECKER_CACHE", str(folder))
    return folder


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The packs made from their files, in the order in which they are."""
    made: list[str] = []
    original = build._Builder._assembled

    def assembled(self: build._Builder, pack: str, errors: list[CheckerError]) -> Built:
        made.append(pack)
        return original(self, pack, errors)

    monkeypatch.setattr(build._Builder, "_assembled", assembled)
    return made


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Files], Path]:
    """``write(name, {path: text})`` makes a pack folder below a folder of packs, which it returns."""

    def make(name: str, files: Files) -> Path:
        for path, text in files.items():
            file = tmp_path / "packs" / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        return tmp_path / "packs"

    return make


@pytest.fixture
def load(write: Callable[[str, Files], Path]) -> Callable[..., LoadedPacks]:
    """Write packs (``name={path: text}``) and load them; where a place is named it is relative to their folder."""

    def make(**packs: Files) -> LoadedPacks:
        root = Path()
        for name, files in packs.items():
            root = write(name, files)
        return load_packs([PackSource("test", root, "folder")], KINDS)

    return make


def told(failure: CheckerError) -> tuple[str, str]:
    """Code and ``pack/file:line:column`` of a failure."""
    return failure.code, failure.where.replace("\\", "/").rpartition("/packs/")[2]
