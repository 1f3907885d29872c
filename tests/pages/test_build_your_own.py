"""Build your own: every choice is in the link, unknown values are refused, and no figure is made up or added up."""

import csv
import datetime as dt
import re
from urllib.parse import urlencode

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from careleavers.figures.warehouse import Warehouse
from careleavers.views.build_your_own import words
from careleavers.wording.exports import csv_bytes, xlsx_bytes
from tests.pages.opened import Page, check

LEEDS, ENGLAND, SCILLY, CUMBERLAND = "E08000035", "E92000001", "E06000053", "E06000063"


def text(at: AppTest) -> str:
    """The words of the page, with the text alternatives of its charts: their titles are its findings."""
    alts = [chart.proto.alt for chart in at.get("plotly_chart")]
    return "\n".join([*(str(element.value) for element in [*at.markdown, *at.caption, *at.info, *at.header]), *alts])


def warnings(at: AppTest) -> str:
    return "\n".join(str(element.value) for element in at.warning)


def charts(at: AppTest) -> list[str]:
    return [element.proto.alt for element in at.get("plotly_chart")]


def asked(warehouse: Warehouse, measures: list[str], areas: list[str], years: list[int] | None = None) -> pd.DataFrame:
    rows = warehouse.query("build_your_own_figures", measures=measures, areas=areas, years=years or [], authority=LEEDS)
    return words.with_texts(rows)


def test_empty_has_three_examples_that_work(page: Page) -> None:
    at = page()
    assert not charts(at)
    assert "Nothing chosen yet" in text(at)
    assert len(words.EXAMPLES) == 3
    for example in words.EXAMPLES:
        opened = page(**example.choices())
        assert not opened.warning
        assert len(charts(opened)) == example.measures.count(",") + 1


def test_examples_are_links_that_carry_the_whole_choice(page: Page) -> None:
    body = "".join(str(element.proto.body) for element in page(authority="Leeds").get("html"))
    for example in words.EXAMPLES:
        assert f">{example.label}</a>" in body
        assert urlencode(example.choices()).replace("&", "&amp;") in body
    assert body.count("build_your_own?authority=Leeds&amp;against=Statistical+neighbours&amp;measures=") == 3


def test_one_year_is_bars_and_several_are_lines(page: Page) -> None:
    one = page(authority="Leeds", measures="eet.19-21", areas="383,england")
    assert "Bar chart of In education, work or training, aged 19 to 21" in charts(one)[0]
    several = page(authority="Leeds", measures="eet.19-21", areas="383,england", years="2025,2024,2023")
    assert "Line chart of In education, work or training, aged 19 to 21, 2023 to 2025" in charts(several)[0]


def test_link_understands_codes_of_every_kind_and_names(page: Page) -> None:
    for areas in ("383", "E08000035", "Leeds", "leeds"):
        assert "Leeds" in charts(page(measures="eet.19-21", areas=areas))[0], areas


def test_unknown_parts_are_named_and_left_out(page: Page) -> None:
    at = page(measures="eet.19-21,eet.99", areas="383,[x](https://example.org)", years="2025,1066")
    said = warnings(at)
    assert "eet.99" in said
    assert "1066" in said
    assert "[x](" not in said
    assert len(charts(at)) == 1


def test_limits_are_kept_and_said(page: Page) -> None:
    seven = "eet.19-21,neet.19-21,eet.17-18,neet.17-18,caseload,agency_rate,turnover_rate"
    at = page(measures=seven, areas="383")
    assert len(charts(at)) == words.MOST_MEASURES
    assert "more than 6" in warnings(at)
    many = page(measures="eet.19-21", areas="in-london,in-north-west")
    assert "40 is the most shown" in warnings(many)


@pytest.mark.parametrize("group", ["neighbours", "region"])
def test_groups_of_an_authority_need_one(page: Page, group: str) -> None:
    assert group in warnings(page(measures="eet.19-21", areas=group))
    at = page(authority="Leeds", measures="eet.19-21", areas=group)
    assert not at.warning
    assert "Leeds" in charts(at)[0]


def test_only_half_a_choice_asks_for_the_other(page: Page) -> None:
    assert "at least one measure and one area" in text(page(measures="eet.19-21"))
    assert "at least one measure and one area" in text(page(areas="383"))


def test_a_year_without_a_release_is_said(page: Page) -> None:
    at = page(measures="in_touch.19-21,eet.19-21", areas="383", years="2025")
    assert "In touch with the council, aged 19 to 21: nothing is published for 2025." in text(at)
    assert len(charts(at)) == 1
    assert "Nothing is published for this choice." in text(page(measures="in_touch.19-21", areas="383", years="2025"))


@pytest.mark.parametrize(
    "name",
    [
        "City of London",
        "Isles of Scilly",
        "Bournemouth, Christchurch and Poole",
        "Cumberland",
        "Cumbria (to 2023)",
        "Poole (to 2019)",
        "Barnsley",
    ],
)
def test_every_kind_of_authority(page: Page, name: str) -> None:
    at = page(
        authority=name, measures="eet.19-21,agency_rate,staying_put.18", areas="region,england", years="2024,2021"
    )
    check(at)
    assert len(charts(at)) == 3
    assert any(name in alt for alt in charts(at)) == (name != "Poole (to 2019)")


def test_marks_stay_marks_and_have_a_key(page: Page, warehouse: Warehouse) -> None:
    at = page(measures="staying_put.19-20", areas="E09000001,E06000053,383", years="2024")
    table = at.dataframe[0].value
    assert list(table.iloc[:, 1]) == ["[c]", "[z]", "36%"]
    assert "**[c]** Suppressed to protect privacy" in text(at)
    numbers = words.wide_table(asked(warehouse, ["staying_put.19-20"], ["E09000001", LEEDS], [2024]), numbers=True)
    assert list(numbers.iloc[:, 1]) == ["[c]", 36.0]


def test_an_area_that_did_not_exist_is_not_called_suppressed(warehouse: Warehouse) -> None:
    rows = asked(warehouse, ["eet.19-21"], [CUMBERLAND, LEEDS], [2020])
    table = words.wide_table(rows)
    assert table.iloc[0, 1] == "[did not exist]"
    assert "did not exist" in words.hidden_text(rows)
    assert any("did not exist" in line for line in words.mark_key(rows))


def test_every_figure_is_the_one_that_is_held(warehouse: Warehouse, figures: pd.DataFrame) -> None:
    areas = [LEEDS, ENGLAND, "E12000007", SCILLY, "E06000062", "E09000021"]
    rows = asked(warehouse, ["eet.19-21", "caseload.all", "looked_after_rate.all"], areas, list(range(2017, 2026)))
    key = ["indicator", "age_group", "area_code", "period_end"]
    both = rows.merge(figures[figures["layer"] == "published"], on=key, suffixes=("", "_held"), how="left")
    assert len(both) == len(rows)
    for column in ("value", "numerator", "denominator"):
        pd.testing.assert_series_equal(both[column], both[f"{column}_held"], check_names=False, check_dtype=False)
    there = both["release_held"].notna()
    assert (both.loc[there, "release"] == both.loc[there, "release_held"]).all()
    assert (both.loc[~there, "status"] == "missing").all()
    # One row for each measure, area and published period; nothing that stands for several areas.
    assert not rows.duplicated(["measure", "area_code", "period_end"]).any()
    assert set(rows["area_code"]) == set(areas)


def test_newest_year_is_each_measures_own(warehouse: Warehouse) -> None:
    rows = asked(warehouse, ["eet.19-21", "in_touch.19-21", "caseload.all"], [LEEDS])
    assert dict(zip(rows["indicator"], rows["period_end"].dt.strftime("%Y-%m-%d"), strict=True)) == {
        "eet": "2025-03-31",
        "in_touch": "2024-03-31",
        "caseload": "2025-09-30",
    }


def test_downloads_carry_source_release_and_caveats_with_each_figure(warehouse: Warehouse) -> None:
    rows = asked(warehouse, ["eet.19-21", "caseload.all"], [LEEDS, "E09000001"], [2025, 2024])
    table = words.download_table(rows)
    assert (table[["source", "release", "published", "layer"]] != "").all().all()
    assert table["caveats"].str.len().gt(0).all()
    about = words.about(rows, ["Core cities (8): somebody."], dt.date(2026, 11, 21), "abc")
    assert "somebody" in about["Groups"]
    assert "2025 release" in about["Sources and releases"]
    assert about["Marks"] == "None needed: every figure is there"
    content = csv_bytes(table).decode("utf-8-sig")
    back = list(csv.DictReader(content.splitlines()))
    assert len(back) == len(rows)
    assert xlsx_bytes(table, {"Contents": "x"}, "x").startswith(b"PK")


def test_saved_groups_name_their_source_and_hold_authorities_of_today(warehouse: Warehouse) -> None:
    areas = warehouse.query("build_your_own_areas", authority="")
    options, aliases = words.area_options(areas)
    assert len(set(options.values())) == len(options)
    assert len(set(areas["token"])) == len(areas)
    assert aliases["E08000035"] == "383"
    members = dict(zip(areas["token"], areas["members"], strict=True))
    assert len(members["core-cities"]) == 8
    assert len(members["in-london"]) == 33
    assert len(members["in-inner-london"]) + len(members["in-outer-london"]) == 33
    assert len(members["regions"]) == 9
    current = set(warehouse.query("authorities").query("is_current")["authority_code"])
    saved = areas[areas["source"] != ""]
    assert len(saved) >= 8
    for group in saved["members"]:
        assert set(group) <= current
    assert all(len(group) <= words.MOST_AREAS for group in areas["members"])
    assert words.group_sources(areas, ["core-cities"])[0].startswith("Core cities (8): Core Cities UK")


def test_neighbours_start_with_the_authority_itself(warehouse: Warehouse) -> None:
    areas = warehouse.query("build_your_own_areas", authority=LEEDS)
    members = dict(zip(areas["token"], areas["members"], strict=True))
    assert members["neighbours"][0] == LEEDS
    assert len(members["neighbours"]) == 11
    assert len(set(members["region"])) == len(members["region"]) == 15


def test_headlines_name_the_changes_that_are_clear_and_no_others(warehouse: Warehouse) -> None:
    assert words.headline(asked(warehouse, ["eet.19-21"], [LEEDS, ENGLAND], [2025, 2021])) == (
        "Leeds: 46% in education, employment or training in 2025, 47% in 2021; fell from 54% to 46% over two years, while "
        "those not known rose from 8% to 14%"
    )
    said = words.headline(asked(warehouse, ["caseload.all"], [LEEDS, ENGLAND], [2025, 2021]))
    assert said == "Leeds: 14.8 cases per social worker in 2025, 16.1 in 2021"
    table = words.long_table(asked(warehouse, ["caseload.all"], [LEEDS, ENGLAND], [2025, 2021]))
    assert "Over two and five years" not in table


def test_every_headline_of_every_measure_reads(warehouse: Warehouse) -> None:
    indicators = warehouse.query("indicators")
    measures = [f"{i}.{a}" for i, a in zip(indicators["indicator"], indicators["age_group"], strict=True)]
    for years in ([], [2024, 2023, 2021]):
        rows = asked(warehouse, measures, [LEEDS, SCILLY, ENGLAND, "E12000003", CUMBERLAND], years)
        for part in words.by_measure(rows):
            said = words.headline(part)
            assert "{" not in said
            assert not re.search(r"\bnan\b", said.lower())
            assert "[" not in said, said
            assert words.subtitle(part)


def test_ages_22_to_25_are_not_set_against_the_younger(warehouse: Warehouse) -> None:
    rows = asked(warehouse, ["eet.19-21", "eet_22_25.22"], [LEEDS])
    assert any("22 to 25" in line for line in words.cautions(rows))
    assert not any("22 to 25" in line for line in words.cautions(asked(warehouse, ["eet.19-21"], [LEEDS])))


def test_table_of_one_row_a_figure(page: Page) -> None:
    at = page(measures="eet.19-21", areas="383,england", years="2025,2024", table="long")
    assert list(at.dataframe[0].value.columns) == [
        "Area",
        "Measure",
        "Period",
        "Figure",
        "Count and base",
        "Over two and five years",
        "Note",
    ]
    assert len(at.dataframe[0].value) == 4
