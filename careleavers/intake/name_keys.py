"""Names made comparable: what is left of a name when case, spaces and punctuation do not count."""

from __future__ import annotations

import re


def name_key(text: str) -> str:
    """A name as a key to look it up by: letters and digits only, in lower case.

    Parameters
    ----------
    text
        As somebody wrote it: ``"Care leavers' EET (%)"``.

    Returns
    -------
    str
        ``careleaverseetpercent``; a percent sign counts as the word.
    """
    return re.sub(r"[^a-z0-9]", "", text.casefold().replace("%", "percent"))
