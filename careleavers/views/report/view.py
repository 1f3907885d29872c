"""What can be chosen on the Report page: the measures that a section may be about."""

from __future__ import annotations

from careleavers.figures import catalogue
from careleavers.views.context import Context


def measures(context: Context) -> dict[str, tuple[str, ...]]:
    """The measures that a section may be about: ids of indicators under the headings of the catalogue.

    Parameters
    ----------
    context
        The catalogue.

    Returns
    -------
    dict[str, tuple[str, ...]]
    """
    groups = catalogue.in_groups(context.indicators)
    return {heading: tuple(each.id for each in found) for heading, found in groups.items()}
