"""What must be fixed in the file as a whole: its columns, header and rows."""

from __future__ import annotations

from careleavers.intake.model import Rule

MUST_FIX_FILE = (
    # columns
    Rule(
        "person_level",
        "must fix",
        "Columns about individual young people",
        "A file of totals: nothing about individual young people. The file was not read and nothing of it was kept; it has "
        "{columns}.",
        "Take those columns out, count the young people for each indicator and upload the counts.",
    ),
    # name, aliases
    Rule(
        "missing_column",
        "must fix",
        "A column is missing",
        "A column “{name}” (also understood: {aliases}).",
        "Add the column to the header, or start from the template on this page.",
    ),
    # name, other
    Rule(
        "duplicate_column",
        "must fix",
        "Two columns mean the same",
        "One column for “{name}”; column {other} says so too.",
        "Delete or rename one of the two columns.",
    ),
    # count, named
    Rule(
        "extra_cells",
        "must fix",
        "A row with more cells than the header",
        "{named} cells, as many as the header has; the row has {count}. A comma inside a number or a text splits it in "
        "two, as in 1,012 or “Bristol, City of”. The row was not read.",
        "Write numbers without a comma, put texts with a comma in quotation marks, or delete the cell that is too many. "
        "A spreadsheet that saves the table does all that.",
    ),
    Rule(
        "parted_number",
        "must fix",
        "Counts that may be one number",
        "Numerator and denominator. “{one}” may be one number, split at its comma; everything after it is one column too "
        "far to the right. The row was not read.",
        "Write numbers without a comma, or put them in quotation marks. If the counts are right, move what is in the next "
        "column, and write the denominator without a leading zero.",
    ),
    Rule(
        "one_cell",
        "must fix",
        "A whole row in one cell",
        "A cell for each column. The row was not read.",
        "Take away the quotation marks around the row, or use Data, Text to Columns in Excel.",
    ),
    # header
    Rule(
        "second_table",
        "must fix",
        "A second table under the first",
        "One table with one header. There is another header in row {header}; nothing from there on was read.",
        "Put the rows of both tables under one header, or upload them as two files.",
    ),
    # cells
    Rule(
        "merged_numbers",
        "must fix",
        "Merged cells with a number",
        "A number in a cell of its own. The cells {cells} are merged, so there is no telling which row it belongs to.",
        "Unmerge the cells and fill in each of them.",
    ),
    Rule(
        "of_nothing",
        "must fix",
        "Numbers that do not say what they count",
        "Authority, indicator and period in each row that has numbers. The row was not read.",
        "Fill in the row, or take it out if it is a total.",
    ),
    Rule(
        "no_result",
        "must fix",
        "A formula without a result",
        "A number or a text. The workbook was written by a program that does not calculate formulas.",
        "Open the workbook in Excel, save it and upload it again.",
    ),
    Rule(
        "no_rows",
        "must fix",
        "There is no figure in the file",
        "At least one row with a figure under the header.",
        "Fill in numerators and denominators, save and upload again.",
    ),
    # where, reason
    Rule(
        "release_problem",
        "must fix",
        "A published file that cannot be used as it is",
        "A file as the department published it. {where}: {reason}.",
        "Download the file again and upload it unchanged. If it is unchanged, the department has changed its layout: "
        "tell whoever looks after this dashboard.",
    ),
    # what
    Rule(
        "other_release",
        "must fix",
        "A published file that is not used here",
        "A file with care leavers' activity, accommodation, staying in touch or staying put, placements, the number of "
        "children looked after, or the workforce. This one is {what}.",
        "Upload one of those files, as the department published it. If this should be one of them, the department has "
        "changed its layout: tell whoever looks after this dashboard.",
    ),
    # day
    Rule(
        "release_future",
        "must fix",
        "A year that is not over",
        "A figure of a period that is over: {day} is still to come.",
        "Check the year. A release holds figures of years that have ended.",
    ),
)
