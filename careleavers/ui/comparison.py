"""What the Compare page shows, made from one query: the finding, a ranked chart, cautions, a table, a download."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers import display, sentences
from careleavers.charts import ChartResult, ranked
from careleavers.charts.template import Width
from careleavers.formats import POLARITY_WORDS, axis_unit, file_name, period_text, value_text, with_age
from careleavers.model import Against
from careleavers.ui import choices, figures, view


@dataclass(frozen=True)
class Comparison:
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


def parts(
    indicator_id: str,
    age_group: str,
    period: str,
    code: str | None,
    name: str | None,
    region: str | None,
    scope: str,
    against: Against,
    width: Width,
) -> Comparison | None:
    """One measure in one period for the authorities in ``scope``; None when there is none of them in the release."""
    indicator = choices.indicators()[indicator_id]
    rows = figures.ask(
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
    own = next(iter(display.records(rows[rows["is_chosen"]], indicator, age_group)), None)
    first = display.records(rows.head(1), indicator, age_group)[0]
    where = {
        "all": "all authorities in England",
        "region": f"authorities in {region}",
        "neighbours": f"{name} and its statistical neighbours",
    }[scope]
    if own is not None:
        head, detail = sentences.headline(own, str(name), against, region), sentences.detail(own)
    else:
        head, detail = sentences.range_headline(rows, indicator, age_group), ""
    counted, england = indicator.unit == "count", value_text(first["england"], indicator.unit, indicator.decimals)
    chart = ranked(
        display.with_texts(rows, indicator),
        indicator_title=with_age(indicator.title, age_group),
        unit=axis_unit(indicator.unit),
        decimals=indicator.decimals,
        polarity=indicator.polarity,
        polarity_words=POLARITY_WORDS[indicator.polarity],
        authority_code=code or "",
        neighbour_codes=set(rows.loc[rows["is_neighbour"], "authority_code"]),
        # Against the number of England the bars of authorities would be slivers: it is said above the chart instead.
        england=None if counted else first["england"],
        england_text=england,
        cuts=sentences.cuts(first),
        headline=head,
        subtitle=sentences.subtitle(first, where),
        footer=view.footer(first["source"], first["release"], first["layer"], sentences.n_words(own, rows)),
        filename=file_name(name or "England", indicator_id, age_group, period),
        width=width,
    )
    when = period_text(first["period_end"], first["basis"])
    return Comparison(
        headline=head,
        detail=detail,
        subject=f"{with_age(indicator.title, age_group)}, {when}: {POLARITY_WORDS[indicator.polarity]}."
        + (f" England: {england} in all." if counted else ""),
        found=own is not None,
        chart=chart,
        reading=sentences.reading_ranked(tested=indicator.tested, shaded=bool(first["banded"])),
        cautions=tuple(sentences.cautions(own, rows, indicator)),
        table=display.comparison_table(rows, indicator, against),
        download=display.download_table(rows, indicator, age_group),
        about=display.about(
            indicator,
            age_group,
            first["period_end"],
            first["basis"],
            view.release(first["source"], first["release"]),
            view.today(),
            figures.warehouse().version,
        ),
        names=dict(zip(rows["authority_code"], rows["authority_name"], strict=True)),
    )
