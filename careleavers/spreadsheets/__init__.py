"""Spreadsheets from their bytes (.xlsx, .xlsm, .ods) as rows of text: safely, within limits, saying what was hidden.

The importer of published files and the intake of uploads both read by these; neither is imported here.
"""
