"""The same sheet says the same by every way through the reader: past expat or through it, in chunks of any
length, loaded or streamed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.errors import ReadError
from checker.model.workbook import Cell
from checker.readers import open_workbook

from .packages import STRINGS, book, sheet, strings

CELLS = st.sampled_from(
    [
        '<c r="{}" s="1"/>',
        '<c r="{}"><v>12.5</v></c>',
        '<c r="{}" s="2"><v>-1.5E3</v></c>',
        '<c r="{}" t="n"><v>7</v></c>',
        '<c r="{}" t="s"><v>1</v></c>',
        '<c r="{}" s="3" t="s"><v>0</v></c>',
        '<c r="{}" t="e"><v>#REF!</v></c>',
        '<c r="{}" t="b"><v>1</v></c>',
        '<c r="{}" t="str"><f>A1&amp;"x"</f><v> a&lt;b </v></c>',
        '<c r="{}"><f>SUM(A1:B2)</f><v>3</v></c>',
        '<c r="{}"><f aca="false">A1&gt;1</f><v>3</v></c>',
        '<c r="{}"><f>A1</f><v></v></c>',
        '<c r="{}"><f>A1</f></c>',
        '<c r="{}"><f t="shared" si="0"/><v>4</v></c>',
        '<c r="{}"><f t="shared" ref="A1:Z99" si="0">A1+$B2</f><v>4</v></c>',
        '<c r="{}"><f t="array" ref="A1:B2">A1:B2</f><v>4</v></c>',
        '<c r="{}" t="inlineStr"><is><t xml:space="preserve"> 文 </t></is></c>',
        '<c r="{}" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>',
        '<c t="str" r="{}"><v>order</v></c>',
        "<c r='{}'><v>9</v></c>",
        '<c r="{}"><v>&#49;2</v></c>',
        '<c r="{}"><v><![CDATA[5]]></v></c>',
        '<c r="{}" t="str"><v>two\nlines</v></c>',
        '<c r="{}" cm="1"><v>8</v></c>',
        '<c r="{}"><v>text</v></c>',
        '<c  r="{}" ><v>1</v></c >',
        "<c><v>6</v></c>",
        '<c r="A1"><v>1</v></c>',
        '<c r="{}" t="s"><v>99</v></c>',
        '<c r="{}" t="s"><v>-1</v></c>',
        '<c r="{}" t="s"><v>1.0</v></c>',
        '<c r="{}"><v>1 2</v></c>',
        '<c r="{}"><v>1\n2</v></c>',
        '<c r="{}" s="1"/><v>1</v></c>',
        '<c r="{}" s="1"></c>',
        '<c r="{}/"><v>1</v></c>',
    ]
)
#: Of these most rows are made.
PLAIN = st.sampled_from(
    [
        '<c r="{}" s="1"/>',
        '<c r="{}"/>',
        '<c r="{}" s="2"><v>-12.50</v></c>',
        '<c r="{}" t="n"><v>7</v></c>',
        '<c r="{}" s="3" t="s"><v>0</v></c>',
        '<c r="{}"><f> SUM( A1:B2 ) </f><v>3</v></c>',
    ]
)
BETWEEN = st.sampled_from(["", "", "", "\n", " \n ", "<!-- x -->", "<!-- </row> -->", "<?a </row>?>"])
ROW_TAGS = st.sampled_from(
    ['<row r="{}">', '<row r="{}" spans="1:4" hidden="1">', '<row r="{}" ht="14.25" x:d="0.2">', "<row>"]
)
EMPTY_ROWS = st.sampled_from(["", "", '<row r="{}"/>', '<row r="{}" hidden="1"/>', '<row r="{}" ></row >'])
TEXTS = st.lists(
    st.sampled_from(
        ["<si><t>a</t></si>", '<si><t xml:space="preserve"> b&amp;</t></si>', "<si><r><t>c</t></r></si>", "<!-- x -->",
         "<si><t>two\nlines</t></si>", "\n", "<si/>", "<si><t>_x0041_</t></si>"]
    ),
    max_size=6,
)  # fmt: skip


@st.composite
def sheets(draw: st.DrawFn) -> str:
    rows, pool = [], draw(st.sampled_from([CELLS, PLAIN, PLAIN | CELLS]))
    for number in range(1, draw(st.integers(1, 8)) * 2, 2):
        letters = draw(st.lists(st.sampled_from("ABCDE"), unique=True).map(sorted))
        cells = "".join(draw(BETWEEN) * draw(st.booleans()) + draw(pool).format(f"{c}{number + 1}") for c in letters)
        rows.append(draw(EMPTY_ROWS).format(number) + draw(ROW_TAGS).format(number + 1) + cells + "</row>")
        rows.append(draw(BETWEEN) if draw(st.integers(0, 3)) == 0 else "")
    return "".join(rows)


Outcome = tuple[object, ...]


def outcome(path: Path, streamed: bool = False) -> Outcome:
    read = open_workbook(path)
    first = read.sheets[0]
    try:
        if streamed:
            rows: dict[int, Mapping[int, Cell]] = {}
            first.stream(rows.__setitem__)
            return ("rows", list(rows.items()), list(read.remarks))
        content = first.content
    except ReadError as error:
        return ("refused", error.code)
    return ("rows", list(content.rows.items()), list(read.remarks), content.hidden_rows)


@contextmanager
def through_expat():  # type: ignore[no-untyped-def]
    """Nothing is plain."""
    with (
        patch("checker.readers.sheet.read_plain_rows", lambda _, pieces, start: start),
        patch("checker.readers.texts.read_plain_texts", lambda _, pieces, start: start),
    ):
        yield


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=sheets(), texts=TEXTS, before=st.sampled_from(["", "\n", "<!-- <sheetData> -->"]), size=st.integers(1, 90))
def test_all_ways_agree(rows: str, texts: list[str], before: str, size: int, tmp_path: Path) -> None:
    xml = sheet(rows, before=before).replace("<worksheet ", '<worksheet xmlns:x="urn:x" ')
    path = tmp_path / "book.xlsx"
    items = "".join(texts) + "<si><t>p</t></si><si><t>q</t></si>"
    path.write_bytes(book(**{"xl/worksheets/sheet1.xml": xml, STRINGS: strings(items)}))
    plain = outcome(path)
    with through_expat():
        assert outcome(path) == plain
    with patch("checker.readers.package._CHUNK", size):
        assert outcome(path) == plain
        with through_expat():
            assert outcome(path) == plain
    streamed = outcome(path, streamed=True)
    assert streamed == plain[:3] or streamed[1] == "ROWS_OUT_OF_ORDER"


def test_usual_rows_do_not_go_through_expat(tmp_path: Path) -> None:
    """Else the reader would be slow and nobody would see it."""
    path = tmp_path / "book.xlsx"
    row = (
        '<row r="{0}" spans="1:4"><c r="A{0}" s="1" t="s"><v>0</v></c><c r="B{0}"><f>A1&gt;0</f><v>1</v></c>'
        '<c r="C{0}"><f t="shared" si="0"/><v>2</v></c><c r="D{0}" s="3"/></row>'
    )
    path.write_bytes(book("".join(row.format(number) for number in range(1, 50))))
    with patch("checker.readers.sheet.CellReader.start") as start:
        content = open_workbook(path).sheets[0].content
    assert len(content.rows) == 49
    assert start.call_count == 0


def test_stream_holds_no_rows_back(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(book('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"/><row r="9"><c r="B9"><v>2</v></c></row>'))
    met: list[tuple[int, list[int]]] = []
    first = open_workbook(path).sheets[0]
    first.stream(lambda number, row: met.append((number, list(row))))
    assert met == [(1, [1]), (9, [2])]
    assert "content" not in vars(first)


def test_an_error_in_the_callback_comes_out(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(book())

    def stop(number: int, row: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_workbook(path).sheets[0].stream(stop)
