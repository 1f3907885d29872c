"""An attacker who knows the rule and tries to work out small counts from what viewers see; shares no code with the rule.

A random council counts its care leavers by quarter, age and measure, and uploads sums of these: families, parts, quarters
and years to date, single and all ages, provisional and final, with members left blank and in more than one version. Two
attacks are tried on every count from 1 to 5 that was uploaded or follows from the upload:

* **Other councils that look the same.** People are moved at random within the council, and the rule is applied again.
  Councils whose results are identical cannot be told apart, so each value that the count has in them is possible. Three
  or more make the count safe; the search may miss some, so it never overstates safety.
* **A solver** that assumes every number shown is within so many of the true one, and that all sums add up.

``python -m tests.attacker 2000`` tries that many councils and prints what it found.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
import time
from collections import Counter
from dataclasses import dataclass
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from careleavers.disclosure import protect
from careleavers.published import PublishedFigures

# The people that a council counts, in groups that each divide all its care leavers.
GROUPS = (("he", "app", "other_eet", "neet", "not_known"), ("in_touch", "not_in_touch"), ("given", "not_given"))
LEAVES = [leaf for group in GROUPS for leaf in group]
GROUP_OF = [at for at, group in enumerate(GROUPS) for _ in group]
COUNTS: dict[str, tuple[str, ...]] = {
    "eet": ("he", "app", "other_eet"), "higher_education": ("he",), "apprenticeship": ("app",), "neet": ("neet",),
    "activity_not_known": ("not_known",), "in_touch": ("in_touch",), "not_in_touch": ("not_in_touch",),
    "health_history_given": ("given",), "care_leavers": GROUPS[0],
}  # fmt: skip
FAMILIES = {
    one: family for family in (("eet", "neet", "activity_not_known"), ("in_touch", "not_in_touch")) for one in family
}
TIES: dict[str, Any] = {
    "families": FAMILIES, "units": dict.fromkeys(COUNTS, "percent") | {"care_leavers": "count"}, "staff": [],
    "parts": {"eet": ("apprenticeship", "higher_education")}, "bases": ["care_leavers"],
}  # fmt: skip
AGES = {"17-18": (0,), "19-21": (1,), "17-21": (0, 1), "all": (0, 1)}
# The quarters of 2025/26 are 1 to 4; a sum over twelve months reaches back before the first.
QUARTERS = range(-2, 6)
SPANS = {
    "quarter": lambda q: (q,),
    "year_to_date": lambda q: tuple(range(1 if q < 5 else 5, q + 1)),
    "rolling_12m": lambda q: tuple(range(q - 3, q + 1)),
    "full_year": lambda q: (1, 2, 3, 4),
}
WHEN = [
    *product(("quarter", "quarter", "year_to_date"), range(1, 6)),
    *product(("rolling_12m",), (4, 5)),
    ("full_year", 4),
]
SHOWN = ["numerator", "denominator", "value"]


class _Stop(logging.Handler):
    """Make a failure of the rule an error: it would hide everything, which would look safe here."""

    def emit(self, record: logging.LogRecord) -> None:
        raise AssertionError(record.getMessage())


def _end(quarter: int) -> dt.date:
    year, month = divmod(3 * (quarter - 1) + 5, 12)
    return (dt.date(2025 + year, month + 1, 1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


@dataclass
class Council:
    """What a council knows (people by layer, leaf, age and quarter) and the sums of it that it uploads.

    ``rows`` are its figures without numbers; ``n`` and ``d`` say which people each counts, as rows over the flattened
    array of people. ``versions`` are the rows in force at each version, newest last. ``official`` is how many rows at the
    end are published.
    """

    people: np.ndarray
    rows: pd.DataFrame
    n: np.ndarray
    d: np.ndarray
    versions: list[np.ndarray]
    published: np.ndarray
    same_people: bool
    hides_all: bool = True


def council(chance: np.random.Generator) -> Council:
    """A random council, with bases from a few to a few dozen a quarter, the hardest range for rounding."""
    size = chance.choice([8, 20, 30, 45])
    same_people = bool(chance.random() < 0.6)
    people = np.zeros((2, len(LEAVES), 2, len(QUARTERS)), dtype=int)
    for age, quarter in product(range(2), range(len(QUARTERS))):
        base = int(chance.integers(max(size // 2, 1), 2 * size))
        for group in range(len(GROUPS)):
            held = [at for at, one in enumerate(GROUP_OF) if one == group]
            mine = base if same_people or group < 2 else int(chance.integers(max(size // 2, 1), 2 * size))
            people[0, held, age, quarter] = chance.multinomial(
                mine, chance.dirichlet(chance.choice([0.4, 1.0], len(held)))
            )
    people[1] = people[0]
    if chance.random() < 0.25:
        # Final figures count a few more people.
        leaf, age, quarter = chance.integers(len(LEAVES)), chance.integers(2), chance.integers(len(QUARTERS))
        people[1, leaf, age, quarter] += chance.integers(1, 4)
    when = [WHEN[at] for at in chance.choice(len(WHEN), chance.integers(1, 5), replace=False)]
    # A year of quarters and the official year, which the department dates to the last of them.
    whole_year = bool(chance.random() < 0.3)
    if whole_year:
        when = [*product(("quarter",), range(1, 5)), *(when if chance.random() < 0.3 else [])]
        if chance.random() < 0.3:
            when.pop(int(chance.integers(4)))
    ages = [["19-21"], ["17-18", "19-21"], ["19-21", "17-21"], ["17-18", "19-21", "all"]][chance.integers(4)]
    some = [*FAMILIES][:3] if chance.random() < 0.5 else [*FAMILIES][3:]
    measures = [*some, *chance.choice(sorted(set(COUNTS) - set(some)), chance.integers(0, 4), replace=False)]
    by_measure = bool(chance.random() < 0.3)
    specs, dropped = [], chance.random() * 0.15
    for measure, group, (basis, quarter) in product(measures, ages, when):
        if chance.random() < dropped or (by_measure and chance.random() < 0.3):
            continue
        layer = "final" if chance.random() < 0.5 else "provisional"
        specs += [
            (measure, group, basis, quarter, one)
            for one in ((layer,) if chance.random() < 0.8 else ("provisional", "final"))
        ]
    specs = sorted(set(specs)) or [("eet", "19-21", "quarter", 1, "final")]
    public = []
    if whole_year or chance.random() < 0.3:
        public = [
            (measure, group, "full_year", 4, "published")
            for measure in measures
            for group in ages
            if group in {"17-18", "19-21"} and measure != "care_leavers"
        ]
    flat = people[0].size
    n, d = np.zeros((2, len(specs) + len(public), 2 * flat), dtype=int)
    for at, (measure, group, basis, quarter, layer) in enumerate([*specs, *public]):
        for column, leaves in ((n, COUNTS[measure]), (d, GROUPS[GROUP_OF[LEAVES.index(COUNTS[measure][0])]])):
            chosen = np.zeros_like(people)
            for leaf, age, q in product(leaves, AGES[group], SPANS[basis](quarter)):
                chosen[int(layer != "provisional"), LEAVES.index(leaf), age, q - QUARTERS[0]] = 1
            column[at] = chosen.ravel()
    rows = pd.DataFrame([*specs, *public], columns=["indicator", "age_group", "basis", "quarter", "layer"])
    rows["period_end"] = pd.to_datetime([_end(quarter) for quarter in rows["quarter"]])
    rows["frequency"] = np.where(rows["basis"] == "full_year", "year", "quarter")
    rows["status"] = np.where((chance.random(len(rows)) < 0.05) & (rows["layer"] != "published"), "c", "ok")
    every = np.arange(len(specs))
    versions = [every]
    if len(specs) > 1 and chance.random() < 0.3:
        earlier = np.sort(chance.choice(every, chance.integers(1, len(specs)), replace=False))
        versions = [
            earlier,
            every if chance.random() < 0.6 else np.sort(chance.choice(every, len(specs) - 1, replace=False)),
        ]
    published = np.arange(len(specs), len(specs) + len(public))
    return Council(people, rows, n, d, versions, published, same_people, bool(chance.random() < 0.5))


def seen(one: Council, people: np.ndarray) -> np.ndarray:
    """What viewers see of some councils (rows of flattened ``people``): numbers of every version, a row per council."""
    counts, bases = people @ one.n.T, people @ one.d.T
    rows = one.rows.iloc[np.tile(np.arange(len(one.rows)), len(people))].reset_index(drop=True)
    number, n, d = np.tile(np.arange(len(one.rows)), len(people)), counts.ravel(), bases.ravel()
    count, marked = rows["indicator"] == "care_leavers", rows["status"] == "c"
    rows = rows.assign(
        area_code=np.repeat([f"{at:05}" for at in range(len(people))], len(one.rows)),
        numerator=np.where(count | marked, np.nan, n), denominator=np.where(count, np.nan, d),
        value=np.where(marked, np.nan, np.where(count, n, 100 * n / np.maximum(d, 1))),
        source="local", release="1", published_value=np.nan, target=np.nan, note=None, row=2,
    )  # fmt: skip
    official = rows[np.isin(number, one.published)].reset_index(drop=True)
    small = _hidden_officially(official, one.hides_all)
    official = official.assign(status=official["status"].mask(small, "c"), numerator=official["numerator"].mask(small))
    told = [official[["numerator", "denominator"]].to_numpy(dtype=float).reshape(len(people), -1)]
    raw = {at: rows[np.isin(number, held)].reset_index(drop=True) for at, held in enumerate(one.versions)}
    log, stop = logging.getLogger("careleavers.disclosure"), _Stop()
    log.addHandler(stop)
    try:
        shown = {at: protect(held, official, **TIES) for at, held in raw.items()}
    finally:
        log.removeHandler(stop)
    newest = len(one.versions) - 1
    base = SimpleNamespace(relations=TIES)
    for at in raw:
        if at != newest:
            all_versions = pd.concat(raw.values(), ignore_index=True)
            shown[at] = PublishedFigures.protect_earlier(
                base, shown[at], raw[at], shown[newest], raw[newest], all_versions
            )  # type: ignore[arg-type]
        told.append(shown[at][SHOWN].to_numpy(dtype=float).reshape(len(people), -1))
        told.append(shown[at]["status"].map({"ok": 0.0, "c": 1.0, "few": 2.0}).to_numpy().reshape(len(people), -1))
    return np.nan_to_num(np.hstack(told), nan=-1)


def _hidden_officially(official: pd.DataFrame, everything: bool) -> pd.Series:
    """What the department hides with a small count, to stop it being worked out: its group, or one more member."""
    if official.empty:
        return pd.Series(dtype=bool)
    n, name = official["numerator"], official["indicator"]
    small = n.between(1, 5) | (official["denominator"] - n).between(1, 5)
    group = name.map({one: GROUP_OF[LEAVES.index(leaves[0])] for one, leaves in COUNTS.items()})
    part = name.isin(TIES["parts"]["eet"])
    of = [official["area_code"], group, official["age_group"]]
    any_small = small.groupby(of).transform("any")
    if everything:
        return any_small.astype(bool)
    # If any part is small, all parts are hidden; if one member of a family is hidden, so is the next smallest.
    left = n.where(~small & ~part).groupby(of).rank(method="first")
    alone = (small & ~part).groupby(of).transform("sum") == 1
    return small | part & any_small | alone & (left == 1)


def targets(one: Council) -> np.ndarray:
    """The counts from 1 to 5, as rows over the people: those of uploaded figures, and differences between two figures."""
    people = one.people.ravel()
    local = np.arange(len(one.rows)) < (one.published.min() if len(one.published) else len(one.rows))
    sums = np.unique(np.vstack([one.n[local], one.d[local], one.d[local] - one.n[local]]), axis=0)
    less = (sums[:, None] - sums[None]).reshape(-1, sums.shape[1])
    less = less[(less >= 0).all(axis=1)]
    every = np.unique(np.vstack([sums, less]), axis=0)
    return every[((every @ people) >= 1) & ((every @ people) <= 5)]


def moved(
    one: Council, chance: np.random.Generator, start: np.ndarray, wanted: np.ndarray | None, times: int
) -> np.ndarray:
    """Variants of some councils, with people moved; ``wanted`` is the count that should change, if any in particular."""
    shape = one.people.shape
    out = start[chance.integers(len(start), size=times)].reshape(-1, *shape).copy()
    used = np.argwhere((one.n + one.d).sum(axis=0).reshape(shape).any(axis=0))
    places = used if wanted is None else np.argwhere(wanted.reshape(shape).any(axis=0))
    for held in out:
        change = np.zeros(shape[1:], dtype=int)
        leaf, age, quarter, mate, other, how = [0] * 6
        for step in range(int(chance.choice([1, 1, 1, 2, 2, 3]))):
            # Often the same people of the other age, so that the sum over both ages does not change.
            again = bool(step) and chance.random() < 0.5
            if again:
                age = 1 - age
            else:
                pool = used if step else places
                leaf, age, quarter = pool[chance.integers(len(pool))]
            by, group = int(chance.choice([-2, -1, 1, 2])), GROUP_OF[leaf]
            if not again:
                mate = chance.choice([at for at, each in enumerate(GROUP_OF) if each == group and at != leaf])
                other, how = used[chance.integers(len(used))][2], chance.integers(4)
            change[leaf, age, quarter] += by
            if how in (0, 1):
                change[mate, age, quarter] -= by
            if how in (1, 2):
                change[leaf, age, other] -= by
            if how == 1:
                change[mate, age, other] += by
            if how in (2, 3):
                # More or fewer people: in every group, if the groups divide the same people.
                for another in range(len(GROUPS)):
                    if another != group and (one.same_people or {group, another} <= {0, 1}):
                        there = chance.choice([at for at, each in enumerate(GROUP_OF) if each == another])
                        change[there, age, quarter] += by
                        change[there, age, other] -= by if how == 2 else 0
        # Final and provisional figures may differ, unless they must count the same people.
        held[int(chance.integers(2)) if chance.random() < 0.2 else slice(None)] += change
    return out[(out >= 0).all(axis=(1, 2, 3, 4))].reshape(-1, one.people.size)


def possibilities(one: Council, chance: np.random.Generator, rounds: int = 40, times: int = 40) -> list[int]:
    """At least how many values each small count can have (three are enough) in councils that look the same."""
    truth = one.people.reshape(1, -1)
    asked, alike = targets(one), truth
    first = seen(one, truth)[0]
    values = [{int(number)} for number in asked @ truth[0]]
    for _ in range(rounds):
        left = [at for at, held in enumerate(values) if len(held) < 3]
        if not left:
            break
        few = max(times // len(left), 4)
        tried = [moved(one, chance, alike, asked[at], few) for at in chance.permutation(left)[:20]]
        other = np.unique(np.vstack([moved(one, chance, alike, None, 10), *tried]), axis=0)
        found = other[(seen(one, other) == first).all(axis=1)] if len(other) else other
        alike = np.unique(np.vstack([alike, found]), axis=0)
        for at, numbers in enumerate((found @ asked.T).T):
            values[at] |= set(numbers.tolist())
    return [len(held) for held in values]


def solved(one: Council, within: int) -> list[int]:
    """How many values each small count can have (up to three) for a solver that takes numbers as right ``within`` so many.

    0 where that is impossible, so that the solver learns nothing.
    """
    people = one.people.reshape(1, -1)
    asked = targets(one)
    looks = seen(one, people)[0]
    at, low, high, sums = 0, [], [], []
    at = 2 * len(one.published)
    for place, row in enumerate(one.published):
        for column, weights in enumerate((one.n[row], one.d[row])):
            if looks[2 * place + column] >= 0:
                sums.append(weights)
                low.append(looks[2 * place + column])
                high.append(looks[2 * place + column])
    for held in one.versions:
        for place, row in enumerate(held):
            n, d, value = looks[at + 3 * place : at + 3 * place + 3]
            n = value if one.rows["indicator"].iloc[row] == "care_leavers" else n
            for weights, number in ((one.n[row], n), (one.d[row], d)):
                if number >= 0:
                    sums.append(weights)
                    low.append(number - within)
                    high.append(number + within)
        at += 4 * len(held)
    # Groups that divide the same people have the same total.
    size = one.people.shape
    for layer, age, quarter in product(range(2), range(2), range(len(QUARTERS))):
        for group in (1, 2) if one.same_people else (1,):
            weights = np.zeros(size, dtype=int)
            for leaf, of in enumerate(GROUP_OF):
                weights[layer, leaf, age, quarter] = (of == 0) - (of == group)
            sums.append(weights.ravel())
            low.append(0)
            high.append(0)
    if (one.people[0] == one.people[1]).all():
        for place in range(one.people[0].size):
            weights = np.zeros(one.people.size, dtype=int)
            weights[place], weights[place + one.people[0].size] = 1, -1
            sums.append(weights)
            low.append(0)
            high.append(0)
    limits = LinearConstraint(np.array(sums), low, high)
    found = []
    for weights in asked:
        ends = [
            milp(sign * weights, constraints=limits, bounds=Bounds(0, 2000), integrality=np.ones(len(weights)))
            for sign in (1, -1)
        ]
        if not all(end.success for end in ends):
            found.append(0)
            continue
        least, most = (round(float(weights @ end.x)) for end in ends)
        truth = int(weights @ people[0])
        found.append(min(most - least + 1, 3) if least <= truth <= most else 0)
    return found


def main(number: int, seed: int = 1) -> None:
    """Try that many councils and print how many possible values their small counts have."""
    began = time.time()
    alike, solver = Counter[int](), {2: Counter[int](), 4: Counter[int]()}
    for uploads in range(1, number + 1):
        chance = np.random.default_rng([seed, uploads])
        one = council(chance)
        found = possibilities(one, chance)
        alike.update(min(values, 3) for values in found)
        for within, counter in solver.items():
            if uploads % 20 == 0:
                counter.update(solved(one, within))
        if min(found, default=3) < 3 or uploads % 100 == 0:
            print(
                uploads,
                "councils",
                sorted(found)[:3],
                dict(alike),
                "solver",
                {k: dict(v) for k, v in solver.items()},
                f"{time.time() - began:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
