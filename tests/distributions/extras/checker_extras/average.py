"""``AVERAGE(…)``: the mean of the numbers among its arguments; blank cells are passed over, as in Excel."""

from checker import Function, Text
from checker.formula.estimate import quotient
from checker.formula.obstacle import Insufficient


def average(evaluator, arguments):
    total, count = (evaluator.functions[name].evaluate(evaluator, arguments) for name in ("SUM", "COUNT"))
    if not count.number:
        raise Insufficient(Text("没有可以平均的数", "There is no number to average"))
    return quotient(total, count, evaluator.rounding)


AVERAGE = Function("AVERAGE", (1, None), average, Text("平均数", "The mean"))
