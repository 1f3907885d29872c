"""Which release is due on a given day, and how the catalogue groups its measures."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from careleavers.figures import catalogue
from careleavers.figures.schema import OBSERVATION, TABLES
from careleavers.figures.warehouse import AddedReleases, Warehouse, open_warehouse
from careleavers.wording.releases import due_notes, late_sources, next_release

CHILDREN = "Children looked after in England including adoptions"
HOMELESS = "Statutory homelessness: detailed local authority tables"


def due(warehouse: Warehouse, day: dt.date) -> pd.DataFrame:
    return warehouse.query("releases_due", today=day)


@pytest.mark.parametrize(
    ("day", "children"),
    [
        (dt.date(2026, 10, 31), "waiting"),
        (dt.date(2026, 11, 1), "due"),
        (dt.date(2026, 11, 30), "due"),
        (dt.date(2026, 12, 1), "overdue"),
    ],
)
def test_a_release_is_due_in_its_month_and_overdue_after_it(warehouse: Warehouse, day: dt.date, children: str) -> None:
    rows = due(warehouse, day).set_index("indicator")
    assert rows.loc["eet", "state"] == children
    # The workforce census is expected by the end of March 2027.
    assert rows.loc["caseload", "state"] == "waiting"
    assert rows.loc["in_custody", "state"] == "unknown"


def test_the_sentences_name_each_release_once(warehouse: Warehouse) -> None:
    homeless = f"The release of “{HOMELESS}” that was due by August 2026 is not here yet."
    assert due_notes(due(warehouse, dt.date(2026, 11, 28))) == [
        f"The November 2026 release of “{CHILDREN}” is due now; its figures are not here yet.",
        homeless,
        "The November 2026 release of “Local Authority Interactive Tool” is due now; its figures are not here yet.",
    ]
    assert due_notes(due(warehouse, dt.date(2026, 9, 1))) == [homeless]
    assert due_notes(due(warehouse, dt.date(2026, 7, 1))) == []
    assert late_sources(due(warehouse, dt.date(2026, 7, 1))) == {}
    assert late_sources(due(warehouse, dt.date(2026, 11, 28))) == {
        "cla": "next is due",
        "homelessness": "next is late",
        "lait": "next is due",
    }


def test_each_measure_says_its_newest_period_and_the_next_release(warehouse: Warehouse) -> None:
    rows = due(warehouse, dt.date(2026, 11, 28)).set_index("indicator")
    newest = {name: f"{rows.loc[name, 'latest_period']:%Y-%m-%d}" for name in ("eet", "in_touch", "homelessness_duty")}
    assert newest == {"eet": "2025-03-31", "in_touch": "2024-03-31", "homelessness_duty": "2025-12-31"}
    said = {name: next_release(rows.loc[name].to_dict()) for name in ("eet", "caseload", "placed_far", "in_custody")}
    assert said == {
        "eet": "expected November 2026; due now, not here yet",
        "caseload": "expected early 2027",
        "placed_far": "expected November 2026 (spending: December 2026); due now, not here yet",
        "in_custody": "each quarter",
    }


def with_releases(base: Warehouse, *added: tuple[str, Iterable[str], int], data: Path | None = None) -> Warehouse:
    """The figures of ``data``, by default the shipped ones, with uploaded releases.

    Each is (source, releases, of how many areas), and each release a year or quarter on from ``base``, which is of ``data`` too.
    """
    figures: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for source, releases, areas in added:
        held = base.query("known_releases")
        _add(base, held[held["source"] == source].iloc[-1].to_dict(), releases, areas, figures, rows)
    made = AddedReleases(
        "test",
        pd.DataFrame(figures, columns=[*OBSERVATION, "upload"]),
        pd.DataFrame(rows, columns=list(TABLES["sources"])),
    )
    return open_warehouse(data, added=made)


def _add(
    base: Warehouse,
    like: dict[str, Any],
    releases: Iterable[str],
    areas: int,
    figures: list[dict[str, Any]],
    rows: list[dict[str, Any]],
) -> None:
    source = like["source"]
    for number, release in enumerate(releases, start=1):
        months = number * (3 if source == "homelessness" else 12)
        name, age = ("homelessness_duty", "18-20") if source == "homelessness" else ("eet", "19-21")
        period = (pd.Timestamp("2025-12-31" if months < 12 else "2025-03-31") + pd.DateOffset(months=months)).date()
        for code in base.query("authorities").query("is_current")["authority_code"][:areas]:
            figures.append(
                {
                    "indicator": name, "age_group": age, "area_code": code, "period_end": period,
                    "frequency": "quarter" if months < 12 else "year", "basis": "quarter" if months < 12 else "full_year",
                    "layer": "published", "numerator": 5.0, "denominator": 10.0 if months >= 12 else None,
                    "value": 50.0 if months >= 12 else 5.0, "published_value": None, "status": "ok", "source": source,
                    "release": release, "upload": len(rows) + 1,
                }
            )  # fmt: skip
        rows.append({**like, "release": release, "next_release": "", "due_by": None})


def test_a_release_that_was_uploaded_is_not_due_any_more_and_the_next_comes_a_year_later(
    outcomes: Warehouse, outcomes_data: Path
) -> None:
    made = with_releases(outcomes, ("cla", ["2026"], 200), data=outcomes_data)
    rows = due(made, dt.date(2026, 11, 28)).set_index("indicator")
    assert (rows.loc["eet", "state"], rows.loc["eet", "next_release"]) == ("waiting", "expected November 2027")
    assert f"{rows.loc['eet', 'due_by']:%Y-%m-%d}" == "2027-11-30"


def test_an_extract_leaves_the_release_due_and_so_does_a_revised_file_the_next_quarter(warehouse: Warehouse) -> None:
    made = with_releases(warehouse, ("cla", ["2026"], 5), ("homelessness", ["2025-12 revised", "2026-03"], 200))
    rows = due(made, dt.date(2026, 11, 28)).set_index("indicator")
    # Five authorities are no release.
    assert rows.loc["eet", "state"] == "due"
    # The previous one was due by August 2026, so this one is due a quarter later.
    assert f"{rows.loc['homelessness_duty', 'due_by']:%Y-%m-%d}" == "2026-11-30"
    assert rows.loc["homelessness_duty", "state"] == "due"


# ---------------------------------------------------------------------- groups


def test_every_measure_stands_in_one_group_and_outcomes_come_first(warehouse: Warehouse) -> None:
    every = catalogue.from_rows(warehouse.query("indicators"))
    groups = catalogue.in_groups(every)
    assert sorted(each.id for found in groups.values() for each in found) == sorted(every)
    themes = [heading.partition(":")[0] for heading in groups]
    assert themes == sorted(themes, key=["Outcomes", "Services behind them", "Context"].index)
    assert next(iter(groups)) == "Outcomes: education and work"
    assert [each.id for each in groups["Outcomes: education and work"]] == [
        "eet", "neet", "activity_not_known", "higher_education", "apprenticeship", "neet_illness", "neet_parenting",
        "neet_other",
    ]  # fmt: skip
