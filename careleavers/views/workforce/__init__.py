"""Workforce: caseloads, agency, turnover. See ``pages/workforce.py``.

In: an authority and what it is compared with. Out: the finding, a table of the newest year, panels over the years,
from ``queries/workforce.sql``. In :mod:`.words`, ``rows`` are rows of that query and ``row`` is one of them. Called
by the page, and by the server for the first page. ::

    LEEDS = ("E08000035", "Leeds", "Yorkshire and The Humber")
    context = context_of(open_warehouse())
    view.build_view(context, *LEEDS, "neighbours", "wide").headline
"""
