"""What must be fixed in a row of figures: whose figure it is, of what and when, and the figure itself."""

from __future__ import annotations

from careleavers.intake.model import Rule

MUST_FIX_FIGURES = (
    # -- must fix: whose figure, of what, when ---------------------------------------------------------------------------
    Rule(
        "missing_authority",
        "must fix",
        "No authority",
        "An authority's code or name in each row that has a figure.",
        "Fill in the authority's code, such as E08000035, or its name.",
    ),
    # hint
    Rule(
        "unknown_authority",
        "must fix",
        "Unknown authority",
        "The code or the name of an English authority with children's services.",
        "{hint}",
    ),
    # code (the cell), by_code, name (the cell), by_name
    Rule(
        "code_and_name_differ",
        "must fix",
        "Code and name belong to different authorities",
        "One authority: the code {code} is {by_code}, the name “{name}” is {by_name}.",
        "Correct the code or the name.",
    ),
    # authority, existed, instead
    Rule(
        "authority_did_not_exist",
        "must fix",
        "The authority did not exist then",
        "A period in which {authority} existed: {existed}.",
        "Check the period. {instead}",
    ),
    # authority
    Rule(
        "not_your_authority",
        "must fix",
        "An authority you may not upload for",
        "Figures of the authorities that you upload for; {authority} is not one of them.",
        "Take these rows out, or ask an administrator to let you upload for {authority}.",
    ),
    # what, who
    Rule(
        "not_for_you",
        "must fix",
        "A file that you may not upload",
        "{what} from {who}.",
        "Ask an administrator to upload it.",
    ),
    Rule(
        "missing_indicator",
        "must fix",
        "No indicator",
        "An indicator in each row that has a figure.",
        "Fill in the id of the indicator, such as eet. The template lists them all.",
    ),
    # hint
    Rule(
        "unknown_indicator",
        "must fix",
        "Unknown indicator",
        "The id or the title of an indicator of the catalogue.",
        "{hint} To add an indicator of your own, upload a catalogue with its definition first.",
    ),
    # indicator, ages
    Rule(
        "unknown_age_group",
        "must fix",
        "An age group that the indicator does not have",
        "An age group of {indicator}: {ages}.",
        "Use one of these age groups.",
    ),
    Rule(
        "missing_period",
        "must fix",
        "No period",
        "A period in each row that has a figure.",
        "Fill in the period, such as 2025/26 Q2.",
    ),
    # reason, hint
    Rule(
        "bad_period",
        "must fix",
        "A period that cannot be read",
        "A quarter such as 2025/26 Q2 or 30/09/2025, or a whole year such as 2025/26. {reason}",
        "{hint}",
    ),
    # one, other
    Rule(
        "ambiguous_period",
        "must fix",
        "A period that could be two",
        "A quarter with its financial year: “{found}” could mean {one} or {other}.",
        "Write the financial year: {one} or {other}.",
    ),
    # latest
    Rule(
        "future_period",
        "must fix",
        "A period that has not begun",
        "A period up to the present quarter, {latest}.",
        "Check the year.",
    ),
    # choices
    Rule(
        "bad_basis",
        "must fix",
        "A basis that cannot be read",
        "One of {choices}.",
        "Say what time the figure covers: write one of these.",
    ),
    # basis, period, hint
    Rule(
        "basis_does_not_fit",
        "must fix",
        "Period and basis do not go together",
        "A period that a “{basis}” figure can cover; {period} is not one.",
        "{hint}",
    ),
    # other, difference
    Rule(
        "duplicate_key",
        "must fix",
        "The same figure twice",
        "One row for each authority, indicator, age group, period and basis; {other} has {difference}.",
        "Keep the right row and delete the other.",
    ),
    # -- must fix: the figure itself -------------------------------------------------------------------------------------
    # what
    Rule(
        "not_a_number",
        "must fix",
        "Not a number",
        "{what}: a number, or one of the marks c x z k low u.",
        "Write the number in digits, or the mark that says why there is none.",
    ),
    # what, one, other
    Rule(
        "two_readings",
        "must fix",
        "A number that could be two",
        "{what} in digits that can be read in one way: “{found}” could be {one} or {other}.",
        "Write it without a comma, and with a point before decimals: {one} or {other}.",
    ),
    # indicator
    Rule(
        "percent_sign",
        "must fix",
        "A percent sign where there is no percentage",
        "A value of {indicator}, which is no percentage: “{found}” could be that number or a hundredth of it.",
        "Write the value without a percent sign; in a spreadsheet, give the cell an ordinary number format.",
    ),
    # what
    Rule(
        "negative",
        "must fix",
        "A negative number",
        "{what}: 0 or more.",
        "Check the number.",
    ),
    # what
    Rule(
        "not_whole",
        "must fix",
        "A count with decimals",
        "{what}: a whole number of young people.",
        "Give the count, not a percentage or an average.",
    ),
    # what
    Rule(
        "too_large",
        "must fix",
        "A number that is too large",
        "{what}: less than 1,000,000,000.",
        "Check the number: two may have run together.",
    ),
    # denominator
    Rule(
        "numerator_over_denominator",
        "must fix",
        "Numerator over denominator",
        "A numerator no larger than its denominator, {denominator}.",
        "Check both: they may have been swapped.",
    ),
    # indicator, missing
    Rule(
        "counts_needed",
        "must fix",
        "A percentage without its counts",
        "Numerator and denominator of {indicator}: only counts can be rounded before viewers see them. "
        "There is no {missing}.",
        "Fill in both counts; the percentage is worked out from them.",
    ),
    # indicator
    Rule(
        "value_needed",
        "must fix",
        "No value",
        "A value of {indicator}, or a numerator and a denominator to work it out from.",
        "Fill in the value, or both counts.",
    ),
    # range
    Rule(
        "bad_target",
        "must fix",
        "A target that cannot be used",
        "A target {range}, or nothing.",
        "Correct the target or leave the cell empty.",
    ),
)
