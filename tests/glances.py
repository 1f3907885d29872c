"""The rows of an authority's home page, as tests of all authorities share them."""

from typing import NamedTuple

import pandas as pd

AGAINST = ("neighbours", "region", "england")


class Glance(NamedTuple):
    """One authority against one of the comparators. Do not change its rows."""

    authority_code: str
    authority_name: str
    region: str
    against: str
    frame: pd.DataFrame
