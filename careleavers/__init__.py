"""How English councils' care leavers are doing, compared with every other authority.

The library reads and checks published figures (:mod:`careleavers.importer`), holds them in an
in-memory DuckDB (:mod:`careleavers.figures.warehouse`) and words, draws and exports what the queries answer.
Streamlit is imported in :mod:`careleavers.ui` only.

In: the CSV files of ``data/``, and what councils upload. Out: pages, pictures, tables, briefings. Called by ``app.py``, ``pages/`` and
the command line, and usable without them::

    from careleavers.figures.warehouse import open_warehouse

    open_warehouse().query("periods", indicator="eet", age_group="19-21")
"""

__version__ = "0.1.0"
