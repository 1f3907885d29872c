"""The published figures in memory, and the questions that can be asked of them.

In: the CSV files of ``data/`` (:mod:`.loading` checks them against :mod:`.schema`), and releases and local figures that were
uploaded. Out: a :class:`~.warehouse.Warehouse` that can only be read; each question is one file of ``queries/``, and every
rule (rank, band, interval, verdict, change, trend) is worked out once, when it is built, by ``queries/rules``.
:mod:`.catalogue` turns the catalogue's rows into :class:`~careleavers.model.Indicator` and finds the one that is asked for.

Called by :mod:`careleavers.versions` for the pages, and by the command line. ::

    from careleavers.figures.warehouse import open_warehouse

    warehouse = open_warehouse()
    warehouse.query("periods", indicator="eet", age_group="19-21")
"""
