"""What the Workforce page shows, made from one query: the finding, a table, panels over the years, notes, a download."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers import words_workforce as words
from careleavers.charts import ChartResult
from careleavers.charts.template import Width
from careleavers.charts.workforce import measure_panels
from careleavers.findings import comparator_title
from careleavers.formats import file_name
from careleavers.ui import figures, tables, view
from careleavers.ui.state import Against


@dataclass(frozen=True)
class Workforce:
    """The parts of the page. ``now`` is the table of the newest year as HTML, empty without an authority."""

    headline: str
    now: str
    joint: str
    small: str
    gaps: tuple[str, ...]
    chart: ChartResult
    table: pd.DataFrame
    download: pd.DataFrame
    about: dict[str, str]


def parts(code: str | None, name: str | None, region: str | None, against: Against, width: Width) -> Workforce:
    """The five workforce measures of an authority over the years; of England alone without one."""
    rows = figures.ask("workforce", authority=code or "", against=against)
    newest = words.newest(rows)
    head = words.headline(rows, name, against, region) if name else words.england_headline(rows)
    third = comparator_title(against, region) if name else ""
    now = ""
    if name:
        now = tables.workforce_table(
            newest, caption=f"{name}: newest figures", region=region or "Region", authority_name=name
        )
    first = newest[0]
    chart = measure_panels(
        words.panel_rows(rows),
        authority_name=name or "",
        comparator_name=third,
        headline=head,
        subtitle=words.subtitle(rows, name or "", third),
        footer=view.mixed_footer(rows),
        filename=file_name(name or "England", "workforce", str(first["period_end"].year)),
        note="Lower is better on all five; every scale starts at nought",
        width=width,
    )
    return Workforce(
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
            view.release(str(first["source"]), str(first["release"])),
            view.today(),
            figures.warehouse().version,
        ),
    )
