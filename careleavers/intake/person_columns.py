"""Columns that only a file about individual young people has: such a file is refused unread."""

from __future__ import annotations

import re
from collections.abc import Iterable

from careleavers.intake.column_names import LONGEST_NAME
from careleavers.intake.name_keys import name_key
from careleavers.intake.reference import ReferenceData
from careleavers.intake.rules import RULES
from careleavers.intake.template import parse_wide_header

_SHOWN_COLUMNS = 6
# Column names of files that have one row for each young person: case systems, the SSDA903 return, ordinary words.
_PERSON_NAMES = frozenset(
    name_key(name)
    for name in (
        "child", "child id", "child no", "child number", "child ref", "child reference", "child identifier", "child name",
        "children's names", "name", "names", "full name", "fullname", "known as", "initials", "child's initials",
        "young person", "young people's names", "young person id", "young person name", "name of young person",
        "name of child", "name of care leaver", "yp", "yp id", "yp name", "yp initials", "client", "client id",
        "client name", "person", "person id", "person name", "pupil", "pupil name", "student", "student name", "id number",
        "case id", "case number", "case ref", "case reference", "mosaic id", "mosaic", "liquidlogic id", "lcs id", "ics id",
        "swift id", "paris id", "eclipse id", "social care id", "care leaver id", "care leaver name", "unique id",
        "first name", "forename", "forenames", "given name", "given names", "middle name", "last name", "surname",
        "family name", "preferred name", "previous name", "UPN", "unique pupil number", "ULN", "unique learner number",
        "NHS", "NHS no", "NHS number", "NI number", "NINO", "national insurance number", "UCI", "UPRN", "DOB",
        "date of birth", "birth date", "birthday", "MC_DOB", "date of death", "postcode", "post code", "home postcode",
        "home_post", "pl_post", "address", "home address", "current address", "address line 1", "address 1", "street",
        "telephone", "phone", "phone number", "mobile", "mobile number", "email", "email address", "legal status",
        "LS", "DECOM", "RNE", "ethnic", "ethnicity code", "category of need", "UASC", "social worker",
        "social worker name", "personal adviser name", "PA name", "allocated worker", "mother", "mother's name",
        "carer name", "foster carer",
    )
)  # fmt: skip
_PERSON_WORDS = frozenset(
    {"upn", "uln", "dob", "nhs", "nino", "forename", "forenames", "surname", "surnames", "firstname", "lastname",
     "postcode", "postcodes", "birthdate", "uprn"}
)  # fmt: skip
_PERSON_PHRASES = re.compile(
    r"\b(?:date of birth|birth date|first name|last name|given name|family name|full name|national insurance|"
    r"(?:child|children|young person|yp|client|pupil|student|care leaver|person)(?: s)? (?:id|identifier|name|names|no|number|ref|"
    r"reference|initials)|names? of (?:the )?(?:child|children|young person|young people|care leavers?|clients?))\b"
)
# "Number of …" and wide columns count people; a "child number" is a reference number.
_COUNTING = re.compile(r"^(?:number|count|total|no) of ")


def person_columns(cells: Iterable[str], reference: ReferenceData) -> list[str]:
    """The columns that only a file about individual young people has.

    Parameters
    ----------
    cells
        The cells of a row.
    reference
        The indicators, whose names are no person's.

    Returns
    -------
    list[str]
        As they stand in the row.
    """
    return [cell for cell in cells if cell.strip() and len(cell) <= LONGEST_NAME and _personal(cell, reference)]


def _personal(cell: str, reference: ReferenceData) -> bool:
    wide = parse_wide_header(cell)
    if wide and reference.indicator(wide[0]):
        return False
    if name_key(cell) in _PERSON_NAMES:
        return True
    return is_certainly_personal(cell)


def is_certainly_personal(cell: str) -> bool:
    # "DateOfBirth" and "child_id" are split into words.
    """Whether a column's name can be about nothing but individuals: a date of birth, a surname, a UPN.

    Parameters
    ----------
    cell
        The name.

    Returns
    -------
    bool
    """
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cell).lower()).strip()
    if _COUNTING.match(words):
        return False
    return not _PERSON_WORDS.isdisjoint(words.split()) or _PERSON_PHRASES.search(words) is not None


def person_level_message(columns: list[str]) -> str:
    """Why a file about individual young people is refused.

    Parameters
    ----------
    columns
        The columns that say so.

    Returns
    -------
    str
        Fit to show: it names the columns and nothing else of the file.
    """
    shown = [f"“{' '.join(column.split())}”" for column in columns[:_SHOWN_COLUMNS]]
    if len(columns) > _SHOWN_COLUMNS:
        shown.append(f"{len(columns) - _SHOWN_COLUMNS} more")
    rule = RULES["person_level"]
    named = ", ".join(shown)
    return (
        f"{rule.title}. {rule.expected.format(columns=named)} {rule.fix} If “name” is the name of an authority, call the "
        "column authority_name."
    )
