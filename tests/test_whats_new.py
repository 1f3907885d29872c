"""What is new: events by date, in words, as a public feed, and since a day that the reader chooses."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qs, urljoin, urlsplit
from xml.etree import ElementTree

import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from careleavers.figures.warehouse import Warehouse
from careleavers.ui import access
from careleavers.ui.pages import PAGES, ROOT
from careleavers.ui.server import paths, setup
from careleavers.views.whats_new import feed
from careleavers.views.whats_new import words as whats_new_words
from tests.upload_service import EVE, LEEDS, Council, open_pages, page, page_here, said

TODAY = dt.date(2026, 11, 28)
ATOM = "{http://www.w3.org/2005/Atom}"


def new(
    warehouse: Warehouse, authority: str = "", since: dt.date = dt.date(2016, 1, 1), today: dt.date = TODAY
) -> pd.DataFrame:
    return warehouse.query("whats_new", authority=authority, since=since, today=today)


# ---------------------------------------------------------------------- the events


def test_leeds_was_inspected_in_2025_and_says_so_since_a_day(warehouse: Warehouse) -> None:
    rows = new(warehouse, LEEDS, dt.date(2025, 6, 1))
    (inspection,) = rows[rows["kind"] == "inspection"].to_dict("records")
    assert (inspection["care_leavers"], inspection["day"].date()) == ("Outstanding", dt.date(2025, 8, 12))
    line = whats_new_words.since_line(rows, "Leeds", dt.date(2025, 6, 1))
    assert line.startswith(
        "New for Leeds since 1 June 2025: Ofsted’s short inspection of 30 June to 4 July 2025 (care leavers: Outstanding), "
    )
    later = whats_new_words.since_line(new(warehouse, LEEDS, dt.date(2026, 7, 1)), "Leeds", dt.date(2026, 7, 1))
    assert later == "Nothing new for Leeds since 1 July 2026: no release, upload, inspection or restated figure."


@pytest.mark.parametrize(
    ("source", "release", "day"),
    [
        ("homelessness", "2025-12", "2026-04-30"),
        ("ofsted", "2025", "2025-09-25"),
        # For a month only, its last day; for a year only, its first.
        ("cla", "2025", "2025-11-30"),
        ("csww", "2025", "2026-01-01"),
    ],
)
def test_a_release_stands_at_the_day_its_source_says(warehouse: Warehouse, source: str, release: str, day: str) -> None:
    rows = new(warehouse).query("kind == 'release' and source == @source and release == @release")
    assert [f"{each:%Y-%m-%d}" for each in rows["day"]] == [day]


def test_a_month_that_is_not_over_stands_at_today_and_what_is_to_come_is_left_out(warehouse: Warehouse) -> None:
    rows = new(warehouse, today=dt.date(2025, 11, 10))
    children = rows.query("kind == 'release' and source == 'cla' and release == '2025'")
    assert children["day"].tolist() == [pd.Timestamp(2025, 11, 10)]
    assert rows["day"].max() == pd.Timestamp(2025, 11, 10)


def test_what_has_no_date_is_no_news(warehouse: Warehouse) -> None:
    rows = new(warehouse).query("source == 'homelessness'")
    assert not {"2024-06 revised", "2024-09"} & set(rows["release"])


def test_restated_figures_are_counted_from_the_file(warehouse: Warehouse) -> None:
    held = pd.read_csv("data/superseded.csv", dtype=str)
    authorities = set(pd.read_csv("data/authorities.csv", dtype=str)["authority_code"])
    wanted = held[(held["superseded_by"] == "2025") & held["area_code"].isin(authorities)]
    (row,) = new(warehouse).query("kind == 'restatement' and release == '2025'").to_dict("records")
    assert (row["figures"], row["authorities"]) == (len(wanted), wanted["area_code"].nunique())
    (own,) = new(warehouse, LEEDS).query("kind == 'restatement' and release == '2025'").to_dict("records")
    assert own["figures"] == (wanted["area_code"] == LEEDS).sum() > 0


def test_events_have_keys_of_their_own_that_no_day_changes(warehouse: Warehouse) -> None:
    every = whats_new_words.events(new(warehouse))
    keys = [event.key for event in every]
    assert len(keys) == len(set(keys)) > 400
    earlier = [event.key for event in whats_new_words.events(new(warehouse, today=dt.date(2026, 6, 30)))]
    assert set(earlier) <= set(keys)
    assert [event.day for event in every] == sorted((event.day for event in every), reverse=True)


# ---------------------------------------------------------------------- the feed


def document(warehouse: Warehouse, name: str = "") -> ElementTree.Element:
    events = whats_new_words.events(new(warehouse))
    return ElementTree.fromstring(feed.atom(events, "Care leaver outcomes: what is new", name))


def test_the_feed_is_atom(warehouse: Warehouse) -> None:
    """What RFC 4287 requires of a feed and its entries: sections 4.1.1 and 4.1.2."""
    root = document(warehouse)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for tag in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{tag}")) == 1
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id") or "")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", element.findtext(f"{ATOM}updated") or "")
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == feed.MOST
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert {link.get("rel") for link in root.findall(f"{ATOM}link")} == {"self", "alternate"}
    days = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert days[0] == root.findtext(f"{ATOM}updated")
    assert root.findtext(f"{ATOM}id") != document(warehouse, "Leeds").findtext(f"{ATOM}id")


def test_every_address_of_the_feed_is_a_page_under_any_prefix(warehouse: Warehouse) -> None:
    names = {entry.name for entry in PAGES} | {"feed.xml"}
    places = {link.get("href") or "" for link in document(warehouse).iter(f"{ATOM}link")}
    assert len(places) > 10
    for place in places:
        address = urlsplit(urljoin("https://outcomes.example/council/feed.xml", place))
        assert (address.scheme, address.netloc) == ("https", "outcomes.example")
        assert address.path.removeprefix("/council/") in names
        assert set(parse_qs(address.query)) <= {"authority", "part"}


def test_words_that_xml_cannot_hold_are_left_out() -> None:
    event = whats_new_words.NewsItem("k", TODAY, "A \x00<b>&\x0b title", "It\ufffe", "trends", {"authority": "A & B"})
    root = ElementTree.fromstring(feed.atom([event], "T"))
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == "A <b>& title"
    assert root.find(f"{ATOM}entry/{ATOM}link").get("href") == "./trends?authority=A%20%26%20B"  # type: ignore[union-attr]


# ---------------------------------------------------------------------- the address of the feed


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory, warehouse: Warehouse) -> Iterator[Council]:
    """A council without uploads. Accept none: it is there once for all tests."""
    with open_pages(tmp_path_factory.mktemp("store"), warehouse) as opened:
        yield opened


@pytest.fixture
def client(council: Council) -> TestClient:
    return TestClient(Starlette(routes=setup.routes(PAGES[0].name)), base_url="https://forged.example")


def test_the_feed_is_sent_once_and_never_names_the_host_of_the_request(client: TestClient) -> None:
    answer = client.get("/feed.xml", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, feed.MEDIA_TYPE)
    assert "forged" not in answer.text
    assert "evil" not in answer.text
    tag = answer.headers["etag"]
    for given in (tag, f'W/{tag}, "other"'):
        again = client.get("/feed.xml", headers={"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/feed.xml", headers={"If-None-Match": '"other"'}).status_code == 200
    head = client.head("/feed.xml")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert client.post("/feed.xml").status_code == 405


def test_one_authority_has_a_feed_of_its_own(client: TestClient) -> None:
    answers = [client.get("/feed.xml", params={"authority": asked}) for asked in ("Leeds", LEEDS, " leeds ")]
    assert len({answer.content for answer in answers}) == 1
    assert "Leeds: short inspection" in answers[0].text
    assert "Bradford" not in answers[0].text
    unknown = client.get("/feed.xml", params={"authority": "<script>"})
    assert (unknown.status_code, unknown.text) == (404, "There is no such authority.\n")


def test_where_browsing_needs_signing_in_the_feed_is_closed(client: TestClient) -> None:
    with patch.object(access, "browsing_open", lambda: False):
        answer = client.get("/feed.xml")
    assert answer.status_code == 403
    assert "Leeds" not in answer.text


def test_an_upload_is_news_without_any_of_its_numbers(client: TestClient, tmp_path: Path, warehouse: Warehouse) -> None:
    with open_pages(tmp_path, warehouse) as uploading:
        before = client.get("/feed.xml", params={"authority": "Leeds"})
        uploading.accept()
        after = client.get("/feed.xml", params={"authority": "Leeds"})
        york = client.get("/feed.xml", params={"authority": "York"})
    assert after.headers["etag"] != before.headers["etag"]
    root = ElementTree.fromstring(after.content)
    first = root.find(f"{ATOM}entry")
    assert first is not None
    assert first.findtext(f"{ATOM}title") == "Local figures of Leeds"
    detail = first.findtext(f"{ATOM}summary") or ""
    assert re.fullmatch(r"Uploaded on \d+ \w+ \d{4}: the council’s own figures, not official statistics\.", detail)
    assert "Local figures" not in york.text


# ---------------------------------------------------------------------- the pages


def test_the_page_lists_what_is_new_for_one_authority(council: Council) -> None:
    at = page_here("whats_new", authority="Leeds", news="own", since="2025-06-01")
    text = said(at)
    assert "since 1 June 2025" in text
    assert "Leeds: short inspection, care leavers: Outstanding" in text
    assert "Bradford" not in text
    assert "Bradford" in said(page_here("whats_new", authority="Leeds", since="2025-06-01"))


def test_the_home_page_says_in_one_line_what_is_new(council: Council) -> None:
    at = page_here("at_a_glance", authority="Leeds", since="2025-06-01")
    lines = [each.value.replace("\\", "") for each in at.markdown if each.value.startswith("New for Leeds")]
    assert len(lines) == 1
    assert "short inspection of 30 June to 4 July 2025 (care leavers: Outstanding)" in lines[0]
    assert at.query_params["since"] == "2025-06-01"
    assert not [each for each in page_here("at_a_glance", authority="Leeds").markdown if "New for" in each.value]


@pytest.mark.parametrize("asked", ["2025-13-01", "last week", "2031-01-01", "1999-12-31", "<b>x</b>", "2025-6-1"])
def test_a_day_that_is_none_is_ignored_and_said(council: Council, asked: str) -> None:
    at = page_here("at_a_glance", authority="Leeds", since=asked)
    assert len(at.warning) == 1
    assert "The link asked for the date" in at.warning[0].value
    assert not [each for each in at.markdown if each.value.startswith("New for")]
    assert "since" not in at.query_params


def test_a_day_that_is_chosen_goes_into_the_link_and_along_to_the_list(council: Council) -> None:
    at = page_here("at_a_glance", authority="Leeds")
    at.date_input(key="since").set_value(dt.date(2025, 6, 1)).run()
    assert at.query_params["since"] == "2025-06-01"
    at.switch_page(str(ROOT / "pages" / "whats_new.py")).run()
    assert "since 1 June 2025" in said(at)


def test_a_release_that_was_uploaded_without_a_date_stands_at_the_day_of_the_upload() -> None:
    from careleavers.intake.model import UNDATED
    from careleavers.versions import _with_upload_dates

    sources = pd.DataFrame({"upload": [3, 4], "published": [UNDATED, "May 2026"]})
    ledger = pd.DataFrame({"entry": [3, 4], "at": pd.to_datetime(["2026-11-20 10:00", "2026-11-21 10:00"])})
    dated = _with_upload_dates(sources, ledger)["published"].tolist()
    assert dated == [f"{UNDATED}; uploaded on 20 November 2026", "May 2026"]


def test_signed_in_people_see_the_page_and_strangers_do_not(council: Council) -> None:
    closed = {"browsing": "signed-in"}
    assert "Leeds: short inspection" in said(page("whats_new", EVE, access=closed, since="2025-06-01"))
    assert "Leeds: short inspection" not in said(page("whats_new", None, access=closed, since="2025-06-01"))


def test_the_feed_is_found_under_the_prefix_that_the_product_is_served_under(council: Council) -> None:
    with patch.object(paths, "base_path", lambda: "/council"):
        routes = setup.routes(PAGES[0].name)
    client = TestClient(Starlette(routes=routes))
    assert client.get("/council/feed.xml").content == client.get("/feed.xml").content
