"""From a formula's text to its words, in ASCII spelling whatever width they were typed in.

Outside brackets a *name* is a run of letters, Chinese characters, digits, ``_`` and ``、·“”《》〈〉``. Inside
square brackets, where nothing is reckoned, a name runs up to the next space or one of
``, = @ ! [ ] " '``; so ``[@执行率（%）]`` and ``表[人员经费-在职, 合计]`` need no quotes. Any other name is
written in single quotes, doubled inside: ``'a b'``. Full-width signs and ``× ÷ − ≤ ≥ ≠`` mean what their
ASCII spellings mean.

A text is written ``"…"`` (doubled inside) or ``“…”``. Since names may hold ``“”`` too, ``“…”`` is a text only
where no name goes on after it; inside brackets it is one only after ``=``.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from checker.formula.error import FormulaError
from checker.messages import Text, tr

__all__ = ["FormulaError", "Token", "TokenKind", "is_bare_name", "tokenize"]


class TokenKind:
    NUMBER: Final = "number"
    TEXT: Final = "text"
    NAME: Final = "name"
    QUOTED: Final = "quoted"  # a name in single quotes
    COMPARE: Final = "compare"
    SIGN: Final = "sign"  # + - * / % ( ) , ! [ ] @
    END: Final = "end"


class Token(NamedTuple):
    """``text`` is the spelling that counts: ``＜＝`` gives ``<=``, ``"a""b"`` gives ``a"b``."""

    kind: str
    text: str
    start: int
    end: int


_LETTER: Final = r"\w、·“”《》〈〉"
_COMPARE: Final = r"[<＜][>＞=＝]|[>＞][=＝]|[<＜>＞=＝≤≥≠≦≧]"
_TEXT: Final = r"\"(?:[^\"]|\"\")*\"|＂[^＂]*＂"
_QUOTED: Final = r"'(?:[^']|'')+'"
_INNER_NAME: Final = r"[^\s,，=＝@＠!！\[\]［］\"＂']+"
_OUTER: Final = re.compile(
    rf"(?P<space>\s+)"
    rf"|(?P<number>(?:[0-9０-９]+(?:[.．][0-9０-９]*)?|[.．][0-9０-９]+)(?![{_LETTER}.．]))"
    rf"|(?P<text>{_TEXT}|“[^“”]*”(?![{_LETTER}\[［!！]))"
    rf"|(?P<quoted>{_QUOTED})"
    rf"|(?P<name>[{_LETTER}]+)"
    rf"|(?P<compare>{_COMPARE})"
    r"|(?P<sign>[-+*/%(),!\[\]－−＋＊×／÷％（），！［］])"
)
_COMPARED: Final = re.compile(r"(?P<text>“[^“”]*”)(?=\s*[,，])")
_INNER: Final = re.compile(
    rf"(?P<space>\s+)"
    rf"|(?P<text>{_TEXT})"
    rf"|(?P<quoted>{_QUOTED})"
    r"|(?P<compare>[=＝])"
    r"|(?P<sign>[,，@＠!！\[\]［］]|[*＊](?=\s*[,，]))"
    rf"|(?P<name>{_INNER_NAME})"
)
_ASCII: Final = str.maketrans(
    "＋－−＊×／÷％（），！［］＠＜＞＝．０１２３４５６７８９", "+--**//%(),![]@<>=.0123456789"
)
_COMPARISONS: Final = {"≤": "<=", "≦": "<=", "≥": ">=", "≧": ">=", "≠": "<>"}
_CONSTANTS: Final = frozenset({"TRUE", "FALSE"})


def tokenize(text: str) -> list[Token]:
    """The words of ``text`` with an ``END`` after them. Raises ``FormulaError``."""
    tokens: list[Token] = []
    position, opening = 0, -1
    while position < len(text):
        match = (_OUTER if opening < 0 else _INNER).match(text, position)
        if opening >= 0 and tokens[-1].kind == TokenKind.COMPARE:
            match = _COMPARED.match(text, position) or match
        if match is None or match.lastgroup is None:
            raise _unreadable(text, position, opening)
        kind, start, position = match.lastgroup, position, match.end()
        if kind == "space":
            continue
        word = _spelling(kind, match.group())
        if kind == TokenKind.SIGN:
            if word == "[":
                if opening >= 0:
                    raise _unreadable(text, start, opening)
                opening = start
            elif word == "]":
                opening = -1
        tokens.append(Token(kind, word, start, position))
    if opening >= 0:
        raise FormulaError(
            "FORMULA_SYNTAX",
            opening,
            opening + 1,
            tr("This “[” is never closed."),
            tr("Type “]” after the name of the column."),
        )
    tokens.append(Token(TokenKind.END, "", len(text), len(text)))
    return tokens


def is_bare_name(name: str, *, inner: bool) -> bool:
    """True if ``name`` can stand without single quotes, inside square brackets (``inner``) or outside
    them."""
    if inner:
        return name != "*" and name != "＊" and re.fullmatch(_INNER_NAME, name) is not None
    match = _OUTER.fullmatch(name)
    if match is None or match.lastgroup != "name" or name.upper() in _CONSTANTS:
        return False
    return name[0] != "“" or re.match("“[^“”]*”.", name) is not None


def _spelling(kind: str, word: str) -> str:
    if kind == TokenKind.NAME:
        return word
    if kind == TokenKind.TEXT:
        return word[1:-1].replace('""', '"') if word[0] == '"' else word[1:-1]
    if kind == TokenKind.QUOTED:
        return word[1:-1].replace("''", "'")
    return _COMPARISONS.get(word) or word.translate(_ASCII)


def _unreadable(text: str, position: int, opening: int) -> FormulaError:
    """The error for a character that begins no word here, with the one to type in its place."""
    found = text[position]
    if found in "\"＂'":
        message = tr("The quotation mark {found} is never closed.", found=found)
        hint = tr("Type {found} at the end of the quoted words as well.", found=found)
    elif opening >= 0:
        message = tr("There is a “{found}” inside the square brackets.", found=found)
        hint = tr("Type “]” before it; a name that holds it goes in single quotes: '…'.")
    else:
        message = tr("The sign “{found}” has no meaning in a formula.", found=found)
        hint = _hint(text, position)
    return FormulaError("FORMULA_SYNTAX", position, position + 1, message, hint)


def _hint(text: str, position: int) -> Text:
    found = text[position]
    if found in ";；。":
        return tr("Type “,” between arguments.")
    if found in "^＾":
        return tr("There are no powers: type the multiplication, a * a.")
    if found in "&＆":
        return tr("Texts cannot be joined; compare them one by one with AND(…, …).")
    if found in "–—―‐":
        return tr("Type “-” for minus.")
    if found in "‘’`´":
        return tr("Type ' around a name.")
    if found in ":：":
        return tr("There are no ranges; a whole column is written table[column].")
    if found in "{}｛｝【】〔〕":
        return tr("Type “[” and “]” around rows and columns, “(” and “)” around terms.")
    if found in "$＄#＃":
        return tr("Cells are named by their labels: table[row, column].")
    if found in "·.．":
        return tr("Type a number with one decimal point and without a unit, as in 0.5.")
    return tr("A name that holds this sign goes in single quotes: '…'.")
