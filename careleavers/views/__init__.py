"""What each page asks, says, tabulates and draws: one folder per page, named after it.

In: a :class:`~.context.Context` (questions to one version of the figures, the catalogue, the day) and the reader's choices.
Out: a frozen dataclass of sentences, frames and :class:`~careleavers.charts.ChartResult`, made by ``view.build_view`` of the
folder; its ``words.py`` has the sentences. There is no Streamlit here: ``pages/<name>.py`` lays the view out, and the
command line, tests and documents can make the same. :mod:`.figure_table` and :mod:`.parts` serve several pages. ::

    from careleavers.figures.warehouse import open_warehouse
    from careleavers.views.context import context_of
    from careleavers.views.workforce import view

    view.build_view(context_of(open_warehouse()), "E08000035", "Leeds", "Yorkshire and The Humber", "neighbours", "wide")
"""
