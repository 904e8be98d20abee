"""``checker ledger verify|show``: whether the record of the audits is as it was written, and what is in it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from checker.cli.output import page_of, put
from checker.cli.parser import Commands, Parser
from checker.messages import Text, tr

if TYPE_CHECKING:
    from checker.audit.store.ledger import Entry

__all__ = ["add"]

_FAULTS = 1


def add(commands: Commands) -> None:
    parser = commands.add("ledger", tr("the record of the audits: whether anybody changed it, what is in it"), _verify)
    below = Commands(parser)
    verified = below.add("verify", tr("look for anything that was changed in the ledger or the store"), _verify)
    _place(verified)
    verified.add_argument(
        "--head",
        metavar="HASH",
        default="",
        help=verified.say(tr("a hash printed or noted earlier (8 digits or more): is it still in the ledger?")),
    )
    _place(below.add("show", tr("show what was recorded, one line an entry"), _show))


def _place(parser: Parser) -> None:
    parser.add_argument(
        "place",
        metavar="OUT",
        type=Path,
        help=parser.say(tr("the folder that `checker audit` wrote to, or only its ledger.jsonl")),
    )


def _verify(arguments: argparse.Namespace) -> int:
    from checker.audit.store.verification import verify

    verified, page = verify(arguments.place, arguments.head), page_of(arguments.lang)
    for fault in verified.faults:
        where = tr("Line {line}: ", line=fault.line) if fault.line else Text("", "")
        put(page.quote(f"{page.say(where)}{page.say(fault.message)} [{fault.code}]") + "\n")
    head = verified.head
    lines = [
        tr("Entries: {count}, the last one: {head}.", count=verified.entries, head=head.hash if head else "-"),
        tr("Files of the store: {count} compared.", count=verified.files)
        if verified.files is not None
        else tr("Only the ledger was looked at: name its folder to compare the store with it."),
        tr("Faults: {count}.", count=len(verified.faults))
        if verified.faults
        else tr("Nothing was changed, as far as the ledger can tell by itself.")
        if not arguments.head
        else tr("Nothing was changed, and the hash that you noted is in the ledger."),
    ]
    put("".join(f"{page.say(line)}\n" for line in lines))
    return _FAULTS if verified.faults else 0


def _show(arguments: argparse.Namespace) -> int:
    from checker.audit.store.ledger import Ledger

    page = page_of(arguments.lang)
    for entry in Ledger(arguments.place).entries():
        put(page.quote(f"{entry.number:>5}  {entry.at}  {page.say(_told(entry))}  {entry.hash[:8]}") + "\n")
    return 0


def _told(entry: Entry) -> Text:
    from checker.audit.store.ledger import Kind

    body = {name: value for name, value in entry.body.items() if isinstance(value, str | int)}
    if entry.kind == Kind.RUN_STARTED:
        return tr("run {run} began (engine {engine})", **body)
    if entry.kind == Kind.PART_SEALED:
        decided = len(entry.body["decisions"])
        return tr(
            "run {run}: {results} results with {findings} findings stored as {part}; {decided} explained or waived",
            decided=decided,
            **body,
        )
    if entry.kind == Kind.PARTS_COMPACTED:
        return tr("{count} parts became {part}", count=len(entry.body["replaced"]), **body)
    if entry.kind == Kind.RUN_ENDED:
        status = tr("complete") if body["status"] == "complete" else tr("interrupted")
        counts = {name: entry.body["counts"].get(name, 0) for name in ("errors", "warnings", "notes")}
        return tr(
            "run {run} ended, {state}: {files} files, {reused} of them known; {errors} errors, {warnings} warnings, "
            "{notes} notes",
            state=status,
            **counts,
            **body,
        )
    if entry.kind == Kind.RUN_UNCHANGED:
        return tr("run {run} found {files} files as run {same_as} had", **body)
    return Text(entry.kind, entry.kind)
