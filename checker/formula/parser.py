"""The grammar of formulas: a closed subset of Excel's own over form labels.

::

    formula    = sum [ ("=" | "<>" | "<" | "<=" | ">" | ">=") sum ]
    sum        = product { ("+" | "-") product }
    product    = signed { ("*" | "/") signed }
    signed     = { "-" } value { "%" }
    value      = number | text | TRUE | FALSE | "(" formula ")" | FUNCTION "(" [ formula { "," formula } ] ")"
               | parameter | reference
    reference  = [ book "!" ] [ table ] "[" place "]"
    place      = "@" column                 this row
               | column                     every data row; or, after the name of a form, its field
               | row "," column             a named row, or the rows of a level
               | column "=" text "," column the rows whose column holds the text
               | "*" "," column             every data row
    column     = name | "@" (only after a comma: the column that the rule is at)

What is deliberately missing: a chain ``a < b < c`` (in Excel it compares TRUE with c), ``^``, ``&``,
ranges, addresses, lookups, a leading ``=``. Length, depth and number of nodes are bounded, so every text is
answered in milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from checker.formula import tree
from checker.formula.functions import FUNCTIONS
from checker.formula.lexer import FormulaError, Token, TokenKind, tokenize
from checker.formula.tree import Node, Reference, Select
from checker.messages import Text, tr
from checker.model.plugin import Function

__all__ = ["MAX_DEPTH", "MAX_DIGITS", "MAX_LENGTH", "MAX_NODES", "parse"]

MAX_LENGTH: Final = 4_000
MAX_DEPTH: Final = 50
MAX_NODES: Final = 1_000
#: Numbers are reckoned with 34 digits; nobody means more.
MAX_DIGITS: Final = 34


def parse(text: str, functions: Mapping[str, Function] = FUNCTIONS) -> Node:
    """The tree of ``text``. ``functions`` are all that may be called (default: the built-in ones).

    Raises ``FormulaError`` with the position and what to type there.
    """
    if len(text) > MAX_LENGTH:
        raise _too_big(MAX_LENGTH, len(text), tr("The formula is longer than {limit} characters.", limit=MAX_LENGTH))
    return _Parser(tokenize(text), functions).formula()


def _too_big(start: int, end: int, message: Text) -> FormulaError:
    return FormulaError(
        "FORMULA_TOO_BIG",
        start,
        end,
        message,
        tr("Write a long sum as SUM(…, …), or split the rule in two."),
    )


def _syntax(token: Token, message: Text, hint: Text | None = None) -> FormulaError:
    return FormulaError("FORMULA_SYNTAX", token.start, token.end, message, hint)


class _Parser:
    """Recursive descent. Each method returns a node with the depth of its tree."""

    __slots__ = ("functions", "index", "nesting", "nodes", "tokens")

    def __init__(self, tokens: list[Token], functions: Mapping[str, Function]) -> None:
        self.tokens = tokens
        self.functions = functions
        self.index = 0
        self.nesting = 0
        self.nodes = 0

    def formula(self) -> Node:
        first = self.tokens[0]
        if first.kind == TokenKind.END:
            raise _syntax(first, tr("The formula is empty."))
        if first.kind == TokenKind.COMPARE and first.text == "=":
            raise _syntax(first, tr("A formula here does not begin with “=”."), tr("Delete the “=”."))
        node, _ = self.comparison()
        rest = self.tokens[self.index]
        if rest.kind != TokenKind.END:
            raise self.unexpected(rest)
        return node

    def comparison(self) -> tuple[Node, int]:
        left, depth = self.sum()
        token = self.tokens[self.index]
        if token.kind != TokenKind.COMPARE:
            return left, depth
        self.index += 1
        follower = self.tokens[self.index]
        if follower.kind == TokenKind.COMPARE:
            raise self.doubled(token, follower)
        right, right_depth = self.sum()
        chained = self.tokens[self.index]
        if chained.kind == TokenKind.COMPARE:
            raise _syntax(
                chained,
                tr("Two comparisons stand in one row."),
                tr("Write AND(a {first} b, b {second} c).", first=token.text, second=chained.text),
            )
        node = tree.Compare(left.start, right.end, token.text, left, right)
        return node, self.deeper(node, max(depth, right_depth))

    def sum(self) -> tuple[Node, int]:
        return self.chain("+-", self.product)

    def product(self) -> tuple[Node, int]:
        return self.chain("*/", self.signed)

    def chain(self, signs: str, operand: Callable[[], tuple[Node, int]]) -> tuple[Node, int]:
        left, depth = operand()
        while (token := self.tokens[self.index]).kind == TokenKind.SIGN and token.text in signs:
            self.index += 1
            right, right_depth = operand()
            left = tree.Binary(left.start, right.end, token.text, left, right)
            depth = self.deeper(left, max(depth, right_depth))
        return left, depth

    def signed(self) -> tuple[Node, int]:
        token = self.tokens[self.index]
        if token.kind == TokenKind.SIGN and token.text == "-":
            self.index += 1
            self.enter(token)
            operand, depth = self.signed()
            self.nesting -= 1
            node: Node = tree.Negate(token.start, operand.end, operand)
            return node, self.deeper(node, depth)
        node, depth = self.value()
        while (token := self.tokens[self.index]).kind == TokenKind.SIGN and token.text == "%":
            self.index += 1
            node = tree.Percent(node.start, token.end, node)
            depth = self.deeper(node, depth)
        return node, depth

    def value(self) -> tuple[Node, int]:
        token = self.tokens[self.index]
        self.index += 1
        if token.kind == TokenKind.NUMBER:
            return self.number(token), 1
        if token.kind == TokenKind.TEXT:
            return self.leaf(tree.Text(token.start, token.end, token.text)), 1
        if token.kind in (TokenKind.NAME, TokenKind.QUOTED):
            return self.name(token)
        if token.kind == TokenKind.SIGN and token.text == "[":
            return self.reference(token.start, "", ""), 1
        if token.kind == TokenKind.SIGN and token.text == "(":
            self.enter(token)
            node, depth = self.comparison()
            self.close(token)
            return node, depth
        raise self.unexpected(token)

    def number(self, token: Token) -> Node:
        digits = token.text.rstrip(".")
        if len(digits.replace(".", "")) > MAX_DIGITS:
            raise _syntax(token, tr("The number has more than {limit} digits.", limit=MAX_DIGITS))
        return self.leaf(tree.Number(token.start, token.end, Decimal(digits)))

    def name(self, token: Token) -> tuple[Node, int]:
        follower = self.tokens[self.index]
        if follower.kind == TokenKind.SIGN:
            if follower.text == "(":
                return self.call(token)
            if follower.text == "[":
                self.index += 1
                return self.reference(token.start, "", token.text), 1
            if follower.text == "!":
                self.index += 1
                return self.other_book(token), 1
        elif follower.kind in (TokenKind.NAME, TokenKind.QUOTED, TokenKind.NUMBER, TokenKind.TEXT):
            raise _syntax(
                follower,
                tr(
                    "Two words stand side by side: “{first}” and “{second}”.",
                    first=token.text,
                    second=follower.text,
                ),
                tr("Type an operator between them, or put a name with a space in single quotes: '…'."),
            )
        if token.kind == TokenKind.NAME and (word := token.text.upper()) in ("TRUE", "FALSE"):
            return self.leaf(tree.Boolean(token.start, token.end, word == "TRUE")), 1
        return self.leaf(tree.Parameter(token.start, token.end, token.text)), 1

    def call(self, token: Token) -> tuple[Node, int]:
        name = token.text.upper()
        function = self.functions.get(name)
        if function is None or token.kind == TokenKind.QUOTED:
            from difflib import get_close_matches

            near = get_close_matches(name, self.functions, 1)
            raise FormulaError(
                "FORMULA_UNKNOWN_FUNCTION",
                token.start,
                token.end,
                tr("There is no function {name}.", name=token.text),
                tr("Did you mean {name}?", name=near[0])
                if near
                else tr("The functions are: {names}.", names=", ".join(sorted(self.functions))),
            )
        opening = self.tokens[self.index]
        self.index += 1
        self.enter(opening)
        arguments: list[Node] = []
        depth = 0
        if not self.at(")"):
            while True:
                argument, argument_depth = self.comparison()
                arguments.append(argument)
                depth = max(depth, argument_depth)
                if not self.at(","):
                    break
                self.index += 1
        self.close(opening)
        end = self.tokens[self.index - 1].end
        least, most = function.arity
        if len(arguments) < least or (most is not None and len(arguments) > most):
            raise FormulaError("FORMULA_ARGUMENTS", token.start, end, *_arity(name, len(arguments), least, most))
        node = tree.Call(token.start, end, name, tuple(arguments))
        return node, self.deeper(node, depth)

    def other_book(self, book: Token) -> Node:
        token = self.tokens[self.index]
        self.index += 1
        table = ""
        if token.kind in (TokenKind.NAME, TokenKind.QUOTED):
            table = token.text
            token = self.tokens[self.index]
            self.index += 1
        if token.kind == TokenKind.COMPARE and token.text == "=":
            raise self.doubled(self.tokens[self.index - 2], token)
        if token.kind != TokenKind.SIGN or token.text != "[":
            message = tr("After “{book}!” comes a table.", book=book.text)
            raise _syntax(token, message, tr("Type {book}!table[row, column].", book=book.text))
        return self.reference(book.start, book.text, table)

    def reference(self, start: int, book: str, table: str) -> Node:
        """What stands between ``[`` (just passed) and ``]``."""
        select, row, text = Select.ALL, "", ""
        column: str | None = None
        if self.at("@"):
            self.index += 1
            select, column = Select.THIS, self.label()
        elif self.at("*"):
            self.index += 1
            column = self.column_after_comma()
        else:
            column = self.label()
            if (token := self.tokens[self.index]).kind == TokenKind.COMPARE:
                self.index += 1
                value = self.tokens[self.index]
                if value.kind != TokenKind.TEXT:
                    raise _syntax(
                        value,
                        tr("After “{name} =” comes a text in double quotes.", name=column),
                        tr('Type "{text}".', text=value.text or "…"),
                    )
                self.index += 1
                select, row, text = Select.WHERE, column, value.text
                column = self.column_after_comma()
            elif self.at(","):
                select, row = Select.NAMED, column
                column = self.column_after_comma()
        token = self.tokens[self.index]
        if not self.at("]"):
            if token.kind in (TokenKind.NAME, TokenKind.QUOTED):
                hint = tr("A name with a space goes in single quotes: '…'.")
            else:
                hint = tr("Write table[row, column], table[column] or [@column].")
            raise _syntax(token, tr("“{found}” cannot stand here in square brackets.", found=token.text), hint)
        self.index += 1
        return self.leaf(Reference(start, token.end, book, table, select, row, text, column))

    def label(self) -> str:
        token = self.tokens[self.index]
        if token.kind not in (TokenKind.NAME, TokenKind.QUOTED):
            raise _syntax(
                token,
                tr("A name is missing in the square brackets."),
                tr("Write table[row, column], table[column] or [@column]."),
            )
        self.index += 1
        return token.text

    def column_after_comma(self) -> str | None:
        token = self.tokens[self.index]
        if not self.at(","):
            raise _syntax(token, tr("The column is missing."), tr("Type “,” and the name of the column."))
        self.index += 1
        if self.at("@"):
            self.index += 1
            return None
        return self.label()

    def at(self, sign: str) -> bool:
        token = self.tokens[self.index]
        return token.kind == TokenKind.SIGN and token.text == sign

    def enter(self, token: Token) -> None:
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise _too_big(
                token.start,
                token.end,
                tr("The formula is nested more than {limit} levels deep.", limit=MAX_DEPTH),
            )

    def close(self, opening: Token) -> None:
        token = self.tokens[self.index]
        if self.at(")"):
            self.index += 1
            self.nesting -= 1
            return
        if token.kind == TokenKind.END:
            raise _syntax(opening, tr("This “(” is never closed."), tr("Type “)” where it ends."))
        raise self.unexpected(token)

    def leaf(self, node: Node) -> Node:
        self.deeper(node, 0)
        return node

    def deeper(self, node: Node, depth: int) -> int:
        """Count ``node``, which stands above a tree of ``depth``, and give the depth with it."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _too_big(node.start, node.end, tr("The formula has more than {limit} parts.", limit=MAX_NODES))
        if depth >= MAX_DEPTH:
            raise _too_big(
                node.start,
                node.end,
                tr("The formula is nested more than {limit} levels deep.", limit=MAX_DEPTH),
            )
        return depth + 1

    def doubled(self, first: Token, second: Token) -> FormulaError:
        right = {"==": "=", "=<": "<=", "=>": ">=", "><": "<>", "!=": "<>", "<<": "<", ">>": ">"}.get(
            first.text + second.text
        )
        message = tr("“{found}” is not a comparison.", found=first.text + second.text)
        hint = tr("Type “{right}”.", right=right) if right else tr("Type one of = <> < <= > >=.")
        return FormulaError("FORMULA_SYNTAX", first.start, second.end, message, hint)

    def unexpected(self, token: Token) -> FormulaError:
        if token.kind == TokenKind.END:
            return _syntax(
                token,
                tr("The formula ends too soon."),
                tr("Type a number, a reference or a name at the end."),
            )
        if token.text == ")" and self.nesting == 0:
            return _syntax(token, tr("This “)” closes nothing."), tr("Delete it, or type “(” where it begins."))
        if token.text == "!":
            return _syntax(token, tr("“!” stands only between a form and a table."), tr("Type “<>” for unequal."))
        if token.text == "+":
            return _syntax(token, tr("“+” stands only between two terms."), tr("Delete the “+”."))
        if token.text == "," and self.nesting == 0:
            return _syntax(token, tr("“,” stands only between arguments."), tr("Type numbers without “,”, as in 1000."))
        if token.text in ("(", "[") or token.kind not in (TokenKind.SIGN, TokenKind.COMPARE):
            return _syntax(
                token,
                tr("An operator is missing before “{found}”.", found=token.text),
                tr("Type one of + - * /."),
            )
        return _syntax(
            token,
            tr("“{found}” cannot stand here.", found=token.text),
            tr("Type a number, a reference, a name or a function."),
        )


def _arity(name: str, given: int, least: int, most: int | None) -> tuple[Text, Text]:
    message = tr("{name} is given {given} arguments.", name=name, given=given)
    if most is None:
        return message, tr("Give it at least {least}.", least=least)
    if least == most:
        return message, tr("Give it {least}.", least=least)
    return message, tr("Give it {least} to {most}.", least=least, most=most)
