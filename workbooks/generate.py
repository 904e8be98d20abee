"""Make the workbooks of a pack: ``python workbooks/generate.py [PACK]``.

``blank/`` holds each form as a unit would download it, ``clean/`` filled samples in which everything agrees,
``errors/`` one sample per kind of slip with a ``manifest.json`` that tells where it is, ``published/`` what units
have published, figure for figure, ``submissions/`` beside the packs workbooks that go together. What the samples say is
data: ``<pack>/content/*.yaml``. The same content gives the same bytes.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import sys
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from checker.model.form import ColumnKind, Form
from checker.model.plugin import PackSource
from checker.model.workbook import CellKind, address
from checker.packs.load import load_packs
from checker.templates import Drawing, Placed, draw, stack, write_xlsx

HERE = Path(__file__).parent
YEAR = "2024"

Given = dict[str, Any]
Sheets = dict[str, list[dict[str, Any]]]


def main(pack: str, target: Path) -> None:
    """Write every workbook of ``pack`` below ``target``."""
    forms = load_forms(pack)
    layouts = _read(pack, "layouts")
    clean = _read(pack, "clean")
    errors = _read(pack, "errors")
    published = _read(pack, "published")
    for folder in ("blank", "clean", "errors", *(["published"] if published else [])):
        (target / folder).mkdir(parents=True, exist_ok=True)
    for form in forms.values():
        if form.abstract or form.pack != pack:  # what is inherited lies with the pack that wrote it
            continue
        write_xlsx({sheet_name(form): draw(form, year=YEAR)}, target / "blank" / f"{form.name}.xlsx", overwrite=True)
    for folder, samples in (("clean", clean), ("published", published)):
        for name, sample in samples.items():
            finish = FINISHES[sample.get("finish", "saved")]
            drawings = _draw(forms, sample["sheets"], finish, sample.get("year", YEAR), layouts)
            write_xlsx(drawings, target / folder / f"{name}.xlsx", overwrite=True)
    for name, submission in _read(pack, "submissions").items():
        folder = target.parent / "submissions" / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, sample in submission["workbooks"].items():
            sample = {**clean.get(sample.get("same_as", ""), {}), **sample}
            finish = FINISHES[sample.get("finish", "saved")]
            drawings = _draw(forms, sample["sheets"], finish, sample.get("year", YEAR), layouts)
            write_xlsx(drawings, folder / f"{file}.xlsx", overwrite=True)
    manifest = {}
    for name, seeded in errors.items():
        base = seeded.get("base", next(iter(clean)))
        drawings, manifest[f"{name}.xlsx"] = _seed(forms, base, clean[base], seeded, layouts)
        write_xlsx(drawings, target / "errors" / f"{name}.xlsx", overwrite=True)
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (target / "errors" / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def sheet_name(form: Form) -> str:
    """The usual name of the form's sheet, cut as Excel cuts it."""
    return (form.sheets[0] if form.sheets else form.name)[:31]


def _read(pack: str, name: str) -> dict[str, Any]:
    file = HERE / pack / "content" / f"{name}.yaml"
    if not file.is_file():
        return {}
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_Exact) or {}


class _Exact(yaml.SafeLoader):
    """Figures as they are written, never through a float."""


_Exact.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(loader.construct_scalar(node)))


def _draw(
    forms: Mapping[str, Form],
    sheets: Sheets,
    finish: Callable[[Drawing], Drawing],
    year: str,
    layouts: Mapping[str, Any],
) -> dict[str, Drawing]:
    def drawn(item: Mapping[str, Any]) -> Drawing:
        form = forms[item["form"]]
        if "layout" in item:  # as another province prints it
            form = form._replace(layout=layouts[item["layout"]][form.name])
        return draw(form, item["given"], year=item.get("year", year), printed=True)

    return {name: finish(stack([drawn(item) for item in items])) for name, items in sheets.items()}


def _seed(
    forms: Mapping[str, Form],
    base: str,
    sample: Mapping[str, Any],
    seeded: Mapping[str, Any],
    layouts: Mapping[str, Any],
) -> tuple[dict[str, Drawing], dict[str, Any]]:
    """The clean sample with the slip in it, and the manifest's entry."""
    sheets: Sheets = copy.deepcopy(sample["sheets"])
    sheet = seeded.get("sheet", next(iter(sheets)))
    number = seeded.get("copy", 0)
    item = sheets[sheet][number]
    form = forms[item["form"]]
    at = seeded.get("at") or seeded["set"][0]
    place = _index(form, item["given"], at)  # before a key is changed
    for change in seeded["set"]:
        if "sheet" in change:  # on another sheet
            other = sheets[change["sheet"]][0]
            _apply(forms[other["form"]], other["given"], change)
        elif "layout" in change or "year" in change:  # the sheet drawn otherwise
            item.update(change)
        else:
            _apply(form, item["given"], change)
    for name in seeded.get("without", ()):
        del sheets[name]
    for name, copied in seeded.get("copies", {}).items():
        sheets[name] = copy.deepcopy(sheets[copied])
    finish = vendor if sample.get("finish") == "vendor" else typed
    drawings = _draw(forms, sheets, finish, sample.get("year", YEAR), layouts)
    drawing = drawings[sheet]
    if "cell" in at:  # no figure of the form
        cell = str(at["cell"])
    else:
        cell = address(
            *(
                drawing.place_field(at["field"], copy=number)
                if "field" in at
                else drawing.place(at["table"], place, at["column"], copy=number)
            )
        )
    entry = {
        "rules": seeded["rules"],
        "sheet": sheet,
        "cell": cell,
        "form": form.name,
        "what": seeded["what"],
        "base": f"clean/{base}.xlsx",
        **({"reaches": seeded["reaches"]} if "reaches" in seeded else {}),
    }
    return drawings, entry


def _index(form: Form, given: Given, at: Mapping[str, Any]) -> str | int:
    """What the drawing calls the row of ``at``: its name, or its number in an open table."""
    if "table" in at and form.tables[at["table"]].layout == "single":
        return 0
    if "table" not in at or not isinstance(given[at["table"]], list):
        return str(at.get("row", ""))
    table = form.tables[at["table"]]
    rows = [row for row in given[at["table"]] if "total" not in row]
    return next((i for i, row in enumerate(rows) if row.get(table.key) == at["row"]), at["row"])


def _apply(form: Form, given: Given, change: Mapping[str, Any]) -> None:
    if "field" in change:
        given[change["field"]] = change["value"]
        return
    content, name = given[change["table"]], change.get("row")
    if form.tables[change["table"]].layout == "single":
        content[change["column"]] = change["value"]
        return
    if isinstance(content, dict):
        content.setdefault(name, {})[change["column"]] = change["value"]
        return
    table = form.tables[change["table"]]
    if name in table.totals:
        row = next((row for row in content if row.get("total") == name), None)
        if row is None:
            row = {"total": name}
            content.append(row)
        row[change["column"]] = change["value"]
        return
    found = [row for row in content if name is None or row.get(table.key) == name]
    if not found:
        raise SystemExit(f"{form.name}: no row {name}")
    for row in found:
        if change.get("drop"):
            content.remove(row)
        else:
            row[change["column"]] = change["value"]


def saved(drawing: Drawing) -> Drawing:
    """As Excel saves it: formulas and what they show."""
    return drawing


def typed(drawing: Drawing) -> Drawing:
    """Every figure typed in as it is printed; formulas that the content asks for stay."""
    return _each(drawing, lambda cell: cell._replace(raw=_printed(cell), formula=None) if _derived(cell) else cell)


def vendor(drawing: Drawing) -> Drawing:
    """As budget systems export: figures as text, no formulas, levels repeated in every row."""
    cells = dict(drawing.cells)
    kept = []
    for merge in drawing.merges:
        cell = cells[merge.top, merge.left]
        if merge.bottom > merge.top and cell.holds == ColumnKind.TEXT:
            cells |= {(row, merge.left): cell for row in range(merge.top, merge.bottom + 1)}
        else:
            kept.append(merge)
    return _each(dataclasses.replace(drawing, cells=cells, merges=tuple(kept)), _exported)


def _each(drawing: Drawing, change: Callable[[Placed], Placed]) -> Drawing:
    return dataclasses.replace(drawing, cells={at: change(cell) for at, cell in drawing.cells.items()})


def _derived(cell: Placed) -> bool:
    return cell.formula is not None and cell.kind == CellKind.NUMBER and "#" not in cell.formula


def _exported(cell: Placed) -> Placed:
    if cell.kind != CellKind.NUMBER:
        return cell._replace(formula=None)
    shown = Decimal(_printed(cell))
    if cell.holds == ColumnKind.PERCENT:
        text = f"{shown * 100:.2f}%"
    else:
        text = f"{shown:.1f}" if cell.holds == ColumnKind.WEIGHT else f"{shown:.2f}"
    return cell._replace(kind=CellKind.TEXT, raw=text, formula=None, format="@")


def _printed(cell: Placed) -> str:
    """The digits that the number format shows."""
    decimals = len(cell.format.rstrip("%").partition(".")[2]) + 2 * cell.format.endswith("%")
    if cell.format == "General":
        return cell.raw
    return str(Decimal(cell.raw).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


FINISHES: Mapping[str, Callable[[Drawing], Drawing]] = {"saved": saved, "typed": typed, "vendor": vendor}


def load_forms(pack: str) -> Mapping[str, Form]:
    """The forms of ``pack``, those inherited and those of packs beside it included."""
    loaded = load_packs([PackSource("built-in", HERE.parent / "rules", "built-in")], use_cache=False)
    if pack not in loaded.packs:
        raise SystemExit("\n".join(str(failure) for failure in loaded.failures) or f"no pack {pack}")
    return loaded.packs[pack].every_form


if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else "cn-project"
    main(name, HERE / name)
