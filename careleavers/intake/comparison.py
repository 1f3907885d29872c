"""The comparison database: one private DuckDB that holds an upload against the figures in force.

:func:`held_figures` gathers what the upload is held against, :class:`ComparisonDatabase` loads both and answers the
questions of ``queries/checks``. The checks and the preview of a file ask the same database: it is made once per file that
is examined, on the first question, and let go when the file has been examined.

Example::

    held = held_figures(draft, warehouse, store.figures(version, areas, LOCAL_LAYERS))
    with ComparisonDatabase(draft, held, "provisional") as comparison:
        findings = check(draft, person, comparison)
        effect = preview(draft, comparison)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any

import duckdb
import pandas as pd

from careleavers import settings
from careleavers.figures.schema import OBSERVATION
from careleavers.figures.warehouse import CONFIG, QUERIES, Warehouse
from careleavers.importer.precedence import PRECEDENCE
from careleavers.intake.model import KEY, Draft
from careleavers.wording.formats import count_text, period_text, quarter_text, value_text

_FOLDER = QUERIES / "checks"
# These scripts make the macros and tables that the questions need, in the order of their digits.
_SCRIPT = re.compile(r"\d_")
# Between the codes, and the names, of authorities that make one return together.
_JOINT = " / "


@dataclass(frozen=True)
class HeldFigures:
    """The figures in force that an upload is held against.

    Attributes
    ----------
    local
        The raw figures of councils: the columns of :data:`careleavers.intake.model.FIGURE_COLUMNS` without ``row``,
        and ``upload``.
    published
        The department's figures of the measures in ``local`` and in the file: the columns of
        :data:`careleavers.figures.warehouse.OBSERVATION`. Only a release needs them.
    indicators
        The rows of ``queries/indicators.sql``.
    names
        Names of authorities, and of the other areas of a release, by code.
    """

    local: pd.DataFrame
    published: pd.DataFrame
    indicators: pd.DataFrame
    names: Mapping[str, str]


def held_figures(draft: Draft, warehouse: Warehouse, local: pd.DataFrame) -> HeldFigures:
    """Gather what a file is held against. Only releases are held against the department's figures.

    Parameters
    ----------
    draft
        The file as read.
    warehouse
        The figures in use at the version that the file would be added to.
    local
        The raw figures in force of the authorities in the file (``Store.figures``).

    Returns
    -------
    HeldFigures
    """
    codes = warehouse.query("authority_codes")
    names = dict(zip(codes["authority_code"], codes["authority_name"], strict=True))
    published = pd.DataFrame(columns=list(OBSERVATION))
    if draft.kind == "release":
        measures = {
            f"{indicator}.{age_group}"
            for rows in (draft.figures, local)
            for indicator, age_group in rows[["indicator", "age_group"]].drop_duplicates().itertuples(index=False)
        }
        published = warehouse.query("published", measures=sorted(measures))
        names |= _other_areas(warehouse, draft.figures["area_code"].unique(), names)
    return HeldFigures(local=local, published=published, indicators=warehouse.query("indicators"), names=names)


def _other_areas(warehouse: Warehouse, codes: Iterable[str], names: Mapping[str, str]) -> dict[str, str]:
    """The names of England and the regions, and of the joint returns among ``codes``: only releases have figures of them."""
    areas = warehouse.query("build_your_own_areas", authority="")
    above = areas[areas["kind"].isin(["england", "region"])]
    found = {members[0]: label for members, label in zip(above["members"], above["label"], strict=True)}
    joint = {code: code.split(_JOINT) for code in codes if _JOINT in code}
    return found | {code: _JOINT.join(names.get(one, one) for one in parts) for code, parts in joint.items()}


class ComparisonDatabase:
    """The tables that ``queries/checks`` makes of one upload; a context manager that gives the memory back.

    Nothing is loaded until the first question, so it costs nothing for a file without figures.

    Attributes
    ----------
    held
        What the upload is held against.
    layer
        ``provisional`` or ``final``, as the officer says; ``published`` for a release, whatever is said.
    """

    def __init__(self, draft: Draft, held: HeldFigures, layer: str) -> None:
        """Remember what to load.

        Parameters
        ----------
        draft
            The file as read.
        held
            From :func:`held_figures`.
        layer
            ``provisional`` or ``final``; not heeded for a release.
        """
        self.held = held
        self.layer = "published" if draft.kind == "release" else layer
        self._kind, self._figures = draft.kind, draft.figures
        self._opened: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> ComparisonDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """The answer to one question.

        Parameters
        ----------
        name
            The name of a script of ``queries/checks`` without ``.sql``.
        **parameters
            As its head comment names them.

        Returns
        -------
        pandas.DataFrame
            The columns that its head comment names.
        """
        return self._connection.execute(_sql(name), parameters).df()

    def hide(self, protected: pd.DataFrame) -> None:
        """Note which figures of the upload viewers will not see, for the counts and effects of a preview.

        Parameters
        ----------
        protected
            The columns of :data:`careleavers.intake.model.KEY` and the boolean ``hidden``; rows of other layers and rows
            that are not hidden are passed over, so it may be all figures of the file or only the hidden ones.
        """
        connection = self._connection
        connection.register("protected", protected[[*KEY, "hidden"]])
        try:
            connection.execute(_sql("4_hidden"))
        finally:
            connection.unregister("protected")

    @property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        if self._opened is None:
            self._opened = self._load()
        return self._opened

    def _load(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(":memory:", config=CONFIG | {"threads": settings.threads()})
        frames = {
            "given": self._figures,
            "local": self.held.local,
            "published": self.held.published,
            "indicators": self.held.indicators,
        }
        try:
            connection.execute("ATTACH ':memory:' AS packed (COMPRESS); USE packed")
            connection.execute(
                "CREATE TABLE asked AS SELECT $kind AS kind, $layer AS layer", {"kind": self._kind, "layer": self.layer}
            )
            for name, frame in frames.items():
                connection.register(name, frame)
            connection.execute(PRECEDENCE)
            for script in sorted(path for path in _FOLDER.glob("*.sql") if _SCRIPT.match(path.name)):
                if script.stem != "4_hidden":
                    connection.execute(_sql(script.stem))
                    # Half a million figures take a sixth of the memory once they are packed.
                    connection.execute("CHECKPOINT packed")
            for name in frames:
                connection.unregister(name)
            connection.execute("SET enable_external_access = false; SET lock_configuration = true")
        except BaseException:
            connection.close()
            raise
        return connection


@cache
def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def figure_text(numerator: Any, denominator: Any, value: Any, status: Any, unit: str, decimals: int) -> str:
    """A figure as an officer knows it: ``52.0% (52 of 100)``, ``15.2 (152 ÷ 10)``, ``[c]``.

    Parameters
    ----------
    numerator, denominator, value
        Numbers; missing where there is none.
    status
        A code of :data:`careleavers.wording.status.STATUSES`.
    unit, decimals
        Of the indicator. Shares have one decimal here whatever it says, so that a small correction can be seen.

    Returns
    -------
    str
    """
    text = value_text(value, unit, 1 if unit == "percent" else decimals, str(status))
    counts = count_text(numerator, denominator, unit)
    return f"{text} ({counts})" if counts else text


def period_of(period_end: Any, frequency: str, basis: str) -> str:
    """The period of a figure as an officer writes it: ``2025/26 Q2``, ``year to 31 March 2025``.

    Parameters
    ----------
    period_end
        Its last day.
    frequency, basis
        As in the schema of the figures.

    Returns
    -------
    str
    """
    return quarter_text(period_end) if frequency == "quarter" else period_text(period_end, basis)
