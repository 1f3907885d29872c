"""Spreadsheets from their bytes (.xlsx, .xlsm, .ods) as rows of text: safely, within limits, saying what was hidden.

In: the bytes of a file. Out: the names of its sheets, and the rows of one as text, as the program that wrote it shows them;
hidden rows and columns are reported in a :class:`~.cells.HiddenCells`. A file that cannot be read safely raises
:class:`careleavers.errors.Refused`.

Called by the importer of published files and by the intake of uploads; neither is imported here. ::

    from careleavers.spreadsheets.cells import HiddenCells
    from careleavers.spreadsheets.opening import open_workbook
    from careleavers.spreadsheets.rows import CellSet

    book = open_workbook(path.read_bytes())
    for number, cells in book.rows("Figures", percent=CellSet(), left_out=HiddenCells()):
        ...
"""
