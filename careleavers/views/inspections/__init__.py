"""Inspections: judgements, and the time since them. See ``pages/inspections.py``.

In: an authority, and for outcomes a measure and a judgement. Out: four views, each from one query: what Ofsted found,
the time since, a measure by judgement, and the download. In :mod:`.words`, ``rows`` are rows of
``queries/inspection_since.sql`` (functions named ``since_…``) or ``inspection_outcomes.sql`` (``outcome_…``), and
``full`` the full inspections of one authority from ``inspection_events.sql``, newest first. Called by the page; other views
use its words for judgements and dates. ::

    context = context_of(open_warehouse())
    view.build_since(context, "E08000035", "Leeds", False, "wide").headline
"""
