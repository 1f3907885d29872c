"""Build your own: chosen measures, areas and years. See ``pages/build_your_own.py``.

In: codes of measures, areas and years, as links carry them (``eet.19-21``, ``383``). Out: :func:`.view.build_view`
gives one table and a small chart for each measure, from ``queries/build_your_own_figures.sql``; :func:`.view.options` what can
be chosen. In :mod:`.words`, ``rows`` are rows of that query and ``row`` is one of them. Called by the page. ::

    context = context_of(open_warehouse())
    view.build_view(context, ("eet.19-21",), ("E08000035", "E92000001"), (2025,), (), "E08000035", "wide")
"""
