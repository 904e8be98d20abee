"""Number formats by style, from ``styles.xml``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from checker.readers import limits
from checker.readers.escapes import unescape
from checker.readers.markup import parse_part
from checker.readers.package import Package

__all__ = ["read_number_formats"]

#: The lists of the part. None is within another.
_FAMILIES: Final = frozenset(("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"))
#: Formats that files name by number alone (ECMA-376 part 1, 18.8.30, with the zh-CN dates as Excel shows them).
_BUILT_IN: Final[Mapping[int, str]] = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"\u5e74"m"\u6708"',
    28: 'm"\u6708"d"\u65e5"',
    29: 'm"\u6708"d"\u65e5"',
    30: "m-d-yy",
    31: 'yyyy"\u5e74"m"\u6708"d"\u65e5"',
    32: 'h"\u65f6"mm"\u5206"',
    33: 'h"\u65f6"mm"\u5206"ss"\u79d2"',
    34: "AM/PM h:mm",
    35: "AM/PM h:mm:ss",
    36: 'yyyy"\u5e74"m"\u6708"',
    37: "#,##0;-#,##0",
    38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ \u00a5* #,##0_ ;_ \u00a5* -#,##0_ ;_ \u00a5* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ \u00a5* #,##0.00_ ;_ \u00a5* -#,##0.00_ ;_ \u00a5* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    50: 'yyyy"\u5e74"m"\u6708"',
    51: 'm"\u6708"d"\u65e5"',
    52: 'yyyy"\u5e74"m"\u6708"',
    53: 'm"\u6708"d"\u65e5"',
    54: 'm"\u6708"d"\u65e5"',
    55: "AM/PM h:mm",
    56: "AM/PM h:mm:ss",
    57: 'yyyy"\u5e74"m"\u6708"',
    58: 'm"\u6708"d"\u65e5"',
}


def read_number_formats(package: Package, part: str) -> tuple[str, ...]:
    """The number format code of each cell style, in the order of the part. Raises ``ReadError``."""
    own: dict[str, str] = {}
    used: list[str] = []
    family = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal family
        if name in _FAMILIES:
            family = name
        elif name == "numFmt" and family == "numFmts":
            own[attributes.get("numFmtId", "")] = unescape(attributes.get("formatCode", ""))
        elif name == "xf" and family == "cellXfs" and len(used) < limits.MAX_STYLES:
            used.append(attributes.get("numFmtId", "0"))

    parse_part(package, part, start)
    return tuple(own.get(number) or _BUILT_IN.get(_integer(number), "General") for number in used)


def _integer(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
