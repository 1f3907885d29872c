"""The home page before an authority is chosen, and what other pages say about England until then."""

import html
import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opened import check, opened


def markup(at: AppTest) -> str:
    ours = ('<ul class="cl-cards-england"', '<div class="cl-england"')
    return "".join(e.proto.body for e in at.get("html") if e.proto.body.startswith(ours))


def words(at: AppTest) -> str:
    texts = [str(e.value) for e in (*at.title, *at.header, *at.markdown)]
    # The title of a chart is its finding.
    texts += [chart.proto.alt for chart in at.get("plotly_chart")]
    return "\n".join([*texts, html.unescape(re.sub(r"<[^>]+>", " ", markup(at)))])


def test_england_is_told_before_an_authority_is_chosen() -> None:
    at = opened("at_a_glance")
    check(at)
    said = re.sub(r"\s+", " ", words(at))
    assert at.title[0].value == "How are England’s care leavers doing?"
    for part in (
        "53,240 care leavers aged 17 to 21 in 153 councils",
        "54% of care leavers aged 19 to 21 are in education, work or training",
        "Year to March 2025; it was 49% in 2016",
        "13.0% of children’s social workers are agency staff",
        "Leeds: 46%, bottom quarter",
        "Clear changes since the year before",
        "Leicester from 62% to 79%",
        "New here",
    ):
        assert part in said
    assert markup(at).count('class="cl-england-card"') == 6


def test_the_measure_of_the_map_is_in_the_link() -> None:
    at = opened("at_a_glance", indicator="agency_rate")
    assert "Agency social workers, by council" in markup(at)
    assert "Lower is better" in markup(at)
    at.selectbox(key="indicator").select("in_touch").run()
    assert "In touch with the council, by council" in markup(at)
    assert at.query_params["indicator"] == "in_touch"


def test_a_measure_that_has_no_better_end_is_not_offered_for_the_map() -> None:
    offered = opened("at_a_glance").selectbox(key="indicator").options
    assert "In education, work or training" in offered
    assert "Number of care leavers" not in offered


@pytest.mark.parametrize(
    ("found", "name"),
    [
        ("Leeds", "Leeds"),
        ("E08000035: Leeds", "Leeds"),
        ("E08000016: Barnsley", "Barnsley"),  # the code that it had before
        ("BCP: Bournemouth, Christchurch and Poole", "Bournemouth, Christchurch and Poole"),
        ("Cumbria (to 2023)", "Cumbria (to 2023)"),
    ],
)
def test_a_council_is_found_by_a_name_or_a_code_of_now_or_before(found: str, name: str) -> None:
    at = opened("at_a_glance")
    at.selectbox(key="_found").select(found).run()
    assert at.selectbox(key="authority").value == name
    assert name in at.title[0].value


def test_names_of_today_come_first_in_the_box() -> None:
    options = opened("at_a_glance").selectbox(key="_found").options
    assert options[:153] == sorted(options[:153])
    assert not any(":" in option for option in options[:153])


def test_the_comparator_stays_in_the_links_of_the_page() -> None:
    links = re.findall(r'href="([^"]+)"', markup(opened("at_a_glance", against="England")))
    assert len(links) > 300
    assert all("against=England" in link for link in links)


@pytest.mark.parametrize("name", ["compare", "map", "trends", "spread"])
def test_each_page_on_one_measure_says_how_england_stands(name: str) -> None:
    said = words(opened(name))
    assert "England: 54% in education, employment or training" in said
    assert "56% to 54% over two years" in said
    assert "Half of the 152 councils with a figure are between 49% and 60%" in said


def test_a_chosen_authority_has_the_pages_to_itself() -> None:
    for name in ("compare", "map", "trends", "spread"):
        assert "Half of the 152 councils" not in words(opened(name, authority="Leeds"))


def test_the_workforce_of_england_stands_in_a_table() -> None:
    at = opened("workforce")
    table = next(e.proto.body for e in at.get("html") if "cl-short" in e.proto.body)
    row = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", table.split("Agency social workers")[1].split("</tr>")[0]))
    assert "13.0% ↓ down 3.2 points, better 7.9% to 21.1%" in row
