"""The files of a pack, opened again: structure, text alternatives, figures, and the same bytes for the same pack."""

import csv
import datetime as dt
import io
import re
import threading
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial

import pypdfium2
import pytest
from docx import Document
from pptx import Presentation
from pptx.enum.dml import MSO_FILL

from careleavers import pictures
from careleavers.figures.warehouse import Warehouse
from careleavers.packs import archive, build, drawn, images, making, model, pdf, powerpoint, word
from careleavers.packs.blocks import Bullets, Pack, Paragraph, Picture, Table
from careleavers.packs.images import Image
from careleavers.packs.model import Section
from careleavers.views.at_a_glance.parts import Run
from careleavers.views.context import Context, context_of
from tests.local_figures import sample, with_figures
from tests.packs.looks import LOGO

LEEDS = build.Subject("E08000035", "Leeds", "Yorkshire and The Humber")
CITY = build.Subject("E09000001", "City of London", "London")
DAY = dt.date(2026, 12, 1)
# A picture of one dot stands for those that need no looking at here.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def context(warehouse: Warehouse) -> Context:
    return context_of(warehouse, DAY)


@pytest.fixture(scope="module")
def pack_of(context: Context) -> Callable[..., Pack]:
    """Makes packs of the shipped figures. What several of them look up is made once, as on the page."""
    return partial(build.build_pack, context, view=build.views_kept(context))


@pytest.fixture(scope="module")
def leeds(context: Context, pack_of: Callable[..., Pack]) -> Pack:
    """A pack with every kind of block."""
    settings = model.from_template("annual", LEEDS.code, "neighbours", context.indicators)
    wanted = {
        "summary",
        "recommendations",
        "scorecard",
        "shares",
        "questions",
        "implications",
        "definitions",
        "data_table",
    }
    kept = [each for each in settings.sections if each.kind in wanted]
    own = Section("measure", "eet", "19-21", "A hub opened in May.\nMore follow.", "Director of Children’s Services")
    sections = (*kept[:4], own, Section("workforce"), Section("inspections"), *kept[4:])
    settings = replace(settings, sections=sections, committee="Scrutiny Board", meeting="2026-12-10")
    look = build.Look(LOGO, "Leeds City Council")
    return pack_of(settings, LEEDS, address="https://x.example/report?authority=Leeds&as_at=0", look=look)


@pytest.fixture(scope="module")
def drawings(leeds: Pack) -> tuple[Image | None, ...]:
    """Simple pictures of what has data that can be drawn simply; none of the others, as without a browser."""

    def one(picture: Picture) -> Image | None:
        if picture.native is None:
            return None
        made, height = drawn.svg(picture.native, picture.headline, picture.caption, picture.source)
        return Image(made.encode(), DOT, height, own=False)

    return tuple(map(one, leeds.pictures()))


@pytest.fixture(scope="module")
def docx(leeds: Pack, drawings: Sequence[Image | None]) -> bytes:
    return word.document(leeds, drawings)


@pytest.fixture(scope="module")
def zipped(leeds: Pack, drawings: Sequence[Image | None]) -> bytes:
    return archive.archive(leeds, drawings)


@pytest.fixture(scope="module")
def pptx(leeds: Pack, drawings: Sequence[Image | None]) -> bytes:
    return powerpoint.presentation(leeds, drawings)


# ---------------------------------------------------------------- the pack


def test_each_picture_and_table_says_where_it_comes_from(leeds: Pack) -> None:
    for picture in leeds.pictures():
        assert re.search(r"Source: .+ Release: .+ figures\. Picture taken: 1 December 2026\. n", picture.source), (
            picture.source
        )
        assert "year" in picture.caption.lower() or "September" in picture.caption or "Time from" in picture.caption
        assert len(picture.alt) > 60
    tables = [block for block in leeds.blocks() if isinstance(block, Table)]
    assert tables
    assert all(table.caption and table.note.startswith("Source: ") for table in tables)


def test_the_headings_are_those_of_a_councils_report(leeds: Pack) -> None:
    assert [heading for heading, _ in leeds.parts] == [
        "Summary", "Recommendations", "Current position", "Questions for members", "Implications",
        "Appendix: definitions and sources",
    ]  # fmt: skip


def test_the_last_page_says_version_day_and_where_to_see_the_same(leeds: Pack, warehouse: Warehouse) -> None:
    *_, made, last = leeds.blocks()
    assert (
        made.text == "Made on 1 December 2026 with Care leaver outcomes. Leeds is compared with its neighbours’ mean."
    )
    assert last.text == (
        f"Data version {warehouse.version}: the published figures, before any upload by a council. The same figures are shown at "
        "https://x.example/report?authority=Leeds&as_at=0, where as_at=0 stands for this data version."
    )


def test_the_figures_are_those_of_the_export(leeds: Pack, warehouse: Warehouse) -> None:
    row = warehouse.query(
        "compare",
        indicator="eet",
        age_group="19-21",
        period="2025-03-31",
        authority=LEEDS.code,
        scope="all",
        against="neighbours",
    )
    own = row[row["authority_code"] == LEEDS.code].iloc[0]
    assert (int(own["numerator"]), int(own["denominator"])) == (273, 600)
    table = next(
        block for block in leeds.blocks() if isinstance(block, Table) and "newest figure of each" in block.caption
    )
    shown = dict(zip(table.columns, table.rows[0], strict=True))
    assert (shown["Count"], shown["Out of"], shown["Figure"]) == ("273", "600", "46%")
    assert shown["Neighbours’ mean"] == f"{round(own['neighbours_mean'])}%"
    assert shown["Rank"] == f"{int(own['rank'])}th of {int(own['of'])}"


def test_a_council_whose_neighbours_are_not_close_is_compared_with_england(
    context: Context, pack_of: Callable[..., Pack]
) -> None:
    settings = model.from_template("quarterly", CITY.code, "neighbours", context.indicators)
    pack = pack_of(settings, CITY)
    said = "\n".join(picture.headline for picture in pack.pictures())
    assert "neighbours’ mean" not in said
    assert "City of London, compared with England" in pack.about
    # With all 152 a chart and its table would not stand on one page.
    assert sum("Authorities in London" in picture.caption for picture in pack.pictures()) == 3


def test_a_bar_that_is_hidden_says_so(pack_of: Callable[..., Pack]) -> None:
    settings = model.PackSettings(CITY.code, "england", (Section("shares"),))
    data = pack_of(settings, CITY).pictures()[0].native
    assert data is not None
    hidden = data.categories.index("City of London, aged 17 to 18 (suppressed to protect privacy)")
    assert all(series.values[hidden] is None for series in data.series)


def test_a_paper_does_not_say_at_length_that_there_is_nothing(pack_of: Callable[..., Pack]) -> None:
    sections = (Section("measure", "eet", "19-21"), Section("local_quarters"), Section("watch_list", officer="Ann"))
    scilly = build.Subject("E06000053", "Isles of Scilly", "South West")
    pack = pack_of(model.PackSettings(scilly.code, sections=sections), scilly)
    preview, paper = ([part.title for _, parts in each.parts for part in parts] for each in (pack, pack.for_paper()))
    assert set(preview) - set(paper) == {"The council’s own quarterly figures"}
    (measure, *_), *_ = (parts for _, parts in pack.parts)
    assert [block.text for block in measure.blocks] == [
        "Isles of Scilly: no figure for “In education, work or training” in the year to March 2025 (not applicable). There is no figure in "
        "the last five years."
    ]
    slides = Presentation(io.BytesIO(making.make(pack, "pptx"))).slides
    assert [slide.shapes.title.text_frame.text for slide in slides][1:] == ["Watch list", "Where the figures come from"]


def test_recommendations_keep_what_they_begin_with(pack_of: Callable[..., Pack]) -> None:
    own = "1. 16 and 17 year olds have an adviser.\n(2) 2026 is the year.\n- 30% more.\n30% of them."
    settings = model.PackSettings(LEEDS.code, sections=(Section("recommendations", commentary=own),))
    pack = pack_of(settings, LEEDS)
    asked = next(block for block in pack.blocks() if isinstance(block, Bullets))
    assert ["".join(run.text for run in item) for item in asked.items] == [
        "16 and 17 year olds have an adviser.", "2026 is the year.", "30% more.", "30% of them.",
    ]  # fmt: skip


def test_years_and_the_councils_own_quarters_are_not_mixed(warehouse: Warehouse) -> None:
    sections = (Section("measure", "eet", "19-21"), Section("local_quarters"))
    settings = model.PackSettings(LEEDS.code, sections=sections)
    with closing(with_figures(warehouse, sample(areas=["Leeds"]))) as uploaded:
        pack = build.build_pack(context_of(uploaded, DAY), settings, LEEDS)
    years = next(block for block in pack.blocks() if isinstance(block, Table) and "year by year" in block.caption)
    assert years.columns[0] == "Year to March"
    assert [row[0] for row in years.rows] == [str(year) for year in range(2025, 2017, -1)]
    assert "273 of 600" in years.rows[0]
    lines = [found.native for found in pack.pictures() if found.native is not None and found.native.kind == "lines"]
    assert lines[0].categories == tuple(map(str, range(2016, 2026)))
    assert len({series.name for series in lines[0].series}) == len(lines[0].series)
    # Of its own quarters the provisional ones have a line of their own, which says so.
    assert [series.name for series in lines[1].series if "Leeds" in series.name] == ["Leeds, provisional", "Leeds"]


def test_a_table_of_years_begins_when_the_authority_did(pack_of: Callable[..., Pack]) -> None:
    west = build.Subject("E06000062", "West Northamptonshire", "East Midlands")
    settings = model.PackSettings(west.code, sections=(Section("measure", "eet", "19-21"),))
    pack = pack_of(settings, west)
    years = next(block for block in pack.blocks() if isinstance(block, Table) and "year by year" in block.caption)
    assert [row[0] for row in years.rows] == ["2025", "2024", "2023", "2022"]
    assert "did not exist" not in {cell for row in years.rows for cell in row}


def test_a_figure_that_is_not_there_says_why(pack_of: Callable[..., Pack]) -> None:
    scilly = build.Subject("E06000053", "Isles of Scilly", "South West")
    sections = (Section("measure", "eet", "19-21"), Section("workforce"), Section("data_table"))
    pack = pack_of(model.PackSettings(scilly.code, sections=sections), scilly)
    tables = {block.caption.partition(".")[0]: block for block in pack.blocks() if isinstance(block, Table)}
    newest = tables["The newest figure of each measure in this report"]
    assert "[z]" in newest.rows[0]
    assert newest.note.endswith("[z] Not applicable: there was nobody in this group.")
    workforce = next(table for caption, table in tables.items() if caption.startswith("Children’s social workers"))
    assert {row[2] for row in workforce.rows} == {"6.0", "100.0%", "[z]"}
    said = [block.text for block in pack.blocks() if isinstance(block, Paragraph)]
    assert any("There is no figure in the last five years." in text for text in said)


def test_a_chart_of_office_is_described_as_what_it_shows(leeds: Pack) -> None:
    lines, bars = (
        next(each for each in leeds.pictures() if each.native is not None and each.native.kind == kind)
        for kind in ("lines", "bars")
    )
    # The page's picture has inspections and the region, the chart of Office has neither.
    assert "Ofsted" in lines.alt
    assert "inspections: " in lines.source
    for text in ("Ofsted", "Yorkshire", "interval"):
        assert text not in lines.simple_alt
        assert text not in bars.simple_alt
    assert lines.native is not None
    for series in lines.native.series:
        assert f"{series.name}: " in lines.simple_alt
    last = lines.native.series[0].values[-1]
    assert f"{lines.native.categories[-1]} {last:.0f}%" in lines.simple_alt
    assert "Source: Department for Education" in lines.simple_alt
    assert bars.native is not None
    assert all(name in bars.simple_alt for name in bars.native.categories)


def test_a_kind_that_is_not_known_and_a_measure_that_is_gone_break_nothing(pack_of: Callable[..., Pack]) -> None:
    sections = (Section("fortune_telling"), Section("measure", "abolished", "19-21"), Section("local_quarters"))
    pack = pack_of(model.PackSettings(LEEDS.code, sections=sections), LEEDS)
    assert "There are no figures for this measure." in [getattr(block, "text", "") for block in pack.blocks()]


# ---------------------------------------------------------------- Word


def test_word_has_real_headings_contents_and_numbered_captions(docx: bytes, leeds: Pack) -> None:
    made = Document(io.BytesIO(docx))
    headings = [p.text for p in made.paragraphs if p.style.name == "Heading 1"]
    assert headings == [heading for heading, _ in leeds.parts]
    body = made.element.body
    contents = body.xpath(".//w:sdt//w:hyperlink")
    marks = set(body.xpath(".//w:bookmarkStart/@w:name"))
    assert len(contents) > 10
    assert {link.get(f"{W}anchor") for link in contents} <= marks
    captions = [p for p in made.paragraphs if p.style.name == "Caption"]
    numbers = {"Figure": 0, "Table": 0}
    for caption in captions:
        kind, number, text = re.fullmatch(r"(Figure|Table) (\d+): (.+)", caption.text).groups()
        numbers[kind] += 1
        assert int(number) == numbers[kind]
        assert f"SEQ {kind}" in "".join(caption._p.xpath(".//w:instrText/text()"))
        assert len(text) > 15
    assert numbers["Figure"]
    assert numbers["Table"]


def test_word_describes_every_picture_and_attaches_its_svg(docx: bytes) -> None:
    made = Document(io.BytesIO(docx))
    described = made.element.body.xpath(".//wp:docPr")
    assert len(described) > 2
    assert all(len(each.get("descr")) > 10 for each in described)
    with zipfile.ZipFile(io.BytesIO(docx)) as held:
        vectors = [name for name in held.namelist() if name.endswith(".svg")]
        assert len(vectors) == len(described)
        assert held.read("word/document.xml").count(b"svgBlip") == len(described)
        assert b"image/svg+xml" in held.read("[Content_Types].xml")


def test_word_repeats_headings_of_tables_and_says_its_language_and_title(docx: bytes, leeds: Pack) -> None:
    made = Document(io.BytesIO(docx))
    assert made.tables
    for table in made.tables:
        assert table._tbl.xpath("w:tr[1]/w:trPr/w:tblHeader")
        assert not table._tbl.xpath("w:tr[2]/w:trPr/w:tblHeader")
        assert all(len(row.cells) == len(table.columns) for row in table.rows)
    assert made.core_properties.language == "en-GB"
    assert made.core_properties.title == leeds.title
    assert made.styles.element.xpath("w:docDefaults//w:lang/@w:val") == ["en-GB"]
    assert "A hub opened in May." in [p.text for p in made.paragraphs if p.style.name == "Quote"]


def test_word_takes_the_styles_of_a_councils_template(leeds: Pack, drawings: Sequence[Image | None]) -> None:
    from careleavers.packs import style_template
    from tests.packs.looks import template

    own = replace(leeds, styles=style_template.styles(template()))
    made = Document(io.BytesIO(word.document(own, drawings)))
    assert made.styles["Heading 1"].font.name == "Georgia"
    assert made.styles["List Bullet"].element.xpath("w:pPr/w:numPr")
    with zipfile.ZipFile(io.BytesIO(word.document(own, drawings))) as held:
        assert not any("evil" in held.read(name).decode("utf-8", "ignore") for name in held.namelist())


def test_word_keeps_its_end_together(docx: bytes) -> None:
    paragraphs = list(Document(io.BytesIO(docx)).paragraphs)
    last = max(place for place, each in enumerate(paragraphs) if each.style.name.startswith("Heading"))
    end = paragraphs[last:]
    assert end[0].text == "Where the figures come from"
    assert len(end) > 4
    assert [bool(each._p.xpath("w:pPr/w:keepNext")) for each in end] == [True] * (len(end) - 1) + [False]


def test_word_does_not_part_a_heading_from_a_picture_that_takes_a_page(docx: bytes) -> None:
    headings = [p for p in Document(io.BytesIO(docx)).paragraphs if p.style.name == "Heading 1"]
    assert [p.text for p in headings if p._p.xpath("w:pPr/w:pageBreakBefore")] == ["Summary", "Current position"]


# ---------------------------------------------------------------- PowerPoint


def test_powerpoint_has_one_finding_a_slide_and_charts_that_can_be_edited(pptx: bytes, leeds: Pack) -> None:
    made = Presentation(io.BytesIO(pptx))
    titles = [slide.shapes.title.text_frame.text for slide in made.slides]
    assert all(titles)
    for picture in leeds.pictures():
        assert picture.headline in titles
    charts = [shape.chart for slide in made.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == sum(picture.native is not None for picture in leeds.pictures())
    trend = next(chart for chart in charts if chart.chart_type.name.startswith("LINE"))
    own = next(series for series in trend.plots[0].series if series.name == "Leeds")
    assert dict(zip(trend.plots[0].categories, own.values, strict=True))["2025"] == pytest.approx(45.5)


def test_powerpoint_describes_every_picture_chart_and_table(pptx: bytes) -> None:
    made = Presentation(io.BytesIO(pptx))
    seen = 0
    for slide in made.slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type == 13:
                seen += 1
                assert len(shape.element.xpath(".//p:cNvPr/@descr")[0]) > 10
            assert shape.left >= 0
            assert shape.left + shape.width <= made.slide_width
    assert seen > 5


def test_a_chart_that_begins_at_zero_does_not_say_that_it_does_not(
    leeds: Pack, docx: bytes, pptx: bytes, drawings: Sequence[Image | None]
) -> None:
    # The pages' own pictures of some measures begin elsewhere, and say so.
    assert any("not from zero" in picture.caption for picture in leeds.pictures())
    slides = Presentation(io.BytesIO(pptx)).slides
    for slide in slides:
        if any(shape.has_chart for shape in slide.shapes):
            said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
            assert "not from zero" not in " ".join([*said, slide.notes_slide.notes_text_frame.text])
    assert "not from zero" not in " ".join(p.text for p in Document(io.BytesIO(docx)).paragraphs)
    # With the page's own picture the caption keeps it.
    own = [None if image is None else replace(image, own=True) for image in drawings]
    captions = [p.text for p in Document(io.BytesIO(word.document(leeds, own))).paragraphs if p.style.name == "Caption"]
    assert any("not from zero" in text for text in captions)


def _points(*sizes: int, heads: Sequence[str] = ()) -> list[powerpoint._Words]:
    points = [powerpoint._Words((Run("x" * size),), bullet=True) for size in sizes]
    return [*points, *(powerpoint._Words((Run(text),)) for text in heads)]


def test_a_short_last_slide_takes_more_from_the_one_before() -> None:
    classics = [powerpoint._Words((Run("Ask of each:"),)), *_points(30, 30, 60)]
    pages = [_points(300, 300, 300, 300), list(classics)]
    powerpoint._fill_last(pages, 18)
    assert [len(page) for page in pages] == [3, 5]
    assert pages[1][1:] == classics
    # A slide that is full enough stays, and no slide ends in a heading.
    full = [_points(300, 300, 300), _points(300, 300, 300)]
    powerpoint._fill_last(full, 18)
    assert [len(page) for page in full] == [3, 3]
    headed = [_points(300, 300, heads=["Ask of each:"]) + _points(30), _points(30)]
    powerpoint._fill_last(headed, 18)
    assert [len(page) for page in headed] == [4, 1]


def test_a_long_ranking_stands_on_a_slide_in_two_parts_with_its_words_below(pack_of: Callable[..., Pack]) -> None:
    pack = pack_of(model.PackSettings(CITY.code, "england", (Section("measure", "eet", "19-21"),)), CITY)
    ranked, *_ = pack.pictures()
    figure = ranked.chart.figure
    cut = powerpoint._cut(ranked, powerpoint._headline_height(ranked)) - figure.layout.margin.t
    rows = [y for trace in figure.data if trace.name in {"dots", "gaps"} for y in trace.y]
    assert min(rows) < cut < max(rows)
    # No row is cut through.
    assert min(abs(cut - y) for y in rows) > 5
    own = [Image(b"", DOT, each.chart.figure.layout.height, own=True) for each in pack.pictures()]
    slides = Presentation(io.BytesIO(powerpoint.presentation(pack, own))).slides
    slide = next(each for each in slides if each.shapes.title.text_frame.text == ranked.headline)
    upper, lower = (shape for shape in slide.shapes if shape.shape_type == 13)
    assert upper.crop_bottom == pytest.approx(1 - lower.crop_top)
    assert upper.width == lower.width > 720 * 12700 / 2
    words = next(shape for shape in slide.shapes if shape.has_text_frame and "18 of 25" in shape.text_frame.text)
    assert words.top >= max(shape.top + shape.height for shape in (upper, lower))
    assert words.top + words.height <= slide.shapes[1].top


def test_a_picture_that_would_get_smaller_by_it_is_not_parted(pack_of: Callable[..., Pack]) -> None:
    pack = pack_of(model.PackSettings(LEEDS.code, "neighbours", (Section("workforce"),)), LEEDS)
    (panels,) = pack.pictures()
    assert powerpoint._cut(panels, powerpoint._headline_height(panels))
    own = [Image(b"", DOT, panels.chart.figure.layout.height, own=True)]
    slides = Presentation(io.BytesIO(powerpoint.presentation(pack, own))).slides
    slide = next(each for each in slides if each.shapes.title.text_frame.text == panels.headline)
    (whole,) = (shape for shape in slide.shapes if shape.shape_type == 13)
    assert whole.crop_bottom == 0
    # Each of two halves would be 15 cm wide.
    assert whole.width > 15.1 * 360_000


def test_each_area_has_its_colour_in_stacked_bars_too(pack_of: Callable[..., Pack]) -> None:
    pack = pack_of(model.PackSettings(LEEDS.code, "neighbours", (Section("shares"),)), LEEDS)
    slides = Presentation(io.BytesIO(powerpoint.presentation(pack, [None] * len(pack.pictures())))).slides
    chart = next(shape.chart for slide in slides for shape in slide.shapes if shape.has_chart)
    good, _, unknown = chart.plots[0].series
    assert [str(good.points[place].format.fill.fore_color.rgb) for place in range(3)] == ["12436D", "28A197", "595959"]
    assert unknown.format.fill.type == MSO_FILL.PATTERNED


# ---------------------------------------------------------------- PDF and ZIP


def test_the_pdf_is_tagged_and_says_what_the_pack_says(leeds: Pack, drawings: Sequence[Image | None]) -> None:
    made = pdf.document(leeds, drawings)
    assert b"<pdfuaid:part>1" in made
    with pypdfium2.PdfDocument(made) as opened:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in opened)
        assert "A hub opened in May." in text
        assert "as_at=0" in opened[len(opened) - 1].get_textpage().get_text_bounded()
        assert opened.get_metadata_value("Title") == leeds.title
    assert pdf.document(leeds, drawings) == made


def test_the_zip_has_each_picture_with_its_figures_and_the_settings(
    leeds: Pack, drawings: Sequence[Image | None], zipped: bytes
) -> None:
    with zipfile.ZipFile(io.BytesIO(zipped)) as held:
        names = held.namelist()
        assert model.from_json(held.read("pack.json").decode()) == leeds.settings
        ranked = next(name for name in names if re.match(r"\d\d-leeds-eet-19-21-2025-03-31\.csv", name))
        rows = list(csv.DictReader(io.StringIO(held.read(ranked).decode("utf-8-sig"))))
    own = next(row for row in rows if row["authority_code"] == LEEDS.code)
    assert (own["numerator"], own["denominator"], own["value"]) == ("273", "600", "45.5")
    for number, image in enumerate(drawings, 1):
        of = {name.rpartition(".")[2] for name in names if name.startswith(f"{number:02d}-")}
        assert of == ({"csv", "png", "svg"} if image else {"csv"})


# ---------------------------------------------------------------- the same again


def test_the_same_pack_gives_the_same_bytes(
    docx: bytes, pptx: bytes, zipped: bytes, leeds: Pack, drawings: Sequence[Image | None]
) -> None:
    assert word.document(leeds, drawings) == docx
    assert powerpoint.presentation(leeds, drawings) == pptx
    assert archive.archive(leeds, drawings) == zipped


def test_another_day_version_or_word_makes_another_file(leeds: Pack) -> None:
    keys = {
        leeds.key,
        replace(leeds, day=dt.date(2026, 12, 2)).key,
        replace(leeds, version="other").key,
        replace(leeds, logo=b"").key,
        replace(leeds, settings=replace(leeds.settings, committee="Cabinet")).key,
    }
    assert len(keys) == 5
    assert replace(leeds).key == leeds.key


def test_what_stands_in_for_a_picture_has_its_words(leeds: Pack) -> None:
    for picture in leeds.pictures():
        if picture.native is not None:
            made, height = drawn.svg(picture.native, picture.headline, picture.caption, picture.source)
            assert "Source:" in made
            assert 100 < height < 900


def test_a_format_draws_only_what_it_needs(leeds: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "available", lambda: False)
    dots: list[bytes] = []
    monkeypatch.setattr(pictures, "png", lambda svg: dots.append(svg) or DOT)
    bare = replace(leeds, logo=b"")
    told: list[tuple[int, int]] = []
    making.make(bare, "pdf", lambda done, total: told.append((done, total)))
    assert dots == []
    assert sorted(told) == [(number, len(leeds.pictures())) for number in range(len(leeds.pictures()) + 1)]
    making.make(bare, "pptx")
    ranked = [picture for picture in leeds.pictures() if picture.native is not None and picture.native.kind == "bars"]
    assert len(dots) == len(ranked)


@pytest.mark.browser
def test_with_a_browser_the_pictures_are_the_pages_own(leeds: Pack) -> None:
    with images.Drawing() as drawing:
        found = drawing.finish(
            replace(leeds, parts=tuple(part for part in leeds.parts if part[0] == "Current position"))
        )
    assert all(image is not None and image.own for image in found)


def test_pictures_are_drawn_while_the_pack_is_made(
    context: Context, pack_of: Callable[..., Pack], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARELEAVERS_BROWSER", "none")
    monkeypatch.setattr(pictures, "png", lambda svg: DOT)
    sections = (Section("shares"), Section("measure", "eet", "19-21"), Section("definitions"))
    settings = model.PackSettings(LEEDS.code, "england", sections)
    begun: list[str] = []
    told: list[tuple[int, int]] = []

    def put_together(begin) -> Pack:
        def noted(picture: Picture) -> None:
            begun.append(picture.headline)
            begin(picture)

        return build.build_pack(context, settings, LEEDS, begin=noted)

    made = making.build_and_make(put_together, "docx", lambda done, total: told.append((done, total)))
    pack = pack_of(settings, LEEDS)
    assert begun == [picture.headline for picture in pack.pictures()]
    assert {total for _, total in told} == {len(begun)}
    assert told[-1] == (len(begun), len(begun))
    assert made == making.make(pack, "docx")


def test_a_pack_that_cannot_be_made_leaves_no_pictures_waiting(leeds: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Picture] = []
    failed = threading.Event()

    def slow(picture: Picture, dots: bool) -> None:
        begun.append(picture)
        failed.wait(10)

    monkeypatch.setattr(images, "_one", slow)

    def fails(begin) -> Pack:
        for picture in leeds.pictures():
            begin(picture)
        threading.Timer(0.1, failed.set).start()
        raise RuntimeError("a section cannot be made")

    with pytest.raises(RuntimeError, match="a section"):
        making.build_and_make(fails, "docx")
    assert len(begun) <= 2 < len(leeds.pictures())


@pytest.mark.parametrize(
    ("kinds", "sources"),
    [
        ((), set()),
        (("recommendations", "background", "implications"), set()),
        (("shares",), {"cla"}),
        (("workforce",), {"csww"}),
        (("scorecard",), {"cla", "csww", "lait"}),
    ],
)
def test_the_last_page_lists_what_the_pack_shows_and_nothing_else(
    context: Context, kinds: tuple[str, ...], sources: set[str]
) -> None:
    settings = model.PackSettings(LEEDS.code, "neighbours", tuple(map(Section, kinds)))
    pack = build.build_pack(context, settings, LEEDS)
    assert {source for source, _ in pack.releases} == sources
    lists = [block for block in pack.parts[-1][1][-1].blocks if isinstance(block, Bullets)]
    assert bool(lists) == bool(sources)


def test_questions_that_are_not_taken_name_no_source(context: Context) -> None:
    settings = model.PackSettings(LEEDS.code, "neighbours", (Section("questions"),))
    every = build.build_pack(context, settings, LEEDS)
    one = build.build_pack(context, replace(settings, taken=("figure.activity",)), LEEDS)
    assert one.releases < every.releases
