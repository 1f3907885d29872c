"""What the Together page shows, made from one query: the link, a scatter, the dates, cautions, a table, a download."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from careleavers import words_together as words
from careleavers.charts import ChartResult
from careleavers.charts.scatter import scatter
from careleavers.charts.template import Width
from careleavers.display import mixed_footer, records
from careleavers.formats import file_name
from careleavers.model import Indicator
from careleavers.ui import choices, figures, view


@dataclass(frozen=True)
class Pairing:
    """The parts of the page. ``members`` are the authorities behind each dot, by the code that a click gives."""

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


def is_enabler(indicator: Indicator) -> bool:
    """Whether a measure can stand across."""
    return indicator.theme == "enabler"


def is_outcome(indicator: Indicator) -> bool:
    """Whether a measure can stand up."""
    return indicator.theme == "outcome"


def parts(
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
) -> Pairing:
    """An enabler beside an outcome in one period of the outcome, over all returns; ``show`` says who is picked out."""
    catalogue = choices.indicators()
    enabler, outcome = catalogue[enabler_id], catalogue[outcome_id]
    rows = figures.ask(
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
    sources = [view.release(*pair) for pair in sorted(pairs)]
    footer = replace(mixed_footer(sources, "published", view.today()), n=words.footer_n(first, joint))
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
    return Pairing(
        headline=head,
        link=words.link_sentence(first, joint),
        own=words.own_sentence(own, enabler, outcome, name) if name else "",
        dates=words.dates(first),
        left_out=words.left_out(rows, enabler, outcome),
        joint=joint,
        chart=chart,
        table=words.table(rows, enabler, enabler_age, outcome, outcome_age),
        download=words.download_table(rows, enabler, enabler_age, outcome, outcome_age),
        about=words.about(first, both, joint, sources, view.today(), figures.warehouse().version),
        members=dict(zip(rows["return_code"], rows["member_names"], strict=True)),
    )
