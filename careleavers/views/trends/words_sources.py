"""Which releases the years come from, in words, and the foot of the charts: from rows of ``queries/release.sql``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from careleavers.charts.template import Footer
from careleavers.wording import tables
from careleavers.wording.formats import (
    Row,
    join_words,
    missing,
    period_label,
    plain_number,
    published_text,
)
from careleavers.wording.status import NOBODY
from careleavers.wording.tables import records


def releases(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """The releases that the line's figures come from, oldest first.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``.

    Returns
    -------
    list[tuple[str, str]]
        Source and release.
    """
    focus = frame[frame["release"].notna()]
    pairs = focus[["source", "release"]].drop_duplicates().itertuples(index=False, name=None)
    # Upload numbers have different lengths.
    return sorted(
        ((str(source), str(number)) for source, number in pairs),
        key=lambda pair: (pair[0], len(pair[1]) if pair[1].isdigit() else 0, pair[1]),
    )


# More than this many releases are named by the first and the last.
FEW_RELEASES = 6


def release_words(found: Sequence[Row]) -> str:
    """The releases of one publication: ``2022, 2024 and 2025 (published November 2022, November 2024 and November 2025)``.

    Uploads of local figures come after them: ``; upload 12 (14 October 2025)``.

    Parameters
    ----------
    found
        Rows of ``queries/release.sql`` of one publication, and of uploads.

    Returns
    -------
    str
    """
    official, own = _official_and_local(found)
    if len(official) > FEW_RELEASES:
        first, last = official[0], official[-1]
        words = f"{first['release']} to {last['release']}, {len(official)} in all (the newest {published_text(last['published'])})"
        return f"{words}; {tables.upload_words(own)}" if own else words
    words = f"{join_words(str(r['release']) for r in official)} (published {join_words(str(r['published']) for r in official)})"
    return f"{words}; {tables.upload_words(own)}" if own else words


def _official_and_local(found: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Rows of ``queries/release.sql``: official releases, and uploads of local figures."""
    return [r for r in found if r["source"] != "local"], [r for r in found if r["source"] == "local"]


def footer(
    found: Sequence[Row], inspections: Sequence[Row], frame: pd.DataFrame, row: Row | None, taken: dt.date
) -> Footer:
    """The foot of the charts: every release the figures come from, and Ofsted's where inspections are drawn.

    Parameters
    ----------
    found, inspections
        Rows of ``queries/release.sql``: of the figures, and of the inspections drawn.
    frame
        Rows of ``queries/trends.sql``.
    row
        What :func:`careleavers.views.trends.words_finding.newest` gave; None without one.
    taken
        The day on which the picture is drawn.

    Returns
    -------
    Footer
    """
    official, own = _official_and_local(found)
    base = tables.mixed_footer(official, "published", taken)
    release, source = release_words(found), base.source
    if own:
        source += f"; local figures: {join_words(dict.fromkeys(str(r['publisher']) for r in own))}"
    if inspections:
        named = [f"{held['publisher']}, {held['title']}" for held in inspections]
        source += f"; inspections: {join_words(named)}"
    local = sorted(set(frame.loc[frame["layer"] != "published", "layer"]), reverse=True)
    layer = join_words([base.layer, *(f"{word} local" for word in local)])
    n = "n differs by year: see the table"
    if row is not None and not missing(row["denominator"]) and row["series"] == "authority":
        when = period_label(row["period_end"])
        if row["denominator"]:
            n = f"{plain_number(row['denominator'])} in this authority in {when}; the table gives each year"
        else:
            n += f"; {NOBODY} in this authority in {when}"
    if frame["rounded"].notna().any():
        n += f"; local counts are rounded to {frame['rounded'].dropna().iloc[0]:.0f} so that nobody can be recognised"
    return Footer(source, release, layer, base.taken, n)


def inspection_releases(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """The releases that inspections come from.

    Parameters
    ----------
    frame
        Rows of ``queries/inspection_events.sql``.

    Returns
    -------
    list[tuple[str, str]]
        Source and release.
    """
    return list(dict.fromkeys((row["source"], row["release"]) for row in records(frame) if row["release"]))
