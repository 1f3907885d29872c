"""Packs and templates that a council keeps in the store, by name: every saving is a version, with who and when.

A template carries the council's looks: its logo, cleaned, and the styles of its Word template. ::

    kept.save(store.documents, "Scrutiny, December", settings, officer, public=True)
    kept.settings_of(kept.find(store.documents, "E08000035", "Scrutiny, December", NOBODY))
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from careleavers.intake.small_counts import HiddenCounts
from careleavers.packs import logos, office, style_template
from careleavers.packs.build import Look
from careleavers.packs.model import TEMPLATES, PackSettings, WrongPack, cleaned, from_json, to_json
from careleavers.views.commentary.checks import TextCheck, check_text

if TYPE_CHECKING:
    from careleavers.access.people import Person
    from careleavers.store.documents import Document, Documents

Kept = Literal["pack", "pack_template"]
LONGEST_NAME = 80
_LOGO = "logo"


def checked_name(name: str) -> str:
    """A name for a pack or a template, on one line.

    Parameters
    ----------
    name
        As typed.

    Returns
    -------
    str

    Raises
    ------
    WrongPack
        For none, and for the name of one of the product's own templates.
    """
    said = cleaned(name, "template")[:LONGEST_NAME]
    if not said:
        raise WrongPack("Give it a name first.")
    if said.casefold() in {each.casefold() for pair in TEMPLATES.items() for each in pair}:
        raise WrongPack(f"“{said}” is the name of a template that comes with the dashboard: choose another.")
    return said


def listed(documents: Documents, authority: str, person: Person, kind: Kept = "pack") -> list[Document]:
    """What a person may open of an authority, the last saved first.

    Parameters
    ----------
    documents
        Those of the store.
    authority
        Its code.
    person
        Who asks.
    kind
        ``pack`` or ``pack_template``.

    Returns
    -------
    list[Document]
    """
    return documents.every(person, kind, authority)


def find(documents: Documents, authority: str, name: str, person: Person, kind: Kept = "pack") -> Document | None:
    """A pack or template by its name; None where there is none that the person may open.

    Parameters
    ----------
    documents, authority, person, kind
        As for :func:`listed`.
    name
        Its name.

    Returns
    -------
    Document or None
    """
    return documents.find(kind, authority, name, person)


def settings_of(document: Document) -> PackSettings:
    """The settings that a version of a pack or template holds.

    Parameters
    ----------
    document
        The version.

    Returns
    -------
    PackSettings

    Raises
    ------
    WrongPack
        Where it holds none, as after it was withdrawn.
    """
    return from_json(json.dumps(dict(document.content)))


def version_before(documents: Documents, authority: str, name: str, person: Person, opened: Document | None) -> int:
    """The version that saving a pack under a name follows, as its writer knows it.

    Parameters
    ----------
    documents, authority, person
        As for :func:`listed`.
    name
        The name that it is to be saved under.
    opened
        The saved pack that the writer opened; None without one.

    Returns
    -------
    int
        0 for a new pack; a name whose pack was withdrawn can be taken again.

    Raises
    ------
    WrongPack
        Where there is another pack of this name, which the writer did not open.
    """
    if opened is not None and opened.key == name:
        return opened.version
    held = documents.find("pack", authority, name, person, withdrawn=True)
    if held is not None and held.in_force:
        raise WrongPack(f"There is a pack called “{name}” already. Open it first, or choose another name.")
    return held.version if held else 0


def check_words(
    settings: PackSettings, *, public: bool, places: Iterable[str], hidden: HiddenCounts | None = None
) -> TextCheck:
    """Look for names, identifiers and small or hidden counts in what is written in a pack, as in a comment.

    Parameters
    ----------
    settings
        The pack.
    public
        Whether everybody may open it.
    places
        Names that are no person's, such as those of authorities.
    hidden
        The counts that readers do not see as they are.

    Returns
    -------
    TextCheck
    """
    named = list(places)
    written: list[tuple[str, tuple[str, str] | None]] = [(settings.title, None)]
    written += [
        (each.commentary, (each.indicator, each.age_group) if each.indicator else None) for each in settings.sections
    ]
    found = [
        check_text(text, public=public, places=named, hidden=hidden, measure=measure)
        for text, measure in written
        if text
    ]
    return TextCheck(
        next((each.refused for each in found if each.refused), ""),
        tuple(dict.fromkeys(said for each in found for said in each.to_confirm)),
    )


def save(
    documents: Documents,
    name: str,
    settings: PackSettings,
    person: Person,
    *,
    public: bool,
    expected: int | None = None,
) -> Document:
    """Keep a pack as a new version.

    Parameters
    ----------
    documents
        Those of the store.
    name
        Its name.
    settings
        What is in it.
    person
        Who saves it.
    public
        Whether everybody may open it.
    expected
        The version that the person had opened; 0 for a new pack, None where it does not matter.

    Returns
    -------
    Document
        As it is kept.

    Raises
    ------
    careleavers.errors.CareLeaversError
        Where the person may not, somebody saved in between, or a text identifies somebody.
    """
    content = json.loads(to_json(settings))
    return documents.save(
        "pack", settings.authority, checked_name(name), content, person, public=public, expected=expected
    )


def save_template(
    documents: Documents,
    name: str,
    settings: PackSettings,
    person: Person,
    *,
    logo: bytes = b"",
    word: bytes = b"",
    before: Look | None = None,
) -> Document:
    """Keep a pack's sections, committee and classification as a template of the council, without what was written in them.

    Everybody may start from it.

    Parameters
    ----------
    documents, name, settings, person
        As for :func:`save`.
    logo
        A PNG or SVG file; b"" to keep that of ``before``.
    word
        A Word template; b"" to keep that of ``before``.
    before
        The looks that it had.

    Returns
    -------
    Document

    Raises
    ------
    careleavers.errors.CareLeaversError
        As for :func:`save`, and where a file is refused.
    """
    said = checked_name(name)
    held = before or Look()
    files = {_LOGO: logos.cleaned(logo) if logo else held.logo}
    files |= style_template.styles(word) if word else dict(held.styles or {})
    bare = replace(
        settings,
        template=said,
        title="",
        meeting="",
        taken=(),
        sections=tuple(replace(section, commentary="", officer="") for section in settings.sections),
    )
    packed = office.zipped({file: content for file, content in files.items() if content})
    return documents.save(
        "pack_template", settings.authority, said, json.loads(to_json(bare)), person, public=True, attachment=packed
    )


def look(documents: Documents, template: Document, person: Person, name: str) -> Look:
    """The looks of a council's template.

    Parameters
    ----------
    documents
        Those of the store.
    template
        The template.
    person
        Who asks.
    name
        The authority, for the text alternative of the logo.

    Returns
    -------
    Look
    """
    packed = documents.attachment(template, person)
    if packed is None:
        return Look()
    with zipfile.ZipFile(io.BytesIO(packed)) as held:
        files = {each: held.read(each) for each in held.namelist()}
    logo = files.pop(_LOGO, b"")
    return Look(logo, f"Logo of {name}" if logo else "", files)
