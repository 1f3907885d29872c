"""What is new: releases, inspections, uploads, restatements. See ``pages/whats_new.py``.

In: an authority (or none) and a day to count from. Out: :func:`.view.build_view`, the list by month, from
``queries/whats_new.sql``; :func:`.view.line`, the same in a line; :mod:`.feed`, as an Atom feed.
Called by the page, by At a glance, by the page of England, and by the route of the feed. ::

    context = context_of(open_warehouse())
    view.line(context, "E08000035", "Leeds", dt.date(2026, 6, 1))
"""
