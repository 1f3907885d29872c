"""Reference data: the authorities, indicators, releases and layouts that a file is read against."""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from careleavers.figures.catalogue import from_rows
from careleavers.figures.warehouse import Warehouse
from careleavers.importer.areas import Areas, areas_from_data
from careleavers.importer.files import read_table
from careleavers.importer.tables import ImportTables, load_tables
from careleavers.intake.indicator_words import RARE, distinguishing_words
from careleavers.intake.name_keys import name_key
from careleavers.intake.places import Gazetteer
from careleavers.model import Authority, Indicator

_ALIKE, _SOME, _CLOSE = 0.6, 0.4, 0.1
_MOST_OFFERED = 3
_LONGEST = 200


@dataclass
class ReferenceData:
    """Everything that a file is read against.

    Attributes
    ----------
    gazetteer
        Authorities, by all that officers call them.
    indicators
        By id, councils' own among them.
    shipped
        The ids of the shipped catalogue, which no upload may redefine.
    tables, areas
        What the importer reads releases with.
    sources
        The rows of ``sources.csv`` by (source, release).
    districts
        The rows of ``districts.csv``.
    today
        No period may be later; the day on which the object was made unless given.
    """

    gazetteer: Gazetteer
    indicators: Mapping[str, Indicator]
    shipped: frozenset[str]
    tables: ImportTables
    areas: Areas
    sources: Mapping[tuple[str, str], Mapping[str, str]]
    # Rows of districts.csv: which districts make up an authority.
    districts: tuple[Mapping[str, str], ...] = ()
    today: dt.date = field(default_factory=dt.date.today)

    @cached_property
    def _indicator_names(self) -> dict[str, Indicator]:
        names: dict[str, Indicator] = {}
        # Ids last: an id always means its own indicator, whatever the titles of others.
        for text in ("short_title", "title", "id"):
            names |= {name_key(getattr(indicator, text)): indicator for indicator in self.indicators.values()}
        return names

    def indicator(self, text: str) -> Indicator | None:
        """The indicator that a cell names by id, title or short title, in any case and with any punctuation.

        Parameters
        ----------
        text
            The cell.

        Returns
        -------
        Indicator or None
            None when it names none.
        """
        return self._indicator_names.get(name_key(text)) if len(text) <= _LONGEST else None

    def indicators_like(self, text: str) -> list[str]:
        """The indicators that a text seems to mean: by its words, else by its letters.

        Parameters
        ----------
        text
            The cell.

        Returns
        -------
        list[str]
            Up to three ids, the likeliest first.
        """
        if len(text) > _LONGEST:
            return []
        said = distinguishing_words(text)
        weights = self._word_weights
        scores = {
            indicator: max(_alike(said, bag, weights) for bag in bags) for indicator, bags in self._word_bags.items()
        }
        best = max(scores.values(), default=0.0)
        if best >= _ALIKE:
            near = sorted(
                (id_ for id_, score in scores.items() if score >= best - _CLOSE), key=lambda id_: -scores[id_]
            )
            if not re.search(r"2[2-5]", text):
                # Indicators for ages 22 to 25 are meant only where the ages are named.
                near = [id_ for id_ in near if id_.removesuffix("_22_25") not in near or not id_.endswith("_22_25")]
            return near[:_MOST_OFFERED]
        letters = difflib.get_close_matches(name_key(text), self._indicator_names, n=_MOST_OFFERED, cutoff=_ALIKE)
        by_words = [indicator for indicator, score in scores.items() if best and score == best >= _SOME]
        return list(dict.fromkeys([*(self._indicator_names[name].id for name in letters), *by_words]))[:_MOST_OFFERED]

    @cached_property
    def _word_bags(self) -> dict[str, list[frozenset[str]]]:
        """The words of each indicator's id, title, short title and what it is called every day."""
        return {
            indicator.id: [
                bag
                for name in (indicator.id.replace("_", " "), indicator.title, indicator.short_title,
                             *indicator.everyday)
                if (bag := distinguishing_words(name))
            ]
            for indicator in self.indicators.values()
        }  # fmt: skip

    @cached_property
    def _word_weights(self) -> dict[str, float]:
        """How much a word tells: less the more indicators have it."""
        counts = Counter(word for bags in self._word_bags.values() for word in frozenset().union(*bags))
        return {word: 1 + math.log(len(self._word_bags) / count) for word, count in counts.items()}


def _alike(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    """From 0 to 1: the weight of the words that both have. Words of one alone speak against it: "not in touch"."""
    whole = sum(weights.get(word, RARE) for each in (one, other) for word in each)
    return 2 * sum(weights.get(word, RARE) for word in one & other) / whole if whole else 0.0


def reference_data(warehouse: Warehouse, folder: Path) -> ReferenceData:
    """Gather what files are read against.

    Parameters
    ----------
    warehouse
        The figures in use.
    folder
        The data folder that they were built from.

    Returns
    -------
    ReferenceData

    Raises
    ------
    DataProblem
        A table of the folder is broken.
    """
    catalogue = read_table(folder / "indicators.csv", "data/indicators.csv")
    shipped = frozenset(row["id"] for _, row in catalogue.rows)
    names = warehouse.query("known_names")
    held = names["authority_code"].notna()
    codes = warehouse.query("former_codes")
    gazetteer = Gazetteer(
        {
            str(row["authority_code"]): _authority(row)
            for row in warehouse.query("known_authorities").to_dict("records")
        },
        former=dict(zip(codes["former_code"], codes["authority_code"], strict=True)),
        aliases=dict(zip(names.loc[held, "name"], names.loc[held, "authority_code"], strict=True)),
        regions=tuple(names.loc[~held, "name"]),
    )
    return ReferenceData(
        gazetteer=gazetteer,
        indicators=from_rows(warehouse.query("indicators")),
        shipped=shipped,
        tables=load_tables(folder, set(shipped)),
        areas=areas_from_data(
            read_table(folder / "authorities.csv", "data/authorities.csv"),
            read_table(folder / "authority_changes.csv", "data/authority_changes.csv"),
        ),
        sources={
            (str(row["source"]), str(row["release"])): {str(key): _text(value) for key, value in row.items()}
            for row in warehouse.query("known_releases").to_dict("records")
        },
        districts=tuple(row for _, row in read_table(folder / "districts.csv", "data/districts.csv").rows),
    )


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _authority(row: Mapping[Any, Any]) -> Authority:
    return Authority(
        code=row["authority_code"],
        name=row["authority_name"],
        department_code=row["department_code"],
        opened=row["opened"].date(),
        closed=None if pd.isna(row["closed"]) else row["closed"].date(),
        region_code=row["region_code"],
        successors=tuple(row["successors"]),
        predecessors=tuple(row["predecessors"]),
    )
