"""Report: a committee pack, put together and downloaded. See ``pages/report.py``; what a pack says is in ``careleavers/packs``.

In: nothing but the catalogue. Out: the words of the page, from :mod:`.words`, and the measures that a section may be about, from
:func:`.view.measures`. ::

    view.measures(context_of(open_warehouse()))["Education and work"]
"""
