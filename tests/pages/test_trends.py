"""The trends page says what changed and what did not, shows gaps as gaps, and copes with odd authorities and links."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from careleavers.charts.trend import trend
from careleavers.figures import catalogue
from careleavers.figures.warehouse import Warehouse
from careleavers.model import Indicator
from careleavers.views.trends import tables, words_finding, words_sources, words_years
from careleavers.wording.findings import TREND_VERDICTS
from tests import made_up_data
from tests.charts.samples import FOOTER
from tests.pages.opened import Page
from tests.short_tables import short_tables

OTHERS = {"authority": "", "others": ""}


def text(at: AppTest) -> str:
    """The words of the page, with the text alternatives of its charts: their titles are its findings."""
    alts = [chart.proto.alt for chart in at.get("plotly_chart")]
    return "\n".join([*(str(element.value) for element in at.markdown), *alts])


def alts(at: AppTest) -> list[str]:
    return [found.proto.alt for found in at.get("plotly_chart")]


def years(at: AppTest) -> pd.DataFrame:
    return short_tables(at)[0]


def rows(warehouse: Warehouse, indicator: str = "eet", age_group: str = "19-21", **more: str) -> pd.DataFrame:
    return warehouse.query("trends", **{"indicator": indicator, "age_group": age_group, **OTHERS, **more})


def code(warehouse: Warehouse, name: str) -> str:
    return catalogue.choose_authority(warehouse, name)


def test_leeds_the_finding_agrees_with_the_rows(page: Page, warehouse: Warehouse) -> None:
    at = page(authority="Leeds")
    row = words_finding.newest(rows(warehouse, authority=code(warehouse, "Leeds")), "authority")
    assert row is not None
    assert row["change_verdict"] == "no_clear_change"
    assert row["change_2_verdict"] == "worse"
    assert row["trend"] == "no_clear_trend"
    assert (
        "Leeds: 46% in education, employment or training in the year to March 2025, with 14% not known; fell from 54% to 46% "
        "over two years."
    ) in text(at)
    # What else is known of its changes stands in the notes.
    assert (
        "Over the years: no clear change on the year before, but fell from 54% to 46% over two years, while those not known "
        "rose from 8% to 14%."
    ) in text(at)
    assert "Worse than its neighbours’ mean of 55%." in text(at)
    assert len(at.get("plotly_chart")) == 1


def test_the_neighbours_are_said_at_once_and_drawn_when_asked_for(page: Page) -> None:
    at = page(authority="Leeds")
    said = "Neighbours of Leeds: 3 getting better over five years (Milton Keynes, Southampton and Croydon)"
    assert f"**{said}" in text(at)
    assert len(alts(at)) == 1
    at.segmented_control(key="neighbours").set_value("charts").run()
    assert not at.exception
    assert at.query_params["neighbours"] in ("charts", ["charts"])
    assert said in alts(at)[1]
    assert "10 small line charts" in alts(at)[1]
    # Only the link adds them, and they stay when the authority changes.
    at = page(authority="Kent", neighbours="charts")
    assert "Kent, the same in every panel" in at.get("plotly_chart")[1].proto.spec
    assert at.segmented_control(key="neighbours").value == "charts"


def test_nobody_chosen_shows_england(page: Page) -> None:
    at = page()
    assert "England: 54% in education" in text(at)
    assert (
        "Half of the 152 councils with a figure are between 49% and 60%; the lowest has 28%, the highest 79%."
        in text(at)
    )
    assert list(years(at).columns[:2]) == ["Year", "England"]
    assert len(alts(at)) == 1


def test_every_value_drawn_is_in_a_table(page: Page, warehouse: Warehouse) -> None:
    at = page(authority="Leeds", others="E10000016", neighbours="charts")
    table = years(at)
    assert table["Year"].iloc[0] == "March 2025"
    assert {"Leeds", "Count", "Base", "95% interval", "England", "Yorkshire and The Humber", "Kent"} <= set(table)
    assert table["Mean of neighbours"].iloc[0] == "55% (10 of 10)"
    assert table["Mean of neighbours"].iloc[-1] == "51% (9 of 10)"
    near = next(table for table in short_tables(at) if "Authority" in table)
    assert len(near) == 11
    assert near["Authority"].iloc[0] == "Leeds"
    theirs = warehouse.query(
        "trends_neighbours", indicator="eet", age_group="19-21", authority=code(warehouse, "Leeds")
    )
    assert list(near["Authority"])[1:] == list(dict.fromkeys(theirs["area_name"]))


def test_scale_is_a_choice_in_the_address(page: Page) -> None:
    assert "Scale from 35% to 60%, not from zero." in alts(page(authority="Leeds"))[0]
    for asked in ("zero", "From zero"):
        at = page(authority="Leeds", axis=asked, neighbours="charts")
        assert len(alts(at)) == 2
        assert all("Scale from 0%." in alt for alt in alts(at))
        assert at.segmented_control(key="axis").value == "zero"


def test_further_authorities_are_in_the_address(page: Page) -> None:
    at = page(authority="Leeds")
    at.multiselect(key="others").set_value(["E10000016", "E06000058"]).run()
    assert not at.exception
    assert at.query_params["others"] in ("E10000016,E06000058", ["E10000016,E06000058"])
    assert "Kent: from" in alts(at)[0]
    at.multiselect(key="others").set_value([]).run()
    assert "others" not in at.query_params
    assert "Kent" not in alts(at)[0]


@pytest.mark.parametrize(
    "asked",
    ["E10000016,E06000058", "Kent; Bournemouth, Christchurch and Poole", "kent;E06000058", "E06000058,E10000016"],
)
def test_links_name_further_authorities_by_code_or_name(page: Page, asked: str) -> None:
    at = page(authority="Leeds", others=asked)
    assert not at.warning
    assert set(at.multiselect(key="others").value) == {"E10000016", "E06000058"}


def test_link_with_one_name_that_holds_a_comma(page: Page) -> None:
    at = page(others="Bournemouth, Christchurch and Poole")
    assert at.multiselect(key="others").value == ["E06000058"]


def test_former_code_in_a_link_means_the_authority_of_today(page: Page) -> None:
    at = page(others="E08000016")
    assert at.multiselect(key="others").value == ["E08000038"]
    assert not at.warning


def test_bad_links_say_so(page: Page) -> None:
    at = page(authority="Leeds", others="Atlantis;Kent", axis="log")
    assert len(at.warning) == 2
    assert at.multiselect(key="others").value == ["E10000016"]
    assert "Atlantis" in "".join(str(warning.value) for warning in at.warning)
    at = page(authority="Leeds", indicator="nonsense", age="99")
    assert len(at.warning) == 2
    at = page(others="E10000016,E06000058,E08000035,E06000001,E06000002")
    assert len(at.multiselect(key="others").value) == 4
    assert "Middlesbrough" in at.warning[0].value


def test_the_authority_itself_cannot_be_beside_itself(page: Page) -> None:
    at = page(authority="Leeds", others="E08000035")
    assert at.multiselect(key="others").value == []


def test_city_of_london_gaps_carry_their_reason(page: Page) -> None:
    at = page(authority="City of London")
    assert "2016 not available, 2017 not available, 2018 suppressed to protect privacy, 2019 67%" in alts(at)[0]
    assert "No figure in 2016, 2017 and 2018" in text(at)
    table = years(at).set_index("Year")
    assert table.loc["March 2018", "City of London"] == "[c]"
    assert "protect privacy" in table.loc["March 2018", "Note"]
    assert table.loc["March 2016", "City of London"] == "[x]"
    assert "not close" in at.warning[0].value


def test_newest_figure_suppressed(page: Page, warehouse: Warehouse) -> None:
    at = page(authority="Rutland", indicator="higher_education")
    row = words_finding.newest(rows(warehouse, "higher_education", authority=code(warehouse, "Rutland")), "authority")
    assert row is not None
    assert row["status"] == "c"
    assert (
        "Rutland: no figure for “In higher education” in the year to March 2025 (suppressed to protect privacy)"
        in text(at)
    )


def test_isles_of_scilly(page: Page) -> None:
    at = page(authority="Isles of Scilly")
    assert (
        "Isles of Scilly: no figure for “In education, work or training” in the year to March 2025 (not applicable)"
        in text(at)
    )
    # The interactive tool says 0% for 2017, without a count.
    assert "2016 not available, 2017 0%, 2018 not applicable" in alts(at)[0]
    at = page(authority="Isles of Scilly", indicator="in_touch")
    assert "There is no figure in any of the years." in text(at)
    assert "No figure in any year" in text(at)


@pytest.mark.parametrize(
    ("name", "before", "since"),
    [
        ("West Northamptonshire", ["Northamptonshire (to 2021)"], "April 2021"),
        ("Cumberland", ["Cumbria (to 2023)"], "April 2023"),
        (
            "Bournemouth, Christchurch and Poole",
            ["Bournemouth (to 2019)", "Dorset (to 2019)", "Poole (to 2019)"],
            "April 2019",
        ),
    ],
)
def test_new_authority_has_its_predecessors_lines_and_a_break(
    page: Page, name: str, before: list[str], since: str
) -> None:
    at = page(authority=name)
    assert f"Break: New authority from {since}." in alts(at)[0]
    for earlier in before:
        assert f"{earlier}: 2016" in alts(at)[0]
        assert earlier in years(at)
    assert years(at)[name].iloc[-1] == "did not exist"


def test_a_break_before_the_first_year_is_not_drawn(page: Page) -> None:
    at = page(authority="Bournemouth, Christchurch and Poole", indicator="three_or_more_placements")
    assert "Break" not in alts(at)[0]
    assert "(to 2019)" not in "".join(years(at).columns)


def test_abolished_authority_ends_with_its_last_year(page: Page) -> None:
    at = page(authority="Cumbria (to 2023)")
    assert "Cumbria (to 2023): 57% in education, employment or training in the year to March 2023" in text(at)
    assert "Break: Abolished in April 2023." in alts(at)[0]
    assert "Cumberland: 2024" in alts(at)[0]
    assert len(alts(at)) == 1


def test_abolished_before_the_measure_began(page: Page) -> None:
    at = page(authority="Bournemouth (to 2019)", indicator="three_or_more_placements")
    assert "Bournemouth (to 2019): there are no figures for “Three or more placements”" in text(at)


def test_barnsley_is_one_series_under_its_new_code(page: Page) -> None:
    table = years(page(authority="E08000016"))
    assert "Barnsley" in table
    assert len(table) == 10
    assert not set(table["Barnsley"]) & {"did not exist", "[–]"}


def test_joint_return_is_said(page: Page) -> None:
    at = page(authority="Richmond upon Thames", indicator="caseload")
    assert "This authority sends one return together with another" in text(at)
    assert "95% interval" not in years(at)


def test_ages_22_to_25_are_two_years(page: Page) -> None:
    at = page(authority="Kent", indicator="eet_22_25", age="24")
    assert "too few years in a row to test for a trend" in text(at)
    assert len(years(at)) == 2


def test_one_year_only(page: Page) -> None:
    at = page(authority="Kent", indicator="three_or_more_social_workers")
    assert "too few years in a row to say whether it has changed" in text(at)


def test_inspections_are_marks_and_a_table(page: Page) -> None:
    at = page(authority="Leeds")
    assert "January 2018 focused visit: children in care" in alts(at)[0]
    assert "February 2022 inspection: overall outstanding" in alts(at)[0]
    found = short_tables(at)[1]
    assert list(found["When"]) == [
        "30 June to 4 July 2025", "21 February 2022", "29 October 2018", "30 to 31 January 2018",
    ]  # fmt: skip
    assert "July 2025 inspection: care leavers outstanding, overall outstanding" in alts(at)[0]


def test_inspections_outside_the_years_are_named(page: Page) -> None:
    at = page(authority="Kent", indicator="three_or_more_social_workers")
    assert "Outside the years drawn: May 2022 inspection: overall outstanding" in text(at)
    assert "November 2025 inspection: care leavers requires improvement to be good, overall good." in text(at)


def test_restated_figures_have_their_earlier_value(page: Page) -> None:
    table = years(page(authority="Tameside")).set_index("Year")
    assert table.loc["March 2021", "Earlier value"] == "38% (73 of 190) in the 2022 and 2024 releases"
    assert "Restated." in table.loc["March 2021", "Note"]
    assert table.loc["March 2020", "Earlier value"] == ""


def test_the_share_not_known_is_said_once(warehouse: Warehouse) -> None:
    table = tables.years_table(
        rows(warehouse, authority="E10000014"), catalogue.from_rows(warehouse.query("indicators"))["eet"]
    )
    assert table["Not known"].iloc[0] == "51%"
    assert (
        not table.drop(columns="Not known")
        .astype(str)
        .apply(lambda column: column.str.contains("not known"))
        .any(axis=None)
    )


def test_a_share_not_known_that_is_hidden_says_so(warehouse: Warehouse) -> None:
    found = rows(warehouse, age_group="17-18", authority=code(warehouse, "Barnsley"))
    table = tables.years_table(found, catalogue.from_rows(warehouse.query("indicators"))["eet"]).set_index("Year")
    assert table.loc["March 2022", ["Not known", "Note"]].to_list() == [
        "[c]",
        "Not known: suppressed to protect privacy. Small group.",
    ]
    assert table.loc["March 2023", ["Not known", "Note"]].to_list() == ["0%", "Small group."]


def test_a_figure_hidden_since_does_not_show_what_it_was(warehouse: Warehouse) -> None:
    hidden = 0
    areas = ["E06000001", "E06000017", "E09000001", "E06000053", "E06000039", "E09000007", "E09000020"]
    # And the regions, with inner and outer London.
    areas += [*(f"E1200000{number}" for number in range(1, 10)), "E13000001", "E13000002"]
    for indicator in ("apprenticeship", "higher_education", "accommodation_not_known", "activity_not_known"):
        for age in ("17-18", "19-21"):
            frame = rows(warehouse, indicator, age, authority=areas[0], others=",".join(areas[1:]))
            gone = frame[frame["value"].isna() & frame["restated"]]
            hidden += len(gone)
            assert gone["earlier"].isna().all()
    assert hidden


def test_downloads_carry_source_release_and_caveats(warehouse: Warehouse) -> None:
    indicators = catalogue.from_rows(warehouse.query("indicators"))
    frame = rows(warehouse, authority=code(warehouse, "Tameside"))
    table = tables.download(frame, indicators["eet"], "19-21")
    assert {"source", "release", "earlier_value", "status", "layer", "numerator", "denominator"} <= set(table)
    assert len(table) == len(frame)
    found = [
        {str(k): v for k, v in warehouse.query("release", source=s, release=r).iloc[0].items()}
        for s, r in words_sources.releases(frame)
    ]
    about = tables.about(frame, indicators["eet"], "19-21", "Tameside", found, dt.date(2026, 1, 1), "x")
    assert (
        about["Release"]
        == "2022, 2024, 2025 and 2026 (published November 2022, November 2024, November 2025 and April 2026)"
    )
    assert about["Period"] == "Years to 31 March 2016 to 2025"
    assert "restated" in about["Caveats"]
    assert indicators["eet"].caveats in about["Caveats"]
    foot = words_sources.footer(found, [], frame, words_finding.newest(frame, "authority"), dt.date(2026, 1, 1))
    assert "2022, 2024, 2025 and 2026" in foot.release
    assert "Local Authority Interactive Tool" in foot.source


@pytest.mark.slow
def test_headlines_agree_with_the_rows_for_every_measure(warehouse: Warehouse) -> None:
    # One question a measure: an authority's row says the same whether it is chosen or drawn with the one that is.
    areas = {name: code(warehouse, name) for name in ("Leeds", "City of London", "Isles of Scilly", "Cumberland")}
    chosen = {"authority": areas["Leeds"], "others": ",".join(list(areas.values())[1:])}
    indicators = catalogue.from_rows(warehouse.query("indicators"))
    for indicator in indicators.values():
        for age in indicator.age_groups if indicator.held else ():
            frame = rows(warehouse, indicator.id, age, **chosen)
            for area, area_code in areas.items():
                series = "authority" if area == "Leeds" else "chosen"
                row = words_finding.newest(frame[frame["area_code"] == area_code], series)
                assert row is not None
                agrees_with_its_row(words_finding.headline(row, area, indicator, age), row, indicator)


def agrees_with_its_row(said: str, row: dict[str, Any], indicator: Indicator) -> None:
    assert not re.search(r"\bnan\b", said.lower()) and "None" not in said and "  " not in said
    assert not said.endswith((" and", ";", ","))
    if pd.isna(row["value"]):
        assert "clearly" not in said and "no clear change" not in said
        return
    # The title names one change; the notes have them all.
    told = words_finding.movement(row, indicator)
    assert said.count(" over ") <= 1
    assert ("clearly better" in told) is (row["change_verdict"] == "better")
    assert ("clearly worse" in told) is (row["change_verdict"] == "worse")
    assert ("no clear change" in told) is (row["change_verdict"] == "no_clear_change")
    assert ("over five years, which is better" in told) is (TREND_VERDICTS[row["trend"]] == "better")
    assert ("over five years, which is worse" in told) is (TREND_VERDICTS[row["trend"]] == "worse")


INDICATOR = made_up_data.indicator("up")
OWN = 1


def local(month: str, numerator: float, layer: str = "provisional", **more: Any) -> dict[str, Any]:
    """A quarter of the council's own figures."""
    return made_up_data.figure(
        OWN, numerator, 100, period_end=month, frequency="quarter", basis="quarter", layer=layer, **more
    )


@pytest.fixture
def made(tmp_path: Path) -> Warehouse:
    """Five years with one hidden and one restated, three local quarters, and England."""
    figures = [made_up_data.figure(OWN, 40 + year, 100, 2020 + year) for year in (1, 2, 4, 5)]
    figures.append(made_up_data.hidden(OWN, 100, 2023))
    figures += [made_up_data.figure(made_up_data.ENGLAND, 500, 1000, 2020 + year) for year in range(1, 6)]
    figures += [local("2025-06-30", 50), local("2025-09-30", 52), local("2025-12-31", 51, "final")]
    before = [
        {**made_up_data.figure(OWN, 35, 100, 2022, release="2024"), "superseded_by": "2025"},
        {**made_up_data.figure(OWN, 30, 100, 2023, release="2024"), "superseded_by": "2025"},
    ]
    return made_up_data.opened(tmp_path, figures, superseded=before)


def test_local_quarters_stand_apart_from_the_years(made: Warehouse) -> None:
    frame = made.query("trends", indicator="up", age_group="all", authority=made_up_data.area(OWN), others="")
    own = frame[frame["series"] == "authority"]
    assert list(own["layer"].value_counts().sort_index().items()) == [
        ("final", 1),
        ("provisional", 2),
        ("published", 5),
    ]
    newest = words_finding.newest(frame, "authority")
    assert newest is not None
    assert newest["period_end"] == pd.Timestamp("2025-03-31")
    assert own.loc[own["layer"] != "published", "neighbours_mean"].isna().all()

    indicator = catalogue.from_rows(made.query("indicators"))["up"]
    chart = words_years.chart_frame(frame, indicator)
    result = trend(
        chart, measure_title="x", unit="per cent", decimals=0, from_zero=True, axis_title="Year to 31 March",
        headline="Town 1", subtitle="x", footer=FOOTER, filename="x",
    )  # fmt: skip
    assert sum(found.name == "Town 1" for found in result.figure.data) == 3
    assert "Town 1, provisional local figures: June 2025 50%, September 2025 52%." in result.alt

    table = tables.years_table(frame, indicator)
    assert list(table["Year"])[:4] == [
        "Quarter to December 2025 (final)",
        "Quarter to September 2025 (provisional)",
        "Quarter to June 2025 (provisional)",
        "March 2025",
    ]
    assert list(table["England"])[:3] == ["", "", ""]
    assert any(
        "not official" not in note and "council’s own" in note for note in words_years.cautions(frame, indicator, [])
    )
    release = {"source": "made", "publisher": "Nobody", "title": "Made up", "release": "2025", "published": "never"}
    upload = {"source": "local", "publisher": "Town 1", "title": "local figures", "release": "12", "published": "today"}
    foot = words_sources.footer([release, upload], [], frame, newest, pd.Timestamp("2026-01-01").date())
    assert foot.layer == "official, provisional local and final local"
    assert foot.source == "Nobody, Made up; local figures: Town 1"
    assert foot.release == "2025 (published never); upload 12 (today)"


def test_a_year_hidden_since_it_was_first_published(made: Warehouse) -> None:
    frame = made.query("trends", indicator="up", age_group="all", authority=made_up_data.area(OWN), others="")
    own = frame[(frame["series"] == "authority") & (frame["layer"] == "published")].set_index("period_end")
    assert bool(own.loc["2023-03-31", "restated"])
    assert pd.isna(own.loc["2023-03-31", "earlier"])
    assert own.loc["2022-03-31", "earlier"][0]["numerator"] == 35
    indicator = catalogue.from_rows(made.query("indicators"))["up"]
    table = tables.years_table(frame, indicator).set_index("Year")
    assert table.loc["March 2022", "Earlier value"] == "35% (35 of 100) in the 2024 release"
    assert table.loc["March 2023", "Earlier value"] == ""
    assert table.loc["March 2023", "Town 1"] == "[c]"


def test_a_successor_is_chosen_and_related_but_drawn_once(warehouse: Warehouse) -> None:
    cumbria = code(warehouse, "Cumbria (to 2023)")
    cumberland = code(warehouse, "Cumberland")
    frame = rows(warehouse, authority=cumberland, others=f"{cumbria},{cumberland}")
    assert set(frame.loc[frame["area_code"] == cumbria, "series"]) == {"predecessor"}
    assert set(frame.loc[frame["area_code"] == cumberland, "series"]) == {"authority"}
    assert not frame.duplicated(["area_code", "period_end", "layer"]).any()


def test_official_quarters_are_a_line_of_their_own(page: Page) -> None:
    at = page(authority="Leeds", indicator="homelessness_duty", age="18-20")
    assert "in the quarter to December 2025; up 2 on the year before (not tested for chance)" in text(at)
    assert "June 2018 8, September 2018 7" in alts(at)[0]
    # England's total is not drawn with an authority's, but the table has both.
    assert "England" not in alts(at)[0].partition("Line chart")[2].partition("Ofsted")[0]
    table = years(at)
    assert table["Quarter to"].iloc[0] == "December 2025"
    assert (table["Leeds"].iloc[0], table["England, in all"].iloc[0]) == ("7", "1,020")
    assert len(table) == 31
    assert "More recorded need can mean better recording" in text(at)
    at = page(authority="Kent", indicator="homelessness_duty", age="18-20")
    assert "December 2024 incomplete" in alts(at)[0]


def test_a_later_publication_without_counts_is_told_and_not_shown(page: Page) -> None:
    table = years(page(authority="Brent", indicator="not_in_touch", age="19-21")).set_index("Year")
    assert "since published as 6%, without counts" in table.loc["March 2024", "Earlier value"]
    assert "Note" not in table or "Restated" not in table.loc["March 2024", "Note"]
