"""England's page compared with the published figures, and that it makes no claim they do not support."""

import csv
import datetime as dt
import html
import re
from pathlib import Path

import pytest

from careleavers.figures.warehouse import Warehouse
from careleavers.views.context import Context, context_of
from careleavers.views.england import markup, view, words
from careleavers.wording.formats import value_text

ROOT = Path(__file__).resolve().parents[1]
TODAY = dt.date(2026, 11, 28)


@pytest.fixture(scope="module")
def context(warehouse: Warehouse) -> Context:
    return context_of(warehouse, TODAY)


@pytest.fixture(scope="module")
def england(context: Context) -> view.EnglandView:
    return view.build_view(context, "eet", "19-21")


def published(code: str) -> dict[tuple[str, str, str], dict[str, str]]:
    """Published figures of one area by indicator, age group and the last day of the period."""
    with (ROOT / "tests" / "golden" / "published.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["area_code"] == code and row["status"] == "ok"]
    return {(row["indicator"], row["age_group"], row["period_end"]): row for row in rows}


def test_the_cards_are_as_the_department_published_them(england: view.EnglandView, context: Context) -> None:
    known = published("E92000001")
    checked = 0
    for card in england.cards:
        indicator = context.indicators[card.indicator]
        for (measure, age, day), row in known.items():
            if (measure, age) != (card.indicator, card.age_group):
                continue
            value = float(row["published_value"])
            assert dict(zip(card.years, card.values, strict=True))[int(day[:4])] == value
            if int(day[:4]) == card.years[-1]:
                assert card.figure == value_text(value, indicator.unit, indicator.decimals)
                checked += 1
    assert [card.indicator for card in england.cards] == [indicator for indicator, _ in words.CARDS]
    assert checked >= 5


def test_a_card_says_its_period_and_the_first_years_figure(england: view.EnglandView) -> None:
    said = {card.indicator: card.since for card in england.cards}
    assert said["eet"] == "Year to March 2025; it was 49% in 2016"
    assert said["in_touch"] == "Year to March 2024; it was 88% in 2018"
    assert said["caseload"] == "30 September 2025; it was 17.7 in 2017"


def test_the_cohort_is_the_sum_of_both_published_age_groups(england: view.EnglandView) -> None:
    known = published("E92000001")
    both = sum(int(known["care_leavers", age, "2025-03-31"]["published_value"]) for age in ("17-18", "19-21"))
    assert england.subject.startswith(f"{both:,} care leavers aged 17 to 21 in 153 councils, year to 31 March 2025")


def test_every_authority_of_today_has_a_tile_of_its_own(england: view.EnglandView) -> None:
    assert england.map is not None
    tiles = england.map.tiles
    assert len(tiles) == 153
    assert len({(tile.row, tile.column) for tile in tiles}) == 153
    labels = {tile.name: tile.label for tile in tiles}
    assert labels["Leeds"] == "Leeds: 46%, bottom quarter"
    assert labels["Isles of Scilly"].startswith("Isles of Scilly: no figure")


def test_the_key_names_the_better_end_whichever_it_is(context: Context) -> None:
    low = view.build_view(context, "agency_rate", "all").map
    high = view.build_view(context, "eet", "19-21").map
    assert low is not None
    assert high is not None
    assert [look for look, _ in low.key][:4] == [look for look, _ in high.key][:4] == ["A", "B", "C", "D"]
    assert low.key[0][1] == "0.0% to 7.8%: top quarter (best)"
    assert high.key[0][1] == "60% to 79%: top quarter (best)"
    # 60.26% is in the second quarter and 60.29% in the first: both read 60%.
    assert high.key[1][1].startswith("55% up to 60%: ")
    assert low.subject == "30 September 2025: 13.0% in England. Lower is better."
    assert high.subject == "Aged 19 to 21, year to 31 March 2025: 54% in England. Higher is better."


def test_where_so_many_are_not_known_a_low_figure_has_no_quarter(context: Context) -> None:
    shown = view.build_view(context, "neet", "17-18").map
    assert shown is not None
    hampshire = next(tile for tile in shown.tiles if tile.name == "Hampshire")
    assert hampshire.look == "aside"
    assert hampshire.label == "Hampshire: 14%, not compared, 66% not known"
    assert ("aside", "not compared: many are not known, or the base is not published") in shown.key


def test_only_tested_changes_are_named(england: view.EnglandView, warehouse: Warehouse) -> None:
    rows = warehouse.query("england_changes", indicator="eet", age_group="19-21")
    clear = rows[rows["change_verdict"].isin(["better", "worse", "higher", "lower"])]
    named = [change.name for direction in england.changes.directions for change in direction.changes]
    assert sorted(named) == sorted(clear["authority_name"])
    assert len(rows) > 10 * len(clear)
    up, down = england.changes.directions
    assert up.word == "↑ Up, for the better: 4 councils"
    assert up.changes[0] == words.Change("Leicester", "from 62% to 79%", "")
    assert next(c for c in down.changes if c.name == "Cumberland").note == "while those not known rose from 1% to 22%"
    assert england.changes.remark.startswith("In the other 145 of 152 councils")


def test_a_measure_without_counts_has_no_clear_change(context: Context) -> None:
    changes = view.build_view(context, "caseload", "all").changes
    assert changes.directions == ()
    assert changes.remark == "No test is possible for this measure, so no council’s change is called clear."


def test_a_fall_that_goes_with_more_not_known_is_not_called_better(context: Context) -> None:
    down = view.build_view(context, "neet", "19-21").changes.directions[1]
    assert down.word == "↓ Down, better unless it says otherwise: 5 councils"
    notes = {change.name: change.note for change in down.changes}
    assert notes["Walsall"] == "not called better: those not known rose from 4% to 12%"
    assert notes["Leicester"] == ""


def test_a_joint_return_changes_once(warehouse: Warehouse) -> None:
    names = warehouse.query("england_changes", indicator="caseload", age_group="all")["authority_name"].tolist()
    assert "North Northamptonshire and West Northamptonshire" in names
    assert "West Northamptonshire" not in names


def test_what_does_not_fit_is_folded_away_and_counted(context: Context) -> None:
    text = markup.body(view.build_view(context, "agency_rate", "all"))
    down = text.split("Down, for the better: 37 councils")[1].split("<section")[0]
    assert "and 33 more" in down
    assert down.count("authority=") == 37


def test_every_link_leads_to_what_it_names_and_keeps_the_shared_choices(context: Context) -> None:
    shown = view.build_view(context, "eet", "19-21", (("against", "England"),))
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', markup.page(shown))]
    assert "./?against=England&authority=Bristol%2C%20City%20of" in links
    assert "./trends?against=England&indicator=eet&age=19-21" in links
    assert all("against=England" in link for link in links)


def test_names_are_text_wherever_they_stand(england: view.EnglandView) -> None:
    assert england.map is not None
    bad = "<b onclick=x>&\"'"
    from dataclasses import replace

    tile = replace(england.map.tiles[0], name=bad, label=bad, region=bad)
    shown = replace(
        england,
        title=bad,
        subject=bad,
        map=replace(england.map, title=bad, subject=bad, tiles=(tile,), key=(("A", bad),)),
        news=(words.News(bad, bad, "inspections", (("authority", bad),)),),
        sources=bad,
    )
    text = markup.page(shown)
    assert "<b" not in re.sub(r"<base|<br", "", text)
    assert "onclick=x>" not in text


def test_what_is_new_names_inspections_and_each_publication_once(england: view.EnglandView) -> None:
    texts = [news.text for news in england.news]
    assert texts[0] == "Wolverhampton: short inspection, care leavers: Outstanding"
    assert "Release: Children looked after in England including adoptions" in texts
    assert len(texts) == len(set(texts))
    when = {news.text: news.when for news in england.news}
    assert when["Release: Children's social work workforce"] == "2026"


def test_what_is_of_two_years_names_both_releases(england: view.EnglandView) -> None:
    assert "Children looked after in England including adoptions (November 2025 and November 2024)" in england.sources
    assert "Children's social work workforce (2026)" in england.sources


def test_england_on_one_measure(context: Context) -> None:
    told = view.story(context, "eet", "19-21", "2025-03-31")
    assert told.figure == "England: 54% in education, employment or training in the year to March 2025"
    assert told.change.startswith("No clear change since the year before. Fell from 56% to 54% over two years")
    assert told.spread == "Half of the 152 councils with a figure are between 49% and 60%."
    assert view.story(context, "eet", "19-21", "2024-03-31").figure.endswith("in the year to March 2024")
    assert view.story(context, "eet", "19-21", "1999-03-31") == view.Story()


def test_nothing_is_said_of_how_a_total_moved(context: Context) -> None:
    told = view.story(context, "care_leavers", "19-21")
    assert told.figure.startswith("England: 38,440 care leavers")
    assert told.change == ""


def test_judgements_on_care_leavers_are_those_of_the_latest_full_inspections(warehouse: Warehouse) -> None:
    with (ROOT / "data" / "inspections.csv").open(encoding="utf-8", newline="") as stream:
        rows = [
            row
            for row in csv.DictReader(stream)
            if row["kind"] == "full" and row["source"] in {"ofsted", "ofsted_reports"}
        ]
    current = set(warehouse.query("authorities").query("is_current")["authority_code"])
    latest: dict[str, dict[str, str]] = {}
    for row in sorted(rows, key=lambda row: row["inspection_date"]):
        if row["authority_code"] in current:
            latest[row["authority_code"]] = row
    held = warehouse.query("england_judgements")
    for judgement, number in zip(held["judgement"], held["authorities"], strict=True):
        if judgement in {"Outstanding", "Good", "Inadequate"}:
            assert sum(row["care_leavers"] == judgement for row in latest.values()) == number
    assert held["authorities"].sum() == len(current) == 153
