"""Together: an enabler against an outcome. See ``pages/together.py``.

In: two measures with their ages, a period of the outcome, an authority, and who is picked out besides it. Out: the
link in words, the scatter, the pairs as a table, from ``queries/together.sql``. In :mod:`.words`, ``rows`` are rows
of that query, ``row`` is any of them, and ``own`` the chosen authority's. Called by the page. ::

    LEEDS = ("E08000035", "Leeds", "Yorkshire and The Humber")
    context = context_of(open_warehouse())
    view.build_view(context, "caseload", "all", "eet", "19-21", "2025-03-31", *LEEDS, "neighbours", "wide").headline
"""
