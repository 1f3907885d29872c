"""Local figures: a council’s own quarters. See ``pages/local_figures.py``.

In: an authority, and for one measure its ages and basis. Out: :func:`.view.build_newest`, the newest quarter, from
``queries/local_latest.sql``; :func:`.view.build_quarters`, one measure over the quarters, from
``local_quarters.sql``. In :mod:`.words_newest` and :mod:`.words_quarters`, ``frame`` and ``row`` are rows of those
queries. Called by the page, and by the upload page to show a file as it would look. ::

    context = context_of(open_warehouse())
    view.build_newest(context, "E08000035", "Leeds", "")  # None where the council has uploaded nothing
"""
