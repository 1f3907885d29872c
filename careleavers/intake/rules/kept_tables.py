"""What an improvement plan and a watch list are held against, in the order of their reports.

Rules that figures have too stand in the other modules and are taken from there.
"""

from __future__ import annotations

from collections.abc import Iterable

from careleavers.intake.model import Rule
from careleavers.intake.rules.for_information import FOR_INFORMATION
from careleavers.intake.rules.must_fix_entries import MUST_FIX_ENTRIES
from careleavers.intake.rules.must_fix_file import MUST_FIX_FILE
from careleavers.intake.rules.to_confirm import TO_CONFIRM

_KNOWN = {rule.id: rule for rule in (*MUST_FIX_FILE, *MUST_FIX_ENTRIES, *TO_CONFIRM, *FOR_INFORMATION)}

_MUST_FIX = (
    # rows
    Rule(
        "no_table_rows",
        "must fix",
        "There is nothing under the header",
        "At least one row under the header: {rows}.",
        "Fill in a row, save and upload again.",
    ),
    # first
    Rule(
        "same_action",
        "must fix",
        "Two actions with the same number",
        "A number of its own for each action: its history is found by it. Row {first} has this one too.",
        "Give one of the two another number that it keeps from now on.",
    ),
    Rule(
        "rag_missing",
        "must fix",
        "No status",
        "red, amber, green, complete or awaiting sign-off, as a word: the colour of a cell is not read.",
        "Write the status into the cell. If the row is no action, take it out.",
    ),
    # hint
    Rule(
        "rag_unknown",
        "must fix",
        "A status that is not one of the five",
        "red (stuck), amber (more work is needed, or a problem that can be resolved), green (in progress, nothing in the way), complete, or "
        "awaiting sign-off. {hint}",
        "Write one of these words.",
    ),
    Rule(
        "date_unread",
        "must fix",
        "A date that cannot be read",
        "A date, day first, such as 30/09/2026, or a month such as September 2026.",
        "Correct the date, or empty the cell if there is none yet.",
    ),
    Rule(
        "as_at_to_come",
        "must fix",
        "A position at a day that is still to come",
        "The day up to which the row tells how things stand: today or before.",
        "Correct the date in “as_at”. The day by which the action is due belongs in “due”.",
    ),
    # name
    Rule(
        "not_yes_or_no",
        "must fix",
        "Neither yes nor no",
        "yes or no in “{name}”; an empty cell means no.",
        "Write yes or no.",
    ),
    # hint
    Rule(
        "indicator_unknown",
        "must fix",
        "Unknown indicator",
        "The id or the title of an indicator of the catalogue, if you like with its ages: eet 19-21. {hint}",
        "Write one of the indicators on the Definitions page.",
    ),
    # indicator, ages
    Rule(
        "age_unknown",
        "must fix",
        "An age group that the indicator does not have",
        "An age group of {indicator}: {ages}.",
        "Use one of these age groups.",
    ),
    # name
    Rule(
        "number_unread",
        "must fix",
        "A number that cannot be read",
        "A number of 0 or more in “{name}”, such as 55 or 55%.",
        "Correct the number.",
    ),
    Rule(
        "target_not_possible",
        "must fix",
        "A target that the indicator cannot have",
        "From 0 to 100 for a percentage.",
        "Correct the target.",
    ),
    # percent, other
    Rule(
        "share_or_percent",
        "must fix",
        "A target that could be a share",
        "A percentage such as 55 or 55%. “{found}” could be {percent} or {other}.",
        "Write it with its percent sign.",
    ),
    # choices
    Rule(
        "kind_unknown",
        "must fix",
        "A kind of target that is not one of the choices",
        "One of {choices}.",
        "Write one of these words.",
    ),
    # choices
    Rule(
        "direction_unknown",
        "must fix",
        "A direction that cannot be read",
        "at least (the figure should not be lower) or at most (it should not be higher).",
        "Write at least or at most.",
    ),
    # indicator
    Rule(
        "direction_missing",
        "must fix",
        "It is not said which way is better",
        "at least or at most: neither high nor low is better by itself for {indicator}, so the list has to say what is wanted.",
        "Fill in “direction”.",
    ),
    # indicator
    Rule(
        "direction_contradicts",
        "must fix",
        "A direction that contradicts the measure",
        "{expected}, because {better} is better for {indicator}.",
        "Correct “direction”, or leave it empty.",
    ),
    # first
    Rule(
        "same_target",
        "must fix",
        "The same target twice",
        "Each measure, age group and kind of target once. Row {first} has it too.",
        "Take one of the two rows out.",
    ),
)
_TO_CONFIRM = (
    # counts
    Rule(
        "small_count",
        "please confirm",
        "Small numbers of young people",
        "No number of young people from 1 to {most}: others may know who they are. {counts} may be one.",
        "Say “a few”, give a share of a larger group, or take it out. If it counts something else, confirm.",
    ),
    # counts
    Rule(
        "exact_count",
        "please confirm",
        "Exact counts that readers see rounded",
        "No count that your council uploaded and that readers see only rounded, or not at all: with other figures somebody could work out "
        "who was counted. {counts} may be one.",
        "Round it, or take it out. If it counts something else, confirm.",
    ),
    Rule(
        "no_due_date",
        "please confirm",
        "An open action without a date",
        "A day by which the action is due. Without one it is never overdue.",
        "Fill in “due” if a date is agreed.",
    ),
    # before
    Rule(
        "due_before_original",
        "please confirm",
        "Due earlier than at first",
        "A date on or after the original one, {before}.",
        "Check both dates. If the action was brought forward, confirm.",
    ),
)
_INFORMATION = (
    # day
    Rule(
        "month_read",
        "for information",
        "A month in place of a day",
        "A day. The month was read as its last day, {day}.",
        "Nothing to do if that is what is meant.",
    ),
)


def _rules(own: Iterable[str], known: Iterable[str]) -> dict[str, Rule]:
    every = {rule.id: rule for rule in (*_MUST_FIX, *_TO_CONFIRM, *_INFORMATION)}
    return {name: _KNOWN[name] for name in known} | {name: every[name] for name in own}


_TABLE = (
    "missing_column", "duplicate_column", "missing_text", "bad_text", "personal_text", "personal_name", "merged_cells",
    "left_out", "column_not_used",
)  # fmt: skip
# The rules of an improvement plan, by id.
PLAN_RULES = _rules(
    (
        "no_table_rows", "same_action", "rag_missing", "rag_unknown", "date_unread", "as_at_to_come", "not_yes_or_no",
        "indicator_unknown", "age_unknown", "small_count", "exact_count", "no_due_date", "due_before_original", "month_read",
    ),
    _TABLE,
)  # fmt: skip
# The rules of a watch list, by id.
WATCH_RULES = _rules(
    (
        "no_table_rows", "indicator_unknown", "age_unknown", "number_unread", "share_or_percent", "target_not_possible", "kind_unknown",
        "direction_unknown", "direction_missing", "direction_contradicts", "same_target", "small_count",
        "exact_count",
    ),
    _TABLE,
)  # fmt: skip
