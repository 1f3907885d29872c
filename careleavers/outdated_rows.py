"""Rows of the store that no longer fit the published figures: left out, counted, and reported to officers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from careleavers.figures.schema import ALLOWED
from careleavers.published import PublishedFigures
from careleavers.store import Snapshot
from careleavers.wording.formats import join_words, missing

LOCAL_LAYERS = ("provisional", "final")
LEFT_OUT = ("area_code", "upload", "reason", "what", "rows")
NOTHING_LEFT_OUT = pd.DataFrame(columns=list(LEFT_OUT))
_SEVERAL = {"figure": "figures", "inspection or visit": "inspections or visits"}
# Why a row of the store is not used, by the column that is wrong.
_REASONS = {
    "area_code": "the authority {} is not one of those that the dashboard has",
    "indicator": "the measure “{}” is no longer in the catalogue",
    "age_group": "the measure has no ages “{}” any more",
    "layer": "“{}” is no kind of local figure",
    "frequency": "“{}” is no frequency",
    "basis": "“{}” is no time that a figure can cover",
    "status": "“{}” is no mark of a missing figure",
    "period_end": "it has no period",
}


def usable_rows(base: PublishedFigures, snapshot: Snapshot) -> tuple[Snapshot, pd.DataFrame]:
    """Leave out rows that mean nothing to these published figures.

    What was right when it was uploaded may name an authority, measure, age group or layer that no longer exists.

    Parameters
    ----------
    base
        The published figures.
    snapshot
        What the store has of a version.

    Returns
    -------
    usable : Snapshot
        The rest.
    left_out : pandas.DataFrame
        How many rows were left out: ``area_code``, ``upload``, ``reason``, ``what`` (figure, inspection or visit), ``rows``.
    """
    figures, events = snapshot.figures, snapshot.events
    own = {
        str(row["id"]): frozenset(str(row["age_groups"]).split(";")) for row in snapshot.catalogue.to_dict("records")
    }
    ages = own | base.ages
    pairs = pd.MultiIndex.from_tuples([(name, age) for name, several in ages.items() for age in several])
    wrong: dict[str, Any] = {
        "area_code": ~figures["area_code"].isin(base.names),
        "indicator": ~figures["indicator"].isin(ages),
        "age_group": ~pd.MultiIndex.from_frame(figures[["indicator", "age_group"]]).isin(pairs),
        "layer": ~figures["layer"].isin(LOCAL_LAYERS),
        **{column: ~figures[column].isin(ALLOWED[column]) for column in ("frequency", "basis", "status")},
        "period_end": figures["period_end"].isna(),
    }
    told, good = [], pd.Series(True, index=figures.index)
    for column, bad in wrong.items():
        told.append(_counted(figures[good & bad], column, "figure"))
        good &= ~bad
    known = events["authority_code"].isin(base.names)
    told.append(
        _counted(events[~known].rename(columns={"authority_code": "area_code"}), "area_code", "inspection or visit")
    )
    if good.all() and known.all():
        return snapshot, NOTHING_LEFT_OUT
    kept = dataclasses.replace(
        snapshot,
        figures=figures[good].reset_index(drop=True),
        uploads=snapshot.uploads[snapshot.uploads["upload"].isin(figures.loc[good, "upload"])].reset_index(drop=True),
        events=events[known].reset_index(drop=True),
    )
    return kept, pd.concat([rows for rows in told if len(rows)], ignore_index=True)


def _counted(rows: pd.DataFrame, column: str, what: str) -> pd.DataFrame:
    if rows.empty:
        return NOTHING_LEFT_OUT
    said = [_REASONS[column].format("nothing" if missing(value) else value) for value in rows[column]]
    counted = rows[["area_code", "upload"]].assign(reason=said, what=what)
    return (
        counted.groupby(["area_code", "upload", "reason", "what"], as_index=False)
        .size()
        .rename(columns={"size": "rows"})
    )


def left_out_sentences(left_out: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Say what was left out.

    Parameters
    ----------
    left_out
        As :func:`usable_rows` gives it.
    names
        The name of each authority by its code.

    Returns
    -------
    list of str
        One sentence for each upload and reason.
    """
    told = []
    keys = ["upload", "reason", "what"]
    for upload, reason, what in left_out[keys].drop_duplicates().sort_values(keys).itertuples(index=False, name=None):
        rows = left_out[(left_out[keys] == [upload, reason, what]).all(axis=1)]
        count = int(rows["rows"].sum())
        several = f"{count:,} {what if count == 1 else _SEVERAL[what]}"
        whose = join_words(names.get(code, code) for code in sorted(rows["area_code"].unique()))
        told.append(
            f"Upload {int(upload)}: {several} of {whose} {'is' if count == 1 else 'are'} left out, because {reason}."
        )
    return told
