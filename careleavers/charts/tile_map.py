"""Square-tile map: every authority the same size, about where it lies in England (the page Map)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.axes import hidden_axis
from careleavers.charts.styles import VERDICTS, WHITE
from careleavers.charts.template import TEXT_SIZE
from careleavers.charts.text import frame_records, number, safe, safe_lines, text_width, words

# Height of a tile in pixels: a little less than its width in a picture, which must fit on a page, and more on a phone,
# where it must be easy to tap.
_TILE: dict[template.Width, int] = {"wide": 35, "phone": 24, "narrow": 24}
# Width in pixels of a tile of today's map in a picture.
_TILE_ACROSS = 37
_GAP = 0.05
# How far above and below the middle of a large tile its two lines stand, in heights of a tile.
_LINE = 0.215
# The names of regions on a phone, whose tiles are small: from north to south.
_LETTERS = "abcdefghijklmnop"
PALEST = "#BBD6EF"
DARK_TEXT, PALE_TEXT = template.INK, WHITE


@dataclass(frozen=True)
class Paint:
    """How a tile looks: its fill, the colour of its text, and a pattern ('' for none)."""

    fill: str
    text: str
    pattern: str = ""


# From the lowest class to the highest. With fewer classes the ends of the scale are used.
VALUE_PAINTS = (
    Paint(PALEST, DARK_TEXT),
    Paint(template.LIGHT_BLUE, DARK_TEXT),
    Paint(template.MID_BLUE, PALE_TEXT),
    Paint(template.DARK_BLUE, PALE_TEXT),
)
_USED = {1: (1,), 2: (0, 3), 3: (0, 1, 3), 4: (0, 1, 2, 3)}
_PLAIN = Paint(template.RANGE_GREY, DARK_TEXT)
BAND_PAINTS = {
    "A": Paint(template.DARK_BLUE, PALE_TEXT),
    "B": _PLAIN,
    "C": _PLAIN,
    "D": Paint(template.ORANGE, DARK_TEXT),
}
# The coloured quarters, as named in the key.
BAND_KEYS = {"A": "T top quarter", "D": "B bottom quarter"}
VERDICT_PAINTS = {
    "better": Paint(template.DARK_BLUE, PALE_TEXT),
    "similar": Paint(template.FOCUS_GREY, DARK_TEXT),
    "worse": Paint(template.ORANGE, DARK_TEXT),
    "higher": Paint(template.GREY_BLUE, PALE_TEXT),
    "lower": Paint(template.LIGHT_BLUE, DARK_TEXT),
    "": Paint(WHITE, DARK_TEXT),
}
TOO_FEW = "too few to tell"
HIDDEN = Paint(WHITE, DARK_TEXT, "/")
ABSENT = Paint(WHITE, DARK_TEXT, ".")


def paint(scheme: str, shade: Any, state: str, classes: int) -> Paint:
    """Return the look of a tile.

    Parameters
    ----------
    scheme
        ``value``, ``band`` or ``verdict``: what the colours mean.
    shade
        The number of the class, the letter of the quarter, or the verdict.
    state
        ``figure``, ``not compared`` (many are not known, or its base is hidden), ``none`` (suppressed or not
        available) or ``absent`` (the authority did not exist).
    classes
        How many classes the scheme ``value`` has: 1 to 4.

    Returns
    -------
    Paint
    """
    if state == "absent":
        return ABSENT
    if state == "not compared":
        return VERDICT_PAINTS[""]
    if state != "figure":
        return HIDDEN
    if scheme == "value":
        place = number(shade)
        if place is None:
            return HIDDEN
        used = _USED[min(max(classes, 1), 4)]
        return VALUE_PAINTS[used[min(max(int(place), 0), len(used) - 1)]]
    if scheme == "band":
        return BAND_PAINTS.get(words(shade), _PLAIN)
    return VERDICT_PAINTS.get(words(shade), VERDICT_PAINTS[""])


def _tiles(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows that have a place on the map; if two share one, the first."""
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for row in frame_records(frame):
        column, line = number(row.get("tile_column")), number(row.get("tile_row"))
        if column is not None and line is not None and 0 <= column < 60 and 0 <= line < 60:
            place = (int(column), int(line))
            rows.setdefault(place, {**row, "tile_column": place[0], "tile_row": place[1]})
    return list(rows.values())


def _borders(tiles: Sequence[dict[str, Any]]) -> tuple[list[float | None], list[float | None]]:
    """Lines along every edge where a region ends."""
    regions = {(row["tile_column"], row["tile_row"]): words(row.get("region")) for row in tiles}
    xs: list[float | None] = []
    ys: list[float | None] = []
    for (x, y), region in sorted(regions.items()):
        edges = (
            ((x - 1, y), (x - 0.5, x - 0.5), (y - 0.5, y + 0.5)),
            ((x + 1, y), (x + 0.5, x + 0.5), (y - 0.5, y + 0.5)),
            ((x, y - 1), (x - 0.5, x + 0.5), (y - 0.5, y - 0.5)),
            ((x, y + 1), (x - 0.5, x + 0.5), (y + 0.5, y + 0.5)),
        )
        for beside, (x0, x1), (y0, y1) in edges:
            other = regions.get(beside)
            # An edge shared by two regions is drawn once, for the first of them.
            if other == region or (other is not None and beside < (x, y)):
                continue
            xs += [x0, x1, None]
            ys += [y0, y1, None]
    return xs, ys


def region_names(
    tiles: Sequence[dict[str, Any]], columns: int, rows: int, tile: float
) -> tuple[list[tuple[str, float, float, str, tuple[str, ...]]], list[str]]:
    """Find room for the names of regions in the empty cells beside them.

    Parameters
    ----------
    tiles
        Each with ``tile_column``, ``tile_row`` and ``region``.
    columns, rows
        Cells of the map across and down.
    tile
        Width of a cell in pixels.

    Returns
    -------
    named : list of (str, float, float, str, tuple of str)
        Names that found room: the region, column and row of the name's edge next to the region, ``left`` or
        ``right`` for the side of the region it stands on, and its lines.
    homeless : list of str
        Regions whose names found none.
    """
    taken = {(row["tile_column"], row["tile_row"]) for row in tiles}
    used: set[tuple[int, int]] = set()
    found: list[tuple[str, float, float, str, tuple[str, ...]]] = []
    homeless = []
    for region in dict.fromkeys(words(row.get("region")) for row in tiles):
        own = [(row["tile_column"], row["tile_row"]) for row in tiles if words(row.get("region")) == region]
        middle = sum(y for _, y in own) / len(own)
        choices = []
        for y in sorted({y for _, y in own}, key=lambda line: abs(line - middle)):
            line = [x for x, row in own if row == y]
            for side, cells in (
                ("right", range(max(line) + 1, columns)),
                ("left", range(min(line) - 1, -1, -1)),
            ):
                free = 0
                for x in cells:
                    if (x, y) in taken or (x, y) in used:
                        break
                    free += 1
                # A cell is high enough for two lines; next to the edge the figure's margin gives extra space.
                room = free * tile + (template.PAD - 1 if free == len(cells) else 0)
                for lines in _line_breaks(region):
                    need = max(text_width(part, TEXT_SIZE) for part in lines) + 5
                    if need <= room:
                        choices.append((len(lines), abs(y - middle), y, side, lines, need))
                        break
        if not choices or not region:
            homeless.append(region)
            continue
        _, _, y, side, lines, need = min(choices)
        edge = max(x for x, row in own if row == y) if side == "right" else min(x for x, row in own if row == y)
        reach = int(need // tile) + 1
        used |= {(edge + (k if side == "right" else -k), y) for k in range(1, reach + 1)}
        found.append((region, edge + (0.5 if side == "right" else -0.5), float(y), side, lines))
    return found, [region for region in homeless if region]


def _line_breaks(region: str) -> list[tuple[str, ...]]:
    """A region's name on one line, or on two lines of as even a length as possible."""
    parts = region.split(" ")
    halves = [(" ".join(parts[:k]), " ".join(parts[k:])) for k in range(1, len(parts))]
    halves.sort(key=lambda pair: max(text_width(line, TEXT_SIZE) for line in pair))
    return [(region,), *halves[:1]]


def region_marks(tiles: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The tile in the middle of each region, from north to south; never that of the chosen authority, if there is another.

    Parameters
    ----------
    tiles
        Each with ``tile_column``, ``tile_row``, ``region`` and ``is_chosen``.

    Returns
    -------
    dict[str, dict[str, Any]]
        The tile of each region, by the region's name.
    """
    found: dict[str, tuple[float, dict[str, Any]]] = {}
    for region in dict.fromkeys(words(row.get("region")) for row in tiles):
        own = [row for row in tiles if words(row.get("region")) == region]
        x, y = (sum(row[place] for row in own) / len(own) for place in ("tile_column", "tile_row"))
        middle = min(
            own,
            key=lambda row: (
                bool(row.get("is_chosen")), (row["tile_column"] - x) ** 2 + (row["tile_row"] - y) ** 2,
                row["tile_row"], row["tile_column"],
            ),
        )  # fmt: skip
        found[region] = (y, middle)
    return {region: middle for region, (_, middle) in sorted(found.items(), key=lambda item: item[1][0]) if region}


def _second_line(row: dict[str, Any]) -> str:
    """The figure or mark of a large tile, where there is room for it."""
    mark = words(row.get("tile_text"))
    return safe(mark) if text_width(mark, TEXT_SIZE) <= _TILE_ACROSS - 3 else ""


def _small_text(row: dict[str, Any], letters: dict[int, str]) -> str:
    """The only text of a small tile: the letter of its region, if that stands on it, or its mark."""
    if letter := letters.get(id(row)):
        return f"<b>{letter}</b>"
    mark = words(row.get("tile_mark"))
    return safe(mark) if text_width(mark, TEXT_SIZE) <= 15 else ""


@template.pictured
def tile_map(
    frame: pd.DataFrame,
    *,
    scheme: str,
    class_labels: Sequence[str],
    verdict_against: str = "",
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    alt: str = "",
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw a square for each authority, coloured by class, quarter or verdict; the chosen one has a thick frame.

    Clicking a tile gives the authority's code as the first entry of ``customdata``.

    Parameters
    ----------
    frame
        One row per authority. Columns:

        ``authority_code``, ``authority_name``, ``region`` (str)
            Which authority.
        ``tile_column``, ``tile_row`` (int or missing)
            Its place, from 0 at the top left. Rows without one are not drawn.
        ``short`` (str)
            Its letters.
        ``shade`` (int, str or missing), ``state`` (str)
            See :func:`paint`.
        ``tile_text``, ``tile_mark`` (str)
            The second line of a large tile, and the only text of a small one.
        ``hover`` (str)
            Plain text, one fact per line.
        ``is_chosen`` (bool)
            Whether it is the chosen authority.
        ``too_few`` (bool), optional
            Whether its verdict is ``similar`` because the group is small.
    scheme
        What ``shade`` holds: ``value``, ``band`` or ``verdict``.
    class_labels
        The classes of the scheme ``value`` in words, lowest first.
    verdict_against
        What the verdict compares with, for the key: ``England``.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.
    alt
        What the text alternative begins with; the headline where empty.

    Returns
    -------
    ChartResult
        Without any authority that has a place, a sentence that says so.
    """
    tiles = _tiles(frame)
    if not tiles:
        sentence = "There is no authority with a place on the map."
        return template.sentence_chart(
            sentence, f"{headline}. {sentence}", headline, subtitle, footer, filename, width=width
        )
    columns = max(row["tile_column"] for row in tiles) + 1
    lines = max(row["tile_row"] for row in tiles) + 1
    middles = region_marks(tiles)
    named: list[tuple[str, float, float, str, tuple[str, ...]]] = []
    homeless: list[str] = []
    if width == "wide":
        across = template.FITS["wide"] - 2 * template.PAD
        named, homeless = region_names(tiles, columns, lines, across / columns)
        # A column more at the edge may leave room for another name.
        if homeless and across / (columns + 1) >= _TILE_ACROSS:
            more = region_names(tiles, columns + 1, lines, across / (columns + 1))
            if len(more[1]) < len(homeless):
                (named, homeless), columns = more, columns + 1
    height = lines * _TILE[width]
    paints = [paint(scheme, row.get("shade"), words(row.get("state")), len(class_labels)) for row in tiles]

    fig = go.Figure()
    fig.add_trace(
        go.Bar(
            name="tiles",
            x=[row["tile_column"] for row in tiles],
            y=[1 - 2 * _GAP] * len(tiles),
            base=[row["tile_row"] - 0.5 + _GAP for row in tiles],
            width=1 - 2 * _GAP,
            customdata=[[words(row.get("authority_code")), words(row.get("authority_name"))] for row in tiles],
            hovertext=["<br>".join(_hover(row)) for row in tiles],
            hovertemplate="%{hovertext}<extra></extra>",
            marker={
                "color": [look.fill for look in paints],
                "line": {"width": [1 if look.fill == WHITE else 0 for look in paints], "color": template.MID_GREY},
                "pattern": {
                    "shape": [look.pattern for look in paints],
                    "fgcolor": "#B5B5B5",
                    "fillmode": "overlay",
                    "size": 7,
                    "solidity": 0.18,
                },
            },
            # A click selects an authority; it must not fade the others while the page redraws.
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    xs, ys = _borders(tiles)
    fig.add_trace(
        go.Scatter(name="regions", x=xs, y=ys, mode="lines", line={"color": "#8F8F8F", "width": 1}, hoverinfo="skip")
    )
    # Two traces and not one of two lines, whose distance would be that of running text: too high for a tile.
    if width == "wide":
        seconds = [_second_line(row) for row in tiles]
        firsts = [f"<b>{safe(words(row.get('short')))}</b>" for row in tiles]
        _write(fig, "letters", tiles, firsts, [-_LINE if second else 0.0 for second in seconds], paints)
        _write(fig, "figures", tiles, seconds, [_LINE] * len(tiles), paints)
    else:
        letters = {id(row): letter for letter, row in zip(_LETTERS, middles.values(), strict=False)}
        _write(fig, "letters", tiles, [_small_text(row, letters) for row in tiles], [0.0] * len(tiles), paints)
    notes = [
        template.note(
            "region", safe_lines(text), colour=template.SOFT_INK, x=x, xref="x", xanchor="left" if side == "right" else "right",
            xshift=4 if side == "right" else -4, y=y, yref="y", yanchor="middle",
            align="left" if side == "right" else "right",
        )
        for _, x, y, side, text in named
    ]  # fmt: skip
    if width == "wide":
        regions = [
            f"{region} is the area around {words(middles[region].get('authority_name'))} "
            f"({words(middles[region].get('short'))})"
            for region in homeless
        ]
    else:
        regions = [f"{letter} {region}" for letter, region in zip(_LETTERS, middles, strict=False)]
    fig.update_layout(bargap=0, barmode="overlay")
    fig.update_xaxes(hidden_axis(-0.5, columns - 0.5, constrain="domain"))
    fig.update_yaxes(hidden_axis(lines - 0.5, -0.5, constrain="domain"))
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        height,
        width=width,
        key=_key(tiles, scheme, class_labels, verdict_against, regions),
        above=6,
        below=4,
        annotations=notes,
        shapes=_chosen_frames(tiles),
    )
    spoken = (alt or f"{headline}.") + f" Map of {len(tiles)} equal squares, one for each authority, grouped by region."
    return template.result(fig, headline, spoken, filename)


def _write(
    fig: go.Figure,
    name: str,
    tiles: Sequence[dict[str, Any]],
    texts: Sequence[str],
    down: Sequence[float],
    paints: Sequence[Paint],
) -> None:
    """Write a text on each tile, so many tiles' heights below its middle."""
    fig.add_trace(
        go.Scatter(
            name=name,
            x=[row["tile_column"] for row in tiles],
            y=[row["tile_row"] + by for row, by in zip(tiles, down, strict=True)],
            text=list(texts),
            mode="text",
            textposition="middle center",
            textfont={"family": template.FONT, "size": TEXT_SIZE, "color": [look.text for look in paints]},
            cliponaxis=False,
            hoverinfo="skip",
        )
    )


def _hover(row: dict[str, Any]) -> list[str]:
    name = words(row.get("authority_name"))
    return [f"<b>{safe(name)}</b>", *(safe(line) for line in words(row.get("hover")).split("\n") if line)]


def _chosen_frames(tiles: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A thick dark frame with a pale one inside it, so that it shows on any colour."""
    shapes = []
    for row in tiles:
        if not bool(row.get("is_chosen")):
            continue
        x, y = row["tile_column"], row["tile_row"]
        for name, reach, colour, thick in (("chosen", 0.5, template.INK, 4), ("chosen inside", 0.42, WHITE, 2)):
            shapes.append(
                {
                    "name": name, "type": "rect", "xref": "x", "yref": "y", "x0": x - reach, "x1": x + reach,
                    "y0": y - reach, "y1": y + reach, "line": {"color": colour, "width": thick},
                    "fillcolor": "rgba(0,0,0,0)", "layer": "above",
                }
            )  # fmt: skip
    return shapes


def _key(
    tiles: Sequence[dict[str, Any]],
    scheme: str,
    class_labels: Sequence[str],
    verdict_against: str,
    regions: Sequence[str],
) -> list[template.KeyItem]:
    states = {words(row.get("state")) for row in tiles}
    shades = {words(row.get("shade")) for row in tiles if words(row.get("state")) == "figure"}
    key = []
    if scheme == "value" and "figure" in states:
        looks = [paint("value", index, "figure", len(class_labels)) for index in range(len(class_labels))]
        key += [template.KeyItem("■■", look.fill, text) for look, text in zip(looks, class_labels, strict=True)]
    elif scheme == "band":
        key += [
            template.KeyItem("■■", BAND_PAINTS[band].fill, text) for band, text in BAND_KEYS.items() if band in shades
        ]
        if shades & {"B", "C"}:
            key.append(template.KeyItem("■■", template.FOCUS_GREY, "2 and 3 second and third quarter"))
    elif scheme == "verdict":
        against = f" than {verdict_against}" if verdict_against else ""
        for verdict, style in VERDICTS.items():
            if verdict and verdict in shades:
                joined = f" to {verdict_against}" if verdict == "similar" and verdict_against else against
                colour = template.MID_GREY if verdict == "similar" else VERDICT_PAINTS[verdict].fill
                few = [bool(row.get("too_few")) for row in tiles if words(row.get("shade")) == verdict]
                said = [f"{style.word}{joined}"] * (not all(few)) + [TOO_FEW] * any(few)
                key.append(template.KeyItem(style.mark, colour, " or ".join(said)))
        if "" in shades:
            key.append(template.KeyItem(VERDICTS[""].mark, VERDICTS[""].outline, VERDICTS[""].word))
    if "not compared" in states:
        key.append(template.KeyItem("□", template.MID_GREY, "white: not ranked, many not known or base hidden"))
    if "none" in states:
        key.append(template.KeyItem("▨", template.MID_GREY, "no figure"))
    if "absent" in states:
        key.append(template.KeyItem("⁙", template.MID_GREY, "did not exist then"))
    chosen = next((row for row in tiles if bool(row.get("is_chosen"))), None)
    if chosen is not None:
        key.append(template.KeyItem("□", template.INK, f"{words(chosen.get('authority_name'))} (thick frame)"))
    return key + [template.KeyItem("", template.INK, text) for text in regions]
