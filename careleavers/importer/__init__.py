"""The importer: published files in, the shipped figures (``data/``) out.

What comes in
    Folders of files as the departments publish them: releases and the workforce census (CSV), the Local Authority
    Interactive Tool, Ofsted's spreadsheet (.ods), the homelessness tables (.xlsx), code lists; and the tables kept by hand
    that say what a label, a column or a group means (``data/import_*.csv``). None of that is in code.
What goes out
    A whole ``data/`` folder with its manifest, or nothing: a label that is not known stops the import with a message that
    names file, line and column (:class:`careleavers.errors.DataProblem`). The same input gives the same bytes.
Who calls it
    ``python -m careleavers import-published FOLDER...``. The upload page reads a single release with the same readers
    (:mod:`careleavers.intake.releases`), and everything that has to choose between releases uses ``precedence``.

``build`` runs the import; ``areas`` has the authorities; ``figures`` reads releases and the census, ``lait``,
``homelessness`` and ``inspections`` the others; ``tables`` loads what labels mean; ``precedence`` decides which release a
figure is taken from; ``files`` reads and writes CSV and the manifest.

Example::

    result = import_published([Path("published/2025")], into=Path("data"), shipped=Path("data"))
    for report in result.reports:
        print(report.file, report.read, report.kept)
"""
