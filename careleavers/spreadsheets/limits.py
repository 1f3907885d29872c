"""How much of an uploaded file is looked at before it is refused; its bytes and rows are in ``settings``."""

from __future__ import annotations

# The rows of a spreadsheet: there can be no row beyond it.
SHEET_ROWS = 1_048_576
# The widest table that is understood has two columns for each indicator and age group: some 130.
COLUMNS = 1_000
# 500,000 rows of the template have 5.5 million.
CELLS = 10_000_000
# A header may have this many rows of titles and notes above it.
ROWS_ABOVE = 60
# Cells and rows of a workbook that are formatted and show nothing; saved again without them, a workbook is small.
EMPTY_CELLS = 500_000
# Merged cells that are looked at.
MERGED = 20_000
# Sheets of a workbook, and tables that its pivot tables keep a copy of.
SHEETS = 200
PIVOTS = 20
# Parts of a zipped workbook, and what one may take when unpacked: a sheet, and the lists that say what is in it.
PARTS = 5_000
SHEET_BYTES = 256 * 1024 * 1024
STRINGS_BYTES = 64 * 1024 * 1024
LIST_BYTES = 8 * 1024 * 1024
STRINGS = 600_000
# Real sheets shrink to a tenth, repetitive ones to a fiftieth; nothing large that is real shrinks to less than this.
RATIO = 250
RATIO_FROM = 4 * 1024 * 1024
# Elements inside elements, and different names of elements: a workbook has about ten, and a hundred.
DEPTH = 60
NAMES = 2_000
# How many different texts are kept only once each; later ones are kept every time they occur.
SHARED_TEXTS = 200_000
