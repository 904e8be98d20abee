"""Labels that mean the same compare equal; labels that do not stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.model.label import Labels
from checker.packs.strict_yaml import load_yaml

LEXICON = Path(__file__).parents[2] / "rules" / "lexicon.yaml"
LABELS = Labels.from_mapping(load_yaml(LEXICON.read_bytes(), "lexicon").data)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("      其中：财政拨款", "财政拨款"),
        ("其中:1.公务用车购置", "公务用车购置"),
        ("其中财政拨款", "财政拨款"),
        ("减：累计折旧", "累计折旧"),
        ("合 计", "合计"),
        ("\u3000年度资金总额：", "年度资金总额"),
        ("项目\n名称", "项目名称"),
        ("一、基本支出", "基本支出"),
        ("（一）人员经费", "人员经费"),
        ("(一)、人员经费", "人员经费"),
        ("1.工资", "工资"),
        ("1、 工资", "工资"),
        ("12）工资", "工资"),
        ("① 工资", "工资"),
        ("⑴工资", "工资"),
        ("Ⅱ、工资", "工资"),
        ("十一、其他", "其他"),
        ("项目资金（万元）", "项目资金"),
        ("金额（单位：万元）", "金额"),
        ("占比(%)", "占比"),
        ("人均(元/人)", "人均"),
        ("预算数（A）", "预算数"),
        ("执行率（B/A×100％）", "执行率"),
        ("合计（3=1+2）", "合计"),
        ("“三公”经费", "三公经费"),
        ("【补助】〔2020〕", "(补助)(2020)"),
        ("产出－效益", "产出-效益"),
        ("ＡＢＣ", "ABC"),
        ("a\u200bb\ufeff", "ab"),
    ],
)
def test_what_carries_no_meaning_goes(typed: str, label: str) -> None:
    assert LABELS.normalise(typed) == label


@pytest.mark.parametrize(
    "typed",
    ["加班费", "减免税额", "三公经费", "2021年度", "1.5倍", "十二条", "其中", "(一)", "(万元)", "绩效(自评)", "一"],
)
def test_what_only_looks_like_it_stays(typed: str) -> None:
    assert LABELS.normalise(typed) == typed


@given(
    st.text("一二十、.．()（）【】:： 12①⑴Ⅰ万元%％/AB=+其中减加单位“”—\u200b名称", max_size=14) | st.text(max_size=12)
)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = LABELS.normalise(text)
    assert LABELS.normalise(once) == once


def test_without_a_lexicon_only_shapes_count() -> None:
    bare = Labels.from_mapping({})
    assert bare.normalise("1.一、合 计：") == "一、合计"


def test_prose_is_normalised_and_not_kept() -> None:
    labels = Labels.from_mapping({})
    assert labels.normalise("字 " * 500) == "字" * 500
