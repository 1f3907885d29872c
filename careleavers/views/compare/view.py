"""What the Compare page shows, made from one query: the finding, a ranked chart, cautions, a table, a download."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers.charts import ChartResult, ranked
from careleavers.charts.ranked import Comparator
from careleavers.charts.ranked_rows import MOST_WHOLE
from careleavers.charts.template import MID_GREY, TURQUOISE, Width
from careleavers.model import Against
from careleavers.views.compare import words
from careleavers.views.context import Context
from careleavers.wording import sentences, tables
from careleavers.wording.formats import (
    POLARITY_WORDS,
    Row,
    axis_unit,
    file_name,
    missing,
    period_text,
    value_text,
    with_age,
)


@dataclass(frozen=True)
class CompareView:
    """The parts of the page.

    Attributes
    ----------
    headline, detail
        The finding, and what stands behind it.
    subject
        Measure, ages, period, and which end is better.
    found
        Whether the chosen authority is among the rows.
    many
        Whether only some authorities are drawn unless all are asked for.
    chart
        The ranked bars.
    reading
        How to read them.
    cautions
        What to bear in mind, a sentence or two each.
    table
        Every authority as shown.
    download, about
        The table to download, and the lines that describe it: label and text.
    names
        The name of each authority by its code.
    """

    headline: str
    detail: str
    subject: str
    found: bool
    many: bool
    chart: ChartResult
    reading: str
    cautions: tuple[str, ...]
    table: pd.DataFrame
    download: pd.DataFrame
    about: dict[str, str]
    names: dict[str, str]


def build_view(
    context: Context,
    indicator_id: str,
    age_group: str,
    period: str,
    code: str | None,
    name: str | None,
    region: str | None,
    scope: str,
    against: Against,
    everyone: bool,
    width: Width,
) -> CompareView | None:
    """One measure in one period for the authorities in ``scope``.

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
    scope
        Who is shown: ``all``, ``region`` or ``neighbours``.
    against
        What it is compared with.
    everyone
        Whether the chart shows all of them however many they are.
    width
        The window that charts are laid out for.

    Returns
    -------
    CompareView or None
        None when the release has none of them.
    """
    indicator = context.indicators[indicator_id]
    rows = context.query(
        "compare",
        indicator=indicator_id,
        age_group=age_group,
        period=period,
        authority=code or "",
        scope=scope,
        against=against,
    )
    if rows.empty:
        return None
    own = next(iter(tables.records(rows[rows["is_chosen"]], indicator, age_group)), None)
    first = tables.records(rows.head(1), indicator, age_group)[0]
    where = {
        "all": "all authorities in England",
        "region": f"authorities in {region}",
        "neighbours": f"{name} and its statistical neighbours",
    }[scope]
    if own is not None:
        head, detail = sentences.headline(own, str(name), against, region), sentences.detail(own)
    else:
        head, detail = sentences.range_headline(rows, indicator, age_group), ""
    whole = sentences.england_whole(first, indicator.unit, indicator.decimals)
    chart = ranked(
        words.with_texts(rows, indicator),
        indicator_title=with_age(indicator.title, age_group),
        unit=axis_unit(indicator.unit),
        polarity=indicator.polarity,
        polarity_words=POLARITY_WORDS[indicator.polarity],
        authority_code=code or "",
        neighbour_codes=set(rows.loc[rows["is_neighbour"], "authority_code"]),
        comparators=_comparators(own, first, region),
        headline=head,
        subtitle=sentences.subtitle(first, where),
        footer=context.footer(first["source"], first["release"], first["layer"], words.n_words(own, rows)),
        filename=file_name(name or "England", indicator_id, age_group, period),
        everyone=everyone,
        width=width,
    )
    when = period_text(first["period_end"], first["basis"])
    return CompareView(
        headline=head,
        detail=detail,
        subject=f"{with_age(indicator.title, age_group)}, {when}: {POLARITY_WORDS[indicator.polarity]}."
        + (f" England: {whole} in all." if whole else ""),
        found=own is not None,
        many=int(rows["value"].notna().sum()) > MOST_WHOLE,
        chart=chart,
        reading=words.reading(tested=indicator.tested),
        cautions=tuple(words.cautions(own, rows, indicator)),
        table=words.comparison_table(rows, indicator, against),
        download=words.download_table(rows, indicator, age_group),
        about=tables.about(
            indicator,
            age_group,
            first["period_end"],
            first["basis"],
            context.release(first["source"], first["release"]),
            context.today,
            context.version,
        ),
        names=dict(zip(rows["authority_code"], rows["authority_name"], strict=True)),
    )


def _comparators(own: Row | None, first: Row, region: str | None) -> list[Comparator]:
    """The lines of the chart: what the title compares with, and England."""
    found = []

    def add(name: str, column: str, row: Row, **look: str) -> None:
        if not missing(row[column]):
            text = value_text(row[column], row["unit"], int(row["decimals"]))
            found.append(Comparator(name, float(row[column]), text, **look))

    if own is not None and own["compared_with"] == "neighbours":
        add("Mean of its neighbours", "neighbours_mean", own, colour=TURQUOISE, dash="solid")
    if own is not None and own["compared_with"] == "region":
        add(region or "Its region", "region_value", own, colour=MID_GREY, dash="solid")
    add("England", "england", first)
    return found
