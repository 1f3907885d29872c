"""What a comment must not say, and what its writer has to look at again: identifiers, names, small and hidden counts.

Numbers in words count as numbers. A net and no guarantee, as with uploads: the writer knows what is meant and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pandas as pd

from careleavers import settings
from careleavers.intake.personal import identifiers, possible_names
from careleavers.intake.small_counts import numbers, small_counts
from careleavers.outdated_rows import LOCAL_LAYERS
from careleavers.versions import Versions
from careleavers.views.commentary import words
from careleavers.views.commentary.view import PUBLISHED, FigureKey
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
    text: str, *, public: bool, places: Iterable[str] = (), exact: Collection[int] = (), step: int | None = None
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
    exact
        Counts that readers do not see as they are: :func:`exact_counts`.
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
        small = small_counts(text, most)
        if small:
            asked.append(words.about_small_numbers(small))
        told = [
            written
            for written, number in numbers(text)
            if number in exact and not any(written in each for each in small)
        ]
        if told:
            asked.append(words.about_exact_counts(_once(told)))
    return TextCheck(to_confirm=tuple(asked))


def exact_counts(versions: Versions, authority_code: str, figure: FigureKey) -> frozenset[int]:
    """The counts of a figure, and of the others of its measure, that readers see rounded or not at all.

    Parameters
    ----------
    versions
        The figures, with the store.
    authority_code, figure
        What is commented on; the counts of the same measure in other quarters can give it away, too.

    Returns
    -------
    frozenset of int
        Without 0, which says nothing, and without what is shown exactly. Empty for a figure of the department, whose
        counts are public.

    Raises
    ------
    StoreUnavailable
        When the store cannot be read.
    """
    if figure.basis == PUBLISHED:
        return frozenset()
    raw = versions.store.figures(areas=[authority_code], layers=LOCAL_LAYERS)
    mine = raw[(raw["indicator"] == figure.indicator) & (raw["age_group"] == figure.age_group)]
    if mine.empty:
        return frozenset()
    # Protecting needs all figures of the authority; rows keep their order.
    shown = versions.protected(raw).set_axis(raw.index).loc[mine.index]
    return frozenset(
        int(count)
        for column in ("numerator", "denominator")
        for count, seen in zip(mine[column], shown[column], strict=True)
        if _hidden(count, seen)
    )


def _hidden(count: float | None, seen: float | None) -> bool:
    if missing(count) or pd.isna(count) or not count or float(count) != int(count):
        return False
    return bool(missing(seen) or pd.isna(seen) or float(seen) != float(count))


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
