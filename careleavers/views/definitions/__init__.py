"""Definitions: what measures, words and rules mean, and whose data it is. See ``pages/definitions.py``.

In: a theme, a measure or words to search for. Out: measures, terms and publications as Markdown, from
``queries/definitions.sql``, ``glossary.sql``, ``sources.sql`` and ``releases_due.sql``. Called by the page. ::

    context = context_of(open_warehouse())
    view.search(context, "suitable accommodation").measures
"""
