"""Figures and findings in words, as rows of text, and as files to take away. Nothing here decides a finding.

In: values, codes and rows that the queries answered. Out: text. :mod:`.formats` writes numbers, counts, ranks and periods;
:mod:`.status` says why a figure is not there; :mod:`.changes` and :mod:`.sentences` word what the columns of findings hold;
:mod:`.tables` makes rows into text columns; :mod:`.exports` writes CSV, JSON and Excel files that no spreadsheet will run.

Called by every view, by the checks of uploads and by the command line. ::

    from careleavers.wording.formats import value_text

    value_text(54.53, "percent", 0)  # "55%"
"""
