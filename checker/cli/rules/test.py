"""``checker rules test``: the cases that rules come with, run."""

from __future__ import annotations

import argparse
from typing import Final

from checker.cli.output import page_of, put
from checker.cli.packs import add_only_pack, loaded_packs
from checker.cli.parser import Commands
from checker.messages import tr

__all__ = ["add", "run"]

#: Cases that come out otherwise than expected are findings.
_FAILED_CASES: Final = 1


def add(commands: Commands) -> None:
    add_only_pack(commands.add("test", tr("run the cases of rule packs"), run))


def run(arguments: argparse.Namespace) -> int:
    """Print the cases that came out otherwise. Gives 1 for any, and where there are no cases."""
    import checker

    exit_code = loaded_packs(arguments.rules, arguments.lang, arguments.pack).exit_code
    report = checker.run_cases(rules=arguments.rules, pack=arguments.pack)
    page = page_of(arguments.lang)
    for failure in report.failures:
        put(page.quote(failure.render(page.language)) + "\n")
    put(page.say(tr("Cases {total}, failed {failed}.", total=report.total, failed=len(report.failures))) + "\n")
    return _FAILED_CASES if report.failures or not report.total else exit_code
