"""Trends: one measure over the years. See ``pages/trends.py``.

In: a measure, its ages, an authority and further ones. Out: :func:`.view.build_finding`, :func:`.view.build_view`
(the line of years) and :func:`.view.build_neighbours` (a panel for each neighbour), from ``queries/trends.sql``,
``trends_neighbours.sql`` and ``inspection_events.sql``. The words are in a module for each part:
:mod:`.words_finding`, :mod:`.words_years`, :mod:`.words_sources`, :mod:`.words_neighbours`; in all of them ``frame``
is the answer to one of those queries. Called by the page, by the upload page to show a release as it would look, and by the
server for the first page. ::

    context = context_of(open_warehouse())
    view.build_view(context, "eet", "19-21", "E08000035", "Leeds", (), True, "wide").table
"""
