"""Workbooks that other programs write: notes, threads, merges, protection, namespaces; what is refused, and how."""

from __future__ import annotations

import zipfile
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from checker.annotate import Annotated, annotate, clear
from checker.annotate.draft import Draft
from checker.annotate.edits import Edit, applied, reversed_edits
from checker.annotate.refusals import CannotMarkError
from checker.engine.written import explanations_of
from checker.errors import ReadError, UsageError
from checker.marks import marks_of
from checker.messages import Text
from checker.model.outcome import Outcome, Side
from checker.model.report import Finding, WorkbookReport
from checker.model.rule import Rule, Source
from checker.readers import open_workbook

from .samples import content, parts, rewritten

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def finding(cell: str, number: int = 1, severity: str = "error", sheet: str = "表", text: str = "数不对") -> Finding:
    said = Text(text, text)
    rule = Rule(
        f"X-{number:04}", f"rule-{number}", "p", "f", said, severity, Source("文", "条", "sourced"), {"kind": "sum"}
    )
    outcome = Outcome(rule.id, "fail", severity, sheet, cell, ("甲", cell), "f", Side("a", "1", "=1+1"), "=", None)
    return Finding(f"{number:012x}", rule, outcome, said, said, remedy=Text("=更正", "=mend"))


def report(*findings: Finding, path: str = "") -> WorkbookReport:
    return WorkbookReport(path, "checked", findings=findings)


def workbook(path: Path, **cells: object) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    for cell, value in (cells or {"B2": 1, "C3": "文字"}).items():
        sheet[cell] = value
    book.save(path)
    return path


def mark(source: Path, *findings: Finding, to: str = "copy") -> Annotated:
    return annotate(source, report(*findings), (), source.with_name(f"{to}{source.suffix}"))


def marked(source: Path, *findings: Finding) -> openpyxl.Workbook:
    done = mark(source, *findings)
    assert done.refused is None, done.refused.render("en")
    book = openpyxl.load_workbook(done.copy)
    back = clear(done.copy, source.with_name(f"back{source.suffix}"))
    assert back.exact and parts(source.with_name(f"back{source.suffix}")) == parts(source)
    return book


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return workbook(tmp_path / "source.xlsx")


def test_an_officers_note_stays_above_ours(tmp_path: Path) -> None:
    path = workbook(tmp_path / "source.xlsx")
    book = openpyxl.load_workbook(path)
    book["表"]["B2"].comment = Comment("已与\n财政核对 <确认> & 签字", "李四")
    book["表"]["D4"].comment = Comment("别处", "李四")
    book.save(path)
    sheet = marked(path, finding("B2"), finding("C3", 2))["表"]
    assert sheet["B2"].comment.text.startswith(
        "已与\n财政核对 <确认> & 签字\n[绩效检查 000000000001]\n错误（第1项）：数不对"
    )
    assert sheet["C3"].comment.text.endswith("[/绩效检查]")
    assert sheet["D4"].comment.text == "别处"
    assert sheet["B2"].fill.fgColor.rgb == "FFFF9B9B"


def test_the_rest_of_a_style_stays(source: Path) -> None:
    book = openpyxl.load_workbook(source)
    cell = book["表"]["B2"]
    cell.number_format, cell.fill = "0.00%", PatternFill("solid", fgColor="FF00FF00")
    cell.font = Font(bold=True)
    book.save(source)
    cell = marked(source, finding("B2"))["表"]["B2"]
    assert (cell.number_format, cell.font.b, cell.fill.fgColor.rgb) == ("0.00%", True, "FFFF9B9B")


def test_cells_that_are_not_there_are_put_in(source: Path) -> None:
    book = marked(source, *(finding(cell, n) for n, cell in enumerate(("A1", "A2", "Z2", "B9", "XFD1048576"), 1)))
    for cell in ("A1", "A2", "Z2", "B9", "XFD1048576"):
        assert book["表"][cell].comment is not None, cell
    assert book["表"]["B2"].value == 1


def test_an_empty_sheet_can_be_marked(tmp_path: Path) -> None:
    path = tmp_path / "source.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("表")
    assert marked(path, finding("C7"))["表"]["C7"].comment is not None


def test_of_merged_cells_the_first_bears_the_mark(source: Path) -> None:
    book = openpyxl.load_workbook(source)
    book["表"].merge_cells("B2:D4")
    book.save(source)
    sheet = marked(source, finding("C3", 1, "note"), finding("D4", 2))["表"]
    note = sheet["B2"].comment.text
    assert "000000000001" in note and "000000000002" in note and note.count("[/绩效检查]") == 1


def test_a_protected_sheet_is_marked_and_stays_protected(source: Path) -> None:
    book = openpyxl.load_workbook(source)
    book["表"].protection.enable()
    book["表"].protection.set_password("1234")
    book.security.lockStructure = True
    book.save(source)
    sheet = marked(source, finding("B2"))["表"]
    assert sheet.protection.sheet and sheet["B2"].comment is not None


THREAD = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    '<threadedComment ref="B2" dT="2024-01-01T00:00:00.00" personId="{1}" id="{2}"><text>谈话</text></threadedComment>'
    "</ThreadedComments>"
)


def test_a_cell_with_a_conversation_gets_a_colour_and_no_note(tmp_path: Path, source: Path) -> None:
    book = openpyxl.load_workbook(source)
    book["表"]["B2"].comment = Comment("[Threaded comment]\n谈话", "tc={2}")
    book.save(source)
    rels = parts(source)["xl/worksheets/_rels/sheet1.xml.rels"].decode()
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    rels = rels.replace(
        "</Relationships>",
        f'<Relationship Id="t1" Type="{kind}" Target="/xl/threadedComments/threadedComment1.xml"/></Relationships>',
    )
    threaded = rewritten(
        source,
        tmp_path / "threaded.xlsx",
        {
            "xl/worksheets/_rels/sheet1.xml.rels": rels.encode(),
            "xl/threadedComments/threadedComment1.xml": THREAD.encode(),
        },
    )
    done = mark(threaded, finding("B2"), finding("C3", 2))
    assert [(skipped.cell, skipped.reason.en) for skipped in done.skipped] == [
        ("B2", "it has a threaded comment, so it was coloured and got no note")
    ]
    new, old = parts(done.copy), parts(threaded)
    assert new["xl/threadedComments/threadedComment1.xml"] == old["xl/threadedComments/threadedComment1.xml"]
    sheet = openpyxl.load_workbook(done.copy)["表"]
    assert sheet["B2"].comment.text == "[Threaded comment]\n谈话"
    assert sheet["B2"].fill.fgColor.rgb == "FFFF9B9B"


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # of openpyxl, which loses them
def test_extensions_behind_the_cells_stay_behind_the_notes(tmp_path: Path) -> None:
    path = tmp_path / "source.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("表")
        sheet.write_column(0, 0, [1, 2, 3])
        sheet.conditional_format("A1:A3", {"type": "data_bar", "data_bar_2010": True})
        sheet.add_sparkline("B1", {"range": "表!A1:A3"})
        sheet.data_validation("C1", {"validate": "list", "source": ["是", "否"]})
        sheet.add_table("E1:F3")
        sheet.insert_textbox("H1", "文本框")
    copy = Path(mark(path, finding("A2")).copy)
    text = parts(copy)["xl/worksheets/sheet1.xml"].decode()
    order = [text.rindex(f"<{name}") for name in ("sheetData", "drawing", "legacyDrawing", "tableParts", "extLst")]
    assert order == sorted(order)
    marked(path, finding("A2"))


def test_a_drawing_of_form_controls_gets_the_notes_as_well(tmp_path: Path) -> None:
    path = tmp_path / "source.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("表")
        sheet.write(1, 1, 5)
        sheet.insert_button("D4", {"caption": "按钮"})
    marked(path, finding("B2"))
    drawings = [name for name in parts(path.with_name("copy.xlsx")) if name.endswith(".vml")]
    assert len(drawings) == 1


def sheet_with(path: Path, target: Path, change: dict[str, str]) -> Path:
    text = parts(path)["xl/worksheets/sheet1.xml"].decode()
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    return rewritten(path, target, {"xl/worksheets/sheet1.xml": text.encode()})


def test_markup_that_only_looks_like_cells_is_no_cell(tmp_path: Path, source: Path) -> None:
    odd = sheet_with(
        source,
        tmp_path / "odd.xlsx",
        {"<sheetData>": '<sheetData><!-- <row r="2"><c r="B2"/></row> --><?x <row r="2"> ?>'},
    )
    before = content(odd)
    assert marked(odd, finding("B2"))["表"]["B2"].comment is not None
    assert content(odd.with_name("copy.xlsx"))["表"] == before["表"]


def test_rows_and_cells_without_a_reference(tmp_path: Path, source: Path) -> None:
    odd = sheet_with(
        source, tmp_path / "odd.xlsx", {'<row r="2"': '<row r="1"><c/><c t="n"><v>7</v></c></row><row', 'r="B2"': ""}
    )
    before = content(odd)
    done = mark(odd, finding("B1"), finding("A2", 2), finding("D2", 3))
    assert done.refused is None
    assert content(done.copy)["表"] == before["表"]
    assert parts(odd) == (clear(done.copy, tmp_path / "back.xlsx"), parts(tmp_path / "back.xlsx"))[1]


def test_a_workbook_in_the_strict_namespace(tmp_path: Path, source: Path) -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    changed: dict[str, bytes | None] = {}
    for name, data in parts(source).items():
        if name.startswith("xl/") and name.endswith((".xml", ".rels")):
            new = data.replace(MAIN.encode(), STRICT.encode())
            changed[name] = new.replace(office.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")
    strict = rewritten(source, tmp_path / "strict.xlsx", changed)
    before = content(strict)
    done = mark(strict, finding("B2"))
    assert done.refused is None
    assert content(done.copy)["表"] == before["表"]
    new = parts(done.copy)
    assert MAIN.encode() not in b"".join(new[name] for name in new if name.startswith("xl/work"))
    assert b"purl.oclc.org/ooxml/officeDocument/relationships/comments" in new["xl/worksheets/_rels/sheet1.xml.rels"]
    clear(done.copy, tmp_path / "back.xlsx")
    assert parts(tmp_path / "back.xlsx") == parts(strict)


def test_a_workbook_that_writes_its_names_with_a_prefix(tmp_path: Path, source: Path) -> None:
    import re

    changed: dict[str, bytes | None] = {}
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        text = parts(source)[name].decode()
        text = re.sub(r"<(/?)(?![?!/])([A-Za-z])", r"<\1x:\2", text).replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
        changed[name] = text.encode()
    prefixed = rewritten(source, tmp_path / "prefixed.xlsx", changed)
    before = content(prefixed)
    assert before["表"][1]  # type: ignore[index]
    book = marked(prefixed, finding("B2"), finding("A7", 2))
    assert book["表"]["B2"].comment is not None and book["表"]["A7"].comment is not None
    assert content(prefixed.with_name("copy.xlsx"))["表"] == before["表"]


def test_a_workbook_without_styles(tmp_path: Path, source: Path) -> None:
    rels = parts(source)["xl/_rels/workbook.xml.rels"].decode()
    start = rels.index("<Relationship ", rels.index("styles.xml") - 200)
    import re

    rels = re.sub(r"<Relationship [^>]*styles\.xml[^>]*/>", "", rels)
    assert start and "styles.xml" not in rels
    plain = rewritten(
        source, tmp_path / "plain.xlsx", {"xl/_rels/workbook.xml.rels": rels.encode(), "xl/styles.xml": None}
    )
    assert marked(plain, finding("B2"))["表"]["B2"].fill.fgColor.rgb == "FFFF9B9B"


def test_text_that_looks_like_a_formula_stays_text(source: Path) -> None:
    texts = ("=cmd|'/c calc'!A1", "+1", "-1", "@x", '_x0041_ <b> & "\x07')
    findings = [finding("B2", number, text=text) for number, text in enumerate(texts, 1)]
    marked(source, *findings)
    (sheet,) = (s for s in open_workbook(source.with_name("copy.xlsx")).sheets if s.name == "检查结果")
    cells = [cell for row in sheet.rows.values() for cell in row.values()]
    assert all(cell.kind == "text" and cell.formula is None for cell in cells)
    problems = [row[5].raw for row in sheet.rows.values() if row[1].raw in list("12345")]
    assert problems == [*texts[:4], '_x0041_ <b> & "']


@pytest.mark.slow
def test_three_thousand_findings(tmp_path: Path) -> None:
    path = tmp_path / "source.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("表")
        for row in range(3000):
            sheet.write_row(row, 0, [row, "文字", row * 2])
    book = marked(path, *(finding(f"C{number}", number) for number in range(1, 3001)))
    assert book["表"]["C3000"].comment is not None and book["检查结果"].max_row > 3000
    drawing = next(data for name, data in parts(tmp_path / "copy.xlsx").items() if name.endswith(".vml")).decode()
    assert drawing.count('id="_x0000_s') == len(set(drawing.split('id="_x0000_s')[1:])) == 3000


def test_macros_stay_as_they_are(tmp_path: Path, source: Path) -> None:
    macros = rewritten(source, tmp_path / "source.xlsm", {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros"})
    done = mark(macros, finding("B2"))
    assert done.copy.endswith("copy.xlsm")
    assert parts(done.copy)["xl/vbaProject.bin"] == b"\xd0\xcf\x11\xe0 macros"


def add_relation(text: bytes, kind: str, target: str) -> bytes:
    line = f'<Relationship Id="added" Type="http://x/{kind}" Target="{target}"/></Relationships>'
    return text.replace(b"</Relationships>", line.encode())


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("MARK_SIGNED", {"_xmlsignatures/sig1.xml": b"<Signature/>"}),
        ("MARK_SHARED", {"xl/_rels/workbook.xml.rels": ("revisionHeaders", "revisions/revisionHeaders.xml")}),
        (
            "MARK_SIGNED_MACROS",
            {
                "xl/_rels/workbook.xml.rels": ("vbaProject", "vbaProject.bin"),
                "xl/vbaProject.bin": b"x",
                "xl/_rels/vbaProject.bin.rels": (
                    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                    b'<Relationship Id="r" Type="http://x/vbaProjectSignature" Target="s.bin"/></Relationships>'
                ),
            },
        ),
    ],
)
def test_what_may_not_be_changed_gets_a_workbook_of_results(
    code: str, changes: dict[str, bytes | tuple[str, str]], tmp_path: Path, source: Path
) -> None:
    old = parts(source)
    new: dict[str, bytes | None] = {
        name: add_relation(old[name], *change) if isinstance(change, tuple) else change
        for name, change in changes.items()
    }
    refused = rewritten(source, tmp_path / "refused.xlsx", new)
    done = mark(refused, finding("B2"))
    assert done.refused is not None and done.refused.code == code
    assert done.copy.endswith("copy-检查结果.xlsx") and not (tmp_path / "copy.xlsx").exists()
    book = openpyxl.load_workbook(done.copy)
    assert book.sheetnames == ["检查结果", "_checker"]
    assert any(cell.value == "数不对" for row in book["检查结果"].iter_rows() for cell in row)
    assert mark(refused, finding("B2")).copy == done.copy  # written anew, it being ours


def test_an_old_workbook_gets_a_workbook_of_results(tmp_path: Path) -> None:
    path = tmp_path / "source.xls"
    book = xlwt.Workbook()
    book.add_sheet("表").write(1, 1, 5)
    book.save(str(path))
    done = mark(path, finding("B2"))
    assert done.refused is not None and done.refused.code == "MARK_OLD_FORMAT"
    assert openpyxl.load_workbook(done.copy).sheetnames == ["检查结果", "_checker"]


def test_an_unread_workbook_gets_a_workbook_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "source.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    error = ReadError("ENCRYPTED", Text("有密码", "password"))
    done = annotate(path, WorkbookReport(str(path), "unread", error=error), (), tmp_path / "copy.xlsx")
    assert done.refused is error
    sheet = openpyxl.load_workbook(done.copy)["检查结果"]
    assert any("有密码" in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_a_copy_that_reads_otherwise_is_not_given(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Draft.write

    def spoilt(draft: Draft) -> bytes:
        place = draft.text("xl/worksheets/sheet1.xml").index("<v>1<") + 3
        draft.edit("xl/worksheets/sheet1.xml", Edit(place, place + 1, "2"))
        return write(draft)

    monkeypatch.setattr(Draft, "write", spoilt)
    monkeypatch.setattr("checker.annotate.copying.result_package", lambda tables, unlisted: b"apart")
    done = mark(source, finding("B2"))
    assert done.refused is not None and done.refused.code == "MARK_DIFFERS"
    assert not source.with_name("copy.xlsx").exists()


def test_a_workbook_that_was_changed_after_its_check_is_not_marked(source: Path) -> None:
    checked = sha256(source.read_bytes()).hexdigest()
    found = report(finding("B2"))._replace(sha256=checked)
    assert annotate(source, found, (), source.with_name("copy.xlsx")).refused is None
    book = openpyxl.load_workbook(source)
    book.active["B2"] = 99
    book.save(source)
    done = annotate(source, found, (), source.with_name("copy.xlsx"))
    assert done.refused is not None and done.refused.code == "MARK_CHANGED"


def test_nothing_is_overwritten_but_our_own(source: Path) -> None:
    with pytest.raises(UsageError) as raised:
        annotate(source, report(), (), source)
    assert raised.value.code == "OUTPUT_IS_INPUT"
    with pytest.raises(UsageError) as raised:
        annotate(source, report(), (), source.with_suffix(".xlsm"))
    assert raised.value.code == "COPY_ENDING"
    other = workbook(source.with_name("other.xlsx"))
    before = other.read_bytes()
    with pytest.raises(UsageError) as raised:
        annotate(source, report(), (), other)
    assert raised.value.code == "OUTPUT_EXISTS" and other.read_bytes() == before
    with pytest.raises(UsageError) as raised:
        clear(source, source.with_name("back.xlsx"))
    assert raised.value.code == "NO_MARKS"
    copy = mark(source, finding("B2")).copy
    assert mark(source, finding("B2")).copy == copy
    assert sorted(path.name for path in source.parent.iterdir()) == ["copy.xlsx", "other.xlsx", "source.xlsx"]


def explain(path: str, text: str) -> None:
    """Write an explanation as an officer would, and save, which writes every part anew."""
    book = openpyxl.load_workbook(path)
    sheet = book["检查结果"]
    (head,) = (row for row in sheet.iter_rows() if row[0].value == "序号")
    column = next(cell.column for cell in head if cell.value == "审核说明")
    sheet.cell(head[0].row + 1, column, text).data_type = "s"  # the column is in text format
    book.save(path)


def written(path: str) -> list[tuple[str, str]]:
    """What the sheet of findings holds: ids and texts."""
    return [(one.finding, one.text) for one in explanations_of(open_workbook(path))]


def test_explanations_survive_a_new_check_and_a_clearing(source: Path) -> None:
    copy = mark(source, finding("B2"), finding("C3", 2)).copy
    explain(copy, "=已报财政〔2024〕3号")
    mark(source, finding("B2"), finding("C3", 2))
    assert written(copy) == [("000000000001", "=已报财政〔2024〕3号")]
    # Not listed this time, listed again the next.
    mark(source, finding("C3", 2))
    assert "说明" in str(openpyxl.load_workbook(copy)["检查结果"].cell(4, 13).value)
    mark(source, finding("B2"), finding("C3", 2))
    assert written(copy) == [("000000000001", "=已报财政〔2024〕3号")]


def test_a_copy_that_was_saved_since_is_cleared_cell_by_cell(source: Path) -> None:
    book = openpyxl.load_workbook(source)
    sheet = book["表"]
    sheet["B2"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["C3"].comment = Comment("核对过", "李四")
    sheet.merge_cells("E5:F6")
    sheet["E5"] = 9
    book.save(source)
    copy = mark(source, finding("B2"), finding("C3", 2), finding("F6", 3), finding("H8", 4)).copy
    explain(copy, "说明")
    book = openpyxl.load_workbook(copy)
    book["表"].insert_rows(1)  # openpyxl moves cells with their notes, as Excel does
    book["表"]["I9"].comment = Comment(book["表"]["H9"].comment.text.replace("数不对", "改过"), "李四")
    book.save(copy)
    back = source.with_name("back.xlsx")
    done = clear(copy, back)
    assert not done.exact and done.kept == (("表", "I9"),)
    book = openpyxl.load_workbook(back)
    assert book.sheetnames == ["表"]
    sheet = book["表"]
    assert sheet["B3"].fill.fgColor.rgb == "FF00FF00" and sheet["B3"].comment is None
    assert sheet["C4"].comment.text == "核对过" and sheet["C4"].fill.fill_type is None
    assert sheet["H9"].comment is None


@pytest.mark.parametrize("change", [(b"[[", b"[[9"), (b"[[", b"[(")])
def test_a_record_that_somebody_changed_takes_nothing_back_by_its_places(
    source: Path, tmp_path: Path, change: tuple[bytes, bytes]
) -> None:
    copy = Path(mark(source, finding("B2"), finding("C3", 2)).copy)
    record, text = next((part, text) for part, text in parts(copy).items() if b"checker marks" in text)
    assert text.count(change[0]) > 0
    damaged = rewritten(copy, tmp_path / "damaged.xlsx", {record: text.replace(*change)})
    done = clear(damaged, tmp_path / "back.xlsx")
    assert not done.exact
    book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    assert book.sheetnames == ["表"] and book["表"]["B2"].value == 1
    assert book["表"]["B2"].fill.fill_type is None and book["表"]["B2"].comment is None


def test_sheet_names_that_are_taken(source: Path) -> None:
    book = openpyxl.load_workbook(source)
    book.create_sheet("检查结果")["A1"] = "我的"
    book.create_sheet("_checker")["A1"] = "我的"
    book.save(source)
    names = marked(source, finding("B2")).sheetnames
    assert names == ["表", "检查结果", "_checker", "检查结果 (2)", "_checker (2)"]


def test_findings_without_a_cell_here_are_named(source: Path) -> None:
    done = mark(source, finding("", 1), finding("B2", 2, sheet="[别.xlsx]表"), finding("B2", 3, sheet="没有"))
    assert done.cells == 0
    assert [skipped.sheet for skipped in done.skipped] == ["没有", "表", "[别.xlsx]表"]


CELLS = st.sampled_from([f"{column}{row}" for column in "ABCDE" for row in range(1, 7)])


@given(
    filled=st.dictionaries(CELLS, st.one_of(st.integers(), st.sampled_from(["=1+1", "文字", "a & <b>"])), max_size=12),
    noted=st.dictionaries(CELLS, st.sampled_from(["甲", "两\n行", " 空格 "]), max_size=4),
    painted=st.sets(CELLS, max_size=5),
    wrong=st.lists(st.tuples(CELLS, st.sampled_from(["error", "warning", "note"])), min_size=1, max_size=8),
)
@example(filled={"C2": 0, "D2": 0}, noted={}, painted=set(), wrong=[("A2", "error"), ("D2", "error")])
@settings(max_examples=15, deadline=None)
def test_marking_and_clearing_leaves_everything_as_it_was(
    filled: dict[str, object],
    noted: dict[str, str],
    painted: set[str],
    wrong: list[tuple[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("property")
    path = folder / "source.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "表"
    for cell, value in filled.items():
        book["表"][cell] = value
    for cell, text in noted.items():
        book["表"][cell].comment = Comment(text, "李四")
    for cell in painted:
        book["表"][cell].fill = PatternFill("solid", fgColor="FF123456")
    book.save(path)
    findings = [finding(cell, number, severity) for number, (cell, severity) in enumerate(wrong, 1)]
    done = mark(path, *findings)
    assert done.refused is None and done.cells == len({cell for cell, _ in wrong})
    assert content(done.copy)["表"] == content(path)["表"]
    assert clear(done.copy, folder / "exact.xlsx").exact
    assert parts(folder / "exact.xlsx") == parts(path)
    # Saved by another program in between
    copy = openpyxl.load_workbook(done.copy)
    copy.save(done.copy)
    assert not clear(done.copy, folder / "cleared.xlsx").exact
    before, after = (openpyxl.load_workbook(folder / name) for name in ("source.xlsx", "cleared.xlsx"))
    assert after.sheetnames == before.sheetnames
    for row in range(1, 8):
        for column in range(1, 7):
            one, two = (book["表"].cell(row, column) for book in (before, after))
            assert (one.value, one.fill.fill_type, one.fill.fgColor.rgb) == (
                two.value,
                two.fill.fill_type,
                two.fill.fgColor.rgb,
            )
            assert (one.comment and one.comment.text) == (two.comment and two.comment.text)


@given(
    st.text("ab<>", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5), st.text("xy", max_size=3)))
)
def test_edits_can_be_taken_back(text: str, wanted: list[tuple[int, int, str]]) -> None:
    edits, position = [], 0
    for start, length, new in sorted(wanted):
        start = max(start, position)
        if start + length <= len(text):
            edits.append(Edit(start, start + length, new))
            position = start + length
    assert applied(applied(text, edits), reversed_edits(text, edits)) == text


def test_notes_are_as_large_as_their_text(source: Path) -> None:
    mark(source, finding("B2"), finding("C3", 2, text="很长的说明" * 60))
    drawing = next(
        data for name, data in parts(source.with_name("copy.xlsx")).items() if name.endswith(".vml")
    ).decode()
    rows = []
    for anchor in drawing.split("<x:Anchor>")[1:]:
        numbers = [int(number) for number in anchor.partition("<")[0].split(",")]
        rows.append(numbers[6] - numbers[2])
    assert rows[0] < 8 < rows[1]


def test_damage_is_named(tmp_path: Path, source: Path) -> None:
    odd = sheet_with(source, tmp_path / "odd.xlsx", {'<row r="3"': '<row r="2"'})
    done = mark(odd, finding("B7"))
    assert isinstance(done.refused, CannotMarkError | ReadError)
    with zipfile.ZipFile(done.copy) as package:
        assert package.testzip() is None
    assert marks_of(report(finding("B2")))[0].colour == "red"
