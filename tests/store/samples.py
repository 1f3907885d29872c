"""Small uploads and the people who make them."""

import datetime as dt
from typing import Any

import pandas as pd

from careleavers.access.people import Person
from careleavers.figures.schema import TABLES
from careleavers.intake.model import FIGURE_COLUMNS
from careleavers.store import NewUpload
from careleavers.store.model import SOURCE_COLUMNS

LEEDS, KENT, HULL = "E08000035", "E10000016", "E06000010"
Q1, Q2 = dt.date(2025, 6, 30), dt.date(2025, 9, 30)

LEEDS_OFFICER = Person("https://id.example", "ann", "Ann Ames", "officer", frozenset({LEEDS}))
LEEDS_SECOND = Person("https://id.example", "lou", "Lou Lee", "officer", frozenset({LEEDS}))
KENT_OFFICER = Person("https://id.example", "ben", "Ben Best", "officer", frozenset({KENT}))
EVERYWHERE = Person("https://id.example", "eve", "Eve Ely", "officer", everywhere=True)
ADMINISTRATOR = Person("https://id.example", "ada", "Ada Ash", "administrator")
VIEWER = Person("https://id.example", "vic", "Vic Vale")


def figure(value: float | None = 50.0, **changes: Any) -> dict[str, Any]:
    """One local figure, as a row of a draft."""
    return {
        "row": 2, "indicator": "eet", "age_group": "19-21", "area_code": LEEDS, "period_end": Q1, "frequency": "quarter",
        "basis": "quarter", "layer": "provisional", "numerator": value, "denominator": 100.0, "value": value,
        "published_value": None, "status": "ok", "source": "local", "release": "", "target": None, "note": None, **changes,
    }  # fmt: skip


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """Figures as a draft holds them, each from its own row of the spreadsheet."""
    numbered = [{**row, "row": number} for number, row in enumerate(rows, start=2)]
    return pd.DataFrame(numbered, columns=list(FIGURE_COLUMNS)).astype({"period_end": "datetime64[us]"})


def upload(*rows: dict[str, Any], content: bytes | None = None, **changes: Any) -> NewUpload:
    """An upload of local figures; its file's content depends on the figures unless ``content`` is given."""
    figures = frame(*(rows or (figure(),)))
    given = {"layout": "long", "layer": figures["layer"].iloc[0], "file_name": "quarter.csv", "note": "", **changes}
    return NewUpload(
        kind="local", content=content if content is not None else figures.to_csv().encode(), figures=figures, **given
    )


def release(year: str, *rows: dict[str, Any]) -> NewUpload:
    """A release of the department."""
    figures = frame(
        *(
            {**row, "layer": "published", "source": "cla", "release": year, "basis": "full_year", "frequency": "year"}
            for row in rows
        )
    )
    source = {
        "source": "cla",
        "release": year,
        "title": "Children looked after",
        "publisher": "Department for Education",
    }
    return NewUpload(
        kind="release", layout="cla", layer="published", file_name=f"cla_{year}.csv", content=figures.to_csv().encode(),
        figures=figures, sources=pd.DataFrame([source], columns=list(SOURCE_COLUMNS)),
    )  # fmt: skip


def catalogue(indicator: str = "driving_lessons", **changes: Any) -> NewUpload:
    """An indicator of a council's own."""
    row = {
        "id": indicator, "title": "Care leavers with driving lessons", "definition": "Lessons paid by the council.",
        "polarity": "high", "unit": "percent", "decimals": "0", "age_groups": "17-18;19-21", **changes,
    }  # fmt: skip
    entries = pd.DataFrame([row], columns=list(TABLES["indicators"]))
    return NewUpload(
        kind="catalogue",
        layout="catalogue",
        layer="",
        file_name="ours.csv",
        content=entries.to_csv().encode(),
        entries=entries,
    )


def events(area: str = LEEDS, **changes: Any) -> NewUpload:
    """A visit that a council reports."""
    row = {
        "authority_code": area, "kind": "visit", "inspection_type": "Focused visit", "inspection_date": "2026-01-14",
        "theme": "Care leavers", "note": "Letter of 20 February", "source": "local", **changes,
    }  # fmt: skip
    entries = pd.DataFrame([row], columns=list(TABLES["inspections"]))
    return NewUpload(
        kind="events",
        layout="events",
        layer="",
        file_name="visit.csv",
        content=entries.to_csv().encode(),
        entries=entries,
    )
