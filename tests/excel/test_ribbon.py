"""The ribbon: the buttons that were promised, in XML that Office takes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from checker.excel.ribbon import ACTIONS, CALLBACK, NAMESPACE, custom_ui

BAS = Path(__file__).parents[2] / "checker" / "excel" / "CheckerRibbon.bas"
#: What the schema of [MS-CUSTOMUI] lets each element have, as far as used: children, needed and further attributes.
ELEMENTS = {
    "customUI": ({"ribbon"}, set(), set()),
    "ribbon": ({"tabs"}, set(), set()),
    "tabs": ({"tab"}, set(), set()),
    "tab": ({"group"}, {"id", "label"}, set()),
    "group": ({"button"}, {"id", "label"}, set()),
    "button": (set(), {"id", "label", "onAction"}, {"screentip", "supertip", "imageMso", "size"}),
}
#: Part of the imageMso table of [MS-CUSTOMUI], which lists the pictures that Office has.
PICTURES = {
    *("Spelling", "CalculateSheet", "CalculateNow", "Calculator", "ReviewNextComment", "ReviewEditComment"),
    *("DataValidation", "DataValidationCircleInvalid", "DataValidationClearValidationCircles", "Help", "HappyFace"),
}
NC_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def buttons() -> list[ET.Element]:
    return list(ET.fromstring(custom_ui()).iter(f"{{{NAMESPACE}}}button"))


def test_the_seven_buttons_are_there() -> None:
    root = ET.fromstring(custom_ui())
    assert [tab.get("label") for tab in root.iter(f"{{{NAMESPACE}}}tab")] == ["绩效检查"]
    assert [(button.get("id"), button.get("label")) for button in buttons()] == [
        ("check", "检查"),
        ("check_sheet", "检查本表"),
        ("score", "评分"),
        ("next", "下一个问题"),
        ("explain", "填写说明"),
        ("clear", "清除标记"),
        ("help", "帮助"),
    ]
    assert tuple(button.get("id") for button in buttons()) == ACTIONS


def test_every_button_says_what_it_does_in_chinese() -> None:
    for button in buttons():
        assert re.search("[一-鿿]", button.get("supertip", ""))
        assert not re.search("[A-Za-z]{2}", button.get("supertip", ""))


def test_the_xml_keeps_to_the_schema() -> None:
    content = custom_ui()
    assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"')
    identifiers = []
    for element in ET.fromstring(content).iter():
        name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        children, needed, further = ELEMENTS[name]
        assert {child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in element} <= children
        assert needed <= set(element.attrib) <= needed | further
        assert all(0 < len(value) <= 1024 for value in element.attrib.values())
        identifiers += [element.attrib["id"]] if "id" in element.attrib else []
        assert element.get("size", "large") in ("normal", "large")
    assert len(set(identifiers)) == len(identifiers)
    assert all(NC_NAME.fullmatch(identifier) for identifier in identifiers)


def test_the_pictures_exist() -> None:
    assert {button.get("imageMso") for button in buttons()} <= PICTURES


def test_the_buttons_call_what_is_there() -> None:
    text = BAS.read_text(encoding="ascii")
    module, procedure = CALLBACK.split(".")
    assert f'Attribute VB_Name = "{module}"' in text
    assert f"Public Sub {procedure}(control As IRibbonControl)" in text
    assert {button.get("onAction") for button in buttons()} == {CALLBACK}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_safe_in_a_command_line(action: str) -> None:
    assert re.fullmatch("[a-z_]+", action)


def test_the_module_stays_within_the_limits_of_vba() -> None:
    lines = BAS.read_text(encoding="ascii").splitlines()
    assert max(map(len, lines)) < 1023
    assert "Option Explicit" in lines
