"""Writes the font of the marks that Liberation Sans lacks: ◆ ◇ △ ▽ ┃ ▨.

Where a text has a mark that its font lacks, typst sets the whole text in the first other font that has all of it, a serif one. A font of
nothing but these marks lends the marks alone. Run after adding a mark, with fontTools (``pip install fonttools``):
``python scripts/marks_font.py``. The shapes are as large as ■ ● ▲ of Liberation Sans.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

FONT = Path(__file__).resolve().parents[1] / "careleavers" / "pictures" / "fonts" / "ChartMarks.ttf"
_NAME = "Chart Marks"
Points = list[tuple[int, int]]

# Clockwise is filled, counter-clockwise is cut out.
_DIAMOND: Points = [(618, 1150), (1191, 577), (618, 4), (45, 577)]
_UP: Points = [(683, 1198), (1283, 0), (83, 0)]
_DOWN: Points = [(83, 1198), (1283, 1198), (683, 0)]
_SQUARE: Points = [(123, 1114), (1114, 1114), (1114, 117), (123, 117)]
MARKS: dict[str, tuple[str, int, list[Points]]] = {
    "◆": ("diamond", 1237, [_DIAMOND]),
    "◇": ("diamond.open", 1237, [_DIAMOND, [(618, 937), (258, 577), (618, 217), (978, 577)]]),
    "△": ("up.open", 1366, [_UP, [(683, 916), (286, 124), (1080, 124)]]),
    "▽": ("down.open", 1366, [_DOWN, [(286, 1074), (683, 282), (1080, 1074)]]),
    "┃": ("bar.heavy", 619, [[(235, 1270), (384, 1270), (384, -120), (235, -120)]]),
    "▨": (
        "square.hatched",
        1237,
        [
            _SQUARE,
            [(203, 1034), (203, 197), (1034, 197), (1034, 1034)],
            [(203, 197), (203, 277), (954, 1034), (1034, 1034), (1034, 954), (283, 197)],
            [(203, 567), (203, 680), (557, 1034), (670, 1034)],
            [(567, 197), (1034, 664), (1034, 551), (680, 197)],
        ],
    ),
}


def _drawn(shapes: list[Points]) -> object:
    pen = TTGlyphPen(None)
    for points in shapes:
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def main() -> None:
    """Write the font; the same marks give the same bytes."""
    names = [name for name, *_ in MARKS.values()]
    made = FontBuilder(2048, isTTF=True)
    made.setupGlyphOrder([".notdef", *names])
    made.setupCharacterMap({ord(mark): name for mark, (name, *_) in MARKS.items()})
    made.setupGlyf({".notdef": _drawn([_SQUARE]), **{name: _drawn(shapes) for name, _, shapes in MARKS.values()}})
    made.setupHorizontalMetrics(
        {
            ".notdef": (1237, 123),
            **{name: (wide, min(x for shape in shapes for x, _ in shape)) for name, wide, shapes in MARKS.values()},
        }
    )
    made.setupHorizontalHeader(ascent=1854, descent=-434, lineGap=67)
    made.setupNameTable({"familyName": _NAME, "styleName": "Regular", "psName": "ChartMarks", "fullName": _NAME})
    # A sans serif to whoever looks for one that is like Liberation Sans.
    made.setupOS2(sTypoAscender=1491, sTypoDescender=-431, usWinAscent=1854, usWinDescent=434)
    panose = made.font["OS/2"].panose
    panose.bFamilyType, panose.bSerifStyle = 2, 11
    made.setupPost()
    made.font["head"].created = made.font["head"].modified = 0
    made.font.recalcTimestamp = False
    made.save(FONT)


if __name__ == "__main__":
    main()
