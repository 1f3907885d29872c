"""The home page: what is on it, in which order, and that it says the same as the figures."""

import html
import re

from tests.pages.test_every_page import opened


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
    for part in ("46%", "273 of 600", "▼ worse", "England 54%", "135th of 152", "worst quarter", "no clear change"):
        assert part in text


def test_nottingham_is_better_than_england() -> None:
    text = row(tables(opened("at_a_glance", authority="Nottingham", against="England"))[0], "In education", "19 to 21")
    for part in ("63%", "207 of 327", "▲ better", "28th of 152", "best quarter"):
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
