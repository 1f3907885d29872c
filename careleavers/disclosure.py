"""Local figures as viewers may see them: small counts are hidden, and whatever else would give them away.

Uploaded counts are raw. :func:`protect` is the only way from them to the browsing tables; docs/DISCLOSURE.md says in plain
English what it hides, from whom, and what it cannot do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from careleavers import settings
from careleavers.intake.model import KEY
from careleavers.puzzle import EVERYBODY, PUBLISHED, Cell, Ties, same_people, settle
from careleavers.recovery import Flags

# Marks that a count may carry instead of a number and that say in themselves that it is small or already hidden.
_TELLING = ("c", "k", "low")
_AGES = re.compile(r"(\d+)(?:-(\d+))?")
# How many quarters before its last one a figure covers; the year to date begins in April.
_QUARTERS_BEFORE = {"rolling_12m": 3, "full_year": 3}
# Where a cell stands. Two cells of one place and one denominator speak of the same people.
_PLACE = ["area", "clock", "youngest", "oldest", "start", "end", "layer"]


def protect(
    figures: pd.DataFrame,
    published: pd.DataFrame,
    families: Mapping[str, tuple[str, ...]],
    *,
    units: Mapping[str, str],
    staff: Collection[str] = (),
    parts: Mapping[str, tuple[str, ...]] | None = None,
    also_hidden: pd.DataFrame | None = None,
    threshold: int | None = None,
) -> pd.DataFrame:
    """Raw local figures as viewers may see them: the same rows in the same order, and a column ``hidden``.

    A hidden row has status ``c`` and no numerator, value or published value; its denominator stays unless that is small
    or would give something away. Notes are blanked in every row: they are an officer's free text. Targets stay.

    :param figures: raw local rows in force, columns ``intake.model.FIGURE_COLUMNS``, of any number of authorities.
    :param published: the official figures of the same authorities (the columns of an observation). Viewers have them
        already: they are never hidden, and they help to work others out.
    :param families: indicator to all members of its family, for families whose members add to their denominator.
    :param units: indicator to its unit (percent, count, ratio, per_10000). One that is not there is taken for a percent.
    :param staff: indicators that count staff, not young people: never hidden.
    :param parts: indicator to others that are counted within it and do not overlap.
    :param also_hidden: rows (columns ``intake.model.KEY``) to hide whatever they hold: those hidden at another version.
    :param threshold: counts of people from 1 to this are hidden; by default the setting.
    """
    limit = settings.suppression_threshold() if threshold is None else threshold
    ties = Ties(families, units, parts or {})
    cells = _local_cells(figures, ties, staff, limit, also_hidden)
    count_hidden, base_hidden = np.zeros((2, len(figures)), dtype=bool)
    if len(cells):
        cells = _together(cells, _published_cells(published, cells, ties, staff))
        cells = _hide_the_rest(cells, ties, limit)
        local = cells[cells["at"] >= 0]
        count_hidden[local["at"]] = local["n_hidden"]
        base_hidden[local["at"]] = local["d_hidden"]
    result = figures.copy()
    for column in ("numerator", "value", "published_value"):
        result[column] = figures[column].mask(count_hidden)
    result["denominator"] = figures["denominator"].mask(base_hidden)
    result["status"] = figures["status"].mask(count_hidden, "c")
    result["note"] = pd.Series(pd.NA, index=figures.index, dtype="str")
    result["hidden"] = count_hidden
    return result


def _local_cells(
    figures: pd.DataFrame, ties: Ties, staff: Collection[str], limit: int, also_hidden: pd.DataFrame | None
) -> pd.DataFrame:
    """Uploaded figures as cells, with what is hidden for its own sake: see :func:`_cells` for the columns."""
    cells = _cells(figures, ties)
    percent = cells["unit"] == "percent"
    halves = cells["n"].isna() | cells["d"].isna()
    number = cells["n"].notna() | cells["value"].notna()
    cells["d_hidden"] = cells["d"].between(0, limit, inclusive="right")
    # A percentage without both of its counts could not be protected from what the counts would tell.
    cells["n_hidden"] = (
        cells["n"].between(0, limit, inclusive="right")
        | cells["d_hidden"]
        | (percent & halves & number)
        | cells["status"].isin(_TELLING)
        | _named(figures, also_hidden)
    )
    return cells[~cells["indicator"].isin(staff)]


def _named(figures: pd.DataFrame, keys: pd.DataFrame | None) -> Flags:
    if keys is None or keys.empty:
        return np.zeros(len(figures), dtype=bool)
    wanted = pd.MultiIndex.from_frame(keys[list(KEY)].assign(period_end=pd.to_datetime(keys["period_end"])))
    have = pd.MultiIndex.from_frame(figures[list(KEY)].assign(period_end=pd.to_datetime(figures["period_end"])))
    return have.isin(wanted)


def _published_cells(published: pd.DataFrame, local: pd.DataFrame, ties: Ties, staff: Collection[str]) -> pd.DataFrame:
    """The official figures that overlap with local ones in subject and time, as cells of the layer ``published``."""
    about = published["area_code"].isin(local["area"].unique()) & ~published["indicator"].isin(staff)
    cells = _cells(published[about].assign(layer=PUBLISHED), ties).assign(at=-1, d_hidden=False)
    cells["n_hidden"] = cells["n"].isna() & (cells["status"] == "c")
    held = local.groupby(["area", "subject", "clock"], as_index=False).agg(first=("start", "min"), last=("end", "max"))
    cells = cells.merge(held, on=["area", "subject", "clock"])
    return cells[(cells["end"] >= cells["first"]) & (cells["start"] <= cells["last"])]


def _cells(figures: pd.DataFrame, ties: Ties) -> pd.DataFrame:
    """One row for each figure.

    Columns: at (position of the figure), area, indicator, unit, base (the name of its denominator), subject (the name of
    everything its counts are tied to), clock (flow or snapshot), youngest and oldest (ages), start and end (quarters,
    counted on), layer, status, n (people counted), d (people they are counted among) and the value,
    missing where not held.
    """
    figures = figures.reset_index(drop=True)
    indicators, ages = pd.unique(figures["indicator"]), pd.unique(figures["age_group"])
    bases = {indicator: ties.base(indicator) for indicator in indicators}
    unit = figures["indicator"].map(dict(ties.units)).fillna("percent")
    day = pd.to_datetime(figures["period_end"])
    end = (day.dt.year * 4 + (day.dt.month - 1) // 3).astype(np.int64)
    before = figures["basis"].map(_QUARTERS_BEFORE).fillna(0).astype(np.int64)
    before = before.mask(figures["basis"] == "year_to_date", (end - 1) % 4)
    numerator, denominator, value = (
        pd.Series(figures[column].to_numpy(dtype=np.float64, na_value=np.nan))
        for column in ("numerator", "denominator", "value")
    )
    return pd.DataFrame(
        {
            "at": np.arange(len(figures)),
            "area": figures["area_code"],
            "indicator": figures["indicator"],
            "unit": unit,
            "base": figures["indicator"].map(bases),
            "subject": figures["indicator"].map(ties.subjects(indicators)),
            "clock": np.where(figures["basis"] == "snapshot", "snapshot", "flow"),
            "youngest": figures["age_group"].map({age: _age_span(age)[0] for age in ages}),
            "oldest": figures["age_group"].map({age: _age_span(age)[1] for age in ages}),
            "start": end - before,
            "end": end,
            "layer": figures["layer"],
            "status": figures["status"],
            "n": numerator.mask(unit == "count", numerator.fillna(value)),
            # What a ratio is divided by is staff, not young people.
            "d": denominator.mask(unit == "ratio"),
            "value": value,
        }
    )


def _age_span(age_group: str) -> tuple[int, int]:
    """The first and the last age of a group; a label that names no ages is taken for everybody."""
    found = _AGES.fullmatch(age_group)
    return (int(found[1]), int(found[2] or found[1])) if found else EVERYBODY


def _together(local: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Local and official cells in a fixed order, numbered.

    Added columns: place (one authority, age group, stretch of time and layer), part (a chain of places of one subject that
    overlap: cells of different parts have no people in common, as far as their subjects go) and zone (the same of any
    subject).
    """
    cells = pd.concat([local, published], ignore_index=True)
    cells = cells.sort_values(["area", "indicator", *_PLACE[1:], "at"], kind="stable", ignore_index=True)
    for column, about in {"part": ["area", "clock", "subject"], "zone": ["area", "clock"]}.items():
        chains = cells.groupby(about, sort=False).ngroup()
        chains = _overlapping(chains, cells["youngest"], cells["oldest"])
        cells[column] = _overlapping(chains, cells["start"], cells["end"])
    cells["place"] = cells.groupby(_PLACE, sort=False).ngroup()
    return cells[cells["part"].isin(cells.loc[cells["at"] >= 0, "part"])].reset_index(drop=True)


def _overlapping(group: pd.Series, first: pd.Series, last: pd.Series) -> pd.Series:
    """Numbers for the chains of spans that overlap within a group."""
    order = np.lexsort((first, group))
    step = int(last.max()) + 1
    begins, ends = (group * step + first).to_numpy()[order], (group * step + last).to_numpy()[order]
    fresh = np.append(True, begins[1:] > np.maximum.accumulate(ends)[:-1])
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.cumsum(fresh)
    return pd.Series(numbers, index=group.index)


def _hide_the_rest(cells: pd.DataFrame, ties: Ties, limit: int) -> pd.DataFrame:
    """The cells with more of them hidden: what would give hidden ones away.

    Each part stands for itself as long as its denominators are shown. A hidden denominator ties it to the parts that
    have denominators in common with it: two measures of the same young people have the same ones.
    """
    bases = cells.groupby(["place", "base"], sort=False).ngroup().to_numpy()
    people = cells.groupby(["place", "d"], sort=False).ngroup().to_numpy()
    puzzled = _puzzled(cells)
    part = cells["part"].to_numpy()
    n_hidden, d_hidden = cells["n_hidden"].to_numpy(copy=True), cells["d_hidden"].to_numpy(copy=True)
    n_hidden[_partners(cells, ties)] = True
    plain = _plain(cells.assign(n_hidden=n_hidden), ties)
    local = (cells["layer"] != PUBLISHED).to_numpy()
    settled: set[bytes] = set()
    while True:
        same = np.isin(people, people[d_hidden]) & (people >= 0) | np.isin(bases, bases[d_hidden])
        same &= local
        d_hidden |= same
        n_hidden |= same
        part = _joined(part, cells["zone"].to_numpy(), puzzled, d_hidden)
        fresh = False
        shown = local & ~(n_hidden & (d_hidden | cells["d"].isna().to_numpy()))
        for held in _groups(part, n_hidden, shown, ~plain | (part != cells["part"].to_numpy())):
            if _state(held, n_hidden, d_hidden) in settled:
                continue
            n_hidden[held], d_hidden[held] = settle(puzzled(held), n_hidden[held], d_hidden[held], ties, limit)
            settled.add(_state(held, n_hidden, d_hidden))
            fresh = True
        if not fresh:
            return cells.assign(n_hidden=n_hidden, d_hidden=d_hidden)


def _groups(part: NDArray[np.int64], *flags: Flags) -> list[NDArray[np.intp]]:
    """The positions of each part in which each of the flags is set somewhere."""
    wanted = np.ones(int(part.max()) + 1, dtype=bool)
    for flag in flags:
        wanted &= np.bincount(part[flag], minlength=len(wanted)) > 0
    at = np.flatnonzero(wanted[part])
    order = at[np.argsort(part[at], kind="stable")]
    return [held for held in np.split(order, np.flatnonzero(np.diff(part[order])) + 1) if len(held)]


def _partners(cells: pd.DataFrame, ties: Ties) -> NDArray[np.intp]:
    """The cells to hide because another one is the only hidden cell of its family in its place: the smallest of each.

    What is left of the denominator would be the hidden count, whatever else is shown. The audit would find the same one
    by one; most families need no more than this.
    """
    sizes = {ties.base(one): len(ties.family(one)) for one in ties.families}
    members = cells[cells["base"].isin(sizes) & (cells["layer"] != PUBLISHED) & ~cells["d_hidden"] & cells["n"].notna()]
    family = members.groupby(["place", "base"], sort=False)
    whole = family["indicator"].transform("size") == members["base"].map(sizes)
    alone = members[whole & (family["n_hidden"].transform("sum") == 1) & ~members["n_hidden"]]
    least = alone.assign(nobody=alone["n"] <= 0).sort_values(["nobody", "n", "indicator"], kind="stable")
    return least.drop_duplicates(["place", "base"]).index.to_numpy()


def _plain(cells: pd.DataFrame, ties: Ties) -> Flags:
    """Cells that no more than their own place could give away, and that it does not.

    In a part of nothing but such cells, one more here and one less there gives what is shown: of two hidden members of a
    family if they are not both 1, or of a hidden count and the unnamed rest of its denominator. Where there are counts
    within a count, somebody must be in none of them, to make up for the one.
    """
    place = cells["place"].groupby(cells["part"], sort=False)
    local = (cells["layer"] != PUBLISHED) & (place.transform("min") == place.transform("max"))
    size = cells["base"].map({base: len(ties.family(base)) for base in cells["base"].unique()})
    hidden = cells["n"].where(cells["n_hidden"]).groupby([cells["place"], cells["base"]], sort=False)
    pair = (hidden.transform("count") > 1) & (hidden.transform("max") > 1)
    rest = (size == 1) & ((cells["unit"] != "percent") | (cells["d"] > cells["n"]))
    plain = local & (~cells["n_hidden"] | ((cells["n"] > 0) & (pair | rest)))
    count = cells["n"].fillna(np.inf)
    for whole, parts in ties.parts.items():
        is_whole, is_part = cells["indicator"] == whole, cells["indicator"].isin(parts)
        others = count.where(is_whole, -count.where(is_part, 0)).groupby(cells["place"], sort=False).transform("sum")
        plain &= ~(is_whole | is_part) | (others >= 1) & np.isfinite(others)
    return plain.to_numpy()


def _state(held: NDArray[np.intp], *flags: Flags) -> bytes:
    return held.tobytes() + b"".join(flag[held].tobytes() for flag in flags)


def _joined(
    part: NDArray[np.int64],
    zone: NDArray[np.int64],
    puzzled: Callable[[NDArray[np.intp]], list[Cell]],
    d_hidden: Flags,
) -> NDArray[np.int64]:
    """The parts renumbered so that one with a hidden denominator is one with all that count the same people."""
    part = part.copy()
    for held in _groups(zone, d_hidden):
        held_cells = puzzled(held)
        names = same_people(held_cells)
        people = np.array([names[cell.base] for cell in held_cells])
        tied = held[np.isin(people, people[d_hidden[held]])]
        groups = pd.Series(people[np.isin(people, people[d_hidden[held]])])
        while True:
            least = pd.Series(part[tied]).groupby(groups).transform("min").to_numpy()
            if (least == part[tied]).all():
                break
            moved = dict(zip(part[tied].tolist(), least.tolist(), strict=True))
            part[held] = [moved.get(one, one) for one in part[held].tolist()]
    return part


def _puzzled(cells: pd.DataFrame) -> Callable[[NDArray[np.intp]], list[Cell]]:
    """What makes the cells at some positions into those of a puzzle."""
    columns: list[list[Any]] = [
        cells["indicator"].tolist(), cells["base"].tolist(), cells["unit"].tolist(),
        list(zip(cells["youngest"].tolist(), cells["oldest"].tolist(), strict=True)),
        list(zip(cells["start"].tolist(), cells["end"].tolist(), strict=True)),
        cells["layer"].tolist(), cells["n"].tolist(), cells["d"].tolist(),
    ]  # fmt: skip
    return lambda held: [Cell(*one) for one in zip(*([column[at] for at in held] for column in columns), strict=True)]
