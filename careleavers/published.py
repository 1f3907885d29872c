"""The published figures that local ones are added to, and local figures protected with what these and the catalogue say."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import pandas as pd

from careleavers import disclosure, kept_protection
from careleavers.disclosure.families import Relations
from careleavers.figures.warehouse import Warehouse
from careleavers.intake.model import KEY

# The columns in which two raw figures are the same, or differ.
_RAW_COLUMNS = [*KEY, "numerator", "denominator", "value", "status"]
# The columns that viewers see of a figure.
VIEWER_COLUMNS = ["numerator", "denominator", "value", "published_value", "status", "hidden", "rounded"]


class PublishedFigures:
    """The published figures, with uploaded releases where there are any, and what each version asks of them.

    Parameters
    ----------
    warehouse
        The published figures.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    @cached_property
    def relations(self) -> dict[str, Any]:
        """The arguments of ``disclosure.protect`` that say how indicators are related."""
        rows = self.warehouse.query("indicator_relations").to_dict("records")
        return {
            "families": {str(row["indicator"]): tuple(row["members"]) for row in rows if len(row["members"])},
            "units": {str(row["indicator"]): str(row["unit"]) for row in rows},
            "staff": [str(row["indicator"]) for row in rows if row["staff"]],
            "parts": {str(row["indicator"]): tuple(row["parts"]) for row in rows if len(row["parts"])},
            "bases": [str(row["indicator"]) for row in rows if row["everybody"]],
        }

    @cached_property
    def _subjects(self) -> dict[str, str]:
        """Indicator to the name of the group of those that constrain each other."""
        of = self.relations
        return Relations(of["families"], of["units"], of["parts"]).subjects(of["units"])

    @cached_property
    def ages(self) -> dict[str, frozenset[str]]:
        """Indicator to its age groups."""
        rows = self.warehouse.query("indicators")
        return {str(name): frozenset(ages) for name, ages in rows.groupby("indicator")["age_group"]}

    @cached_property
    def names(self) -> dict[str, str]:
        """Authority code to name."""
        rows = self.warehouse.query("authorities")
        return dict(zip(rows["authority_code"], rows["authority_name"], strict=True))

    def protect(self, figures: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
        """Protect raw local figures.

        Of indicators that councils added only the unit is taken over. None of them is taken to count staff, nor to be a ratio
        to staff: a word in an uploaded definition must not take figures out of protection.

        Parameters
        ----------
        figures
            Raw local figures: the columns of :data:`careleavers.intake.model.FIGURE_COLUMNS`.
        own
            The indicators that councils added (:meth:`careleavers.store.Store.catalogue`).

        Returns
        -------
        pandas.DataFrame
            As :func:`careleavers.disclosure.protect` gives them.
        """
        if figures.empty:
            return figures.assign(hidden=False, rounded=float("nan"))
        published = self.warehouse.query(
            "published_counts",
            authorities=",".join(sorted(figures["area_code"].unique())),
            indicators=self._of_same_subjects(figures["indicator"].unique()),
            since=pd.Timestamp(figures["period_end"].min()).date(),
        )
        units = dict(_units(own)) | self.relations["units"]
        return disclosure.protect(figures, published, **{**self.relations, "units": units})

    def _of_same_subjects(self, indicators: Iterable[str]) -> list[str]:
        """The indicators whose official figures matter to some local ones: those that constrain them."""
        subjects = self._subjects
        wanted = {subjects[one] for one in indicators if one in subjects}
        return [one for one, subject in subjects.items() if subject in wanted]

    def protect_in_force(self, figures: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
        """Protect raw local figures that are or were in force; what is the same as at an earlier start is taken from there.

        Each authority’s figures are protected among themselves, so those of one are kept and found by what they hold. Figures
        that were not accepted go to :meth:`protect`: nothing of them is kept.

        Parameters
        ----------
        figures, own
            As for :meth:`protect`.

        Returns
        -------
        pandas.DataFrame
            As :meth:`protect` gives them.
        """
        return kept_protection.protect(
            figures, (self.warehouse.version, _units(own)), lambda some: self.protect(some, own)
        )

    def protect_earlier(
        self,
        then: pd.DataFrame,
        raw: pd.DataFrame,
        now: pd.DataFrame,
        raw_now: pd.DataFrame,
        all_versions: pd.DataFrame,
    ) -> pd.DataFrame:
        """Protect figures of an earlier version against being combined with those of other versions.

        What is the same today is shown as it is today. Anything else is shown only where no figure of its subject that was
        ever in force overlaps with it in part: two figures that were rounded in different company may say more together
        than each alone.

        Parameters
        ----------
        then
            The protected figures of the earlier version.
        raw
            The same, unprotected.
        now
            The protected figures of the newest version: ``KEY`` and ``VIEWER_COLUMNS``.
        raw_now
            The same, unprotected.
        all_versions
            All raw local figures that were in force at any version.

        Returns
        -------
        pandas.DataFrame
            The rows and columns of ``then``.
        """
        unchanged = pd.MultiIndex.from_frame(raw[_RAW_COLUMNS]).isin(pd.MultiIndex.from_frame(raw_now[_RAW_COLUMNS]))
        today = then[list(KEY)].merge(now, on=list(KEY), how="left").set_axis(then.index)
        shown = {column: then[column].mask(unchanged, today[column]) for column in VIEWER_COLUMNS}
        alone = disclosure.without_partial_overlap(
            raw, all_versions, self.relations["families"], self.relations["parts"]
        )
        told = then[["numerator", "denominator", "value"]].notna().any(axis=1)
        gone = told & ~unchanged & ~alone & ~then["indicator"].isin(self.relations["staff"])
        blank = {column: shown[column].mask(gone) for column in VIEWER_COLUMNS}
        blank |= {"status": shown["status"].mask(gone, "c"), "hidden": shown["hidden"].mask(gone, True).astype(bool)}
        return then.assign(**blank)


def _units(own: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """The unit of each indicator that councils added."""
    added = own["unit"].astype(object).replace("ratio", "average")
    return tuple(sorted(zip(map(str, own["id"]), map(str, added), strict=True)))
