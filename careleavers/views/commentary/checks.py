"""What a comment must not say, and what its writer has to look at again: identifiers, names, small and hidden counts.

Numbers in words count as numbers. A net and no guarantee, as with uploads: the writer knows what is meant and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from careleavers import settings
from careleavers.intake.personal import identifiers, possible_names
from careleavers.intake.small_counts import HiddenCounts, small_counts, small_parts
from careleavers.outdated_rows import LOCAL_LAYERS
from careleavers.versions import Versions
from careleavers.views.commentary import words
from careleavers.wording.formats import missing


@dataclass(frozen=True)
class TextCheck:
    """What was found in a comment.

    Attributes
    ----------
    refused
        Why it cannot be kept, as a sentence; "" where nothing keeps it out.
    to_confirm
        What to look at again, a sentence each.
    """

    refused: str = ""
    to_confirm: tuple[str, ...] = ()


def check_text(
    text: str,
    *,
    public: bool,
    places: Iterable[str] = (),
    hidden: HiddenCounts | None = None,
    measure: tuple[str, str] | None = None,
    step: int | None = None,
) -> TextCheck:
    """Check what somebody wants to say of a figure.

    Parameters
    ----------
    text
        What was typed.
    public
        Whether everybody is to read it. Officers of a council may know its counts; nobody needs the names.
    places
        Names that are no person's, such as those of authorities.
    hidden
        Counts that readers do not see as they are: :func:`hidden_counts`.
    measure
        The indicator and the age group of a council's own figure that the text is about.
    step
        Numbers of young people up to this are small; by default the setting ``CARELEAVERS_ROUND_TO``.

    Returns
    -------
    TextCheck
    """
    if found := identifiers(text):
        return TextCheck(refused=words.refused(found))
    asked = []
    if names := _once(possible_names(text, places)):
        asked.append(words.about_names(names))
    if public:
        most = settings.rounding_step() if step is None else step
        small = _once([*small_counts(text, most), *small_parts(text, most)])
        if small:
            asked.append(words.about_small_numbers(small))
        told = [
            each
            for each in (hidden or HiddenCounts()).told(text, measure)
            if not any(each in other.split() for other in small)
        ]
        if told:
            asked.append(words.about_exact_counts(told))
    return TextCheck(to_confirm=tuple(asked))


def hidden_counts(versions: Versions, authority_code: str) -> HiddenCounts:
    """The counts of an authority's own figures that readers see rounded or not at all.

    Parameters
    ----------
    versions
        The figures, with the store.
    authority_code
        The authority.

    Returns
    -------
    HiddenCounts
        Without 0, which says nothing, and without what is shown exactly.

    Raises
    ------
    StoreUnavailable
        When the store cannot be read.
    """
    raw = versions.store.figures(areas=[authority_code], layers=LOCAL_LAYERS)
    if raw.empty:
        return HiddenCounts()
    # Rows keep their order.
    shown = versions.protected(raw)
    found: dict[tuple[str, str], set[int]] = {}
    pairs = set()
    columns = ("indicator", "age_group", "numerator", "denominator")
    for (indicator, age_group, *counts), seen in zip(
        raw[list(columns)].itertuples(index=False, name=None),
        shown[list(columns[2:])].itertuples(index=False, name=None),
        strict=True,
    ):
        hidden = [int(count) for count, each in zip(counts, seen, strict=True) if _hidden(count, each)]
        found.setdefault((str(indicator), str(age_group)), set()).update(hidden)
        if hidden and not any(missing(count) or pd.isna(count) for count in counts):
            pairs.add((int(counts[0]), int(counts[1])))
    return HiddenCounts({measure: frozenset(each) for measure, each in found.items()}, frozenset(pairs))


def _hidden(count: float | None, seen: float | None) -> bool:
    if missing(count) or pd.isna(count) or not count or float(count) != int(count):
        return False
    return bool(missing(seen) or pd.isna(seen) or float(seen) != float(count))


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
