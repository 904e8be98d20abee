"""YAML means what it says; what could mislead a reader is refused at its line and column."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import PackError
from checker.packs import strict_yaml
from checker.packs.files import MAX_BYTES
from checker.packs.strict_yaml import load_yaml


@pytest.fixture(params=["C", "Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "Python":
        monkeypatch.setattr(strict_yaml, "_Loader", yaml.SafeLoader)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("32:35", "32:35"),
        ("0101", "0101"),
        ("0.10", "0.10"),
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("=", "="),
        ("2020-01-01", "2020-01-01"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("+5", "+5"),
        ("~", "~"),
        ("True", "True"),
        ("12", 12),
        ("-7", -7),
        ("0", 0),
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("'12'", "12"),
        ('"true"', "true"),
        ("|\n  12\n", "12\n"),
        ("999999999999999999", 999999999999999999),
        ("9999999999999999999", "9999999999999999999"),
    ],
)
def test_a_scalar_is_what_is_written(written: str, meant: object) -> None:
    value = load_yaml(f"v: {written}".encode(), "f.yaml").data["v"]
    assert value == meant
    assert type(value) is type(meant)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\na: 2", "YAML_DUPLICATE_KEY", "2:1"),
        ("表: {合计: 1, 合计: 2}", "YAML_DUPLICATE_KEY", "1:12"),
        ("a: &x 1\nb: *x", "YAML_ALIAS", "1:4"),
        ("a: 1\nb: *x", "YAML_ALIAS", "2:4"),
        ("a: &x {b: 1}", "YAML_ALIAS", "1:4"),
        ("a: !!str 1", "YAML_TAG", "1:4"),
        ("!!python/object/apply:os.system [ls]", "YAML_TAG", "1:1"),
        ("- 1\n- !own {a: 1}", "YAML_TAG", "2:3"),
        ("1: a", "YAML_KEY", "1:1"),
        ("true: a", "YAML_KEY", "1:1"),
        ("? \n: a", "YAML_KEY", None),
        ("? [a]\n: b", "YAML_KEY", "1:3"),
        ("{a: 1}: b", "YAML_KEY", "1:1"),
        ("a: {<<: {b: 1}}", "YAML_MERGE", "1:5"),
        ("a: 1\n---\nb: 2", "YAML_DOCUMENTS", "2:1"),
        ("%YAML 1.1\n---\na: 1", "YAML_DIRECTIVE", "1:1"),
        ("a: " + "[" * 41, "YAML_TOO_DEEP", "1:43"),
        ("a: [1, 2", "YAML_SYNTAX", None),
        ("a:\n\tb: 1", "YAML_SYNTAX", None),
        ("年: 月: 日", "YAML_SYNTAX", "1:5"),
        ("年: \x07", "YAML_CHARACTER", "1:4"),
    ],
)
def test_what_misleads_is_refused_at_its_place(text: str, code: str, place: str | None) -> None:
    with pytest.raises(PackError) as caught:
        load_yaml(text.encode(), "f.yaml")
    assert caught.value.code == code
    assert caught.value.where.startswith("f.yaml:")
    if place:
        assert caught.value.where == f"f.yaml:{place}"


def test_depth_is_bounded_before_anything_is_built() -> None:
    with pytest.raises(PackError, match="YAML_TOO_DEEP"):
        load_yaml(b"[" * 500_000, "f.yaml")


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(PackError, match="YAML_TOO_LARGE"):
        load_yaml(b"a: " + b"x" * MAX_BYTES, "f.yaml")


def test_another_encoding_is_told_at_its_place() -> None:
    with pytest.raises(PackError) as caught:
        load_yaml("a: 1\n表: 名称".encode("gbk"), "f.yaml")
    assert (caught.value.code, caught.value.where) == ("YAML_ENCODING", "f.yaml:2:1")


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert load_yaml(b"\xef\xbb\xbfa: 1", "f.yaml").data == {"a": 1}


@pytest.mark.usefixtures("parser")
def test_every_key_and_value_has_its_place() -> None:
    document = load_yaml("表:\n  行: [a, '乙']\n  'x y':  {k: v}\n".encode(), "f")
    assert document.where(("表",), key=True) == "f:1:1"
    assert document.where(("表", "行")) == "f:2:6"
    assert document.where(("表", "行", 1)) == "f:2:10"
    assert document.where(("表", "x y"), key=True) == "f:3:3"
    assert document.where(("表", "x y", "k")) == "f:3:15"
    assert document.where(("表", "行", 7)) == "f:2:6", "what is not there is told where it would be"
    assert document.inside(("表", "行", 1), 0) == "f:2:11"
    assert document.inside(("表", "行", 0), 0) == "f:2:7"


_text = st.text(st.characters(codec="utf-8").filter(str.isprintable), max_size=8)
_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | _text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=12,
)


@given(_values)
def test_what_a_careful_writer_writes_is_read_back(value: Any) -> None:
    """JSON-style YAML, every text quoted, has one meaning only."""
    assert load_yaml(json.dumps(value, ensure_ascii=False).encode(), "f").data == value
