"""The settings of a pack: what it is called, its sections in order and what the council says in them. Nothing here asks for a figure."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from careleavers.charts.text import lower_first
from careleavers.errors import CareLeaversError
from careleavers.model import AGAINST, Against, Indicator

TEMPLATES = {
    "quarterly": "Quarterly scorecard",
    "annual": "Annual outcomes report",
    "indicator": "One indicator in depth",
    "inspection": "Inspection follow-up",
}
DEFAULT_TEMPLATE = "annual"
CLASSIFICATIONS = ("Public", "Official", "Official – sensitive", "Not for publication")
# Limits that keep a link, a file and a page readable.
MOST_SECTIONS = 40
LONGEST = {"title": 160, "committee": 120, "classification": 60, "commentary": 4000, "officer": 120, "template": 80}
# Of a pack in a link: the server refuses addresses of 8,000 characters.
LONGEST_LINK = 6000
_UNPACKED = 256 * 1024
_KIND = re.compile(r"[a-z][a-z_]{0,39}")
_ID = re.compile(r"[a-z0-9_]{0,60}")
_AGE = re.compile(r"[a-z0-9+\-]{0,10}")
_CODE = re.compile(r"[A-Z][0-9]{8}")
_QUESTION = re.compile(r"[A-Za-z0-9_.:+\-]{1,80}")
# Control characters, and marks that change the direction of text.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


class WrongPack(CareLeaversError):
    """The settings of a pack that cannot be understood; the sentence says what is wrong with them."""


@dataclass(frozen=True)
class Section:
    """One section of a pack.

    Attributes
    ----------
    kind
        A key of :data:`careleavers.packs.sections.KINDS`.
    indicator, age_group
        The measure, for kinds that are about one; "" otherwise.
    commentary
        What the council says about it; paragraphs are parted by line ends.
    officer
        Who is responsible for it.
    """

    kind: str
    indicator: str = ""
    age_group: str = ""
    commentary: str = ""
    officer: str = ""


@dataclass(frozen=True)
class PackSettings:
    """What a pack is made of.

    Attributes
    ----------
    authority
        Code of the authority.
    against
        What it is compared with.
    sections
        In order.
    title
        "" for the name of the template with the authority's.
    template
        A key of :data:`TEMPLATES`, or the name of a council's own.
    committee
        The committee that it is for.
    meeting
        The day of its meeting, ISO; "" where none is named.
    classification
        Such as ``Public``.
    taken
        Codes of the questions that members chose; none means all.
    """

    authority: str
    against: Against = "neighbours"
    sections: tuple[Section, ...] = ()
    title: str = ""
    template: str = DEFAULT_TEMPLATE
    committee: str = ""
    meeting: str = ""
    classification: str = "Public"
    taken: tuple[str, ...] = ()


_FIELDS = ("authority", "against", "sections", "title", "template", "committee", "meeting", "classification", "taken")
_SECTION_FIELDS = ("kind", "indicator", "age_group", "commentary", "officer")


def cleaned(text: str, field: str) -> str:
    """A text that somebody typed: without control characters, on one line unless it is a commentary, within its length.

    Parameters
    ----------
    text
        As typed.
    field
        A key of :data:`LONGEST`.

    Returns
    -------
    str
    """
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.strip() if field == "commentary" else " ".join(text.split())
    return text[: LONGEST[field]].rstrip()


def checked(settings: PackSettings) -> PackSettings:
    """The settings with every text cleaned.

    Parameters
    ----------
    settings
        What somebody chose and typed, or a link or file says.

    Returns
    -------
    PackSettings

    Raises
    ------
    WrongPack
        Where a code, a comparator or a day is none, or there are too many sections.
    """
    if not _CODE.fullmatch(settings.authority):
        raise WrongPack("The pack names no authority by its code.")
    if settings.against not in AGAINST:
        raise WrongPack("The pack names a comparator that is not known.")
    if len(settings.sections) > MOST_SECTIONS:
        raise WrongPack(f"The pack has {len(settings.sections)} sections; {MOST_SECTIONS} is the most.")
    for section in settings.sections:
        if not (
            _KIND.fullmatch(section.kind) and _ID.fullmatch(section.indicator) and _AGE.fullmatch(section.age_group)
        ):
            raise WrongPack("The pack has a section that cannot be understood.")
    if settings.meeting:
        try:
            dt.date.fromisoformat(settings.meeting)
        except ValueError:
            raise WrongPack("The day of the meeting must be a date such as 2026-12-01.") from None
    if len(settings.taken) > 60 or not all(_QUESTION.fullmatch(code) for code in settings.taken):
        raise WrongPack("The pack names a question that cannot be understood.")
    texts: dict[str, Any] = {
        name: cleaned(getattr(settings, name), name) for name in ("title", "committee", "classification", "template")
    }
    sections = tuple(
        replace(
            section, commentary=cleaned(section.commentary, "commentary"), officer=cleaned(section.officer, "officer")
        )
        for section in settings.sections
    )
    return replace(settings, sections=sections, **texts)


def has_words(settings: PackSettings) -> bool:
    """Whether somebody wrote something of their own into a pack, of which a reader may want to know who it was.

    Parameters
    ----------
    settings
        The pack.

    Returns
    -------
    bool
    """
    typed = [
        settings.title,
        settings.committee,
        *(text for each in settings.sections for text in (each.commentary, each.officer)),
    ]
    return any(typed) or settings.classification not in ("", *CLASSIFICATIONS) or settings.template not in TEMPLATES


def to_json(settings: PackSettings) -> str:
    """The settings as JSON that :func:`from_json` reads.

    Parameters
    ----------
    settings
        The settings.

    Returns
    -------
    str
        The same settings give the same text.
    """
    whole = {name: getattr(settings, name) for name in _FIELDS}
    whole["taken"] = list(settings.taken)
    whole["sections"] = [
        {name: value for name in _SECTION_FIELDS if (value := getattr(section, name)) or name == "kind"}
        for section in settings.sections
    ]
    return json.dumps({"pack": 1, **whole}, ensure_ascii=False, indent=1)


def from_json(text: str) -> PackSettings:
    """Settings from the JSON that :func:`to_json` writes.

    Parameters
    ----------
    text
        The JSON.

    Returns
    -------
    PackSettings

    Raises
    ------
    WrongPack
        Where it is no such JSON: a key that is not known, a value of another type, a code that is none.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise WrongPack("The pack is not readable: it is no JSON.") from None
    if not isinstance(found, dict) or found.pop("pack", None) != 1:
        raise WrongPack("The pack is not readable: it is not of this version.")
    if unknown := sorted(set(found) - set(_FIELDS)):
        raise WrongPack(f"The pack has a setting that is not known: {str(unknown[0])[:40]}.")
    sections = found.pop("sections", [])
    taken = found.pop("taken", [])
    if (
        not isinstance(sections, list)
        or not isinstance(taken, list)
        or not all(isinstance(code, str) for code in taken)
    ):
        raise WrongPack("The pack is not readable: its sections are no list.")
    if not all(isinstance(value, str) for value in found.values()) or "authority" not in found:
        raise WrongPack("The pack is not readable: a setting is no text.")
    return checked(PackSettings(sections=tuple(_section(each) for each in sections), taken=tuple(taken), **found))


def _section(found: Any) -> Section:
    if not isinstance(found, dict) or "kind" not in found or set(found) - set(_SECTION_FIELDS):
        raise WrongPack("The pack has a section that cannot be understood.")
    if not all(isinstance(value, str) for value in found.values()):
        raise WrongPack("The pack has a section that cannot be understood.")
    return Section(**found)


# ---------------------------------------------------------------- links


def to_link(settings: PackSettings) -> str:
    """The settings in as few characters as a link should have, without authority and comparator, which it names anyway.

    Parameters
    ----------
    settings
        The settings.

    Returns
    -------
    str
        Letters, digits, hyphens and underscores; "" where it would be longer than :data:`LONGEST_LINK`.
    """
    rows = [_short([getattr(section, name) for name in _SECTION_FIELDS]) for section in settings.sections]
    whole = [
        1, rows, settings.title, settings.template, settings.committee, settings.meeting, settings.classification,
        list(settings.taken),
    ]  # fmt: skip
    packed = zlib.compress(json.dumps(_short(whole), ensure_ascii=False, separators=(",", ":")).encode(), 9)
    link = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    return link if len(link) <= LONGEST_LINK else ""


def from_link(link: str, authority: str, against: Against) -> PackSettings:
    """Settings from the short form that :func:`to_link` gives.

    Parameters
    ----------
    link
        The short form.
    authority, against
        What the rest of the link names.

    Returns
    -------
    PackSettings

    Raises
    ------
    WrongPack
        Where it is no such form.
    """
    wrong = WrongPack("The pack in this link cannot be read: the link may have been cut off.")
    if len(link) > LONGEST_LINK or not re.fullmatch(r"[A-Za-z0-9_\-]+", link):
        raise wrong
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(base64.urlsafe_b64decode(link + "=" * (-len(link) % 4)), _UNPACKED)
        whole = json.loads(text.decode()) if unpacker.eof else None
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise wrong from None
    if not isinstance(whole, list) or not 2 <= len(whole) <= 8 or whole[0] != 1 or not isinstance(whole[1], list):
        raise wrong
    rows, texts = whole[1], [*whole[2:7], *[""] * (7 - len(whole))]
    taken = whole[7] if len(whole) > 7 else []
    usable = all(
        isinstance(row, list) and 1 <= len(row) <= 5 and all(isinstance(cell, str) for cell in row) for row in rows
    )
    if not usable or not all(isinstance(text, str) for text in texts):
        raise wrong
    if not isinstance(taken, list) or not all(isinstance(code, str) for code in taken):
        raise wrong
    title, template, committee, meeting, classification = texts[:5]
    sections = tuple(Section(*row) for row in rows)
    return checked(
        PackSettings(
            authority, against, sections, title, template or DEFAULT_TEMPLATE, committee, meeting, classification, tuple(taken)
        )
    )  # fmt: skip


def _short(values: list[Any]) -> list[Any]:
    """A list without the empty values at its end."""
    while values and not values[-1]:
        values = values[:-1]
    return values


# ---------------------------------------------------------------- templates


def from_template(
    template: str,
    authority: str,
    against: Against,
    indicators: Mapping[str, Indicator],
    focus: tuple[str, str] = ("eet", "19-21"),
) -> PackSettings:
    """A pack as one of the four templates has it.

    Parameters
    ----------
    template
        A key of :data:`TEMPLATES`.
    authority, against
        The authority by its code, and what it is compared with.
    indicators
        The catalogue.
    focus
        Indicator and age group that “One indicator in depth” is about.

    Returns
    -------
    PackSettings

    Raises
    ------
    WrongPack
        For a name that is no template's.
    """
    if template not in TEMPLATES:
        raise WrongPack(f"There is no template “{template[:40]}”; there are {', '.join(TEMPLATES)}.")
    outcomes = [
        Section("measure", each.id, each.age_groups[-1])
        for each in indicators.values()
        if each.headline and each.theme == "outcome"
    ]
    named = {each.indicator: each for each in outcomes}
    start = (Section("summary"), Section("recommendations"))
    end: tuple[Section, ...] = (Section("questions"), Section("implications"))
    main = tuple(named[key] for key in ("eet", "suitable_accommodation", "in_touch") if key in named)
    middle: Sequence[Section]
    if template == "quarterly":
        middle = (
            Section("background"),
            Section("scorecard"),
            Section("local_quarters"),
            *main,
            Section("workforce"),
            Section("watch_list"),
        )
    elif template == "annual":
        middle = (
            Section("background"), Section("scorecard"), Section("shares"), *outcomes, Section("workforce"),
            Section("inspections"),
        )  # fmt: skip
        end = (*end, Section("data_table"))
    elif template == "indicator":
        indicator, age_group = focus
        middle = (Section("background"), Section("measure_in_depth", indicator, age_group))
        end = (*end, Section("data_table"))
    else:
        middle = (
            Section("background"),
            Section("inspections"),
            Section("improvement_plan"),
            *main,
            Section("workforce"),
        )
    return PackSettings(authority, against, (*start, *middle, *end, Section("definitions")), template=template)


def default_title(settings: PackSettings, name: str) -> str:
    """What a pack is called: its own title, or the template's with the authority's name.

    Parameters
    ----------
    settings
        The settings.
    name
        The authority.

    Returns
    -------
    str
    """
    ours = TEMPLATES.get(settings.template, "")
    about = lower_first(ours) if ours else settings.template
    return settings.title or f"Care leavers in {name}: {about}"
