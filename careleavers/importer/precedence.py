"""Which published figure is in force where several files have it: the rule of ``queries/releases/precedence.sql``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import duckdb
import pandas as pd

from careleavers import settings
from careleavers.errors import DataProblem
from careleavers.importer.figures import OBSERVATION_COLUMNS, FileReport, Observation
from careleavers.wording.formats import day_text

# The macro `placed_releases`; it reads a table `catalogue_order` (id, source, position).
PRECEDENCE = (settings.HOME / "queries" / "releases" / "precedence.sql").read_text(encoding="utf-8")


# Two figures of one release that no rule can choose between: they come from different files and differ.
_CONTRADICTIONS = """
SELECT min(number) AS first, max(number) AS other FROM resolved
GROUP BY indicator, age_group, area_code, period_end, frequency, layer, source, release, beside
HAVING count(DISTINCT (numerator, denominator, published_value, status)) > 1
ORDER BY first LIMIT 1
"""


def resolve_releases(
    observations: Sequence[tuple[Observation, FileReport]], sources: Mapping[str, str], today: dt.date | None = None
) -> tuple[list[Observation], list[tuple[Observation, Observation]]]:
    """Which figure is in force where several files have it.

    Counts in the reports what happened to the figures of each file.

    Parameters
    ----------
    observations
        Each with the report of its file, in the order of the files.
    sources
        The source of each indicator by id, in the order of the catalogue.
    today
        The day that a period must have ended by; None for today.

    Returns
    -------
    tuple[list[Observation], list[tuple[Observation, Observation]]]
        The figures in force; and each other one that says otherwise, with the one that replaced it.

    Raises
    ------
    DataProblem
        Two files of one release say different things of one figure, and nothing tells which is right; or a period is
        not over.
    """
    if not observations:
        return [], []
    today = today or dt.date.today()
    for each, report in observations:
        if each.period_end > today:
            raise DataProblem(
                report.file,
                f"a figure of a period that is not over: {day_text(each.period_end)}",
                each.line,
                "time_period",
            )
    numbers = {id(report): number for number, report in enumerate({id(r): r for _, r in observations}.values())}
    given = pd.DataFrame(
        {column: [getattr(each, column) for each, _ in observations] for column in OBSERVATION_COLUMNS}
        | {"file": [numbers[id(report)] for _, report in observations], "number": range(len(observations))}
    )
    order = pd.DataFrame({"id": list(sources), "source": list(sources.values()), "position": range(len(sources))})
    with duckdb.connect(":memory:", config={"threads": settings.threads()}) as connection:
        connection.register("given", given)
        connection.register("catalogue_order", order)
        connection.execute(PRECEDENCE)
        connection.execute("CREATE TABLE resolved AS SELECT * FROM placed_releases('given')")
        for first, other in connection.execute(_CONTRADICTIONS).fetchall():
            _refuse(observations[first], observations[other])
        placed = connection.execute(
            "SELECT s.number, winning, s.differs AND s.of_release = 1 AND (s.source, s.release) <> (s.winner_source, s.winner) "
            "FROM resolved s JOIN (SELECT * RENAME (number AS winning) FROM resolved WHERE place = 1) w "
            "USING (indicator, age_group, area_code, period_end, frequency, layer) ORDER BY s.number"
        ).fetchall()
    in_force: list[Observation] = []
    superseded: list[tuple[Observation, Observation]] = []
    for number, winning, replaced in placed:
        observation, report = observations[number]
        if number == winning:
            in_force.append(observation)
            report.kept += 1
            report.suppressed += observation.status == "c"
            continue
        report.superseded += 1
        if replaced:
            superseded.append((observation, observations[winning][0]))
    return in_force, superseded


def _refuse(first: tuple[Observation, FileReport], other: tuple[Observation, FileReport]) -> None:
    (one, its), (two, theirs) = first, other
    raise DataProblem(
        theirs.file,
        f"another value of {two.indicator} than in {its.file}, line {one.line}, which is of the same release. Keep the "
        "newer of the two files in the folders and take the other out",
        two.line,
    )
