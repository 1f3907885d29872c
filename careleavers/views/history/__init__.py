"""History: what was done with each upload, and every value that a figure has had. See ``pages/history.py``.

In: frames of :class:`careleavers.store.Store`. Out: sentences, labels and tables of texts; there is nothing to cache, so no
``view.py``. Called by the page. ::

    words.uploads_table(store.uploads(), {"E08000035": "Leeds"})
"""
