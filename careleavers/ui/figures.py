"""The one warehouse of this process, and the cached way to ask it."""

from typing import Any

import pandas as pd
import streamlit as st

from careleavers.warehouse import Warehouse, open_warehouse

# Results are a few hundred rows at most; 512 of them cover every authority's home page.
_KEPT_RESULTS = 512


@st.cache_resource(show_spinner=False)
def warehouse() -> Warehouse:
    """The warehouse shared by all visitors of this process.

    Raises a ``CareLeaversError`` that names file, line and reason when the figures cannot be read. A failure
    is not remembered, so the pages work again once the files are mended.
    """
    return open_warehouse()


@st.cache_data(max_entries=_KEPT_RESULTS, show_spinner=False)
def _ask(name: str, params: dict[str, Any], version: str) -> pd.DataFrame:
    return warehouse().query(name, **params)


def ask(name: str, **params: Any) -> pd.DataFrame:
    """Answer of ``queries/<name>.sql`` for these parameters, from the cache where it is known.

    The data version is part of the cache key, so a new release never shows an old answer. The frame is the
    caller's own copy. Raises a ``CareLeaversError`` for an unknown query or parameter.
    """
    return _ask(name, params, warehouse().version)
