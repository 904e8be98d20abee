"""What a reading of an .xlsx package says, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checker.errors import ReadError
from checker.model.workbook import Cell, CellKind, Range, Workbook
from checker.readers import open_workbook

from .packages import MAIN, RELATIONS, STRINGS, book, relations, sheet, strings, workbook

Open = Callable[[bytes], Workbook]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def open_bytes(data: bytes) -> Workbook:
        path = tmp_path / "book.xlsx"
        path.write_bytes(data)
        return open_workbook(path)

    return open_bytes


def only_cell(workbook: Workbook) -> Cell:
    ((cell,),) = (row.values() for row in workbook.sheets[0].rows.values())
    return cell


#: The inside of a cell, its attributes, kind, raw text, formula.
CELLS = [
    ("<v>12.50</v>", "", CellKind.NUMBER, "12.50", None),
    ("<v>1234567.8900000001</v>", "", CellKind.NUMBER, "1234567.8900000001", None),
    ("<v>-3</v>", "", CellKind.NUMBER, "-3", None),
    ("<v>1.5E-7</v>", "", CellKind.NUMBER, "1.5E-7", None),
    ("<v> 7 </v>", "", CellKind.NUMBER, "7", None),
    ("<v>.5</v>", 't="n"', CellKind.NUMBER, ".5", None),
    ("<v>440102199001011234</v>", "", CellKind.NUMBER, "440102199001011234", None),
    ("<v>12.1.3</v>", "", CellKind.TEXT, "12.1.3", None),
    ("<v>１２</v>", "", CellKind.TEXT, "１２", None),
    ("<v>1_000</v>", "", CellKind.TEXT, "1_000", None),
    ("<v>nan</v>", "", CellKind.TEXT, "nan", None),
    ("<v>1e999</v>", "", CellKind.TEXT, "1e999", None),
    (f"<v>{'9' * 400}</v>", "", CellKind.TEXT, "9" * 400, None),
    ("<v>1</v>", 't="s"', CellKind.TEXT, "beta", None),
    ("<v>1</v>", 't="b"', CellKind.BOOLEAN, "TRUE", None),
    ("<v>false</v>", 't="b"', CellKind.BOOLEAN, "FALSE", None),
    ("<v>#REF!</v>", 't="e"', CellKind.ERROR, "#REF!", None),
    ("<v>#SPILL!</v>", 't="e"', CellKind.ERROR, "#SPILL!", None),
    ("<v>2024-05-01</v>", 't="d"', CellKind.DATE, "2024-05-01", None),
    ("<f>A2+1</f><v>3</v>", "", CellKind.NUMBER, "3", "A2+1"),
    ("<v>3</v><f>A2+1</f>", "", CellKind.NUMBER, "3", "A2+1"),
    ("<f>A2&amp;&quot;x&quot;</f><v>ax</v>", 't="str"', CellKind.TEXT, "ax", 'A2&"x"'),
    ('<f>IF(A2="","",1)</f><v></v>', 't="str"', CellKind.TEXT, "", 'IF(A2="","",1)'),
    ("<f>A2+1</f>", "", CellKind.NO_CACHE, "", "A2+1"),
    ("<f>A2+1</f><v></v>", "", CellKind.NO_CACHE, "", "A2+1"),
    ("<f>A2+1</f><v/>", "", CellKind.NO_CACHE, "", "A2+1"),
    ("<f>A2+1</f>", 't="str"', CellKind.NO_CACHE, "", "A2+1"),
    ("<f>1/0</f><v>#DIV/0!</v>", 't="e"', CellKind.ERROR, "#DIV/0!", "1/0"),
    ("<f></f><v>5</v>", "", CellKind.NUMBER, "5", None),
    ('<f ca="1">NOW()</f><v>5</v>', "", CellKind.NUMBER, "5", "NOW()"),
    ("<f>SUM(\nA2,\nA3)</f><v>5</v>", "", CellKind.NUMBER, "5", "SUM(\nA2,\nA3)"),
    ('<f t="dataTable" ref="A1:A1" r1="B1" r2="B2"/><v>5</v>', "", CellKind.NUMBER, "5", "TABLE(B1,B2)"),
    ("<is><t> 两个 </t></is>", 't="inlineStr"', CellKind.TEXT, " 两个 ", None),
    ('<is><t xml:space="preserve"> a&lt;b </t></is>', 't="inlineStr"', CellKind.TEXT, " a<b ", None),
    ("<is><r><rPr><b/></rPr><t>a</t></r><r><t>b</t></r></is>", 't="inlineStr"', CellKind.TEXT, "ab", None),
    (
        '<is><r><t>东</t></r><rPh sb="0" eb="1"><t>とう</t></rPh><phoneticPr/></is>',
        't="inlineStr"',
        CellKind.TEXT,
        "东",
        None,
    ),
    ("<v>a_x000D_\nb</v>", 't="str"', CellKind.TEXT, "a\r\nb", None),
    ("<v>_x005F_x000D_</v>", 't="str"', CellKind.TEXT, "_x000D_", None),
    ("<v>_xD83D__xDE00__xD83D_</v>", 't="str"', CellKind.TEXT, "\U0001f600\ufffd", None),
    ("<v><![CDATA[1]]>2<!-- x -->3</v>", "", CellKind.NUMBER, "123", None),
    ("<v>odd</v>", 't="zz"', CellKind.TEXT, "odd", None),
    ("<v>1</v><extLst><ext><x>9</x></ext></extLst>", "", CellKind.NUMBER, "1", None),
]


@pytest.mark.parametrize(("inner", "attributes", "kind", "raw", "formula"), CELLS)
@pytest.mark.parametrize("pretty", [False, True])
def test_cell(
    opened: Open, inner: str, attributes: str, kind: str, raw: str, formula: str | None, pretty: bool
) -> None:
    cell = f'<c r="A1" {attributes}>{inner}</c>' if attributes else f'<c r="A1">{inner}</c>'
    row = f'\n<row r="1">\n{cell}\n</row>\n' if pretty else f'<row r="1">{cell}</row>'
    data = book(**{"xl/worksheets/sheet1.xml": sheet(row, before="\n" if pretty else "")})
    assert only_cell(opened(data)) == Cell(kind, raw, formula, 0)


@pytest.mark.parametrize("inner", ["", "<v></v>", "<v/>", "<v> </v>", "<f></f>", "<extLst><ext/></extLst>"])
@pytest.mark.parametrize("kind", ["", 't="s"', 't="e"', 't="b"', 't="n"'])
def test_a_cell_with_nothing_in_it_does_not_exist(opened: Open, inner: str, kind: str) -> None:
    read = opened(book(f'<row r="1"><c r="A1" s="0" {kind}>{inner}</c><c r="B1"><v>2</v></c></row>'))
    assert list(read.sheets[0].rows[1]) == [2]


def test_oddities_are_remarked_once(opened: Open) -> None:
    read = opened(book('<row r="1"><c r="A1"><v>x</v></c><c r="B1"><v>y</v></c><c r="C1" t="q"><v>1</v></c></row>'))
    assert list(read.remarks) == []
    assert len(read.sheets[0].rows[1]) == 3
    assert list(read.remarks) == ["TEXT_IN_NUMBER_CELL", "UNKNOWN_CELL_TYPE"]


def test_places_without_references_follow_one_another(opened: Open) -> None:
    rows = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c/><c t='s'><v>0</v></c></row>"
    read = opened(book(rows)).sheets[0].rows
    assert {(row, column): cell.raw for row, cells in read.items() for column, cell in cells.items()} == {
        (1, 1): "1",
        (1, 3): "3",
        (3, 2): "alpha",
    }


def test_a_row_without_a_number_takes_that_of_its_first_cell(opened: Open) -> None:
    read = opened(book('<row><c r="B7"><v>1</v></c></row><row><c><v>2</v></c></row>'))
    assert {number: list(row) for number, row in read.sheets[0].rows.items()} == {7: [2], 8: [1]}


def test_rows_and_cells_come_in_order_however_stored(opened: Open) -> None:
    rows = (
        '<row r="3"><c r="B3"><v>4</v></c><c r="A3"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="3"><c r="C3"><v>5</v></c></row>'
    )
    read = opened(book(rows))
    assert [(n, list(row)) for n, row in read.sheets[0].rows.items()] == [(1, [1]), (3, [1, 2, 3])]
    assert list(read.remarks) == ["ROWS_OUT_OF_ORDER"]
    with pytest.raises(ReadError, match="ROWS_OUT_OF_ORDER"):
        read.sheets[0].stream(lambda number, row: None)


def test_far_columns(opened: Open) -> None:
    read = opened(book('<row r="1"><c r="ZZ1"><v>1</v></c><c r="AAA1"><v>2</v></c><c r="XFD1"><v>3</v></c></row>'))
    assert list(read.sheets[0].rows[1]) == [702, 703, 16384]


def test_shared_formulas_move_with_their_cells(opened: Open) -> None:
    rows = (
        '<row r="1"><c r="C1"><f t="shared" ref="C1:D2" si="0">$A1*B$1+SUM(A:A)+LOG10("A1")</f><v>1</v></c>'
        '<c r="D1"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="2"><c r="C2"><f t="shared" si="0"/></c><c r="D2"><f t="shared" si="9"/><v>1</v></c></row>'
    )
    read = opened(book(rows)).sheets[0].rows
    assert read[1][4] == Cell(CellKind.NUMBER, "2", '$A1*C$1+SUM(B:B)+LOG10("A1")')
    assert read[2][3] == Cell(CellKind.NO_CACHE, "", '$A2*B$1+SUM(A:A)+LOG10("A1")')
    assert read[2][4] == Cell(CellKind.NUMBER, "1", "")


def test_an_array_formula_stands_in_all_its_cells(opened: Open) -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:B2">C1:D2*2</f><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c><c r="C2"><v>9</v></c></row><row r="3"><c r="A3"><v>5</v></c></row>'
    )
    read = opened(book(rows)).sheets[0].rows
    assert [read[1][1].formula, read[1][2].formula, read[2][1].formula] == ["C1:D2*2"] * 3
    assert read[2][3].formula is None
    assert read[3][1].formula is None


def test_merges_hidden_rows_and_columns(opened: Open) -> None:
    xml = sheet(
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="0"/><row r="4" hidden="true"/>'
        '<row r="5" hidden="1"><c r="A5"><v><!-- -->2</v></c></row>',
        before='<cols><col min="2" max="4" hidden="1"/><col min="5" max="5"/></cols>',
        after='<mergeCells count="2"><mergeCell ref="A1:C2"/><mergeCell ref="B9:A8"/></mergeCells>',
    )
    content = opened(book(**{"xl/worksheets/sheet1.xml": xml})).sheets[0].content
    assert content.merges == (Range(1, 1, 2, 3), Range(8, 1, 9, 2))
    assert content.hidden_rows == {1, 4, 5}
    assert content.hidden_columns == {2, 3, 4}


def test_values_under_a_merge_are_kept(opened: Open) -> None:
    xml = sheet('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>', after='<mergeCell ref="A1:B1"/>')
    assert opened(book(**{"xl/worksheets/sheet1.xml": xml})).sheets[0].rows[1][2].raw == "2"


def test_sheets_names_and_dates(opened: Open) -> None:
    listing = (
        '<sheet name="一&amp;二" sheetId="1" r:id="rId1"/><sheet name="b" sheetId="2" state="hidden" r:id="rId1"/>'
        '<sheet name="c" sheetId="3" state="veryHidden" r:id="rId1"/>'
    )
    names = (
        '<definedNames><definedName name="总额">b!$A$1</definedName>'
        '<definedName name="_xlnm.Print_Area" localSheetId="1">b!$A$1:$B$2</definedName></definedNames>'
    )
    xml = workbook(listing, before='<workbookPr date1904="1"/>', after=names)
    read = opened(book(**{"xl/workbook.xml": xml}))
    assert [(s.name, s.state) for s in read.sheets] == [("一&二", "visible"), ("b", "hidden"), ("c", "very_hidden")]
    assert read.defined_names == {"总额": "b!$A$1", "b!_xlnm.Print_Area": "b!$A$1:$B$2"}
    assert read.date1904
    assert read.source == "xlsx"
    assert read.formulas


def test_number_formats(opened: Open) -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="176" formatCode="0.00_ "/></numFmts>'
        '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        '<cellXfs><xf/><xf numFmtId="176"/><xf numFmtId="10"/><xf numFmtId="31"/><xf numFmtId="9999"/></cellXfs>'
        '<dxfs><dxf><numFmt numFmtId="176" formatCode="other"/></dxf></dxfs></styleSheet>'
    )
    read = opened(book('<row r="1"><c r="A1" s="2"><v>1</v></c></row>', **{"xl/styles.xml": styles}))
    assert read.number_formats == ("General", "0.00_ ", "0.00%", 'yyyy"年"m"月"d"日"', "General")
    assert read.number_format(read.sheets[0].rows[1][1].style) == "0.00%"
    assert read.number_format(77) == "General"


def test_shared_texts(opened: Open) -> None:
    items = (
        "<si><t>a&amp;b</t></si><si><t xml:space='preserve'> c </t></si><si><r><t>d</t></r><r><t>e</t></r></si>"
        "<si><t>f</t><rPh sb='0' eb='1'><t>x</t></rPh></si><si><t>g\nh_x000D_</t></si><si/><si><t/></si>"
        "<si><t><![CDATA[<i>]]></t></si><si><t>last</t></si>"
    )
    cells = "".join(f'<c r="{letter}1" t="s"><v>{n}</v></c>' for n, letter in enumerate("ABCDEFGHI"))
    read = opened(book(f'<row r="1">{cells}</row>', **{STRINGS: strings(items)}))
    expected = ["a&b", " c ", "de", "f", "g\nh\r", "", "", "<i>", "last"]
    assert [cell.raw for cell in read.sheets[0].rows[1].values()] == expected


def test_comments_and_threads(opened: Open) -> None:
    kinds = {
        "xl/worksheets/_rels/sheet1.xml.rels": (
            f'<Relationships xmlns="{RELATIONS}">'
            '<Relationship Id="1" Type="http://x/comments" Target="../comments1.xml"/>'
            '<Relationship Id="2" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
            'Target="/xl/threadedComments/t1.xml"/></Relationships>'
        ),
        "xl/comments1.xml": (
            f'<comments xmlns="{MAIN}"><authors><author>t</author></authors><commentList>'
            '<comment ref="B2"><text><r><t>审核：</t></r><r><t>请说明</t></r></text></comment>'
            '<comment ref="C3"><text><t>[Threaded comment] old program</t></text></comment>'
            "</commentList></comments>"
        ),
        "xl/threadedComments/t1.xml": (
            '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
            '<threadedComment ref="C3" id="1"><text>为何超支</text></threadedComment>'
            '<threadedComment ref="C3" id="2" parentId="1"><text>已批复</text></threadedComment></ThreadedComments>'
        ),
    }
    read = opened(book(**kinds))
    assert read.sheets[0].comments == {(2, 2): "审核：请说明", (3, 3): "为何超支\n已批复"}


def test_a_chart_sheet_is_listed_without_cells(opened: Open) -> None:
    rels = relations(("rId1", "chartsheet", "worksheets/sheet1.xml"))
    read = opened(book(**{"xl/_rels/workbook.xml.rels": rels}))
    assert [s.name for s in read.sheets] == ["S"]
    assert read.sheets[0].rows == {}
    assert list(read.remarks) == ["SHEET_WITHOUT_CELLS"]


def test_an_error_names_the_cell(opened: Open) -> None:
    read = opened(book('<row r="4"><c r="B4" t="s"><v>99</v></c></row>'))
    with pytest.raises(ReadError) as caught:
        read.sheets[0].rows  # noqa: B018
    assert caught.value.where.endswith("book.xlsx!S!B4")
    assert "99" in caught.value.render("zh")


def test_rows_in_a_comment_are_not_read(opened: Open) -> None:
    one = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'
    hidden = f"{one.format(1)}<!-- </row>{one.format(2)}{one.format(3)} -->{one.format(4)}"
    assert list(opened(book(hidden)).sheets[0].rows) == [1, 4]
