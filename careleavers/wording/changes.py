"""How a figure has moved over one, two and five years and along its trend, in sentences. The tests are the query's.

Also what comes before a figure: how many are not known, and a base that is hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from careleavers.wording.findings import (
    CHANGE_WORDS,
    CLEAR,
    NOT_KNOWN_TREND_WORDS,
    TREND_DIRECTIONS,
    TREND_VERDICTS,
    over_five_years,
)
from careleavers.wording.formats import Row, join_words, missing, sentence_case, size_text, value_text

# The spans that are tested: the endings of their columns, and their names.
SPANS = (("", "one year"), ("_2", "two years"), ("_5", "five years"))
BASE_HIDDEN = "its base is not published"


class ChangeWords(NamedTuple):
    """A change in words: ``alone``, and ``explained`` with what else may account for it; both are the same where nothing does.

    ``sized`` says whether that is given with its size.
    """

    alone: str
    explained: str
    sized: bool = True


def change_text(change: Any, change_verdict: str, unit: str, decimals: int) -> str:
    """What happened since the year before, with an arrow only where a test supports one.

    ``↑ up 17 points, better``, ``no clear change``, ``up 0.4 (not tested)``, ``down £1,200 (not
    tested)``; empty when there is no year before.

    Parameters
    ----------
    change
        The change in the unit of the figure; missing where there is no year before.
    change_verdict
        Its code: ``better``, ``worse``, ``higher``, ``lower``, ``no_clear_change``, ``not_tested`` or "".
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.
    decimals
        Decimals that the measure is shown with.

    Returns
    -------
    str

    Examples
    --------
    >>> change_text(17.0, "better", "percent", 0), change_text(0.4, "not_tested", "ratio", 1)
    ('↑ up 17 points, better', 'up 0.4 (not tested)')
    """
    if missing(change) or not change_verdict:
        return ""
    # A move that disappears in rounding is still said to be one only if a test says so.
    size = size_text(change, unit, decimals)
    direction = "up" if float(change) > 0 else "down"
    if change_verdict == "no_clear_change":
        return CHANGE_WORDS[change_verdict]
    if change_verdict == "not_tested":
        moved = "unchanged" if float(change) == 0 else f"{direction} {size}"
        return f"{moved} ({CHANGE_WORDS[change_verdict]})"
    arrow = "↑" if float(change) > 0 else "↓"
    word = f", {CHANGE_WORDS[change_verdict]}" if change_verdict in {"better", "worse"} else ""
    return f"{arrow} {direction} {size}{word}"


def not_known(row: Row, *, first: bool | None = None) -> str:
    """``66% not known`` where that comes before what the figure says; else empty.

    ``first`` stands for the row's ``not_known_first``, where the row has one for each comparator.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.
    first
        Whether it comes first; None for what the row says.

    Returns
    -------
    str
    """
    stated = bool(row.get("not_known_first")) if first is None else first
    return share_not_known(row) if stated else ""


def share_not_known(row: Row) -> str:
    """``66% not known``, however many that is; empty where it is not held.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.

    Returns
    -------
    str
    """
    share = row.get("not_known_share")
    return "" if missing(share) else f"{value_text(share, 'percent', 0)} not known"


def not_compared(row: Row, *, first: bool | None = None) -> str:
    """Why a figure that could be expected to be compared is not: ``66% not known``; empty for other reasons.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.
    first
        Whether it comes first; None for what the row says.

    Returns
    -------
    str
    """
    if row.get("base_hidden"):
        return BASE_HIDDEN
    return not_known(row, first=first) if row.get("polarity") == "low" else ""


def _verdict(row: Row, span: str) -> str:
    return str(row.get(f"change{span}_verdict") or "")


def clear_spans(row: Row, *words: str) -> list[str]:
    """The endings of the spans over which the figure has clearly moved, shortest first; only those with a verdict in ``words``.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.
    *words
        The verdicts that count; all of :data:`CLEAR` unless given.

    Returns
    -------
    list[str]
        Endings, as in :data:`SPANS`.
    """
    return [span for span, _ in SPANS if _verdict(row, span) in (words or CLEAR)]


def ends(row: Row, span: str) -> tuple[str, str]:
    """The figure at both ends of that span, ``("54%", "46%")``; one more decimal where both would read alike.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.
    span
        The ending of the columns of a span: "", ``_2`` or ``_5`` (:data:`SPANS`).

    Returns
    -------
    tuple[str, str]
        The earlier figure, then the later one.
    """
    decimals = int(row["decimals"])
    before, now = float(row["value"]) - float(row[f"change{span}"]), row["value"]
    for more in (0, 1):
        first, last = (value_text(value, row["unit"], decimals + more) for value in (before, now))
        if first != last:
            break
    return first, last


def from_to(row: Row, span: str) -> str:
    """``from 54% to 46%`` over that span; one more decimal where both would read alike.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.
    span
        The ending of the columns of a span: "", ``_2`` or ``_5`` (:data:`SPANS`).

    Returns
    -------
    str
    """
    before, now = ends(row, span)
    return f"from {before} to {now}"


def while_not_known(row: Row, span: str) -> str:
    """``, while those not known rose from 9% to 14%``: where that may be why the figure moved; else empty.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.
    span
        The ending of the columns of a span: "", ``_2`` or ``_5`` (:data:`SPANS`).

    Returns
    -------
    str
    """
    moved = not_known_moved(row, span)
    return f", while those {moved}" if moved else ""


def arrow(first: str, last: str) -> str:
    """Two figures as short as a card has a move: ``54→46%``.

    Parameters
    ----------
    first, last
        The figures as shown. Where both are percentages, the sign stands once.

    Returns
    -------
    str
    """
    number = first.removesuffix("%")
    return f"{number}→{last}" if last.endswith("%") and number.replace(".", "").isdecimal() else f"{first}→{last}"


def not_known_moved(row: Row, span: str) -> str:
    """``not known rose from 9% to 14%``: where that may be why the figure moved; else empty.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.
    span
        The ending of the columns of a span: "", ``_2`` or ``_5`` (:data:`SPANS`).

    Returns
    -------
    str
    """
    change = row.get(f"not_known_change{span}")
    if missing(change) or missing(row.get("not_known_share")):
        return ""
    now = float(row["not_known_share"])
    said = " to ".join(value_text(max(value, 0.0), "percent", 0) for value in (now - float(change), now))  # type: ignore[arg-type]
    return f"not known {'rose' if float(change) > 0 else 'fell'} from {said}"  # type: ignore[arg-type]


def _moved(row: Row, span: str) -> str:
    """``fell from 54% to 46% over two years``."""
    rose = float(row[f"change{span}"]) > 0
    return f"{'rose' if rose else 'fell'} {from_to(row, span)} over {dict(SPANS)[span]}{_judged(row, span)}"


def _judged(row: Row, span: str) -> str:
    """``, which is worse``: the verdict of the five-year trend, where the change over five years stands for it."""
    verdict = TREND_VERDICTS[trend_code(row)] if span == "_5" and trend_is_told(row) else ""
    return f", which is {verdict}" if verdict else ""


def _same_direction(row: Row) -> bool:
    """Whether the changes over two and over five years go the same way."""
    return (float(row["change_2"]) > 0) == (float(row["change_5"]) > 0)


def longer_changes(row: Row) -> ChangeWords:
    """The clear moves over two and five years: ``fell from 54% to 46% over two years``; empty where there is none.

    Two in the same direction are one: ``fell from 46% to 20% over two years and from 56% over five years``.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.

    Returns
    -------
    ChangeWords
    """
    spans = [span for span in clear_spans(row) if span]
    if len(spans) == 2 and _same_direction(row):
        start, earlier = ends(row, "_2")[0], ends(row, "_5")[0]
        said = f"{_moved(row, '_2')} and {'' if start == earlier else f'from {earlier} '}over five years{_judged(row, '_5')}"
        return ChangeWords(said, said + (while_not_known(row, "_5") or while_not_known(row, "_2")))
    alone = "; ".join(_moved(row, span) for span in spans)
    return ChangeWords(alone, "; ".join(_moved(row, span) + while_not_known(row, span) for span in spans))


def longest_change(row: Row) -> ChangeWords:
    """The clear move over the longest span: ``fell from 56% to 20% over five years``; empty where there is none.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.

    Returns
    -------
    ChangeWords
    """
    spans = clear_spans(row)
    if not spans or not spans[-1]:
        return year_before(row)
    said = _moved(row, spans[-1])
    return ChangeWords(said, said + while_not_known(row, spans[-1]))


def longer_changes_short(row: Row) -> str:
    """The same, short enough for a table cell: ``from 54% to 46% over two years, worse``.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.

    Returns
    -------
    str
    """
    spans = [span for span in clear_spans(row) if span]
    # The longer span adds something only where it goes the other way.
    if len(spans) == 2 and _same_direction(row):
        spans = spans[:1]
    said = (f"{from_to(row, span)} over {dict(SPANS)[span]}, {CHANGE_WORDS[_verdict(row, span)]}" for span in spans)
    return sentence_case("; ".join(said))


def year_before(row: Row) -> ChangeWords:
    """The change since the year before with its size: ``clearly worse than the year before (down 6 points)``; empty where
    it is not clear.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.

    Returns
    -------
    ChangeWords
    """
    verdict = _verdict(row, "")
    if verdict not in CLEAR:
        return ChangeWords("", "")
    size = size_text(row["change"], str(row["unit"]), int(row["decimals"]))
    direction = "up" if float(row["change"]) > 0 else "down"
    said = f"clearly {CHANGE_WORDS[verdict]} than the year before ({direction} {size})"
    return ChangeWords(said, said + while_not_known(row, ""))


def explain_once(moves: Sequence[ChangeWords]) -> list[str]:
    """Word several changes so that an explanation they share is given once: with its size if known, after the longest.

    Parameters
    ----------
    moves
        Changes in the order in which they are told.

    Returns
    -------
    list[str]
        One text for each change.
    """
    explained = [index for index, move in enumerate(moves) if move.explained != move.alone]
    explained.sort(key=lambda index: moves[index].sized)
    return [move.alone if index in explained[:-1] else move.explained for index, move in enumerate(moves)]


def trend_code(row: Row) -> str:
    """The code of the five-year trend; empty where there are too few years for one, or no counts.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.

    Returns
    -------
    str
    """
    return str(row.get("trend") or "")


def trend(row: Row) -> ChangeWords:
    """The five-year trend and what else may explain it; empty where there is none to name.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.

    Returns
    -------
    ChangeWords
    """
    code = trend_code(row)
    if code in {"", "no_clear_trend"}:
        return ChangeWords("", "")
    said = over_five_years(code)
    return ChangeWords(said, said + _while_trend(row), sized=False)


def trend_is_told(row: Row) -> bool:
    """Whether the trend only repeats a clear change over five years in the same direction, which is named with its size.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.

    Returns
    -------
    bool
    """
    if "_5" not in clear_spans(row):
        return False
    return TREND_DIRECTIONS[trend_code(row)] == ("rising" if float(row["change_5"]) > 0 else "falling")


def _while_trend(row: Row) -> str:
    way = NOT_KNOWN_TREND_WORDS[str(row.get("not_known_trend") or "")]
    return f", while those not known are {way}" if way else ""


def changes_sentence(row: Row) -> str:
    """The same as sentences; what there is none of is said once.

    Parameters
    ----------
    row
        A figure of ``compare``, ``at_a_glance`` or ``trends``: a mapping of column to cell, with ``unit`` and ``decimals``.

    Returns
    -------
    str
    """
    if row.get("base_hidden"):
        return ""
    verdicts = [_verdict(row, span) for span, _ in SPANS]
    if all(verdict in {"", "not_tested"} for verdict in verdicts):
        text = change_text(row["change"], verdicts[0], row["unit"], int(row["decimals"]))
        said = f"Since the year before: {text}." if text else ""
    elif not any(verdict in CLEAR for verdict in verdicts):
        spans = [words for (_, words), verdict in zip(SPANS, verdicts, strict=True) if verdict]
        said = f"No clear change over {join_words(spans, last='or')}." if spans else ""
    else:
        parts = [move.explained for move in (year_before(row), longer_changes(row)) if move.explained]
        first = "" if verdicts[0] in CLEAR or not verdicts[0] else "No clear change since the year before. "
        said = first + " ".join(f"{sentence_case(part)}." for part in parts)
    code = trend_code(row)
    if not code or trend_is_told(row):
        return said
    return f"{said} {sentence_case(over_five_years(code))}{_while_trend(row)}.".strip()
