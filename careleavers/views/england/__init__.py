"""England before an authority is chosen: six national figures, the map, what changed, what is new. See ``pages/at_a_glance.py``.

In: the measure of the map with its ages, and the choices that links keep. Out: :func:`.view.build_view`, the page as text, which
:mod:`.markup` makes into HTML; :func:`.view.story` and :func:`.view.table`, England on one or several measures. They come from
``queries/england_….sql``. Called by :mod:`careleavers.ui.england` for the pages, and by the server for the first page. ::

    context = context_of(open_warehouse())
    markup.page(view.build_view(context, "eet", "19-21"))
    view.story(context, "eet", "19-21").range  # how far apart the councils are
"""
