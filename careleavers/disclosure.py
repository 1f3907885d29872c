"""Local figures as viewers may see them: counts of young people are rounded, and so is all that follows.

Uploaded counts are raw. :func:`protect` is the only way from them to the browsing tables; docs/DISCLOSURE.md says in plain
English what it does, from whom it hides what, and what it cannot do.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from careleavers import settings

log = logging.getLogger("careleavers.disclosure")

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Marks that a count may carry instead of a number and that say in themselves that it is small or already hidden.
_TELLING = ("c", "k", "low")
_AGES = re.compile(r"(\d+)(?:-(\d+))?")
# How many quarters before its last one a figure covers; the year to date begins in April.
_QUARTERS_BEFORE = {"rolling_12m": 3, "full_year": 3}
_FACTORS = {"percent": 100.0, "per_10000": 10_000.0, "ratio": 1.0}
_NOUGHT = 1e-6
_ORDER = {"final": 0, "provisional": 1, "official": 2}
# How often what contradicts other figures is taken for figures of other people; what is still left is hidden.
_ROUNDS = 20


@dataclass(frozen=True)
class Ties:
    """What indicators have to do with one another.

    ``families``: indicator to all members of its family, which add to their shared denominator. ``units``: indicator to
    its unit. ``parts``: indicator to others that are counted within it and do not overlap. ``bases``: indicators that count
    the very people that others are counted among.
    """

    families: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    parts: Mapping[str, tuple[str, ...]]
    bases: frozenset[str] = frozenset()

    def family(self, indicator: str) -> tuple[str, ...]:
        """All indicators whose counts add to the denominator; the indicator alone where they do not."""
        return self.families.get(indicator, (indicator,))

    def subjects(self, indicators: Iterable[str]) -> dict[str, str]:
        """Indicator to the name of everything that its count is tied to: its family, its whole and its parts."""
        names = {indicator: min(self.family(indicator)) for indicator in indicators}
        for whole, parts in self.parts.items():
            tied = {min(self.family(one)) for one in (whole, *parts)} | {
                names[one] for one in (whole, *parts) if one in names
            }
            names = {one: min(tied) if name in tied else name for one, name in names.items()}
        return names


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
    """Raw local figures as viewers may see them: the same rows in the same order, with two more columns.

    ``hidden``: whether the figure is not shown; it then has the status ``c`` or ``few`` and no numerator or value.
    ``rounded``: the number of which the counts of the row are multiples; missing where it has none of young people. The
    value is worked out from the counts that are shown. Notes are blanked, being an officer's free text. Targets stay.

    Where something goes wrong, nothing of the authority concerned is shown, and the log says so.

    :param figures: raw local rows in force, columns ``intake.model.FIGURE_COLUMNS``, of any number of authorities.
    :param published: the official figures of the same authorities (the columns of an observation): what the department
        hides is hidden here, too.
    :param families: indicator to all members of its family, for families whose members add to their denominator.
    :param units: indicator to its unit (percent, count, ratio, per_10000, pounds). One that is not there is taken for a percent.
    :param staff: indicators that count staff, not young people: shown as they are.
    :param parts: indicator to others that are counted within it and do not overlap.
    :param bases: indicators that count the people that others are counted among, such as all care leavers.
    :param step: counts are shown as multiples of this; by default the setting.
    """
    ties = Ties(families, units, parts or {}, frozenset(bases))
    every = settings.rounding_step() if step is None else step
    try:
        return _protected(figures, published, ties, frozenset(staff), every)
    except Exception:
        areas, names = pd.factorize(figures["area_code"])
        if len(names) == 1:
            reference = uuid.uuid4().hex[:8]
            log.exception(
                "reference %s: the local figures of %s are hidden: protecting them failed", reference, names[0]
            )
            return _nothing_of(figures)
        given: dict[str, Any] = {
            "families": families, "units": units, "staff": staff, "parts": parts, "bases": bases, "step": every,
        }  # fmt: skip
        order = np.argsort(areas, kind="stable")
        each = [protect(figures.iloc[areas == area], published, **given) for area in range(len(names))]
        return pd.concat(each).iloc[np.argsort(order, kind="stable")]


def alone(
    figures: pd.DataFrame,
    ever: pd.DataFrame,
    families: Mapping[str, tuple[str, ...]],
    parts: Mapping[str, tuple[str, ...]],
) -> Flags:
    """Which figures no other of ``ever`` overlaps with in part: same authority and subject, some of its ages and quarters."""
    cells = _cells(pd.concat([figures, ever], ignore_index=True), Ties(families, {}, parts))
    where = _numbered(cells.clock, cells.subject)
    held: dict[int, set[int]] = {}
    for kind, span in sorted({*zip(where.tolist(), cells.span.tolist(), strict=True)}):
        held.setdefault(kind, set()).add(cells.masks[span])

    @cache
    def is_alone(kind: int, span: int) -> bool:
        return not any(other & cells.masks[span] and other != cells.masks[span] for other in held[kind])

    mine = zip(where[: len(figures)].tolist(), cells.span[: len(figures)].tolist(), strict=True)
    return np.array([is_alone(*one) for one in mine], dtype=bool)


def few_below(step: int) -> int:
    """The number of young people below which nothing is said of them: the least that rounds to five steps."""
    return -(-9 * step // 2)


def _nothing_of(figures: pd.DataFrame) -> pd.DataFrame:
    numbers = ("numerator", "denominator", "value", "published_value")
    blank = {column: figures[column].mask(np.ones(len(figures), dtype=bool)) for column in (*numbers, "note")}
    return figures.assign(**blank, status="c", hidden=True, rounded=np.nan)


# ---------------------------------------------------------------------- figures as cells


@dataclass
class _Cells:
    """A figure each. ``clock`` is an authority and whether its figures are of a time or of a day; ``subject`` the group of
    measures that it is tied to; ``base`` its denominator; ``member`` its place in ``indicators``; ``span`` the ages and
    quarters it covers, which are the bits of its place in ``masks`` (those of its ages alone in ``ages``). ``order`` is 0 where
    it is final, 1 where it is provisional, 2 where it is official: the lower one counts.
    """

    clock: Places
    subject: Places
    base: Places
    member: Places
    span: Places
    order: Places
    indicators: list[str]
    masks: list[int]
    ages: list[int]


def _cells(figures: pd.DataFrame, ties: Ties) -> _Cells:
    indicator, indicators = pd.factorize(figures["indicator"], sort=True)
    area, _ = pd.factorize(figures["area_code"])
    basis, bases = pd.factorize(figures["basis"])
    group, groups = pd.factorize(figures["age_group"])
    day = pd.DatetimeIndex(pd.to_datetime(figures["period_end"]))
    end = np.asarray(day.year * 4 + (day.month - 1) // 3, dtype=np.int64)
    before = np.array([_QUARTERS_BEFORE.get(name, 0) for name in bases], dtype=np.int64)[basis]
    before = np.where(np.array([name == "year_to_date" for name in bases], dtype=bool)[basis], (end - 1) % 4, before)
    subjects = ties.subjects(indicators)
    subject, _ = pd.factorize(np.array([subjects[one] for one in indicators], dtype=object))
    base, _ = pd.factorize(np.array([min(ties.family(one)) for one in indicators], dtype=object))
    clock = _numbered(area, np.array([name == "snapshot" for name in bases], dtype=bool)[basis])
    named = [_age_span(name) for name in groups]
    edges = sorted({edge for span in named if span for edge in (span[0], span[1] + 1)})
    bits = [
        sum(1 << at for at, edge in enumerate(edges[:-1]) if span[0] <= edge <= span[1]) if span else 0
        for span in named
    ]
    ages = np.array(bits, dtype=np.int64)[group]
    # A group that names no ages is everybody whom the measure counts, those of no named age among them.
    of_subject = _numbered(clock, subject[indicator])
    everybody = np.zeros(int(of_subject.max(initial=-1)) + 1, dtype=np.int64)
    np.bitwise_or.at(everybody, of_subject, ages)
    everybody |= 1 << len(edges)
    ages, start = np.where(ages == 0, everybody[of_subject], ages), end - before
    _spans, first_of = np.unique(span := _numbered(ages, start, end), return_index=True)
    pieces, origin = len(edges) + 1, int(start.min()) if len(start) else 0
    masks = [
        sum(int(ages[at]) << (quarter - origin) * pieces for quarter in range(int(start[at]), int(end[at]) + 1))
        for at in first_of.tolist()
    ]
    return _Cells(
        clock=clock,
        subject=subject[indicator],
        base=base[indicator],
        member=indicator.astype(np.int64),
        span=span,
        order=np.asarray(figures["layer"].map(_ORDER).fillna(1), dtype=np.int64),
        indicators=[str(one) for one in indicators],
        masks=masks,
        ages=ages[first_of].tolist(),
    )


def _age_span(age_group: str) -> tuple[int, int] | None:
    """The first and the last age of a group; None for a label that names no ages."""
    found = _AGES.fullmatch(age_group)
    return (int(found[1]), int(found[2] or found[1])) if found else None


def _numbered(*columns: NDArray[Any]) -> Places:
    """Numbers for what stands together in columns."""
    which = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        codes, names = pd.factorize(column)
        which = pd.factorize(which * (len(names) + 1) + codes)[0].astype(np.int64)
    return which


# ---------------------------------------------------------------------- what is shown


def _protected(
    figures: pd.DataFrame, published: pd.DataFrame, ties: Ties, staff: frozenset[str], step: int
) -> pd.DataFrame:
    mine, figures = figures, pd.concat([figures, _known_officially(figures, published)], ignore_index=True)
    cells = _cells(figures, ties)
    of_member = np.array([ties.units.get(one, "percent") for one in cells.indicators], dtype=object)
    unit = of_member[cells.member]
    money = unit == "pounds"
    no_people = money & figures["denominator"].isna().to_numpy()
    # A sum of money counts nobody; divided by young people it would tell how many there are.
    young = ~np.isin(cells.member, _places_of(cells.indicators, staff)) & ~no_people
    everybody = np.isin(cells.member, _places_of(cells.indicators, ties.bases)) & (unit == "count")
    n, d, value = (
        figures[column].to_numpy(dtype=np.float64, na_value=np.nan) for column in ("numerator", "denominator", "value")
    )
    n = np.where((unit == "count") & np.isnan(n), value, n)
    no_n, no_d, no_value = np.isnan(n), np.isnan(d), np.isnan(value)
    percent = unit == "percent"
    half = (no_n | no_d) & ~(no_n & no_value)
    # What the counts would tell must not come back from a value that stands beside one of them, or alone.
    hidden = np.isin(figures["status"].to_numpy(dtype=object), _TELLING) | (
        np.where(unit == "ratio", (no_n != no_d) & half, half) & (unit != "count")
    )
    hidden |= money & young
    few = np.where(percent, d, np.where(everybody, n, np.nan)) < few_below(step)
    hidden[: len(mine)] |= _hidden_by_department(mine, published, ties) & ~no_n[: len(mine)]

    # The people that are counted among, first: what is said of them depends on nothing else.
    people = np.where(percent, d, np.where(everybody, n, np.nan))
    people[~young | few] = np.nan
    shown_people, total = _people(cells, people, step)
    counted = young & ~no_n & ~hidden & ~few & ~everybody
    shown = _counts(cells, ties, np.where(counted, n, np.nan), np.where(percent, people, np.nan), total, step)
    shown = np.where(percent & ~np.isnan(shown), np.fmin(shown, shown_people), np.where(everybody, shown_people, shown))
    hidden |= counted & np.isnan(shown) | ~np.isnan(people) & np.isnan(shown_people)
    # Of a ratio the staff, and of a rate the population, are not young people of the council's.
    among = np.where(percent, shown_people, np.where((unit == "count") | money, np.nan, d))
    factor = np.array([_FACTORS.get(one, np.nan) for one in of_member])[cells.member]
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


def _places_of(indicators: Sequence[str], wanted: Collection[str]) -> list[int]:
    return [at for at, one in enumerate(indicators) if one in wanted]


def _known_officially(figures: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Official figures of measures that there are figures of: whoever sees these knows those to the last one."""
    told = published[published["numerator"].notna() & published["denominator"].notna()]
    of = ["area_code", "indicator"]
    told = told[pd.MultiIndex.from_frame(told[of]).isin(pd.MultiIndex.from_frame(figures[of].drop_duplicates()))]
    every = [told, *(_over_ages(told, str(label)) for label in figures["age_group"].unique())]
    return pd.concat(every).reindex(columns=figures.columns).assign(layer="official", status="ok")


def _over_ages(told: pd.DataFrame, age_group: str) -> pd.DataFrame:
    """Official figures of several age groups that make up a wider one, added up."""
    if told.empty:
        return told
    wide = _age_span(age_group)
    spans = told["age_group"].map(lambda one: _age_span(str(one)))
    within = told[
        [bool(one) and (wide is None or (wide != one and wide[0] <= one[0] <= one[1] <= wide[1])) for one in spans]
    ]
    of = ["area_code", "indicator", "period_end", "basis"]
    years = pd.Series([last - first + 1 for first, last in filter(None, spans[within.index])], index=within.index)
    sums = (
        within.assign(years=years, several=1)
        .groupby(of, as_index=False)[["numerator", "denominator", "years", "several"]]
        .sum()
    )
    whole = sums["several"] > 1 if wide is None else sums["years"] == wide[1] - wide[0] + 1
    return sums[whole].assign(age_group=age_group)


def _hidden_by_department(figures: pd.DataFrame, published: pd.DataFrame, ties: Ties) -> Flags:
    """Figures of a family of which the department hides one, of the same people and the same time."""
    theirs = published[(published["status"] == "c") & published["numerator"].isna()]
    if theirs.empty:
        return np.zeros(len(figures), dtype=bool)
    both = pd.concat([figures, theirs.assign(layer="final")], ignore_index=True)
    cells = _cells(both, ties)
    place = _numbered(cells.clock, cells.base, cells.span)
    return np.isin(place[: len(figures)], place[len(figures) :])


def _rounded(numbers: Numbers, step: int) -> Numbers:
    """The nearest multiples, halves up."""
    nearest: Numbers = step * np.floor(numbers / step + 0.5)
    return nearest


def _balanced(shown: Numbers, counts: Numbers, totals: Numbers, step: int) -> None:
    """Change counts that are shown, in place, so that those of each column add up to its total, and rows to what they do.

    ``totals`` is missing where a column may add up to anything. Each time the two of a row are changed that are nearest to it.
    """
    for _ in range(shown.size * 4):
        off = np.nan_to_num(totals - np.nansum(shown, axis=0))
        more, less = off > 0, off < 0
        if not (more.any() or less.any()):
            return
        more, less = (some if some.any() else np.isnan(totals) for some in (more, less))
        known = ~np.isnan(shown)
        up = np.where(known & more, np.abs(shown + step - counts), np.inf)
        down = np.where(known & less & (shown >= step), np.abs(shown - step - counts), np.inf)
        cost = up[:, :, None] + down[:, None, :]
        row, above, below = np.unravel_index(cost.argmin(), cost.shape)
        if not np.isfinite(cost[row, above, below]):
            break
        shown[row, above] += step
        shown[row, below] -= step
    # What cannot be made to agree with what is public is not shown.
    shown[:] = np.nan


def _fitted(counts: Numbers, totals: Numbers, step: int) -> Numbers:
    """Counts as multiples that add up to the totals, a row each; NaN for what is not there.

    Each is rounded to the nearest multiple. Where these do not add up, another one is taken for those that are nearest to it.
    """
    shown = _rounded(counts, step)
    while True:
        off = np.nan_to_num(totals - np.nansum(shown, axis=1))
        move = step * np.sign(off)[:, None]
        cost = np.where(np.isnan(shown) | (shown + move < 0), np.inf, np.abs(shown + move - counts))
        # Of two that are equally near, the greater: it matters less there.
        cost = cost - np.nan_to_num(counts) * _NOUGHT
        rows = np.flatnonzero((off != 0) & np.isfinite(cost).any(axis=1))
        if not len(rows):
            return shown
        best = cost[rows].argmin(axis=1)
        shown[rows, best] += move[rows, 0]


# ---------------------------------------------------------------------- what adds up over time and ages


@lru_cache(maxsize=4096)
def _pieces(spans: tuple[int, ...]) -> tuple[tuple[int, ...], Numbers, Flags]:
    """The pieces that some spans tell apart, such as the second quarter from the first and the year to date.

    Gives the pieces, how each is worked out from the spans (a row a piece), and which of them make up each span (a row a
    span). Spans and pieces are bits. Spans that overlap, and of which nobody knows the overlap, are pieces themselves.
    """
    found: dict[int, Numbers] = {}
    made_of: dict[int, list[int]] = {}
    todo = sorted(zip(spans, np.eye(len(spans)), strict=True), key=lambda one: (one[0].bit_count(), one[0]))
    while todo:
        span, sum_of = todo.pop(0)
        rest, within = span, []
        for piece in sorted(found, key=lambda one: (one.bit_count(), one)):
            if piece & rest == piece:
                rest ^= piece
                sum_of = sum_of - found[piece]
                within.append(piece)
        if rest:
            within.append(rest)
            larger = [one for one in found if one & rest == rest]
            found[rest] = sum_of
            todo += [(one, found.pop(one)) for one in larger]
        if within != [span]:
            made_of[span] = within

    def pieces_of(span: int) -> list[int]:
        return [span] if span not in made_of else [piece for one in made_of[span] for piece in pieces_of(one)]

    order = list(found)
    uses = np.array([[piece in pieces_of(span) for piece in order] for span in spans], dtype=bool)
    return tuple(order), np.array([found[piece] for piece in order]).reshape(len(order), len(spans)), uses


@dataclass
class _Grid:
    """Figures that are of one kind and agree: ``kept`` of the spans, their pieces, and the counts of these."""

    kept: list[int]
    pieces: tuple[int, ...]
    uses: Flags
    counts: Numbers


def _grid(spans: Sequence[int], counts: Numbers) -> _Grid:
    """Spans taken apart; ``counts`` has a row a span and a column a count, NaN where it is not known.

    A span whose count contradicts that of smaller ones (a year to date that falls) is left out.
    """
    if sum(span.bit_count() for span in spans) == reduce(or_, spans).bit_count():
        return _Grid(list(range(len(spans))), tuple(spans), np.eye(len(spans), dtype=bool), counts)
    chains = [_chain(chain, spans, counts) for chain in _overlapping(spans)]
    kept = [at for chain in chains for at in chain.kept]
    uses = np.zeros((len(kept), sum(len(chain.pieces) for chain in chains)), dtype=bool)
    row = column = 0
    for chain in chains:
        rows, columns = chain.uses.shape
        uses[row : row + rows, column : column + columns] = chain.uses
        row, column = row + rows, column + columns
    pieces = tuple(piece for chain in chains for piece in chain.pieces)
    return _Grid(kept, pieces, uses, np.vstack([chain.counts for chain in chains]))


def _overlapping(spans: Sequence[int]) -> list[list[int]]:
    """The spans in chains of which each overlaps with another one."""
    closed: list[list[int]] = []
    chains: list[tuple[int, list[int]]] = []
    for at in sorted(range(len(spans)), key=lambda at: spans[at] & -spans[at]):
        span, met, apart = spans[at], [at], []
        for covered, chain in chains:
            if covered & span:
                span, met = span | covered, chain + met
            elif covered.bit_length() < (spans[at] & -spans[at]).bit_length():
                closed.append(chain)
            else:
                apart.append((covered, chain))
        chains = [*apart, (span, met)]
    return closed + [chain for _, chain in chains]


def _chain(chain: Sequence[int], spans: Sequence[int], counts: Numbers) -> _Grid:
    kept = sorted(chain, key=lambda at: (spans[at].bit_count(), spans[at]))
    while True:
        low = min((spans[at] & -spans[at]).bit_length() - 1 for at in kept)
        pieces, sum_of, uses = _pieces(tuple(spans[at] >> low for at in kept))
        some = counts[kept]
        unknown = (np.abs(sum_of) @ np.isnan(some)) > 0
        made = np.where(unknown, np.nan, sum_of @ np.nan_to_num(some))
        known = (uses @ unknown) == 0
        off = np.abs(np.where(known, uses @ np.nan_to_num(made) - np.nan_to_num(some), 0)) > _NOUGHT
        bad = set(np.flatnonzero((off & ~np.isnan(some)).any(axis=1)).tolist())
        for piece in np.flatnonzero((made < -_NOUGHT).any(axis=1)).tolist():
            bad.add(int(np.flatnonzero(sum_of[piece] > 0).max()))
        if not bad:
            return _Grid(kept, tuple(piece << low for piece in pieces), uses, made)
        kept = [at for place, at in enumerate(kept) if place != min(bad)]


def _tiled(span: int, number: float, pieces: Mapping[int, tuple[float, float]]) -> float:
    """What is shown of a span that pieces (their true number, and the one shown) make up; NaN where they do not."""
    if span in pieces and abs(number - pieces[span][0]) <= _NOUGHT:
        return pieces[span][1]
    total = 0.0
    for piece, (true, shown) in pieces.items():
        if piece & span == piece:
            span, number, total = span ^ piece, number - true, total + shown
    return np.nan if span or abs(number) > _NOUGHT else total


# ---------------------------------------------------------------------- people and counts of them

# What tells as how many the people of a piece are shown: of the measure of a figure, with their true number.
Totals = Callable[[int, int, float], float]


def _people(cells: _Cells, people: Numbers, step: int) -> tuple[Numbers, Totals]:
    """The people that are counted among as shown, and what tells it of other spans.

    Measures whose people agree wherever they both stand have the same pieces: the same people have the same number
    whatever is counted among them.
    """
    entry = _numbered(cells.clock, cells.base, cells.span, people)
    order = np.lexsort((people, cells.order, cells.span, cells.base, cells.clock))
    order = order[~np.isnan(people[order])]
    firsts = order[np.sort(np.unique(entry[order], return_index=True)[1])]
    shown = np.full(int(entry.max(initial=-1)) + 1, np.nan)
    public = np.zeros(len(shown), dtype=bool)
    public[entry[cells.order == _ORDER["official"]]] = True
    sets: dict[int, dict[int, tuple[float, float]]] = {}
    for some in _split(firsts, cells.clock[firsts]):
        left = some.tolist()
        for _ in range(_ROUNDS):
            if not left:
                break
            groups: list[dict[int, list[int]]] = []
            again: list[int] = []
            for held in _split(np.array(left), cells.base[left]):
                mine: dict[int, int] = {}
                for at in held.tolist():
                    if people[mine.setdefault(cells.masks[cells.span[at]], at)] != people[at]:
                        again.append(at)
                if public[entry[[*mine.values()]]].any():
                    # What is official may be of other people: then it says nothing of these.
                    fits = _grid(list(mine), np.array([[people[at]] for at in mine.values()])).kept
                    other = [
                        span
                        for place, (span, at) in enumerate(mine.items())
                        if place not in fits and cells.order[at] == _ORDER["official"] and len(mine) > 1
                    ]
                    again += [mine.pop(span) for span in other]
                group = next((group for group in groups if _same_people(cells, people, group, mine)), None)
                if group is None:
                    groups.append(group := {})
                for span, at in mine.items():
                    group.setdefault(span, []).append(at)
            for group in groups:
                spans = list(group)
                grid = _grid(spans, np.array([[people[group[span][0]]] for span in spans]))
                numbers = grid.counts[:, 0]
                rounded = _rounded(numbers, step)
                for place, uses in zip(grid.kept, grid.uses, strict=True):
                    if uses.sum() > 1 and any(public[entry[at]] for at in group[spans[place]]):
                        rounded[uses] = _fitted(
                            numbers[None, uses], _rounded(numbers[uses].sum(keepdims=True), step), step
                        )[0]
                found = {
                    piece: (true, seen)
                    for piece, true, seen in zip(grid.pieces, numbers.tolist(), rounded.tolist(), strict=True)
                }
                for place, number in zip(grid.kept, grid.uses @ rounded, strict=True):
                    for at in group[spans[place]]:
                        shown[entry[at]], sets[int(entry[at])] = number, found
                again += [at for place in set(range(len(spans))) - set(grid.kept) for at in group[spans[place]]]
            at_first = {at: place for place, at in enumerate(left)}
            left = sorted(again, key=at_first.__getitem__)

    def total(at: int, span: int, number: float) -> float:
        if int(entry[at]) not in sets:
            return np.nan
        tiled = _tiled(span, number, sets[int(entry[at])])
        return float(_rounded(np.array(number), step)) if np.isnan(tiled) else tiled

    return np.where(np.isnan(people), np.nan, shown[entry]), total


def _same_people(cells: _Cells, people: Numbers, group: Mapping[int, list[int]], mine: Mapping[int, int]) -> bool:
    """Whether figures may be of the people of a group: of the same ages, and nowhere of another number."""
    if any(people[group[span][0]] != people[at] for span, at in mine.items() if span in group):
        return False
    if mine.keys() <= group.keys():
        return True
    theirs, ours = (
        {cells.ages[cells.span[at]] for at in some} for some in ((one[0] for one in group.values()), mine.values())
    )
    if not (theirs <= ours or ours <= theirs):
        return False
    both = {span: people[at] for span, at in mine.items()} | {span: people[some[0]] for span, some in group.items()}
    return len(_grid(list(both), np.array(list(both.values()))[:, None]).kept) == len(both)


def _split(values: Places, by: NDArray[Any]) -> list[Places]:
    """Values parted where what they are of changes."""
    return np.split(values, np.flatnonzero(by[1:] != by[:-1]) + 1) if len(values) else []


@dataclass
class _Kind:
    """The counts of one subject of one authority in pieces: ``counts`` has a row a piece and a column a measure."""

    grid: _Grid
    rows: Places
    span_of: Places
    member_of: Places
    members: list[int]
    counts: Numbers
    people: Numbers
    totals: Numbers


def _counts(cells: _Cells, ties: Ties, counts: Numbers, people: Numbers, total: Totals, step: int) -> Numbers:
    """Counts as they are shown: those of a piece of time add up to the people they are counted among."""
    shown = np.full(len(counts), np.nan)
    order = np.lexsort((people, counts, cells.order, cells.member, cells.span, cells.subject, cells.clock))
    left = order[~np.isnan(counts[order])]
    where = _numbered(cells.clock, cells.subject)
    for _ in range(_ROUNDS):
        if not len(left):
            break
        kinds, again = [], []
        for rows in _split(left, where[left]):
            kind, others = _kind(cells, counts, people, total, rows)
            kinds.append(kind)
            again.append(others)
        _show(cells, ties, kinds, counts, people, total, step, shown)
        left = np.concatenate(again)
    return shown


def _kind(cells: _Cells, counts: Numbers, people: Numbers, total: Totals, rows: Places) -> tuple[_Kind, Places]:
    """The figures of one subject that agree with each other, taken apart; and the rest."""
    spans, span_of = np.unique(cells.span[rows], return_inverse=True)
    members, member_of = np.unique(cells.member[rows], return_inverse=True)
    held = np.full((len(spans), len(members) + 1), np.nan)
    # Of several the one that is written last stays: the first final one, or the first.
    backwards = np.argsort(cells.order[rows], kind="stable")[::-1]
    held[span_of[backwards], -1] = people[rows[backwards]]
    same = np.isclose(held[span_of, -1], people[rows], rtol=0, atol=_NOUGHT, equal_nan=True)
    backwards = backwards[same[backwards]]
    held[span_of[backwards], member_of[backwards]] = counts[rows[backwards]]
    same &= np.abs(held[span_of, member_of] - counts[rows]) <= _NOUGHT
    grid = _grid([cells.masks[span] for span in spans], held)
    kept = np.full(len(spans), -1)
    kept[grid.kept] = np.arange(len(grid.kept))
    same &= kept[span_of] >= 0
    first = int(rows[same][0])
    pieces = grid.counts
    totals = np.array([total(first, piece, number) for piece, number in zip(grid.pieces, pieces[:, -1], strict=True)])
    kind = _Kind(
        grid, rows[same], kept[span_of[same]], member_of[same], members.tolist(), pieces[:, :-1], pieces[:, -1], totals
    )
    return kind, rows[~same]


def _show(
    cells: _Cells, ties: Ties, kinds: Sequence[_Kind], counts: Numbers, people: Numbers, total: Totals, step: int,
    shown: Numbers,
) -> None:  # fmt: skip
    """Write what is shown of figures: first of those that are counted among people, then of the parts of these."""
    place = {one: at for at, one in enumerate(cells.indicators)}
    first, inner = _Fits(), _Fits()
    for kind in kinds:
        column = {member: at for at, member in enumerate(kind.members)}
        known = ~np.isnan(kind.counts)
        apart = np.zeros_like(known)
        for whole, parts in ties.parts.items():
            if (own := column.get(place.get(whole, -1))) is not None:
                for part in parts:
                    if (at := column.get(place.get(part, -1))) is not None:
                        apart[:, at] = known[:, own]
        counted = np.where(apart, np.nan, kind.counts)
        first.add(counted, kind.people - np.nansum(counted, axis=1), _whole(kind, ties, cells, known), kind.totals)
    fitted = first.fitted(step)
    for kind, mine in zip(kinds, fitted, strict=True):
        _agree_with_official(cells, kind, mine, kind.counts, kind.people, kind.totals, step, list(range(mine.shape[1])))
    for kind, mine in zip(kinds, fitted, strict=True):
        column = {member: at for at, member in enumerate(kind.members)}
        for whole, parts in ties.parts.items():
            own = column.get(place.get(whole, -1))
            within = [column[place[part]] for part in parts if place.get(part, -1) in column]
            if own is not None and within:
                some = np.where(np.isnan(kind.counts[:, [own]]), np.nan, kind.counts[:, within])
                left = kind.counts[:, own] - np.nansum(some, axis=1)
                inner.add(some, left, np.zeros(len(some), dtype=bool), mine[:, own], (mine, within))
    inner.fitted(step)
    for kind, mine in zip(kinds, fitted, strict=True):
        column = {member: at for at, member in enumerate(kind.members)}
        for whole, parts in ties.parts.items():
            own = column.get(place.get(whole, -1))
            within = [column[place[part]] for part in parts if place.get(part, -1) in column]
            if own is not None and within:
                some = mine[:, within]
                _agree_with_official(
                    cells, kind, some, kind.counts[:, within], kind.counts[:, own], mine[:, own], step, within
                )
                mine[:, within] = some
        sums = np.where((kind.grid.uses @ np.isnan(mine)) > 0, np.nan, kind.grid.uses @ np.nan_to_num(mine))
        shown[kind.rows] = sums[kind.span_of, kind.member_of]
        late = np.isnan(shown[kind.rows])
        if late.any():
            true = np.where(np.isnan(sums), np.nan, kind.grid.uses @ np.nan_to_num(kind.counts))
            for span in np.unique(kind.span_of[late]).tolist():
                told = {
                    member: (true[span, at], sums[span, at])
                    for at, member in enumerate(kind.members)
                    if not np.isnan(sums[span, at])
                }
                _show_late(cells, ties, kind.rows[late & (kind.span_of == span)], kind.rows, counts, people, total, step, told, shown)  # fmt: skip


def _agree_with_official(
    cells: _Cells, kind: _Kind, shown: Numbers, counts: Numbers, among: Numbers, totals: Numbers, step: int,
    columns: list[int],
) -> None:  # fmt: skip
    """Change counts of pieces, in place, so that those of an official year add up to the official count, rounded.

    Otherwise quarters that are all rounded down could be told from an official count that says by how much.
    """
    official = cells.order[kind.rows] == _ORDER["official"]
    for span in np.unique(kind.span_of[official]).tolist():
        pieces = np.flatnonzero(kind.grid.uses[span])
        told = set(kind.member_of[official & (kind.span_of == span)].tolist())
        known = np.array([column in told for column in columns]) & ~np.isnan(shown[pieces]).any(axis=0)
        if len(pieces) < 2 or not known.any() or np.isnan(totals[pieces]).any():
            continue
        left = totals[pieces] - np.nansum(shown[pieces], axis=1)
        rest = among[pieces] - np.nansum(counts[pieces], axis=1)
        whole = (left == 0).all() and (np.abs(rest) < _NOUGHT).all()
        both = np.column_stack([shown[pieces], np.full(len(pieces), np.nan) if whole else left])
        true = np.column_stack([counts[pieces], rest])
        sums = np.where(known, counts[pieces].sum(axis=0), np.nan)
        others = among[pieces].sum() - np.nansum(sums)
        aim = np.append(sums, others if others > _NOUGHT or not whole else np.nan)
        aim = _fitted(aim[None], totals[pieces].sum(keepdims=True), step)[0]
        _balanced(both, true, np.append(aim[:-1], np.nan), step)
        shown[pieces] = both[:, :-1]


def _show_late(
    cells: _Cells, ties: Ties, rows: Places, of_kind: Places, counts: Numbers, people: Numbers, total: Totals, step: int,
    told: dict[int, tuple[float, float]], shown: Numbers,
) -> None:  # fmt: skip
    """Write what is shown of counts that are known of a whole and not of its pieces; ``rows`` are figures of one span.

    ``told`` has the counts that follow from those of the pieces, with what these are shown as. A count that overlaps with
    another one of its measure stays hidden: what both have in common could not be rounded once.
    """
    span = cells.masks[cells.span[rows[0]]]
    meets = [
        int(cells.member[at])
        for at in of_kind
        if cells.order[at] != _ORDER["official"]
        and cells.masks[cells.span[at]] != span
        and cells.masks[cells.span[at]] & span
    ]
    known = {int(cells.member[at]): float(counts[at]) for at in rows if int(cells.member[at]) not in meets}
    place = {one: at for at, one in enumerate(cells.indicators)}
    within = {
        place[part]: place[whole]
        for whole, parts in ties.parts.items()
        for part in parts
        if part in place and place.get(whole) in known.keys() | told.keys()
    }
    everybody = float(people[rows[0]]), total(int(rows[0]), span, float(people[rows[0]]))
    # Those that are counted among all come first, and what is counted within them then.
    for whole in [None, *dict.fromkeys(within.values())]:
        late = [one for one in known if within.get(one) == whole]
        if not late:
            continue
        others = [told[one] for one in told if within.get(one) == whole]
        number, among = everybody if whole is None else told[whole]
        rest = number - sum(known[one] for one in late) - sum(true for true, _ in others)
        row = np.array([*(known[one] for one in late), rest if rest > _NOUGHT else np.nan])
        fitted = _fitted(row[None], np.array([among - sum(seen for _, seen in others)]), step)[0]
        told |= {one: (known[one], float(seen)) for one, seen in zip(late, fitted, strict=False)}
    for at in rows:
        shown[at] = told.get(int(cells.member[at]), (0.0, np.nan))[1]


def _whole(kind: _Kind, ties: Ties, cells: _Cells, known: Flags) -> Flags:
    """Whether the members of a family are all known, for each piece."""
    names = [cells.indicators[member] for member in kind.members]
    whole = np.zeros(len(known), dtype=bool)
    for family in {ties.family(name) for name in names}:
        if len(family) > 1 and set(family) <= set(names):
            whole |= known[:, [names.index(one) for one in family]].all(axis=1)
    return whole


class _Fits:
    """Rows of counts to fit to totals, gathered so that all are fitted at once."""

    def __init__(self) -> None:
        self._given: list[tuple[Numbers, Numbers]] = []
        self._into: list[tuple[Numbers, list[int]] | None] = []

    def add(
        self,
        counts: Numbers,
        rest: Numbers,
        whole: Flags,
        totals: Numbers,
        into: tuple[Numbers, list[int]] | None = None,
    ) -> None:
        """``rest`` is what the counts leave of the total, nothing where they are ``whole``; ``into`` takes the result."""
        # Counts that are more than what they are part of contradict it.
        totals = np.where(rest < -_NOUGHT, np.nan, totals)
        rest = np.where((rest < -_NOUGHT) | (whole & (np.abs(rest) < _NOUGHT)), np.nan, rest)
        self._given.append((np.column_stack([counts, rest]), totals))
        self._into.append(into)

    def fitted(self, step: int) -> list[Numbers]:
        """The counts of each that was added, without its rest."""
        if not self._given:
            return []
        width = max(counts.shape[1] for counts, _ in self._given)
        stacked = np.full((sum(len(counts) for counts, _ in self._given), width), np.nan)
        at, found = 0, []
        for counts, _ in self._given:
            stacked[at : at + len(counts), : counts.shape[1]] = counts
            at += len(counts)
        made, at = _fitted(stacked, np.concatenate([totals for _, totals in self._given]), step), 0
        for (counts, _), into in zip(self._given, self._into, strict=True):
            mine = made[at : at + len(counts), : counts.shape[1] - 1]
            if into is not None:
                result, columns = into
                result[:, columns] = np.where(np.isnan(mine), result[:, columns], mine)
            found.append(mine)
            at += len(counts)
        return found
