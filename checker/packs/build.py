"""Packs made from their files: read strictly, validated, inherited.

A pack with any mistake is left out whole, and so is what extends it: half a pack would look like a clean
workbook. All mistakes of a pack are told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from checker.errors import CheckerError, PackError
from checker.messages import tr
from checker.model.label import Labels
from checker.model.plugin import CheckKind
from checker.model.rule import Pack
from checker.packs.draft import Built, Draft
from checker.packs.files import PackFiles, digest
from checker.packs.forms import text_of
from checker.packs.own import Documents, Head, Own
from checker.packs.schema import Schemas, suggest
from checker.packs.strict_yaml import load_yaml

if TYPE_CHECKING:
    from checker.packs.shelf import Shelf

__all__ = ["build_packs", "read_lexicon"]

Raw = Mapping[str, Any]


def read_lexicon(content: bytes, name: str) -> dict[str, Any]:
    """The lexicon's mapping. Raises ``PackError``: nothing can be read without it."""
    document = load_yaml(content, name)
    for error in Schemas().errors(document, "lexicon"):
        raise error
    lexicon: dict[str, Any] = document.data
    return lexicon


def build_packs(
    found: Sequence[PackFiles],
    kinds: Iterable[CheckKind],
    lexicon: Raw,
    lexicon_content: bytes,
    shelf: Shelf | None = None,
) -> tuple[dict[str, Pack], list[CheckerError]]:
    """Every pack that is in order, by id, parents before children; and all mistakes of the others.

    What stands on the ``shelf`` is taken from there, and what is made is put there.
    """
    builder = _Builder(Documents(Schemas(kinds), Labels.from_mapping(lexicon)), lexicon_content, shelf)
    builder.read_heads(found)
    for pack in list(builder.heads):
        builder.build(pack, ())
    return builder.packs, builder.failures


class _Builder:
    def __init__(self, documents: Documents, lexicon_content: bytes, shelf: Shelf | None) -> None:
        self.heads: dict[str, Head] = {}
        self.packs: dict[str, Pack] = {}
        self.failures: list[CheckerError] = []
        self._built: dict[str, Built] = {}
        self._failed: set[str] = set()
        self._documents = documents
        self._lexicon_content = lexicon_content
        self._shelf = shelf

    def read_heads(self, found: Sequence[PackFiles]) -> None:
        prefixes: dict[str, Head] = {}
        for files in found:
            document = self._documents.read(files.files["pack.yaml"], files.name("pack.yaml"), "pack", self.failures)
            if document is None:
                continue
            pack, prefix = document.data["pack"], document.data["prefix"]
            if pack in self.heads:
                message = tr("The pack {pack} is already at {place}.", pack=pack, place=self.heads[pack].files.root)
                where = document.where(("pack",))
                self.failures.append(PackError("PACK_TWICE", message, tr("Give one of the two another id."), where))
            elif prefix in prefixes:
                place = prefixes[prefix].document.where(("prefix",))
                message = tr("The prefix {prefix} is already that of the pack at {place}.", prefix=prefix, place=place)
                hint, where = tr("Give one of the two another prefix."), document.where(("prefix",))
                self.failures.append(PackError("PREFIX_TWICE", message, hint, where))
            else:
                self.heads[pack] = prefixes[prefix] = Head(files, document)

    def build(self, pack: str, below: tuple[str, ...]) -> Pack | None:
        """The pack, made once; None if it has mistakes, which are then in ``failures``."""
        if pack in self.packs:
            return self.packs[pack]
        if pack in self._failed:
            return None
        errors = [*self._unmet(pack, "extends", below), *self._unmet(pack, "beside", below)]
        made = self._found_or_made(pack, errors) if not errors else None
        if made is None:
            self._failed.add(pack)
            self.failures.extend(errors)
        else:
            self.packs[pack] = made
        return made

    def _found_or_made(self, pack: str, errors: list[CheckerError]) -> Pack | None:
        """A pack whose parents are there."""
        found = self._shelf.find(pack, self._family(pack).values()) if self._shelf is not None else None
        if found is not None:
            return found
        built = self._assembled(pack, errors)
        if errors:
            return None
        self._built[pack] = built
        if self._shelf is not None:
            self._shelf.put(built.pack, built.raw_forms)
        return built.pack

    def _whole(self, pack: str) -> Built:
        """A pack that is in order, with what its children need."""
        if pack not in self._built:
            found = self._shelf.whole(self.packs[pack]) if self._shelf is not None else None
            self._built[pack] = found or self._assembled(pack, [])
        return self._built[pack]

    def _family(self, pack: str) -> dict[str, PackFiles]:
        """The files of a pack and of all packs that it rests on, by their ids."""
        family: dict[str, PackFiles] = {}

        def visit(name: str) -> None:
            if name not in family:
                family[name] = self.heads[name].files
                for key in ("extends", "beside"):
                    for other in self.heads[name].document.data.get(key, ()):
                        visit(other)

        visit(pack)
        return dict(sorted(family.items()))

    def _unmet(self, pack: str, key: str, below: tuple[str, ...]) -> Iterator[CheckerError]:
        """Make the packs that ``pack`` names under ``extends`` or ``beside``, and tell of those not to be had."""
        document = self.heads[pack].document
        chain = (*below, pack)
        for index, name in enumerate(document.data.get(key, ())):
            where = document.where((key, index))
            if name in chain:
                circle = " → ".join((*chain[chain.index(name) :], name))
                message = tr("Packs extend each other, or stand beside each other, in a circle: {packs}.", packs=circle)
                yield PackError("PACK_CYCLE", message, tr("Take one of them out of the circle."), where)
            elif name not in self.heads:
                message = tr("There is no pack {pack}.", pack=name)
                yield PackError("PACK_UNKNOWN", message, suggest(name, self.heads), where)
            elif self.build(name, chain) is None:
                message = tr("The pack {pack}, which this one needs, has mistakes.", pack=name)
                hint = tr("Mend {place} first.", place=self.heads[name].files.root)
                yield PackError("PACK_PARENT", message, hint, where)

    def _assembled(self, pack: str, errors: list[CheckerError]) -> Built:
        """A pack made of its files, half of one where there are mistakes, which go into ``errors``."""
        head = self.heads[pack]
        document, data = head.document, head.document.data
        draft = Draft()
        draft.inherit([self._whole(name) for name in data.get("extends", ())], document.where(("extends",)), errors)
        draft.stand_beside([self.packs[name] for name in data.get("beside", ())], document.where(("beside",)), errors)
        for index, item in enumerate(data.get("retire", ())):
            draft.retire(item["rule"], text_of(item["reason"]), document.where(("retire", index, "rule")), errors)
        Own(pack, head, draft, self._documents, errors).add()
        if not draft.forms and not errors:
            message = tr("The pack has no forms.")
            errors.append(PackError("PACK_EMPTY", message, tr("Put them into forms/."), document.where()))
        family = [(name, one.files) for name, one in self._family(pack).items()]
        return Built(
            Pack(
                id=pack,
                title=text_of(data["title"]),
                edition=data["edition"],
                status=data["status"],
                digest=digest(family, self._lexicon_content),
                forms=draft.forms,
                rules=tuple(draft.rules.values()),
                parameters=draft.parameters,
                extends=tuple(data.get("extends", ())),
                prefix=data["prefix"],
                retired=draft.retired,
                remarks=tuple(dict.fromkeys([*map(text_of, data.get("remarks", ())), *draft.remarks])),
                root=head.files.root,
                beside={name: form for name, form in draft.beside.items() if name not in draft.forms},
                schemes=draft.schemes,
                dictionaries=draft.dictionaries,
            ),
            draft.raw_forms,
        )
