"""Files that belong together, seen from above: who is judged once more, beside whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from checker.audit.execution.keys import Keys
from checker.audit.execution.worker import Job, Judged
from checker.audit.intake.sources import content
from checker.audit.store.history import Prior, priors
from checker.engine.submission import grouped
from checker.errors import CheckerError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Belonging", "belonging"]


class Belonging(NamedTuple):
    """Files of one unit and year: their ``job``, and by source the results that it leads to."""

    unit: str
    year: str
    job: Job
    results: Mapping[str, str]


def belonging(judged: Sequence[Judged], keys: Keys, connection: DuckDBPyConnection) -> list[Belonging]:
    """The submissions among files that were read, as ``checker check`` would make them of the same files; last year's
    accepted files from the store stand in for those that are not among them."""
    groups = grouped([one for one in judged if one.status != "unread"])
    wanted = [(group.key, group.year) for group in groups if not group.prior and group.key]
    stored = priors(connection, wanted)
    here = {one.source for one in judged}
    found: list[Belonging] = []
    for group in groups:
        prior = {one.source: one.sha256 for one in group.prior}
        if not prior:
            prior = _unchanged(one for one in stored.get((group.key, group.year), ()) if one.source not in here)
        alone = {one.source: one.alone for one in group.members}
        job = Job(tuple(alone), tuple(prior))
        results = keys.together(alone, prior) if job.files > 1 else alone
        found.append(Belonging(group.unit, group.year, job, results))
    return found


def _unchanged(stored: Iterable[Prior]) -> dict[str, str]:
    """Those of last year's files that were accepted and are still what they were."""
    found: dict[str, str] = {}
    for one in stored:
        try:
            if one.accepted and sha256(content(one.source)).hexdigest() == one.sha256:
                found[one.source] = one.sha256
        except CheckerError:  # it is no longer there
            continue
    return found
