"""The national page as HTML: made from the view alone, every text escaped, so that any server can send it.

The styles are in ``careleavers/ui/style.css`` under ``cl-england``, ``cl-cards-england``, ``cl-england-card…``, ``cl-tile…``. Tiles are links in a grid,
which a page keeps where it would drop an inline SVG; the lines of the cards are SVG pictures.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from itertools import groupby
from urllib.parse import quote, urlencode

from careleavers.charts import sparkline_svg, template
from careleavers.views.england import words
from careleavers.views.england.view import Changes, EnglandView, TileMap

_LINE = (132, 40)


def cards(view: EnglandView) -> str:
    """The national figures, each a link to its years.

    Parameters
    ----------
    view
        What the page shows.

    Returns
    -------
    str
        A list in HTML.
    """
    return f'<ul class="cl-cards-england">{"".join(_card(each, view) for each in view.cards)}</ul>'


def body(view: EnglandView) -> str:
    """The map with its key, the clear changes and what is new.

    Parameters
    ----------
    view
        What the page shows.

    Returns
    -------
    str
        HTML; without figures the map and its key are left out.
    """
    drawn = "" if view.map is None else _map(view.map, view)
    key = "" if view.map is None else _key(view.map)
    return (
        f'<div class="cl-england"><div class="cl-england-map">{drawn}</div>'
        f'<div class="cl-england-side">{key}{_changes(view.changes, view)}{_news(view)}</div></div>'
    )


def page(view: EnglandView) -> str:
    """The whole page but for its controls: title, figures, map, changes and news.

    Parameters
    ----------
    view
        What the page shows.

    Returns
    -------
    str
        HTML.
    """
    head = f"<h1>{html.escape(view.title)}</h1><p>{html.escape(view.subject)}</p>"
    return f"{head}{cards(view)}{body(view)}{sources(view)}"


def sources(view: EnglandView) -> str:
    """Where the figures come from, for readers of a page without a foot.

    Parameters
    ----------
    view
        What the page shows.

    Returns
    -------
    str
        A paragraph in HTML.
    """
    return f'<p class="cl-england-sources">{html.escape(view.sources)}</p>'


def _address(page: str, view: EnglandView, choices: Mapping[str, str]) -> str:
    """Where a link leads, escaped; "" is this page."""
    query = urlencode({**dict(view.links), **choices}, quote_via=quote)
    return html.escape(f"./{page}?{query}" if query else f"./{page}")


def _council(name: str, view: EnglandView) -> str:
    return _address("", view, {"authority": name})


def _card(card: words.EnglandCard, view: EnglandView) -> str:
    picture = sparkline_svg(
        card.years,
        card.values,
        width=_LINE[0],
        height=_LINE[1],
        decimals=card.decimals,
        line=template.MID_BLUE,
        dot=template.MID_BLUE,
        thickness=2.5,
    )
    data = base64.b64encode(picture.encode()).decode()
    link = _address("trends", view, {"indicator": card.indicator, "age": card.age_group})
    return (
        f'<li class="cl-england-card"><p><span class="cl-england-card-figure">{html.escape(card.figure)}</span> '
        f'<a href="{link}" target="_self">{html.escape(card.text)}</a></p>'
        f'<img alt="" width="{_LINE[0]}" height="{_LINE[1]}" src="data:image/svg+xml;base64,{data}">'
        f'<span class="cl-hidden">{html.escape(card.spoken)}</span>'
        f'<p class="cl-england-card-since">{html.escape(card.since)}</p></li>'
    )


def _map(shown: TileMap, view: EnglandView) -> str:
    tiles = "".join(_tile(each, view) for each in sorted(shown.tiles, key=lambda tile: (tile.row, tile.column)))
    regions = "".join(
        _region(region, list(found), view) for region, found in groupby(shown.tiles, key=lambda tile: tile.region)
    )
    title = html.escape(shown.title)
    return (
        f'<h2 class="cl-h">{title}</h2><p>{html.escape(shown.subject)} '
        '<span class="cl-wide-only">Choose a tile to open that council.</span></p>'
        f'<div class="cl-tiles" role="group" aria-label="{title}: a map of equal tiles, each a link to its council">'
        f"{tiles}</div>"
        f'<details class="cl-councils"><summary>All {len(shown.tiles)} councils as a list, by region</summary>'
        f"{regions}</details>"
    )


def _tile(tile: words.Tile, view: EnglandView) -> str:
    # A tile's label appears above it on hover and on focus; near an edge it is shifted inwards.
    lean = " cl-lean-right" if tile.column < 5 else " cl-lean-left" if tile.column > 11 else ""
    return (
        f'<div class="cl-tile cl-look-{html.escape(tile.look)}" '
        f'style="grid-area: {tile.row + 1} / {tile.column + 1}">'
        f'<a href="{_council(tile.name, view)}" target="_self">'
        f'<span class="cl-tip{lean}">{html.escape(tile.label)}</span></a></div>'
    )


def _region(region: str, tiles: Sequence[words.Tile], view: EnglandView) -> str:
    items = "".join(
        f'<li><a href="{_council(tile.name, view)}" target="_self">{html.escape(tile.name)}</a> '
        f"<span>{html.escape(tile.figure)}</span></li>"
        for tile in tiles
    )
    return f'<h3 class="cl-h">{html.escape(region)}</h3><ul>{items}</ul>'


def _key(shown: TileMap) -> str:
    items = "".join(
        f'<li><span class="cl-swatch cl-look-{html.escape(look)}"></span>{html.escape(text)}</li>'
        for look, text in shown.key
    )
    return f'<ul class="cl-key" aria-label="Key of the map, best first">{items}</ul>'


def _changes(changes: Changes, view: EnglandView) -> str:
    return (
        f'<section><h2 class="cl-h">{html.escape(words.CHANGES_TITLE)}</h2>'
        f"<p>{html.escape(changes.subject)}</p>"
        + "".join(_direction(each, view) for each in changes.directions)
        + f'<p class="cl-remark">{html.escape(changes.remark)}</p></section>'
    )


def _direction(direction: words.Direction, view: EnglandView) -> str:
    named, more = direction.changes[: words.NAMED], direction.changes[words.NAMED :]
    folded = (
        f'<details class="cl-more"><summary>and {len(more)} more</summary>{_moves(more, view)}</details>'
        if more
        else ""
    )
    return f'<h3 class="cl-h">{html.escape(direction.word)}</h3>{_moves(named, view)}{folded}'


def _moves(changes: Sequence[words.Change], view: EnglandView) -> str:
    items = "".join(
        f'<li><a href="{_council(each.name, view)}" target="_self">{html.escape(each.name)}</a> '
        f"<strong>{html.escape(each.moved)}</strong>"
        + (f'<span class="cl-small">{html.escape(each.note)}</span>' if each.note else "")
        + "</li>"
        for each in changes
    )
    return f'<ul class="cl-moves">{items}</ul>'


def _news(view: EnglandView) -> str:
    items = "".join(
        f'<li><a href="{_address(each.page, view, dict(each.choices))}" target="_self">{html.escape(each.text)}</a> '
        f"<span>{html.escape(each.when)}</span></li>"
        for each in view.news
    )
    more = f'<a href="{_address("whats_new", view, {})}" target="_self">{html.escape(words.NEWS_MORE)}</a>'
    return (
        f'<section><h2 class="cl-h">{html.escape(words.NEWS_TITLE)}</h2><ul class="cl-news">{items}</ul>'
        f"<p>{more}</p></section>"
    )
