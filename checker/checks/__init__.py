"""The built-in kinds of checks, a file each, given by the hook that any plugin answers.

A pack uses some of them and a form fewer, so each is imported when it is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from checker.model.plugin import CheckKind

__all__ = ["KINDS", "checker_check_kinds"]

#: The module of each kind, in this folder.
_MODULES: Final = {
    "accompanied": "accompanied",
    "after_year": "after_year",
    "agreement": "agreement",
    "carryover": "yearly",
    "change": "yearly",
    "codes": "codes",
    "complete": "complete",
    "conditional": "conditional",
    "constant": "constant",
    "contradicted": "contradicted",
    "copied": "copied",
    "coverage": "coverage",
    "date_order": "date_order",
    "dictionary": "dictionary",
    "distinct": "distinct",
    "enumeration": "enumeration",
    "extra_rows": "extra_rows",
    "hidden": "hidden",
    "hierarchy": "hierarchy",
    "identity": "identity",
    "indicator_deduction": "indicator_deduction",
    "indicator_measure": "indicator_measure",
    "indicator_overshoot": "indicator_overshoot",
    "indicator_score": "indicator_score",
    "inequality": "identity",
    "matched": "matched",
    "matched_sum": "matched_sum",
    "not_negative": "not_negative",
    "once": "once",
    "percent_style": "percent_style",
    "precision": "precision",
    "presence": "presence",
    "qualitative_band": "qualitative_band",
    "quantity_price": "quantity_price",
    "range": "ranges",
    "rate": "rate",
    "reading": "reading",
    "repeated": "repeated",
    "residue": "residue",
    "rows_printed": "rows_printed",
    "same": "same",
    "score": "score",
    "stated_unit": "stated_unit",
    "statement": "statement",
    "sum": "sums",
    "total_formula": "total_formula",
    "uniform": "uniform",
    "within": "within",
    "zero_total": "zero_total",
}


class _Kinds(Mapping[str, CheckKind]):
    """Kinds by name."""

    def __init__(self) -> None:
        self._imported: dict[str, CheckKind] = {}

    def __getitem__(self, name: str) -> CheckKind:
        if name not in self._imported:
            declared = vars(import_module(f"{__name__}.{_MODULES[name]}")).values()
            self._imported.update((kind.name, kind) for kind in declared if isinstance(kind, CheckKind))
        return self._imported[name]

    def __contains__(self, name: object) -> bool:
        return name in _MODULES

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


KINDS: Final[Mapping[str, CheckKind]] = _Kinds()


def checker_check_kinds() -> Mapping[str, CheckKind]:
    """The hook of plugins, answered for the kinds that come with the program: by name, to be imported one by one."""
    return KINDS
