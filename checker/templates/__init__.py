"""Official forms drawn from the pack's form files: blank ones, filled samples, and the sheets of rule cases.

    drawing = draw(form)                                  # blank, with formulas
    drawing = draw(form, given)                           # filled, as a case gives it
    to_workbook({"sheet": drawing})                       # in memory, as a reader would hand it over
    write_xlsx({"sheet": drawing}, "blank.xlsx")          # a file

The layout language
-------------------
``layout:`` of a form says where a blank form prints what. A *span* is columns by letter: ``A:K`` or ``F``.
Every text may hold ``{year}``, ``{last_year}`` and ``{unit}``. ::

    layout:
      widths: [6, 12, …]          # characters per column, from A on
      orientation: landscape      # A4; portrait when left out. One page wide.
      lines:                      # from the top down; each draws one row unless said otherwise
        - title: A:K              # the form's title; another one with  text: …
        - year: A:K               # the year in brackets; another wording with  text: …
        - unit: A:K               # the form's unit at the right; another wording with  text: …
        - text: {A:E: "…", F:K: "…"}         # words without a frame; title, unit, note take a mapping too
        - note: A:K
          text: "…"
        - blank: 1                # empty rows
        - fields: {NAME: [A:B, C:K], OTHER: [F, G:K]}   # label span, value span
          field_text: {NAME: "…"}                       # what is printed for the label
        - fields: {NAME: [A:E]}   # one span: label, colon and value in one cell
          plain: true             # without a frame
        - fields_below: {NAME: B:F, OTHER: G:K}         # labels, and the values in the row below
          height: 60              # points, for the row that is filled in
        - sign: {WORDS: A:C, NAME: D:F}     # signature line: words, or fields in one cell, without a frame
        - lines: [ … ]            # lines under one label beside them
        - abreast: [ … ]          # lines side by side, beginning at the same row
        - table: TABLE
          columns: {COLUMN: span, …}         # a list of such mappings: blocks of rows side by side
          header: [[{text: …, span: C:F}, …], …]   # tiers above the column names, uppermost first
          header_text: {COLUMN: "…"}         # what is printed for the column's name ("" for nothing)
          header_height: 30
          below: [[{text: …, span: A}, …], …]      # lines of the heading below the column names
          split: [COLUMN]                    # its codes stand part by part in the cells of the span
          row_text: {ROW: "…"}               # the rows of the blank form and their labels as printed;
                                             # {ROW: {COLUMN: "…"}} where several columns name the row
          begins: [ROW, …]                   # of a closed table in blocks: the rows with which further ones begin
          rows: 12                           # rows of a blank open table
          prefill: [{COLUMN: "…"}, …]        # words printed in the first rows of a blank open table
          total_span: A:G                    # where the label of an open table's total row stands
          totals: first                      # the total row above the others
          total_blocks: {ROW: 2}             # the block in which a total row stands, if not the first
          formulas: {COLUMN: {ROW: "…"}}     # ``*`` for every row; "" for no formula
          printed: {COLUMN: {ROW: 10}}       # marks and numbers that stand in the blank form
          height: 24

``beside: A`` and ``beside_text: "…"`` on a line of fields, a table or a group is the label that stands at its
left over all its rows. A column's own heading is one cell up to the tier that covers it. Columns with
``fill`` are merged downwards.

Formulas stand in labels: ``[@column]`` the same row, ``[row, column]`` a named row, ``[column]`` all rows of
an open table, ``TABLE[…]`` of another table; ``+ - * / =``, SUM, MIN, MAX, ROUND, IF, IFERROR. Left out, a total
row sums its parts in each amount column, the total row of an open table sums amounts, counts, full marks and
marks (not where rows are ordered by ``levels``), and a column with a ``formula`` has it in every row. A
quotient shows nothing while its figures are missing, nor does a row of an open table that has no name yet.

Content ------- ``given:`` of a case. A field has a value; a closed table is ``{row: {column: value}}`` (a row
given as null is not printed, an unknown one is an extra row where the form allows it), an open table a list
of ``{column: value}`` in which ``total: NAME`` marks a total row and ``block: 2`` a row of the second block
of those side by side, a ``single`` table one ``{column: value}``. A table given as null is left away. See
:func:`checker.templates.content.read_value` for what a value can be. A form without ``layout:`` is drawn
plainly, so that its cases run.
"""

from checker.templates.drawing import Book, Drawing, Placed, Style, stack
from checker.templates.neutral import to_workbook
from checker.templates.pen import draw
from checker.templates.xlsx import write_xlsx

__all__ = ["Book", "Drawing", "Placed", "Style", "draw", "stack", "to_workbook", "write_xlsx"]
