"""The tables of the store, declared once: Parquet files, spool, views and ``docs/store.md`` follow from this.

A *result* is what came of one workbook under one state of the rules; it is kept once, however many runs met it. A *run*
says which files had which result. ``result`` is the first 16 hex digits of the key of the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from checker.messages import Text, tr

__all__ = ["BY_RESULT", "BY_RUN", "TABLES", "Column", "Table"]


class Column(NamedTuple):
    """``type`` as DuckDB writes it. ``optional`` columns may be NULL."""

    name: str
    type: str
    meaning: Text
    optional: bool = False


class Table(NamedTuple):
    """``order`` are the columns that rows are sorted by in a file: what is alike stands together and takes no room."""

    name: str
    meaning: Text
    order: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


_MARKS: Final = "DECIMAL(18,6)"
_RESULT: Final = Column("result", "VARCHAR", tr("the result that the row belongs to"))
_RUN: Final = Column("run", "VARCHAR", tr("the run that the row belongs to"))

_DECLARED: Final = (
    Table(
        "results",
        tr("What came of one workbook: one row each."),
        ("result",),
        (
            _RESULT,
            Column("sha256", "VARCHAR", tr("of the bytes of the workbook")),
            Column(
                "alone", "VARCHAR", tr("the result of the same workbook by itself; empty if it is to be tried again")
            ),
            Column("status", "VARCHAR", tr("`checked`, `partly` (something could not be checked) or `unread`")),
            Column("unit", "VARCHAR", tr("the unit as the workbook names it; empty if it does not")),
            Column("unit_key", "VARCHAR", tr("`unit` without white space, in one width: by it units are compared")),
            Column("year", "VARCHAR", tr("the year the workbook is about; empty if it does not say")),
            Column("pack", "VARCHAR", tr("the rule pack it belongs to")),
            Column("edition", "VARCHAR", tr("the edition of the pack")),
            Column("forms", "VARCHAR[]", tr("the forms found in it, in the order of its sheets")),
            Column("awaits", "VARCHAR[]", tr("forms of other workbooks that rules asked for; `prior!…`: last year's")),
            Column("error_code", "VARCHAR", tr("why it could not be read"), optional=True),
            Column("errors", "INTEGER", tr("findings that must be corrected")),
            Column("warnings", "INTEGER", tr("findings to be corrected or explained")),
            Column("notes", "INTEGER", tr("findings to be looked at")),
            Column("waived", "INTEGER", tr("findings that are explained or waived")),
            Column("document", "VARCHAR", tr("JSON: the rest of the workbook, as the report's schema has it")),
        ),
    ),
    Table(
        "findings",
        tr("What needs a reader; findings that follow from another one stand below it."),
        ("result", "ordinal"),
        (
            _RESULT,
            Column("ordinal", "INTEGER", tr("the place in the report of the workbook, from 0")),
            Column("parent", "INTEGER", tr("the ordinal of the finding that explains this one"), optional=True),
            Column("id", "VARCHAR", tr("hash of rule, unit, year and label path: stable over runs and corrections")),
            Column("rule", "VARCHAR", tr("the id of the rule")),
            Column("severity", "VARCHAR", tr("`error`, `warning` or `note`")),
            Column("status", "VARCHAR", tr("`fail`, or `waived` where it is explained or waived")),
            Column("form", "VARCHAR", tr("the form it is about")),
            Column("sheet", "VARCHAR", tr("the sheet")),
            Column("cell", "VARCHAR", tr("the cell to look at first")),
            Column("label", "VARCHAR", tr("the label path of the place")),
            Column(
                "difference", "DECIMAL(28,6)", tr("actual − expected, in `measure`; a rate in per cent"), optional=True
            ),
            Column("measure", "VARCHAR", tr("the unit of `difference`")),
            Column("document", "VARCHAR", tr("JSON: the finding of the report's schema, without its consequences")),
        ),
    ),
    Table(
        "outcomes",
        tr(
            "Every rule that concerned the workbook, with the number of places by answer: no finding means was checked."
        ),
        ("result", "rule"),
        (
            _RESULT,
            Column("rule", "VARCHAR", tr("the id of the rule")),
            *(
                Column(status, "INTEGER", meaning)
                for status, meaning in (
                    ("pass", tr("places where it holds")),
                    ("tail", tr("places where it holds but for rounding")),
                    ("fail", tr("places where it does not hold")),
                    ("undecided", tr("places where the figures are too coarse to tell")),
                    ("insufficient", tr("places where something that is needed is missing")),
                    ("not_applicable", tr("places that it is not about")),
                    ("waived", tr("places where it does not hold and that is explained or waived")),
                    ("broken", tr("places where the rule itself could not run")),
                )
            ),
            Column("reasons", "VARCHAR", tr("JSON: why it did not answer, `[[Chinese, English], …]`"), optional=True),
        ),
    ),
    Table(
        "facts",
        tr("The figures, by the labels they stand under, and the beginnings of long texts."),
        ("form", "sheet", "cell", "result"),
        (
            _RESULT,
            Column("form", "VARCHAR", tr("the form")),
            Column("qualifier", "VARCHAR", tr("tells forms of one name apart (the project); mostly empty")),
            Column("table", "VARCHAR", tr("the table in the form; empty for a field")),
            Column("row", "VARCHAR", tr("the row of the table; empty for a field")),
            Column("column", "VARCHAR", tr("the column of the table, or the field")),
            Column("sheet", "VARCHAR", tr("the sheet")),
            Column("cell", "VARCHAR", tr("the cell")),
            Column("value", "DECIMAL(28,6)", tr("the number in `measure`; a rate in per cent"), optional=True),
            Column(
                "measure", "VARCHAR", tr("the unit of `value`; `date` where it is the number of a day as Excel counts")
            ),
            Column("grain", "DECIMAL(28,6)", tr("one unit in the last place of `value`; 0: exact"), optional=True),
            Column("text_hash", "UBIGINT", tr("hash of a long text, white space and width apart"), optional=True),
            Column(
                "text", "VARCHAR", tr("the start of a long text, or (without hash) of what is no number"), optional=True
            ),
        ),
    ),
    Table(
        "scores",
        tr("Marks that the workbook claims against those that its own figures come to."),
        ("scheme", "ordinal", "form", "sheet", "result"),
        (
            _RESULT,
            Column("scheme", "VARCHAR", tr("the scoring standard")),
            Column("form", "VARCHAR", tr("the form")),
            Column("sheet", "VARCHAR", tr("the sheet")),
            Column("ordinal", "INTEGER", tr("0 for the total, then the indicators in the order of the table")),
            Column("indicator", "VARCHAR", tr("the indicator; empty for the total")),
            Column("full", _MARKS, tr("full marks"), optional=True),
            Column("claimed", _MARKS, tr("the marks claimed"), optional=True),
            Column("lowest", _MARKS, tr("the least that the figures allow"), optional=True),
            Column("highest", _MARKS, tr("the most that the figures allow"), optional=True),
            Column("standing", "VARCHAR", tr("where the marks come from (`computed`, `judgement`, `missing`, …)")),
            Column("agrees", "BOOLEAN", tr("whether the claim is possible; NULL: cannot be compared"), optional=True),
            Column(
                "document",
                "VARCHAR",
                tr("JSON: the score, shortened; on the total's row"),
                optional=True,
            ),
        ),
    ),
    Table(
        "runs",
        tr("Each time that `checker audit` went over its sources."),
        ("run",),
        (
            Column("run", "VARCHAR", tr("its name, `yyyymmddThhmmss-xxxx`")),
            Column("started", "TIMESTAMP", tr("when it began (UTC)")),
            Column("finished", "TIMESTAMP", tr("when it ended (UTC)"), optional=True),
            Column("engine", "VARCHAR", tr("the version of the checker")),
            Column("rules", "VARCHAR", tr("digest of all rules, see table `rules`")),
            Column("options", "VARCHAR", tr("JSON: the options that were given")),
            Column("status", "VARCHAR", tr("`complete` or `interrupted`")),
            Column("files", "INTEGER", tr("how many files it met")),
            Column("reused", "INTEGER", tr("how many of them were known and not read again")),
            Column("ledger", "VARCHAR", tr("hash of the last entry of the ledger then"), optional=True),
        ),
    ),
    Table(
        "files",
        tr("Which file had which result in which run."),
        ("source",),
        (
            _RUN,
            Column("source", "VARCHAR", tr("the file as it was named; `a.zip!b/c.xlsx` in an archive")),
            _RESULT,
            Column("sha256", "VARCHAR", tr("of the bytes of the file")),
            Column("size", "BIGINT", tr("bytes")),
            Column("modified", "VARCHAR", tr("when the file was last changed, as its source says")),
            Column("reused", "BOOLEAN", tr("whether the result was known from before")),
        ),
    ),
    Table(
        "submissions",
        tr("Files that were checked together, because they are of one unit and year."),
        ("unit", "year", "sources"),
        (
            _RUN,
            Column("unit", "VARCHAR", tr("the unit")),
            Column("year", "VARCHAR", tr("the year")),
            Column("sources", "VARCHAR[]", tr("the files")),
            Column("prior", "VARCHAR[]", tr("last year's files beside them")),
        ),
    ),
    Table(
        "rules",
        tr("The rules as they stood in a run, with their authority."),
        ("pack", "rule"),
        (
            Column("rules", "VARCHAR", tr("digest of all rules, as in `runs`")),
            Column("rule", "VARCHAR", tr("the id of the rule")),
            Column("pack", "VARCHAR", tr("the pack that wrote it")),
            Column("edition", "VARCHAR", tr("the edition of the pack")),
            Column("name", "VARCHAR", tr("its name")),
            Column("title_zh", "VARCHAR", tr("what it asks for, in Chinese")),
            Column("title_en", "VARCHAR", tr("the same in English")),
            Column("severity", "VARCHAR", tr("`error`, `warning` or `note`")),
            Column("document", "VARCHAR", tr("the official document behind it")),
            Column("article", "VARCHAR", tr("the article of the document")),
            Column("remedy_zh", "VARCHAR", tr("what to do, in Chinese")),
            Column("remedy_en", "VARCHAR", tr("the same in English")),
            Column("catalogue", "VARCHAR[]", tr("the entries of the catalogue of errors that it finds")),
        ),
    ),
)

TABLES: Final[Mapping[str, Table]] = {table.name: table for table in _DECLARED}
#: Written by shards. ``results`` comes last: a part without it does not count.
BY_RESULT: Final = ("findings", "outcomes", "facts", "scores", "results")
#: Written once a run. ``runs`` comes last: a run without it does not count.
BY_RUN: Final = ("files", "submissions", "rules", "runs")
