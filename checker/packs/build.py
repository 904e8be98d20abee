"""Packs made from their files: read strictly, validated, inherited.

A pack with any mistake is left out whole, and so is what extends it: half a pack would look like a clean
workbook. All mistakes of a pack are told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

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
    found: Sequence[PackFiles], kinds: Iterable[CheckKind], lexicon: Raw, lexicon_content: bytes
) -> tuple[dict[str, Pack], list[CheckerError]]:
    """Every pack that is in order, by id, parents before children; and all mistakes of the others."""
    builder = _Builder(Documents(Schemas(kinds), Labels.from_mapping(lexicon)), lexicon_content)
    builder.read_heads(found)
    for pack in list(builder.heads):
        builder.build(pack, ())
    return {pack: built.pack for pack, built in builder.built.items()}, builder.failures


class _Builder:
    def __init__(self, documents: Documents, lexicon_content: bytes) -> None:
        self.heads: dict[str, Head] = {}
        self.built: dict[str, Built] = {}
        self.failures: list[CheckerError] = []
        self._failed: set[str] = set()
        self._documents = documents
        self._lexicon_content = lexicon_content

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

    def build(self, pack: str, below: tuple[str, ...]) -> Built | None:
        """The pack, made once; None if it has mistakes, which are then in ``failures``."""
        if pack in self.built:
            return self.built[pack]
        if pack in self._failed:
            return None
        errors: list[CheckerError] = []
        parents = [*self._needed(pack, "extends", below, errors)]
        beside = [*self._needed(pack, "beside", below, errors)]
        built = None if errors else self._assemble(pack, parents, beside, errors)
        if errors or built is None:
            self._failed.add(pack)
            self.failures.extend(errors)
            return None
        self.built[pack] = built
        return built

    def _needed(self, pack: str, key: str, below: tuple[str, ...], errors: list[CheckerError]) -> Iterator[Built]:
        """The packs that ``pack`` names under ``extends`` or ``beside``, made."""
        document = self.heads[pack].document
        chain = (*below, pack)
        for index, name in enumerate(document.data.get(key, ())):
            where = document.where((key, index))
            if name in chain:
                circle = " → ".join((*chain[chain.index(name) :], name))
                message = tr("Packs extend each other, or stand beside each other, in a circle: {packs}.", packs=circle)
                errors.append(PackError("PACK_CYCLE", message, tr("Take one of them out of the circle."), where))
            elif name not in self.heads:
                message = tr("There is no pack {pack}.", pack=name)
                errors.append(PackError("PACK_UNKNOWN", message, suggest(name, self.heads), where))
            elif (built := self.build(name, chain)) is not None:
                yield built
            else:
                message = tr("The pack {pack}, which this one needs, has mistakes.", pack=name)
                hint = tr("Mend {place} first.", place=self.heads[name].files.root)
                errors.append(PackError("PACK_PARENT", message, hint, where))

    def _assemble(
        self, pack: str, parents: Sequence[Built], beside: Sequence[Built], errors: list[CheckerError]
    ) -> Built | None:
        head = self.heads[pack]
        document, data = head.document, head.document.data
        draft = Draft()
        draft.inherit(parents, document.where(("extends",)), errors)
        draft.stand_beside(beside, document.where(("beside",)), errors)
        for index, item in enumerate(data.get("retire", ())):
            draft.retire(item["rule"], text_of(item["reason"]), document.where(("retire", index, "rule")), errors)
        Own(pack, head, draft, self._documents, errors).add()
        if not draft.forms and not errors:
            message = tr("The pack has no forms.")
            errors.append(PackError("PACK_EMPTY", message, tr("Put them into forms/."), document.where()))
        if errors:
            return None
        files = {**draft.files, pack: head.files.files}
        return Built(
            Pack(
                id=pack,
                title=text_of(data["title"]),
                edition=data["edition"],
                status=data["status"],
                digest=digest(sorted(files.items()), self._lexicon_content),
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
            files,
        )
