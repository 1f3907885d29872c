"""Made-up local figures added to the published ones, for tests and pictures of charts drawn from them."""

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from careleavers.figures.schema import LOCAL_TABLES
from careleavers.figures.warehouse import Warehouse

CODES = {"Leeds": "E08000035", "Kent": "E10000016", "Bournemouth, Christchurch and Poole": "E06000058",
         "Cumberland": "E06000063", "Kensington and Chelsea": "E09000020", "City of London": "E09000001"}  # fmt: skip
ENDS = [
    dt.date(year, month, day) for year in (2023, 2024, 2025) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))
]
# April 2023 to September 2025.
QUARTERS = ENDS[1:11]


def figure(
    numerator: float | None = None,
    denominator: float | None = None,
    day: dt.date = QUARTERS[-1],
    area: str = "Leeds",
    **more: Any,
) -> dict[str, Any]:
    """One uploaded figure as viewers may see it; without a numerator it is hidden. ``more`` replaces any column."""
    row = {
        "indicator": "eet", "age_group": "19-21", "area_code": CODES[area], "period_end": day,
        "frequency": "quarter", "basis": "quarter", "layer": "provisional", "numerator": numerator,
        "denominator": denominator, "value": None, "published_value": None,
        "status": "c" if numerator is None else "ok", "source": "local", "release": "1", "target": None, "restated": False,
        "rounded": None,
    }  # fmt: skip
    if numerator is not None and denominator:
        row["value"] = 100 * numerator / denominator
    return row | more


def with_figures(
    warehouse: Warehouse,
    rows: Iterable[Mapping[str, Any]],
    *,
    version: str = "made up",
    catalogue: Sequence[Mapping[str, Any]] = (),
) -> Warehouse:
    """The warehouse with these local figures, and with indicators of a council's own. Close it after use."""
    given = pd.DataFrame(list(rows))
    names = {code: name for name, code in CODES.items()}
    uploads = given[["release", "area_code"]].drop_duplicates("release")
    sources = pd.DataFrame(
        {
            "source": "local",
            "title": "local figures",
            "publisher": uploads["area_code"].map(names),
            "release": uploads["release"],
            "published": "14 October 2025",
            "licence": "The council's own figures, not official statistics",
        }
    )
    own = pd.DataFrame(list(catalogue), columns=list(LOCAL_TABLES["catalogue"]))
    events = pd.DataFrame(columns=list(LOCAL_TABLES["events"]))
    return warehouse.with_local({"given": given, "catalogue": own, "events": events, "sources_added": sources}, version)


def sample(seed: int = 1, areas: Iterable[str] = tuple(CODES)) -> list[dict[str, Any]]:
    """Ten quarters of many measures for several councils: provisional and final, hidden, with targets, in several bases."""
    chance = random.Random(seed)
    rows: list[dict[str, Any]] = []
    measures = ("eet", "neet", "suitable_accommodation", "in_touch", "pathway_plan_in_date", "in_touch_eight_weeks")
    for upload, area in enumerate(areas, start=1):
        size = {"Kent": 400, "City of London": 7}.get(area, 90)
        for indicator in measures:
            for age in ("17-18", "19-21"):
                share = chance.uniform(0.05, 0.95)
                for place, day in enumerate(QUARTERS):
                    share = min(max(share + chance.uniform(-0.08, 0.08), 0), 1)
                    base = round(size * chance.uniform(0.7, 1.3))
                    count = round(base * share)
                    kept = count > 5 or count == 0
                    rows.append(
                        figure(
                            count if kept else None,
                            base if kept else None,
                            day,
                            area,
                            indicator=indicator,
                            age_group=age,
                            release=str(upload),
                            layer="final" if place < 8 else "provisional",
                            target=55.0 if indicator in {"eet", "in_touch"} else None,
                        )
                    )
        for place, day in enumerate(QUARTERS):
            rows.append(
                figure(
                    round(size * 0.4) + place, size, day, area, basis="rolling_12m", release=str(upload), target=60.0
                )
            )
            rows.append(
                figure(None, None, day, area, indicator="personal_adviser_caseload", age_group="all", basis="snapshot",
                       release=str(upload), status="ok", value=18.0 + chance.uniform(-3, 3))
            )  # fmt: skip
    return rows
