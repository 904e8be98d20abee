"""Whatever a pack file says, it is read, or refused with a message: no crash, no hang, and no way to Python."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from checker import scoring
from checker.checks import KINDS as PLAIN
from checker.engine.plan import Plan
from checker.formula import tree
from checker.formula.analysis import analyse
from checker.formula.error import FormulaError
from checker.formula.names import FormNames
from checker.formula.parser import parse
from checker.model.plugin import PackSource
from checker.packs.lint import lint
from checker.packs.load import LoadedPacks, load_packs
from checker.packs.resources import data_root
from checker.packs.strict_yaml import load_yaml

from .broken import CHECKS, GOOD, write

Path_ = tuple[str | int, ...]
KINDS = {**PLAIN, **{kind.name: kind for kind in scoring.checker_check_kinds()}}

#: What stands in for a part of a file. Some of it is what a way to Python would look like.
JUNK: list[Any] = [
    None, "", 0, -1, True, [], {}, [None], [[]], {"a": {}}, ["a", "a"], {"zh": None}, "x" * 5000, "9" * 40, 10**17,
    "项[目", "[a", "{left.__class__}", "{0}", "=1+1", "SUM(", "合计", "“", "@", "*", "100%", "-5%", "1e999", "NaN",
    "Infinity", "..", "../..", "a/b", "2021-02-30", {"kind": "sum"}, "__import__", "().__class__", "%s%s", "${HOME}",
]  # fmt: skip
KEYS = ["x", "项目", "合计", "", "a b", "[", "kind", "table", "extends", "replace", "retire", "__class__"]
#: Of a real pack: the form that has the most to it, its rules and its scoring standard.
REAL = {
    path.relative_to(f"{data_root('rules')}/cn-project").as_posix(): path
    for path in sorted(Path(data_root("rules"), "cn-project").rglob("*.yaml"))
    if path.name in ("pack.yaml", "parameters.yaml", "self-evaluation.yaml", "funds.yaml", "indicators.yaml")
}
BASE: dict[str, Any] = {name: load_yaml(path.read_bytes(), name).data for name, path in REAL.items()}

NAMES = {rule["name"] for data in BASE.values() for rule in data.get("rules", ())}
for rule in (rule for data in BASE.values() for rule in data.get("rules", ()) if "follows" in rule):
    rule["follows"] = [name for name in rule["follows"] if name in NAMES]  # others stand in files left out


def places(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The ways to every part of a document."""
    if path:
        yield path
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        yield from places(value, (*path, key))


def at(node: Any, path: Path_) -> Any:
    for key in path:
        node = node[key]
    return node


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A real pack in which one part or two are replaced, left out, renamed, put elsewhere or there twice."""
    files = copy.deepcopy(BASE)
    for _ in range(draw(st.integers(1, 2))):
        document = files[draw(st.sampled_from(sorted(files)))]
        path = draw(st.sampled_from([*places(document)]))
        holder = at(document, path[:-1])
        match draw(st.sampled_from(["junk", "leave out", "rename", "swap", "twice"])):
            case "junk":
                holder[path[-1]] = draw(st.sampled_from(JUNK) | st.text(max_size=30))
            case "leave out":
                del holder[path[-1]]
            case "rename" if isinstance(holder, dict):
                holder[draw(st.sampled_from(KEYS))] = holder.pop(path[-1])
            case "twice" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[path[-1]]))
            case _:
                other = draw(st.sampled_from([*places(document)]))
                holder[path[-1]] = copy.deepcopy(at(document, other))
    return files


def survives(loaded: LoadedPacks) -> None:
    """All that is told of packs can be shown, and says where; what was loaded can be made ready to run."""
    for failure in loaded.failures:
        assert failure.code != "INTERNAL"
        assert failure.where
        assert failure.render("zh") and failure.render("en")
    for remark in lint(loaded, KINDS):
        assert remark.where
        assert remark.render("zh") and remark.render("en")
    for pack in loaded.packs.values():
        plan = Plan(pack, KINDS)
        for form in pack.forms:
            plan.about(form)


def loaded_from(folder: Path, files: dict[str, Any]) -> LoadedPacks:
    shutil.rmtree(folder, ignore_errors=True)
    texts = {
        name: data if isinstance(data, str | bytes) else yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        for name, data in files.items()
    }
    write(folder / "cn-project", texts)
    return load_packs([PackSource("damaged", folder, "folder")], KINDS, use_cache=False)


OFTEN = settings(max_examples=80, deadline=20_000, suppress_health_check=[*HealthCheck])
SELDOM = settings(OFTEN, max_examples=4)


def test_the_pack_is_in_order_before_it_is_damaged(tmp_path: Path) -> None:
    assert loaded_from(tmp_path, copy.deepcopy(BASE)).failures == ()


@SELDOM
@given(files=damaged())
def test_a_damaged_pack_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, files: dict[str, Any]) -> None:
    survives(loaded_from(tmp_path_factory.getbasetemp() / "damaged", files))


@pytest.mark.slow
@OFTEN
@given(files=damaged())
def test_many_damaged_packs_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, Any]
) -> None:
    survives(loaded_from(tmp_path_factory.getbasetemp() / "damaged-often", files))


@pytest.mark.slow
@settings(OFTEN, max_examples=200)
@given(name=st.sampled_from(sorted(GOOD)), data=st.data())
def test_bytes_anywhere_in_a_file_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    content = GOOD[name].encode()
    start = data.draw(st.integers(0, len(content)))
    put = data.draw(st.binary(max_size=8) | st.sampled_from([b"\t", b"&a ", b"*a", b"!!x ", b"- ", b"{", b"? ", b"%"]))
    files = {
        **GOOD,
        name: content[:start] + put + content[data.draw(st.integers(start, min(start + 9, len(content)))) :],
    }
    survives(loaded_from(tmp_path_factory.getbasetemp() / "bytes", files))


# Formulas

WORDS = [
    "[@决算数]", "[@备注]", "收支[合计, 决算数]", "收支[预算数]", '收支[项目="x", 决算数]',
    "上年!收支[合计, @]", "上限",
    '"x"', "SUM", "IF", "ISBLANK", "COUNT", "ROUND", "ABS", "AND", "NOT", "TRUE", "(", ")", ",", "+", "-", "*",
    "/", "=",
    "<>", "<=", "%", "1", "0", "0.5", ".", "__class__", "__import__", "getattr", "lambda", "{", "}", ":", "\\",
    "os.system", "exec", "[0]", "^",
]  # fmt: skip
NODES = {tree.Number, tree.Text, tree.Boolean, tree.Parameter, tree.Reference, tree.Negate, tree.Percent, tree.Binary,
         tree.Compare, tree.Call}  # fmt: skip


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> FormNames:
    loaded = loaded_from(tmp_path_factory.mktemp("names"), dict(GOOD))
    pack = loaded.packs["demo"]
    units = {
        unit: (quantity, Decimal(factor))
        for quantity, group in loaded.lexicon["units"].items()
        for unit, factor in group.items()
    }
    parameters = {name: values[-1].unit for name, values in pack.parameters.items()}
    return FormNames(
        pack.forms["收支表"], forms=pack.forms, table="收支", current=("决算数",), parameters=parameters, units=units,
        roles=("上年",),
    )  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[*HealthCheck])
@given(words=st.lists(st.sampled_from(WORDS), max_size=25))
@example(words=["[@决算数]", "/", "-", '"x"'])
@example(words=["[@决算数]", "/", '"x"'])
@example(words=["[@决算数]", "/", "(", "1", "/", "0", ")"])
def test_any_formula_is_understood_or_refused(names: FormNames, words: list[str]) -> None:
    text = " ".join(words)
    try:
        node = parse(text)
    except FormulaError as error:
        assert 0 <= error.position <= len(text)
        return
    assert {type(part) for part in tree.walk(node)} <= NODES, "a formula is made of these and nothing else"
    for diagnostic in analyse(node, names).diagnostics:
        assert 0 <= diagnostic.start <= diagnostic.end <= len(text)
        assert diagnostic.message.zh and diagnostic.message.en


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    parts=st.lists(
        st.sampled_from(["{", "}", "{{", "}}", "{left}", ".", "__class__", "[0]", "!r", ":>9", "{0}", "left", " "]),
        min_size=1,
    )
)
def test_a_message_names_what_it_shows_and_no_more(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    message = "".join(parts)
    checks = CHECKS.replace("{cell}填{left}，应为{right}", message)
    loaded = loaded_from(tmp_path_factory.getbasetemp() / "message", {**GOOD, "checks/a.yaml": checks})
    for pack in loaded.packs.values():
        written = pack.rules[0].message
        assert written is not None
        for _, name, form, conversion in Formatter().parse(written.zh):
            assert name is None or (name.isidentifier() and not form and not conversion)
    assert loaded.packs or {failure.code for failure in loaded.failures} <= {"MESSAGE_BRACES", "YAML_SYNTAX"}
