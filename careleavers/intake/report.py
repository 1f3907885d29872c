"""The check report: findings grouped by severity and rule, for the page, the terminal and a download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd

from careleavers.intake.model import SEVERITIES, Finding, Findings, Rule, Severity, column_letters
from careleavers.spreadsheets.rows import Integers
from careleavers.wording.formats import join_words

# What a severity asks of the officer, for one cell and for several.
_ASKS: dict[Severity, tuple[str, str]] = {
    "must fix": ("thing must be fixed", "things must be fixed"),
    "please confirm": ("to confirm", "to confirm"),
    "for information": ("for information", "for information"),
}
_LONGEST_FOUND = 60
_SHOWN_CELLS = 6
_SHOWN_FINDINGS = 5
COLUMNS = ("severity", "rule", "cell", "found", "expected", "fix")


@dataclass(frozen=True)
class RuleReport:
    """What one rule found.

    Attributes
    ----------
    rule
        The rule.
    findings
        In the order of the file.
    count
        In how many cells.
    """

    rule: Rule
    findings: tuple[Finding, ...]
    count: int

    @property
    def cells(self) -> tuple[str, ...]:
        """All cells, in spreadsheet terms."""
        return tuple(cell for finding in self.findings for cell in finding.cells)

    def shown(self, most: int = _SHOWN_FINDINGS) -> tuple[tuple[Finding, ...], str]:
        """The first findings of the rule.

        Parameters
        ----------
        most
            How many.

        Returns
        -------
        tuple[tuple[Finding, ...], str]
            They, and a sentence that counts the cells of the others; "" where there are no others.
        """
        first, rest = self.findings[:most], self.findings[most:]
        return first, more_cells(sum(map(cell_count, rest))) if rest else ""


@dataclass(frozen=True)
class Section:
    """Everything of one severity.

    Attributes
    ----------
    severity
        The severity.
    count
        In how many cells something was found.
    rules
        What each rule found, in the order of the rules.
    """

    severity: Severity
    count: int
    rules: tuple[RuleReport, ...]


@dataclass(frozen=True)
class Report:
    """A whole check report; ``sections`` has each severity, the most severe first, also where it found nothing."""

    sections: tuple[Section, ...]

    @property
    def count(self) -> int:
        """In how many cells, rows or files something was found."""
        return sum(section.count for section in self.sections)

    @property
    def blocking(self) -> bool:
        """Whether anything must be fixed before the file can be accepted."""
        return self.section("must fix").count > 0

    @property
    def to_confirm(self) -> bool:
        """Whether anything must be confirmed when the file is accepted."""
        return self.section("please confirm").count > 0

    @property
    def headline(self) -> str:
        """The report in a sentence: ``3 things must be fixed, 12 to confirm and 1 for information.``"""
        parts = [f"{s.count:,} {_ASKS[s.severity][s.count != 1]}" for s in self.sections if s.count]
        return f"{join_words(parts)}." if parts else "Nothing to put right."

    def section(self, severity: Severity) -> Section:
        """The part of one severity.

        Parameters
        ----------
        severity
            The severity.

        Returns
        -------
        Section
        """
        return self.sections[SEVERITIES.index(severity)]


def report(findings: Findings) -> Report:
    """Group findings by severity and rule.

    Parameters
    ----------
    findings
        Those of a file.

    Returns
    -------
    Report
    """
    by_rule = [_rule_report(rule, tuple(group)) for rule, group in groupby(findings, key=lambda finding: finding.rule)]
    return Report(tuple(_section(severity, by_rule) for severity in SEVERITIES))


def report_frame(findings: Findings) -> pd.DataFrame:
    """The report as a table.

    Parameters
    ----------
    findings
        Those of a file.

    Returns
    -------
    pandas.DataFrame
        One row per cell that something was found in, columns :data:`COLUMNS`, all text. ``cell`` is "" for the whole
        file; a rule that is said once has all of its rows in one.
    """
    columns: dict[str, list[str]] = {column: [] for column in COLUMNS}
    for finding in findings:
        cells = (cells_text(finding),) if finding.rule.once else finding.cells or ("",)
        said = (finding.rule.severity, finding.rule.title, shortened(finding.found), finding.expected, finding.fix)
        columns["cell"].extend(cells)
        for column, text in zip((c for c in COLUMNS if c != "cell"), said, strict=True):
            columns[column].extend([text] * len(cells))
    return pd.DataFrame(columns, columns=list(COLUMNS))


def report_text(findings: Findings) -> str:
    """The report for a terminal: each severity and rule with its first findings, and how many more there are.

    Parameters
    ----------
    findings
        Those of a file.

    Returns
    -------
    str
    """
    whole = report(findings)
    lines = [whole.headline]
    for section in whole.sections:
        if not section.rules:
            continue
        lines += ["", f"{section.severity.upper()} ({section.count:,})"]
        for rule in section.rules:
            lines.append(f"  {rule.rule.title} ({rule.count:,})")
            first, more = rule.shown()
            for finding in first:
                lines.append(f"    {cells_text(finding) or 'the file'}{_found_text(finding)}")
                lines.append(f"      expected  {finding.expected}")
                lines.append(f"      fix       {finding.fix}")
            if more:
                lines.append(f"    {more}")
    return "\n".join(printable(line) for line in lines)


def cells_text(finding: Finding, most: int = _SHOWN_CELLS) -> str:
    """The cells of a finding, runs of them as ranges: ``C14:C20, C25 and 4,120 more cells, all in the checked file``.

    Parameters
    ----------
    finding
        The finding.
    most
        How many cells and ranges to name at most.

    Returns
    -------
    str
        ``rows 14 to 20`` where whole rows are meant; "" where the whole file is.
    """
    if not finding.lines:
        return ""
    rows = np.unique(np.asarray(finding.lines))
    runs = _runs(rows, most)
    letters = "" if finding.column is None else column_letters(finding.column)
    if letters:
        named = [f"{letters}{a}" if a == b else f"{letters}{a}:{letters}{b}" for a, b in runs]
    else:
        named = [f"row {a}" if a == b else f"rows {a} to {b}" for a, b in runs]
    left = len(rows) - sum(b - a + 1 for a, b in runs)
    return f"{', '.join(named)} {more_cells(left, letters == '')}" if left else join_words(named)


def more_cells(count: int, rows: bool = False) -> str:
    """How many cells are not named here, and where they are.

    Parameters
    ----------
    count
        How many.
    rows
        Whether they are rows.

    Returns
    -------
    str
    """
    thing = "row" if rows else "cell"
    return f"and {count:,} more {thing}{'s' if count != 1 else ''}, all in the checked file"


def cell_count(finding: Finding) -> int:
    """In how many cells or rows a finding is.

    Parameters
    ----------
    finding
        The finding.

    Returns
    -------
    int
        1 for the whole file, and for a rule that is said once.
    """
    return 1 if finding.rule.once else max(len(finding.lines), 1)


def shortened(text: str) -> str:
    """What was found in a cell, on one line, and cut with an ellipsis where it is very long.

    Parameters
    ----------
    text
        The cell.

    Returns
    -------
    str
        Not escaped for a page.
    """
    line = printable(" ".join(text.split()))
    return line if len(line) <= _LONGEST_FOUND else line[: _LONGEST_FOUND - 1].rstrip() + "…"


def printable(text: str) -> str:
    """A text without control characters, which could tell a terminal to do anything.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
    """
    return "".join(character for character in text if character.isprintable())


def _rule_report(rule: Rule, findings: tuple[Finding, ...]) -> RuleReport:
    return RuleReport(rule, findings, sum(map(cell_count, findings)))


def _section(severity: Severity, by_rule: Sequence[RuleReport]) -> Section:
    rules = tuple(each for each in by_rule if each.rule.severity == severity)
    return Section(severity, sum(each.count for each in rules), rules)


def _found_text(finding: Finding) -> str:
    return f"  found “{shortened(finding.found)}”" if finding.found.strip() else ""


def _runs(rows: Integers, most: int) -> list[tuple[int, int]]:
    """The first and the last of each of the first runs of ascending numbers."""
    ends = np.flatnonzero(np.diff(rows) > 1)
    first, last = rows[np.append(0, ends + 1)[:most]], rows[np.append(ends, len(rows) - 1)[:most]]
    return list(zip(first.tolist(), last.tolist(), strict=True))
