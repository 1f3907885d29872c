"""Tables on the screen and on paper: one number of decimals in a column, and notes short enough for a cell."""

import pandas as pd
import pytest

from careleavers.views.plain_table import plain_table
from careleavers.wording.tables import brief_note, column_places, note_key

ROW = {"value": 46.0, "status": "ok", "denominator": 600}


@pytest.mark.parametrize(
    ("values", "places"),
    [
        ([76.0, 78.7, None], 1),
        # Whole percentages are published and nothing finer, so none is made up.
        ([76.0, 54.0, None], 0),
        ([45.04, 54.0], 0),
        ([None, None], 0),
        ([273, 600], 0),
        (["46%", "no figure"], 0),
        ([50.5, ""], 1),
    ],
)
def test_the_decimals_of_a_column(values: list[object], places: int) -> None:
    assert column_places(pd.Series(values)) == places


def test_a_table_on_paper_has_the_same_decimals_down_a_column() -> None:
    frame = pd.DataFrame({"Authority": ["Rutland", "Leicester"], "Figure (%)": [76.0, 78.66], "Base": [1025.0, None]})
    written = plain_table(frame, "Figures")
    assert "<td>76.0</td><td>1,025</td>" in written
    assert "<td>78.7</td><td></td>" in written


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({}, ""),
        ({"small_cohort": True}, "Small group"),
        ({"value": None, "status": "c", "small_cohort": True}, "Suppressed"),
        ({"value": None, "status": "u", "joint": True}, "Judged unreliable, joint return"),
        ({"base_hidden": True}, "Not ranked: base not published"),
        (
            {"low_is_no_merit": True, "not_known_share": 66.0, "small_cohort": True},
            "Not ranked: 66% not known, small group",
        ),
        ({"not_known_first": True, "not_known_share": 14.0, "restated": True}, "14% not known, restated"),
    ],
)
def test_a_note_is_short(more: dict[str, object], note: str) -> None:
    assert brief_note(ROW | more) == note


def test_only_the_notes_of_a_table_are_explained() -> None:
    said = note_key(pd.DataFrame({"Note": ["Suppressed, joint return", "", "14% not known"]}))
    assert said.startswith("Suppressed to protect privacy: ")
    assert "Joint return: two authorities" in said
    assert "Small group" not in said and "Restated" not in said
    assert note_key(pd.DataFrame({"Note": ["", "14% not known"]})) == note_key(pd.DataFrame({"Figure": [1]})) == ""
