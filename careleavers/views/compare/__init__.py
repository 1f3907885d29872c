"""Compare: every authority on one measure. See ``pages/compare.py``.

In: a measure, its ages and period, an authority or none, who is shown (``all``, ``region`` or ``neighbours``) and what the authority
is compared with. Out: :func:`.view.build_view`, with the finding, ranked bars, cautions, table and download, from
``queries/compare.sql``. Called by the page, and by the server for the first page and to have it ready at start. ::

    LEEDS = ("E08000035", "Leeds", "Yorkshire and The Humber")
    context = context_of(open_warehouse())
    view.build_view(context, "eet", "19-21", "2025-03-31", *LEEDS, "all", "england", False, "wide").headline
"""
