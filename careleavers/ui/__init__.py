"""Everything that touches Streamlit: the shell around the pages, the choices, the controls, and the server.

In: a visit, with its address. Out: a page. :mod:`.shell` runs for every visit and every choice; :mod:`.pages` lists the pages;
:mod:`.state` keeps choices in the address; :mod:`.figures` says which version of the figures a run shows and answers from
memory what was asked or drawn before; :mod:`.widgets` draws charts, tables and downloads; :mod:`.access` says who is looking;
:mod:`.server` is the HTTP side. Pages call these; nothing under :mod:`careleavers.views` or below does.
"""
