"""Every rule that an uploaded file is held against, in the order of the report, in an officer's words.

This file is a table, one entry a rule, and nothing else: it is as long as there are rules.

``expected`` and ``fix`` are templates. ``{found}`` (what stands in the cell) may stand in each; the other words that a
rule's templates need are named in the comment above the rule and are given to
:meth:`careleavers.intake.model.Findings.add`. :func:`template_words` lists them.
"""

from __future__ import annotations

import string

from careleavers.intake.model import Rule

_ALL = (
    # -- must fix: the file as a whole -------------------------------------------------------------------------------
    # columns
    Rule(
        "person_level",
        "must fix",
        "Columns about individual young people",
        "A file of totals: nothing about individual young people. The file was not read and nothing of it was kept; it has "
        "{columns}.",
        "Take those columns out, count the young people for each indicator and upload the counts.",
    ),
    # name, aliases
    Rule(
        "missing_column",
        "must fix",
        "A column is missing",
        "A column “{name}” (also understood: {aliases}).",
        "Add the column to the header, or start from the template on this page.",
    ),
    # name, other
    Rule(
        "duplicate_column",
        "must fix",
        "Two columns mean the same",
        "One column for “{name}”; column {other} says so too.",
        "Delete or rename one of the two columns.",
    ),
    # count, named
    Rule(
        "extra_cells",
        "must fix",
        "A row with more cells than the header",
        "{named} cells, as many as the header has; the row has {count}. A comma inside a number or a text splits it in "
        "two, as in 1,012 or “Bristol, City of”. The row was not read.",
        "Write numbers without a comma, put texts with a comma in quotation marks, or delete the cell that is too many. "
        "A spreadsheet that saves the table does all that.",
    ),
    Rule(
        "parted_number",
        "must fix",
        "Counts that may be one number",
        "Numerator and denominator. “{one}” may be one number, split at its comma; everything after it is one column too "
        "far to the right. The row was not read.",
        "Write numbers without a comma, or put them in quotation marks. If the counts are right, move what is in the next "
        "column, and write the denominator without a leading zero.",
    ),
    Rule(
        "one_cell",
        "must fix",
        "A whole row in one cell",
        "A cell for each column. The row was not read.",
        "Take away the quotation marks around the row, or use Data, Text to Columns in Excel.",
    ),
    # header
    Rule(
        "second_table",
        "must fix",
        "A second table under the first",
        "One table with one header. There is another header in row {header}; nothing from there on was read.",
        "Put the rows of both tables under one header, or upload them as two files.",
    ),
    # cells
    Rule(
        "merged_numbers",
        "must fix",
        "Merged cells with a number",
        "A number in a cell of its own. The cells {cells} are merged, so there is no telling which row it belongs to.",
        "Unmerge the cells and fill in each of them.",
    ),
    Rule(
        "of_nothing",
        "must fix",
        "Numbers that do not say what they count",
        "Authority, indicator and period in each row that has numbers. The row was not read.",
        "Fill in the row, or take it out if it is a total.",
    ),
    Rule(
        "no_result",
        "must fix",
        "A formula without a result",
        "A number or a text. The workbook was written by a program that does not calculate formulas.",
        "Open the workbook in Excel, save it and upload it again.",
    ),
    Rule(
        "no_rows",
        "must fix",
        "There is no figure in the file",
        "At least one row with a figure under the header.",
        "Fill in numerators and denominators, save and upload again.",
    ),
    # where, reason
    Rule(
        "release_problem",
        "must fix",
        "A published file that cannot be used as it is",
        "A file as the department published it. {where}: {reason}.",
        "Download the file again and upload it unchanged. If it is unchanged, the department has changed its layout: "
        "tell whoever looks after this dashboard.",
    ),
    # what
    Rule(
        "other_release",
        "must fix",
        "A published file that is not used here",
        "A file with care leavers' activity, accommodation, staying in touch or staying put, placements, the number of "
        "children looked after, or the workforce. This one is {what}.",
        "Upload one of those files, as the department published it. If this should be one of them, the department has "
        "changed its layout: tell whoever looks after this dashboard.",
    ),
    # day
    Rule(
        "release_future",
        "must fix",
        "A year that is not over",
        "A figure of a period that is over: {day} is still to come.",
        "Check the year. A release holds figures of years that have ended.",
    ),
    # -- must fix: whose figure, of what, when -----------------------------------------------------------------------
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
    # -- must fix: the figure itself ---------------------------------------------------------------------------------
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
    # -- must fix: indicators of an authority's own, and events ------------------------------------------------------
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
    # -- please confirm: releases ------------------------------------------------------------------------------------
    # missing ("152 of 153 authorities and England are missing"), period, of
    Rule(
        "extract",
        "please confirm",
        "A release that does not cover the country",
        "England and all {of} authorities, as the department publishes them. At {period}, {missing}: this looks like an "
        "extract.",
        "Upload the department's whole file. If you confirm, only the authorities in this file get the period; for all "
        "others the newest period stays what it is, and ranks are of the few that have a figure.",
    ),
    # -- please confirm ----------------------------------------------------------------------------------------------
    # meaning
    Rule(
        "understood_as",
        "please confirm",
        "Columns that were read in another layout",
        "A row for each figure, with its period and age group. This column was read as {meaning}.",
        "Check that this is what it means. If not, write a row for each figure, as in the template.",
    ),
    # cells
    Rule(
        "merged_cells",
        "please confirm",
        "Merged cells",
        "The text in each row. The cells {cells} are merged: “{found}” was read in each of their rows.",
        "Check that it belongs to all these rows. If not, unmerge the cells and fill in each row.",
    ),
    # assumed
    Rule(
        "basis_above",
        "please confirm",
        "The basis is given above the table",
        "What time the figures cover, in the column “basis”. Because of this title they were read as “{assumed}”.",
        "If that is not true of every figure, add the column “basis” and fill it in.",
    ),
    # percent, other
    Rule(
        "share_read",
        "please confirm",
        "A target that was read as a share",
        "A percentage such as 55 or 55%. “{found}” was read as {percent}.",
        "If {other} is meant, write it with its percent sign.",
    ),
    # names
    Rule(
        "personal_name",
        "please confirm",
        "What may be a young person’s name",
        "No young person’s name. {names} may be one, or the name of an officer, a service or a place.",
        "If it is a young person’s name, take it out and upload the file again.",
    ),
    # before (period and value, "2025/26 Q1: 52.0%"), now ("68.3%"), points ("16.3"), threshold ("15"), least ("30")
    Rule(
        "jump_15_points",
        "please confirm",
        "A jump from the last quarter",
        "Within {threshold} points of the last quarter where both rest on {least} or more. {before}; now {now}, "
        "{points} points away.",
        "Check both counts. If they are right, say in the note what happened.",
    ),
    # numerator, denominator, exact
    Rule(
        "value_differs",
        "please confirm",
        "The value is not what its counts give",
        "{exact}, which {numerator} of {denominator} gives.",
        "Check the counts. If you confirm, the counts are used and not the value.",
    ),
    # before (period and denominator, "2025/26 Q1: 120"), now, change ("+31%"), threshold ("25")
    Rule(
        "denominator_moved",
        "please confirm",
        "The denominator moved a lot",
        "Within {threshold}% of the denominator before. {before}; now {now} ({change}).",
        "Check that the same young people were counted. If so, say in the note why there are more or fewer.",
    ),
    # period, old, new, upload (what holds the old value: "upload 12", "release 2025")
    Rule(
        "restated",
        "please confirm",
        "An earlier figure changes",
        "The figure that is held for {period}: {old} ({upload}). This file says {new}.",
        "If the earlier figure was wrong, confirm: it stays in the history. If it was right, take the row out.",
    ),
    # final, upload ("upload 12")
    Rule(
        "earlier_final",
        "please confirm",
        "A provisional figure where a final one is held",
        "No provisional figure after the final one: {final} ({upload}).",
        "If this file is final, say so when you accept it. If not, the final figure goes on being shown as final.",
    ),
    # authority, existed, successors
    Rule(
        "abolished_code",
        "please confirm",
        "An authority that was abolished",
        "An authority that exists today. {authority} existed {existed}; {successors}.",
        "Confirm if these figures are the old authority’s; they are kept apart from those of its successors.",
    ),
    # denominator, least
    Rule(
        "exactly_0_or_100",
        "please confirm",
        "Exactly 0% or 100%",
        "A share between the two, as is usual where the denominator is {least} or more; here it is {denominator}.",
        "Check that an empty cell was not counted as 0 and that both counts are not the same column.",
    ),
    # family (titles joined with "and"), sum, denominator
    Rule(
        "family_not_100",
        "please confirm",
        "Parts that do not add up to the whole",
        "Numerators of {family} that add up to their shared denominator, {denominator}; they add up to {sum}.",
        "Check these rows of the same authority, age group and period together.",
    ),
    # -- for information ---------------------------------------------------------------------------------------------
    # denominator, least
    Rule(
        "small_n",
        "for information",
        "Very few young people",
        "{least} or more young people in the denominator; here {denominator}.",
        "Nothing to do: one young person moves so small a figure a lot, and viewers see counts rounded, and nothing where there are too few young people.",
    ),
    # meaning
    Rule(
        "symbol_converted",
        "for information",
        "A mark in place of a number",
        "A number. The mark was read as “{meaning}”.",
        "Nothing to do if that is what it means. If you know the number, put it in.",
    ),
    Rule(
        "no_target",
        "for information",
        "A target that is not a number",
        "A number, or nothing. There is no target in force for this figure.",
        "Nothing to do until there is a target.",
    ),
    # indicator, missing
    Rule(
        "missing_age_group",
        "for information",
        "An age group is missing",
        "Figures of {indicator} for each of its age groups; there is none for {missing}.",
        "Add the rows if you have them.",
    ),
    # last, missing
    Rule(
        "gap",
        "for information",
        "A quarter was skipped",
        "Each quarter in turn: the last one held is {last}, and {missing} is missing.",
        "Upload the missing quarter too if you have it.",
    ),
    Rule(
        "nobody",
        "for information",
        "Nobody in the denominator",
        "1 or more in the denominator. 0 of 0 is no percentage.",
        "Nothing to do: it is shown as “not applicable”.",
    ),
    # authority, code
    Rule(
        "recoded_authority",
        "for information",
        "A former code",
        "The code that {authority} has now, {code}.",
        "Nothing to do: the figures are held under the code it has now.",
    ),
    # assumed
    Rule(
        "basis_assumed",
        "for information",
        "No basis given",
        "What time the figure covers, in the column “basis”. Read as “{assumed}”.",
        "If that is not so, fill in the basis.",
    ),
    # assumed
    Rule(
        "age_group_assumed",
        "for information",
        "No age group given",
        "An age group. The indicator has only one, so it was read as “{assumed}”.",
        "Nothing to do.",
    ),
    Rule(
        "unfilled",
        "for information",
        "Rows without a figure",
        "A numerator, denominator or value. These rows have none and are left out.",
        "Nothing to do if there is no figure yet.",
        once=True,
    ),
    # reason
    Rule(
        "left_out",
        "for information",
        "Rows, columns or sheets that were left out",
        "Only what is shown and is part of the table: {reason}.",
        "If they hold figures that should count, show them or move them into the table, and upload again.",
    ),
    Rule(
        "column_not_used",
        "for information",
        "A column that is not used",
        "Columns of the template. This one is left out.",
        "Nothing to do if it only helps you.",
    ),
    # source, release
    Rule(
        "new_release",
        "for information",
        "A new release",
        "A release that is held already. {source}, {release}, is new and is added to the list of sources.",
        "Nothing to do.",
    ),
    # source, release, newest
    Rule(
        "older_release",
        "for information",
        "A release that is older than what is held",
        "The newest release of {source}: {newest} is held, and this file is of {release}.",
        "Figures from newer releases stay as they are. What this file would add or change is listed with what would "
        "change; where it differs from a newer release, its figure is kept as an earlier value.",
    ),
    # missing ("Leeds and York are"), period, of
    Rule(
        "authorities_missing",
        "for information",
        "Authorities without a row",
        "A row of each of the {of} authorities, with a mark where there is no figure. At {period}, {missing} missing.",
        "Nothing to do if the department left them out: they have no figure of the period.",
    ),
    Rule(
        "not_existing",
        "for information",
        "Rows of authorities for years in which they did not exist",
        "A figure. The department fills these rows with marks; they are left out.",
        "Nothing to do.",
    ),
)
RULES: dict[str, Rule] = {rule.id: rule for rule in _ALL}


def template_words(rule: Rule) -> frozenset[str]:
    """The words that a rule's templates need, ``found`` aside: what each finding of it must be given.

    Parameters
    ----------
    rule
        The rule.

    Returns
    -------
    frozenset[str]
    """
    fields = (
        name
        for template in (rule.expected, rule.fix)
        for _, name, _, _ in string.Formatter().parse(template)
        if name is not None
    )
    return frozenset(fields) - {"found"}
