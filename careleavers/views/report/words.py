"""The words of the Report page."""

from __future__ import annotations

from careleavers.wording.formats import join_words

INVITE = "Choose a council to make its report"
INVITE_ABOUT = (
    "Here you will put together the committee’s paper on one council: a summary, charts, tables and questions, "
    "as Word, PowerPoint, PDF or a ZIP file."
)
FROM_LINK = "The text in this pack came with the link that you opened. It is not saved here: check who wrote it before you pass it on."
LONG_LINK = (
    "There is more text in this pack than a link can hold, so the address no longer carries it. Download the pack as a ZIP file to "
    "keep its settings."
)
OFFICERS_LINK = "This pack is for officers only: its address opens it for officers of the council and for nobody else."
OFFICERS_CHANGED = "This pack is for officers only, so what you change is not in the address. Save the pack to keep it."
LOOK_AGAIN = "The pack is not saved yet: look again at what is asked below."
LINK_HELP = "The page’s address holds the whole pack: save or send it, and the same pack opens."
OWN_WORDS = "The council’s own words"
OWN_WORDS_HELP = (
    "Why the figure moved, and what is being done. The pack marks it as the council’s own words. Names of young people and "
    "small numbers do not belong here."
)
RECOMMENDATIONS_HELP = "One recommendation a line. Without any, the pack has the usual ones."


def waiting(before: int, done: int, total: int) -> str:
    """How far a file is.

    Parameters
    ----------
    before
        How many files are made before it.
    done, total
        How many of its pictures are drawn, of how many; 0 of 0 before it begins.

    Returns
    -------
    str
    """
    if before:
        return f"Waiting in line: {before} {'pack' if before == 1 else 'packs'} before yours."
    if not total:
        return "Starting."
    if done < total:
        return f"Drawing pictures: {done} of {total}."
    return "Writing the file."


def ready(label: str, size: int) -> str:
    """What the button of a finished file says: ``Download Word (1.2 MB)``.

    Parameters
    ----------
    label
        The name of the format.
    size
        Its bytes.

    Returns
    -------
    str
    """
    text = f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(size // 1000, 1)} kB"
    return f"Download {label} ({text})"


NOT_KEPT = "No pack is saved for this authority yet."
SAVE_HELP = "Saving the same name again adds a version; earlier ones are kept, with who saved them and when."
PUBLIC = "Everybody may open it"
TEMPLATE_ABOUT = (
    "Saves the sections, the committee and the classification as a template of your council, without what is written in them, "
    "together with its logo and the styles of its Word template."
)


def own_template(name: str) -> str:
    """A template of the council's own in the list: ``House style (the council’s own)``.

    Parameters
    ----------
    name
        What it is called.

    Returns
    -------
    str
    """
    return f"{name} (the council’s own)"


def kept_label(name: str, by: str, at: str, *, public: bool, version: int = 0) -> str:
    """A saved pack in a list: ``Scrutiny, December (version 2, Ann Ames, 1 December 2026)``.

    Parameters
    ----------
    name
        What it is called in the list.
    by, at
        Who saved it, and on which day.
    public
        Whether everybody may open it.
    version
        Its version, where the name does not say it.

    Returns
    -------
    str
    """
    which = f"version {version}, " if version else ""
    return f"{name} ({which}{by}, {at}{'' if public else '; officers only'})"


NO_BROWSER = (
    "This server has no browser to draw the pages’ own pictures with. Whoever looks after it can install Chrome, Chromium or Edge "
    "(Debian and Ubuntu: apt install chromium), or name one in the setting CARELEAVERS_BROWSER."
)


def without_browser(drawn: int, tables: int) -> str:
    """What a pack looks like without a browser on the server, and how to get one.

    Parameters
    ----------
    drawn
        How many charts are drawn more simply.
    tables
        How many stand as tables.

    Returns
    -------
    str
    """
    parts = []
    if drawn:
        parts.append(f"{drawn} {'chart is' if drawn == 1 else 'charts are'} drawn more simply")
    if tables:
        parts.append(f"{tables} {'stands' if tables == 1 else 'stand'} as {'a table' if tables == 1 else 'tables'}")
    said = f" In this pack {join_words(parts)}; charts in PowerPoint can be edited as always." if parts else ""
    return f"{NO_BROWSER}{said}"
