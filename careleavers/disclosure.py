"""Local figures as viewers may see them: small counts are hidden, and whatever else would give them away.

Uploaded counts are raw. :func:`protect` is the only way from them to the browsing tables; docs/DISCLOSURE.md says in plain
English what it hides, from whom, and what it cannot do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
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
_ABOUT = ["area", "subject", "clock"]


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
    cells = _cells(figures, published, ties)
    cells = cells[~cells["indicator"].isin(staff)]
    local = _local_cells(cells[cells["at"] >= 0], limit, _named(figures, also_hidden))
    count_hidden, base_hidden = np.zeros((2, len(figures)), dtype=bool)
    if len(local):
        cells = _together(pd.concat([local, _published_cells(cells[cells["at"] < 0], local)], ignore_index=True))
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


def small(
    figures: pd.DataFrame, *, units: Mapping[str, str], staff: Collection[str] = (), threshold: int | None = None
) -> pd.Series:
    """Which raw local rows :func:`protect` hides for their own sake, whatever stands beside them."""
    limit = settings.suppression_threshold() if threshold is None else threshold
    cells = _cells(figures, figures.head(0), Ties({}, units, {}))
    cells = _local_cells(cells[~cells["indicator"].isin(staff)], limit, _named(figures, None))
    return pd.Series(np.isin(np.arange(len(figures)), cells.loc[cells["n_hidden"], "at"]), index=figures.index)


def _local_cells(cells: pd.DataFrame, limit: int, named: Flags) -> pd.DataFrame:
    """Cells of uploaded figures with what is hidden for its own sake; ``named`` are figures to hide whatever they hold."""
    percent = cells["unit"] == "percent"
    halves = cells["n"].isna() | cells["d"].isna()
    number = cells["n"].notna() | cells["value"].notna()
    d_hidden = cells["d"].between(0, limit, inclusive="right")
    # A percentage without both of its counts could not be protected from what the counts would tell.
    n_hidden = (
        cells["n"].between(0, limit, inclusive="right")
        | d_hidden
        | (percent & halves & number)
        | cells["status"].isin(_TELLING)
        | named[cells["at"]]
    )
    return cells.assign(n_hidden=n_hidden, d_hidden=d_hidden)


def _named(figures: pd.DataFrame, keys: pd.DataFrame | None) -> Flags:
    if keys is None or keys.empty:
        return np.zeros(len(figures), dtype=bool)
    wanted = pd.MultiIndex.from_frame(keys[list(KEY)].assign(period_end=pd.to_datetime(keys["period_end"])))
    have = pd.MultiIndex.from_frame(figures[list(KEY)].assign(period_end=pd.to_datetime(figures["period_end"])))
    return have.isin(wanted)


def _published_cells(cells: pd.DataFrame, local: pd.DataFrame) -> pd.DataFrame:
    """Those cells of official figures that overlap with local ones in subject and time."""
    both = pd.concat([local[_ABOUT], cells[_ABOUT]], ignore_index=True)
    about = _numbered(both, _ABOUT)
    ours, theirs = about[: len(local)], about[len(local) :]
    first, last = np.full((2, len(both)), np.iinfo(np.int64).max)
    np.minimum.at(first, ours, local["start"].to_numpy())
    np.minimum.at(last, ours, -local["end"].to_numpy())
    beside = cells[(cells["end"].to_numpy() >= first[theirs]) & (-cells["start"].to_numpy() >= last[theirs])]
    n_hidden = beside["n"].isna() & (beside["status"] == "c")
    return beside.assign(n_hidden=n_hidden, d_hidden=False)


def _cells(figures: pd.DataFrame, published: pd.DataFrame, ties: Ties) -> pd.DataFrame:
    """One row for each figure, the official ones in the layer ``published``.

    Columns: at (position of the figure; -1 for an official one), area, indicator, unit, base (the name of its denominator),
    subject (the name of everything its counts are tied to), clock (flow or snapshot), youngest and oldest (ages), start and
    end (quarters, counted on), layer, status, n (people counted), d (people they are counted among) and the value,
    missing where not held. Texts are categories in their order: they are grouped by again and again.
    """
    both = [figures, published]
    indicator, area, basis, ages, status = (
        _categories(each[column] for each in both)
        for column in ("indicator", "area_code", "basis", "age_group", "status")
    )
    layer = _categories([figures["layer"], pd.Series(PUBLISHED, index=published.index)])
    day = pd.concat([pd.to_datetime(each["period_end"]) for each in both], ignore_index=True)
    end = (day.dt.year * 4 + (day.dt.month - 1) // 3).to_numpy(dtype=np.int64)
    before = _named_by(basis, lambda name: _QUARTERS_BEFORE.get(name, 0))
    before = np.where(_named_by(basis, lambda name: name == "year_to_date"), (end - 1) % 4, before)
    numerator, denominator, value = (
        np.concatenate([each[column].to_numpy(dtype=np.float64, na_value=np.nan) for each in both])
        for column in ("numerator", "denominator", "value")
    )
    subjects = ties.subjects(indicator.categories)
    unit = _renamed(indicator, lambda name: ties.units.get(name, "percent"))
    return pd.DataFrame(
        {
            "at": np.append(np.arange(len(figures)), np.full(len(published), -1)),
            "area": area,
            "indicator": indicator,
            "unit": unit,
            "base": _renamed(indicator, ties.base),
            "subject": _renamed(indicator, lambda name: subjects[name]),
            "clock": _renamed(basis, lambda name: "snapshot" if name == "snapshot" else "flow"),
            "youngest": _named_by(ages, lambda name: _age_span(name)[0]),
            "oldest": _named_by(ages, lambda name: _age_span(name)[1]),
            "start": end - before,
            "end": end,
            "layer": layer,
            "status": status,
            "n": np.where((unit == "count") & np.isnan(numerator), value, numerator),
            # What a ratio is divided by is staff, not young people.
            "d": np.where(unit == "ratio", np.nan, denominator),
            "value": value,
        }
    )


def _categories(columns: Iterable[pd.Series]) -> pd.Categorical[Any]:
    """Columns one after the other."""
    return pd.Categorical(np.concatenate([column.to_numpy(dtype=object) for column in columns]))


def _renamed(texts: pd.Categorical[Any], name: Callable[[str], str]) -> pd.Categorical[Any]:
    """Other texts for texts."""
    names = pd.Categorical([name(text) for text in texts.categories])
    return pd.Categorical.from_codes(np.append(names.codes, -1)[texts.codes], dtype=names.dtype)


def _named_by(texts: pd.Categorical[Any], number: Callable[[str], int]) -> NDArray[np.int64]:
    """A number for each text."""
    numbers: NDArray[np.int64] = np.array([*(number(text) for text in texts.categories), 0], dtype=np.int64)
    return numbers.take(texts.codes)


def _age_span(age_group: str) -> tuple[int, int]:
    """The first and the last age of a group; a label that names no ages is taken for everybody."""
    found = _AGES.fullmatch(age_group)
    return (int(found[1]), int(found[2] or found[1])) if found else EVERYBODY


def _together(cells: pd.DataFrame) -> pd.DataFrame:
    """Local and official cells in a fixed order, numbered.

    Added columns: place (one authority, age group, stretch of time and layer), part (a chain of places of one subject that
    overlap: cells of different parts have no people in common, as far as their subjects go) and zone (the same of any
    subject).
    """
    cells = cells.sort_values(["area", "indicator", *_PLACE[1:], "at"], kind="stable", ignore_index=True)
    for column, about in {"part": _ABOUT, "zone": ["area", "clock"]}.items():
        chains = pd.Series(_numbered(cells, about), index=cells.index)
        chains = _overlapping(chains, cells["youngest"], cells["oldest"])
        cells[column] = _overlapping(chains, cells["start"], cells["end"])
    cells["place"] = _numbered(cells, _PLACE)
    return cells[cells["part"].isin(cells.loc[cells["at"] >= 0, "part"])].reset_index(drop=True)


def _numbered(cells: pd.DataFrame, columns: list[str]) -> NDArray[np.int64]:
    """Numbers for what stands together in columns, in the order in which it is first there; -1 where something is missing.

    It is what groups of a frame would give, in a tenth of the time that they take for a few hundred rows.
    """
    which = np.zeros(len(cells), dtype=np.int64)
    for column in columns:
        values = cells[column]
        codes = values.cat.codes if isinstance(values.dtype, pd.CategoricalDtype) else pd.factorize(values)[0]
        each = np.asarray(codes, dtype=np.int64)
        missing = (which < 0) | (each < 0)
        # No more numbers than rows, so that the next product stays far from what 64 bits hold.
        which = pd.factorize(which * (int(each.max(initial=0)) + 1) + each)[0].astype(np.int64)
        which[missing] = -1
    return which


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
    bases = cells.groupby(["place", "base"], sort=False, observed=True).ngroup().to_numpy()
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
    family = _numbered(members, ["place", "base"])
    whole = np.bincount(family)[family] == members["base"].map(sizes).to_numpy()
    hidden = np.bincount(family, weights=members["n_hidden"])[family]
    alone = members[whole & (hidden == 1) & ~members["n_hidden"]]
    least = alone.assign(nobody=alone["n"] <= 0).sort_values(["nobody", "n", "indicator"], kind="stable")
    found: NDArray[np.intp] = least.drop_duplicates(["place", "base"]).index.to_numpy()
    return found


def _plain(cells: pd.DataFrame, ties: Ties) -> Flags:
    """Cells that no more than their own place could give away, and that it does not.

    In a part of nothing but such cells, one more here and one less there gives what is shown: of two hidden members of a
    family if they are not both 1, or of a hidden count and the unnamed rest of its denominator. Where there are counts
    within a count, somebody must be in none of them, to make up for the one.
    """
    part, place = cells["part"].to_numpy(), cells["place"].to_numpy()
    first, last = np.full((2, int(part.max()) + 1), len(cells))
    np.minimum.at(first, part, place)
    np.minimum.at(last, part, -place)
    local = (cells["layer"] != PUBLISHED) & (first == -last)[part]
    size = cells["base"].map({base: len(ties.family(base)) for base in cells["base"].unique()})
    family, hidden = _numbered(cells, ["place", "base"]), (cells["n_hidden"] & cells["n"].notna()).to_numpy()
    several = np.bincount(family, weights=hidden) > 1
    more = np.bincount(family, weights=hidden & (cells["n"].to_numpy() > 1)) > 0
    pair = (several & more)[family]
    rest = (size == 1) & ((cells["unit"] != "percent") | (cells["d"] > cells["n"]))
    plain = local & (~cells["n_hidden"] | ((cells["n"] > 0) & (pair | rest)))
    count = cells["n"].fillna(np.inf)
    for whole, parts in ties.parts.items():
        is_whole, is_part = cells["indicator"] == whole, cells["indicator"].isin(parts)
        others = count.where(is_whole, -count.where(is_part, 0)).groupby(cells["place"], sort=False).transform("sum")
        plain &= ~(is_whole | is_part) | (others >= 1) & np.isfinite(others)
    flags: Flags = plain.to_numpy()
    return flags


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
