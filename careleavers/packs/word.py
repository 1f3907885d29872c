"""A pack as a Word document: real headings, contents, numbered captions, pictures with text alternatives, repeated table headings."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.document import Document as DocumentType
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.packuri import PackURI
from docx.opc.part import Part as OpcPart
from docx.oxml import parse_xml
from docx.shared import Cm, Pt, RGBColor

from careleavers.charts.template import FITS, REPORT_CM
from careleavers.packs import office
from careleavers.packs.blocks import Block, Bullets, Heading, OwnWords, Pack, Paragraph, Picture, Table
from careleavers.packs.images import Image
from careleavers.views.at_a_glance.parts import Run
from careleavers.wording.formats import day_text

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"'
)
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_EMU_PER_CM = 360000
# The width of the text in twentieths of a point.
_ACROSS = round(REPORT_CM / 2.54 * 1440)
# A picture with its caption must fit on a page of A4.
_HIGHEST_CM = 21.5
_LOGO_CM = (4.5, 2.2)
# A table of so many rows is kept on one page; a longer one begins where there is room and repeats its headings.
_WHOLE_TABLE = 6
# Height of a picture for its width from which nothing else of note has room on its page.
_MOST_OF_A_PAGE = 1.0
# As many paragraphs under the last heading are kept on one page.
_WHOLE_END = 14
# Characters of a cell that is kept on one line, if there is room for that.
_SHORT = (14, 12, 10, 0)
_BLUE = RGBColor(0x12, 0x43, 0x6D)
# Styles by the names that every Word template has; the second is used where a template lacks the first.
_STYLES = {
    "title": "Title", "subtitle": "Subtitle", "contents": "TOC Heading", "toc 1": "toc 1", "toc 2": "toc 2", "caption": "Caption",
    "bullet": "List Bullet", "number": "List Number", "quote": "Quote", "grid": "Table Grid",
}  # fmt: skip


def document(pack: Pack, images: Sequence[Image | None]) -> bytes:
    """Write a pack.

    Parameters
    ----------
    pack
        What it says.
    images
        The picture of each of its charts, in order; None for one that cannot be drawn, whose table stands in its place.

    Returns
    -------
    bytes
        A .docx file; the same pack and pictures give the same bytes.
    """
    made = _opened(pack)
    writer = _Writer(made, images)
    writer.front(pack)
    blocks = pack.blocks()
    for place, block in enumerate(blocks):
        writer.block(block, blocks[place + 1 : place + 3])
    writer.finish()
    _footer(made, pack)
    _properties(made, pack)
    out = io.BytesIO()
    made.save(out)
    return office.normalised(out.getvalue(), pack.day)


# ---------------------------------------------------------------- styles


def _opened(pack: Pack) -> DocumentType:
    """An empty document in the house style, or in that of the council's template."""
    made = Document()
    if pack.styles:
        out = io.BytesIO()
        made.save(out)
        made = Document(io.BytesIO(office.replaced(out.getvalue(), dict(pack.styles))))
    _needed_styles(made, own=bool(pack.styles))
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - REPORT_CM) / 2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    return made


def _needed_styles(made: DocumentType, *, own: bool) -> None:
    """Add what the styles of a template lack; without one, set the house's look."""
    from docx.enum.style import WD_STYLE_TYPE

    have = {style.name.lower() for style in made.styles}
    kinds = {"Table Grid": WD_STYLE_TYPE.TABLE}
    wanted = [*_STYLES.values(), "Heading 1", "Heading 2", "Heading 3"]
    for name in wanted:
        if name.lower() not in have:
            style = made.styles.add_style(name, kinds.get(name, WD_STYLE_TYPE.PARAGRAPH), builtin=True)
            if name not in kinds:
                style.base_style = made.styles["Normal"]
            if name.startswith("toc"):
                style.paragraph_format.space_after = Pt(3)
                style.paragraph_format.left_indent = Cm(0.6 if name == "toc 2" else 0)
            if name == "TOC Heading":
                style.font.bold, style.font.size = True, Pt(14)
    for language in made.styles.element.xpath("w:docDefaults//w:lang"):
        for key in list(language.attrib):
            del language.attrib[key]
        language.set(f"{{{language.nsmap['w']}}}val", "en-GB")
    if own:
        _number_lists(made)
        return
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    normal.paragraph_format.space_after = Pt(8)
    normal.paragraph_format.line_spacing = 1.15
    sizes = {
        "Title": 24,
        "Subtitle": 12,
        "Heading 1": 18,
        "Heading 2": 14,
        "Heading 3": 12,
        "Caption": 9.5,
        "Quote": 11,
        "TOC Heading": 14,
    }
    for name, size in sizes.items():
        style = made.styles[name]
        _font(style.element, "Arial")
        style.font.size = Pt(size)
        style.font.italic = False
        style.font.bold = name not in {"Subtitle", "Quote", "Caption"}
        for spaced in style.element.xpath("w:rPr/w:spacing"):
            spaced.getparent().remove(spaced)
        style.font.color.rgb = RGBColor(0x1D, 0x1D, 0x1D) if name in {"Caption", "Quote", "Subtitle"} else _BLUE
        for border in style.element.xpath("w:pPr/w:pBdr"):
            border.getparent().remove(border)
    for name, before, after in (("Heading 1", 20, 8), ("Heading 2", 16, 6), ("Heading 3", 12, 4), ("Caption", 4, 12)):
        form = made.styles[name].paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.keep_with_next = name != "Caption"
    made.styles["Title"].paragraph_format.space_after = Pt(6)
    quote = made.styles["Quote"].paragraph_format
    quote.left_indent, quote.space_after = Cm(0.6), Pt(6)


def _number_lists(made: DocumentType) -> None:
    """Let the lists of a template's styles be marked and counted as ours are: its own kinds of lists stay behind."""
    ours = Document().styles
    for name in ("List Bullet", "List Number"):
        numbered = ours[name].element.xpath("w:pPr/w:numPr")
        if numbered:
            properties = made.styles[name].element.get_or_add_pPr()
            properties.append(numbered[0])


def _font(style: object, name: str) -> None:
    """Name a font for a style that takes its own from the theme."""
    from docx.oxml.ns import qn

    for fonts in style.xpath("w:rPr/w:rFonts"):  # type: ignore[attr-defined]
        for key in list(fonts.attrib):
            del fonts.attrib[key]
        for part in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{part}"), name)


# ---------------------------------------------------------------- body


class _Writer:
    """Puts blocks into the body of a document as XML, and counts headings, figures and tables."""

    def __init__(self, made: DocumentType, images: Sequence[Image | None]) -> None:
        self.made = made
        self._body = made.element.body
        self._images = iter(images)
        self._ids = {str(style.name).lower(): style.style_id for style in made.styles}
        self._numbers = {"Figure": 0, "Table": 0}
        self._shapes = 0
        self._drawings = 0
        self._headings: list[tuple[int, str, str]] = []
        self._contents_at = 0
        self._title = ""
        self._first = True

    def style(self, name: str) -> str:
        return str(self._ids.get(_STYLES.get(name, name).lower(), self._ids["normal"]))

    def add(self, xml: str) -> None:
        """Put an element at the end, before the description of the page."""
        end = self._body.xpath("w:sectPr")[-1]
        # The namespaces stand in the opening tag of the element.
        name, rest = xml[1:].split(">", 1)[0].split(" ", 1)[0].rstrip("/"), xml
        end.addprevious(parse_xml(rest.replace(f"<{name}", f"<{name} {_NAMESPACES}", 1)))

    def paragraph(
        self,
        inside: str,
        style: str = "normal",
        *,
        more: str = "",
        keep: bool = False,
        before: int | None = None,
        after: int | None = None,
    ) -> None:
        self.add(self._paragraph(inside, style, more=more, keep=keep, before=before, after=after))

    def _paragraph(
        self,
        inside: str,
        style: str = "normal",
        *,
        more: str = "",
        keep: bool = False,
        before: int | None = None,
        after: int | None = None,
    ) -> str:
        # In the order of the schema: style, keepNext, numbering and page break, spacing.
        room = "".join(
            f' w:{name}="{size}"' for name, size in (("before", before), ("after", after)) if size is not None
        )
        spacing = f"<w:spacing{room}/>" if room else ""
        keeping = "<w:keepNext/>" if keep else ""
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{self.style(style)}"/>{keeping}{more}{spacing}</w:pPr>{inside}</w:p>'
        )  # fmt: skip

    # ---- the front

    def front(self, pack: Pack) -> None:
        """Logo, title, what it is for, contents."""
        if pack.logo:
            self._logo(pack)
        self.paragraph(_text(pack.title), "title")
        for line in (*pack.about, f"{day_text(pack.day)}"):
            self.paragraph(_text(line), "subtitle", after=60)
        self._contents_at = len(self._body.xpath("*")) - 1

    def _logo(self, pack: Pack) -> None:
        from careleavers.packs.logos import as_png, size

        png = as_png(pack.logo)
        wide, high = size(png)
        scale = min(_LOGO_CM[0] / wide, _LOGO_CM[1] / high)
        svg = pack.logo if pack.logo.lstrip()[:1] == b"<" else b""
        self.paragraph(
            self._drawing(png, svg, wide * scale, high * scale, pack.logo_alt or f"Logo of {pack.name}", "Logo")
        )

    # ---- blocks

    def block(self, block: Block, following: Sequence[Block] = ()) -> None:
        """Add one block; ``following`` are the next two."""
        if isinstance(block, Heading):
            self._heading(block, following)
        elif isinstance(block, Paragraph):
            self.paragraph(_runs(block.runs, small=block.small))
        elif isinstance(block, Bullets):
            self._bullets(block)
        elif isinstance(block, OwnWords):
            self._own_words(block)
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._picture(block)

    def _heading(self, heading: Heading, following: Sequence[Block]) -> None:
        mark = f"_Toc{100000 + len(self._headings)}"
        self._headings.append((heading.level, heading.text, mark))
        # After the contents, and before a picture that takes most of a page, from which the heading could be parted. No other part
        # begins a page: the one before it may be three lines long.
        headed = len(following) == 2 and isinstance(following[0], Heading) and isinstance(following[1], Picture)
        new_page = heading.level == 1 and (self._first or (headed and self._takes_a_page(following[1])))
        self._first = False
        number = len(self._headings)
        self.paragraph(
            f'<w:bookmarkStart w:id="{number}" w:name="{mark}"/>{_text(heading.text)}<w:bookmarkEnd w:id="{number}"/>',
            f"heading {heading.level}",
            more="<w:pageBreakBefore/>" if new_page else "",
        )

    def _takes_a_page(self, block: Block) -> bool:
        return isinstance(block, Picture) and block.chart.figure.layout.height > _MOST_OF_A_PAGE * FITS["wide"]

    def _bullets(self, bullets: Bullets) -> None:
        style = "number" if bullets.numbered else "bullet"
        more = self._restarted() if bullets.numbered else ""
        last = len(bullets.items) - 1
        for place, item in enumerate(bullets.items):
            self.paragraph(
                _runs(item, small=bullets.small),
                style,
                more=more,
                keep=place == 0 and last > 0,
                after=120 if place == last else 60,
            )

    def _restarted(self) -> str:
        """A new list that counts from one again, of the same kind as the style's."""
        numbering = self.made.part.numbering_part.element
        kinds = self.made.styles.element.xpath(
            f'w:style[@w:styleId="{self.style("number")}"]/w:pPr/w:numPr/w:numId/@w:val'
        )
        of = numbering.xpath(f'w:num[@w:numId="{kinds[0]}"]/w:abstractNumId/@w:val') if kinds else []
        if not of:
            return ""
        number = max(int(each) for each in numbering.xpath("w:num/@w:numId")) + 1
        numbering.append(
            parse_xml(
                f'<w:num {_NAMESPACES} w:numId="{number}"><w:abstractNumId w:val="{of[0]}"/>'
                '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            )
        )
        return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'

    def _own_words(self, own: OwnWords) -> None:
        bar = '<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="12436D"/></w:pBdr>'
        self.paragraph(_runs((Run(own.title, strong=True),)), "quote", more=bar, keep=True)
        for text in own.paragraphs:
            self.paragraph(_text(text), "quote", more=bar, keep=bool(own.by))
        if own.by:
            self.paragraph(_runs((Run(own.by),), small=True), "quote", more=bar)

    def _caption(self, kind: str, text: str, *, keep: bool, after: int | None = None) -> None:
        self._numbers[kind] += 1
        number = self._numbers[kind]
        field = (
            f'{_text(f"{kind} ")}<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> SEQ {kind} \\* ARABIC '
            f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{_text(str(number))}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
        self.paragraph(field + _text(f": {text}"), "caption", keep=keep, after=after)

    def _picture(self, picture: Picture) -> None:
        image = next(self._images)
        if image is None:
            self.paragraph(_runs((Run(f"{picture.headline}.", strong=True),)), keep=True)
            self._table(picture.table)
            return
        wide = REPORT_CM
        high = wide * image.height / FITS["wide"]
        if high > _HIGHEST_CM:
            wide, high = wide * _HIGHEST_CM / high, _HIGHEST_CM
        self.paragraph(
            self._drawing(
                image.png, image.svg, wide, high, picture.alt if image.own else picture.simple_alt, picture.headline
            ),
            keep=True,
            after=0,
        )
        self._caption("Figure", picture.caption if image.own else picture.simple_caption, keep=False)

    def _drawing(self, png: bytes, svg: bytes, wide_cm: float, high_cm: float, alt: str, title: str) -> str:
        """A picture within a line: PNG for every reader, with the SVG that newer ones draw instead."""
        self._shapes += 1
        related, _ = self.made.part.get_or_add_image(io.BytesIO(png))
        attached = ""
        if svg:
            self._drawings += 1
            part = OpcPart(
                PackURI(f"/word/media/drawing{self._drawings}.svg"), "image/svg+xml", svg, self.made.part.package
            )
            vector = self.made.part.relate_to(part, RELATION.IMAGE)
            attached = f'<a:extLst><a:ext uri="{_SVG_EXTENSION}"><asvg:svgBlip r:embed="{vector}"/></a:ext></a:extLst>'
        size = f'cx="{round(wide_cm * _EMU_PER_CM)}" cy="{round(high_cm * _EMU_PER_CM)}"'
        named = f'id="{self._shapes}" name={quoteattr(_plain(title)[:200])} descr={quoteattr(_plain(alt))}'
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {named}/>'
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f"<pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip r:embed="{related}">{attached}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def _table(self, table: Table) -> None:
        if not table.rows:
            return
        self._caption("Table", table.caption, keep=True, after=60)
        widths = column_widths(table)
        grid = "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths)
        whole, last = len(table.rows) <= _WHOLE_TABLE, len(table.rows) - 1
        # No row stands alone at the end of a page or at the top of one, and the last stays with what is said of the source.
        body = "".join(
            self._row(row, widths, keep=whole or place == 0 or place >= last - 1)
            for place, row in enumerate(table.rows)
        )
        self.add(
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.style("grid")}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            '<w:tblBorders><w:top w:val="single" w:sz="8" w:color="12436D"/><w:left w:val="nil"/><w:bottom w:val="single" w:sz="8" w:color="12436D"/>'
            '<w:right w:val="nil"/><w:insideH w:val="single" w:sz="4" w:color="BFC5CB"/><w:insideV w:val="nil"/></w:tblBorders>'
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
            f'<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f"<w:tblCaption w:val={quoteattr(_plain(table.caption))}/></w:tblPr>"
            f"<w:tblGrid>{grid}</w:tblGrid>{self._row(table.columns, widths, keep=True, head=True)}{body}</w:tbl>"
        )
        self.paragraph(_text(table.note, size=16, colour="4A4A4A"), more="<w:keepLines/>", before=60, after=200)

    def _row(self, cells: Iterable[str], widths: Sequence[int], *, keep: bool, head: bool = False) -> str:
        described = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if head else "") + "</w:trPr>"
        shade = '<w:shd w:val="clear" w:color="auto" w:fill="E3EDF6"/>' if head else ""
        inside = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{shade}</w:tcPr>'
            f'<w:p><w:pPr>{"<w:keepNext/>" if keep else ""}<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/></w:pPr>'
            f"{_text(text, bold=head, size=17)}</w:p></w:tc>"
            for text, wide in zip(cells, widths, strict=True)
        )
        return f"<w:tr>{described}{inside}</w:tr>"

    # ---- the end

    def _end_together(self) -> None:
        """Keep what stands under the last heading on one page, as far as one holds it: two lines alone on a page look forgotten."""
        paragraphs = self._body.xpath("w:p")
        heads = [place for place, each in enumerate(paragraphs) if each.xpath("w:bookmarkStart")]
        end = paragraphs[heads[-1] :] if heads else []
        if len(end) > _WHOLE_END:
            return
        for each in end[:-1]:
            if not each.xpath("w:pPr/w:keepNext"):
                each.xpath("w:pPr/w:pStyle")[0].addnext(parse_xml(f"<w:keepNext {_NAMESPACES}/>"))

    def finish(self) -> None:
        """Fill in the contents, now that every heading is known.

        On which page a heading stands only Word knows. The fields for that are there and empty until somebody has Word update them;
        to have it done on opening, Word would ask the reader about other files first.
        """
        self._end_together()
        entries = [(level, text, mark) for level, text, mark in self._headings if level <= 2]
        paragraphs = []
        for place, (level, text, mark) in enumerate(entries):
            start = (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u '
                '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                if place == 0
                else ""
            )
            end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if place == len(entries) - 1 else ""
            page = (
                '<w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGEREF '
                f'{mark} \\h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
            )
            link = f'<w:hyperlink w:anchor="{mark}" w:history="1">{_text(text)}{page}</w:hyperlink>'
            right = f'<w:tabs><w:tab w:val="right" w:pos="{_ACROSS}"/></w:tabs>'
            paragraphs.append(self._paragraph(start + link + end, f"toc {level}", more=right))
        heading = self._paragraph(_text("Contents"), "contents")
        block = parse_xml(
            f'<w:sdt {_NAMESPACES}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr>'
            f"<w:sdtContent>{heading}{''.join(paragraphs)}</w:sdtContent></w:sdt>"
        )
        self._body.insert(self._contents_at, block)


def column_widths(table: Table, total: int = _ACROSS) -> list[int]:
    """How wide each column is: by its longest word at least, and by how much text it holds.

    Parameters
    ----------
    table
        The table.
    total
        What they come to, in twentieths of a point.

    Returns
    -------
    list[int]
    """
    columns = list(zip(table.columns, *table.rows, strict=True))
    for short in _SHORT:
        # A short cell stays on one line as long as all columns have room; a heading may be broken between words.
        words = [
            max(
                5,
                *(len(word) + 1 for word in head.split()),
                *(len(cell) if len(cell) <= short else max(map(len, cell.split())) for cell in cells),
            )
            for head, *cells in columns
        ]
        # A character of 8.5 points takes about 94 twentieths; cells have padding.
        least = [min(count, 18) * 94 + 150 for count in words]
        if sum(least) < total * 0.94:
            break
    texts = [max(map(len, column)) for column in columns]
    wanted = [min(max(count, 4), 60) * 88 + 150 for count in texts]
    spare = total - sum(least)
    more = [max(want - low, 0) for want, low in zip(wanted, least, strict=True)]
    if spare <= 0:
        widths = [round(low * total / sum(least)) for low in least]
    elif sum(more) <= spare:
        rest = (spare - sum(more)) // len(more)
        widths = [low + extra + rest for low, extra in zip(least, more, strict=True)]
    else:
        widths = [low + round(extra * spare / sum(more)) for low, extra in zip(least, more, strict=True)]
    widths[0] += total - sum(widths)
    return widths


def _plain(text: str) -> str:
    return " ".join(text.split())


def _text(text: str, *, bold: bool = False, size: int = 0, colour: str = "") -> str:
    """A run; ``size`` in half points, 0 for that of the style."""
    look = ("<w:b/>" if bold else "") + (f'<w:color w:val="{colour}"/>' if colour else "")
    look += f'<w:sz w:val="{size}"/>' if size else ""
    described = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{described}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def _runs(runs: Iterable[Run], *, small: bool = False) -> str:
    return "".join(
        _text(run.text, bold=run.strong, size=18 if small else 0, colour="4A4A4A" if small else "") for run in runs
    )


# ---------------------------------------------------------------- foot and properties


def _footer(made: DocumentType, pack: Pack) -> None:
    foot = made.sections[0].footer
    foot.is_linked_to_previous = False
    said = " · ".join(
        part for part in (pack.name, pack.settings.classification, f"Data version {pack.version}") if part
    )

    def field(name: str) -> str:
        return (
            f'<w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
            f'<w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:fldChar w:fldCharType="separate"/></w:r>{_text("1", size=16)}<w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:fldChar w:fldCharType="end"/></w:r>'
        )

    inside = _text(f"{said} · Page ", size=16) + field("PAGE") + _text(" of ", size=16) + field("NUMPAGES")
    holder = foot.paragraphs[0].paragraph_format.element
    for run in parse_xml(f"<w:p {_NAMESPACES}>{inside}</w:p>"):
        holder.append(run)


def _properties(made: DocumentType, pack: Pack) -> None:
    told = made.core_properties
    told.title, told.subject = pack.title, f"Care leavers of {pack.name}"
    told.author = told.last_modified_by = pack.product
    told.language, told.keywords = "en-GB", f"care leavers, {pack.name}, data version {pack.version}"
    told.comments = pack.settings.classification and f"Classification: {pack.settings.classification}"
    told.created = told.modified = dt.datetime(pack.day.year, pack.day.month, pack.day.day, tzinfo=dt.UTC)
    told.revision = 1
