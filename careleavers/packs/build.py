"""The sections of a pack in the order of a council's report, and its last page: where the figures come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode

import pandas as pd

from careleavers.model import AGAINST, ATTRIBUTION, Against
from careleavers.packs import plain
from careleavers.packs.blocks import Pack, Paragraph, Part, Picture
from careleavers.packs.model import DEFAULT_TEMPLATE, PackSettings, default_title
from careleavers.packs.sections import KINDS, Maker
from careleavers.store import Documents
from careleavers.views.at_a_glance.parts import Run
from careleavers.views.context import Context
from careleavers.wording.formats import day_text, published_text
from careleavers.wording.tables import records

PRODUCT = "Care leaver outcomes"
# A printed address longer than this is no help to anybody.
_PRINTED = 400
# The parts of a council's report; a part stands where its first section does.
HEADINGS = {
    "summary": "Summary",
    "recommendations": "Recommendations",
    "background": "Background",
    "position": "Current position",
    "questions": "Questions for members",
    "implications": "Implications",
    "appendix": "Appendix: definitions and sources",
}


@dataclass(frozen=True)
class Subject:
    """The authority that a pack is about: its code, its name, and the name of its region; None without one."""

    code: str
    name: str
    region: str | None


@dataclass(frozen=True)
class Look:
    """What a council adds to every pack.

    Attributes
    ----------
    logo
        SVG or PNG, cleaned; b"" without one.
    logo_alt
        What it shows.
    styles
        The styles of its Word template: names of parts and their XML.
    """

    logo: bytes = b""
    logo_alt: str = ""
    styles: Mapping[str, bytes] | None = None


def entry_of(version: str) -> int:
    """How many entries of the ledger of uploads a data version has: what ``as_at`` in a link means.

    Parameters
    ----------
    version
        The version as the figures name it: ``5c1f0e9a2b``, or ``5c1f0e9a2b-12`` after the twelfth entry.

    Returns
    -------
    int
    """
    number = version.partition("-")[2].partition(".")[0]
    return int(number) if number.isdecimal() else 0


def address(base: str, name: str, settings: PackSettings, version: str, held: Mapping[str, str]) -> str:
    """Where a pack and its figures are shown again.

    Parameters
    ----------
    base
        The address of the Report page.
    name
        The authority.
    settings, version
        The pack, and the data version.
    held
        What brings its sections along: ``saved`` with its name, or ``pack`` with its short form; empty for those of its template.

    Returns
    -------
    str
        Without the sections where they make it too long to print.
    """
    asked = {"authority": name, "as_at": str(entry_of(version))}
    if settings.against != "neighbours":
        asked["against"] = AGAINST[settings.against]
    if settings.template != DEFAULT_TEMPLATE:
        asked["template"] = settings.template
    whole = f"{base}?{urlencode({**asked, **held})}"
    return whole if len(whole) <= _PRINTED else f"{base}?{urlencode(asked)}"


def views_kept(context: Context) -> Callable[..., tuple[Any, set[tuple[str, str]]]]:
    """Make each view, and ask each question, once.

    Parameters
    ----------
    context
        The figures.

    Returns
    -------
    Callable
        ``view(build, *arguments)``: the view that ``build`` makes, and the releases that it names as (source, release).
    """
    kept: dict[Any, tuple[Any, set[tuple[str, str]]]] = {}
    answered: dict[Any, pd.DataFrame] = {}

    def asked(name: str, **parameters: Any) -> pd.DataFrame:
        """An answer, asked for once: sections share many of their questions."""
        key = name, repr(sorted(parameters.items()))
        if key not in answered:
            answered[key] = context.query(name, **parameters)
        # Pandas copies what is shared once somebody changes it.
        return answered[key].copy(deep=False)

    def view(build: Callable[..., Any], *arguments: Any) -> tuple[Any, set[tuple[str, str]]]:
        key = (build, arguments)
        if key not in kept:
            inside: set[tuple[str, str]] = set()
            told = replace(context, query=asked, name_release=lambda source, release: inside.add((source, release)))
            kept[key] = build(told, *arguments), inside
        return kept[key]

    return view


def build_pack(
    context: Context,
    settings: PackSettings,
    subject: Subject,
    *,
    address: str = "",
    look: Look | None = None,
    documents: Documents | None = None,
    view: Callable[..., tuple[Any, set[tuple[str, str]]]] | None = None,
    begin: Callable[[Picture], None] = lambda _: None,
) -> Pack:
    """Make a pack.

    Parameters
    ----------
    context
        The figures.
    settings
        What is in it.
    subject
        The authority.
    address
        Where the same figures are shown, whole; "" where that is not known.
    look
        The council's logo and styles.
    documents
        What councils keep in the store; what everybody may read of it goes into the pack. None for none.
    view
        Makes a view and gives with it the releases that it names; by default :func:`views_kept` of the context.
    begin
        Told each picture as soon as its section is made, so that it can be drawn meanwhile.

    Returns
    -------
    Pack
        The same for the same settings, data version and day.
    """
    make = view or views_kept(context)
    named: set[tuple[str, str]] = set()

    def made(build: Callable[..., Any], *arguments: Any) -> Any:
        found, releases = make(build, *arguments)
        named.update(releases)
        return found

    def looked_up(build: Callable[..., Any], *arguments: Any) -> Any:
        return make(build, *arguments)[0]

    told = replace(context, name_release=lambda source, release: named.add((source, release)))
    maker = Maker(
        context=told,
        view=made,
        look_up=looked_up,
        cite=named.update,
        settings=settings,
        code=subject.code,
        name=subject.name,
        region=subject.region,
        against=settings.against,
        documents=documents,
    )
    return _put_together(context, maker, subject, named, address, look or Look(), begin)


def _put_together(
    context: Context,
    maker: Maker,
    subject: Subject,
    named: set[tuple[str, str]],
    address: str,
    look: Look,
    begin: Callable[[Picture], None],
) -> Pack:
    settings = maker.settings
    # Neighbours that are not close are compared with nowhere: the query says what takes their place.
    maker = replace(maker, against=cast(Against, maker.glance().compared_with))
    places: dict[str, list[Part]] = {}
    for section in settings.sections:
        kind = KINDS.get(section.kind)
        if kind is not None:
            part = kind.make(maker, section)
            for block in part.blocks:
                if isinstance(block, Picture):
                    begin(block)
            places.setdefault(part.place, []).append(part)
    # What everything comes from is always the end of it.
    appendix = places.pop("appendix", [])
    compared = maker.compared_with()
    sources = _sources(context, named, address, subject.name, compared)
    parts = [(HEADINGS[place], tuple(found)) for place, found in places.items()]
    return Pack(
        settings=settings,
        title=default_title(settings, subject.name),
        name=subject.name,
        about=tuple(_about(settings, subject, compared)),
        parts=(*parts, (HEADINGS["appendix"], (*appendix, sources))),
        product=PRODUCT,
        version=context.version,
        day=context.today,
        address=address,
        releases=frozenset(named),
        logo=look.logo,
        logo_alt=look.logo_alt,
        styles=look.styles or {},
    )


def _about(settings: PackSettings, subject: Subject, compared: str) -> list[str]:
    said = []
    if settings.committee or settings.meeting:
        day = day_text(settings.meeting) if settings.meeting else ""
        said.append(", ".join(part for part in (settings.committee or "Committee", day) if part))
    said.append(f"{subject.name}, compared with {compared}")
    if settings.classification:
        said.append(f"Classification: {settings.classification}")
    return said


def _sources(context: Context, named: set[tuple[str, str]], address: str, name: str, compared: str) -> Part:
    """The last page: publications with their releases, terms, data version, day, and where to see the same again."""
    publications: dict[str, list[str]] = {}
    uploads: list[str] = []
    for source, release in sorted(named):
        for row in records(context.query("release", source=source, release=release)):
            if source == "local":
                uploads.append(f"{row['release']} ({row['published']})")
            else:
                title = f"{row['publisher']}, {row['title']}"
                publications.setdefault(title, []).append(
                    f"release {row['release']}, {published_text(row['published'])}"
                )
            context.name_release(source, release)
    lines = [f"{title}: {'; '.join(dict.fromkeys(releases))}." for title, releases in publications.items()]
    if uploads:
        lines.append(
            f"Figures that the council uploaded: upload {', '.join(uploads)}. They are not official statistics."
        )
    entry = entry_of(context.version)
    held = (
        f"and what councils had uploaded up to entry {entry} of the ledger"
        if entry
        else "before any upload by a council"
    )
    again = (
        f"The same figures are shown at {address}, where as_at={entry} stands for this data version."
        if address
        else f"Add as_at={entry} to the address of a page to see the figures of this data version again."
    )
    told = (
        f"Made on {day_text(context.today)} with {PRODUCT}. {name} is compared with {compared}.",
        f"Data version {context.version}: the published figures, {held}. {again}",
    )
    return Part(
        "appendix",
        "Where the figures come from",
        (
            *plain.bullets(lines),
            Paragraph((Run(ATTRIBUTION),)),
            *(Paragraph((Run(text),)) for text in told),
        ),
    )
