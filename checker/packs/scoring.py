"""From the mapping of a scoring file, already valid against its schema, to a ``Scheme``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from checker.errors import PackError
from checker.messages import Text, tr
from checker.model.label import Labels
from checker.model.scheme import Claims, Criterion, Grade, Scheme, Source, number_or_name
from checker.packs.forms import text_of
from checker.packs.strict_yaml import Located, Path

__all__ = ["SchemeRead", "formulas_of", "read_scheme"]

Raw = Mapping[str, Any]

#: What every criterion may say; the rest is its kind's.
_COMMON: Final = frozenset(
    {
        "applies", "cap", "claimed", "full", "kind", "labels", "name", "not_applicable", "source", "title", "under",
    }
)  # fmt: skip
_OTHERS: Final = "others"


class SchemeRead(NamedTuple):
    """A scheme and all that is wrong with it taken by itself; with errors it is not to be used.

    ``replaced`` is the reason why it takes the place of a parent's scheme of its name, or None.
    """

    scheme: Scheme
    errors: tuple[PackError, ...]
    replaced: Text | None = None


def read_scheme(document: Located, pack: str, labels: Labels) -> SchemeRead:
    """The scheme of one file. Labels are brought to the form in which a sheet's are compared."""
    data: Raw = document.data
    reader = _Reader(document, labels)
    criteria = tuple(reader.criterion(item, ("criteria", index)) for index, item in enumerate(data["criteria"]))
    reader.distinct(criteria)
    claims = data["claims"]
    scheme = Scheme(
        name=data["scheme"],
        pack=pack,
        title=text_of(data["title"]),
        form=data["form"],
        source=_source(data["source"]),
        claims=Claims(
            table=claims["table"],
            levels=tuple(claims["levels"]),
            full=claims.get("full", ""),
            claimed=claims["claimed"],
            reason=claims.get("reason", ""),
            total=claims.get("total", ""),
            grade=claims.get("grade", ""),
        ),
        total=number_or_name(data["total"]),
        grades=tuple(Grade(item["word"], number_or_name(item["lowest"])) for item in data.get("grades", ())),
        criteria=criteria,
        others=reader.criterion(data[_OTHERS], (_OTHERS,)) if _OTHERS in data else None,
        origin=document.where(("scheme",)),
    )
    replaced = text_of(data["replace"]) if "replace" in data else None
    return SchemeRead(scheme, tuple(reader.errors), replaced)


def formulas_of(scheme: Scheme) -> Iterator[tuple[Path, str]]:
    """Every formula that a scheme holds, with the place in its file."""
    own: list[tuple[Path, Criterion]] = [
        (("criteria", index), criterion) for index, criterion in enumerate(scheme.criteria)
    ]
    if scheme.others is not None:
        own.append(((_OTHERS,), scheme.others))
    for path, criterion in own:
        if isinstance(criterion.full, str):
            yield (*path, "full"), criterion.full
        for key in ("claimed", "applies", "cap"):
            if text := getattr(criterion, key):
                yield (*path, key), text
        if isinstance(measure := criterion.terms.get("measure"), str):
            yield (*path, "measure"), measure
        items = criterion.terms.get("items")
        for index, item in enumerate(items if isinstance(items, list) else ()):
            if "holds" in item:
                yield (*path, "items", index, "holds"), item["holds"]


class _Reader:
    def __init__(self, document: Located, labels: Labels) -> None:
        self.errors: list[PackError] = []
        self._document = document
        self._normalise = labels.normalise

    def criterion(self, item: Raw, path: Path) -> Criterion:
        name = item.get("name", "")
        aliases = item.get("labels", ())
        words = [name, *([aliases] if isinstance(aliases, str) else aliases)]
        if item["kind"] == "ladder":
            self._ladder(item["steps"], (*path, "steps"))
        return Criterion(
            name=name,
            labels=tuple(dict.fromkeys(label for word in words if (label := self._normalise(word)))),
            kind=item["kind"],
            terms={key: value for key, value in item.items() if key not in _COMMON and not key.startswith("x-")},
            full=number_or_name(item["full"]) if "full" in item else None,
            under=self._normalise(item.get("under", "")),
            title=text_of(item["title"]) if "title" in item else None,
            source=_source(item["source"]) if "source" in item else None,
            claimed=item.get("claimed", ""),
            applies=item.get("applies", ""),
            not_applicable=item.get("not_applicable", "rescale"),
            cap=item.get("cap", ""),
            origin=self._document.where((*path, "name")),
        )

    def distinct(self, criteria: tuple[Criterion, ...]) -> None:
        """No label may lead to two criteria."""
        taken: dict[tuple[str, str], str] = {}
        for index, criterion in enumerate(criteria):
            for label in criterion.labels:
                other = taken.setdefault((label, criterion.under), criterion.name)
                if other != criterion.name or (label == criterion.labels[0] and self._named_before(criteria, index)):
                    self._error(
                        "NAME_TWICE",
                        tr("{label} is already a name of the criterion {other}.", label=label, other=other),
                        ("criteria", index, "name"),
                        tr("Write under: with the indicator above it, where the same words stand twice."),
                    )

    @staticmethod
    def _named_before(criteria: tuple[Criterion, ...], index: int) -> bool:
        this = criteria[index]
        return any(other.name == this.name and other.under == this.under for other in criteria[:index])

    def _ladder(self, steps: list[Raw], path: Path) -> None:
        for index, step in enumerate(steps[:-1]):
            if "otherwise" in step:
                self._error(
                    "STEP_ORDER",
                    tr("Nothing after “otherwise” can be reached."),
                    (*path, index),
                    tr("Put it last."),
                )

    def _error(self, code: str, message: Text, path: Path, hint: Text | None = None) -> None:
        self.errors.append(PackError(code, message, hint, self._document.where(path)))


def _source(item: Raw) -> Source:
    return Source(item["document"], item.get("article", ""), item["status"])
