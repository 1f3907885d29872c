"""A watch list read from a file or from what was typed: what is understood and what is asked."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.errors import Refused
from careleavers.intake.reference import ReferenceData
from careleavers.intake.watch_list import DIRECTIONS, KINDS, WatchDraft, read_watch_list, watch_csv

ITEM = {"indicator": "eet", "age_group": "19-21", "kind": "local", "target": "55%"}
Read = Callable[..., WatchDraft]


@pytest.fixture(scope="module")
def read(known: ReferenceData) -> Read:
    def read_rows(*rows: dict[str, Any], content: bytes = b"", name: str = "list.csv") -> WatchDraft:
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
        return read_watch_list(content or out.getvalue().encode(), name, known)

    return read_rows


def found(draft: WatchDraft) -> dict[str, list[str]]:
    cells: dict[str, list[str]] = {}
    for finding in draft.findings:
        cells.setdefault(finding.rule.id, []).extend(finding.cells)
    return cells


def test_a_target_and_what_is_taken_for_granted(read: Read) -> None:
    draft = read(ITEM, {"indicator": "Not in education, work or training", "target": "12.5", "tolerance": "2 points"})
    assert found(draft) == {}
    assert draft.items == (
        {"indicator": "eet", "age_group": "19-21", "kind": "local", "target": 55.0, "tolerance": 0.0, "direction": "at_least", "note": ""},
        {"indicator": "neet", "age_group": "19-21", "kind": "local", "target": 12.5, "tolerance": 2.0, "direction": "at_most", "note": ""},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "rule", "cell"),
    [
        ({"indicator": "eats"}, "indicator_unknown", "A2"),
        ({"age_group": "30"}, "age_unknown", "B2"),
        ({"kind": "european"}, "kind_unknown", "C2"),
        ({"target": "high"}, "number_unread", "D2"),
        ({"target": "-5"}, "number_unread", "D2"),
        ({"target": "0.55"}, "share_or_percent", "D2"),
        ({"target": "120"}, "target_not_possible", "D2"),
        ({"target": ""}, "missing_text", "D2"),
        ({"direction": "at most"}, "direction_contradicts", "E2"),
        ({"direction": "sideways"}, "direction_unknown", "E2"),
        ({"indicator": "placed_far", "age_group": "all"}, "direction_missing", ""),
        ({"note": "ask ann@example.org"}, "personal_text", "E2"),
    ],
)
def test_each_rule_names_its_cell(read: Read, changes: dict[str, str], rule: str, cell: str) -> None:
    cells = found(read(ITEM | changes))
    assert list(cells) == [rule]
    assert not cell or cells[rule] == [cell]


def test_neither_way_is_better_so_the_list_says_which(read: Read) -> None:
    (item,) = read(ITEM | {"indicator": "placed_far", "age_group": "all", "direction": "at most"}).items
    assert item["direction"] == "at_most"


def test_the_same_target_twice(read: Read) -> None:
    assert found(read(ITEM, ITEM | {"target": "60"})) == {"same_target": ["A3"]}
    assert found(read(ITEM, ITEM | {"kind": "stretch", "target": "60"})) == {}


def test_a_workbook_shows_a_percentage_and_holds_a_share(read: Read) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Indicator", "Age", "Target"])
    sheet.append(["eet", "19 to 21", 0.55])
    sheet["C2"].number_format = "0%"
    out = io.BytesIO()
    book.save(out)
    (item,) = read(content=out.getvalue(), name="list.xlsx").items
    assert item["target"] == pytest.approx(55)


def test_a_file_about_young_people_is_refused(read: Read) -> None:
    with pytest.raises(Refused, match="individual young people"):
        read(ITEM | {"date of birth": "x"})


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "indicator": st.sampled_from(["eet", "neet", "in_touch"]), "age_group": st.sampled_from(["17-18", "19-21"]),
                "kind": st.sampled_from(KINDS), "target": st.integers(2, 100).map(float),
                "tolerance": st.integers(0, 20).map(float), "note": st.sampled_from(["", "=1+1", "agreed in May"]),
            }
        ),
        max_size=5, unique_by=lambda item: (item["indicator"], item["age_group"], item["kind"]),
    )
)  # fmt: skip
def test_a_list_that_is_downloaded_is_read_back_as_it_was(known: ReferenceData, items: list[dict[str, Any]]) -> None:
    draft = read_watch_list(watch_csv(items), "list.csv", known)
    assert len(draft.items) == len(items)
    for read_back, item in zip(draft.items, items, strict=True):
        assert {name: read_back[name] for name in ("indicator", "age_group", "kind", "target", "tolerance")} == {
            name: item[name] for name in ("indicator", "age_group", "kind", "target", "tolerance")
        }
        assert read_back["direction"] in DIRECTIONS
