"""Upload and History: what was found in a file, and what was done with it. See ``pages/upload.py`` and ``pages/history.py``.

In: an :class:`careleavers.uploads.UploadCheck`, and frames of :class:`careleavers.store.Store`. Out: sentences,
labels and tables of texts; there is nothing to cache, so no ``view.py``. Called by both pages. ::

    words.uploads_table(store.uploads(), {"E08000035": "Leeds"})
"""
