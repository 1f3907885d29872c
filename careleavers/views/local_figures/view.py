"""What the Local figures page draws, made from its queries: the newest quarter, and one measure over the quarters."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.quarters import quarters
from careleavers.charts.template import Width
from careleavers.views import figure_table
from careleavers.views.context import Context
from careleavers.views.local_figures import words_newest as words
from careleavers.views.local_figures import words_quarters as over
from careleavers.wording.formats import POLARITY_WORDS, axis_unit, file_name, join_words, period_label, with_age
from careleavers.wording.tables import records


@dataclass(frozen=True)
class NewestView:
    """The newest quarter of one council.

    Attributes
    ----------
    headline, detail
        The finding, and what it leaves out.
    table
        The figures as HTML.
    cautions
        What to bear in mind.
    download, about
        The table to download, and the lines that describe it: label and text.
    rows
        Rows of ``queries/local_latest.sql``, which say what can be chosen.
    """

    headline: str
    detail: str
    table: str
    cautions: tuple[str, ...]
    download: pd.DataFrame
    about: dict[str, str]
    rows: pd.DataFrame


@dataclass(frozen=True)
class QuartersView:
    """One measure over the quarters.

    Attributes
    ----------
    headline, detail
        The finding, and what stands behind the newest figure.
    polarity
        Which end is better, in words.
    title
        The measure.
    chart
        Figures, target and the last official figure.
    cautions
        What to bear in mind, a sentence each.
    table
        The chart's figures as shown.
    download, about
        The table to download, and the lines that describe it: label and text.
    """

    headline: str
    detail: str
    polarity: str
    title: str
    chart: ChartResult
    cautions: tuple[str, ...]
    table: pd.DataFrame
    download: pd.DataFrame
    about: dict[str, str]


def build_newest(context: Context, code: str, name: str, against: str) -> NewestView | None:
    """The newest local figures of an authority.

    Parameters
    ----------
    context
        What the view is made from.
    code, name
        The authority.
    against
        The label of the comparison chosen in the top bar, which the links carry on; "" for the default.

    Returns
    -------
    NewestView or None
        None where it has none.
    """
    rows = context.query("local_latest", authority=code)
    if rows.empty:
        return None
    links = {"authority": name} | ({"against": against} if against else {})
    main = rows[rows["is_main"]]
    return NewestView(
        headline=words.headline(rows, name),
        detail=words.detail(rows),
        table=figure_table.local_table(records(main), caption=words.caption(rows, name), link_choices=links),
        cautions=tuple(words.cautions(main)),
        download=words.download(rows),
        about=words.about(
            {
                "Authority": name,
                "Period": f"Newest of each measure, up to {period_label(rows['newest_period'].iloc[0])}",
            },
            [name],
            [context.release(*pair) for pair in words.releases(rows)],
            [context.release(*pair) for pair in words.releases(rows, "official_")],
            context.today,
            context.version,
        ),
        rows=rows,
    )


def build_quarters(
    context: Context,
    code: str,
    name: str,
    indicator: str,
    age_group: str,
    basis: str,
    others: tuple[str, ...],
    from_zero: bool,
    width: Width,
) -> QuartersView:
    """One measure of an authority over its quarters, compared with other councils.

    Parameters
    ----------
    context
        What the view is made from.
    code, name
        The authority, which must have figures of the measure.
    indicator, age_group, basis
        The measure, and what time its figures cover.
    others
        Codes of up to four other councils.
    from_zero
        Whether the scale begins at zero.
    width
        The window that charts are laid out for.

    Returns
    -------
    QuartersView
    """
    latest = context.query("local_latest", authority=code)
    chosen = (latest["indicator"] == indicator) & (latest["age_group"] == age_group) & (latest["basis"] == basis)
    measure = records(latest[chosen])[0]
    rows = over.with_measure(
        context.query(
            "local_quarters",
            indicator=indicator,
            age_group=age_group,
            basis=basis,
            authority=code,
            others=",".join(others),
        ),
        measure,
    )
    uploads = [context.release(*pair) for pair in words.releases(rows)]
    reference = over.reference(measure)
    official = [context.release(*pair) for pair in words.releases(latest[chosen], "official_")] if reference else []
    title = with_age(str(measure["title"]), age_group)
    head = over.quarters_headline(measure, name)
    shown = list(dict.fromkeys(rows["area_name"]))
    return QuartersView(
        headline=head,
        detail=over.quarters_detail(measure),
        polarity=POLARITY_WORDS[str(measure["polarity"])],
        title=title,
        chart=quarters(
            over.chart_frame(rows),
            measure_title=title,
            unit=axis_unit(str(measure["unit"])),
            decimals=int(measure["decimals"]),
            from_zero=from_zero,
            axis_title=over.AXIS_TITLES[basis],
            headline=head,
            subtitle=over.subtitle(rows, measure, join_words(shown)),
            footer=over.footer(rows, measure, uploads, official, context.today),
            filename=file_name(name, indicator, age_group, "local", basis),
            reference=reference,
            width=width,
        ),
        cautions=tuple(over.quarters_cautions(rows, measure)),
        table=over.quarters_table(rows),
        download=over.quarters_download(rows, measure),
        about=words.about(
            {"Indicator": title, "Period": words.BASES[basis], "Polarity": POLARITY_WORDS[str(measure["polarity"])]},
            shown,
            uploads,
            official,
            context.today,
            context.version,
        ),
    )


def councils(context: Context) -> dict[str, str]:
    """The councils with local figures of any measure: code to name, by name.

    Parameters
    ----------
    context
        What the view is made from.

    Returns
    -------
    dict[str, str]
    """
    return _councils(context)


def other_councils(context: Context, code: str, indicator: str, age_group: str, basis: str) -> dict[str, str]:
    """The other councils with local figures of a measure.

    Parameters
    ----------
    context
        What the view is made from.
    code
        The chosen authority.
    indicator, age_group, basis
        The measure, and what time its figures cover.

    Returns
    -------
    dict[str, str]
        Name by code, by name.
    """
    return {key: name for key, name in _councils(context, indicator, age_group, basis).items() if key != code}


def _councils(context: Context, indicator: str = "", age_group: str = "", basis: str = "") -> dict[str, str]:
    frame = context.query("local_areas", indicator=indicator, age_group=age_group, basis=basis)
    return dict(zip(frame["authority_code"], frame["authority_name"], strict=True))
