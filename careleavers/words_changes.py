"""How a figure has moved over one, two and five years and along its trend, in words. The tests are the query's.

Also what stands before a figure: how many are not known, and a base that is hidden.
"""

from __future__ import annotations

from collections.abc import Sequence

from careleavers.formats import Row, change_text, listed, missing, rounded, sentence_case, value_text

# The spans that are tested, the endings of their columns, and how they are called.
SPANS = (("", "one year"), ("_2", "two years"), ("_5", "five years"))
_ASIDE = ", while those not known"
CLEAR = {"better", "worse", "higher", "lower"}
BASE_HIDDEN = "its base is not published"


def not_known(row: Row, *, first: bool | None = None) -> str:
    """``66% not known`` where that comes before what the figure says; else empty.

    ``first`` stands for the row's ``not_known_first``, where the row has one for each comparator.
    """
    stated = bool(row.get("not_known_first")) if first is None else first
    return share_not_known(row) if stated else ""


def share_not_known(row: Row) -> str:
    """``66% not known``, however many that is; empty where it is not held."""
    share = row.get("not_known_share")
    return "" if missing(share) else f"{value_text(share, 'percent', 0)} not known"


def not_compared(row: Row, *, first: bool | None = None) -> str:
    """Why a figure that could be expected to be compared is not: ``66% not known``; empty for other reasons."""
    if row.get("base_hidden"):
        return BASE_HIDDEN
    return not_known(row, first=first) if row.get("polarity") == "low" else ""


def _verdict(row: Row, span: str) -> str:
    return str(row.get(f"change{span}_verdict") or "")


def clear_spans(row: Row, *words: str) -> list[str]:
    """The endings of the spans over which the figure has clearly moved, shortest first; only those with a verdict in ``words``."""
    return [span for span, _ in SPANS if _verdict(row, span) in (words or CLEAR)]


def from_to(row: Row, span: str) -> str:
    """``from 54% to 46%`` over that span; one more decimal where both would read alike."""
    decimals = int(row["decimals"])
    before, now = float(row["value"]) - float(row[f"change{span}"]), row["value"]
    for more in (0, 1):
        said = [value_text(value, row["unit"], decimals + more) for value in (before, now)]
        if said[0] != said[1]:
            break
    return f"from {said[0]} to {said[1]}"


def while_not_known(row: Row, span: str) -> str:
    """``, while those not known rose from 9% to 14%``: where that may be why the figure moved; else empty."""
    change = row.get(f"not_known_change{span}")
    if missing(change) or missing(row.get("not_known_share")):
        return ""
    now = float(row["not_known_share"])
    said = " to ".join(value_text(max(value, 0.0), "percent", 0) for value in (now - float(change), now))  # type: ignore[arg-type]
    return f"{_ASIDE} {'rose' if float(change) > 0 else 'fell'} from {said}"  # type: ignore[arg-type]


def moved(row: Row, span: str) -> str:
    """``fell from 54% to 46% over two years``, with what else may explain it."""
    rose = float(row[f"change{span}"]) > 0
    words = dict(SPANS)[span]
    return f"{'rose' if rose else 'fell'} {from_to(row, span)} over {words}{while_not_known(row, span)}"


def slow(row: Row, *words: str) -> str:
    """The clear moves over two and five years: ``fell from 54% to 46% over two years``; empty where there is none.

    Two in the same direction are one: ``fell from 46% to 20% over two years and from 56% over five years``.
    """
    spans = [span for span in clear_spans(row, *words) if span]
    if len(spans) == 2 and (float(row["change_2"]) > 0) == (float(row["change_5"]) > 0):
        first = moved(row, "_2").removesuffix(while_not_known(row, "_2"))
        unknown = while_not_known(row, "_5") or while_not_known(row, "_2")
        return f"{first} and {from_to(row, '_5').partition(' to ')[0]} over five years{unknown}"
    return " and ".join(moved(row, span) for span in spans)


def slow_short(row: Row) -> str:
    """The same as a table cell holds it: ``from 54% to 46% over two years, worse``."""
    spans = [span for span in clear_spans(row) if span]
    # The longer span says more only where it goes the other way.
    if len(spans) == 2 and (float(row["change_2"]) > 0) == (float(row["change_5"]) > 0):
        spans = spans[:1]
    return sentence_case("; ".join(f"{from_to(row, s)} over {dict(SPANS)[s]}, {_verdict(row, s)}" for s in spans))


def more_not_known(row: Row, span: str) -> str:
    """``more not known`` or ``fewer not known``: the same in as few words as an opening has; else empty."""
    change = row.get(f"not_known_change{span}")
    return "" if missing(change) else f"{'more' if float(change) > 0 else 'fewer'} not known"  # type: ignore[arg-type]


def year_before(row: Row) -> str:
    """The change since the year before with its size: ``clearly worse than the year before (down 6 points)``; empty where
    it is not clear."""
    verdict = _verdict(row, "")
    if verdict not in CLEAR:
        return ""
    size = rounded(abs(float(row["change"])), int(row["decimals"]))
    if size.strip("0.") == "":
        size = rounded(abs(float(row["change"])), int(row["decimals"]) + 1)
    points = "" if row["unit"] != "percent" else " point" if size == "1" else " points"
    direction = "up" if float(row["change"]) > 0 else "down"
    return f"clearly {verdict} than the year before ({direction} {size}{points}){while_not_known(row, '')}"


def said_once(parts: Sequence[str]) -> list[str]:
    """The parts with what may explain several moves said once: with its size if one is held, after the longest of them."""
    asides = [index for index, part in enumerate(parts) if _ASIDE in part]
    asides.sort(key=lambda index: f"{_ASIDE} are" not in parts[index])
    return [part.partition(_ASIDE)[0] if index in asides[:-1] else part for index, part in enumerate(parts)]


def trend(row: Row) -> str:
    """The five-year trend and what else may explain it; empty where there is none to name."""
    said = str(row.get("trend") or "")
    if not said or said.startswith("no "):
        return ""
    way = str(row.get("not_known_trend") or "")
    return f"{said} over five years" + (f"{_ASIDE} are {way}" if way else "")


def changes_sentence(row: Row) -> str:
    """The same as sentences; what there is none of is said once."""
    if row.get("base_hidden"):
        return ""
    verdicts = [_verdict(row, span) for span, _ in SPANS]
    if all(verdict in {"", "not tested"} for verdict in verdicts):
        text = change_text(row["change"], verdicts[0], row["unit"], int(row["decimals"]))
        said = f"Since the year before: {text}." if text else ""
    elif not any(verdict in CLEAR for verdict in verdicts):
        spans = [words for (_, words), verdict in zip(SPANS, verdicts, strict=True) if verdict]
        said = f"No clear change over {listed(spans, last='or')}." if spans else ""
    else:
        parts = [part for part in (year_before(row), slow(row)) if part]
        first = "" if verdicts[0] in CLEAR or not verdicts[0] else "No clear change since the year before. "
        said = first + " ".join(f"{sentence_case(part)}." for part in parts)
    along = trend(row)
    if along:
        return f"{said} Over five years: {along.replace(' over five years', '', 1)}.".strip()
    return f"{said} {_no_trend(row)}".strip()


def _no_trend(row: Row) -> str:
    return "No statistically clear trend over five years." if str(row.get("trend") or "").startswith("no ") else ""
