"""A pack as a PowerPoint file: one finding a slide, with charts that can be edited where Office has such charts."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_PATTERN_TYPE
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Cm, Emu, Pt

from careleavers.charts.axes import axis_from_zero
from careleavers.charts.template import FITS, PAD, TURQUOISE, lines_height
from careleavers.packs import logos, office
from careleavers.packs.blocks import Block, Bullets, Heading, OwnWords, Pack, Paragraph, Part, Picture, Runs, Table
from careleavers.packs.images import Image
from careleavers.packs.native import NativeChart
from careleavers.packs.word import column_widths
from careleavers.views.at_a_glance.parts import Run
from careleavers.wording.formats import day_text

_WIDE, _HIGH = Cm(33.867), Cm(19.05)
_MARGIN = Cm(1.5)
_TITLE_TOP, _TITLE_HIGH = Cm(0.8), Cm(2.5)
_TOP = Cm(3.6)
_BOTTOM = Cm(16.5)
_FULL = _WIDE - 2 * _MARGIN
_BLUE, _INK, _SOFT = RGBColor(0x12, 0x43, 0x6D), RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x4A, 0x4A, 0x4A)
_GREY = RGBColor(0x59, 0x59, 0x59)
_FONT = "Arial"
_SPACE = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
# What one slide takes.
_TABLE_LINES, _COLUMNS = 17, 8
_POINTS, _POINT_LENGTH = 5, 480
# Lines of words over the whole slide, and characters of one.
_LINES, _LINE = 18, 108
# The same in the smaller letters under a picture.
_LINE_UNDER = 125
# Pixels of a picture that a heading in it takes.
_LINE_ROOM = 22
# Characters of a line that says where figures come from.
_SOURCE_LINE = 165


@dataclass(frozen=True)
class _Words:
    """A paragraph of a slide; ``number`` is its place in a numbered list, 0 outside one."""

    runs: Runs
    bullet: bool = False
    small: bool = False
    number: int = 0

    @property
    def length(self) -> int:
        return sum(len(run.text) for run in self.runs)

    @property
    def lines(self) -> float:
        """How many lines it takes over the whole width, with the space after it."""
        return -(-self.length // _LINE) + 0.35


def presentation(pack: Pack, images: Sequence[Image | None]) -> bytes:
    """Write a pack.

    Parameters
    ----------
    pack
        What it says.
    images
        The picture of each of its charts, in order; None for one that cannot be drawn.

    Returns
    -------
    bytes
        A .pptx file; the same pack and pictures give the same bytes. What a slide has no room for stands in its notes.
    """
    made = Presentation()
    made.slide_width, made.slide_height = _WIDE, _HIGH
    deck = _Deck(made, pack, iter(images))
    deck.front()
    for heading, parts in pack.parts:
        for part in parts:
            deck.part(heading, part)
    told = made.core_properties
    told.title, told.subject, told.author = pack.title, f"Care leavers of {pack.name}", pack.product
    told.last_modified_by, told.language, told.revision = pack.product, "en-GB", 1
    told.keywords = f"care leavers, {pack.name}, data version {pack.version}"
    told.created = told.modified = dt.datetime(pack.day.year, pack.day.month, pack.day.day, tzinfo=dt.UTC)
    out = io.BytesIO()
    made.save(out)
    return office.normalised(out.getvalue(), pack.day)


def needs_picture(picture: Picture) -> bool:
    """Whether a chart stands as a picture: lines and stacked bars are charts of PowerPoint's own.

    Parameters
    ----------
    picture
        The chart.

    Returns
    -------
    bool
    """
    return picture.native is None or picture.native.kind == "bars"


class _Deck:
    """The slides so far."""

    def __init__(self, made: Any, pack: Pack, images: Iterator[Image | None]) -> None:
        self.made, self.pack, self._images = made, pack, images
        self._titled = made.slide_layouts[5]

    # ---- slides

    def front(self) -> None:
        """The title of the pack."""
        slide = self._slide(self.pack.title, size=34, top=Cm(6), high=Cm(4))
        lines = [_Words((Run(line),)) for line in (*self.pack.about, day_text(self.pack.day))]
        self._text(slide, lines, _MARGIN, Cm(10.4), _FULL, Cm(4.5), size=18)
        if self.pack.logo:
            png = logos.as_png(self.pack.logo)
            wide, high = logos.size(png)
            scale = min(Cm(7) / wide, Cm(3) / high)
            shape = slide.shapes.add_picture(
                io.BytesIO(png), _MARGIN, Cm(1.5), Emu(round(wide * scale)), Emu(round(high * scale))
            )
            _describe(shape, self.pack.logo_alt or f"Logo of {self.pack.name}", "Logo")

    def part(self, heading: str, part: Part) -> None:
        """The slides of one section: what is said before a chart stands beside it."""
        title = part.title or heading
        if part.nothing:
            return
        if part.place == "implications" and not any(isinstance(block, OwnWords) for block in part.blocks):
            # What is still to be written is of no use on a slide.
            return
        said: list[_Words] = []
        notes: list[str] = []
        drawn = False
        blocks = [block for block in part.blocks if not (isinstance(block, Table) and block.repeats)]
        while blocks:
            block = blocks.pop(0)
            if isinstance(block, Table):
                if said and not drawn and not self._fits_beside(said):
                    self._words(title, said, notes)
                    said, notes = [], []
                self._table(title, block, said, notes)
                said, notes, drawn = [], [], True
            elif isinstance(block, Picture):
                after = [_told(each) for each in blocks if not isinstance(each, Table | Picture)]
                if len(after) == len(blocks) and _is_short([*said, *(each for words, _ in after for each in words)]):
                    # A few words at the end stand beside the last chart, not alone on a slide.
                    said += [each for words, _ in after for each in words]
                    notes += [each for _, more in after for each in more]
                    blocks = []
                self._chart(block, said, notes)
                said, notes, drawn = [], [], True
            else:
                words, more = _told(block)
                said += words
                notes += more
        if any(not each.small for each in said):
            self._words(title, said, notes)
        elif notes and self.made.slides:
            _notes(self.made.slides[len(self.made.slides) - 1], notes)

    def _fits_beside(self, said: Sequence[_Words]) -> bool:
        return len(said) <= 2 and sum(each.length for each in said) <= 400

    def _words(self, title: str, said: Sequence[_Words], notes: Sequence[str]) -> None:
        """Slides of words alone, as many as they need."""
        rest = list(said)
        whole = sum(each.lines for each in said)
        size = 16 if whole <= _LINES or whole > 1.25 * _LINES else 14
        lines = _LINES if size == 16 else 1.25 * _LINES
        # Several slides are filled alike, so that the last does not have three lines.
        room = min(lines, whole / max(1, -(-whole // lines)) + 1.5)
        pages: list[list[_Words]] = []
        while rest:
            page: list[_Words] = []
            if sum(each.lines for each in rest) <= lines + 1:
                # All that is left has room on this one; the first slides leave a line to spare.
                page, rest = rest, []
            while rest and (not page or sum(each.lines for each in [*page, rest[0]]) <= room):
                page.append(rest.pop(0))
            # A list begins on the next slide rather than being cut, and a heading never stands alone at the end.
            heads = [place for place, each in enumerate(page) if _is_heading(each) and place]
            if rest and heads and (heads[-1] > 0.4 * len(page) or heads[-1] == len(page) - 1):
                rest[:0] = page[heads[-1] :]
                del page[heads[-1] :]
            pages.append(page)
        _fill_last(pages, lines)
        for number, page in enumerate(pages):
            slide = self._slide(title if not number else f"{title} (continued)")
            self._text(slide, page, _MARGIN, _TOP, _FULL, _BOTTOM - _TOP, size=size)
            _notes(slide, notes if not number else ())

    def _chart(self, picture: Picture, said: Sequence[_Words], notes: Sequence[str]) -> None:
        """One finding: its chart at the left, what is said about it at the right."""
        image = next(self._images)
        editable = picture.native is not None and (image is None or not image.own or not needs_picture(picture))
        slide = self._slide(picture.headline, size=24)
        # The finding is the title already; what stands behind it follows in the same paragraph.
        points = [shorter for each in said if (shorter := _without_finding(each)) is not None]
        shown = [each for each in points if each.length <= _POINT_LENGTH][:_POINTS]
        while shown and _is_heading(shown[-1]):
            shown.pop()
        wide = round(_FULL * 0.66) if shown else _FULL
        high = _BOTTOM - _TOP
        if picture.native is not None and editable:
            self._text(slide, [_Words((Run(picture.simple_caption),), small=True)], _MARGIN, _TOP, wide, Cm(1.2))
            below = self._source(slide, picture.simple_source)
            _native(slide, picture, picture.native, _MARGIN, _TOP + Cm(1.2), wide, below - _TOP - Cm(1.3))
        elif image is not None:
            # The finding stands in the title of the slide, so the picture begins below its own.
            top = _headline_height(picture) if image.own else 0
            # What is said stands below a picture in two parts, where that is little enough.
            under = sum(-(-each.length // _LINE_UNDER) * Cm(0.62) + Cm(0.2) for each in shown)
            cut = _cut(picture, top) if image.own and under <= Cm(4) else 0
            parts: list[tuple[float, float]] = [(top, image.height)]
            scale = min(wide / FITS["wide"], (Cm(18.1) - _TOP) / (image.height - top))
            # A tall picture would be small: where it gets larger by that, its lower part stands beside the upper one.
            halves = [(top, cut), (cut, image.height)]
            larger = min(
                (_FULL - Cm(0.8)) / 2 / FITS["wide"],
                (Cm(17.8) - under - _TOP) / max(end - start for start, end in halves),
            )
            if cut and larger > scale:
                parts, scale = halves, larger
            else:
                cut = 0
            size = round(FITS["wide"] * scale)
            for place, (start, end) in enumerate(parts):
                left = _MARGIN + place * (size + Cm(0.8))
                shape = slide.shapes.add_picture(io.BytesIO(image.png), left, _TOP)
                shape.crop_top, shape.crop_bottom = start / image.height, 1 - end / image.height
                shape.width, shape.height = Emu(size), Emu(round((end - start) * scale))
                _describe(
                    shape,
                    picture.alt if not place else f"{picture.caption}: the lower part of the picture",
                    picture.caption,
                )
            wide = size
            if cut and shown:
                below = round(_TOP + scale * max(end - start for start, end in parts)) + Cm(0.3)
                self._text(slide, shown, _MARGIN, below, _FULL, Cm(18.1) - below, size=14)
                shown = []
        elif picture.table.rows:
            self._pages_of(slide, picture.headline, picture.table)
            shown = []
        if shown:
            left = _MARGIN + wide + Cm(0.8)
            self._text(slide, shown, left, _TOP, _WIDE - _MARGIN - left, high, size=14)
        words = ["".join(run.text for run in each.runs) for each in said]
        drawn = (picture.simple_caption, picture.simple_alt) if editable else (picture.caption, picture.alt)
        _notes(slide, [*words, *notes, *drawn])

    def _table(self, title: str, table: Table, said: Sequence[_Words], notes: Sequence[str]) -> None:
        """A table over as many slides as it needs."""
        if not table.rows:
            if said:
                self._words(title, said, notes)
            return
        room = _TABLE_LINES - (3 if said else 0)
        for number, rows in enumerate(_pages(table, room)):
            slide = self._slide(title if not number else f"{title} (continued)", size=24)
            top = int(_TOP)
            if said and not number:
                self._text(slide, said, _MARGIN, top, _FULL, Cm(2.4), size=15)
                top += Cm(2.6)
            self._text(slide, [_Words((Run(table.caption, strong=True),))], _MARGIN, top, _FULL, Cm(1), size=14)
            self._grid(slide, table, rows, _MARGIN, top + Cm(1.1), _FULL)
            self._source(slide, table.note)
            _notes(slide, notes if not number else ())

    # ---- parts of a slide

    def _slide(self, title: str, *, size: int = 28, top: int = _TITLE_TOP, high: int = _TITLE_HIGH) -> Any:
        slide = self.made.slides.add_slide(self._titled)
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = _MARGIN, top, _FULL, high
        frame = shape.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        frame.margin_left = frame.margin_right = 0
        frame.auto_size = MSO_AUTO_SIZE.NONE
        frame.text = title
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            _look(run.font, size if len(title) <= 90 else round(size * 0.8), bold=True, colour=_BLUE)
        foot = " · ".join(
            part
            for part in (self.pack.name, self.pack.settings.classification, f"Data version {self.pack.version}")
            if part
        )
        number = len(self.made.slides)
        self._text(
            slide, [_Words((Run(f"{foot} · {number}"),), small=True)], _MARGIN, Cm(18.2), _FULL, Cm(0.7), size=10
        )
        return slide

    def _text(
        self, slide: Any, words: Sequence[_Words], left: int, top: int, wide: int, high: int, *, size: int = 14
    ) -> None:
        shape = slide.shapes.add_textbox(left, top, wide, high)
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = 0
        for place, each in enumerate(words):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(6)
            for run in each.runs:
                made = paragraph.add_run()
                made.text = run.text
                _look(
                    made.font,
                    min(size, 12) if each.small else size,
                    bold=run.strong,
                    colour=_SOFT if each.small else _INK,
                )
        first = 0
        for each, element in zip(words, shape.element.xpath(".//a:p"), strict=True):
            # A list that goes on from the slide before counts on.
            first = 0 if not each.number else first or each.number
            if each.bullet:
                described = element.get_or_add_pPr()
                hanging = "342900" if each.number else "228600"
                described.set("marL", hanging)
                described.set("indent", f"-{hanging}")
                described.append(parse_xml(f'<a:buFont {_SPACE} typeface="Arial"/>'))
                mark = (
                    f'buAutoNum {_SPACE} type="arabicPeriod" startAt="{first}"'
                    if first
                    else f'buChar {_SPACE} char="•"'
                )
                described.append(parse_xml(f"<a:{mark}/>"))

    def _source(self, slide: Any, source: str) -> int:
        """Say where figures come from, above the foot; where that begins."""
        high = Cm(0.3 + 0.45 * -(-len(source) // _SOURCE_LINE))
        top = min(int(_BOTTOM + Cm(0.1)), int(Cm(18.1) - high))
        if source:
            self._text(slide, [_Words((Run(source),), small=True)], _MARGIN, top, _FULL, high, size=10)
        return top

    def _pages_of(self, slide: Any, title: str, table: Table) -> None:
        """A table in the place of a chart that cannot be drawn, over as many slides as it needs."""
        for number, rows in enumerate(_pages(table, _TABLE_LINES)):
            slide = slide if not number else self._slide(f"{title} (continued)", size=24)
            self._grid(slide, table, rows, _MARGIN, _TOP, _FULL)
            self._source(slide, table.note)

    def _grid(self, slide: Any, table: Table, rows: Sequence[Sequence[str]], left: int, top: int, wide: int) -> None:
        count = min(len(table.columns), _COLUMNS)
        kept = Table(table.caption, table.columns[:count], tuple(tuple(row[:count]) for row in table.rows), table.note)
        shape = slide.shapes.add_table(len(rows) + 1, count, left, top, wide, Cm(0.9) * (len(rows) + 1))
        _describe(shape, f"{table.caption}. {table.note}".strip(), table.caption)
        for column, share in zip(shape.table.columns, column_widths(kept), strict=True):
            column.width = Emu(round(wide * share / sum(column_widths(kept))))
        for line, row in enumerate([table.columns[:count], *(row[:count] for row in rows)]):
            for place, text in enumerate(row):
                cell = shape.table.cell(line, place)
                cell.margin_left = cell.margin_right = Cm(0.15)
                cell.margin_top = cell.margin_bottom = Cm(0.06)
                cell.fill.solid()
                cell.fill.fore_color.rgb = (
                    _BLUE if line == 0 else RGBColor(0xFF, 0xFF, 0xFF) if line % 2 else RGBColor(0xF0, 0xF4, 0xF5)
                )
                made = cell.text_frame.paragraphs[0].add_run()
                made.text = text
                _look(made.font, 11, bold=line == 0, colour=RGBColor(0xFF, 0xFF, 0xFF) if line == 0 else _INK)


def _fill_last(pages: list[list[_Words]], lines: float) -> None:
    """Move what stands before a short last slide on to it: a heading with three lines says little alone."""

    def used(words: Sequence[_Words]) -> float:
        return sum(each.lines for each in words)

    if len(pages) < 2:
        return
    before, last = pages[-2:]
    while len(before) > 2 and used(last) < 0.4 * lines and not _is_heading(before[-1]):
        moved = before[-1]
        # The slide before stays the fuller one, and does not end in a heading.
        if used([moved, *last]) > min(lines, used(before[:-1]) + 1) or _is_heading(before[-2]):
            return
        last.insert(0, before.pop())


def _headline_height(picture: Picture) -> float:
    """How far down the headline of a page's own picture reaches, in pixels."""
    found = next((note for note in picture.chart.figure.layout.annotations if note.name == "headline"), None)
    return PAD + lines_height(found.text.count("<br>") + 1, found.font.size) if found is not None else 0


def _cut(picture: Picture, top: float) -> float:
    """Where a tall picture of the page's can be parted, in pixels from its top; 0 where it is not tall or has no such place.

    That is above a heading of its rows, above a row of its panels, or between two rows of a ranking.
    """
    layout = picture.chart.figure.layout
    if layout.height - top < 0.8 * FITS["wide"]:
        return 0
    plot = layout.height - layout.margin.t - layout.margin.b
    found = []
    for note in layout.annotations:
        if note.name == "heading":
            found.append(layout.margin.t + note.y - _LINE_ROOM / 2)
        elif note.name == "panel title" and note.yref == "paper":
            found.append(layout.margin.t + (1 - note.y) * plot - note.yshift - _LINE_ROOM)
        elif note.name == "panel title":
            found.append(layout.margin.t + note.y - 4)
    # Between two rows of a ranking, which are drawn in pixels from the top of the plot.
    downwards = layout.yaxis.range is not None and layout.yaxis.range[1] == 0
    drawn = [trace for trace in picture.chart.figure.data if downwards and trace.name in {"dots", "gaps"}]
    rows = sorted(y for trace in drawn for y in trace.y)
    found += [layout.margin.t + (above + below) / 2 for above, below in pairwise(rows)]
    # Where both parts are most alike.
    best = min(found, key=lambda place: max(place - top, layout.height - place), default=0.0)
    return best if 0.2 < (best - top) / (layout.height - top) < 0.85 else 0


def _pages(table: Table, room: float) -> Iterator[Sequence[Sequence[str]]]:
    """The rows of a table by slide; a row with long cells takes several lines."""
    widths = column_widths(table)
    # Characters of 11 points over the whole width of a slide.
    across = [max(150 * wide / sum(widths), 4) for wide in widths]
    page: list[Sequence[str]] = []
    used = 0.0
    for row in table.rows:
        lines = max(-(-len(cell) // wide) for cell, wide in zip(row, across, strict=True)) + 0.6
        if page and used + lines > room:
            yield page
            page, used = [], 0.0
        page.append(row)
        used += lines
    if page:
        yield page


def _told(block: Block) -> tuple[list[_Words], list[str]]:
    """The paragraphs of a block, and what of it stands in the notes."""
    if isinstance(block, Heading):
        return [_Words((Run(block.text, strong=True),))], []
    if isinstance(block, Paragraph):
        return ([], [block.text]) if block.small else ([_Words(block.runs)], [])
    if isinstance(block, Bullets):
        if block.small:
            return [], ["".join(run.text for run in item) for item in block.items]
        items = enumerate(block.items, 1)
        return [_Words(item, bullet=True, number=place if block.numbered else 0) for place, item in items], []
    if isinstance(block, OwnWords):
        own = [_Words((Run(f"{block.title}:", strong=True),)), *(_Words((Run(text),)) for text in block.paragraphs)]
        return [*own, *([_Words((Run(block.by),), small=True)] if block.by else [])], []
    return [], []


def _is_short(words: Sequence[_Words]) -> bool:
    """Whether all of it has room beside a chart."""
    points = [each for each in words if not _is_heading(each)]
    return (
        len(points) <= _POINTS
        and all(each.length <= _POINT_LENGTH for each in points)
        and sum(each.length for each in words) <= 700
    )


def _is_heading(words: _Words) -> bool:
    """Whether it heads what follows."""
    if not words.bullet and words.runs and words.runs[-1].text.endswith(":"):
        return True
    return not words.bullet and len(words.runs) == 1 and words.runs[0].strong and not words.runs[0].text.endswith(".")


def _without_finding(words: _Words) -> _Words | None:
    """What stands behind a finding; the finding itself is the title of the slide. None where nothing does."""
    if words.bullet or len(words.runs) < 2 or not words.runs[0].strong:
        return None if len(words.runs) == 1 and words.runs[0].strong and words.runs[0].text.endswith(".") else words
    return _Words((Run(words.runs[1].text.lstrip()), *words.runs[2:]))


def _look(font: Any, size: int, *, bold: bool, colour: RGBColor) -> None:
    font.name, font.size, font.bold = _FONT, Pt(size), bold
    font.color.rgb = colour
    font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK


def _describe(shape: Any, alt: str, name: str) -> None:
    """The text alternative of a shape."""
    for described in shape.element.xpath(".//p:cNvPr")[:1]:
        described.set("descr", " ".join(alt.split()))
        described.set("name", " ".join(name.split())[:120])


def _notes(slide: Any, texts: Sequence[str]) -> None:
    told = [text for text in texts if text.strip()]
    if not told:
        return
    frame = slide.notes_slide.notes_text_frame
    before = frame.text
    frame.text = "\n".join([*([before] if before else []), *told])


# ---------------------------------------------------------------- charts that can be edited


def _native(slide: Any, picture: Picture, chart: NativeChart, left: int, top: int, wide: int, high: int) -> None:
    """Draw a chart of Office from the data of the picture."""
    kinds = {
        "bars": XL_CHART_TYPE.BAR_CLUSTERED,
        "stacked": XL_CHART_TYPE.BAR_STACKED,
        "lines": XL_CHART_TYPE.LINE_MARKERS,
    }
    shown = f"#,##0{'.' if chart.decimals else ''}{'0' * chart.decimals}" + ('"%"' if chart.percent else "")
    data = CategoryChartData(number_format=shown)
    data.categories = list(chart.categories)
    for series in chart.series:
        data.add_series(series.name, series.values)
    frame = slide.shapes.add_chart(kinds[chart.kind], left, top, wide, high, data)
    _describe(frame, picture.simple_alt, picture.simple_caption)
    made = frame.chart
    made.has_title = False
    made.font.size, made.font.name = Pt(12), _FONT
    made.has_legend = chart.kind != "bars"
    if made.has_legend:
        made.legend.position = XL_LEGEND_POSITION.BOTTOM
        made.legend.include_in_layout = False
        made.legend.font.size = Pt(12)
    across, along = made.category_axis, made.value_axis
    along.minimum_scale = 0
    if chart.percent:
        along.tick_labels.number_format, along.tick_labels.number_format_is_linked = '0"%"', False
    if chart.kind == "stacked":
        along.maximum_scale = 100
    elif values := [value for series in chart.series for value in series.values if value is not None]:
        # Left to itself, Office goes on to 120%.
        along.maximum_scale = axis_from_zero(values, percent=chart.percent)[1]
    along.major_gridlines.format.line.color.rgb = RGBColor(0xE3, 0xE3, 0xE3)
    across.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    across.has_major_gridlines = False
    if chart.kind != "lines":
        # The first category stands at the top, as in the picture.
        across.reverse_order = True
        along.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    plot = made.plots[0]
    if chart.kind == "lines":
        _lines(plot, chart)
        return
    plot.gap_width = 50
    if chart.kind == "stacked":
        plot.overlap = 100
    plot.has_data_labels = True
    plot.data_labels.font.size = Pt(11)
    plot.data_labels.number_format = shown
    plot.data_labels.number_format_is_linked = False
    for drawn, series in zip(plot.series, chart.series, strict=True):
        colour = RGBColor.from_string(series.colour.lstrip("#"))
        if series.colour.upper() == "#FFFFFF":
            # Those not known are hatched, as in the picture.
            drawn.format.fill.patterned()
            drawn.format.fill.pattern = MSO_PATTERN_TYPE.LIGHT_UPWARD_DIAGONAL
            drawn.format.fill.fore_color.rgb, drawn.format.fill.back_color.rgb = _GREY, RGBColor(0xFF, 0xFF, 0xFF)
            drawn.format.line.color.rgb = _GREY
        else:
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = colour
        if chart.kind == "stacked" and series.colour.upper() == "#12436D":
            drawn.data_labels.show_value = True
            drawn.data_labels.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
            drawn.data_labels.font.size = Pt(11)
            drawn.data_labels.number_format, drawn.data_labels.number_format_is_linked = '0"%"', False
            for place, own in enumerate(series.colours):
                if own == TURQUOISE and series.values[place] is not None:
                    # White on turquoise is too faint.
                    drawn.points[place].data_label.font.color.rgb = _INK
                    drawn.points[place].data_label.font.size = Pt(11)
        for place, own in enumerate(series.colours or chart.colours):
            point = drawn.points[place]
            point.format.fill.solid()
            point.format.fill.fore_color.rgb = RGBColor.from_string(own.lstrip("#"))


def _lines(plot: Any, chart: NativeChart) -> None:
    markers = (
        XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.SQUARE, XL_MARKER_STYLE.TRIANGLE, XL_MARKER_STYLE.DIAMOND, XL_MARKER_STYLE.X,
    )  # fmt: skip
    for place, (drawn, series) in enumerate(zip(plot.series, chart.series, strict=True)):
        colour = RGBColor.from_string(series.colour.lstrip("#"))
        drawn.smooth = False
        drawn.format.line.color.rgb = colour
        drawn.format.line.width = Pt(3 if place == 0 else 2)
        drawn.marker.style = markers[place % len(markers)]
        drawn.marker.size = 8
        drawn.marker.format.fill.solid()
        drawn.marker.format.fill.fore_color.rgb = colour
        drawn.marker.format.line.color.rgb = colour
        last = max((place for place, value in enumerate(series.values) if value is not None), default=None)
        if place == 0 and last is not None:
            label = drawn.points[last].data_label
            label.has_text_frame = False
            label.position = XL_LABEL_POSITION.ABOVE
            label.font.bold, label.font.size = True, Pt(13)
