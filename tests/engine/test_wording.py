"""What an explanation must say: a reason in words, with a figure, the number of a document or a period."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.engine.wording import Wording
from checker.messages import Text
from checker.packs.load import load_packs

LEXICON = load_packs([]).lexicon
WORDS = LEXICON["explanations"]
EXAMPLE = str(WORDS["example"])
WORDING = Wording(LEXICON)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("情况属实。", "stock phrase"),
        ("无", "stock phrase"),
        ("已核实，情况属实，数据无误，经核对无误，2022年6月", "stock phrase"),
        ("追加预算", "too short"),
        ("这是因为项目在执行中有了新的安排", "must name"),
        ("这是因为第3次会议对项目另有安排", "must name"),
        ("因项目调整，2022年全年执行与预算不同", "must name"),
        ("因项目调整追加预算3.2万元", ""),
        ("按照财预[２０２２]３号文件调整预算", ""),
        ("因2022年6月调整项目内容，预算相应变化", ""),
        ("因2022年上半年调整项目内容，预算相应变化", ""),
        # what is put between letters, and widths, disguise nothing
        ("情 况 属 实，2022年6月，特/此/说/明", "stock phrase"),
        ("情\u200b况\u200b属\u200b实，２０２２年６月３０日，（特此说明）", "stock phrase"),
        # one phrase for another
        ("情况真实，与实际相符，2022年度数据填报正确，金额0.50万元", "stock phrase"),
        ("我单位财务人员已认真核对，账表相符，差额0.50万元", "stock phrase"),
        ("以上情况属实，请领导审阅，批准为盼，2022年6月", "stock phrase"),
        ("按实际情况填写，实际金额为12345.67万元", "stock phrase"),
        # figures, numbers of documents and periods without a word of why
        ("，，，。。。123456789012万元！！！", "in words"),
        ("2022年6月30日，2022年7月30日，1234.56万元", "in words"),
        ("财预〔2022〕3号财预〔2022〕3号财预〔2022〕3号", "in words"),
        ("啊啊啊啊啊啊啊啊啊啊啊2022年6月", "in words"),
        # a reason code alone
        ("时间性差异：1234567.89元", "in words"),
        ("时间性差异 1234567.89元", "in words"),
        ("时间性差异：跨年支付0.5万元", ""),
        ("政策调整：金额1234567.89万元", "stock phrase"),
        ("四舍五入：各分项均取两位小数，合计差0.01万元", ""),
        ("差额0.01万元系四舍五入", ""),
        ("无偿划转设备3台，价值12万元", ""),
        ("年初结转26.24万元中0.50万元为上年收回的存量资金", ""),
    ],
)
def test_what_a_text_must_say(text: str, told: str) -> None:
    lacking = WORDING.lacking(text)
    assert (lacking is None) == (told == "")
    if lacking is not None:
        assert told in lacking.en and str(LEXICON["explanations"]["example"]) in lacking.zh


@pytest.mark.parametrize("around", ["{}", " {} ", "说明如下：{}", "{}情况属实", "{}（2022年6月）"])
def test_the_example_itself_is_no_explanation(around: str) -> None:
    lacking = WORDING.lacking(around.format(EXAMPLE))
    assert lacking is not None and "example itself" in lacking.en
    assert WORDING.lacking("；".join(EXAMPLE)) is not None
    assert WORDING.lacking(EXAMPLE.replace("12.50", "0.80")) is None


MESSAGE = Text("B10 年初财政拨款结转和结余填26.24，上年决算年末结转和结余25.74万元，相差0.50万元", "B10 says 26.24")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MESSAGE.zh, "repeats the finding"),
        (MESSAGE.zh[4:], "repeats the finding"),
        (f"情况属实：{MESSAGE.zh}，特此说明。", "repeats the finding"),
        (f"{MESSAGE.zh}，系上年收回存量资金", ""),
        ("年初财政拨款结转和结余中有0.50万元系收回上年存量资金", ""),
    ],
)
def test_what_the_finding_says_itself_explains_nothing(text: str, told: str) -> None:
    lacking = WORDING.lacking(text, (), [MESSAGE])
    assert (lacking is None) == (told == "")
    assert lacking is None or (told in lacking.en and EXAMPLE in lacking.zh)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("追加预算：2022年6月追加项目资金12.50万元", "追加预算"),
        ("四舍五入，并非政策调整", "四舍五入"),  # the one named first, not the first of the list
        ("四 舍 五 入：合计差0.01万元", "四舍五入"),
        ("按财预〔2022〕3号追加预算", "追加预算"),
        ("其他：2022年6月收回存量资金", "其他"),
        ("2022年6月收回存量资金", "其他"),
    ],
)
def test_the_reason_is_what_the_text_begins_with_or_names_first(text: str, reason: str) -> None:
    assert WORDING.reason_in(text) == reason


phrases = st.lists(st.sampled_from([str(phrase) for phrase in WORDS["boilerplate"]]), min_size=1, max_size=12)
between = st.sampled_from(["", " ", "，", "。", "、", "\u3000", "/", "\n", "\u200b"])
facts = st.sampled_from(["0.50万元", "2022年6月", "财〔2022〕3号", "１２３４５６７．８９元", "2022年12月31日"])


@given(phrases, between, facts, st.data())
def test_stock_phrases_with_any_figure_explain_nothing(
    said: list[str], gap: str, fact: str, data: st.DataObject
) -> None:
    parts = [*said, fact]
    text = gap.join(data.draw(st.permutations(parts)))
    assert WORDING.lacking(text) is not None, text


@pytest.mark.parametrize("unit", ["1,", "1", "2022年", "〔2022〕", "政策", "十", "(2022", "1.1", "：", "追加预算："])
def test_a_very_long_text_is_judged_at_once(unit: str) -> None:
    """As long as a cell may be; anything worse than linear would take minutes."""
    text = (unit * 32767)[:32767]
    assert WORDING.lacking(text, ("figure", "document", "period"), [Text(text, text)]) is not None
