"""What the map page shows, made from one query: the finding, the map, cautions, tables by region, a download."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers import display
from careleavers import words_map as words
from careleavers.charts import ChartResult
from careleavers.charts.template import Width
from careleavers.charts.tile_map import tile_map
from careleavers.findings import comparator_name
from careleavers.formats import POLARITY_WORDS, file_name, period_text, with_age
from careleavers.ui import choices, figures, view
from careleavers.ui.state import Against


@dataclass(frozen=True)
class Offer:
    """The ways in which a choice can be coloured, codes to labels, and why others cannot ('' when all can)."""

    schemes: dict[str, str]
    reason: str


@dataclass(frozen=True)
class Mapped:
    """The parts of the page. ``found`` is false when the chosen authority is neither of today nor of the period."""

    headline: str
    subject: str
    found: bool
    chart: ChartResult
    cautions: tuple[str, ...]
    regions: pd.DataFrame
    table: pd.DataFrame
    download: pd.DataFrame
    about: dict[str, str]


def _rows(indicator_id: str, age_group: str, period: str, code: str | None, against: Against) -> pd.DataFrame:
    return figures.ask(
        "map", indicator=indicator_id, age_group=age_group, period=period, authority=code or "", against=against
    )


def offer(indicator_id: str, age_group: str, period: str, code: str | None, against: Against) -> Offer | None:
    """What the colours can show of this choice; None when nothing is held of it."""
    rows = _rows(indicator_id, age_group, period, code, against)
    if rows.empty or not rows["existed"].any():
        return None
    indicator = choices.indicators()[indicator_id]
    schemes = words.colours(rows)
    return Offer(schemes, words.not_offered(schemes, indicator))


def parts(
    indicator_id: str,
    age_group: str,
    period: str,
    code: str | None,
    name: str | None,
    region: str | None,
    against: Against,
    scheme: str,
    width: Width,
) -> Mapped:
    """One measure in one period on the map, coloured by ``scheme`` (one of those offered)."""
    indicator = choices.indicators()[indicator_id]
    rows = _rows(indicator_id, age_group, period, code, against)
    first = display.records(rows.head(1), indicator, age_group)[0]
    title = with_age(indicator.title, age_group)
    head = words.headline(
        rows, indicator, age_group, scheme=scheme, authority_name=name, against=against, region=region
    )
    tiles, labels = words.tiles(rows, indicator, scheme, against)
    return Mapped(
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
            footer=view.footer(first["source"], first["release"], first["layer"], words.n_words(rows)),
            filename=file_name(name or "England", "map", scheme, indicator_id, age_group, period),
            alt=words.alt(rows, head, indicator),
            width=width,
        ),
        cautions=tuple(words.cautions(rows, indicator)),
        regions=words.region_table(rows, indicator, against),
        table=words.table(rows, indicator, against),
        download=words.download(rows, indicator, age_group),
        about=display.about(
            indicator,
            age_group,
            first["period_end"],
            first["basis"],
            view.release(first["source"], first["release"]),
            view.today(),
            figures.warehouse().version,
        ),
    )
