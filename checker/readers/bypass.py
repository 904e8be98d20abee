"""The way past expat for the plain pieces of a part."""

from __future__ import annotations

import re
from collections.abc import Callable

from checker.readers.limits import MIB

__all__ = ["Bypass", "Feed"]

Feed = Callable[[bytes], None]

#: Without the end of a piece in so many bytes, expat takes over.
_MAX_PIECE = 4 * MIB
#: So many pieces in a row that are not plain are enough.
_MAX_ODD = 50
_SPACE = b" \t\r\n"


class Bypass:
    """Leads the bytes of a part to expat, and past it where they are plain.

    Behind ``begin``, pieces follow one another that start with ``head`` and end with ``end``.
    ``read_pieces(pieces, start)`` gets them without their ends, reads them from ``start`` up to the first that is
    not plain, and gives its index. expat gets that one; and from the first bytes on that are no such piece, or
    when hardly anything is plain, all. ``entered`` tells whether expat stands just behind ``begin``, for the same
    bytes inside a comment do not count. So expat sees a whole document with some well-formed elements left out.
    """

    def __init__(
        self,
        feed: Feed,
        begin: re.Pattern[bytes],
        head: bytes,
        end: bytes,
        entered: Callable[[], bool],
        read_pieces: Callable[[list[str], int], int],
    ) -> None:
        self._feed = feed
        self._begin = begin
        self._head = head
        self._end = end
        self._entered = entered
        self._read_pieces = read_pieces
        self._inside = False
        self._over = False
        self._carry = b""
        #: Pieces in a row that were not plain.
        self._odd = 0

    def take(self, chunk: bytes) -> None:
        """The next bytes of the part; none at its end."""
        if self._over:
            self._feed(chunk)
        elif self._inside:
            self._take_pieces(chunk)
        else:
            self._take_before(chunk)

    def _take_before(self, chunk: bytes) -> None:
        position = 0
        for match in self._begin.finditer(chunk):
            self._feed(chunk[position : match.start()])
            position = match.start()
            if self._entered():
                break
            self._feed(match[0])
            position = match.end()
            if self._entered():
                self._inside = True
                self._take_pieces(chunk[position:])
                return
        self._feed(chunk[position:])
        # Expat passed the beginning unawaited: it was spelled otherwise, or cut in two.
        self._over = self._entered()

    def _take_pieces(self, chunk: bytes) -> None:
        block, end, self._carry = (self._carry + chunk).rpartition(self._end)
        ended = bool(end) and not self._read_block(block)
        if ended or not chunk or len(self._carry) > _MAX_PIECE or not self._starts_piece(self._carry):
            self._over = True
            self._feed(self._carry)

    def _read_block(self, block: bytes) -> bool:
        """Read pieces; from the first on that is none, feed them to expat and say False."""
        end = self._end.decode()
        try:
            pieces = block.decode().split(end)
        except UnicodeDecodeError:
            self._feed(block + self._end)
            return False
        read = self._read_pieces(pieces, 0)
        while read < len(pieces):
            odd = pieces[read].encode() + self._end
            self._odd += 1
            if self._odd > _MAX_ODD or b"<!" in odd or b"<?" in odd or not self._starts_piece(odd):
                self._feed((end.join(pieces[read:]) + end).encode())
                return False
            self._feed(odd)
            start = read + 1
            read = self._read_pieces(pieces, start)
            if read > start:
                self._odd = 0
        return True

    def _starts_piece(self, text: bytes) -> bool:
        return self._head.startswith(text.lstrip(_SPACE)[: len(self._head)])
