"""``multiple``: every amount of a column is a whole multiple of a step."""

from decimal import Decimal

from checker import CheckKind, Reference, Text
from checker.checks.reading import figures
from checker.checks.subject import Compiled, answer
from checker.model.outcome import Side, Status


def compile_rule(rule, pack):
    table, column, step = rule.check["table"], rule.check["column"], Decimal(rule.check["of"])

    def run(subject):
        for fact in figures(subject, table, [column]):
            number = fact.quantity.number
            if number is None:
                continue
            left = Side("", "", number, unit=fact.unit, decimals=fact.quantity.decimals)
            status = Status.FAIL if number % step else Status.PASS
            yield answer(rule, subject, status, (fact,), left=left, operator="", right=None, step=step)

    return Compiled(rule, run, (table,), per_row=True)


def references(check):
    return [Reference(("column",), table=check["table"], column=check["column"])]


KIND = CheckKind(
    "multiple",
    {
        "type": "object",
        "required": ["table", "column", "of"],
        "properties": {
            "table": {"type": "string"},
            "column": {"type": "string"},
            "of": {"type": "integer", "minimum": 1},
        },
    },
    compile_rule,
    references,
    Text("金额是某数的整倍数", "Amounts are whole multiples"),
    ("step",),
)
