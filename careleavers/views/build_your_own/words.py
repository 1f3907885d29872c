"""Words, tables and links of figures that readers choose themselves, from the rows of ``queries/build_*.sql``.

Each figure stays what was published for one area and period: nothing here adds, averages or ranks.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from careleavers.figures.catalogue import in_groups
from careleavers.model import LICENCE_NAME, Indicator
from careleavers.wording.changes import (
    BASE_HIDDEN,
    clear_spans,
    explain_once,
    longer_changes,
    longer_changes_short,
    not_known,
    share_not_known,
    trend,
    trend_code,
    while_not_known,
)
from careleavers.wording.findings import over_five_years
from careleavers.wording.formats import (
    Row,
    age_text,
    column_unit,
    count_text,
    join_words,
    missing,
    period_label,
    period_text,
    published_text,
    rounded,
    sentence_case,
    taken_text,
    value_text,
    with_age,
)
from careleavers.wording.status import STATUSES, reason, status
from careleavers.wording.tables import records

MOST_MEASURES = 6
MOST_AREAS = 40
MOST_YEARS = 9
_CHANGES = "Over two and five years"
_DID_NOT_EXIST = "did not exist then"
_NO_AREA_MARK = "[did not exist]"


@dataclass(frozen=True)
class Example:
    """A ready-made choice.

    Attributes
    ----------
    label
        What it shows.
    measures, areas, years
        Its parts, as a link carries them; years "" for the newest.
    """

    label: str
    measures: str
    areas: str
    years: str = ""

    def choices(self) -> dict[str, str]:
        """The parameters of the link, without the empty ones."""
        parts = {"measures": self.measures, "areas": self.areas, "years": self.years}
        return {key: value for key, value in parts.items() if value}


EXAMPLES = (
    Example(
        "Core cities and England: in work or training, and in a suitable home, newest year",
        "eet.19-21,suitable_accommodation.19-21",
        "core-cities,england",
    ),
    Example(
        "West Yorkshire: cases per social worker and agency workers, five years",
        "caseload,agency_rate",
        "west-yorkshire,england",
        "2025,2024,2023,2022,2021",
    ),
    Example(
        "The regions: in touch, staying put and in work or training, newest year",
        "in_touch.19-21,staying_put.19-20,eet.19-21",
        "regions,england",
    ),
)


def choice_link(label: str, kept: Mapping[str, str], choices: Mapping[str, str] | None = None) -> str:
    """An HTML link to the page.

    Parameters
    ----------
    label
        The words of the link; they are escaped here.
    kept
        The shared choices, as the address has them; empty ones are left out.
    choices
        Parameters of the address besides those kept.

    Returns
    -------
    str
    """
    query = urlencode({key: value for key, value in {**kept, **(choices or {})}.items() if value})
    return (
        f'<a href="build_your_own?{html.escape(query)}" target="_self" style="color: inherit">{html.escape(label)}</a>'
    )


def example_links(kept: Mapping[str, str]) -> str:
    """The examples as an HTML list of links.

    Parameters
    ----------
    kept
        The shared choices, as the address has them; empty ones are left out.

    Returns
    -------
    str
    """
    items = (choice_link(example.label, kept, example.choices()) for example in EXAMPLES)
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def measure_options(indicators: Mapping[str, Indicator]) -> dict[str, str]:
    """Every measure and age group by its code (``eet.19-21``, ``caseload``), in the order of the catalogue.

    Parameters
    ----------
    indicators
        The measures by id, in the order of the catalogue.

    Returns
    -------
    dict[str, str]
        Label by code.
    """
    return {
        measure_code(indicator.id, age): with_age(indicator.short_title, age)
        for indicator in indicators.values()
        for age in indicator.age_groups
    }


def measure_groups(indicators: Mapping[str, Indicator]) -> dict[str, list[str]]:
    """The codes of :func:`measure_options` under the headings of their themes and sub-themes.

    Parameters
    ----------
    indicators
        The measures by id, in the order of the catalogue.

    Returns
    -------
    dict[str, list[str]]
        Codes by heading, in the order of the catalogue.
    """
    return {
        heading: [measure_code(indicator.id, age) for indicator in found for age in indicator.age_groups]
        for heading, found in in_groups(indicators).items()
    }


def measure_code(indicator: str, age_group: str) -> str:
    """The code that links carry: the age group is left out where there is only one.

    Parameters
    ----------
    indicator, age_group
        The measure.

    Returns
    -------
    str
    """
    return indicator if age_group == "all" else f"{indicator}.{age_group}"


def query_measures(codes: Iterable[str]) -> list[str]:
    """Codes of links as ``queries/build_your_own_figures.sql`` takes them: always with an age group.

    Parameters
    ----------
    codes
        Such as ``eet.19-21`` or ``caseload``.

    Returns
    -------
    list[str]
        ``indicator.age_group`` each, in the order given.
    """
    return [code if "." in code else f"{code}.all" for code in codes]


def area_options(areas: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """What can be chosen as an area.

    Parameters
    ----------
    areas
        Rows of ``queries/build_your_own_areas.sql``.

    Returns
    -------
    tuple[dict[str, str], dict[str, str]]
        Labels by token, and the tokens by other words that links may use.
    """
    options = dict(zip(areas["token"], areas["label"], strict=True))
    aliases = {alias: token for alias, token in zip(areas["alias"], areas["token"], strict=True) if alias}
    return options, aliases


def chosen_areas(areas: pd.DataFrame, tokens: Sequence[str]) -> tuple[list[str], int]:
    """The areas that tokens stand for.

    Parameters
    ----------
    areas
        Rows of ``queries/build_your_own_areas.sql``.
    tokens
        Codes of areas and of groups of areas, as links carry them.

    Returns
    -------
    tuple[list[str], int]
        The codes, each once and at most :data:`MOST_AREAS`, and how many were left out.
    """
    members = dict(zip(areas["token"], areas["members"], strict=True))
    codes = list(dict.fromkeys(code for token in tokens for code in members[token]))
    return codes[:MOST_AREAS], max(len(codes) - MOST_AREAS, 0)


def group_sources(areas: pd.DataFrame, tokens: Sequence[str]) -> list[str]:
    """Who says which areas a chosen group holds, a line per group.

    Parameters
    ----------
    areas
        Rows of ``queries/build_your_own_areas.sql``.
    tokens
        Codes of areas and of groups of areas, as links carry them.

    Returns
    -------
    list[str]
    """
    rows = areas[areas["token"].isin(list(tokens)) & (areas["source"] != "")]
    return [
        f"{name} ({len(members)}): {source}."
        for name, members, source in zip(rows["name"], rows["members"], rows["source"], strict=True)
    ]


def with_texts(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the texts that charts and tables show.

    Parameters
    ----------
    rows
        Rows of ``queries/build_your_own_figures.sql``.

    Returns
    -------
    pandas.DataFrame
        The columns given, and ``value_text, count_text, status_text, period_text``.
    """
    return rows.assign(
        value_text=[_value(row) for row in records(rows)],
        count_text=[
            count_text(n, d, u) for n, d, u in zip(rows["numerator"], rows["denominator"], rows["unit"], strict=True)
        ],
        status_text=[
            status(code).short if existed else _DID_NOT_EXIST
            for code, existed in zip(rows["status"], rows["existed"], strict=True)
        ],
        period_text=[period_text(day, basis) for day, basis in zip(rows["period_end"], rows["basis"], strict=True)],
    )


def by_measure(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each measure by themselves, in the order of the choice.

    Parameters
    ----------
    rows
        Rows of ``queries/build_your_own_figures.sql``, with the texts of :func:`with_texts`.

    Returns
    -------
    list[pandas.DataFrame]
        A frame per measure.
    """
    return [group for _, group in rows.groupby("measure_place", sort=True)]


def best_first(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the best figure first; the highest first where neither end is better.

    Parameters
    ----------
    rows
        Rows of one measure and period.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns.
    """
    return rows.sort_values("value", ascending=rows["polarity"].iloc[0] == "low", na_position="last", kind="stable")


def many_periods(rows: pd.DataFrame) -> bool:
    """Whether they are of more than one period.

    Parameters
    ----------
    rows
        Rows of one measure.

    Returns
    -------
    bool
    """
    return bool(rows["period_end"].nunique() > 1)


def _value(row: Row) -> str:
    if not row["existed"] and missing(row["value"]):
        return _NO_AREA_MARK
    return value_text(row["value"], row["unit"], int(row["decimals"]), row["status"])


def _phrase(row: Row, *, aside: bool = True) -> str:
    said = str(row["phrase"]).replace(
        "{value}", value_text(row["value"], row["unit"], int(row["decimals"]), row["status"])
    )
    more = BASE_HIDDEN if row["base_hidden"] else not_known(row)
    return f"{said} ({more})" if more and aside else said


def title(row: Row) -> str:
    """Short title and ages of a measure.

    Parameters
    ----------
    row
        A row of ``queries/build_your_own_figures.sql``.

    Returns
    -------
    str
    """
    return with_age(str(row["short_title"]), row["age_group"])


def headline(rows: pd.DataFrame) -> str:
    """The finding of one measure's chart. Says figures, and no change but those that a test finds clear.

    Parameters
    ----------
    rows
        Rows of one measure, with the texts of :func:`with_texts`.

    Returns
    -------
    str
    """
    held = [row for row in records(rows) if not missing(row["value"])]
    shown = [row for row in held if not row["apart"]]
    if not shown:
        return f"{title(records(rows)[0])}: no figure can be shown for this choice"
    if many_periods(rows):
        return _headline_years(shown)
    own = [row for row in shown if row["is_chosen"]]
    national = [row for row in shown if row["level"] == "england" and not row["is_chosen"]]
    others = [row for row in shown if row["level"] != "england" and not row["is_chosen"]]
    parts = [f"{row['area_name']}: {_phrase(row)}" for row in own]
    if len(others) > 1:
        parts.append(f"the others {_span(others)}" if own else f"{title(others[0])}: {_span(others)}")
    for row in [*(others if len(others) == 1 else []), *national]:
        parts.append(f"{row['area_name']} {row['value_text']}" if parts else f"{row['area_name']}: {_phrase(row)}")
    # England's total is not another figure to compare with.
    parts += [
        f"{row['area_name']} {row['value_text']} in all" for row in held if row["apart"] and row["level"] == "england"
    ]
    return "; ".join(parts)


def _span(rows: Sequence[Row]) -> str:
    low, high = (found(rows, key=lambda row: float(row["value"])) for found in (min, max))
    return f"from {low['value_text']} ({low['area_name']}) to {high['value_text']} ({high['area_name']})"


def _headline_years(shown: Sequence[Row]) -> str:
    own = [row for row in shown if row["is_chosen"]]
    if not own and len({row["area_code"] for row in shown}) == 1:
        own = list(shown)
    if own:
        start, end = own[0], own[-1]
        text = f"{end['area_name']}: {_phrase(end, aside=False)} in {end['year']}"
        if start["year"] != end["year"]:
            text += f", {start['value_text']} in {start['year']}"
        text += "".join(f"; {move}" for move in _moves(end))
        # Where they may explain a change, how many are not known is part of it.
        named = any(while_not_known(end, span) for span in clear_spans(end) if span)
        return f"{text}; {not_known(end)} in {end['year']}" if not_known(end) and not named else text
    year = max(int(row["year"]) for row in shown)
    latest = [row for row in shown if row["year"] == year]
    within = [row for row in latest if row["level"] != "england"]
    if len(within) > 1:
        return f"{title(shown[0])}: in {year} {_span(within)}"
    return (
        f"{title(shown[0])}: " + join_words(f"{row['area_name']} {row['value_text']}" for row in latest) + f" in {year}"
    )


def _moves(row: Row) -> list[str]:
    """What has clearly moved over two and five years, with its size, and along the trend; that nothing has, if so."""
    along = trend(row)
    # A clear change over five years and the trend over them are one finding.
    moves = [longer_changes(row)] if "_5" in clear_spans(row) else [longer_changes(row), along]
    found = explain_once([move for move in moves if move.explained])
    code = trend_code(row)
    return found or ([over_five_years(code)] if code and not longer_changes(row).explained else [])


def subtitle(rows: pd.DataFrame) -> str:
    """Measure, ages, period or years, and whose figures.

    Parameters
    ----------
    rows
        Rows of one measure, with the texts of :func:`with_texts`.

    Returns
    -------
    str
    """
    ordered = sorted(records(rows), key=lambda row: row["period_end"])
    first, last = ordered[0], ordered[-1]
    when = period_text(first["period_end"], first["basis"])
    if first["period_end"] != last["period_end"]:
        when = f"{period_label(first['period_end'])} to {period_label(last['period_end'])}"
    names = list(dict.fromkeys(str(row["area_name"]) for row in records(rows)))
    where = join_words(names) if len(names) <= 3 else f"{len(names)} areas, chosen by the reader"
    return ". ".join(sentence_case(part) for part in (with_age(str(first["title"]), first["age_group"]), when, where))


def hidden_text(rows: pd.DataFrame) -> str:
    """What is said in a chart of the figures that it cannot draw; empty when there are none.

    Parameters
    ----------
    rows
        Rows of one measure, with the texts of :func:`with_texts`.

    Returns
    -------
    str
    """
    gone = rows[rows["value"].isna()]
    if gone.empty:
        return ""
    reasons = list(dict.fromkeys(gone["status_text"]))
    noun = "figure" if len(rows) == 1 else "figures"
    return f"{len(gone)} of {len(rows)} {noun} not drawn ({join_words(reasons)}): the chart has gaps, and the table marks each"


def n_words(rows: pd.DataFrame) -> str:
    """What n is in the footer of a chart.

    Parameters
    ----------
    rows
        Rows of one measure, with the texts of :func:`with_texts`.

    Returns
    -------
    str
    """
    areas = rows.loc[rows["value"].notna(), "area_code"].nunique()
    return f"{areas} {'area' if areas == 1 else 'areas'}; the table gives each base"


def column(row: Row) -> str:
    """The heading of a column of the wide table, its period first: headings are cut off at their end.

    Parameters
    ----------
    row
        A row of ``queries/build_your_own_figures.sql``.

    Returns
    -------
    str
        Period, measure with its ages, and unit.
    """
    return f"{period_label(row['period_end'])}: {title(row)}{column_unit(str(row['unit']))}"


def wide_table(rows: pd.DataFrame, *, numbers: bool = False) -> pd.DataFrame:
    """One row per area, one column per measure and period, as shown; marks stand where there is no figure.

    Parameters
    ----------
    rows
        Rows of ``queries/build_your_own_figures.sql``, with the texts of :func:`with_texts`.
    numbers
        Whether figures are numbers, rounded as shown, for a spreadsheet. Marks stay text.

    Returns
    -------
    pandas.DataFrame
        Columns: Area, then those that :func:`column` names.
    """
    table: dict[str, dict[str, Any]] = {}
    # Columns in the order of the choice, whichever area has which.
    order = rows.drop_duplicates(["measure_place", "period_end"]).sort_values(["measure_place", "period_end"])
    columns = [column(row) for row in records(order)]
    for row in records(rows.sort_values(["area_place", "measure_place", "period_end"])):
        cell: Any = _value(row)
        if numbers and not missing(row["value"]) and "under" not in cell:
            cell = float(rounded(float(row["value"]), int(row["decimals"])).replace(",", "").replace("−", "-"))
        table.setdefault(str(row["area_name"]), {})[column(row)] = cell
    return pd.DataFrame(
        [{"Area": area, **{name: cells.get(name, "") for name in columns}} for area, cells in table.items()]
    )


def long_table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per figure, as shown on the page; without the changes where none is clear.

    Parameters
    ----------
    rows
        Rows of ``queries/build_your_own_figures.sql``, with the texts of :func:`with_texts`.

    Returns
    -------
    pandas.DataFrame
        Columns: Area, Measure, Period, Figure, Count and base, changes over longer spans (only where one is clear),
        Note.
    """
    table = pd.DataFrame(
        {
            "Area": rows["area_name"],
            "Measure": [title(row) for row in records(rows)],
            "Period": [
                sentence_case(period_text(d, b)) for d, b in zip(rows["period_end"], rows["basis"], strict=True)
            ],
            "Figure": rows["value_text"],
            "Count and base": rows["count_text"],
            _CHANGES: [longer_changes_short(row) for row in records(rows)],
            "Note": [_note(row) for row in records(rows)],
        }
    )
    return table if table[_CHANGES].any() else table.drop(columns=_CHANGES)


def _note(row: Row) -> str:
    if not row["existed"] and missing(row["value"]):
        return "The authority did not exist then."
    notes = [reason(row)] if reason(row) else []
    if row["base_hidden"]:
        notes.append("Base not published: not ranked.")
    elif row["low_is_no_merit"] and not missing(row["value"]):
        notes.append(f"Not ranked: {share_not_known(row)}.")
    elif row["not_known_first"] and not missing(row["value"]):
        notes.append(f"{sentence_case(share_not_known(row))}.")
    if row["small_cohort"] and not missing(row["value"]):
        notes.append("Small group.")
    if row["joint"]:
        notes.append("Joint return of two authorities.")
    if row["restated"]:
        notes.append("Restated since first published.")
    return " ".join(notes)


def mark_key(rows: pd.DataFrame) -> list[str]:
    """What each mark that stands in the table means, a line each.

    Parameters
    ----------
    rows
        Rows of ``queries/build_your_own_figures.sql``, with the texts of :func:`with_texts`.

    Returns
    -------
    list[str]
    """
    codes = set(rows.loc[rows["value"].isna() & rows["existed"], "status"])
    lines = [f"**{found.mark}** {found.reason}" for code, found in STATUSES.items() if code in codes and found.mark]
    if (rows["value"].isna() & ~rows["existed"]).any():
        lines.append(f"**{_NO_AREA_MARK}** The authority did not exist in that year.")
    return lines


def not_published(
    rows: pd.DataFrame, measures: Sequence[str], years: Sequence[int], titles: Mapping[str, str]
) -> list[str]:
    """Which chosen measures have no figures for which chosen years, a line each.

    Parameters
    ----------
    rows
        Rows of ``queries/build_your_own_figures.sql``, with the texts of :func:`with_texts`.
    measures, years
        What is chosen: codes of measures, and years.
    titles
        Labels of measures by code, as :func:`measure_options` gives them.

    Returns
    -------
    list[str]
    """
    held = {(str(m), int(y)) for m, y in zip(rows["measure"], rows["year"], strict=True)}
    lines = []
    for code, measure in zip(measures, query_measures(measures), strict=True):
        gone = [str(year) for year in sorted(years) if (measure, year) not in held]
        if gone:
            lines.append(f"{titles[code]}: nothing is published for {join_words(gone)}.")
    return lines


def cautions(rows: pd.DataFrame) -> list[str]:
    """What to bear in mind about the table, a sentence each.

    Parameters
    ----------
    rows
        Rows of ``queries/build_your_own_figures.sql``, with the texts of :func:`with_texts`.

    Returns
    -------
    list[str]
    """
    notes = ["Each figure is the one published for that area and period. Nothing is added up or averaged over areas."]
    if rows["basis"].nunique() > 1:
        notes.append(
            "Periods differ: outcomes are of years to 31 March, the workforce is counted on 30 September or over the year to "
            "then. A year here is the one in which the period ends."
        )
    elif rows["period_end"].nunique() > rows["year"].nunique():
        notes.append("Periods differ: a year here is the one in which the period ends.")
    totals = dict.fromkeys(title(row) for row in records(rows) if row["apart"])
    if totals:
        notes.append(
            f"A total is larger in larger places, so the totals of regions and England are in the table and not in the chart: {join_words(totals)}."
        )
    small = int((rows["small_cohort"] & rows["value"].notna()).sum())
    if small:
        notes.append(f"{small} of the figures rest on a small group; one person more or less changes them a lot.")
    if bool(rows["joint"].any()):
        notes.append("Authorities that send one workforce return together show the same figure.")
    ages = {str(age) for age in rows["age_group"]}
    if ages & {"22", "23", "24", "25"} and ages - {"22", "23", "24", "25", "all"}:
        notes.append(
            "Ages 22 to 25 are only those who asked for support: they are different young people from those aged 17 to 21, "
            "and are not to be compared with them."
        )
    return notes


def download_table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per figure, as it is exported.

    Parameters
    ----------
    rows
        Rows of ``queries/build_your_own_figures.sql``, with the texts of :func:`with_texts`.

    Returns
    -------
    pandas.DataFrame
        Ids, exact ``value`` and ``published_value`` in ``unit``, ``numerator`` and ``denominator``, the ends of the
        95% interval (``lower``, ``upper``), rank, changes, status and note, and source, release and caveats.
    """
    return pd.DataFrame(
        {
            "measure": [title(row) for row in records(rows)],
            "indicator": rows["indicator"],
            "age_group": rows["age_group"],
            "ages": [age_text(age) for age in rows["age_group"]],
            "area_code": rows["area_code"],
            "area_name": rows["area_name"],
            "level": rows["level"],
            "period_end": rows["period_end"],
            "basis": rows["basis"],
            "shown": rows["value_text"],
            "value": rows["value"],
            "published_value": rows["published_value"],
            "unit": rows["unit"],
            "numerator": rows["numerator"],
            "denominator": rows["denominator"],
            "lower": rows["lower"],
            "upper": rows["upper"],
            "rank": rows["rank"],
            "of": rows["of"].where(rows["rank"].notna()),
            "change_2": rows["change_2"],
            "change_2_verdict": rows["change_2_verdict"],
            "change_5": rows["change_5"],
            "change_5_verdict": rows["change_5_verdict"],
            "base_hidden": rows["base_hidden"],
            "not_known_share": rows["not_known_share"],
            "low_is_no_merit": rows["low_is_no_merit"],
            "status": rows["status"],
            "note": [_note(row) for row in records(rows)],
            "layer": rows["layer"],
            "source": [f"{p}, {s}" for p, s in zip(rows["publisher"], rows["source_title"], strict=True)],
            "release": rows["release"],
            "published": rows["published"],
            "caveats": rows["caveats"],
        }
    )


def own_figures(rows: pd.DataFrame) -> tuple[tuple[str, str, str], ...]:
    """The figures of the chosen authority, on which it may have said something.

    Parameters
    ----------
    rows
        Rows of ``queries/build_your_own_figures.sql``.

    Returns
    -------
    tuple[tuple[str, str, str], ...]
        Indicator, age group and last day of the period (ISO), of each measure the newest first.
    """
    own = rows[rows["is_chosen"] & rows["existed"]].sort_values("period_end", ascending=False, kind="stable")
    found = own.sort_values("measure_place", kind="stable")[["indicator", "age_group", "period_end"]]
    return tuple((str(i), str(age), f"{day:%Y-%m-%d}") for i, age, day in found.itertuples(index=False, name=None))


def about(rows: pd.DataFrame, groups: Sequence[str], taken: Any, version: str) -> dict[str, str]:
    """The lines that describe a downloaded table.

    Parameters
    ----------
    rows
        Rows of ``queries/build_your_own_figures.sql``, with the texts of :func:`with_texts`.
    groups
        The lines of :func:`group_sources`.
    taken
        The day on which it is downloaded.
    version
        The data version.

    Returns
    -------
    dict[str, str]
        Text by label.
    """
    caveats = dict.fromkeys(f"{title(row)}: {row['caveats']}" for row in records(rows) if row["caveats"])
    releases = dict.fromkeys(
        f"{row['publisher']}, {row['source_title']}, {row['release']} release ({published_text(row['published'])})"
        for row in records(rows)
    )
    marks = [line.replace("**", "") for line in mark_key(rows)]
    return {
        "Contents": "Published figures chosen by the reader; nothing is added up or averaged over areas",
        "Sources and releases": "; ".join(releases),
        "Caveats": " ".join(caveats),
        "Marks": " ".join(marks) or "None needed: every figure is there",
        **({"Groups": " ".join(groups)} if groups else {}),
        "Licence": LICENCE_NAME,
        "Taken": taken_text(taken, version),
    }
