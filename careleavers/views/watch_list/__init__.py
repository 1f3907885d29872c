"""Watch list: the measures that a committee keeps an eye on, each with its target. See ``pages/watch_list.py``.

In: an authority's list, from the store (:func:`.keeping.kept_list`), and ``queries/watch_list.sql``. Out: which targets are met, which
are within their tolerance and which are missed, by how much and by how many people; what is new since the last meeting; and a version
in which the other authorities are not named (``queries/watch_list_anonymous.sql``).

``keeping``
    The list in the store.
``view``
    What the page and a pack show.
``words``
    The sentences and tables.

Example::

    kept = keeping.kept_list(store.documents, "E08000035", person)
    view.build_view(context, kept.items, None, "E08000035", "Leeds", kept.committee).headline
"""
