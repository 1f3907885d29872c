"""What it means when a figure is not there, or not a plain figure: one reason and one mark for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Status:
    """A kind of figure, or why there is none.

    Attributes
    ----------
    code
        The code that the data have.
    mark
        What stands in tables and charts in place of a figure.
    short
        The reason as it fits next to a bar.
    reason
        The reason as a sentence.
    brief
        As much of it as fits under a name in a small panel; ``short`` unless it is given.
    """

    code: str
    mark: str
    short: str
    reason: str
    brief: str = ""

    def __post_init__(self) -> None:
        if not self.brief:
            object.__setattr__(self, "brief", self.short)


# What is said where a base is nought.
NOBODY = "there was nobody in this group"
STATUSES = {
    status.code: status
    for status in (
        Status("ok", "", "", ""),
        Status("c", "[c]", "suppressed to protect privacy", "Suppressed to protect privacy: it rests on a few people, or would reveal another figure that does.", "suppressed"),
        Status("few", "[few]", "too few young people", "Too few young people: a council’s own figure is not shown where it is about so few."),
        Status("x", "[x]", "not available", "Not available: the figure was not supplied, or cannot be published."),
        Status("z", "[z]", "not applicable", f"Not applicable: {NOBODY}."),
        Status("k", "[k]", "less than half of one per cent", "Rounds to 0% but is not zero: there are some, but fewer than half of one per cent."),
        Status("low", "[low]", "too small to show, but not zero", "Too small to show at the decimals published, but not zero.", "too small"),
        Status("u", "[u]", "judged unreliable", "The department judged it too unreliable to publish."),
        Status("incomplete", "[i]", "incomplete", "Incomplete: a district sent no figures for a part of this time, so there is no total."),
        Status("missing", "[–]", "not in the release", "The release has no row for this authority, age group and period."),
    )
}  # fmt: skip


def reason(row: Mapping[str, Any]) -> str:
    """Why a row has no figure, as a sentence; empty for a plain figure. ``row``: status, denominator.

    Not applicable says that there was nobody only where there was nobody.

    Parameters
    ----------
    row
        A row with ``status`` and ``denominator``.

    Returns
    -------
    str
    """
    base = row.get("denominator")
    if row["status"] == "z" and base is not None and base == base and float(base) > 0:
        return f"Not applicable: the release gives no figure, though its base is {float(base):,.0f}."
    return status(row["status"]).reason


def status(code: str) -> Status:
    """The status that a code of the data stands for.

    Parameters
    ----------
    code
        The code.

    Returns
    -------
    Status

    Raises
    ------
    KeyError
        For a code that the data does not have.

    Examples
    --------
    >>> status("c").mark
    '[c]'
    """
    return STATUSES[code]
