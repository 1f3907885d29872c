"""The home page: what is on it, in which order, and that it says the same as the figures."""

import html
import re

from tests.pages.opened import opened


def tables(at) -> list[str]:
    return [e.proto.body for e in at.get("html") if "cl-glance" in e.proto.body and "<table" in e.proto.body]


def words(fragment: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", fragment)))


def row(table: str, measure: str, ages: str) -> str:
    for found in table.split("<tr>")[1:]:
        text = words(found)
        if measure in text and ages in text:
            return text
    raise AssertionError(f"no row for {measure}, {ages}")


def test_leeds_eet_as_the_department_published_it() -> None:
    outcomes = tables(opened("at_a_glance", authority="Leeds", against="England"))[0]
    text = row(outcomes, "In education, work or training", "Aged 19 to 21")
    for part in ("46%", "273 of 600", "▼ worse", "England 54%", "135th of 152", "bottom quarter", "no clear change"):
        assert part in text


def test_nottingham_is_better_than_england() -> None:
    text = row(tables(opened("at_a_glance", authority="Nottingham", against="England"))[0], "In education", "19 to 21")
    for part in ("63%", "207 of 327", "▲ better", "28th of 152", "top quarter"):
        assert part in text


def test_worst_and_worsening_stand_first() -> None:
    outcomes = tables(opened("at_a_glance", authority="Leeds"))[0]
    order = list(re.findall(r"[▲●▼○] (better|similar|worse|not compared)", words(outcomes)))
    worst = [i for i, word in enumerate(order) if word == "worse"]
    assert worst == list(range(len(worst)))
    first = words(outcomes.split("<tr>")[2])
    assert "In suitable accommodation" in first
    assert "getting worse over five years" in first


def test_the_summary_counts_what_the_tables_show() -> None:
    at = opened("at_a_glance", authority="Leeds")
    shown = " ".join(words(table) for table in tables(at)[:2])
    summary = next(m.value for m in at.markdown if m.value.startswith("Of "))
    counts = re.search(r"better on (\d+), similar on (\d+) and worse on (\d+)", summary)
    assert counts
    assert [len(re.findall(rf"[▲●▼] {word}", shown)) for word in ("better", "similar", "worse")] == [
        int(n) for n in counts.groups()
    ]


def test_three_questions_each_with_its_evidence() -> None:
    at = opened("at_a_glance", authority="Leeds")
    asked = next(m.value for m in at.markdown if m.value.startswith("1. **"))
    assert len(re.findall(r"^1\. \*\*", asked, flags=re.MULTILINE)) == 3
    assert "486 of 599" in asked


def test_each_row_links_to_its_compare_page_with_the_whole_choice() -> None:
    links = re.findall(r'href="([^"]+)"', tables(opened("at_a_glance", authority="Leeds", against="Region"))[0])
    assert len(links) == 10
    assert all("authority=Leeds" in link and "against=Region" in link and "indicator=" in link for link in links)


def test_a_suppressed_figure_says_why_and_shows_no_number() -> None:
    text = row(tables(opened("at_a_glance", authority="City of London"))[0], "In education", "17 to 18")
    assert "[c]" in text
    assert "Suppressed to protect privacy" in text
    assert "%" not in text


def test_isles_of_scilly_has_nobody_to_count() -> None:
    at = opened("at_a_glance", authority="Isles of Scilly")
    assert "Not applicable: there was nobody to count." in words(tables(at)[0])
    assert "not close" in at.warning[0].value


def test_an_abolished_authority_says_so_and_is_asked_no_questions() -> None:
    at = opened("at_a_glance", authority="Cumbria (to 2023)")
    assert "no longer exists" in at.info[0].value
    assert "Cumberland and Westmorland and Furness" in at.info[0].value
    assert not any(m.value.startswith("1. **") for m in at.markdown)


def test_a_joint_return_is_marked() -> None:
    enablers = tables(opened("at_a_glance", authority="West Northamptonshire"))[1]
    assert "joint return" in row(enablers, "Cases per social worker", "September 2025")


def test_where_the_young_people_are_lost_a_low_figure_is_no_merit() -> None:
    at = opened("at_a_glance", authority="Hampshire")
    neet = row(tables(at)[0], "Not in education, work or training", "Aged 17 to 18")
    for part in ("14%", "51 of 371", "○ not compared", "66% not known", "not ranked"):
        assert part in neet
    assert "quarter" not in neet
    eet = row(tables(at)[0], "In education, work or training", "Aged 17 to 18")
    for part in ("20%", "▼ worse", "66% not known", "151st of 151"):
        assert part in eet
    asked = next(m.value for m in at.markdown if m.value.startswith("1. **"))
    assert "why are 66% not known" in asked
    # In the picture it has words and no mark between worse and better.
    assert "aged 17 to 18: 14%, not compared: 66% not known" in at.get("plotly_chart")[0].proto.alt


def test_a_figure_whose_base_is_hidden_is_asked_nothing_and_ranked_nowhere() -> None:
    at = opened("at_a_glance", authority="City of London")
    for measure, age in (("Staying put", "Aged 18"), ("Not in education", "Aged 17 to 18")):
        text = row(tables(at)[0], measure, age)
        for part in ("0%", "base not published", "○ not compared", "not ranked"):
            assert part in text
        assert not re.search(r"\d(st|nd|rd|th)=? of \d", text)
    assert "compared with England" in at.warning[0].value
    assert not any("Staying put" in m.value for m in at.markdown if m.value.startswith("1. **"))


def test_an_earlier_figure_that_is_held_is_not_denied() -> None:
    text = row(tables(opened("at_a_glance", authority="Reading"))[0], "Staying put", "Aged 18")
    assert "no figure for the year before" in text
    assert "no earlier figure" not in text
    assert "2022 53%" in text


def test_a_slow_fall_stands_in_its_row() -> None:
    text = row(tables(opened("at_a_glance", authority="Leeds"))[0], "In education", "Aged 19 to 21")
    assert "From 54% to 46% over two years, worse" in text
