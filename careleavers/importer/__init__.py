"""Published files in, the project's own tidy CSVs out.

``python -m careleavers import-published FOLDER...`` calls :func:`careleavers.importer.build.import_published`.
What a label, a column or a group in a release means is said in ``data/import_*.csv``, never in code.
"""
