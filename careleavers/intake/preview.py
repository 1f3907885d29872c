"""What accepting an upload would change: each figure, the totals, and the pages affected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from careleavers import settings
from careleavers.disclosure import few_below
from careleavers.intake.comparison import ComparisonDatabase, HeldFigures, figure_text, period_of
from careleavers.intake.model import Draft
from careleavers.wording.formats import age_label, join_words, plain_number

EFFECTS = ("new", "finalised", "restated", "unchanged", "same as published", "superseded")
# Every preview names these, the other effects only where there are any.
_ALWAYS = ("new", "restated", "unchanged", "same as published")
COUNTS = ("figures", "new", "restated", "unchanged", "same_as_published", "finalised", "superseded", "hidden")
# How many figures of each effect can be listed.
SHOWN = 1_000
# With more authorities than this, one sentence each would be too many to read.
_NAMED_AUTHORITIES = 5


@dataclass(frozen=True)
class Preview:
    """What accepting a file would do.

    Attributes
    ----------
    frame
        The first figures of each effect, :data:`SHOWN` at most, with the columns of ``queries/checks/effects.sql``; for a
        catalogue or events the rows of the file with ``effect``.
    effects
        How many figures by effect (:data:`EFFECTS`).
    sentences
        What changes where.
    hidden
        How many figures viewers will not see.
    by_authority, by_indicator, by_period
        Counts, with the columns :data:`COUNTS` after ``area_code``, ``authority_name``; ``indicator``, ``short_title``;
        and ``period_end``, ``frequency``, ``basis``, ``period``.
    names
        Names of areas by code.
    """

    frame: pd.DataFrame
    effects: Mapping[str, int]
    sentences: tuple[str, ...]
    hidden: int = 0
    by_authority: pd.DataFrame = field(default_factory=pd.DataFrame)
    by_indicator: pd.DataFrame = field(default_factory=pd.DataFrame)
    by_period: pd.DataFrame = field(default_factory=pd.DataFrame)
    names: Mapping[str, str] = field(default_factory=dict)

    def table(self, effect: str, most: int) -> pd.DataFrame:
        """The first figures with an effect, in words.

        Parameters
        ----------
        effect
            One of :data:`EFFECTS`.
        most
            How many at most.

        Returns
        -------
        pandas.DataFrame
            Columns ``row``, ``authority``, ``measure``, ``ages``, ``period``, ``was`` (and who said so), ``now``,
            ``hidden``.
        """
        rows: Iterable[Any] = self.frame[self.frame["effect"] == effect].head(most).itertuples(index=False)
        return pd.DataFrame(
            [
                {
                    "row": row.row,
                    "authority": self.names.get(row.area_code, row.area_code),
                    "measure": row.short_title,
                    "ages": age_label(row.age_group),
                    "period": period_of(row.period_end, row.frequency, row.basis),
                    "was": "" if effect == "new" else f"{_old(row)}, {row.held_by}",
                    "now": figure_text(row.numerator, row.denominator, row.value, row.status, row.unit, row.decimals),
                    "hidden": row.hidden,
                }
                for row in rows
            ],
            columns=["row", "authority", "measure", "ages", "period", "was", "now", "hidden"],
        )


def preview(draft: Draft, comparison: ComparisonDatabase, protected: pd.DataFrame | None = None) -> Preview:
    """What accepting a file would change; nothing is written.

    Parameters
    ----------
    draft
        The file as read.
    comparison
        The comparison database of this file: the one that its checks asked.
    protected
        The figures of the file as viewers may see them, or only those they may not: the columns of
        :data:`careleavers.intake.model.KEY` and the boolean ``hidden``. None hides nothing.

    Returns
    -------
    Preview
    """
    held = comparison.held
    if draft.kind in ("catalogue", "events"):
        return _entries(draft, held)
    # A release changes every page, unless hardly any authority is in it.
    whole = draft.kind == "release" and draft.about.get("missing", {}).get("rule") != "extract"
    if protected is not None:
        comparison.hide(protected)
    counts = comparison.query("counts")
    changes = comparison.query("changes", most=0 if whole else _NAMED_AUTHORITIES)
    by = {what: rows.reset_index(drop=True) for what, rows in counts.groupby("counted")}
    everything = by["all"].iloc[0]
    titles = dict(zip(held.indicators["indicator"], held.indicators["short_title"], strict=True))
    hidden = int(everything["hidden"])
    effects = {effect: int(everything[effect.replace(" ", "_")]) for effect in EFFECTS}
    # Most files have one or two of the six effects, and each takes as long to ask for whether there is any or not.
    some = [effect for effect, n in effects.items() if n] or ["new"]
    frame = pd.concat([comparison.query("effects", effect=effect, most=SHOWN) for effect in some], ignore_index=True)
    sentences = [_sentence(change, held.names, draft.kind, whole) for change in changes.itertuples(index=False)]
    if draft.kind == "release" and sentences and not effects["new"] + effects["restated"]:
        sentences.insert(0, "No page changes.")
    if hidden:
        sentences.append(_hidden_sentence(hidden, int(everything["figures"])))
    return Preview(
        frame=frame.sort_values(["row", "indicator", "age_group", "period_end"], ignore_index=True),
        effects={effect: n for effect, n in effects.items() if n or effect in _ALWAYS},
        sentences=tuple(sentences) or ("Nothing changes: every figure is held already.",),
        hidden=hidden,
        by_authority=_counted(by.get("authority"), ["area_code"], authority_name=("area_code", held.names)),
        by_indicator=_counted(by.get("indicator"), ["indicator"], short_title=("indicator", titles)),
        by_period=_periods(by.get("period")),
        names=held.names,
    )


def _entries(draft: Draft, held: HeldFigures) -> Preview:
    """Indicators of a council's own, or inspections and visits: each row is new, or another text of one that is held."""
    rows = draft.entries
    if draft.kind == "events":
        names = join_words(sorted({held.names.get(code, code) for code in rows["authority_code"]}))
        frame, restated = rows.assign(effect="new"), 0
        sentences = (
            [f"Inspections: {_number(len(rows), 'event')} of {names} {_is(len(rows))} added."] if len(rows) else []
        )
    else:
        known = rows["id"].isin(set(held.indicators["indicator"]))
        frame, restated = rows.assign(effect=known.map({True: "restated", False: "new"})), int(known.sum())
        sentences = [
            f"Definitions: {_number(len(some), 'indicator')} {_is(len(some))} {verb}: {join_words(some)}."
            for some, verb in ((list(rows["title"][~known]), "added"), (list(rows["title"][known]), "changed"))
            if some
        ]
    effects = dict.fromkeys(_ALWAYS, 0) | {"new": len(rows) - restated, "restated": restated}
    return Preview(frame, effects, tuple(sentences), names=held.names)


def _sentence(change: Any, names: Mapping[str, str], kind: str, whole: bool) -> str:
    """Which lines gain a period, or change in one: ``Local figures of Leeds: 12 measures gain 2025/26 Q2.``"""
    whose = "Figures" if kind == "release" else "Local figures"
    if whole:
        where = "Every page"
    elif isinstance(change.area_code, str):
        where = f"{whose} of {names.get(change.area_code, change.area_code)}"
    else:
        where = f"{whose} of {_number(change.areas, 'authority', 'authorities')}"
    period = period_of(change.period_end, change.frequency, change.basis)
    period = period if change.frequency == "quarter" else f"the {period}".replace("the on ", "the count on ")
    if change.effect == "superseded":
        stay = _number(change.figures, "figure")
        # With several authorities listed one by one, the same sentence would otherwise be repeated.
        stay = f"{where}: {stay}" if isinstance(change.area_code, str) and not whole else stay
        return (
            f"{stay} of {period} {'stays' if change.figures == 1 else 'stay'} as {'it is' if change.figures == 1 else 'they are'}: "
            f"{change.held_by} has {'it' if change.figures == 1 else 'them'}, which comes before this file."
        )
    if change.effect == "finalised":
        figures = _number(change.figures, "figure")
        moved = (
            f"{plain_number(change.moved)} of them with another value" if change.moved else "all with the same value"
        )
        return f"{where}: {figures} of {period} {'becomes' if change.figures == 1 else 'become'} final, {moved}."
    if change.effect == "new":
        return f"{where}: {_number(change.indicators, 'measure')} {'gains' if change.indicators == 1 else 'gain'} {period}."
    figures = _number(change.figures, "figure")
    return f"{where}: {figures} of {period} {'changes' if change.figures == 1 else 'change'}."


def _hidden_sentence(hidden: int, figures: int) -> str:
    """How many figures viewers will not see, and why."""
    step = settings.rounding_step()
    why = (
        f"nothing is shown of fewer than {few_below(step)} young people, nor of a percentage without its counts, nor of what "
        "the file or the department hides."
    )
    if hidden == figures:
        return f"Viewers will see none of these figures: {why}"
    return f"Viewers will not see {hidden:,} of the {figures:,} figures: {why} They see the others with counts rounded to {step}."


def _counted(rows: pd.DataFrame | None, keys: list[str], **named: tuple[str, Mapping[str, str]]) -> pd.DataFrame:
    """The counts of one kind with its keys first, and the name of each in the next column."""
    if rows is None:
        return pd.DataFrame(columns=[*keys, *named, *COUNTS])
    kept = rows[[*keys, *COUNTS]].copy()
    for column, (key, names) in named.items():
        kept.insert(len(keys), column, [names.get(code, code) for code in kept[key]])
    return kept


def _periods(rows: pd.DataFrame | None) -> pd.DataFrame:
    kept = _counted(rows, ["period_end", "frequency", "basis"])
    labels = [period_of(*key) for key in zip(kept["period_end"], kept["frequency"], kept["basis"], strict=True)]
    kept.insert(3, "period", labels)
    return kept


def _old(row: Any) -> str:
    return figure_text(row.old_numerator, row.old_denominator, row.old_value, row.old_status, row.unit, row.decimals)


def _number(count: int, one: str, several: str | None = None) -> str:
    return f"{plain_number(count)} {one if count == 1 else several or one + 's'}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
