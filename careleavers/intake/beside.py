"""An upload beside what is held: one private database that the checks and the preview ask."""

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
# Digits first: those scripts make the macros and tables that the questions need.
_MAKES = re.compile(r"\d_")
# Between the codes, and the names, of authorities that make one return together.
_JOINT = " / "


@dataclass(frozen=True)
class Held:
    """What is held that an upload is held against.

    ``local``: the figures of councils in force (columns of :data:`careleavers.intake.model.FIGURE_COLUMNS` without ``row``, and ``upload``), raw.
    ``published``: the department's figures in force (the same columns but ``target``, ``note`` and ``upload``).
    ``indicators``: the rows of ``queries/indicators.sql``. ``names``: names of authorities, and of a release's other areas, by code.
    """

    local: pd.DataFrame
    published: pd.DataFrame
    indicators: pd.DataFrame
    names: Mapping[str, str]


def held_beside(draft: Draft, warehouse: Warehouse, local: pd.DataFrame) -> Held:
    """What is held beside a file: from the figures in use, and ``local``, the raw figures in force of its authorities.

    Only releases are held against the department's figures.
    """
    codes = warehouse.query("authority_codes")
    names = dict(zip(codes["authority_code"], codes["authority_name"], strict=True))
    published = pd.DataFrame(columns=list(OBSERVATION))
    if draft.kind == "release":
        published = warehouse.query("published")
        names |= _other_areas(warehouse, draft.figures["area_code"].unique(), names)
    return Held(local=local, published=published, indicators=warehouse.query("indicators"), names=names)


def _other_areas(warehouse: Warehouse, codes: Iterable[str], names: Mapping[str, str]) -> dict[str, str]:
    """The names of England and the regions, and of the joint returns among ``codes``: only releases hold figures of them."""
    areas = warehouse.query("build_areas", authority="")
    above = areas[areas["kind"].isin(["england", "region"])]
    found = {members[0]: label for members, label in zip(above["members"], above["label"], strict=True)}
    joint = {code: code.split(_JOINT) for code in codes if _JOINT in code}
    return found | {code: _JOINT.join(names.get(one, one) for one in parts) for code, parts in joint.items()}


class Beside:
    """The tables that ``queries/checks`` makes of one upload; a context manager that lets the memory go."""

    def __init__(self, draft: Draft, held: Held, layer: str, protected: pd.DataFrame | None = None) -> None:
        """``layer`` is what the officer says a local file is: 'provisional' or 'final'; a release is 'published'.

        ``protected``: the figures of the file as viewers may see them, with the boolean column ``hidden``.
        """
        self._connection = duckdb.connect(":memory:", config=CONFIG | {"threads": settings.threads()})
        frames = {
            "given": draft.figures,
            "local": held.local,
            "published": held.published,
            "indicators": held.indicators,
            "protected": pd.DataFrame(columns=[*KEY, "hidden"]) if protected is None else protected,
        }
        asked = {"kind": draft.kind, "layer": "published" if draft.kind == "release" else layer}
        try:
            self._connection.execute("ATTACH ':memory:' AS packed (COMPRESS); USE packed")
            self._connection.execute("CREATE TABLE asked AS SELECT $kind AS kind, $layer AS layer", asked)
            for name, frame in frames.items():
                self._connection.register(name, frame)
            self._connection.execute(PRECEDENCE)
            for script in sorted(path for path in _FOLDER.glob("*.sql") if _MAKES.match(path.name)):
                self._connection.execute(script.read_text(encoding="utf-8"))
                # Half a million figures take a sixth of the memory once they are packed.
                self._connection.execute("CHECKPOINT packed")
            for name in frames:
                self._connection.unregister(name)
            self._connection.execute("SET enable_external_access = false; SET lock_configuration = true")
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Beside:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def ask(self, name: str, **parameters: Any) -> pd.DataFrame:
        """The rows of ``queries/checks/<name>.sql``; its head comment names the parameters and the columns."""
        return self._connection.execute(_sql(name), parameters).df()


@cache
def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def figure_text(numerator: Any, denominator: Any, value: Any, status: Any, unit: str, decimals: int) -> str:
    """A figure as an officer knows it: ``52.0% (52 of 100)``, ``15.2 (152 ÷ 10)``, ``[c]``.

    Shares have a decimal here, so that a small correction can be seen.
    """
    text = value_text(value, unit, 1 if unit == "percent" else decimals, str(status))
    counts = count_text(numerator, denominator, unit)
    return f"{text} ({counts})" if counts else text


def period_of(period_end: Any, frequency: str, basis: str) -> str:
    """The period of a figure as an officer writes it: ``2025/26 Q2``, ``year to 31 March 2025``."""
    return quarter_text(period_end) if frequency == "quarter" else period_text(period_end, basis)
