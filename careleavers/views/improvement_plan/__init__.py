"""Improvement plan: what a council does about what Ofsted and its own members found. See ``pages/improvement_plan.py``.

In: the versions of an authority's plan that the reader may see, from the store (:func:`.keeping.kept_plan`), asked with
``queries/improvement_plan_*.sql``. Out: counts by status, what is late and what moved, what changed, the report of exceptions, the history of
an action and the line of the figure that it is meant to move. What a council wrote is made inert before it goes anywhere.

``keeping``
    The plan in the store: reading a file, what it would change, accepting and withdrawing it.
``view``
    What the page and a pack show.
``words``, ``markup``
    The sentences and tables, and the HTML of what Streamlit has no component for.

Example::

    kept = keeping.kept_plan(store.documents, "E09000001", person)
    shown = view.build_view(context, kept.versions, "E09000001", "City of London", "", "", None)
    shown.headline
"""
