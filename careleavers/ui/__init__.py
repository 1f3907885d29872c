"""Everything that touches Streamlit: the shell around the pages, the choices, the controls, and the server.

In: a visit, with its address. Out: a page. :mod:`.shell` runs for every visit and every choice; :mod:`.pages` lists the pages;
:mod:`.state` keeps choices in the address; :mod:`.figures` says which version of the figures a run shows and answers from
memory what was asked or drawn before; :mod:`.widgets` draws charts, tables and downloads; :mod:`.access` says who is looking;
:mod:`.server` is the HTTP side. Pages call these; nothing under :mod:`careleavers.views` or below does. ::

    from careleavers.ui import figures, selection, widgets
    from careleavers.views.workforce import view

    chosen = selection.current()
    shown = figures.cached_view(view.build_view, chosen.authority_code, chosen.authority_name, None, "england", "wide")
    widgets.chart(shown.chart, key="workforce")
"""
