"""A new rule pack: from nothing, from a parent, or from a blank official workbook."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.errors import PackError, UsageError
from checker.messages import Text, tr

if TYPE_CHECKING:
    from checker.model.rule import Pack
    from checker.session import Session

__all__ = ["NewPack", "new_pack"]

_SKELETON: Final = Path(__file__).parent / "skeleton"
_ID: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PREFIX: Final = re.compile(r"[A-Z][A-Z0-9]{1,7}")
#: The year that a pack is for unless its id ends in one.
_YEAR: Final = re.compile(r"(20[0-9]{2})$")


class NewPack(NamedTuple):
    """What was made: the folder, its files, the names of the forms proposed, how many rules were, how many
    more were left out because their examples did not come out or the workbook's own figures contradict them, and what
    the workbook resembles."""

    root: Path
    files: tuple[str, ...]
    forms: tuple[str, ...] = ()
    rules: int = 0
    left_out: int = 0
    remarks: tuple[Text, ...] = ()


def new_pack(
    directory: str | os.PathLike[str],
    session: Session,
    *,
    rules: Sequence[str] = (),
    extends: str = "",
    workbook: str = "",
    pack: str = "",
    prefix: str = "",
    title: str = "",
    language: str = "zh",
) -> NewPack:
    """Make the folder ``directory`` with a pack that lints without errors.

    ``extends`` is the id of a parent, ``workbook`` a file whose sheets are read as forms; ``session`` knows the packs
    there are, ``rules`` are its folders. ``language`` is that of comments. Raises ``UsageError`` where the folder
    exists, or a name cannot be used, and ``ReadError``.
    """
    root = Path(directory)
    if root.exists():
        raise UsageError(
            "FOLDER_EXISTS",
            tr("{folder} exists already.", folder=str(root)),
            tr("Name a folder that does not exist yet."),
        )
    names = _names(root, session, extends, pack, prefix, title)
    remarks: tuple[Text, ...] = ()
    forms: tuple[str, ...] = ()
    count = left_out = 0
    files = _skeleton("child", _about(session.loaded.packs[extends], names)) if extends else _skeleton("nothing", names)
    if workbook:
        from checker.authoring.proposed import proposed

        made = proposed(workbook, session, rules, names, extends, language)
        files = {path: text for path, text in files.items() if "/" not in path} | dict(made.files)
        if not extends:
            files["parameters.yaml"] = _without_parameters(files["parameters.yaml"])
        remarks, forms, count, left_out = made.remarks, made.forms, made.rules, made.left_out
    _write(root, files)
    return NewPack(root, tuple(sorted(files)), forms, count, left_out, remarks)


def _names(root: Path, session: Session, extends: str, pack: str, prefix: str, title: str) -> dict[str, str]:
    from checker.packs.flow import flow
    from checker.packs.resources import data_root
    from checker.packs.schema import suggest

    packs = session.loaded.packs
    if extends and extends not in packs:
        raise UsageError(
            "PACK_UNKNOWN", tr("There is no rule pack {pack}.", pack=extends),
            suggest(extends, packs) or tr("There are: {packs}.", packs=", ".join(packs)),
        )  # fmt: skip
    name = pack or root.name
    if not _ID.fullmatch(name):
        raise UsageError(
            "PACK_ID", tr("{pack} cannot be the id of a pack.", pack=name),
            tr("Use small letters, digits and hyphens: --pack gd-department-2026."),
        )  # fmt: skip
    if name in packs:
        raise UsageError(
            "PACK_ID", tr("There is a rule pack {pack} already.", pack=name), tr("Give it another id with --pack.")
        )
    taken = {known.prefix for known in packs.values()}
    if prefix and (not _PREFIX.fullmatch(prefix) or prefix in taken):
        raise UsageError(
            "PACK_PREFIX", tr("{prefix} cannot be the prefix of its rules.", prefix=prefix),
            tr("Use two to eight capital letters and digits that no other pack uses."),
        )  # fmt: skip
    year = _YEAR.search(name)
    said = title or name
    return {
        "pack": name,
        "prefix": prefix or _prefix(name, taken),
        "title": flow({"zh": said, "en": said}),
        "edition": year[1] if year else "2026",
        "schemas": Path(data_root("schemas")).as_posix(),
        "parent": extends,
    }


def _prefix(name: str, taken: set[str]) -> str:
    letters = "".join(word[0] for word in name.split("-") if word[0].isalpha()).upper()
    wanted = letters if len(letters) > 1 else re.sub("[^A-Z0-9]", "", name.upper())[:3].ljust(2, "X")
    wanted = wanted[:6]
    return next(found for found in (wanted, *(f"{wanted}{n}" for n in range(2, 99))) if found not in taken)


def _about(parent: Pack, names: Mapping[str, str]) -> dict[str, str]:
    """What the comments of a child pack show by way of example: things that its parent really has."""
    from checker.packs.flow import flow

    rule = next(iter(parent.rules), None)
    table = next(
        ((form, table) for form in parent.forms.values() for table in form.tables.values() if table.rows), (None, None)
    )
    parameter = next((values[-1] for values in parent.parameters.values()), None)
    form, found = table
    column = next((name for name, column in found.columns.items() if column.kind == "amount"), "") if found else ""
    row = next((name for name, row in found.rows.items() if row.part_of), "") if found else ""
    return {
        **names,
        "rule": rule.id if rule else f"{names['prefix']}-0001",
        "rule_name": rule.name if rule else "rule",
        "rule_title": rule.title.zh if rule else "",
        "rule_form": rule.form if rule else "",
        "rule_check": flow(dict(rule.check)) if rule else "{}",
        "form": form.name if form else "",
        "table": found.name if found else "",
        "column": column,
        "row": row,
        "parameter": parameter.name if parameter else "x",
        "parameter_unit": parameter.unit if parameter else "",
        "parameter_value": str(parameter.value) if parameter else "1",
    }


def _skeleton(kind: str, values: Mapping[str, str]) -> dict[str, str]:
    folder = _SKELETON / kind
    files: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            files[name] = Template(path.read_text(encoding="utf-8")).substitute(values)
    if kind == "nothing" and values["parent"]:
        files["pack.yaml"] += f"extends: [{values['parent']}]\n"
    return files


def _without_parameters(text: str) -> str:
    """The example parameter as a comment: no proposed rule uses it."""
    head, _, body = text.partition("parameters:\n")
    return f"{head}parameters: {{}}\n" + "".join(f"# {line}\n" for line in ("parameters:", *body.splitlines()))


def _write(root: Path, files: Mapping[str, str]) -> None:
    """The whole folder or nothing."""
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root.parent, prefix=f".{root.name}-") as beside:
            made = Path(beside, "pack")
            put_files(made, files)
            made.chmod(0o755)
            made.rename(root)
    except OSError as error:
        raise PackError(
            "PACK_UNWRITABLE", tr("This cannot be written: {problem}.", problem=error.strerror or str(error)), None,
            str(root),
        ) from error  # fmt: skip


def put_files(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def headers(names: Mapping[str, str], kinds: Sequence[str]) -> dict[str, str]:
    """The first line of each kind of file, by which editors know its schema."""
    return {kind: f"# yaml-language-server: $schema={names['schemas']}/{kind}.schema.json" for kind in kinds}
