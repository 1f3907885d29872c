"""What the Compare page shows, made from one query: the finding, a ranked chart, cautions, a table, a download."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers.charts import ChartResult, ranked
from careleavers.charts.template import Width
from careleavers.model import Against
from careleavers.views.context import Context
from careleavers.wording import sentences, tables
from careleavers.wording.formats import POLARITY_WORDS, axis_unit, file_name, period_text, value_text, with_age


@dataclass(frozen=True)
class CompareView:
    """The parts of the page. ``found`` is false when the chosen authority is not among the rows."""

    headline: str
    detail: str
    subject: str
    found: bool
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
    part = sentences.part_of_england(first, indicator.unit, indicator.decimals)
    chart = ranked(
        tables.with_texts(rows, indicator),
        indicator_title=with_age(indicator.title, age_group),
        unit=axis_unit(indicator.unit),
        decimals=indicator.decimals,
        polarity=indicator.polarity,
        polarity_words=POLARITY_WORDS[indicator.polarity],
        authority_code=code or "",
        neighbour_codes=set(rows.loc[rows["is_neighbour"], "authority_code"]),
        england=first["england"],
        england_text=value_text(first["england"], indicator.unit, indicator.decimals),
        cuts=sentences.cuts(first),
        headline=head,
        subtitle=sentences.subtitle(first, where),
        footer=context.footer(first["source"], first["release"], first["layer"], sentences.n_words(own, rows)),
        filename=file_name(name or "England", indicator_id, age_group, period),
        width=width,
    )
    when = period_text(first["period_end"], first["basis"])
    return CompareView(
        headline=head,
        detail=detail,
        subject=f"{with_age(indicator.title, age_group)}, {when}: {POLARITY_WORDS[indicator.polarity]}."
        + (f" England: {part.removeprefix('of England’s ')} in all." if part else ""),
        found=own is not None,
        chart=chart,
        reading=sentences.reading_ranked(tested=indicator.tested, shaded=bool(first["banded"])),
        cautions=tuple(sentences.cautions(own, rows, indicator)),
        table=tables.comparison_table(rows, indicator, against),
        download=tables.download_table(rows, indicator, age_group),
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
