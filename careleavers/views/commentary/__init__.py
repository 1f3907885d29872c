"""What councils say of their own figures: why a figure moved, and what is being done.

In: the documents of the store (:class:`careleavers.store.Documents`), who reads, and figures (:class:`.view.FigureKey`). Out: comments as
plain, inert text (:class:`.view.Comment`), which pages and packs show marked as the council's own words.

``view``
    Which comments there are of a figure, and keeping one.
``checks``
    What a comment must not say, and what its writer has to look at again before it is kept.
``words``, ``markup``
    The sentences, and the HTML of a page.

Example::

    from careleavers.views.commentary.view import FigureKey, comments

    about = [FigureKey("eet", "19-21", "2025-03-31")]
    for said in comments(store.documents, NOBODY, "E08000035", context.indicators, about):
        said.text, said.by_line
"""
