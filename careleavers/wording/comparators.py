"""The names of what an authority is compared with: its statistical neighbours, its region or England.

Each form is written here once: pages, charts and packs say the same comparator in the same words.
"""

LABELS = {"neighbours": "Neighbours", "region": "Region", "england": "England"}
"""Heads of columns and choices."""


def own_words(against: str, region: str | None = None, *, short: bool = False) -> str:
    """The comparator of one authority within a sentence.

    Parameters
    ----------
    against
        ``neighbours``, ``region`` or ``england``.
    region
        The name of the authority's region, where it is known.
    short
        Leave out "statistical", where there is little room.

    Returns
    -------
    str

    Examples
    --------
    >>> own_words("neighbours")
    'its statistical neighbours'
    >>> own_words("region", "London")
    'London'
    """
    if against == "neighbours":
        return "its neighbours" if short else "its statistical neighbours"
    if against == "region":
        return region or "its region"
    return "England"


def each_own_words(against: str) -> str:
    """The comparator where many authorities are each compared with their own.

    Parameters
    ----------
    against
        ``neighbours``, ``region`` or ``england``.

    Returns
    -------
    str

    Examples
    --------
    >>> each_own_words("neighbours")
    'own neighbours'
    """
    return {"england": "England", "region": "the region", "neighbours": "own neighbours"}[against]


def comparator_title(against: str, region: str | None) -> str:
    """What is compared with, as a name of its own: ``Neighbours’ mean``, the region's name, ``England``.

    Parameters
    ----------
    against
        What is compared with: ``england``, ``region`` or ``neighbours``.
    region
        The authority's region by name; None where it has none.

    Returns
    -------
    str
    """
    return {"neighbours": "Neighbours’ mean", "region": region or "Region", "england": "England"}[against]


def comparator_name(against: str, region: str | None = None, whose: str = "its") -> str:
    """What an authority is compared with, in a sentence about it: ``its neighbours’ mean``, ``its region``, ``England``.

    Parameters
    ----------
    against
        What is compared with: ``england``, ``region`` or ``neighbours``.
    region
        The authority's region by name; None where it has none.
    whose
        The authority, as the sentence calls it.

    Returns
    -------
    str
    """
    return {"neighbours": f"{whose} neighbours’ mean", "region": region or f"{whose} region", "england": "England"}[
        against
    ]
