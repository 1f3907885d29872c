"""What an officer must confirm, for releases and for local figures."""

from __future__ import annotations

from careleavers.intake.model import Rule

TO_CONFIRM = (
    # -- please confirm: releases ----------------------------------------------------------------------------------------
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
    # -- please confirm --------------------------------------------------------------------------------------------------
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
)
