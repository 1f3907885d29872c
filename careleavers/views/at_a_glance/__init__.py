"""At a glance: one authority on one page. See ``pages/at_a_glance.py``.

In: an authority, its region, and what it is compared with. Out: :func:`.view.build_view`, with the line under the title, three
cards (strong, weak, clearly changing), questions, pictures of shares, and every headline measure as a table; from
``queries/at_a_glance.sql`` and those named ``at_a_glance_…``. Called by the page, by :mod:`careleavers.views.briefing` and by the server for
the first page; :mod:`.markup` makes HTML of the parts. ::

    context = context_of(open_warehouse())
    shown = view.build_view(context, "E08000035", "Leeds", "neighbours", "Yorkshire and The Humber", "wide")
    [line.size for line in shown.cards[0].lines]  # what is strong
"""
