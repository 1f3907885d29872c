"""Errors that a person caused or can mend, each carrying a sentence to show them."""

from __future__ import annotations


class CareLeaversError(Exception):
    """Something a reader, an officer or an analyst can put right; ``str(error)`` is fit to show.

    Anything else that is raised is our own fault: it is logged with a reference and never shown.
    """


class DataProblem(CareLeaversError):
    """A shipped or imported file cannot be used: names the file, the line and what is wrong."""

    def __init__(self, file: str, reason: str, line: int | str | None = None, column: str | None = None) -> None:
        self.file, self.line, self.column, self.reason = file, line, column, reason
        where = file
        if line is not None:
            where += f", line {line}"
        if column is not None:
            where += f", column {column}"
        super().__init__(f"{where}: {reason}")


class UnknownChoice(CareLeaversError):
    """A link or a command asked for an indicator, age group, period or authority that is not held."""


class QueryProblem(CareLeaversError):
    """A query was asked for by a wrong name or with wrong parameters."""


class Refused(CareLeaversError):
    """A file that cannot be read at all (too large, not a table, person-level); nothing of it is kept."""
