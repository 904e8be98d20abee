"""The SQL of the screens, all of it: over the views of ``store``, with parameters, no number of its own but zero.

``$without`` are sources that are not looked at (the bureau's summary repeats its units).
"""

from __future__ import annotations

from typing import Final

__all__ = ["COPIED", "EQUAL", "EQUAL_PLACES", "FULL", "OUTLIERS", "RATES", "SCORES", "YEARS"]

YEARS: Final = "SELECT DISTINCT year FROM workbooks WHERE status <> 'unread' ORDER BY year"

#: Figures of money with at least ``$digits`` digits that count, once for each unit; equal ones in one place of one form
#: have one ``place``.
_FIGURES: Final = """
seen AS (
    SELECT workbooks.unit_key AS unit, facts.year, facts.form, facts.value, min(facts.number) AS number,
           hash(facts.form, facts.year, facts."table", facts."row", facts."column", facts.value) AS place
    FROM facts JOIN workbooks USING (number)
    WHERE workbooks.unit_key <> '' AND list_contains($money, facts.measure)
      AND NOT list_contains($without, facts.source)
      AND length(ltrim(rtrim(replace(abs(facts.value)::VARCHAR, '.', ''), '0'), '0')) >= $digits
    GROUP BY ALL
),
shared AS (SELECT *, count(*) OVER (PARTITION BY place) AS bearers FROM seen),
figures AS (
    SELECT * FROM shared WHERE bearers BETWEEN 2 AND $bearers
    QUALIFY count(*) OVER (PARTITION BY unit, year, form) >= $least
)
"""

#: Pairs of units that have ``$least`` figures of different amount in the same places, and these are ``$share`` of what
#: the one that has fewer figures has.
EQUAL: Final = f"""
WITH {_FIGURES},
sizes AS (SELECT unit, year, form, count(*) AS size FROM seen GROUP BY ALL)
SELECT a.form, a.year, a.unit, b.unit, count(*) AS places, count(DISTINCT a.value) AS amounts,
       least(any_value(sa.size), any_value(sb.size)) AS fewer, min(a.number), min(b.number)
FROM figures AS a
JOIN figures AS b ON a.place = b.place AND a.unit < b.unit
JOIN sizes AS sa ON sa.unit = a.unit AND sa.year = a.year AND sa.form = a.form
JOIN sizes AS sb ON sb.unit = b.unit AND sb.year = b.year AND sb.form = b.form
GROUP BY a.form, a.year, a.unit, b.unit
HAVING amounts >= $least AND places >= $share * fewer
ORDER BY ALL
"""

#: Where two workbooks have the same figures of a form.
EQUAL_PLACES: Final = """
SELECT a."table", a."row", a."column", a.value, a.measure, a.source, a.sheet, a.cell, b.source, b.sheet, b.cell
FROM facts AS a JOIN facts AS b ON a.form = b.form AND a.qualifier = b.qualifier AND a."table" = b."table"
    AND a."row" = b."row" AND a."column" = b."column" AND a.value = b.value
WHERE a.number = $one AND b.number = $other AND a.form = $form AND list_contains($money, a.measure) AND a.value <> 0
ORDER BY abs(a.value) DESC, a."table", a."row", a."column", a.cell, b.cell LIMIT $most
"""

#: Long texts in the same column of several units; ``units`` is how many units have any text there.
COPIED: Final = """
WITH wanted AS (SELECT unnest($forms) AS form, unnest($tables) AS "table", unnest($columns) AS "column"),
texts AS (
    SELECT facts.form, facts.year, facts."table", facts."column", facts.text_hash, facts.text, facts.source,
           facts.sheet, facts.cell, workbooks.unit_key AS unit
    FROM facts JOIN workbooks USING (number) JOIN wanted USING (form, "table", "column")
    WHERE facts.text_hash IS NOT NULL AND workbooks.unit_key <> '' AND length(facts.text) >= $length
      AND NOT list_contains($without, facts.source)
),
units AS (SELECT form, year, "table", "column", count(DISTINCT unit) AS units FROM texts GROUP BY ALL)
SELECT form, year, "table", "column", any_value(text), count(DISTINCT unit) AS sharers, any_value(units.units),
       list(DISTINCT unit ORDER BY unit), list([source, sheet, cell] ORDER BY source, sheet, cell)
FROM texts JOIN units USING (form, year, "table", "column")
GROUP BY form, year, "table", "column", text_hash
HAVING sharers > 1
ORDER BY form, year, "table", "column", sharers DESC, any_value(text)
"""

#: Rates of one column, the total's where the table has one.
RATES: Final = """
SELECT facts.value, workbooks.unit, facts.source, facts.sheet, facts.cell
FROM facts JOIN workbooks USING (number)
WHERE facts.form = $form AND facts."table" = $table AND facts."column" = $column AND facts.year = $year
  AND ($row = '' OR facts."row" = $row) AND facts.value IS NOT NULL AND NOT list_contains($without, facts.source)
ORDER BY facts.value, facts.source, facts.sheet, facts.cell
"""

#: Total scores claimed by one standard.
SCORES: Final = """
SELECT scores.claimed, scores.unit, scores.source, scores.sheet, ''
FROM scores
WHERE scores.scheme = $scheme AND scores.year = $year AND scores.indicator = '' AND scores.claimed IS NOT NULL
  AND NOT list_contains($without, scores.source)
ORDER BY scores.claimed, scores.source, scores.sheet
"""

#: Score tables in which each of at least ``$indicators`` indicators and the total claim full marks, by standard.
FULL: Final = """
WITH tables AS (
    SELECT number, source, unit, year, scheme, form, sheet, count(*) FILTER (indicator <> '') AS indicators,
           count(claimed) FILTER (indicator <> '') AS claims,
           bool_and(claimed = "full") FILTER (claimed IS NOT NULL AND "full" IS NOT NULL) AS all_full,
           count(*) FILTER (indicator = '' AND claimed = "full") AS total
    FROM scores WHERE NOT list_contains($without, source) GROUP BY ALL
)
SELECT scheme, form, year, count(*) AS tables,
       count(*) FILTER (all_full AND total = 1 AND claims >= $indicators) AS hits,
       list([unit, source, sheet] ORDER BY source, sheet)
           FILTER (all_full AND total = 1 AND claims >= $indicators) AS places
FROM tables GROUP BY scheme, form, year HAVING hits > 0 ORDER BY ALL
"""

#: Parts of a total, as shares of it, far from those of the other units: by median and median absolute deviation of the
#: log odds (shares of ``$whole`` and more count as that), over at least ``$peers`` units.
_PARTS: Final = """
totals AS (SELECT unnest($forms) AS form, unnest($tables) AS "table", unnest($columns) AS "column",
           unnest($totals) AS total),
beside AS (
    SELECT facts.*, totals.total, workbooks.unit_key,
           max(facts.value) FILTER (facts."row" = totals.total) OVER (
               PARTITION BY facts.number, facts.form, facts.qualifier, facts."table", facts."column"
           ) AS whole
    FROM facts JOIN totals USING (form, "table", "column") JOIN workbooks USING (number)
    WHERE workbooks.unit_key <> '' AND NOT list_contains($without, facts.source)
),
parts AS MATERIALIZED (
    SELECT form, year, "table", "row", "column", value, whole, measure, source, sheet, cell, unit, unit_key,
           least(value::DOUBLE / whole::DOUBLE, $whole) AS ratio, ln(ratio / (1 - ratio)) AS share
    FROM beside WHERE "row" <> total AND value > 0 AND whole > 0
)
"""
OUTLIERS: Final = f"""
WITH {_PARTS},
middles AS (
    SELECT form, year, "table", "row", "column", count(DISTINCT unit_key) AS peers, median(share) AS middle
    FROM parts GROUP BY ALL HAVING peers >= $peers
),
spreads AS (
    SELECT form, year, "table", "row", "column", any_value(peers) AS peers, any_value(middle) AS middle,
           median(abs(share - middle)) * $to_sigma AS spread
    FROM parts JOIN middles USING (form, year, "table", "row", "column") GROUP BY ALL
)
SELECT form, year, "table", "row", "column", unit, source, sheet, cell, value, whole, measure, peers,
       round(ratio * 100, 2), round(100 / (1 + exp(-middle)), 2), round(abs(share - middle) / spread, 1) AS apart
FROM parts JOIN spreads USING (form, year, "table", "row", "column")
WHERE spread > 0 AND abs(share - middle) > $apart * spread AND abs(share - middle) > $factor
ORDER BY apart DESC, form, year, "table", "row", "column", source, sheet, cell LIMIT $most
"""
