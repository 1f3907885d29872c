"""The briefing: two tagged pages that say what At a glance says."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from careleavers.cli.commands import main
from careleavers.figures.warehouse import Warehouse
from careleavers.store import open_store
from careleavers.views.at_a_glance import view as at_a_glance
from careleavers.views.briefing import document, view
from careleavers.views.commentary.view import Comment, FigureKey, content
from careleavers.views.context import context_of
from tests.upload_service import ANN, LEEDS

DAY = dt.date(2026, 11, 28)
# Most to say, fewest care leavers, none, a joint workforce return, a new authority, a recoded one, most not known, an
# abolished one.
NAMES = (
    "Leeds", "City of London", "Isles of Scilly", "West Northamptonshire", "Cumberland", "Barnsley", "Hampshire", "Cumbria (to 2023)",
)  # fmt: skip


def briefing(warehouse: Warehouse, name: str, against: str = "neighbours") -> view.Briefing:
    areas = warehouse.query("authorities")
    code, region = areas.loc[areas["authority_name"] == name, ["authority_code", "region"]].iloc[0]
    return view.build_view(context_of(warehouse, DAY), code, name, against, region, "")  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def leeds(warehouse: Warehouse) -> view.Briefing:
    return briefing(warehouse, "Leeds")


def read(pdf: bytes) -> list[str]:
    """The text of each page, with every run of spaces and line ends as one space."""
    return [re.sub(r"\s+", " ", page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(pdf)]


def stands_on_two_pages(shown: view.Briefing, pages: list[str]) -> None:
    assert len(pages) == document.PAGES
    assert shown.glance.title in pages[0]
    for card in shown.glance.cards:
        assert card.title in pages[0]
    for question in shown.glance.questions:
        assert question.text in pages[0]
    assert "Open Government Licence v3.0" in pages[1]
    assert shown.compared in pages[0]


@pytest.mark.parametrize("name", NAMES[1:])
def test_everything_stands_on_two_pages(warehouse: Warehouse, name: str) -> None:
    shown = briefing(warehouse, name)
    if name == "City of London":
        # Its neighbours are not close, so England replaces them.
        assert shown.compared == "Compared with England."
    stands_on_two_pages(shown, read(document.pdf(shown)))


def test_it_says_the_figures_of_the_page(warehouse: Warehouse, leeds: view.Briefing) -> None:
    on_page = at_a_glance.build_view(
        context_of(warehouse, DAY), "E08000035", "Leeds", "neighbours", "Yorkshire and The Humber", "wide"
    )
    pages = read(document.pdf(leeds))
    stands_on_two_pages(leeds, pages)
    first, second = pages
    for table in on_page.tables:
        for row in table.rows:
            assert row.title in second
            for cell in row.cells:
                if cell is not None and not cell.reason:
                    assert f"{cell.figure} {cell.counted}".strip() in second
    # As published: 273 of 600 aged 19 to 21 in education, employment or training in the year to March 2025.
    assert "46% 273 of 600" in second
    assert "46%" in first and "600" in first
    assert "n = 600 aged 19 to 21" in first
    # The sources are those of what it shows, and no others.
    assert "Children looked after in England" in second and "Inspection outcomes" in second
    assert "homelessness" not in second


def test_it_is_tagged_and_the_same_every_time_and_text_is_text_and_no_code(leeds: view.Briefing) -> None:
    address = "https://outcomes.example/at_a_glance?authority=Leeds#eval(1)[*bold*]\\@x$y$"
    shown = replace(leeds, address=address)
    made = document.pdf(shown)
    assert made == document.pdf(shown)
    assert b"/MarkInfo" in made and b"/StructTreeRoot" in made and b"pdfuaid" in made
    assert b"en-GB" in made
    first, second = read(made)
    assert address in first
    assert shown.version in second


def test_what_is_compared_with_is_said(warehouse: Warehouse) -> None:
    """And stands on the first page, above."""
    assert briefing(warehouse, "Leeds", "england").compared == "Compared with England."


def test_the_command_writes_one(
    tmp_path: Path, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("careleavers.versions.open_warehouse", lambda *_: warehouse)
    out = tmp_path / "leeds.pdf"
    assert main(["briefing", "E08000035", "--against", "region", "--out", str(out)]) == 0
    assert "Compared with Yorkshire and The Humber." in read(out.read_bytes())[0]
    assert main(["briefing", "Leeds", "--out", str(tmp_path / "no" / "folder.pdf")]) == 1
    assert f"There is no folder {tmp_path / 'no'}: make it" in capsys.readouterr().err
    assert main(["briefing", "Nowhere", "--out", str(out)]) == 1


def comment(place: int, words: int) -> Comment:
    said = " ".join(f"word{place}x{number}" for number in range(words))
    figure = FigureKey("eet", "19-21", "2025-03-31")
    at = dt.datetime(2026, 3, 12, tzinfo=dt.UTC)
    return Comment(place, 1, figure, f"Measure {place}, March 2025", (said, "#strong[*x*]"), True, "Ann Ames", at)


def test_what_the_council_says_stands_in_it_as_far_as_there_is_room(leeds: view.Briefing) -> None:
    first, second = read(document.pdf(replace(leeds, comments=(comment(1, 40),))))
    assert "Leeds: the council’s own words Measure 1, March 2025 word1x0" in first
    assert "#strong[*x*] Ann Ames, 12 March 2026" in first
    assert "word1x0" not in second
    # More than two pages have room for: the last are named.
    many = tuple(comment(place, 200) for place in range(1, 9))
    pages = read(document.pdf(replace(leeds, comments=many)))
    assert len(pages) == document.PAGES
    assert "On the dashboard the council also says something about: " in pages[0]
    assert "Measure 8, March 2025." in pages[0]
    assert "word1x0" in pages[0]


def test_only_what_everybody_may_read_is_handed_on(tmp_path: Path, warehouse: Warehouse, leeds: view.Briefing) -> None:
    store = open_store(str(tmp_path / "uploads.duckdb"))
    for indicator, public in (("eet", True), ("neet", False)):
        key = FigureKey(indicator, "19-21", "2025-03-31").key
        store.documents.save("commentary", LEEDS, key, content(f"About {indicator}"), ANN, public=public)
    said = view.public_comments(context_of(warehouse), store.documents, LEEDS, leeds.glance)
    assert [each.text for each in said] == ["About eet"]
    store._database.close()
