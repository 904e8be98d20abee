"""XML parts, parsed by expat under guard: no document types, bounded depth, tags and names."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from checker.readers import limits
from checker.readers.bypass import Bypass, Feed
from checker.readers.package import Package
from checker.readers.refusals import refuse

__all__ = ["MAIN_NAMESPACES", "Local", "parse_main", "parse_part"]

MAIN_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_CHOICE = "http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]
Local = Callable[[str], str]
Attach = Callable[[XMLParserType, Local | None], None]
Route = Callable[[Feed], Bypass]


class _PrefixedError(Exception):
    """The root is not plainly in the main namespace: names must be resolved."""


def parse_main(package: Package, part: str, root: str, attach: Attach, route: Route) -> None:
    """Parse a large part of the main namespace, whose root is ``root``, with handlers of the caller's.

    ``attach(parser, local)`` sets the handlers after the root has been seen. Where the root has no prefix, as
    nearly always, names are compared as they stand and ``local`` is None; else each name must go through
    ``local`` first. ``route(feed)`` makes the way that the bytes take to expat. Raises ``ReadError``.
    """
    for namespaces in (False, True):

        def prepare(parser: XMLParserType, namespaces: bool = namespaces) -> None:
            parser.StartElementHandler = _root_handler(package, part, root, attach, parser, namespaces)

        try:
            return _parse(package, part, namespaces, prepare, route)
        except _PrefixedError:
            continue
    return None


def _root_handler(
    package: Package, part: str, root: str, attach: Attach, parser: XMLParserType, namespaces: bool
) -> Start:
    def on_root(name: str, attributes: dict[str, str]) -> None:
        if namespaces:
            if local_name(name) != root:
                raise refuse("PART_WRONG", package.where, part=part)
            attach(parser, local_name)
        elif name != root or attributes.get("xmlns") not in MAIN_NAMESPACES:
            raise _PrefixedError
        else:
            attach(parser, None)

    return on_root


def parse_part(package: Package, part: str, start: Start, end: End | None = None) -> None:
    """Call ``start(name, attributes)`` and ``end(name, text)`` for the elements of a part that is not a sheet.

    Names of the main namespace are local; all others are ``uri}local``. ``text`` is what stands before the end
    tag without an element in between. Of alternate content, the fallback counts. Raises ``ReadError``.
    """
    if package.size(part) > limits.MAX_PART_BYTES:
        raise refuse("PART_TOO_LARGE", package.where, part=part, limit=limits.MAX_PART_BYTES // limits.MIB)
    texts: list[str] = []
    names: dict[str, str] = {}
    depth = choice = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, choice
        depth += 1
        if depth > limits.MAX_DEPTH:
            raise refuse("XML_TOO_DEEP", package.where, part=part, limit=limits.MAX_DEPTH)
        if texts:
            texts.clear()
        if not choice:
            if name == _CHOICE:
                choice = depth
            else:
                names[name] = local = names.get(name) or local_name(name)
                start(local, attributes)

    def on_end(name: str) -> None:
        nonlocal depth, choice
        if end is not None:
            if not choice:
                end(names[name], "".join(texts))
            texts.clear()
        if choice == depth:
            choice = 0
        depth -= 1

    def prepare(parser: XMLParserType) -> None:
        parser.StartElementHandler = on_start
        parser.EndElementHandler = on_end
        if end is not None:
            parser.CharacterDataHandler = texts.append

    _parse(package, part, True, prepare, None)


def local_name(name: str) -> str:
    """``uri}local`` without the uri if that is a main namespace; ``}local`` for a name without one."""
    uri, _, local = name.rpartition("}")
    return local if uri in MAIN_NAMESPACES else f"{uri}}}{local}"


def _parse(
    package: Package,
    part: str,
    namespaces: bool,
    prepare: Callable[[XMLParserType], None],
    route: Route | None,
) -> None:
    chunks = package.chunks(part)
    chunk = next(chunks, b"")
    # Parts are in UTF-8 or UTF-16, whatever they declare.
    encoding = None if chunk[:2] in _UTF_16 else "utf-8"
    parser = ParserCreate(encoding, "}") if namespaces else ParserCreate(encoding)
    parser.buffer_text = True

    def refuse_document_type(*_: object) -> None:
        raise refuse("XML_DTD", package.where, part=part)

    parser.StartDoctypeDeclHandler = refuse_document_type
    prepare(parser)
    fed = 0

    def feed(chunk: bytes) -> None:
        nonlocal fed
        parser.Parse(chunk)
        fed += len(chunk)
        # An unfinished tag is parsed anew with each chunk: its length must be bounded.
        if fed - parser.CurrentByteIndex > limits.MAX_TAG_BYTES:
            limit = limits.MAX_TAG_BYTES // limits.MIB
            raise refuse("XML_TAG_TOO_LONG", package.where, part=part, limit=limit)
        if len(parser.intern) > limits.MAX_NAMES:
            raise refuse("XML_TOO_MANY_NAMES", package.where, part=part, limit=limits.MAX_NAMES)

    take = feed if route is None else route(feed).take
    try:
        while chunk:
            take(chunk)
            chunk = next(chunks, b"")
        take(b"")
        parser.Parse(b"", True)
    except ExpatError as error:
        raise refuse("XML_DAMAGED", package.where, part=part, reason=str(error)) from error
    finally:
        # Handlers refer to their parser: without this, everything read waits for the garbage collector.
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
