"""How English councils' care leavers are doing, compared with every other authority.

The library reads and checks published figures (:mod:`careleavers.importer`), holds them in an
in-memory DuckDB (:mod:`careleavers.figures.warehouse`) and words, draws and exports what the queries answer.
Streamlit is imported in :mod:`careleavers.ui` only.
"""

__version__ = "0.1.0"
