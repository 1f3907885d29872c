"""What the Together page shows, made from one query: the link, a scatter, the dates, cautions, a table, a download."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.scatter import scatter
from careleavers.charts.template import Width
from careleavers.views.context import Context
from careleavers.views.together import words
from careleavers.wording.formats import file_name, period_label
from careleavers.wording.tables import mixed_footer, records


@dataclass(frozen=True)
class TogetherView:
    """The parts of the page.

    Attributes
    ----------
    headline
        The finding.
    link
        The correlation with its interval, as a sentence.
    own
        The chosen authority's two figures, or why it has no dot; "" where none is chosen.
    dates
        Which dates the two figures are of.
    left_out
        Which returns have no dot; "" where all have one.
    joint
        Whether any return is of two authorities.
    chart
        The scatter.
    table
        The pairs as shown.
    download, about
        The table to download, and the lines that describe it: label and text.
    members
        The authorities behind each dot, by the code that a click gives.
    figures
        The chosen authority's two figures: indicator, age group and last day of the period (ISO); none without a dot of its own.
    """

    headline: str
    link: str
    own: str
    dates: str
    left_out: str
    joint: bool
    chart: ChartResult
    table: pd.DataFrame
    download: pd.DataFrame
    about: dict[str, str]
    members: dict[str, list[str]]
    figures: tuple[tuple[str, str, str], ...]


def enablers(context: Context) -> dict[str, str]:
    """The measures that can stand across: short title by id.

    Parameters
    ----------
    context
        What the view is made from.

    Returns
    -------
    dict[str, str]
    """
    return _of_theme(context, "enabler")


def outcomes(context: Context) -> dict[str, str]:
    """The measures that can stand up: short title by id.

    Parameters
    ----------
    context
        What the view is made from.

    Returns
    -------
    dict[str, str]
    """
    return _of_theme(context, "outcome")


def _of_theme(context: Context, theme: str) -> dict[str, str]:
    return {key: each.short_title for key, each in context.indicators.items() if each.theme == theme}


def periods(context: Context, enabler: str, enabler_age: str, outcome: str, outcome_age: str) -> dict[str, str]:
    """The periods of the outcome that have figures of both.

    Parameters
    ----------
    context
        What the view is made from.
    enabler, enabler_age
        The measure that stands across.
    outcome, outcome_age
        The measure that stands up.

    Returns
    -------
    dict[str, str]
        Label by last day (ISO), newest first; empty where the two share none.
    """
    held = context.query(
        "together_periods", enabler=enabler, enabler_age=enabler_age, outcome=outcome, outcome_age=outcome_age
    )
    return {f"{day:%Y-%m-%d}": period_label(day) for day in held["period_end"]}


def build_view(
    context: Context,
    enabler_id: str,
    enabler_age: str,
    outcome_id: str,
    outcome_age: str,
    period: str,
    code: str | None,
    name: str | None,
    region: str | None,
    show: str,
    width: Width,
) -> TogetherView:
    """An enabler against an outcome in one period of the outcome, a dot for each return.

    Parameters
    ----------
    context
        What the view is made from.
    enabler_id, enabler_age
        The measure that stands across.
    outcome_id, outcome_age
        The measure that stands up.
    period
        A period of the outcome: a key of :func:`periods`.
    code, name
        The authority; None where none is chosen.
    region
        The name of its region; None without one.
    show
        Who is picked out besides it: ``neighbours``, ``region`` or ``both``.
    width
        The window that charts are laid out for.

    Returns
    -------
    TogetherView
    """
    catalogue = context.indicators
    enabler, outcome = catalogue[enabler_id], catalogue[outcome_id]
    rows = context.query(
        "together",
        enabler=enabler_id,
        enabler_age=enabler_age,
        outcome=outcome_id,
        outcome_age=outcome_age,
        period=period,
        authority=code or "",
    )
    first = records(rows.head(1))[0]
    joint = bool(rows["joint"].any())
    own = next(iter(records(rows[rows["is_chosen"]])), None)
    both = words.titles(enabler, enabler_age, outcome, outcome_age)
    head = words.headline(first, both)
    pairs = {
        (str(first["enabler_source"]), str(first["enabler_release"])),
        (str(first["source"]), str(first["release"])),
    }
    sources = [context.release(*pair) for pair in sorted(pairs)]
    footer = replace(mixed_footer(sources, "published", context.today), n=words.footer_n(first, joint))
    chart = scatter(
        words.dots(rows, enabler, outcome, show),
        across=words.axis(enabler, enabler_age, first["england_x"], first["enabler_period"], first["enabler_basis"]),
        up=words.axis(outcome, outcome_age, first["england_y"], first["period_end"], first["basis"]),
        role_names=words.role_names(name, region or "its region", show) if name else {},
        headline=head,
        subtitle=words.subtitle(first, enabler, enabler_age, outcome, outcome_age),
        footer=footer,
        filename=file_name(name or "England", enabler_id, outcome_id, outcome_age, period),
        width=width,
    )
    return TogetherView(
        headline=head,
        link=words.link_sentence(first, joint),
        own=words.own_sentence(own, enabler, outcome, name) if name else "",
        dates=words.dates(first),
        left_out=words.left_out(rows, enabler, outcome),
        joint=joint,
        chart=chart,
        table=words.table(rows, enabler, enabler_age, outcome, outcome_age),
        download=words.download_table(rows, enabler, enabler_age, outcome, outcome_age),
        about=words.about(first, both, joint, sources, context.today, context.version),
        members=dict(zip(rows["return_code"], rows["member_names"], strict=True)),
        figures=()
        if own is None
        else (
            (outcome_id, outcome_age, f"{own['period_end']:%Y-%m-%d}"),
            (enabler_id, enabler_age, f"{own['enabler_period']:%Y-%m-%d}"),
        ),
    )
