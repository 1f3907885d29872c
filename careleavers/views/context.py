"""What a view is made from: questions to one version of the figures, and the day it is made on.

A view depends on nothing else, so that the pages, the command line and documents make the same one. The pages
hand in questions that are answered from memory where they were asked before; whoever has a warehouse in hand takes
:func:`context_of`::

    from careleavers.figures.warehouse import open_warehouse
    from careleavers.views.context import context_of
    from careleavers.views.map import view

    shown = view.build_view(context_of(open_warehouse()), "eet", "19-21", "2025-03-31", ...)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from careleavers.charts.template import Footer
from careleavers.figures import catalogue
from careleavers.figures.warehouse import Warehouse
from careleavers.model import Indicator
from careleavers.wording import tables


class Query(Protocol):
    """Answers ``queries/<name>.sql`` for bound parameters, as :meth:`careleavers.figures.warehouse.Warehouse.query` does."""

    def __call__(self, name: str, **parameters: Any) -> pd.DataFrame: ...  # noqa: D102


def _unheard(source: str, release: str) -> None:
    """Nobody collects which releases a view names."""


@dataclass(frozen=True)
class Context:
    """One version of the figures as a view sees it.

    Parameters
    ----------
    query
        Answers a question of ``queries/``; the frame is the caller's own.
    indicators
        The indicators that have figures, by id in the catalogue's order.
    version
        The data version, for downloads.
    today
        The day that pictures and downloads say they were made on.
    name_release
        Called with ``(source, release)`` of each release that a view says its figures come from.
    """

    query: Query
    indicators: Mapping[str, Indicator]
    version: str
    today: dt.date
    name_release: Callable[[str, str], None] = _unheard

    def release(self, source: str, number: str) -> dict[str, Any]:
        """Publication, licence and dates of one release; it is counted among those that the view names.

        Parameters
        ----------
        source, number
            Id of the source and name of its release, as figures carry them.

        Returns
        -------
        dict[str, Any]
            The columns of ``queries/release.sql``.
        """
        self.name_release(source, number)
        return tables.records(self.query("release", source=source, release=number))[0]

    def footer(self, source: str, number: str, layer: str, n: str) -> Footer:
        """The foot of a chart whose figures come from one release.

        Parameters
        ----------
        source, number
            Id of the source and name of its release.
        layer
            Layer of the figures: ``published``, ``provisional`` or ``final``.
        n
            How many the figures rest on, in words.

        Returns
        -------
        Footer
        """
        return tables.chart_footer(self.release(source, number), layer, n, self.today)

    def mixed_footer(self, rows: pd.DataFrame) -> Footer:
        """The foot of a chart whose figures may come from several releases.

        Parameters
        ----------
        rows
            Rows with ``source``, ``release`` and ``layer``, at least one and all of one layer.

        Returns
        -------
        Footer
            Its ``n`` says that it differs by measure; replace it where it does not.
        """
        pairs = rows[["source", "release"]].drop_duplicates().sort_values(["source", "release"])
        releases = [self.release(str(s), str(r)) for s, r in pairs.itertuples(index=False, name=None)]
        return tables.mixed_footer(releases, str(rows["layer"].iloc[0]), self.today)

    def name_releases(self, rows: pd.DataFrame) -> None:
        """Count in the releases of the rows that are shown with a value.

        Parameters
        ----------
        rows
            Rows with ``source``, ``release`` and ``value``.
        """
        held = rows.loc[rows["value"].notna(), ["source", "release"]]
        for source, release in set(held.itertuples(index=False, name=None)):
            self.name_release(str(source), str(release))


def context_of(warehouse: Warehouse, today: dt.date | None = None) -> Context:
    """The context of a warehouse in hand.

    Parameters
    ----------
    warehouse
        The figures; it must stay open while the context is in use.
    today
        The day that pictures and downloads say they were made on (default: this one).

    Returns
    -------
    Context
    """
    every = catalogue.from_rows(warehouse.query("indicators"))
    return Context(
        query=warehouse.query,
        indicators={key: indicator for key, indicator in every.items() if indicator.held},
        version=warehouse.version,
        today=today or dt.date.today(),
    )
