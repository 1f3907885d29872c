"""What an officer should know, and need not act on."""

from __future__ import annotations

from careleavers.intake.model import Rule

FOR_INFORMATION = (
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
