"""Upload: what was found in a file, and what accepting it would change. See ``pages/upload.py``.

In: an :class:`careleavers.uploads.UploadCheck`. Out: sentences, labels and tables of texts; there is nothing to cache, so no
``view.py``. Called by the page. ::

    words.recognised(service.check_file(content, "leeds.csv", officer, "final"))
"""
