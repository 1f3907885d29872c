"""Text from outside the product in places that read Markdown."""

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+|~:$!-])")


def escaped(text: str) -> str:
    """Words from outside for a place that reads Markdown.

    Parameters
    ----------
    text
        Words from outside.

    Returns
    -------
    str
        Markdown that shows them as they are.
    """
    return _MARKUP.sub(r"\\\1", text)
