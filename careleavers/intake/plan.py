"""An improvement plan: the actions of an uploaded table, read cell by cell.

A plan says what a council does about what Ofsted, or its own scrutiny, found. Its columns are :data:`PLAN_COLUMNS`; what each
holds is in ``docs/IMPROVEMENT_PLAN.md``.

Example::

    draft = read_plan(content, "plan.csv", reference, today=dt.date.today(), places=names)
    if not draft.findings.blocking:
        kept = draft.actions
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from careleavers.intake.model import Findings
from careleavers.intake.period_patterns import MONTH_NAMED, YEAR_MONTH
from careleavers.intake.periods import read_day
from careleavers.intake.personal import identifiers, possible_names
from careleavers.intake.reference import ReferenceData
from careleavers.intake.rules.kept_tables import PLAN_RULES
from careleavers.intake.small_counts import HiddenCounts, small_counts, small_parts
from careleavers.intake.table_files import TableFile, TableRow, TableShape, read_table_file
from careleavers.intake.values import read_age_group
from careleavers.wording.formats import MONTHS, day_text, join_words

# The columns of a plan, in the order of the template, and the other names that each is known by.
PLAN_COLUMNS: dict[str, tuple[str, ...]] = {
    "action_id": ("action no", "action number", "action ref", "action reference", "ref", "reference", "id", "no", "no.",
                  "number", "#", "ref no"),
    "inspection": ("inspection or visit", "raised by", "source", "origin", "from", "review", "report"),
    "recommendation": ("ofsted recommendation", "area for improvement", "recommendations", "finding", "what ofsted said",
                       "priority", "improvement area"),
    "action": ("actions", "what we will do", "what will be done", "action required", "task", "activity"),
    "owner": ("lead", "lead officer", "responsible officer", "action owner", "responsible", "accountable officer", "who"),
    "original_due": ("original due date", "original deadline", "first due date", "original target date", "original date"),
    "due": ("due date", "deadline", "target date", "by when", "when", "timescale", "completion date", "revised due date",
            "current due date"),
    "rag": ("rag rating", "rag status", "status", "brag", "brag rating", "progress rating", "rating"),
    "submitted_to_ofsted": ("submitted", "in the plan sent to ofsted", "ofsted plan", "sent to ofsted", "grey"),
    "impact_measure": ("measure of impact", "impact", "success measure", "how will we know", "measure of success",
                       "success criteria", "outcome measure", "kpi"),
    "baseline": ("starting point", "start", "baseline position"),
    "target": ("target position", "aim", "goal"),
    "current": ("current position", "now", "latest", "latest position", "actual"),
    "evidence": ("evidence of impact", "proof", "evidence and assurance"),
    "assured_by": ("assurance", "assured", "signed off by", "sign-off", "assurance by"),
    "progress": ("progress update", "update", "notes", "comments", "commentary", "latest update", "progress to date"),
    "as_at": ("as at date", "position at", "date of update", "updated", "last updated", "update date"),
    "indicator": ("indicator id", "dashboard indicator", "measure id"),
}  # fmt: skip
GUIDE_SHEET, EXAMPLE_SHEET = "How to fill this in", "Worked example"
PLAN_SHAPE = TableShape(
    "Improvement plan", "an improvement plan", "actions", PLAN_COLUMNS, ("action_id", "action", "due", "rag"), 500,
    (GUIDE_SHEET, EXAMPLE_SHEET),
)  # fmt: skip
# The status of an action, in order of concern: stuck; more work needed or an issue that can be resolved; in progress without a
# barrier; done and not yet agreed to be; done.
RAG_CODES = ("red", "amber", "green", "awaiting_sign_off", "complete")
_RAG_WORDS: dict[str, tuple[str, ...]] = {
    "red": ("r", "stuck", "off track", "not on track"),
    "amber": ("a", "some concern", "at risk", "orange", "yellow"),
    "green": ("g", "on track", "in progress", "progressing"),
    "awaiting_sign_off": (
        "awaiting sign off", "awaiting signoff", "sign off", "for sign off", "waiting for sign off", "awaiting approval",
        "complete awaiting sign off", "completed awaiting sign off",
    ),
    "complete": ("completed", "done", "achieved", "closed", "finished", "implemented", "c"),
}  # fmt: skip
_RAGS = {word: code for code, words in _RAG_WORDS.items() for word in (code.replace("_", " "), *words)}
# Words that councils use for more than one of these.
_RAG_HINTS = {
    "blue": "Some councils call “blue” what is complete, others what is closed for good: complete or awaiting sign-off?",
    "grey": "A grey row is part of the plan that was sent to Ofsted: say so with yes in “submitted_to_ofsted”, and give its status.",
    "gray": "A grey row is part of the plan that was sent to Ofsted: say so with yes in “submitted_to_ofsted”, and give its status.",
    "not started": "Is something in its way (red), or will it begin as planned (green)?",
    "ongoing": "Is something in its way (red), is more work needed (amber), or is it in progress without a barrier (green)?",
}
_NO_DATE = frozenset(
    {
        "",
        "-",
        "–",
        "n/a",
        "na",
        "none",
        "tbc",
        "tba",
        "tbd",
        "ongoing",
        "on-going",
        "to be confirmed",
        "to be agreed",
        "open",
    }
)
_YES, _NO = (
    frozenset({"yes", "y", "true", "1", "x", "✓", "✔"}),
    frozenset({"", "no", "n", "false", "0", "-", "–", "n/a"}),
)
_LONGEST, _LONGEST_ID = 2000, 40
_DATES = ("original_due", "due", "as_at")
# Columns in which the name of an officer is expected.
_OFFICERS = ("owner", "assured_by")
_COUNTED = ("recommendation", "action", "impact_measure", "baseline", "target", "current", "evidence", "progress")
# A day in the name of an inspection looks like a day of birth; the month says which inspection it was.
_DAY = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})[/.](?P<m>\d{{1,2}})[/.](?P<y>\d{{4}})|(?P<iy>\d{{4}})-(?P<im>\d{{2}})-\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?P<name>{'|'.join(MONTHS)})[\s,]+(?P<ny>\d{{4}}))\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b", re.IGNORECASE)
_MONTH_YEAR = re.compile(r"(?P<month>0?[1-9]|1[0-2])[/.-](?P<year>20\d\d)")
# An indicator with ages: ``eet 19-21``, ``In touch (17 to 18)``.
_WITH_AGES = re.compile(r"(.+?)[\s,/(:–-]+(?:aged?\s+)?(\d\d(?:\s*(?:-|–|to)\s*\d\d)?|all)\)?", re.IGNORECASE)


@dataclass(frozen=True)
class PlanDraft:
    """A plan as it was read.

    Attributes
    ----------
    table
        The table: its cells, header and columns.
    actions
        An action a row, with every column of :data:`PLAN_COLUMNS` as text and ``age_group``: dates ISO, ``rag`` one of
        :data:`RAG_CODES`, ``submitted_to_ofsted`` ``yes`` or ``no``, ``indicator`` an id or "". Without those rows in which
        something must be fixed.
    as_at
        The latest day up to which a row tells how things stand; None where none does.
    findings
        What is wrong, cell by cell.
    """

    table: TableFile
    actions: tuple[dict[str, str], ...]
    as_at: dt.date | None
    findings: Findings


def read_plan(
    content: bytes,
    file_name: str,
    reference: ReferenceData,
    *,
    today: dt.date,
    places: Iterable[str] = (),
    small: int = 5,
    hidden: HiddenCounts | None = None,
) -> PlanDraft:
    """Read an improvement plan.

    Parameters
    ----------
    content
        The bytes of the file: CSV, Excel or OpenDocument.
    file_name
        Its name.
    reference
        The indicators that an action may be meant to move.
    today
        No row may tell how things stand later than this day.
    places
        Names that are no person's.
    small
        The largest number of young people that is asked about.
    hidden
        Counts of the council's own figures that readers do not see as they are.

    Returns
    -------
    PlanDraft

    Raises
    ------
    Refused
        The file is no plan, is too large or is about individual young people; fit to show.
    """
    findings = Findings(PLAN_RULES)
    table = read_table_file(content, file_name, PLAN_SHAPE, reference, findings)
    for what in identifiers(file_name, today):
        findings.add("personal_text", None, None, "", what=f"{what} in the name of the file")
    reader = _Reader(table, reference, findings, today, tuple(places), small, hidden or HiddenCounts())
    actions = [action for row in table.rows if (action := reader.action(row)) is not None]
    days = [dt.date.fromisoformat(action["as_at"]) for action in actions if action["as_at"]]
    return PlanDraft(table, tuple(actions), max(days, default=None), findings)


def rag_code(text: str) -> str:
    """The status that a cell says.

    Parameters
    ----------
    text
        The cell.

    Returns
    -------
    str
        One of :data:`RAG_CODES`; "" where it says none of them.
    """
    return _RAGS.get(" ".join(re.sub(r"[^a-z]+", " ", text.lower()).split()), "")


def read_date(text: str) -> tuple[dt.date | None, bool]:
    """The day of a cell, or the last day of its month.

    Parameters
    ----------
    text
        The cell: ``30/09/2026``, ``2026-09-30``, ``30th Sep 2026``, ``September 2026``, ``09/2026``.

    Returns
    -------
    tuple[dt.date or None, bool]
        The day, None where it is none; and whether only its month was given.
    """
    day = read_day(_ORDINAL.sub(r"\1", text))
    if day is not None:
        return day, False
    said = " ".join(text.split()).lower()
    if match := _MONTH_YEAR.fullmatch(said):
        said = f"{MONTHS[int(match['month']) - 1].lower()} {match['year']}"
    for pattern in (MONTH_NAMED, YEAR_MONTH):
        if match := pattern.fullmatch(said):
            short = [name[:3].lower() for name in MONTHS]
            year, month = int(match["year"]), short.index(match["name"][:3]) + 1
            year += 2000 if year < 100 else 0
            following = dt.date(year + month // 12, month % 12 + 1, 1)
            return following - dt.timedelta(days=1), True
    return None, False


class _Reader:
    """Reads the rows of one plan."""

    def __init__(
        self,
        table: TableFile,
        reference: ReferenceData,
        findings: Findings,
        today: dt.date,
        places: tuple[str, ...],
        small: int,
        hidden: HiddenCounts,
    ) -> None:
        self.table, self.reference, self.findings, self.today = table, reference, findings, today
        self.places, self.small, self.hidden = places, small, hidden
        self.lines: dict[str, int] = {}

    def action(self, row: TableRow) -> dict[str, str] | None:
        """One action; None where something in its row must be fixed."""
        before = self.findings.count("must fix")
        given = {name: row.cells.get(name, "") for name in PLAN_COLUMNS}
        given["inspection"] = _DAY.sub(_month_of, given["inspection"])
        for name in ("action_id", "action", "rag"):
            if name in self.table.columns and not given[name]:
                self._note("rag_missing" if name == "rag" else "missing_text", row, name, name=name)
        self._texts(row, given)
        number = given["action_id"].casefold()
        if number and self.lines.setdefault(number, row.line) != row.line:
            self._note("same_action", row, "action_id", first=str(self.lines[number]))
        code = rag_code(given["rag"])
        if given["rag"] and not code:
            self._note("rag_unknown", row, "rag", hint=_RAG_HINTS.get(given["rag"].casefold().strip(), ""))
        days = {name: self._day(row, given, name) for name in _DATES}
        due, original, as_at = days["due"], days["original_due"], days["as_at"]
        if as_at is not None and as_at > self.today:
            self._note("as_at_to_come", row, "as_at")
        if due is None and code in ("red", "amber", "green") and given["due"].casefold() in _NO_DATE:
            self._note("no_due_date", row, "due")
        if due is not None and original is not None and due < original:
            self._note("due_before_original", row, "due", before=day_text(original))
        submitted = given["submitted_to_ofsted"].casefold()
        if submitted not in _YES | _NO:
            self._note("not_yes_or_no", row, "submitted_to_ofsted", name="submitted_to_ofsted")
        indicator, age_group = self._measure(row, given["indicator"])
        for name in _COUNTED:
            if told := self.hidden.told(given[name], (indicator, age_group)):
                self._note("exact_count", row, name, counts=join_words((f"“{each}”" for each in told), "or"))
        if self.findings.count("must fix") > before:
            return None
        return given | {
            "rag": code, "submitted_to_ofsted": "yes" if submitted in _YES else "no", "indicator": indicator,
            "age_group": age_group, **{name: day.isoformat() if day else "" for name, day in days.items()},
        }  # fmt: skip

    def _note(self, rule: str, row: TableRow, column: str, /, **words: str) -> None:
        self.findings.add(rule, row.line, self.table.columns.get(column), row.cells.get(column, ""), **words)

    def _texts(self, row: TableRow, given: dict[str, str]) -> None:
        for name, text in given.items():
            longest = _LONGEST_ID if name == "action_id" else _LONGEST
            if len(text) > longest or not text.isprintable():
                self._note(
                    "bad_text", row, name, what=f"A text of up to {longest:,} characters, without control characters"
                )
                continue
            if name in _DATES or not text:
                continue
            if told := identifiers(text, self.today):
                for what in told:
                    self._note("personal_text", row, name, what=what)
                continue
            if name not in (*_OFFICERS, "inspection", "rag", "indicator") and (
                names := possible_names(text, self.places)
            ):
                self._note("personal_name", row, name, names=join_words(f"“{each}”" for each in names))
            if name in _COUNTED and (counts := [*small_counts(text, self.small), *small_parts(text, self.small)]):
                listed = join_words((f"“{each}”" for each in counts), "or")
                self._note("small_count", row, name, most=str(self.small), counts=listed)

    def _day(self, row: TableRow, given: dict[str, str], name: str) -> dt.date | None:
        text = given[name]
        if text.casefold() in _NO_DATE:
            return None
        day, whole = read_date(text)
        if day is None or not 2000 <= day.year <= self.today.year + 20:
            self._note("date_unread", row, name)
            return None
        if whole:
            if name == "as_at":
                day = min(day, self.today) if (day.year, day.month) == (self.today.year, self.today.month) else day
            self._note("month_read", row, name, day=day_text(day))
        return day

    def _measure(self, row: TableRow, text: str) -> tuple[str, str]:
        """The indicator that an action is meant to move, and its age group; both "" where none is named."""
        if not text or text.casefold() in _NO_DATE:
            return "", ""
        found, age = find_measure(text, self.reference)
        if found is None:
            near = join_words((f"“{each}”" for each in like_measure(text, self.reference)), "or")
            self._note("indicator_unknown", row, "indicator", hint=f"Did you mean {near}?" if near else "")
            return "", ""
        indicator = self.reference.indicators[found]
        if age not in indicator.age_groups:
            self._note(
                "age_unknown", row, "indicator", indicator=indicator.short_title, ages=", ".join(indicator.age_groups)
            )
        return found, age


def find_measure(text: str, reference: ReferenceData) -> tuple[str | None, str]:
    """The indicator of a cell, and its age group where the cell names one.

    Parameters
    ----------
    text
        ``eet``, ``eet 19-21``, ``In touch (17 to 18)``.
    reference
        The indicators.

    Returns
    -------
    tuple[str or None, str]
        Id and age group: where the cell names none, the last of the indicator's. None where there is no such indicator.
    """
    whole = reference.indicator(text)
    if whole is not None:
        return whole.id, whole.age_groups[-1] if whole.age_groups else "all"
    match = _WITH_AGES.fullmatch(text.strip())
    named = reference.indicator(match[1]) if match else None
    return (named.id, read_age_group(match[2])) if named and match else (None, "")


def like_measure(text: str, reference: ReferenceData) -> list[str]:
    """The indicators that a cell which names none may mean.

    Parameters
    ----------
    text
        The cell, with ages or without.
    reference
        The indicators.

    Returns
    -------
    list of str
    """
    match = _WITH_AGES.fullmatch(text.strip())
    return list(reference.indicators_like(match[1] if match else text))


def _month_of(match: re.Match[str]) -> str:
    if match["name"]:
        return f"{match['name'].capitalize()} {match['ny']}"
    month, year = int(match["m"] or match["im"]), match["y"] or match["iy"]
    return f"{MONTHS[month - 1]} {year}" if 1 <= month <= len(MONTHS) else year
