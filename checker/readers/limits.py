"""How large a workbook may be. Each limit has its own code in ``refusals``.

They are set so that opening and loading any file takes at most about 3 seconds and 512 MiB on one core of an
ordinary computer. Real workbooks of this field stay a hundred times below them.
"""

from __future__ import annotations

from typing import Final

MIB: Final = 1024 * 1024

#: Bytes of the file itself; it is read into memory once.
MAX_FILE_BYTES: Final = 100 * MIB
#: Entries of the archive. Excel writes about ten and two per sheet.
MAX_ENTRIES: Final = 20_000
#: Bytes of all entries of the archive when inflated.
MAX_INFLATED_BYTES: Final = 400 * MIB
#: Times that one entry above ``RATIO_FREE_BYTES`` may grow when inflated. Sheets grow five to forty times.
MAX_RATIO: Final = 200
RATIO_FREE_BYTES: Final = 20 * MIB
#: Inflated bytes of one part that is not a sheet (texts, styles, comments).
MAX_PART_BYTES: Final = 48 * MIB
#: Inflated bytes of all sheets that are loaded. Streaming is bounded by ``MAX_INFLATED_BYTES`` alone.
MAX_LOADED_BYTES: Final = 64 * MIB

MAX_SHEETS: Final = 1_500
#: The grid of Excel.
MAX_ROW: Final = 1_048_576
MAX_COLUMN: Final = 16_384
#: Cells kept in memory, all loaded sheets together, and the shared texts.
MAX_LOADED_CELLS: Final = 650_000
#: Cells of one sheet that is streamed.
MAX_STREAMED_CELLS: Final = 10_000_000
MAX_MERGES: Final = 200_000
#: Shared texts of a workbook.
MAX_TEXTS: Final = 600_000
#: Characters of one text. Excel allows 32,767.
MAX_TEXT_LENGTH: Final = 1_000_000
MAX_STYLES: Final = 100_000
#: Characters of one shared formula, which Excel limits to 8,192; characters and references of all formulas that
#: are made from shared ones in one sheet.
MAX_SHARED_FORMULA: Final = 32_768
MAX_SHARED_CHARACTERS: Final = 100_000_000
MAX_SHARED_REFERENCES: Final = 3_000_000
#: Columns of all array formulas of a sheet that reach over several cells.
MAX_ARRAY_COLUMNS: Final = 1_000_000

#: Levels of elements within elements.
MAX_DEPTH: Final = 256
#: Bytes of one tag.
MAX_TAG_BYTES: Final = MIB
#: Different names of elements and attributes in one part.
MAX_NAMES: Final = 20_000

#: Bytes, records and cells (with the empty ones left of the last of each row) of an ``.xls`` workbook.
MAX_XLS_BYTES: Final = 48 * MIB
MAX_XLS_RECORDS: Final = 2_000_000
MAX_XLS_CELLS: Final = 500_000
MAX_XLS_SLOTS: Final = 4_000_000
