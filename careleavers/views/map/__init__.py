"""Map: one measure on a map of equal squares. See ``pages/map.py``.

In: a measure, its ages and period, an authority, and what colours show (``value``, ``band`` or ``verdict``). Out: the
finding, the map, tables by region and the download, from ``queries/map.sql``. :mod:`.classes` cuts figures into round
classes; :mod:`.tile_names` shortens names to three letters. In :mod:`.words`, ``rows`` are rows of that query.
Called by the page, and by the server for the first page. ::

    LEEDS = ("E08000035", "Leeds", "Yorkshire and The Humber")
    context = context_of(open_warehouse())
    view.build_view(context, "eet", "19-21", "2025-03-31", *LEEDS, "england", "value", "wide").headline
"""
