"""The HTTP side of the product: what is let in, what is answered without a page, and how it is sent.

In: requests and websockets before Streamlit sees them, and its answers before they go out. :mod:`.setup` names routes,
middleware and what is done at start, and is all that ``app.py`` needs; :mod:`.middleware` is what sign-in and uploading need of
requests; :mod:`.sessions` limits open pages and what they may send; :mod:`.connections` limits what holds a connection open;
:mod:`.upload_token` is the key in the address that is printed at start; :mod:`.refusals` words and logs what is turned away;
:mod:`.logs` is the log, :mod:`.stopping` the end of the server;
:mod:`.first_page` makes the words that are there before a page is drawn.

Out: what ``app.py`` hands to Streamlit, which calls it for each request. ::

    from careleavers.ui.server import setup

    app = st.App(script, lifespan=setup.lifespan, routes=setup.routes("at_a_glance"), middleware=setup.middleware())
"""
