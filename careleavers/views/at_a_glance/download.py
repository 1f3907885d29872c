"""The page’s figures as a table to download, and what that file says of itself."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from careleavers.charts.template import Footer
from careleavers.model import LICENCE_NAME
from careleavers.wording.findings import in_words
from careleavers.wording.formats import taken_text


def download_table(frame: pd.DataFrame) -> pd.DataFrame:
    """The page's rows as they are exported: ids, exact values, findings, source and release.

    Parameters
    ----------
    frame
        Rows of ``queries/at_a_glance.sql``.

    Returns
    -------
    pandas.DataFrame
        The columns of ``queries/at_a_glance.sql`` but those that only the page needs, with findings in words.
    """
    inner = [
        "position",
        "is_headline",
        "span",
        "phrase",
        "years",
        "values",
        "numerator_counts",
        "denominator_counts",
        "concern",
        "asks",
        "not_known_phrase",
    ]
    return in_words(frame.drop(columns=inner))


def download_about(
    authority_name: str, against_words: str, footer: Footer | None, taken: dt.date, version: str
) -> dict[str, str]:
    """What the page's download says of itself.

    Parameters
    ----------
    authority_name
        The authority as it is named on pages.
    against_words
        The comparator in words.
    footer
        The foot of a picture of the same figures, which names their sources and releases; None where there is no figure.
    taken
        The day of the download or picture.
    version
        The data version that the figures are of.

    Returns
    -------
    dict[str, str]
        Heading to text, in the order of the file.
    """
    return {
        "Authority": authority_name,
        "Compared with": against_words,
        **({"Source": footer.source, "Release": footer.release} if footer else {}),
        "Licence": LICENCE_NAME,
        "Caveats": "Outcomes are for the year to 31 March; the workforce is counted on 30 September. The definition and "
        "caveats of each measure are on the Definitions page.",
        "Taken": taken_text(taken, version),
    }
