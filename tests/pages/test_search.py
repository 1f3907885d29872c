"""The search in the masthead: what is typed becomes links that lead where they say."""

from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from careleavers.ui.pages import PAGES
from careleavers.views.search import words
from tests.pages.opened import opened


def typed(text: str, page: str = "compare", **query: str) -> AppTest:
    at = opened(page, **query)
    field = next(each for each in at.text_input if each.key and each.key.startswith("searched-"))
    field.set_value(text).run()
    assert not at.exception
    assert not at.error
    return at


def links(at: AppTest) -> list[tuple[str, str, dict[str, str]]]:
    """The label, page and choices of each link found."""
    found = []
    for each in at.get("page_link"):
        label = each.proto.label.replace("\\", "")
        if " – " in label or label in {page.title for page in PAGES}:
            query = {key: value[-1] for key, value in parse_qs(each.proto.query_string).items()}
            found.append((label, urlsplit(each.proto.page).path.strip("/"), query))
    return found


def test_a_link_names_authority_measure_and_age() -> None:
    label, page, query = links(typed("homless kent"))[0]
    assert (label, page) == ("Owed a homelessness duty, 21 to 24: Kent – Compare", "compare")
    assert query == {"authority": "Kent", "indicator": "homelessness_duty", "age": "21-24"}


def test_without_a_council_the_link_keeps_the_one_that_is_chosen_and_the_age_looked_at() -> None:
    found = typed("unemployed", authority="Leeds", against="England", indicator="eet", age="17-18")
    _, page, query = links(found)[0]
    assert page == "compare"
    assert query == {"authority": "Leeds", "against": "England", "indicator": "neet", "age": "17-18"}


def test_nothing_found_says_what_to_try() -> None:
    at = typed("zzzzz")
    assert any(each.value == words.NOT_FOUND for each in at.markdown)
    assert not any("–" in label for label, *_ in links(at))


def test_an_empty_field_says_what_it_takes() -> None:
    at = opened("compare")
    assert any(each.value == words.HINT for each in at.caption)


def test_who_may_not_upload_does_not_find_the_way_there() -> None:
    assert "upload" not in {page for _, page, _ in links(typed("upload"))}


@pytest.mark.parametrize("page", ["at_a_glance", "accessibility"])
def test_it_finds_the_same_from_a_page_without_a_measure(page: str) -> None:
    """That every page has the field is in test_every_page.py."""
    at = typed("jobs", page)
    assert links(at)[0][0].startswith("In education, work or training")


def test_what_is_typed_is_not_in_the_address_or_kept() -> None:
    at = typed("homless kent")
    assert not any("homless" in str(at.query_params[key]) for key in at.query_params)
