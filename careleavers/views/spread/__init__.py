"""Spread: a funnel plot and the spread within groups. See ``pages/spread.py``.

In: a measure, its ages and period, and an authority. Out: :func:`.view.build_view`, the funnel
(``queries/spread_funnel.sql``), and :func:`.view.build_groups`, regions or groups with one judgement
(``spread_groups.sql``). In :mod:`.words`, ``rows`` are rows of the first, and of the second in functions named
``strip_…`` and in ``group_table``; ``own`` is the chosen authority's row. Called by the page, and by the
server for the first page. ::

    context = context_of(open_warehouse())
    view.build_view(context, "eet", "19-21", "2025-03-31", "E08000035", "Leeds", "wide").headline
"""
