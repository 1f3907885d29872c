"""The local figures page: what it says about a quarter, which words it never uses, and what it hides."""

import datetime as dt
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from careleavers.figures.warehouse import Warehouse
from careleavers.ui import figures
from careleavers.views.local_figures import view as local_figures_view
from careleavers.views.local_figures import words_newest as words
from careleavers.views.local_figures import words_quarters as over
from careleavers.wording.tables import records
from tests.local_figures import CODES, QUARTERS, figure, sample, with_figures
from tests.pages.opened import check, opened

NOW, BEFORE, YEAR_AGO = QUARTERS[-1], QUARTERS[-2], QUARTERS[-5]
Page = Callable[..., AppTest]


@pytest.fixture
def show(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Adds these rows to the published figures for the rest of the test."""
    made: list[Warehouse] = []

    def lay(rows: list[Mapping[str, Any]], **more: Any) -> Warehouse:
        made.append(with_figures(warehouse, rows, version=f"made up {len(made)} {id(made)}", **more))
        monkeypatch.setattr(figures, "warehouse", lambda: made[-1])
        return made[-1]

    yield lay
    for held in made:
        held.close()


def page(**query: str) -> AppTest:
    at = opened("local_figures", **query)
    check(at)
    return at


def plain(fragment: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", fragment))).strip()


def prose(at: AppTest) -> str:
    """The sentences of the page, without the escapes for Markdown."""
    return " ".join(m.value.replace("\\", "") for m in at.markdown)


def table(at: AppTest) -> str:
    return next(e.proto.body for e in at.get("html") if "<caption>" in e.proto.body)


def row(at: AppTest, *wanted: str) -> str:
    rows = [plain(found) for found in table(at).split("<tr>")[2:]]
    return next(text for text in rows if all(part in text for part in wanted))


def headline(at: AppTest) -> str:
    return next(m.value for m in at.markdown if "(local figures" in m.value)


def quarters_table(at: AppTest) -> pd.DataFrame:
    """The table below the chart."""
    body = next(e.proto.body for e in at.get("html") if "cl-short" in e.proto.body)
    head, *rows = [
        [plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)]
        for line in re.findall(r"<tr>(.*?)</tr>", body)
    ]
    return pd.DataFrame(rows, columns=head)


def pair(now: tuple[float, float] | None, before: tuple[float, float] | None, **more: Any) -> list[dict[str, Any]]:
    """A figure and the one for the same quarter last year; None for a hidden one."""
    return [figure(*(counts or ()), day=day, **more) for counts, day in ((now, NOW), (before, YEAR_AGO))]


def test_no_authority_is_invited_to_choose_one() -> None:
    at = page()
    assert "not official statistics" in at.markdown[1].value + at.markdown[0].value + at.markdown[2].value
    assert any("Choose a council" in s.value for s in at.header)
    assert "since the same quarter of last year" in prose(at)


def test_without_any_upload_it_says_what_would_be_here() -> None:
    at = page(authority="Leeds")
    said = prose(at)
    assert "Leeds has not uploaded figures of its own yet" in said
    assert "A performance officer" in said
    assert "No council has uploaded its own figures" in said
    assert not at.get("plotly_chart")
    assert at.get("page_link")[0].proto.label == "The official figures of Leeds: At a glance"


def test_a_council_without_figures_is_told_which_have_some(show: Callable[..., Warehouse]) -> None:
    show([figure(25, 51), figure(25, 51, area="Bournemouth, Christchurch and Poole", release="2")])
    at = page(authority="Barnsley", against="England")
    links = next(e.proto.body for e in at.get("html") if "Councils that have" in e.proto.body)
    assert "Bournemouth, Christchurch and Poole</a> and" in links
    assert 'href="local_figures?against=England&amp;authority=Leeds"' in links


def test_the_headline_counts_what_a_test_says(show: Callable[..., Warehouse]) -> None:
    show(
        [
            *pair((60, 100), (30, 100)),
            *pair((60, 100), (30, 100), indicator="neet"),
            *pair((50, 100), (50, 100), indicator="in_touch", target=60.0),
            *pair((51, 100), (50, 100), indicator="suitable_accommodation", target=51.0),
            *pair(None, (50, 100), indicator="higher_education"),
            figure(10, 50, indicator="apprenticeship"),
            figure(10, 50, indicator="not_in_touch", day=BEFORE),
        ]
    )
    said = headline(page(authority="Leeds"))
    assert said.startswith(
        "**Leeds, July to September 2025 (local figures, provisional): 2 of 4 measures have moved no more than chance "
        "would explain; better than a year ago on 1, worse on 1.**"
    )
    assert "not official statistics" in said
    assert "1 of 2 targets are met" in said
    assert "1 more cannot be tested" in said
    assert "1 of 6 figures cannot be shown" in said
    assert "1 measure has no figure for this quarter" in said


HEADLINES = [
    ([figure(25, 51)], "1 figure, which cannot be tested against a year ago"),
    ([figure(25, 51), figure(25, 51, indicator="neet")], "2 figures, none of which can be tested"),
    ([figure(), figure(indicator="neet")], "none of the 2 figures can be shown"),
    (pair((50, 100), (50, 100)), "none of 1 measure has moved more than chance would explain"),
    (pair((60, 100), (30, 100)), "better than a year ago on 1 of 1 measure"),
    (pair((60, 100), (30, 100), indicator="refuses_contact"), "higher than a year ago on 1 of 1 measure"),
    ([*pair((50, 100), (50, 100), layer="final"), *pair((50, 100), (50, 100), indicator="neet")],
     "(local figures, provisional and final)"),
    ([figure(25, 51, day=dt.date(2025, 3, 31), basis="full_year", frequency="year")], "Leeds, year to 31 March 2025"),
    ([figure(25, 51, day=dt.date(2025, 3, 31))], "Leeds, January to March 2025"),
    ([figure(25, 51, basis="year_to_date")], "Leeds, April to September 2025"),
]  # fmt: skip


def test_every_kind_of_quarter_has_a_headline(show: Callable[..., Warehouse]) -> None:
    # Each at another council, so that they share a version of the figures.
    for cases in (HEADLINES[:5], HEADLINES[5:]):
        councils = list(CODES.values())[: len(cases)]
        show([row | {"area_code": code} for code, (rows, _) in zip(councils, cases, strict=True) for row in rows])
        for code, (_, said) in zip(councils, cases, strict=True):
            newest = local_figures_view.build_newest(figures.context(), code, "Leeds", "")
            assert newest is not None
            assert said in newest.headline


def test_a_council_with_one_hidden_figure_and_nothing_else_has_its_page(show: Callable[..., Warehouse]) -> None:
    show([figure()])
    assert "the only figure cannot be shown" in headline(page(authority="Leeds"))


def test_a_row_has_the_figure_a_year_ago_the_target_and_the_official_year(show: Callable[..., Warehouse]) -> None:
    show(pair((25, 51), (40, 50), target=55.0))
    assert row(page(authority="Leeds"), "In education") == (
        "In education, work or training Aged 19 to 21 49% 25 of 51 80% 40 of 50 ↓ down 31 points, worse 55%: not met "
        "46%, England 54% Year to 31 March 2025"
    )


def test_worse_comes_first_then_a_missed_target_and_what_is_hidden_last(show: Callable[..., Warehouse]) -> None:
    show(
        [
            *pair(None, (50, 100), indicator="eet"),
            *pair((60, 100), (30, 100), indicator="suitable_accommodation"),
            *pair((50, 100), (50, 100), indicator="pathway_plan_in_date"),
            *pair((50, 100), (50, 100), indicator="in_touch", target=90.0),
            *pair((60, 100), (30, 100), indicator="neet"),
            figure(10, 50, indicator="apprenticeship", day=BEFORE),
        ]
    )
    order = re.findall(r'indicator=(\w+)[^"]*"', table(page(authority="Leeds")))
    assert order == ["neet", "in_touch", "pathway_plan_in_date", "suitable_accommodation", "eet", "apprenticeship"]


def test_a_target_just_missed_says_by_how_little_and_neutral_ones_are_not_judged(
    show: Callable[..., Warehouse],
) -> None:
    show(
        [
            figure(547, 1000, target=55.0),
            figure(53, 100, indicator="neet", target=53.0),
            figure(53, 100, indicator="refuses_contact", target=50.0),
            figure(indicator="in_touch", target=90.0),
        ]
    )
    at = page(authority="Leeds")
    assert "55%: not met (54.7%)" in row(at, "In education")
    assert "53%: met" in row(at, "Not in education")
    assert re.search(r"50% \d", row(at, "Refuses contact"))
    assert "met" not in row(at, "In touch")


def test_a_low_figure_is_no_merit_where_many_are_not_known(show: Callable[..., Warehouse]) -> None:
    made = show(
        [
            *pair((10, 100), (40, 100), indicator="neet", target=20.0),
            *pair((30, 100), (45, 100), indicator="eet", target=50.0),
            *pair((60, 100), (15, 100), indicator="activity_not_known"),
            # A tenth not known does not count as many.
            *pair((10, 100), (40, 100), indicator="unsuitable_accommodation", target=20.0),
            *pair((10, 100), (10, 100), indicator="accommodation_not_known"),
        ]
    )
    latest = made.query("local_latest", authority="E08000035").set_index("indicator")
    assert latest.loc["neet", ["target_met", "change_verdict", "low_is_no_merit"]].tolist() == ["", "lower", True]
    assert latest.loc["neet", "not_known_share"] == 60
    assert latest.loc["eet", ["target_met", "change_verdict", "low_is_no_merit"]].tolist() == [
        "not_met",
        "worse",
        False,
    ]
    accommodation = latest.loc["unsuitable_accommodation"]
    assert accommodation[["target_met", "change_verdict", "low_is_no_merit"]].tolist() == ["met", "better", False]
    shown = words.target_text(latest.loc["neet"])
    assert shown == "20%: not judged, 60% not known"
    assert words.note(latest.loc["neet"]) == "60% not known (so a low figure may not be good news)"
    assert words.note(latest.loc["eet"]) == "60% not known"
    assert over.quarters_headline(latest.loc["neet"], "Leeds").startswith(
        "Leeds: 10% not in education, employment or training in July to September 2025, with 60% not known, lower than"
    )
    check(page(authority="Leeds", indicator="neet", age="19-21"))


def test_a_fall_while_more_are_not_known_is_no_improvement(show: Callable[..., Warehouse]) -> None:
    made = show(
        [
            *pair((100, 1000), (200, 1000), indicator="neet"),
            *pair((90, 1000), (20, 1000), indicator="activity_not_known"),
        ]
    )
    latest = made.query("local_latest", authority="E08000035").set_index("indicator")
    assert latest.loc["neet", ["change_verdict", "low_is_no_merit"]].tolist() == ["lower", False]


def test_a_hidden_figure_shows_no_number_of_its_own_anywhere(show: Callable[..., Warehouse]) -> None:
    held = show([*pair(None, (40, 50), target=55.0), figure(33, 50, day=BEFORE)])
    at = page(authority="Leeds")
    assert "[c] suppressed to protect privacy" in row(at, "In education")
    (chart,) = at.get("plotly_chart")
    assert (
        "Leeds: no figure for “In education, work or training” in July to September 2025 (suppressed to protect privacy)"
        in chart.proto.alt
    )
    days = [str(day)[:10] for found in json.loads(chart.proto.spec)["data"] for day in found["x"] if day]
    assert str(NOW) not in days
    assert "July to September 2025 suppressed to protect privacy" in chart.proto.alt
    first = quarters_table(at).iloc[0]
    assert (first["Leeds"], first["Kind"], first["Since a year earlier"]) == (
        "[c]", "Provisional, suppressed to protect privacy", "cannot be said",
    )  # fmt: skip
    assert first["Target"] == "55%"
    latest = held.query("local_latest", authority=CODES["Leeds"]).iloc[0]
    assert latest[["value", "numerator", "lower", "upper", "change", "concern"]].isna().all()
    assert latest["target_met"] == ""


def test_nothing_a_year_ago_and_a_hidden_year_ago_are_told_apart(show: Callable[..., Warehouse]) -> None:
    show([*pair((25, 51), None), figure(10, 50, indicator="neet")])
    at = page(authority="Leeds")
    assert "[c] the earlier figure is not shown" in row(at, "In education")
    assert "none no figure a year earlier" in row(at, "Not in education")


def test_official_figures_are_never_compared(show: Callable[..., Warehouse]) -> None:
    show(sample())
    at = page(authority="Leeds", councils=CODES["Kent"])
    said = table(at) + prose(at)
    for word in ("▲", "▼", "●", "Ranked", "than England", "worse than the official", "cl-verdict"):
        assert word not in said
    assert "counted differently" in said


def test_small_groups_and_restated_figures_are_marked_and_explained(show: Callable[..., Warehouse]) -> None:
    show(pair((8, 20), (9, 20), restated=True))
    at = page(authority="Leeds")
    assert "8 of 20 small group, restated" in row(at, "In education")
    assert "“Small group”" in prose(at)
    assert "“Restated”" in prose(at)
    assert quarters_table(at)["Kind"][0] == "Provisional, small group, restated"
    assert "restated since first uploaded" in at.get("plotly_chart")[0].proto.spec


def test_a_council_that_counts_without_a_base_has_no_empty_columns(show: Callable[..., Warehouse]) -> None:
    show(
        [
            figure(indicator="personal_adviser_caseload", age_group="all", basis="snapshot", status="ok", value=value, day=day)
            for value, day in ((18.0, NOW), (16.0, YEAR_AGO))
        ]
    )  # fmt: skip
    at = page(authority="Leeds")
    assert "up 2.0 (not tested)" in row(at, "Cases per personal adviser", "30 September 2025")
    assert list(quarters_table(at).columns) == ["Period", "Leeds", "Since a year earlier", "Kind"]
    assert "Leeds: 18.0 young people per personal adviser on 30 September 2025, 16.0 a year earlier" in (
        at.get("plotly_chart")[0].proto.alt
    )
    assert quarters_table(at)["Kind"][1] == "Nothing was uploaded"


def test_one_row_a_measure_the_other_bases_are_a_choice_below(show: Callable[..., Warehouse]) -> None:
    show([*pair((25, 51), (20, 50)), *pair((300, 600), (280, 600), basis="rolling_12m")])
    at = page(authority="Leeds")
    assert table(at).count('<th scope="row">') == 1
    assert "25 of 51" in table(at)
    at = page(authority="Leeds", basis="rolling_12m")
    assert quarters_table(at)["Period"][0] == "12 months to September 2025"
    assert "rolling 12 months, September 2024 to September 2025" in words_of(at.get("plotly_chart")[0])


def test_other_councils_are_those_that_uploaded_the_same(show: Callable[..., Warehouse]) -> None:
    show(
        [
            *pair((25, 51), (20, 50)),
            *pair((90, 150), (80, 150), area="Kent", release="2"),
            figure(90, 150, area="Cumberland", release="3", indicator="neet"),
            figure(90, 150, area="City of London", release="4", basis="rolling_12m"),
        ]
    )
    at = page(authority="Leeds", councils=f"{CODES['Kent']},{CODES['Cumberland']}")
    (control,) = at.multiselect
    assert control.options == ["Kent"]
    assert control.value == [CODES["Kent"]]
    assert any(CODES["Cumberland"] in warning.value for warning in at.warning)
    assert list(quarters_table(at)["Kent"][:1]) == ["60%"]
    (chart,) = at.get("plotly_chart")
    assert "Leeds and Kent, the councils’ own figures, not official statistics" in words_of(chart)
    assert "uploads 1 (14 October 2025) and 2 (14 October 2025)" in words_of(chart)


def words_of(chart: Any) -> str:
    notes = json.loads(chart.proto.spec)["layout"]["annotations"]
    return " ".join(plain(note["text"]) for note in notes)


def test_downloads_say_what_they_are(show: Callable[..., Warehouse]) -> None:
    show([*pair((25, 51), (40, 50), target=55.0), *pair((300, 600), (280, 600), basis="rolling_12m")])
    newest = local_figures_view.build_newest(figures.context(), CODES["Leeds"], "Leeds", "")
    assert newest is not None
    assert set(newest.download["basis"]) == {"quarter", "rolling_12m"}
    assert "own figures, not official statistics" in newest.about["Kind"]
    assert newest.about["Source"] == "Leeds, upload 1 (14 October 2025)"
    assert "Department for Education" in newest.about["Official figures"]
    assert {"indicator", "target_met", "official_england", "change_verdict", "release"} <= set(newest.download)
    asked = (CODES["Leeds"], "Leeds", "eet", "19-21", "quarter", (), True)
    years = local_figures_view.build_quarters(figures.context(), *asked, "wide")
    assert list(years.download["value"].dropna()) == pytest.approx([80.0, 100 * 25 / 51])
    assert years.about["Indicator"].endswith("aged 19 to 21")


def test_names_from_an_upload_stay_text(show: Callable[..., Warehouse], warehouse: Warehouse) -> None:
    own = {
        "id": "x_own", "title": "Own **measure** <script>alert(1)</script>", "short_title": "In education, work or training",
        "phrase": "{value} of *ours*", "theme": "outcome", "family": "x_own", "unit": "percent", "polarity": "high",
        "decimals": 0, "headline": "no", "age_groups": "19-21", "interval": "wilson", "numerator_counts": "some",
        "denominator_counts": "all", "definition": "Ours.", "caveats": "[click](http://bad.example) <b>now</b>", "source": "local",
        "target": "yes",
    }  # fmt: skip
    show([*pair((25, 51), (40, 50), indicator="x_own"), *pair((25, 51), (40, 50))], catalogue=[own])
    at = page(authority="Leeds", indicator="x_own")
    assert at.selectbox(key="indicator").options == ["In education, work or training (eet)", "In education, work or training (x_own)"]  # fmt: skip
    for said in at.markdown:
        assert "<script>" not in said.value
        assert "[click](" not in said.value
        assert "**measure**" not in said.value
    assert "<script>" not in words_of_raw(at)


def words_of_raw(at: AppTest) -> str:
    return " ".join(note["text"] for note in json.loads(at.get("plotly_chart")[0].proto.spec)["layout"]["annotations"])


def test_unknown_choices_in_a_link_say_so(show: Callable[..., Warehouse]) -> None:
    show(pair((25, 51), (20, 50)))
    at = page(authority="Leeds", indicator="happiness")
    assert any("happiness" in warning.value for warning in at.warning)


def test_every_measure_of_every_kind_of_council_reads(show: Callable[..., Warehouse]) -> None:
    show(sample(areas=("Leeds", "City of London", "Kent")))
    for authority in ("Leeds", "City of London"):
        at = page(authority=authority)
        assert len(at.get("plotly_chart")) == 1
        newest = local_figures_view.build_newest(figures.context(), CODES[authority], authority, "")
        assert newest is not None
        for found in records(newest.rows):
            asked = (found["indicator"], found["age_group"], found["basis"], (CODES["Kent"],))
            shown = local_figures_view.build_quarters(
                figures.context(), CODES[authority], authority, *asked, False, "narrow"
            )
            said = " ".join([shown.headline, shown.detail, *shown.cautions, shown.chart.alt])
            assert not re.search(r"\bnan\b|None|<NA>|NaT|\{value\}", said), said


@pytest.mark.parametrize(
    ("day", "basis", "said", "tick"),
    [
        (dt.date(2025, 3, 31), "quarter", "in January to March 2025", "Jan–Mar\n2025"),
        (dt.date(2025, 12, 31), "quarter", "in October to December 2025", "Oct–Dec\n2025"),
        (dt.date(2025, 3, 31), "year_to_date", "in April 2024 to March 2025", "Apr–Mar\n2025"),
        (dt.date(2025, 6, 30), "rolling_12m", "in the 12 months to June 2025", "to Jun\n2025"),
        (dt.date(2025, 9, 30), "snapshot", "on 30 September 2025", "30 Sep\n2025"),
        (dt.date(2025, 3, 31), "full_year", "in the year to 31 March 2025", "Mar\n2025"),
    ],
)
def test_periods_in_words(day: dt.date, basis: str, said: str, tick: str) -> None:
    assert words.in_period(day, basis) == said
    assert over.tick_words(day, basis) == tick
