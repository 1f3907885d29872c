"""What a release is held against: only the official figures of its measures are read, and the findings are the same."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from careleavers.figures.schema import OBSERVATION
from careleavers.figures.warehouse import Warehouse
from careleavers.intake.comparison import ComparisonDatabase, HeldFigures, held_figures
from careleavers.intake.model import FIGURE_COLUMNS, Draft
from careleavers.intake.preview import EFFECTS
from tests.intake.drafts import draft

QUESTIONS = ("counts", "denominator_moved", "duplicate_key", "gap", "missing_age_group", "restated", "small_n")


def answers(file: Draft, held: HeldFigures) -> dict[str, pd.DataFrame]:
    """All that the checks and the preview ask of a release."""
    with ComparisonDatabase(file, held, "") as comparison:
        asked = {name: comparison.query(name) for name in QUESTIONS}
        effects = {name: comparison.query("effects", effect=name, most=1000) for name in EFFECTS}
        return asked | effects | {"changes": comparison.query("changes", most=5)}


@pytest.mark.parametrize(
    "measures",
    [
        # Three files of a release have a number of care leavers: the one whose measures come first counts.
        ("unsuitable_accommodation", "accommodation_not_known", "care_leavers"),
        ("eet", "neet", "homelessness_duty"),
    ],
)
def test_the_findings_are_those_of_all_official_figures(warehouse: Warehouse, measures: tuple[str, ...]) -> None:
    every = warehouse._connection.cursor().execute(f"SELECT {', '.join(OBSERVATION)} FROM observations").df()
    chance = np.random.default_rng(5)
    rows = every[every["indicator"].isin(measures)].sample(3000, random_state=5)
    more = chance.random(3000) < 0.3
    rows.loc[more, ["numerator", "value"]] += 1
    rows.loc[chance.random(3000) < 0.3, "release"] = "2026"
    figures = rows.assign(row=range(2, 3002), target=None, note="")[list(FIGURE_COLUMNS)].reset_index(drop=True)
    file = dataclasses.replace(draft(kind="release"), figures=figures)
    # What the officer's own council has uploaded of another measure.
    local = every[every["indicator"] == "in_touch"].head(40).assign(upload=3, layer="final", target=None, note="")
    held = held_figures(file, warehouse, local)
    assert len(held.published) < len(every) / 4
    found, expected = answers(file, held), answers(file, dataclasses.replace(held, published=every))
    assert all(len(expected[name]) for name in ("restated", "changes", "same as published"))
    for name, rows in expected.items():
        assert_frame_equal(found[name], rows, obj=name)
