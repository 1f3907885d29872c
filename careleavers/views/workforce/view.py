"""What the Workforce page shows, made from one query: the finding, a table, panels over the years, notes, a download."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.template import Width
from careleavers.charts.workforce import measure_panels
from careleavers.model import Against
from careleavers.views import figure_table
from careleavers.views.context import Context
from careleavers.views.workforce import words
from careleavers.wording.comparators import comparator_title
from careleavers.wording.formats import file_name


@dataclass(frozen=True)
class WorkforceView:
    """The parts of the page.

    Attributes
    ----------
    headline
        The finding.
    now
        The newest year as a table in HTML; "" without an authority.
    joint
        How a joint return reads; "" where the authority sends its own.
    small
        A caution where figures rest on few posts; "" otherwise.
    gaps
        Why years are missing, a sentence each.
    chart
        A panel per measure.
    table
        The chart's figures as shown.
    download, about
        The table to download, and the lines that describe it: label and text.
    newest
        The newest figures: indicator and the last day of the period (ISO).
    """

    headline: str
    now: str
    joint: str
    small: str
    gaps: tuple[str, ...]
    chart: ChartResult
    table: pd.DataFrame
    download: pd.DataFrame
    about: dict[str, str]
    newest: tuple[tuple[str, str], ...] = ()


def build_view(
    context: Context, code: str | None, name: str | None, region: str | None, against: Against, width: Width
) -> WorkforceView:
    """The five workforce measures of an authority over the years; of England alone without one.

    Parameters
    ----------
    context
        What the view is made from.
    code, name
        The authority; None where none is chosen.
    region
        The name of its region; None without one.
    against
        What it is compared with.
    width
        The window that charts are laid out for.

    Returns
    -------
    WorkforceView
    """
    rows = context.query("workforce", authority=code or "", against=against)
    newest = words.newest(rows)
    head = words.headline(rows, name, against, region) if name else words.england_headline(rows)
    third = comparator_title(against, region) if name else ""
    now = ""
    if name:
        now = figure_table.workforce_table(
            newest, caption=f"{name}: newest figures", region=region or "Region", authority_name=name
        )
    first = newest[0]
    chart = measure_panels(
        words.panel_rows(rows),
        authority_name=name or "",
        comparator_name=third,
        headline=head,
        subtitle=words.subtitle(rows, name or "", third),
        footer=context.mixed_footer(rows),
        filename=file_name(name or "England", "workforce", str(first["period_end"].year)),
        note="Lower is better on all five; every scale starts at zero",
        width=width,
    )
    return WorkforceView(
        headline=head,
        now=now,
        joint=words.joint_note(rows, name) if name else "",
        small=words.small_note(rows),
        gaps=tuple(words.gap_notes(rows, name)) if name else (),
        chart=chart,
        table=words.table(rows, name or "", region),
        download=words.download_table(rows),
        about=words.about(
            name or "",
            context.release(str(first["source"]), str(first["release"])),
            context.today,
            context.version,
        ),
        newest=tuple((str(row["indicator"]), f"{row['period_end']:%Y-%m-%d}") for row in newest) if name else (),
    )
