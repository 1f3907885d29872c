"""What must be fixed in a row of a catalogue or of events."""

from __future__ import annotations

from careleavers.intake.model import Rule

MUST_FIX_ENTRIES = (
    # name
    Rule(
        "missing_text",
        "must fix",
        "An empty cell that must be filled",
        "Something in “{name}” in each row.",
        "Fill in the cell.",
    ),
    # hint
    Rule(
        "bad_id",
        "must fix",
        "An id that cannot be used",
        "A short id of small letters a to z, digits and underscores that begins with a letter, such as driving_lessons.",
        "{hint}",
    ),
    # where
    Rule(
        "id_taken",
        "must fix",
        "An id that is taken",
        "An id of its own for each indicator; “{found}” is already used {where}.",
        "Choose another id.",
    ),
    # name, choices
    Rule(
        "bad_word",
        "must fix",
        "A word that is not one of the choices",
        "“{name}” is one of {choices}.",
        "Write one of these words.",
    ),
    # what
    Rule(
        "bad_text",
        "must fix",
        "Text that cannot be used",
        "{what}.",
        "Change the text.",
    ),
    Rule(
        "bad_date",
        "must fix",
        "A date that cannot be read",
        "A date, day first, such as 30/09/2025 or 2025-09-30, not in the future.",
        "Correct the date.",
    ),
    # what
    Rule(
        "personal_text",
        "must fix",
        "Something that identifies a young person",
        "Words about totals only; this looks like {what}.",
        "Take it out of the cell (or the name of the file) and upload the file again.",
    ),
    Rule(
        "no_overall_judgement",
        "must fix",
        "A judgement that is no longer given",
        "Nothing: Ofsted gives no judgement of overall effectiveness in inspections from 1 April 2026 on.",
        "Empty the cell, and check that the other judgements and the date are those of the report.",
    ),
)
