"""The inspections page says what was judged, and never more: in every state an authority can be in."""

import csv
import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from careleavers.figures.warehouse import Warehouse
from careleavers.views.inspections import words
from tests import made_up_data
from tests.pages.opened import Page, check
from tests.short_tables import short_tables

ROOT = Path(__file__).resolve().parents[2]
# The publication date of the newest compiled report.
AS_AT = dt.date(2026, 6, 18)
OFFICIAL = {"ofsted", "ofsted_reports"}
CAUSE = re.compile(r"\b(because of|due to|leads? to|drives?|causes?|results? in|thanks to|explains?)\b", re.IGNORECASE)


def text(at: AppTest) -> str:
    """The words of the page, with the text alternatives of its charts: their titles are its findings."""
    alts = [chart.proto.alt for chart in at.get("plotly_chart")]
    return "\n".join([*(str(element.value) for element in [*at.markdown, *at.caption, *at.header, *at.info]), *alts])


def charts(at: AppTest) -> list[str]:
    """The text alternatives of the page's charts."""
    return [element.proto.alt for element in at.get("plotly_chart")]


def held() -> list[dict[str, str]]:
    """The shipped file unchanged, to compare with."""
    with (ROOT / "data" / "inspections.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_no_authority_shows_the_country_and_invites(page: Page) -> None:
    at = page()
    shown = text(at)
    assert "Choose a council" in shown
    # Counted in data/inspections.csv: see tests/test_england.py.
    assert "judgement on care leavers is outstanding in 43 councils, good in 61" in shown
    assert "Half of 153 authorities" in shown
    assert len(charts(at)) == 2
    assert short_tables(at) == []


def test_before_2023_care_leavers_were_not_judged_separately(page: Page) -> None:
    at = page(authority="Blackpool")
    shown = text(at)
    assert (
        "**Blackpool: judged “requires improvement to be good” overall in December 2022; care leavers were not judged "
        "separately then.**" in shown
    )
    assert "Care leavers were part of the judgement on children in care: good" in shown
    assert "No later inspection was recorded by 31 March 2025" in shown
    at = page(authority="Leeds")
    (table,) = short_tables(at)
    assert table["Judgement"].iloc[0] == "Care leavers"
    assert table.iloc[0, 2] == "Not judged separately then"
    assert list(table.columns)[1:] == [
        "July 2025, short inspection", "February 2022, standard inspection", "October 2018, short inspection",
    ]  # fmt: skip


def test_an_inspection_after_the_release_says_whose_word_it_is_and_links_its_report(
    page: Page,
) -> None:
    shown = text(page(authority="Leeds"))
    assert "**Leeds: judged outstanding for care leavers in July 2025, outstanding overall.**" in shown
    assert "Compiled from Ofsted’s reports, not from Ofsted’s release." in shown
    assert "[Ofsted’s report of July 2025](https://files.ofsted.gov.uk/v1/file/50284438)" in shown


@pytest.mark.parametrize("name", ["Brent", "Somerset"])
def test_from_april_2026_there_is_no_overall_judgement(page: Page, name: str) -> None:
    at = page(authority=name)
    assert f"**{name}: judged good for care leavers in May 2026.**" in text(at)
    (table,) = short_tables(at)
    assert table.iloc[1, 1] == "No longer given"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://example.org/v1/file/1", "https://files.ofsted.gov.uk.example.org/1", ""]
)
def test_only_ofsteds_own_addresses_become_links(address: str) -> None:
    row = {"source": "ofsted_reports", "report_url": address, "day": pd.Timestamp("2025-06-30"), "end_date": pd.NaT}
    assert words.report_links([row]) == ""


def test_care_leavers_come_first_and_a_visit_has_its_theme(page: Page) -> None:
    at = page(authority="Barnsley")
    assert "**Barnsley: judged good for care leavers in September 2023, good overall.**" in text(at)
    assert "focused visit, on " in text(at)
    assert "**5 November 2024**" in text(at)


def test_local_events_are_marked_with_their_source(page: Page) -> None:
    shown = text(page(authority="City of London"))
    assert "**24 to 25 October 2018**: focused visit, on care leavers." in shown
    assert "Reported in a council committee paper (not in Ofsted’s release)" in shown
    assert "judged outstanding for care leavers in September 2024" in shown
    columns = list(short_tables(page(authority="City of London"))[0].columns)
    assert columns[-1] == "September 2016, inspection (framework before 2018) (reported by the council)"


def test_an_event_without_a_date_of_its_own_says_when_it_was_published() -> None:
    row = {"inspection_date": pd.NaT, "end_date": pd.NaT, "publication_date": pd.Timestamp("2016-09-20")}
    assert words.event_date(row) == "published 20 September 2016"


@pytest.mark.parametrize("name", ["West Northamptonshire", "North Northamptonshire"])
def test_a_new_authority_shows_what_the_old_one_was_judged(page: Page, name: str) -> None:
    shown = text(page(authority=name))
    assert "Before this authority" in shown
    assert "**17 June 2019**: Northamptonshire (to 2021), standard inspection, judged inadequate overall" in shown


def test_a_predecessor_that_was_never_inspected_is_named(page: Page) -> None:
    shown = text(page(authority="Bournemouth, Christchurch and Poole"))
    assert "Poole (to 2019): no full inspection under the framework that began in 2018." in shown
    assert "Bournemouth (to 2019), standard inspection, judged “requires improvement to be good” overall" in shown


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Cumberland", "judged good for care leavers in October 2024"),
        ("Cumbria (to 2023)", "judged “requires improvement to be good” overall in September 2022"),
        ("Poole (to 2019)", "no full inspection is recorded"),
        (
            "Isles of Scilly",
            "judged “requires improvement to be good” for care leavers in July 2023, inadequate overall",
        ),
    ],
)
def test_each_kind_of_authority(page: Page, name: str, said: str) -> None:
    at = page(authority=name)
    check(at)
    assert said in text(at)
    assert len(charts(at)) == 2


def test_an_abolished_authority_is_not_timed_beside_the_living(page: Page) -> None:
    at = page(authority="Cumbria (to 2023)")
    assert "Cumbria" not in charts(at)[0]
    assert "Half of 153 authorities" in text(at)


def test_time_is_counted_to_the_release_and_says_so(page: Page) -> None:
    shown = text(page(authority="Leeds"))
    assert "last inspected in full 11 months before 18 June 2026" in shown
    assert "and not to today" in shown
    assert (
        "The latest inspections of 44 authorities are compiled from Ofsted’s reports, not from Ofsted’s release."
        in shown
    )
    assert "Those of the other 109 are from the release, which gives the position at 31 March 2025." in shown


def test_bad_link_says_so(page: Page) -> None:
    at = page(authority="Leeds", judgement="[x](https://example.org)", indicator="nonsense")
    assert len(at.warning) == 2
    assert not any("](" in str(found.value).replace("\\]\\(", "") for found in at.warning)


@pytest.mark.parametrize("indicator", ["eet", "caseload", "care_leavers", "looked_after_rate", "apprenticeship"])
@pytest.mark.parametrize("judgement", ["care_leavers", "overall"])
def test_outcomes_by_judgement_hold_apart_what_is_apart(page: Page, indicator: str, judgement: str) -> None:
    at = page(authority="West Northamptonshire", indicator=indicator, judgement=judgement)
    shown = text(at)
    assert words.APART_WORDS in shown
    # A measure's caveats are its own; the page must not use judgements to explain figures.
    own = next(line for line in shown.splitlines() if ": median " in line)
    assert not CAUSE.search(own)


def test_a_period_before_anybody_was_judged(page: Page) -> None:
    shown = text(page(indicator="eet", age="19-21", period="2018-03-31"))
    assert "too few authorities had been judged for care leavers by then to compare groups" in shown


def test_a_suppressed_figure_is_said_and_not_placed(page: Page) -> None:
    shown = text(page(authority="City of London", indicator="staying_put", age="19-20", period="2024-03-31"))
    assert "City of London (not judged separately then): figure suppressed to protect privacy" in shown


def test_latest_inspection_and_time_since_match_the_file(warehouse: Warehouse) -> None:
    rows = warehouse.query("inspection_since", authority="E08000035")
    latest: dict[str, str] = {}
    for row in held():
        if row["kind"] == "full" and row["source"] in OFFICIAL:
            code = row["authority_code"]
            latest[code] = max(latest.get(code, ""), row["inspection_date"])
    assert len(rows) == 153
    for row in rows.itertuples():
        day = dt.date.fromisoformat(latest[row.authority_code])
        assert row.inspection_date.date() == day
        assert row.years == pytest.approx((AS_AT - day).days / 365.25)
        whole = (AS_AT.year - day.year) * 12 + AS_AT.month - day.month - (day.day > AS_AT.day)
        assert row.months == whole
        assert row.later == sum(other > latest[row.authority_code] for other in _of(rows, latest))
    assert rows.loc[rows["is_chosen"], "authority_name"].tolist() == ["Leeds"]


def _of(rows: pd.DataFrame, latest: dict[str, str]) -> list[str]:
    return [latest[code] for code in rows["authority_code"]]


@pytest.mark.parametrize("aspect", ["care_leavers", "overall"])
def test_groups_match_the_file(warehouse: Warehouse, aspect: str) -> None:
    period = dt.date(2024, 3, 31)
    rows = warehouse.query(
        "inspection_outcomes",
        indicator="eet",
        age_group="19-21",
        period=period.isoformat(),
        aspect=aspect,
        authority="",
    )
    column = "overall_effectiveness" if aspect == "overall" else aspect
    latest: dict[str, dict[str, str]] = {}
    for row in sorted(held(), key=lambda row: row["inspection_date"]):
        if row["kind"] == "full" and row["source"] in OFFICIAL and row["inspection_date"] <= period.isoformat():
            latest[row["authority_code"]] = row
    for row in rows.itertuples():
        last = latest.get(row.authority_code)
        if last is None:
            assert row.judgement == "Not yet inspected"
        else:
            assert row.judgement == (last[column] or "Not judged separately then")
    for _, group in rows.groupby("judgement"):
        values = group["value"].dropna()
        assert group["group_n"].iloc[0] == len(values)
        if len(values) >= 5:
            assert group["group_median"].iloc[0] == pytest.approx(values.median())
            assert group["group_q25"].iloc[0] == pytest.approx(values.quantile(0.25))
        else:
            assert group["group_median"].isna().all()


def made(code: int, day: str, **more: str) -> dict[str, str]:
    return {
        "authority_code": made_up_data.area(code),
        "kind": "full",
        "inspection_type": "ILACS Standard Inspection",
        "inspection_date": day,
        "source": "ofsted",
        "release": "2027",
        **more,
    }


def test_overall_effectiveness_may_be_absent_after_april_2026(tmp_path: Path) -> None:
    warehouse = made_up_data.opened(
        tmp_path,
        [made_up_data.figure(1, 30, 60)],
        inspections=[made(1, "2026-09-14", care_leavers="Good"), made(1, "2022-05-02", overall_effectiveness="Good")],
    )
    rows = warehouse.query("inspection_events", authority=made_up_data.area(1))
    full = words.events(rows, kind="full")
    assert [row["overall_effectiveness"] for row in full] == ["No longer given", "Good"]
    assert [row["care_leavers"] for row in full] == ["Good", "Not judged separately then"]
    assert words.latest_headline("Town 1", full) == "Town 1: judged good for care leavers in September 2026"


def test_a_local_event_newer_than_the_release_leads_but_is_not_compared(tmp_path: Path) -> None:
    warehouse = made_up_data.opened(
        tmp_path,
        [made_up_data.figure(1, 30, 60)],
        inspections=[
            made(1, "2024-05-02", care_leavers="Good", overall_effectiveness="Good", release="2025"),
            made(1, "2025-06-02", care_leavers="Inadequate", source="local", release="", note="Told by the town."),
        ],
    )
    full = words.events(warehouse.query("inspection_events", authority=made_up_data.area(1)), kind="full")
    assert words.newer_than_release(full)
    assert "judged inadequate for care leavers in June 2025" in words.latest_headline("Town 1", full)
    assert "Reported by the council: Told by the town (not in Ofsted’s release)" in words.latest_detail(full)
    since = warehouse.query("inspection_since", authority=made_up_data.area(1))
    own = since[since["is_chosen"]].iloc[0]
    assert str(own["inspection_date"].date()) == "2024-05-02"
    assert since["months"].notna().sum() == 1
    assert "No full inspection since 2018: Town 10" in " ".join(words.since_cautions(since, AS_AT, True))


@pytest.mark.parametrize(
    ("months", "said"),
    [(0, "under a month"), (1, "1 month"), (12, "1 year"), (25, "2 years 1 month"), (None, ""), (pd.NA, "")],
)
def test_months_in_words(months: object, said: str) -> None:
    assert words.since_text(months) == said


def test_the_download_holds_every_event(page: Page, warehouse: Warehouse) -> None:
    assert len(warehouse.query("inspection_list", authority="")) == len(held())


def test_a_change_whose_codes_come_later_is_said(page: Page, warehouse: Warehouse) -> None:
    said = text(page(authority="Surrey"))
    assert (
        "From April 2027 Surrey county council is replaced by two new authorities, East Surrey and West Surrey." in said
    )
    rows = warehouse.query("authorities").set_index("authority_name")
    assert rows.loc["Surrey", "is_current"]
    assert rows.loc["Surrey", "successors"] == []
    assert (rows["coming"] != "").sum() == 1
