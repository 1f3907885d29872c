"""What is said about inspections: sentences, table cells and chart texts from the rows of ``queries/inspection*.sql``.

An Ofsted judgement is given in its own words. Nothing here ranks, colours or explains one figure by another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from careleavers.charts.text import lower_first
from careleavers.importer.inspections import COMPILED, REPORT_ADDRESS
from careleavers.model import Indicator
from careleavers.wording.changes import not_known
from careleavers.wording.formats import (
    MONTHS,
    Row,
    count_text,
    day_text,
    figure_column,
    join_words,
    missing,
    period_text,
    rounded_column,
    sentence_case,
    value_text,
    with_age,
)
from careleavers.wording.status import status
from careleavers.wording.tables import provenance, records, table_places

# In the order they are shown: care leavers first.
ASPECTS = {
    "care_leavers": "Care leavers",
    "overall_effectiveness": "Overall effectiveness",
    "leaders": "Leaders",
    "help_and_protection": "Children who need help and protection",
    "children_in_care": "Children in care",
}
ASPECT_CHOICES = {"care_leavers": "Care leavers", "overall": "Overall effectiveness"}
# The source of an authority's latest inspection, in as few words as a cell holds.
SOURCE_WORDS = {"ofsted": "Ofsted’s release", COMPILED: "compiled from Ofsted’s report"}
# Ofsted's four grades, best first, and the short name of each.
GRADES = {
    "Outstanding": "Outstanding",
    "Good": "Good",
    "Requires improvement to be good": "Requires improvement",
    "Inadequate": "Inadequate",
}
NOT_JUDGED = "Not judged separately then"
_NAMES = {
    "ILACS Standard Inspection": "standard inspection",
    "ILACS Short Inspection": "short inspection",
    "ILACS Focused Visit": "focused visit",
    "LA Monitoring visit": "monitoring visit",
}
SCALE_WORDS = (
    "Ofsted’s judgements are outstanding, good, requires improvement to be good, and inadequate. "
    "Until January 2023 care leavers were not judged separately: they were part of the judgement on children in care. "
    "From April 2026 Ofsted gives no judgement of overall effectiveness."
)
APART_WORDS = (
    "A judgement comes from a week or two of inspection; outcomes cover a whole year, often a different one. Together they "
    "show how authorities with the same judgement differ, not why."
)


def month_text(day: Any) -> str:
    """``September 2023``; empty for no date.

    Parameters
    ----------
    day
        A date, or a missing cell.

    Returns
    -------
    str
    """
    return "" if missing(day) else f"{MONTHS[day.month - 1]} {day.year}"


def judged_month(row: Row) -> str:
    """The month in which an inspection ended, where that is held, else in which it is known to have been.

    Parameters
    ----------
    row
        A row of ``queries/inspection_events.sql``, or another with its ``day`` and ``end_date``.

    Returns
    -------
    str
    """
    return month_text(row["day"] if missing(row["end_date"]) else row["end_date"])


def since_text(months: Any) -> str:
    """A number of whole months as ``3 years 1 month``, ``6 months``, ``under a month``; empty for none.

    Parameters
    ----------
    months
        Whole months, or a missing cell.

    Returns
    -------
    str
    """
    if missing(months):
        return ""
    years, rest = divmod(int(months), 12)
    parts = [
        f"{number} {word}{'' if number == 1 else 's'}" for number, word in ((years, "year"), (rest, "month")) if number
    ]
    return " ".join(parts) or "under a month"


def event_name(inspection_type: str) -> str:
    """``ILACS Short Inspection`` as ``short inspection``; others in lower case.

    Parameters
    ----------
    inspection_type
        As Ofsted calls it.

    Returns
    -------
    str
    """
    known = _NAMES.get(inspection_type)
    return known or lower_first(inspection_type)


def event_date(row: Row) -> str:
    """When it was: ``24 to 25 October 2018``, ``11 September 2023``, ``published 20 September 2016``.

    Parameters
    ----------
    row
        A row of ``queries/inspection_events.sql``.

    Returns
    -------
    str
    """
    start, end = row["inspection_date"], row["end_date"]
    if missing(start):
        return f"published {day_text(row['publication_date'])}"
    if missing(end) or end == start:
        return day_text(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {day_text(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTHS[start.month - 1]} to {day_text(end)}"
    return f"{day_text(start)} to {day_text(end)}"


COMPILED_WORDS = "compiled from Ofsted’s reports, not from Ofsted’s release"


def report_links(full: Sequence[Row]) -> str:
    """Where the reports of compiled inspections are, as Markdown: ``[report of July 2025](https://…)``; "" without any.

    Parameters
    ----------
    full
        Full inspections of one authority, rows of ``queries/inspection_events.sql``, the newest first.

    Returns
    -------
    str
        Only addresses of Ofsted's own sites become links, whatever a row says.
    """
    links = [
        f"[Ofsted’s report of {judged_month(row)}]({row['report_url']})"
        for row in full
        if row["source"] == COMPILED and REPORT_ADDRESS.fullmatch(str(row["report_url"]))
    ]
    return join_words(links)


def reported_by(row: Row) -> str:
    """Who reported an event: ``Ofsted``, whoever compiled it, or the council with the source it gave.

    Parameters
    ----------
    row
        A row of ``queries/inspection_events.sql``.

    Returns
    -------
    str
    """
    if row["source"] == COMPILED:
        return COMPILED_WORDS
    if row["source"] != "local":
        return "Ofsted"
    note = str(row["note"] or "").strip().rstrip(".")
    if "council" not in note.lower():
        note = f"reported by the council: {note}" if note else "reported by the council"
    return f"{lower_first(note)} (not in Ofsted’s release)"


def events(frame: pd.DataFrame, relation: str = "own", kind: str = "") -> list[dict[str, Any]]:
    """Events of one relation and kind, newest first.

    Parameters
    ----------
    frame
        Rows of ``queries/inspection_events.sql``.
    relation
        Whose they are: ``own`` or ``predecessor``.
    kind
        ``full`` or ``visit``; "" for both.

    Returns
    -------
    list[dict[str, Any]]
        Rows of the frame as dictionaries.
    """
    rows = frame[(frame["relation"] == relation) & (frame["kind"] != "")]
    if kind:
        rows = rows[rows["kind"] == kind]
    return records(rows)


def judgement(text: str) -> str:
    """A judgement within a sentence: ``requires improvement to be good``.

    Parameters
    ----------
    text
        A judgement, as Ofsted words it.

    Returns
    -------
    str
    """
    return lower_first(text)


def _quoted(grade: str) -> str:
    """A judgement before further words: one of several words is in quotation marks, so that it is seen where it ends."""
    said = judgement(grade)
    return f"“{said}”" if " " in said else said


def latest_headline(authority_name: str, full: Sequence[Row]) -> str:
    """The finding about an authority's latest full inspection, care leavers first.

    Parameters
    ----------
    authority_name
        The authority.
    full
        Full inspections of one authority, rows of ``queries/inspection_events.sql``, the newest first.

    Returns
    -------
    str
    """
    if not full:
        return f"{authority_name}: no full inspection is recorded"
    row = full[0]
    when = judged_month(row)
    overall = row["overall_effectiveness"]
    if row["care_leavers"] in GRADES:
        said = f"{authority_name}: judged {_quoted(row['care_leavers'])} for care leavers in {when}"
        return f"{said}, {_quoted(overall)} overall" if overall in GRADES else said
    if overall not in GRADES:
        return f"{authority_name}: inspected in {when}, without a judgement on care leavers or overall"
    why = (
        "care leavers were not judged separately then"
        if row["care_leavers"] == NOT_JUDGED
        else "no judgement on care leavers is recorded"
    )
    return f"{authority_name}: judged {_quoted(overall)} overall in {when}; {why}"


def latest_detail(full: Sequence[Row]) -> str:
    """What stands behind it: kind, dates, whose word it is, and where care leavers were judged with others.

    Parameters
    ----------
    full
        Full inspections of one authority, rows of ``queries/inspection_events.sql``, the newest first.

    Returns
    -------
    str
    """
    if not full:
        return "Ofsted’s present way of inspecting began in 2018. Earlier inspections are here only where a council reported them."
    row = full[0]
    parts = [f"{sentence_case(event_name(row['inspection_type']))}, {event_date(row)}"]
    if not missing(row["inspection_date"]) and not missing(row["publication_date"]):
        parts[0] += f", report published {day_text(row['publication_date'])}"
    if row["source"] != "ofsted":
        parts.append(sentence_case(reported_by(row)))
    elif not missing(row["covered"]) and row["covered"] > row["as_at"]:
        parts.append(f"No later inspection was recorded by {day_text(row['as_at'])}")
    if row["care_leavers"] == NOT_JUDGED and row["children_in_care"] in GRADES:
        parts.append(
            f"Care leavers were part of the judgement on children in care: {judgement(row['children_in_care'])}"
        )
    return ". ".join(parts) + "."


def judgement_table(full: Sequence[Row]) -> pd.DataFrame:
    """Full inspections side by side, newest first: one row per judgement, care leavers first.

    Parameters
    ----------
    full
        Full inspections of one authority, rows of ``queries/inspection_events.sql``, the newest first.

    Returns
    -------
    pandas.DataFrame
        Columns: Judgement, then one for each inspection, named for its month and kind (``September 2023, short
        inspection``).
    """
    table: dict[str, list[str]] = {"Judgement": list(ASPECTS.values())}
    for row in full:
        name = f"{sentence_case(judged_month(row))}, {event_name(row['inspection_type'])}"
        if row["source"] == "local":
            name += " (reported by the council)"
        while name in table:
            name += "\u00a0"
        table[name] = [str(row[aspect]) for aspect in ASPECTS]
    return pd.DataFrame(table)


def event_line(row: Row, *, named: bool = False) -> str:
    """One event as a line of a list: date, what it was, its theme or judgement, whose word it is.

    Parameters
    ----------
    row
        A row of ``queries/inspection_events.sql``.
    named
        Whether the line names the authority.

    Returns
    -------
    str
    """
    head = f"**{event_date(row)}**" if not missing(row["inspection_date"]) else f"**{sentence_case(event_date(row))}**"
    what = event_name(row["inspection_type"])
    if named:
        what = f"{row['authority_name']}, {what}"
    parts = [f"{head}: {what}"]
    if row["theme"]:
        parts.append(f"on {judgement(row['theme'])}")
    elif row["kind"] == "visit":
        parts.append("no theme given")
    if row["kind"] == "full" and row["overall_effectiveness"] in GRADES:
        parts.append(f"judged {_quoted(row['overall_effectiveness'])} overall")
    if row["kind"] == "full" and row["care_leavers"] in GRADES:
        parts.append(f"{_quoted(row['care_leavers'])} for care leavers")
    if not missing(row["publication_date"]) and not missing(row["inspection_date"]):
        parts.append(f"report published {day_text(row['publication_date'])}")
    return f"{', '.join(parts)}. *{sentence_case(reported_by(row))}.*"


def visits_words(as_at: Any) -> str:
    """What the list of visits leaves out.

    Parameters
    ----------
    as_at
        The last day that Ofsted's release covers.

    Returns
    -------
    str
    """
    before = f"{as_at.day} {MONTHS[as_at.month - 1]} {as_at.year}"
    return (
        f"Ofsted’s release lists the visits of one year, to {before}. Others are here only where a council reported "
        "them. Visits give no grade."
    )


def predecessor_lines(frame: pd.DataFrame) -> list[str]:
    """What the authorities that this one replaced were judged, a line each event, and those without any.

    Parameters
    ----------
    frame
        Rows of ``queries/inspection_events.sql``.

    Returns
    -------
    list[str]
        Empty where it replaced none.
    """
    lines = [event_line(row, named=True) for row in events(frame, "predecessor")]
    without = frame[(frame["relation"] == "predecessor") & (frame["kind"] == "")]
    return lines + [
        f"{name}: no full inspection under the framework that began in 2018." for name in without["authority_name"]
    ]


def newer_than_release(full: Sequence[Row]) -> bool:
    """Whether the latest full inspection is later than what Ofsted's release describes, so known from the council.

    Parameters
    ----------
    full
        Full inspections of one authority, rows of ``queries/inspection_events.sql``, the newest first.

    Returns
    -------
    bool
    """
    return bool(full) and full[0]["source"] == "local" and full[0]["day"] > full[0]["as_at"]


def inspection_sources(row: Row) -> dict[str, str]:
    """The releases of inspections, by source.

    Parameters
    ----------
    row
        Any row of ``queries/inspection_since.sql``.

    Returns
    -------
    dict[str, str]
        The release by the id of its source; a source without a release is left out.
    """
    both = {"ofsted": row["release"], COMPILED: row["compiled_release"]}
    return {source: str(release) for source, release in both.items() if not missing(release)}


def england_judgements(rows: pd.DataFrame) -> tuple[str, str]:
    """How Ofsted judges care leavers over all authorities: the finding, and those without a judgement.

    Parameters
    ----------
    rows
        Rows of ``queries/england_judgements.sql``.

    Returns
    -------
    tuple[str, str]
        Two sentences; both are "" without any rows.
    """
    found = records(rows)
    judged = [row for row in found if row["judgement"] in GRADES]
    if not judged:
        return "", ""
    parts = [
        f"{GRADES[str(row['judgement'])].lower()} in {int(row['authorities'])}" + ("" if index else " councils")
        for index, row in enumerate(judged)
    ]
    without = int(judged[0]["of"]) - int(judged[0]["judged"])
    rest = f"{without} of {int(judged[0]['of'])} councils have no judgement of their own on care leavers yet."
    return f"Ofsted’s latest judgement on care leavers is {join_words(parts)}", rest if without else ""


def since_headline(rows: pd.DataFrame) -> str:
    """The finding on the time since the last full inspection.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_since.sql``.

    Returns
    -------
    str
    """
    first = rows.iloc[0]
    as_at = day_text(first["covered"])
    own = rows[rows["is_chosen"]]
    if len(own) and not missing(own.iloc[0]["months"]):
        row = own.iloc[0]
        return (
            f"{row['authority_name']}: last inspected in full {since_text(row['months'])} before {as_at}; "
            f"{int(row['later'])} of the other {int(row['of']) - 1} authorities have been inspected since"
        )
    if len(own):
        return f"{own.iloc[0]['authority_name']}: no full inspection since 2018 by {as_at}"
    dated = rows[rows["months"].notna()]
    if dated.empty:
        return f"No authority had a full inspection by {as_at}"
    return (
        f"Half of {int(first['of'])} authorities had their last full inspection less than "
        f"{since_text(int(first['median_months']) + 1)} before {as_at}"
    )


def since_cautions(rows: pd.DataFrame, today: Any, own_newer: bool) -> list[str]:
    """What to bear in mind about the time since the last inspection, a sentence each.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_since.sql``.
    today
        The day on which the page is made.
    own_newer
        Whether the chosen authority was inspected after Ofsted's release.

    Returns
    -------
    list[str]
    """
    first = rows.iloc[0]
    compiled = not missing(first["compiled_release"])
    why = (
        "the day of the newest report held here"
        if compiled and first["covered"] > first["as_at"]
        else "the day that Ofsted’s release describes"
    )
    notes = [
        f"Time is counted to {day_text(first['covered'])}, {why}, and not to today "
        f"({day_text(today)}): later inspections are not included.",
        "A long time is neither good nor bad in itself.",
    ]
    if compiled:
        number = int((rows["source"] == COMPILED).sum())
        only = int((rows["source"] == "ofsted").sum())
        notes.insert(
            1,
            f"The latest inspections of {number} authorities are {COMPILED_WORDS}. Those of the other {only} are from the "
            f"release, which gives the position at {day_text(first['as_at'])}.",
        )
    if own_newer:
        notes.insert(
            1,
            "This authority reports a later inspection, shown below; the comparison leaves such inspections out for every authority.",
        )
    without = rows.loc[rows["months"].isna(), "authority_name"].tolist()
    if without:
        notes.append(f"No full inspection since 2018: {join_words(without)}.")
    return notes


# Pixels of the columns of the page's tables that it shows at first, which fill a screen.
WIDTHS = {
    "Authority": 215, "Region": 180, "Last full inspection": 140, "Months since": 105, "Care leavers": 205, "Overall": 205,
    "Judgement": 205, "Inspected": 100, "Figure (%)": 84, "Number": 84, "Average": 84, "Per 10,000": 94, "Figure (£)": 84,
    "Count": 66, "Base": 66, "Note": 180,
}  # fmt: skip


def since_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The table shown with the chart of time since the last inspection: one row per authority, longest ago first.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_since.sql``.

    Returns
    -------
    pandas.DataFrame
        Columns: Authority, Region, Last full inspection (date), Months since, Care leavers, Overall, Kind, From,
        Report (an address, or None).
    """
    return pd.DataFrame(
        {
            "Authority": rows["authority_name"],
            "Region": rows["region"],
            "Last full inspection": rows["inspection_date"].dt.date,
            "Months since": rows["months"].astype("Int64"),
            "Care leavers": rows["care_leavers"],
            "Overall": rows["overall_effectiveness"],
            "Kind": [event_name(str(kind)) if not missing(kind) else "" for kind in rows["inspection_type"]],
            "From": [SOURCE_WORDS.get(str(source), "") for source in rows["source"]],
            "Report": [address if REPORT_ADDRESS.fullmatch(str(address)) else None for address in rows["report_url"]],
        }
    )


def since_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the text columns that the chart draws.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_since.sql``.

    Returns
    -------
    pandas.DataFrame
        The columns given, and ``since_text, date_text``.
    """
    return rows.assign(
        since_text=[since_text(months) for months in rows["months"]],
        date_text=["" if missing(day) else day_text(day) for day in rows["inspection_date"]],
    )


def groups(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The groups of authorities with one judgement, one row each in order, with the texts that a chart draws.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_outcomes.sql``.
    indicator
        The measure.

    Returns
    -------
    pandas.DataFrame
        Columns: judgement, place, group_of, group_n, group_low, group_q25, group_median, group_q75, group_high (in the
        unit of the measure), label, count_text, median_text.
    """
    columns = [
        "judgement", "place", "group_of", "group_n", "group_low", "group_q25", "group_median", "group_q75",
        "group_high",
    ]  # fmt: skip
    each = rows[columns].drop_duplicates("judgement").reset_index(drop=True)
    medians = []
    for row in records(each):
        if missing(row["group_median"]):
            medians.append("too few for a median" if row["group_n"] else "no figures")
        else:
            medians.append(f"median {value_text(row['group_median'], indicator.unit, indicator.decimals)}")
    counts = [f"{int(n)} {'authority' if n == 1 else 'authorities'}" for n in each["group_n"]]
    return each.assign(label=each["judgement"], count_text=counts, median_text=medians)


def outcome_headline(rows: pd.DataFrame, indicator: Indicator, age_group: str, aspect: str) -> str:
    """The finding by judgement: the median of each group that has one. Describes, and gives no reasons.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_outcomes.sql``.
    indicator
        The measure.
    age_group
        The age group, such as ``19-21``.
    aspect
        Which judgement the groups are of: ``care_leavers`` or ``overall``.

    Returns
    -------
    str
    """
    each = groups(rows, indicator)
    judged = each[(each["place"] <= len(GRADES)) & each["group_median"].notna()]
    about = "for care leavers" if aspect == "care_leavers" else "overall"
    subject = with_age(indicator.short_title, age_group)
    if not rows["value"].notna().any():
        return f"{subject}: no authority has a figure for this period"
    if judged.empty:
        return f"{subject}: too few authorities had been judged {about} by then to compare groups"
    parts: list[str] = []
    for grade, median in zip(judged["judgement"], judged["group_median"], strict=True):
        value, called = value_text(median, indicator.unit, indicator.decimals), judgement(GRADES[grade])
        parts.append(f"{value} {called}" if parts else f"{value} where judged {called} {about}")
    return f"{subject}: median {join_words(parts)}"


def outcome_detail(rows: pd.DataFrame, indicator: Indicator) -> str:
    """How far the groups overlap, and where the chosen authority stands, a sentence each.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_outcomes.sql``.
    indicator
        The measure.

    Returns
    -------
    str
    """
    parts = []
    meet = rows["halves_meet"].iloc[0] if len(rows) else None
    if not missing(meet):
        parts.append(
            "The groups overlap: the middle half of each reaches into the others."
            if bool(meet)
            else "The middle halves of the groups (shaded) do not all overlap."
        )
    own = rows[rows["is_chosen"]]
    if len(own):
        row = own.iloc[0]
        held = judgement(str(row["judgement"]))
        if missing(row["value"]):
            parts.append(f"{row['authority_name']} ({held}): figure {status(str(row['status'])).short}.")
        else:
            counted = count_text(row["numerator"], row["denominator"], indicator.unit)
            text = value_text(row["value"], indicator.unit, indicator.decimals, str(row["status"]))
            unknown = not_known({str(key): value for key, value in row.items()})
            text += (f", {counted}" if counted else "") + (f", with {unknown}" if unknown else "")
            parts.append(f"{row['authority_name']} ({held}): {text}.")
    return " ".join(parts)


def outcome_subtitle(rows: pd.DataFrame, indicator: Indicator, age_group: str, aspect: str) -> str:
    """Measure, ages, period, and the judgement with its date.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_outcomes.sql``.
    indicator
        The measure.
    age_group
        The age group, such as ``19-21``.
    aspect
        Which judgement the groups are of: ``care_leavers`` or ``overall``.

    Returns
    -------
    str
    """
    first = rows.iloc[0]
    about = "on care leavers" if aspect == "care_leavers" else "of overall effectiveness"
    return (
        f"{with_age(indicator.title, age_group)}, {period_text(first['period_end'], first['basis'])}. Authorities in "
        f"England by Ofsted’s judgement {about} at the latest full inspection begun by {day_text(first['as_at'])}"
    )


def outcome_cautions(rows: pd.DataFrame, indicator: Indicator, aspect: str) -> list[str]:
    """What to bear in mind about outcomes by judgement, a sentence each.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_outcomes.sql``.
    indicator
        The measure.
    aspect
        Which judgement the groups are of: ``care_leavers`` or ``overall``.

    Returns
    -------
    list[str]
    """
    notes = [APART_WORDS]
    first = rows.iloc[0]
    later = first["as_at"] < first["period_end"]
    if later:
        notes.append(
            f"The figures are of {day_text(first['period_end'])}; judgements are recorded up to {day_text(first['as_at'])}."
        )
    if aspect == "care_leavers":
        apart = int((rows["judgement"] == NOT_JUDGED).sum())
        if apart:
            notes.append(
                f"{apart} of {len(rows)} authorities were last inspected before January 2023, when care leavers were "
                "not judged separately; they are in a group of their own."
            )
    small = groups(rows, indicator)
    few = small[small["group_median"].isna() & (small["group_n"] > 0)]["judgement"].tolist()
    if few:
        notes.append(f"Fewer than five authorities, so no median: {join_words(judgement(str(name)) for name in few)}.")
    hidden = int(rows["value"].isna().sum())
    if hidden:
        notes.append(
            f"{hidden} of the {len(rows)} authorities {'has' if hidden == 1 else 'have'} no figure; the table says why."
        )
    if bool(rows["joint"].any()):
        notes.append(
            "Authorities that send one return together are each shown under their own judgement, with the same figure."
        )
    if indicator.caveats:
        notes.append(indicator.caveats)
    return notes


def outcome_table(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The table shown with the chart of outcomes by judgement: one row per authority, by judgement.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_outcomes.sql``.
    indicator
        The measure.

    Returns
    -------
    pandas.DataFrame
        Columns: Authority, Judgement, Inspected (date), the figure in its unit, Count, Base, Region, Note.
    """
    figure = figure_column(indicator.unit)
    return pd.DataFrame(
        {
            "Authority": rows["authority_name"],
            "Judgement": rows["judgement"],
            "Inspected": rows["inspection_date"].dt.date,
            figure: rounded_column(rows["value"], table_places(indicator)),
            "Count": rows["numerator"],
            "Base": rows["denominator"],
            "Region": rows["region"],
            "Note": [sentence_case(status(str(row["status"])).brief or not_known(row)) for row in records(rows)],
        }
    )


def outcome_frame(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The rows with the text columns that the chart draws.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_outcomes.sql``.
    indicator
        The measure.

    Returns
    -------
    pandas.DataFrame
        The columns given, and ``value_text, count_text``.
    """
    return rows.assign(
        value_text=[
            value_text(v, indicator.unit, indicator.decimals, str(s))
            for v, s in zip(rows["value"], rows["status"], strict=True)
        ],
        count_text=[
            count_text(n, d, indicator.unit) for n, d in zip(rows["numerator"], rows["denominator"], strict=True)
        ],
    )


def outcome_sources(rows: pd.DataFrame, releases: Mapping[str, str]) -> pd.DataFrame:
    """The releases behind the chart by judgement: that of the figures, then those of the judgements.

    Parameters
    ----------
    rows
        Rows of ``queries/inspection_outcomes.sql``.
    releases
        The releases of inspections, by source. One that gave no judgement here is left out.

    Returns
    -------
    pandas.DataFrame
        Columns: source, release, layer.
    """
    figures = rows[["source", "release", "layer"]].head(1)
    used = set(rows["judged_from"])
    return pd.concat(
        [
            figures,
            *(figures.assign(source=source, release=number) for source, number in releases.items() if source in used),
        ],
        ignore_index=True,
    )


def download_about(as_at: Any, sources: Sequence[Row], taken: Any, version: str) -> dict[str, str]:
    """The lines that describe a downloaded table of inspections.

    Parameters
    ----------
    as_at
        The last day that Ofsted's release covers.
    sources
        Rows of ``queries/release.sql``.
    taken
        The day on which it is downloaded.
    version
        The data version.

    Returns
    -------
    dict[str, str]
        Text by label.
    """
    return {
        "Contents": "Inspections and visits of English authorities, one row for each event",
        "Covers": f"Full inspections since 2018 and the visits of the year to {day_text(as_at)}, from Ofsted’s "
        f"release; rows with the source “{COMPILED}” are {COMPILED_WORDS}; those with the source “local” are reported by "
        "councils",
        "Judgements": SCALE_WORDS,
        **provenance(sources, taken, version),
    }
