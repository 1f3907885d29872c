"""A version's local figures as viewers see them: what is hidden, what is rounded, and what is worked out from that."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from careleavers import settings
from careleavers.disclosure.cells import age_range, cells_of, number_groups
from careleavers.disclosure.families import Relations
from careleavers.disclosure.fitting import shown_counts
from careleavers.disclosure.people import shown_people
from careleavers.disclosure.rounding import Flags, few_below

log = logging.getLogger("careleavers.disclosure")

# Statuses that say in themselves that a count is small, or hidden already.
_TELLING = ("c", "k", "low")
_FACTORS = {"percent": 100.0, "per_10000": 10_000.0, "ratio": 1.0}
_AMOUNTS = ("average", "pounds")
# Fewer than this are no population but may be young people in care or care leavers: no council has as many of them.
_POPULATION = 5_000


def protect(
    figures: pd.DataFrame,
    published: pd.DataFrame,
    families: Mapping[str, tuple[str, ...]],
    *,
    units: Mapping[str, str],
    staff: Collection[str] = (),
    parts: Mapping[str, tuple[str, ...]] | None = None,
    bases: Collection[str] = (),
    step: int | None = None,
) -> pd.DataFrame:
    """Turn raw local figures into what viewers may see.

    Nothing is raised for what figures hold: where something goes wrong, nothing of the authority concerned is shown, and
    the log says so under a reference.

    Parameters
    ----------
    figures
        Raw local figures in force, of any number of authorities: the columns of
        :data:`careleavers.intake.model.FIGURE_COLUMNS`.
    published
        The official figures of the same authorities (the columns of an observation). They are exact and public: local
        figures are fitted to them, and what the department hides is hidden here too.
    families
        Indicator to all members of its family, for families whose members add up to their denominator.
    units
        Indicator to its unit (``percent``, ``count``, ``ratio``, ``average``, ``per_10000``, ``pounds``; an ``average`` is a ratio
        whose base is not staff). An indicator that is missing here counts as a
        percentage.
    staff
        Indicators that count staff, not young people: shown as they are.
    parts
        Indicator to others that are counted within it and do not overlap.
    bases
        Indicators that count the people who are other indicators' denominator, such as all care leavers.
    step
        Counts are shown as multiples of this; by default the setting ``CARELEAVERS_ROUND_TO``.

    Returns
    -------
    pandas.DataFrame
        The same rows in the same order, with two more columns. ``hidden`` (bool): whether the figure is not shown; it then
        has the status ``c`` or ``few`` and neither numerator nor value. ``rounded`` (float): the number of which the
        counts of the row are multiples; missing where it has none of young people. The value is worked out from the counts
        as shown. Notes are blanked, being an officer's free text. Targets stay.
    """
    relations = Relations(families, units, parts or {}, frozenset(bases))
    every = settings.rounding_step() if step is None else step
    try:
        return _protected(figures, published, relations, frozenset(staff), every)
    except Exception:
        areas, names = pd.factorize(figures["area_code"])
        if len(names) == 1:
            reference = uuid.uuid4().hex[:8]
            log.exception(
                "reference %s: the local figures of %s are hidden: protecting them failed", reference, names[0]
            )
            return _hide_all(figures)
        given: dict[str, Any] = {
            "families": families, "units": units, "staff": staff, "parts": parts, "bases": bases, "step": every,
        }  # fmt: skip
        order = np.argsort(areas, kind="stable")
        each = [protect(figures.iloc[areas == area], published, **given) for area in range(len(names))]
        return pd.concat(each).iloc[np.argsort(order, kind="stable")]


def without_partial_overlap(
    figures: pd.DataFrame,
    all_versions: pd.DataFrame,
    families: Mapping[str, tuple[str, ...]],
    parts: Mapping[str, tuple[str, ...]],
) -> Flags:
    """Find the figures that no other figure overlaps with in part.

    Two figures that overlap in part, and were rounded in different company, may say more together than each alone.

    Parameters
    ----------
    figures
        Raw local figures: the columns of :data:`careleavers.intake.model.FIGURE_COLUMNS`.
    all_versions
        All raw local figures that were in force at any version.
    families, parts
        As for :func:`protect`.

    Returns
    -------
    array of bool
        One for each row of ``figures``: whether every figure of ``all_versions`` of the same authority and subject covers either
        the same ages and quarters or none of them.
    """
    cells = cells_of(pd.concat([figures, all_versions], ignore_index=True), Relations(families, {}, parts))
    where = number_groups(cells.authority, cells.subject)
    held: dict[int, set[int]] = {}
    for subject, span in sorted({*zip(where.tolist(), cells.span.tolist(), strict=True)}):
        held.setdefault(subject, set()).add(cells.masks[span])

    @cache
    def is_alone(subject: int, span: int) -> bool:
        return not any(other & cells.masks[span] and other != cells.masks[span] for other in held[subject])

    mine = zip(where[: len(figures)].tolist(), cells.span[: len(figures)].tolist(), strict=True)
    return np.array([is_alone(*one) for one in mine], dtype=bool)


def _protected(
    figures: pd.DataFrame, published: pd.DataFrame, relations: Relations, staff: frozenset[str], step: int
) -> pd.DataFrame:
    mine, figures = figures, pd.concat([figures, _known_officially(figures, published)], ignore_index=True)
    cells = cells_of(figures, relations)
    unit_of = np.array([relations.units.get(one, "percent") for one in cells.indicators], dtype=object)
    unit = unit_of[cells.indicator]
    young = ~np.isin(cells.indicator, _places_of(cells.indicators, staff))
    # A sum of money and an average count nobody; with their denominator, they would tell how many people there are.
    amount = np.isin(unit, _AMOUNTS)
    everybody = np.isin(cells.indicator, _places_of(cells.indicators, relations.bases)) & (unit == "count")
    n, d, value = (
        figures[column].to_numpy(dtype=np.float64, na_value=np.nan) for column in ("numerator", "denominator", "value")
    )
    young &= ~(amount & np.isnan(d) & (np.isnan(n) | (n == value)))
    n = np.where((unit == "count") & np.isnan(n), value, n)
    no_n, no_d, no_value = np.isnan(n), np.isnan(d), np.isnan(value)
    percent = (unit == "percent") | (unit == "per_10000") & (d < _POPULATION)
    half = (no_n | no_d) & ~(no_n & no_value)
    # A value with one of its counts, or without any, would give the counts away.
    hidden = np.isin(figures["status"].to_numpy(dtype=object), _TELLING) | (
        np.where(unit == "ratio", (no_n != no_d) & half, half) & (unit != "count")
    )
    hidden |= amount & young
    few = np.where(percent, d, np.where(everybody, n, np.nan)) < few_below(step)
    hidden[: len(mine)] |= _hidden_by_department(mine, published, relations) & ~no_n[: len(mine)]

    # First the denominators that others share: what is shown of them depends on nothing else.
    people = np.where(percent, d, np.where(everybody, n, np.nan))
    people[~young | few] = np.nan
    people_as_shown, total = shown_people(cells, people, step)
    counted = young & ~no_n & ~hidden & ~few & ~everybody
    shown = shown_counts(cells, relations, np.where(counted, n, np.nan), np.where(percent, people, np.nan), total, step)
    shown = np.where(
        percent & ~np.isnan(shown), np.fmin(shown, people_as_shown), np.where(everybody, people_as_shown, shown)
    )
    hidden |= counted & np.isnan(shown) | ~np.isnan(people) & np.isnan(people_as_shown)
    # The staff of a ratio and the population of a rate are not young people in the council's care; a few thousand may be.
    among = np.where(percent, people_as_shown, np.where((unit == "count") | amount, np.nan, d))
    factor = np.array([_FACTORS.get(one, np.nan) for one in unit_of])[cells.indicator]
    with np.errstate(divide="ignore", invalid="ignore"):
        made = np.where(unit == "count", shown, factor * shown / among)
    made = np.where((unit == "ratio") & no_n & no_d, value, made)
    gone = young & (hidden | few)
    result = figures.copy()
    result["numerator"] = np.where(young, np.where(gone | figures["numerator"].isna(), np.nan, shown), n)
    result["denominator"] = np.where(young, np.where(few, np.nan, among), d)
    result["value"] = np.where(young, np.where(gone | ~np.isfinite(made), np.nan, made), value)
    result["published_value"] = figures["published_value"].mask(young)
    status = figures["status"].astype(object).mask(young & hidden, "c").mask(young & few, "few")
    result["status"] = status
    result["note"] = figures["note"].mask(np.ones(len(figures), dtype=bool))
    rounded = (
        result["numerator"].notna()
        | percent & result["denominator"].notna()
        | (unit == "count") & result["value"].notna()
    )
    result = result.assign(hidden=gone, rounded=np.where(young & rounded, float(step), np.nan))
    return result.head(len(mine)).astype(mine.dtypes).set_axis(mine.index)


def _hide_all(figures: pd.DataFrame) -> pd.DataFrame:
    numbers = ("numerator", "denominator", "value", "published_value")
    blank = {column: figures[column].mask(np.ones(len(figures), dtype=bool)) for column in (*numbers, "note")}
    return figures.assign(**blank, status="c", hidden=True, rounded=np.nan)


def _places_of(indicators: Sequence[str], wanted: Collection[str]) -> list[int]:
    return [at for at, one in enumerate(indicators) if one in wanted]


def _known_officially(figures: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Official figures of the indicators of some local ones: whoever sees these knows those exactly."""
    told = published[published["numerator"].notna() & published["denominator"].notna()]
    of = ["area_code", "indicator"]
    told = told[pd.MultiIndex.from_frame(told[of]).isin(pd.MultiIndex.from_frame(figures[of].drop_duplicates()))]
    # Each authority's own ages: what is shown of one depends on no other one's figures.
    areas = {
        str(label): some["area_code"].unique()
        for label, some in figures[["age_group", "area_code"]].groupby("age_group")
    }
    every = [told, *(_over_ages(told[told["area_code"].isin(some)], label) for label, some in areas.items())]
    return pd.concat(every).reindex(columns=figures.columns).assign(layer="official", status="ok")


def _over_ages(told: pd.DataFrame, age_group: str) -> pd.DataFrame:
    """Official figures of several age groups that make up a wider one, added up."""
    if told.empty:
        return told
    wide = age_range(age_group)
    label, labels = pd.factorize(told["age_group"])
    spans = [age_range(str(one)) for one in labels]
    inside = [
        one is not None and (wide is None or (wide != one and wide[0] <= one[0] <= one[1] <= wide[1])) for one in spans
    ]
    chosen = np.array(inside, dtype=bool)[label]
    within = told[chosen]
    if within.empty:
        return within
    length = np.array([one[1] - one[0] + 1 if one else 0 for one in spans])
    years = pd.Series(length[label][chosen], index=within.index)
    of = ["area_code", "indicator", "period_end", "basis"]
    sums = (
        within.assign(years=years, several=1)
        .groupby(of, as_index=False)[["numerator", "denominator", "years", "several"]]
        .sum()
    )
    whole = sums["several"] > 1 if wide is None else sums["years"] == wide[1] - wide[0] + 1
    return sums[whole].assign(age_group=age_group)


def _hidden_by_department(figures: pd.DataFrame, published: pd.DataFrame, relations: Relations) -> Flags:
    """Figures of a family in which the department hides one, for the same people and time."""
    theirs = published[(published["status"] == "c") & published["numerator"].isna()]
    if theirs.empty:
        return np.zeros(len(figures), dtype=bool)
    both = pd.concat([figures, theirs.assign(layer="final")], ignore_index=True)
    cells = cells_of(both, relations)
    place = number_groups(cells.authority, cells.base, cells.span)
    return np.isin(place[: len(figures)], place[len(figures) :])
