"""The home page: what is on it, in which order, and that it agrees with the figures."""

import html
import re

from tests.pages.opened import opened


def fragments(at, name: str) -> list[str]:
    """The page's HTML elements that contain this class."""
    return [e.proto.body for e in at.get("html") if re.search(rf'class="[^"]*\b{name}\b', e.proto.body)]


def tables(at) -> list[str]:
    return fragments(at, "cl-measures")


def words(fragment: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", fragment))).strip()


def row(table: str, measure: str) -> str:
    """The row of a measure, each cell as text; the ages stand side by side."""
    for found in table.split("<tbody>")[1].split("<tr>")[1:]:
        if words(found.split("</th>")[0]).startswith(measure):
            return found
    raise AssertionError(f"no row for {measure}")


def at_age(table: str, measure: str, place: int) -> str:
    """The cells of one age: 1 for the younger, 2 for the older."""
    cells = re.findall(rf'<td[^>]*class="cl-at{place}[^>]*>.*?</td>', row(table, measure))
    return words(" ".join(cells))


def asked(at) -> str:
    return "".join(fragments(at, "cl-questions"))


def test_leeds_eet_as_the_department_published_it() -> None:
    outcomes = tables(opened("at_a_glance", authority="Leeds", against="England"))[0]
    older = at_age(outcomes, "In education, work or training", 2)
    for part in ("46%", "273 of 600", "▼ worse 54%", "135th of 152", "54→46% ▼ worse since 2023"):
        assert part in older
    younger = at_age(outcomes, "In education, work or training", 1)
    for part in ("55%", "134 of 243", "▼ worse 64%", "131st of 151", "12% not known"):
        assert part in younger


def test_nottingham_is_better_than_england() -> None:
    text = at_age(tables(opened("at_a_glance", authority="Nottingham", against="England"))[0], "In education", 2)
    for part in ("63%", "207 of 327", "▲ better", "28th of 152"):
        assert part in text


def test_the_page_goes_from_what_stands_out_to_everything() -> None:
    at = opened("at_a_glance", authority="Leeds")
    about = words(fragments(at, "cl-about")[0])
    assert about.endswith(
        "600 care leavers aged 19 to 21 and 243 aged 17 to 18 in the year to March 2025 · Ofsted on care leavers: Outstanding (July 2025)"
    )
    (cards,) = fragments(at, "cl-standing")
    assert re.findall(r"<h2>(.*?)</h2>", re.sub(r"<span.*?</span>", "", cards)) == [
        "Strong compared with its neighbours",
        "Weak compared with its neighbours",
        "Clearly changing",
    ]
    assert [words(table.split("</caption>")[0]) for table in tables(at)] == [
        "How young people are doing",
        "Services behind them: workforce and stability",
        "Context: neither high nor low is better",
    ]
    assert [each.value for each in at.header] == [
        "Questions to ask",
        "In work or study, or not?",
        "In a suitable home?",
        "Every headline measure",
        "Behind the headlines",
    ]
    assert "Leeds compared with every authority, in one picture" in [each.label for each in at.expander]


def test_three_questions_each_with_its_evidence() -> None:
    at = opened("at_a_glance", authority="Leeds")
    assert asked(at).count("<li>") == 3
    text = words(asked(at))
    assert "Why do we no longer know what 81 of our 600 care leavers aged 19 to 21 are doing" in text
    assert "Activity not known: 14%, 9% in 2024; neighbours’ mean 6%" in text


def test_the_pictures_are_the_shares_then_the_spine_each_with_its_table() -> None:
    at = opened("at_a_glance", authority="Leeds")
    work, home, spine = (chart.proto.alt for chart in at.get("plotly_chart"))
    assert "Leeds: 46% in work or study, 41% neither, 14% not known" in work
    assert "Leeds: 81% suitable, 5% unsuitable, 14% not known" in home
    assert "Leeds against its neighbours’ mean" in spine
    assert "81 of 600" in words(fragments(at, "cl-short")[0])


def test_each_row_and_line_links_to_its_compare_page_with_the_whole_choice() -> None:
    at = opened("at_a_glance", authority="Leeds", against="Region")
    links = re.findall(r'href="([^"]+)"', tables(at)[0])
    assert len(links) == 7
    lines = re.findall(r'href="([^"]+)"', fragments(at, "cl-standing")[0])
    assert 5 <= len(lines) <= 9
    for link in links + lines:
        assert "authority=Leeds" in link
        assert "against=Region" in link
        assert "indicator=" in link


def test_a_suppressed_figure_says_why_and_shows_no_number() -> None:
    text = at_age(tables(opened("at_a_glance", authority="City of London"))[0], "In education", 1)
    assert "[c]" in text
    assert "Suppressed to protect privacy" in text
    assert "%" not in text


def test_isles_of_scilly_has_nobody_to_count() -> None:
    at = opened("at_a_glance", authority="Isles of Scilly")
    assert "Not applicable: there was nobody in this group." in words(tables(at)[0])
    assert "Nothing is called strong" in words(fragments(at, "cl-standing")[0])
    assert "not close" in at.warning[0].value


def test_an_abolished_authority_says_so_and_is_asked_no_questions() -> None:
    at = opened("at_a_glance", authority="Cumbria (to 2023)")
    assert "no longer exists" in at.info[0].value
    assert "Cumberland and Westmorland and Furness" in at.info[0].value
    assert not asked(at)


def test_a_joint_return_is_marked() -> None:
    enablers = tables(opened("at_a_glance", authority="West Northamptonshire"))[1]
    assert "joint return" in words(row(enablers, "Cases per social worker"))
    assert "September 2025" in words(row(enablers, "Cases per social worker"))


def test_where_the_young_people_are_lost_a_low_figure_is_no_merit() -> None:
    at = opened("at_a_glance", authority="Hampshire")
    neet = at_age(tables(at)[0], "Not in education, work or training", 1)
    for part in ("14%", "51 of 371", "○ not compared", "66% not known", "not ranked"):
        assert part in neet
    eet = at_age(tables(at)[0], "In education, work or training", 1)
    for part in ("20%", "▼ worse", "66% not known", "151st of 151"):
        assert part in eet
    assert "Why do we no longer know what 245 of our 371 care leavers aged 17 to 18" in words(asked(at))
    # The picture shows it in words, without a mark between worse and better.
    assert "aged 17 to 18: 14%, not compared: 66% not known" in at.get("plotly_chart")[2].proto.alt


def test_a_figure_whose_base_is_hidden_is_asked_nothing_and_ranked_nowhere() -> None:
    at = opened("at_a_glance", authority="City of London")
    for measure in ("Staying put", "Not in education"):
        text = at_age(tables(at)[0], measure, 1)
        for part in ("0%", "base not published", "○ not compared", "not ranked"):
            assert part in text
        assert not re.search(r"\d(st|nd|rd|th)=? of \d", text)
    assert "compared with England" in at.warning[0].value
    assert "Staying put" not in words(asked(at))


def test_earlier_figures_are_read_out_with_the_line() -> None:
    text = at_age(tables(opened("at_a_glance", authority="Reading"))[0], "Staying put", 1)
    assert "2022 53%" in text


def test_all_lines_of_percentages_are_on_one_scale_and_it_is_said() -> None:
    at = opened("at_a_glance", authority="Leeds")
    assert any("All percentages are drawn on one scale, 0 to 100%" in each.value for each in at.caption)
