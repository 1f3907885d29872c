"""Every use that the charts make of what Plotly does not document, checked against plotly 7.1.0.

Each is here because the public way takes ten times as long as drawing. ``tests/test_private.py`` fails when one of them
changes, and when requirements.txt names another version than ``CHECKED``: then look at each before changing the number.
"""

from __future__ import annotations

import base64
from copy import deepcopy
from typing import Any

import numpy as np
import plotly.graph_objects as go

CHECKED = {"plotly": "7.1.0"}

# Private names of Plotly's script that the page's own script uses (``careleavers/ui/assets/page.js``): a chart's
# ``_context`` is its configuration, where the button that saves a picture looks up format and scale as it is pressed.
PAGE_SCRIPT_NAMES = frozenset({"_context"})


def set_unchecked(figure: go.Figure, **layout: Any) -> None:
    """Set whole properties of a figure's layout without Plotly checking each value.

    The public ``update_layout`` checks every property of every annotation and shape as it is set: 0.2 ms each, of which a
    chart of all authorities has hundreds. The tests check every kind of chart instead.

    Parameters
    ----------
    figure
        The figure that is changed.
    layout
        Values as Plotly's JSON has them, by name of a property of ``layout``: ``annotations``, ``shapes``, ``template``.
        They replace what stood there. The figure keeps a copy.
    """
    # Work on the layout's own dictionary: the objects that `figure.layout` returns are only made from it on request.
    figure._layout.update(deepcopy(layout))
    for made in (figure.layout._compound_array_props, figure.layout._compound_props):
        for name in layout:
            made.pop(name, None)


class Finished(go.Figure):  # type: ignore[misc]
    """A figure that nobody changes any more, so that its dictionary can be one and the same each time.

    ``st.plotly_chart`` takes a ``go.Figure`` and asks it for ``to_dict``, which copies everything at each visit. The state
    that ``go.Figure.__init__`` would make is neither needed nor made: it takes longer than drawing did.
    """

    def __init__(self, figure: go.Figure) -> None:
        # Plotly allows extra attributes only with a leading underscore, and only around its own `__setattr__`.
        self.__dict__["_careleavers_whole"] = figure.to_dict()

    @classmethod
    def of(cls, whole: dict[str, Any]) -> Finished:
        """The figure that another one's :meth:`to_dict` gave.

        Parameters
        ----------
        whole
            The figure in plain values.

        Returns
        -------
        Finished
        """
        made = cls.__new__(cls)
        made.__dict__["_careleavers_whole"] = whole
        return made

    def to_dict(self) -> dict[str, Any]:
        """The whole figure in plain values, shared by everybody: read it only."""
        whole: dict[str, Any] = self.__dict__["_careleavers_whole"]
        return whole

    def to_plotly_json(self) -> dict[str, Any]:
        """The same; its top level is the caller’s own, which may put other parts there."""
        return dict(self.to_dict())

    @property
    def data(self) -> Any:
        """The traces, as Plotly’s objects, for documents that take them apart."""
        return self._made().data

    @property
    def layout(self) -> Any:
        """The layout, as Plotly’s object."""
        return self._made().layout

    def _made(self) -> go.Figure:
        made = self.__dict__.get("_careleavers_made")
        if made is None:
            made = self.__dict__["_careleavers_made"] = go.Figure(_decoded(self.to_dict()), _validate=False)
        return made


def _decoded(value: Any) -> Any:
    """Plain values in which numbers that Plotly has packed as base64 are arrays again."""
    if isinstance(value, dict):
        if value.keys() >= {"dtype", "bdata"}:
            packed = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
            return packed.reshape([int(n) for n in str(value["shape"]).split(",")]) if "shape" in value else packed
        return {key: _decoded(each) for key, each in value.items()}
    return [_decoded(each) for each in value] if isinstance(value, list | tuple) else value
