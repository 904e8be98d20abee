"""What changed since the run before, and which files stood for a unit in another year.

Findings of two runs are the same if their ids are (rule, unit, year and label path) and they are about the same
*subject*: the unit and year that the workbook names, whatever its file is called. A workbook that names no unit is
known by its file: by its source, or, where it was renamed and not changed, by its bytes. Renamed and changed, it
is another workbook: its old findings are ``unchecked``, its own are ``new``.

``solved`` is said only where the rule was asked again about as many forms of that subject and answered everywhere; all
else that is gone is ``unchecked``: its file is missing, could not be read, or lacks what the rule needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["CHANGES", "Prior", "priors"]

_OF_UNIT: Final = "unit_key || chr(31) || year"
#: What was decided of one rule about one subject in this run, and how many forms of a name the subject has.
_DECIDED: Final = "sum(pass + tail + fail + waived) > 0 AND sum(undecided + insufficient + broken) = 0"

#: Views over ``chosen`` and ``run_before``, the files of this run and of the last complete one before it.
CHANGES: Final = (
    f"""CREATE VIEW subjects_before AS
    SELECT *, if(unit_key <> '', {_OF_UNIT}, source) AS subject FROM run_before""",
    """CREATE VIEW subjects AS
    SELECT chosen.*, if(chosen.unit_key <> '', chosen.unit_key || chr(31) || chosen.year,
        coalesce(same.source, moved.source, chosen.source)) AS subject
    FROM chosen
    LEFT JOIN (FROM run_before WHERE unit_key = '') AS same ON same.source = chosen.source
    LEFT JOIN (SELECT sha256, min(source) AS source FROM run_before
        WHERE unit_key = '' AND source NOT IN (SELECT source FROM chosen) GROUP BY sha256
    ) AS moved ON moved.sha256 = chosen.sha256""",
    f"""CREATE VIEW decided AS
    SELECT subject, rule, {_DECIDED} AS answered
    FROM subjects JOIN kept.outcomes USING (result) GROUP BY ALL""",
    *(
        f"""CREATE VIEW forms_of_{subjects} AS
        SELECT subject, form, count(*) AS count
        FROM (SELECT subject, unnest(forms) AS form FROM {subjects} JOIN kept.results USING (result)) GROUP BY ALL"""
        for subjects in ("subjects", "subjects_before")
    ),
    """CREATE VIEW changes AS
    WITH compared AS (SELECT count(*) > 0 AS possible FROM run_before),
    now AS (SELECT DISTINCT ON (subject, id) subject, number, source, unit, year, findings.*
        FROM subjects JOIN kept.findings AS findings USING (result) ORDER BY subject, id, number, ordinal),
    before AS (SELECT DISTINCT ON (subject, id) subject, NULL::BIGINT AS number, source, unit, year, findings.*
        FROM subjects_before JOIN kept.findings AS findings USING (result) ORDER BY subject, id, source, ordinal)
    SELECT if(before.id IS NULL, 'new', 'still') AS change, now.* EXCLUDE (subject, document)
    FROM now LEFT JOIN before USING (subject, id) WHERE (SELECT possible FROM compared)
    UNION ALL
    SELECT if(coalesce(answered, false) AND coalesce(has.count, 0) >= had.count, 'solved', 'unchecked'),
        before.* EXCLUDE (subject, document)
    FROM before ANTI JOIN now USING (subject, id)
    LEFT JOIN decided USING (subject, rule)
    LEFT JOIN forms_of_subjects AS has USING (subject, form)
    LEFT JOIN forms_of_subjects_before AS had USING (subject, form)""",
)


class Prior(NamedTuple):
    """A file that stood for a unit in a year. ``accepted``: every file of it then was checked, without an error."""

    source: str
    sha256: str
    result: str
    run: str
    accepted: bool


def priors(
    connection: DuckDBPyConnection, wanted: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], tuple[Prior, ...]]:
    """For each ``(unit_key, year)`` the files of the unit of the year before, from any run that is kept.

    A run counts as a whole: all files of the unit and that year which it could read. Of several runs the newest is
    taken in which they were accepted (each checked in full, no error that stands): what was put right is what carries
    over. If there is none, the newest is taken, and its files say that they are not accepted. What names no unit or no
    year has no year before.
    """
    pairs = {(unit, str(int(year) - 1)): (unit, year) for unit, year in wanted if unit and year.isdecimal()}
    if not pairs:
        return {}
    rows = connection.execute(_PRIORS, {"units": [unit for unit, _ in pairs], "years": [year for _, year in pairs]})
    found: dict[tuple[str, str], list[Prior]] = {}
    for unit, year, *prior in rows.fetchall():
        found.setdefault(pairs[unit, year], []).append(Prior(*prior))
    return {pair: tuple(several) for pair, several in found.items()}


_PRIORS: Final = """
    WITH wanted AS (SELECT unnest($units) AS unit_key, unnest($years) AS year),
    filed AS (
        SELECT unit_key, year, run, started, source, files.sha256, result, status = 'checked' AND errors = 0 AS accepted
        FROM (SELECT result, unit_key, year, status, errors FROM kept.results SEMI JOIN wanted USING (unit_key, year))
        JOIN kept.files AS files USING (result) JOIN (SELECT run, started FROM kept.runs) USING (run)
        WHERE status <> 'unread'),
    taken AS (
        SELECT DISTINCT ON (unit_key, year) unit_key, year, run, bool_and(accepted) AS accepted
        FROM filed GROUP BY unit_key, year, run, started
        ORDER BY unit_key, year, bool_and(accepted) DESC, started DESC, run DESC)
    SELECT unit_key, year, source, sha256, result, run, taken.accepted
    FROM filed JOIN taken USING (unit_key, year, run) ORDER BY unit_key, year, source
"""
