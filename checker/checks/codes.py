"""``codes``: each row of a coded table has a code of one of the form's levels, and the row above it in the tree.

A table that prints no row of a level at all is published without that level; then nobody is missing there.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAME, references, schema
from checker.checks.subject import Compiled, Subject, answer
from checker.messages import Text, tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND", "code_of"]


def code_of(raw: str) -> str:
    """A code without the spaces that indent it."""
    return "".join(raw.split())


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, column = str(rule.check["table"]), str(rule.check["column"])
    levels = pack.forms[rule.form].tables[table_name].levels.values()
    lengths = sorted(level.length for level in levels)

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None or not table.has(column):
            return
        facts = table.facts(column)
        codes = {code_of(fact.quantity.raw) for fact in facts}
        printed = {len(code) for code in codes}
        for fact in facts:
            code = code_of(fact.quantity.raw)
            problem = _problem(code, codes, printed, lengths)
            yield answer(
                rule,
                subject,
                Status.FAIL if problem is not None else Status.PASS,
                (fact,),
                left=Side("", "", code),
                operator="",
                problem=problem or "",
            )

    return Compiled(rule, run, (table_name,))


def _problem(code: str, codes: set[str], printed: set[int], lengths: list[int]) -> Text | None:
    if not code:
        return tr("has no code although the row holds figures")
    if not code.isdecimal() or len(code) not in lengths:
        return tr("is not a code of {lengths} digits", lengths=" / ".join(map(str, lengths)))
    above = next((length for length in reversed(lengths) if length < len(code)), 0)
    if above and above in printed and code[:above] not in codes:
        return tr("has no row {code} above it", code=code[:above])
    return None


KIND = CheckKind(
    "codes",
    schema("table", "column", table=NAME, column=NAME),
    _compile,
    references,
    tr("Codes have the form's lengths, and their upper levels are there"),
    ("problem",),
)
