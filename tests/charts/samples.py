"""What tests of charts share: layouts, words around a picture, cells, and frames in the shape that queries give."""

from typing import Any

import pandas as pd
from hypothesis import strategies as st

from careleavers.charts.ranked import Comparator
from careleavers.charts.template import Footer

FOOTER = Footer(
    source="Department for Education, Children looked after in England",
    release="2025, published 20 November 2025",
    layer="published",
    taken="21 November 2026",
    n="n = 152 authorities",
)
HEADLINE = "Leeds: 46% in education, employment or training, worse than England’s 54%"
SUBTITLE = "Care leavers aged 19–21, English authorities, year ending 31 March 2025"
# The two layouts of every chart.
WIDTHS = ("wide", "phone", "narrow")
LONG_NAME = "Bournemouth, Christchurch and Poole"
ENGLAND = Comparator("England", 54.2, "54%")
# Possible cells in a column of figures: ordinary values, and odd ones that must not break anything.
A_FIGURE_OR_NONE = st.one_of(st.none(), st.floats(0, 100))
ANY_FIGURE = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.floats(0, 100))


def authority(name: str, value: float | None, rank: int | None, **changes: Any) -> dict[str, Any]:
    row = {
        "authority_code": f"E-{name}",
        "authority_name": name,
        "region": "Yorkshire and The Humber",
        "value": value,
        "numerator": None if value is None else round(value * 6),
        "denominator": None if value is None else 600,
        "lower": None if value is None else max(value - 4, 0),
        "upper": None if value is None else min(value + 4, 100),
        "rank": rank,
        "rank_tied": False,
        "of": 3,
        "band": "" if rank is None else "A",
        "band_text": "" if rank is None else "Top quarter",
        "status": "ok" if value is not None else "c",
        "status_text": "" if value is not None else "Suppressed: counts of 1 to 5 are not published",
        "value_text": "c" if value is None else f"{value:.0f}%",
        "count_text": "" if value is None else f"{round(value * 6)} of 600",
        "rank_text": "" if rank is None else f"{rank} of 3",
    }
    return row | changes


def authorities() -> pd.DataFrame:
    return pd.DataFrame(
        [
            authority("Leicester", 78.7, 1),
            authority(LONG_NAME, 56.0, 2),
            authority("Leeds", 45.5, 3),
            authority("Isles of Scilly", None, None),
        ]
    )


def ranked_arguments(**changes: Any) -> dict[str, Any]:
    return {
        "indicator_title": "In education, employment or training",
        "unit": "%",
        "polarity": "high",
        "polarity_words": "higher is better",
        "authority_code": "E-Leeds",
        "neighbour_codes": ["E-Leicester"],
        "comparators": [ENGLAND],
        "headline": HEADLINE,
        "subtitle": SUBTITLE,
        "footer": FOOTER,
        "filename": "Leeds EET 19–21 2025",
    } | changes


def indicator(label: str, **changes: Any) -> dict[str, Any]:
    return {
        "row_label": label,
        "theme": "outcome",
        "polarity": "high",
        "value": 46.0,
        "value_text": "46%",
        "minimum": 30.0,
        "q25": 49.0,
        "median": 55.0,
        "q75": 60.0,
        "maximum": 79.0,
        "england": 54.0,
        "comparator_value": 52.0,
        "verdict": "worse",
        "status": "ok",
        "status_text": "",
    } | changes


def indicators() -> pd.DataFrame:
    return pd.DataFrame(
        [
            indicator("Caseload", theme="enabler", polarity="low", verdict="better"),
            indicator("In education, employment or training"),
            indicator("Staying put", value=None, value_text="c", verdict="", status="c", status_text="Suppressed"),
            indicator("Care leavers", theme="context", polarity="neutral", verdict="lower"),
        ]
    )


def spine_arguments(**changes: Any) -> dict[str, Any]:
    return {
        "authority_name": "Leeds",
        "comparator_name": "mean of neighbours",
        "headline": "Leeds is worse than England on 1 of 4 measures",
        "subtitle": "Headline indicators, year ending 31 March 2025",
        "footer": FOOTER,
        "filename": "Leeds spine",
    } | changes
