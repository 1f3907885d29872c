"""What the map page shows, made from one query: the finding, the map, cautions, tables by region, a download."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.template import Width
from careleavers.charts.tile_map import tile_map
from careleavers.model import Against
from careleavers.views.context import Context
from careleavers.views.map import words
from careleavers.wording import tables
from careleavers.wording.comparators import comparator_name
from careleavers.wording.formats import POLARITY_WORDS, file_name, period_text, with_age


@dataclass(frozen=True)
class Colourings:
    """The ways in which a choice can be coloured, codes to labels, and why others cannot ('' when all can)."""

    schemes: dict[str, str]
    reason: str


@dataclass(frozen=True)
class MapView:
    """The parts of the page.

    Attributes
    ----------
    headline, subject
        The finding, and what it is of.
    found
        Whether the chosen authority is among those of today or of the period.
    chart
        The map.
    cautions
        What the map cannot show.
    regions, table
        A row per region, and a row per authority, as shown.
    download, about
        The table to download, and the lines that describe it: label and text.
    """

    headline: str
    subject: str
    found: bool
    chart: ChartResult
    cautions: tuple[str, ...]
    regions: pd.DataFrame
    table: pd.DataFrame
    download: pd.DataFrame
    about: dict[str, str]


def _rows(
    context: Context, indicator_id: str, age_group: str, period: str, code: str | None, against: Against
) -> pd.DataFrame:
    return context.query(
        "map", indicator=indicator_id, age_group=age_group, period=period, authority=code or "", against=against
    )


def colourings(
    context: Context, indicator_id: str, age_group: str, period: str, code: str | None, against: Against
) -> Colourings | None:
    """What the colours can show of a measure and period.

    Parameters
    ----------
    context
        What the view is made from.
    indicator_id, age_group
        The measure.
    period
        The last day of its period, ISO.
    code
        The authority; None where none is chosen.
    against
        What it is compared with.

    Returns
    -------
    Colourings or None
        None when nothing is held of the choice.
    """
    rows = _rows(context, indicator_id, age_group, period, code, against)
    if rows.empty or not rows["existed"].any():
        return None
    indicator = context.indicators[indicator_id]
    schemes = words.colour_schemes(rows)
    return Colourings(schemes, words.missing_schemes_note(schemes, indicator))


def build_view(
    context: Context,
    indicator_id: str,
    age_group: str,
    period: str,
    code: str | None,
    name: str | None,
    region: str | None,
    against: Against,
    scheme: str,
    width: Width,
) -> MapView:
    """One measure in one period on the map.

    Parameters
    ----------
    context
        What the view is made from.
    indicator_id, age_group
        The measure.
    period
        The last day of its period, ISO.
    code, name
        The authority; None where none is chosen.
    region
        The name of its region; None without one.
    against
        What it is compared with.
    scheme
        What the colours show: a key of :attr:`Colourings.schemes`.
    width
        The window that charts are laid out for.

    Returns
    -------
    MapView
    """
    indicator = context.indicators[indicator_id]
    rows = _rows(context, indicator_id, age_group, period, code, against)
    first = tables.records(rows.head(1), indicator, age_group)[0]
    title = with_age(indicator.title, age_group)
    head = words.headline(
        rows, indicator, age_group, scheme=scheme, authority_name=name, against=against, region=region
    )
    tiles, labels = words.tiles(rows, indicator, scheme, against)
    return MapView(
        headline=head,
        subject=f"{title}, {period_text(first['period_end'], first['basis'])}: {POLARITY_WORDS[indicator.polarity]}.",
        found=bool(rows["is_chosen"].any()),
        chart=tile_map(
            tiles,
            scheme=scheme,
            class_labels=labels,
            verdict_against=comparator_name(against),
            headline=head,
            subtitle=words.subtitle(rows, indicator, age_group, scheme, against),
            footer=context.footer(first["source"], first["release"], first["layer"], words.n_words(rows)),
            filename=file_name(name or "England", "map", scheme, indicator_id, age_group, period),
            alt=words.alt(rows, head, indicator),
            width=width,
        ),
        cautions=tuple(words.cautions(rows, indicator)),
        regions=words.region_table(rows, indicator, against),
        table=words.table(rows, indicator, against),
        download=words.download(rows, indicator, age_group),
        about=tables.about(
            indicator,
            age_group,
            first["period_end"],
            first["basis"],
            context.release(first["source"], first["release"]),
            context.today,
            context.version,
        ),
    )
