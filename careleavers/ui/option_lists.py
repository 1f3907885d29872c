"""Lists of options: their headings, and the option that a link means."""

from collections.abc import Mapping, Sequence

# Headings of a long list, with the codes under each.
Groups = Mapping[str, Sequence[str]]

_HEADING = "heading: "


def under_heading(code: str, groups: Groups) -> Sequence[str]:
    """The codes that somebody chose who chose ``code``.

    Parameters
    ----------
    code
        A code, or a heading, as :func:`with_headings` lists them.
    groups
        Headings with the codes under each.

    Returns
    -------
    Sequence[str]
        The codes under the heading, or the code itself.
    """
    return groups[code.removeprefix(_HEADING)] if code.startswith(_HEADING) else [code]


def with_headings(options: Mapping[str, str], groups: Groups | None) -> list[str]:
    """The codes of ``options`` as a list draws them.

    Parameters
    ----------
    options
        Label by code.
    groups
        Headings with the codes under each; None for a plain list.

    Returns
    -------
    list[str]
        Codes, the heading of each group before those in it.
    """
    if not groups:
        return list(options)
    return [each for heading, codes in groups.items() for each in (_HEADING + heading, *codes)]


def label(code: str, options: Mapping[str, str]) -> str:
    """What a list shows for a code or a heading.

    Parameters
    ----------
    code
        One of :func:`with_headings`.
    options
        Label by code.

    Returns
    -------
    str
        The label, or the heading between dashes.
    """
    if code.startswith(_HEADING):
        return f"— {code.removeprefix(_HEADING)} —"
    return options.get(code, str(code))


def matching_code(asked: str, options: Mapping[str, str], aliases: Mapping[str, str]) -> str | None:
    """The code that a link means.

    Parameters
    ----------
    asked
        A code, a label or an alias, in any case.
    options
        Label by code.
    aliases
        Codes by other values that links may carry.

    Returns
    -------
    str or None
        None where nothing matches. A code wins over a label, and a label over an alias.
    """
    wanted = asked.strip().casefold()
    by_word = {alias.casefold(): code for alias, code in aliases.items() if code in options}
    by_word |= {label.casefold(): code for code, label in options.items()}
    by_word |= {code.casefold(): code for code in options}
    return by_word.get(wanted)
