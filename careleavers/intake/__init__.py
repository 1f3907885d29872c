"""Uploads: an officer's file is read, understood, checked and previewed. Nothing here writes or shows anything.

What comes in
    The bytes of a file (CSV, .xlsx, .ods), what it is read against (:class:`.reference.ReferenceData`) and the figures in
    force that it is held against (:class:`.comparison.HeldFigures`).
What goes out
    A :class:`.model.Draft` (figures in the warehouse's schema, where each stood in the spreadsheet, and findings); the
    findings of the checks; a :class:`.preview.Preview`. A file that cannot be read at all raises :class:`.model.Refused`.
Who calls it
    :class:`careleavers.uploads.UploadService`, for the upload page and for the command line. The store takes what it accepts.

A file goes through these modules in this order:

1. ``sheets``: bytes to cells (``delimited`` reads text, :mod:`careleavers.spreadsheets` workbooks; ``other_files`` names what is
   no table).
2. ``header_search``, ``column_mapping``: the header and what its columns mean. ``column_names`` lists what they may be
   called; ``person_columns`` refuses files about individual young people.
3. ``reading``: cells to figures by kind of file: ``local`` (``data_rows``, ``local_cells``, ``numbers``), ``releases``,
   ``homelessness_tables``, ``catalogue_rows``, ``event_rows``. ``periods``, ``basis``, ``places`` and ``values`` understand
   one cell each.
4. ``checks``: the questions of ``queries/checks`` asked of the ``comparison`` database; ``personal`` reads the free text.
5. ``report``, ``annotated``: the findings in words, and the file back with a column of messages. ``rules`` has the words.
6. ``preview``: what accepting the file would change, asked of the same database.

Tables that hold no figures are read by ``table_files``: an improvement plan (``plan``, ``plan_template``) and a watch list
(``watch_list``). ``small_counts`` finds numbers of young people in what councils write.

Example::

    draft = read_upload(content, "figures.csv", reference_data(warehouse, folder))
    with ComparisonDatabase(draft, held_figures(draft, warehouse, local), "provisional") as comparison:
        findings = check(draft, person, comparison)
        if not findings.blocking:
            effect = preview(draft, comparison)
"""
