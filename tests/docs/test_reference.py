"""The reference below ``docs/`` is that of the code.

What stands between ``<!-- written: WHAT … -->`` and ``<!-- /written -->`` is made here (``pytest --update-golden``);
tables that people wrote are compared with the code name by name.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from checker.formula.functions import FUNCTIONS
from checker.model.plugin import CheckKind
from checker.packs.lint import PLACEHOLDERS
from checker.packs.schema import Schemas
from checker.packs.strict_yaml import load_yaml
from checker.plugins import specs
from checker.scoring.kinds import KINDS as SCORE_KINDS
from checker.session import Session

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
LANGUAGES: Final = ("zh-CN", "en")

_WRITTEN: Final = re.compile(r"(<!-- written: (?P<what>[^>]+?) -->\n)(?P<body>.*?)(?=<!-- /written -->)", re.DOTALL)
#: Keys of every check that compares figures; they are told once.
_SHARED: Final = ("when", "blank", "rounding")
#: Keys of every criterion of a scoring standard.
_CRITERION: Final = frozenset(
    {"kind", "name", "labels", "under", "title", "full", "claimed", "source", "applies", "not_applicable", "cap"}
)


@cache
def _known() -> Mapping[str, CheckKind]:
    return Session().kinds


@pytest.fixture
def kinds() -> Mapping[str, CheckKind]:
    return _known()


def document(name: str, language: str) -> Path:
    return DOCS / (f"{name}.md" if language == "en" else f"{name}.{language}.md")


def _pages() -> list[Path]:
    return [page for page in sorted(DOCS.glob("*.md")) if "<!-- written: " in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page.name)
def test_what_is_written_here_is_what_the_code_says(page: Path, request: pytest.FixtureRequest) -> None:
    text = page.read_text(encoding="utf-8")
    english = not page.name.endswith(".zh-CN.md")
    written = _WRITTEN.sub(lambda found: found[1] + _section(found["what"], english), text)
    if request.config.getoption("--update-golden"):
        page.write_text(written, encoding="utf-8", newline="\n")
    elif written != text:
        pytest.fail(f"{page} differs; run pytest --update-golden tests/docs")


def _section(what: str, english: bool) -> str:
    name, *arguments = what.split()
    sections: dict[str, Callable[..., str]] = {"kinds": _kinds, "keys": _keys, "scoring": _scoring, "source": _source}
    return sections[name](english, *arguments)


# Kinds of checks


def _kinds(english: bool, *names: str) -> str:
    known = _known()
    return "".join(_kind(known[name], english) for name in names) + "\n"


def _kind(kind: CheckKind, english: bool) -> str:
    required: Any = kind.schema.get("required", [])
    properties: Any = kind.schema["properties"]
    own = [key for key in properties if key not in _SHARED and key not in required]
    parts = []
    if required:
        parts.append(("required: " if english else "必写：") + _codes(required, english))
    if own:
        parts.append(("optional: " if english else "可写：") + _codes(own, english))
    if all(key in properties for key in _SHARED):
        parts.append("compares figures" if english else "比较类")
    if kind.placeholders:
        names = [f"{{{name}}}" for name in kind.placeholders]
        parts.append(("in messages: " if english else "消息中可用：") + _codes(names, english))
    heading = f"\n### `{kind.name}` {kind.doc.en if english else kind.doc.zh}\n"
    line = (". " if english else "。").join(parts)
    told = f"\n{line[:1].upper()}{line[1:]}{'.' if english else '。'}\n" if parts else ""
    return heading + told + _example(kind.name, english)


def _codes(names: list[str], english: bool) -> str:
    return (", " if english else "、").join(f"`{name}`" for name in names)


def _example(kind: str, english: bool) -> str:
    """Of the rules that ship, one of this kind: the middle one by length of those that are easily read."""
    found = [rule for rule in _rules() if re.search(rf"\bkind: {kind}(?=[,}}\n])", rule[2])]
    if not found:
        return ""
    short = [rule for rule in found if len(max(rule[2].splitlines(), key=len)) <= 140] or [min(found, key=_length)]
    rule, title, check = sorted(short, key=_length)[len(short) // 2]
    return f"\n```yaml\n# {rule} {title[english]}\n{check}\n```\n"


def _length(rule: tuple[str, tuple[str, str], str]) -> tuple[int, str]:
    return len(rule[2]), rule[0]


@cache
def _rules() -> tuple[tuple[str, tuple[str, str], str], ...]:
    return tuple(_read_rules())


def _read_rules() -> Iterator[tuple[str, tuple[str, str], str]]:
    """Id, titles and the text below ``check`` of every rule that ships, as its author wrote it."""
    for file in sorted(ROOT.glob("rules/*/checks/*.yaml")):
        for text in re.split(r"(?m)^  - (?=id: )", file.read_text(encoding="utf-8"))[1:]:
            rule = re.match(r"id: (\S+)", text)
            title = re.search(r"(?m)^    title: \{zh: (?P<zh>.+?), en: (?P<en>.+)\}$", text)
            check = re.search(r"(?m)^    (check:(?: \{.+\}$|\n(?:      .+\n?)+))", text)
            if rule and title and check:
                titles = (title["zh"].strip('"'), title["en"].strip('"'))
                yield rule[1], titles, check[1].rstrip().replace("\n    ", "\n")


def test_every_kind_of_check_has_its_place(kinds: Mapping[str, CheckKind]) -> None:
    for language in LANGUAGES:
        text = document("checks", language).read_text(encoding="utf-8")
        told = [name for found in _WRITTEN.finditer(text) for name in _named(found["what"], "kinds")]
        assert sorted(told) == sorted(kinds)


def _named(what: str, section: str) -> list[str]:
    name, *arguments = what.split()
    return arguments if name == section else []


def test_every_key_of_a_check_is_explained(kinds: Mapping[str, CheckKind]) -> None:
    keys = {key for kind in kinds.values() for key in kind.schema["properties"]}  # type: ignore[attr-defined]
    for language in LANGUAGES:
        assert {*_first_column("checks", language, "key")} == keys


def test_every_placeholder_is_explained() -> None:
    for language in LANGUAGES:
        assert {*_first_column("checks", language, "placeholder")} == {f"{{{name}}}" for name in PLACEHOLDERS}


def _first_column(name: str, language: str, table: str) -> list[str]:
    """The words in code in the first column of the table that follows ``<!-- table: … -->``."""
    return [word for row in rows(name, language, table) for word in re.findall(r"`([^`]+)`", row[0])]


def rows(name: str, language: str, table: str) -> list[list[str]]:
    text = document(name, language).read_text(encoding="utf-8")
    _, mark, after = text.partition(f"<!-- table: {table} -->\n")
    assert mark, f"{name} ({language}) has no table {table}"
    lines = after.lstrip("\n").split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


# Files with a schema


def _keys(english: bool, schema: str, *place: str) -> str:
    """The keys of a mapping in ``schemas/``, with what they hold and mean."""
    root = json.loads((ROOT / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    node = root
    for step in place:
        if step.startswith("#"):
            node = root["$defs"][step[1:]]
        else:
            node = node["additionalProperties"] if step == "*" else _resolved(node["properties"][step])
        node = node.get("items", node) if node.get("type") == "array" else node
    head = "| key | holds | meaning |" if english else "| 键 | 内容 | 含义 |"
    lines = [head, "|---|---|---|"]
    for key, value in node["properties"].items():
        needed = ("**required** " if english else "**必写** ") if key in node.get("required", ()) else ""
        lines.append(f"| `{key}` | {needed}{_holds(value, english)} | {_means(value, english)} |")
    return "\n" + "\n".join(lines) + "\n\n"


def _resolved(value: Any) -> Any:
    """``value`` with what it refers to."""
    if not isinstance(value, dict) or "$ref" not in value:
        return value
    file, _, place = value["$ref"].partition("#/$defs/")
    if not file:
        return value
    shared = json.loads((ROOT / "schemas" / file).read_text(encoding="utf-8"))["$defs"][place]
    return {**shared, **{key: word for key, word in value.items() if key != "$ref"}}


_HOLDS: Final = {
    "string": ("文字", "text"),
    "integer": ("整数", "whole number"),
    "boolean": ("true、false", "true, false"),
    "array": ("列表", "list"),
    "object": ("映射", "mapping"),
}


def _holds(value: Any, english: bool) -> str:
    value = _resolved(value)
    if "enum" in value:
        return _codes(value["enum"], english)
    if "const" in value:
        return f"`{json.dumps(value['const'])}`" if not isinstance(value["const"], str) else f"`{value['const']}`"
    if "$ref" in value:
        return "mapping" if english else "映射"
    types = [value.get("type", "object")] if not isinstance(value.get("type"), list) else value["type"]
    joined = " or " if english else "或"
    return joined.join(_HOLDS[name][english] for name in types if name != "null")


def _means(value: Any, english: bool) -> str:
    value = _resolved(value)
    return _in(english, value.get("description") or value.get("title") or "").replace("|", "\\|")


def _in(english: bool, text: str) -> str:
    """The half of a text of ``schemas/`` that is in this language: Chinese, a stroke, English."""
    chinese, _, translated = re.sub(r"\s*/ (?=\S)", "\0", text, count=1).partition("\0")
    return translated or chinese if english else chinese


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_files_that_are_shown_are_as_their_schemas_say(page: Path) -> None:
    for found in re.finditer(r"(?m)^```yaml.*\n((?:.*\n)*?)```$", page.read_text(encoding="utf-8")):
        if named := re.match(r"schema: checker/(\w+)@1\n", found[1]):
            assert not list(Schemas().errors(load_yaml(found[1].encode(), page.name), named[1]))


# Ways to give marks


def _scoring(english: bool) -> str:
    schema = json.loads((ROOT / "schemas" / "scoring.schema.json").read_text(encoding="utf-8"))
    branches = {branch["if"]["properties"]["kind"]["const"]: branch["then"] for branch in _branches(schema)}
    assert sorted(branches) == sorted(kind.name for kind in SCORE_KINDS)
    told = []
    for name, terms in branches.items():
        told.append(f"\n### `{name}` {_in(english, terms['title'])}\n")
        own = {key: value for key, value in terms["properties"].items() if key not in _CRITERION}
        if own:
            told.append("| key | meaning |" if english else "| 键 | 含义 |")
            told.append("|---|---|")
        for key, value in own.items():
            needed = ("**required** " if english else "**必写** ") if key in terms["required"] else ""
            told.append(f"| `{key}` | {needed}{_means(value, english)} |")
    return "\n".join(told) + "\n\n"


def _branches(schema: Mapping[str, Any]) -> list[Any]:
    return list(schema["$defs"]["by_kind"]["allOf"])


def test_every_way_to_give_marks_is_told() -> None:
    for language in LANGUAGES:
        assert "<!-- written: scoring -->" in document("scoring", language).read_text(encoding="utf-8")


# Files of the example distributions


def _source(english: bool, file: str, language: str) -> str:
    """A file of this repository, as it is."""
    return f"\n```{language}\n{(ROOT / file).read_text(encoding='utf-8').strip()}\n```\n\n"


# Functions, kinds of columns, hooks


def test_functions_and_how_many_arguments_they_take() -> None:
    known = {name: _arity(function.arity) for name, function in FUNCTIONS.items()}
    for language in LANGUAGES:
        assert {row[0].strip("`"): row[1] for row in rows("formulas", language, "functions")} == known


def _arity(arity: tuple[int, int | None]) -> str:
    least, most = arity
    return f"{least}+" if most is None else f"{least}" if least == most else f"{least}–{most}"


def test_kinds_of_columns() -> None:
    schema = json.loads((ROOT / "schemas" / "form.schema.json").read_text(encoding="utf-8"))
    known = schema["$defs"]["column"]["properties"]["kind"]["enum"]
    for language in LANGUAGES:
        assert sorted(_first_column("forms", language, "kinds")) == sorted(known)


def test_hooks_and_their_arguments() -> None:
    known = {}
    for name, hook in vars(specs).items():
        if options := getattr(hook, "checker_spec", None):
            signature = inspect.signature(hook)
            known[name] = (", ".join(signature.parameters), bool(options["firstresult"]))
    assert known
    for language in LANGUAGES:
        told = {
            row[0].strip("`"): (row[1].replace("`", "").replace("—", ""), row[3] in ("first", "取第一个"))
            for row in rows("plugins", language, "hooks")
        }
        assert told == known
