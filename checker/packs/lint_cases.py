"""What can be said of the cases of rules: whether there is one of each kind, and whether its content fits the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from checker.messages import Text, tr
from checker.model.form import Form, Table
from checker.model.rule import Pack, Rule
from checker.packs.cases import KINDS, CaseFile, load_cases
from checker.packs.diagnostic import Diagnostic, unknown
from checker.packs.strict_yaml import Located
from checker.packs.strict_yaml import Path as Place

__all__ = ["lint_cases"]


def lint_cases(pack: Pack, rules: Iterable[Rule]) -> Iterator[Diagnostic]:
    """Remarks on the pack's case files, and on those of its own ``rules`` that lack an example."""
    files, errors = load_cases(pack)
    for error in errors:
        yield Diagnostic(error.code, error.where, error.message, error.hint)
    shown: dict[str, set[str]] = {}
    for file in files:
        yield from _given(pack, file)
        for case in file.cases:
            shown.setdefault(case.rule, set()).add(case.kind)
    for rule in rules:
        missing = [kind for kind in KINDS if kind not in shown.get(rule.id, ())]
        if missing:
            yield Diagnostic(
                "CASES_MISSING",
                rule.origin,
                tr("The rule {rule} has no case of: {kinds}.", rule=rule.name, kinds=_called(missing)),
                tr("Add them to {folder}.", folder=str(Path(pack.root, "cases"))),
            )


def _called(kinds: Iterable[str]) -> Text:
    """Kinds of cases as they are written, in Chinese with what each is called."""
    words = {"pass": tr("passed"), "fail": tr("failed"), "boundary": tr("boundary"), "blank": tr("blank")}
    also = tr(", ")
    return Text(also.zh.join(f"{words[kind].zh} {kind}" for kind in kinds), also.en.join(kinds))


def _given(pack: Pack, file: CaseFile) -> Iterator[Diagnostic]:
    document, known = file.document, pack.every_form
    for index, item in enumerate(document.data["cases"]):
        path: Place = ("cases", index)
        own = item.get("form", document.data["form"])
        if own not in pack.forms:
            held = "form" in item
            yield unknown(
                "FORM_UNKNOWN", tr("form"), own, pack.forms,
                document.where((*path, "form") if held else ("form",)),
            )  # fmt: skip
        elif own in pack.forms:
            yield from _content(pack.forms[own], item["given"], document, (*path, "given"))
        for key in ("forms", "prior"):
            for name, given in item.get(key, {}).items():
                if name in known and isinstance(given, list):
                    for number, one in enumerate(given):
                        yield from _content(known[name], one, document, (*path, key, name, number))
                elif name in known:
                    yield from _content(known[name], given, document, (*path, key, name))
                else:
                    where = document.where((*path, key, name), key=True)
                    yield unknown("FORM_UNKNOWN", tr("form"), name, known, where)


def _content(form: Form, given: Mapping[str, Any], document: Located, path: Place) -> Iterator[Diagnostic]:
    for name, value in given.items():
        here = (*path, name)
        table = form.tables.get(name)
        if table is not None:
            yield from _rows(table, value, document, here)
        elif name not in form.fields:
            yield unknown(
                "FIELD_UNKNOWN", tr("field or table"), name, [*form.fields, *form.tables],
                document.where(here, key=True),
            )  # fmt: skip


def _rows(table: Table, value: Any, document: Located, path: Place) -> Iterator[Diagnostic]:
    rows: Iterable[tuple[str | int, Any]]
    if value is None:
        return  # the table is not printed
    if table.layout == "open" and isinstance(value, list):
        rows = enumerate(value)
    elif isinstance(value, Mapping) and table.layout == "closed":
        rows = value.items()
        if not table.extra_rows:
            for name in value:
                if name not in table.rows:
                    yield unknown("ROW_UNKNOWN", tr("row"), name, table.rows,
                                   document.where((*path, name), key=True))  # fmt: skip
    elif isinstance(value, Mapping) and table.layout == "single":
        rows = [("", value)]
    else:
        wanted = tr("a list of rows") if table.layout == "open" else tr("a mapping")
        yield Diagnostic(
            "CASE_SHAPE",
            document.where(path),
            tr("The table {table} is given as {kind}.", table=table.name, kind=wanted),
        )
        return
    for row, cells in rows:
        here = path if row == "" else (*path, row)
        for name in cells or {}:
            if name == "total" and table.layout == "open":
                if str(cells[name]) not in table.totals:
                    yield unknown("ROW_UNKNOWN", tr("row"), str(cells[name]), table.totals,
                                   document.where((*here, name)))  # fmt: skip
            elif name not in table.columns and not (name == "block" and table.side_by_side):
                yield unknown("COLUMN_UNKNOWN", tr("column"), name, table.columns,
                               document.where((*here, name), key=True))  # fmt: skip
