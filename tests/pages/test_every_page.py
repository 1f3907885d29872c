"""What holds on every page for any authority: it is drawn, shows no nonsense, and its charts can stand alone."""

import pytest
from streamlit.testing.v1 import AppTest

from careleavers.ui.pages import PAGES
from careleavers.ui.server.first_page import HEADINGS, Asked, words
from tests.pages.opened import check, opened

# On every page: a few people, nobody, a council made of three, and one that is no more.
KINDS = ("City of London", "Isles of Scilly", "Bournemouth, Christchurch and Poole", "Cumbria (to 2023)")
# On the pages for which they differ from any other: short of years, gone before most figures began; set against England and
# with a code that was given up; and sending the return on social workers together with another council. The report is made of
# what these pages say.
OF_YEARS = ("at_a_glance", "trends", "workforce", "questions")
ELSEWHERE_ALIKE = {
    "Cumberland": OF_YEARS,
    "Poole (to 2019)": OF_YEARS,
    "Barnsley": (*OF_YEARS, "compare", "map"),
    "Kensington and Chelsea": ("at_a_glance", "workforce", "questions"),
}
# Pages that say the same of everybody to a visitor without a role.
SAME_FOR_ALL = {"accessibility", "upload", "history"}
# Kinds for which the page's own tests check all that holds here, and further ones.
CHECKED_THERE = {
    "build_your_own": set(KINDS),
    "inspections": {"Isles of Scilly", "Cumbria (to 2023)"},
    "spread": set(KINDS[:3]),
    "together": {"City of London", "Isles of Scilly", "Cumbria (to 2023)"},
}
CASES = [
    (page.name, kind)
    for page in PAGES
    if page.name not in SAME_FOR_ALL
    for kind in (*KINDS, *(kind for kind, pages in ELSEWHERE_ALIKE.items() if page.name in pages))
    if kind not in CHECKED_THERE.get(page.name, ())
]


def said(at: AppTest) -> str:
    return "\n".join(str(each.value) for each in at.markdown)


@pytest.mark.parametrize("authority", ["", "Leeds"])
@pytest.mark.parametrize("name", [entry.name for entry in PAGES])
def test_a_page_has_its_heading_the_shell_and_the_search(name: str, authority: str) -> None:
    asked = {"authority": authority, "against": "Region"} if authority else {}
    # The neighbours on the trends page are drawn on request.
    at = opened(name, **asked, neighbours="charts")
    check(at)
    assert at.selectbox(key="authority").value == (authority or None)
    assert "Open Government Licence" in said(at)
    assert "Data version" in said(at)
    assert len([field for field in at.text_input if (field.key or "").startswith("searched-")]) == 1
    if name in HEADINGS:
        # The words that are there before any script runs have the same heading.
        assert words(Asked(name, tuple(asked.items()), "wide"))[0].heading == at.title[0].value


@pytest.mark.parametrize(("name", "authority"), CASES)
def test_a_page_for_every_kind_of_authority(name: str, authority: str) -> None:
    against = "England" if authority == "Barnsley" else "Region"
    check(opened(name, authority=authority, against=against, neighbours="charts"))
