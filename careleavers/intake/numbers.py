"""The numbers of a table of figures: read, held against each other, and made into a value and a status."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from careleavers.intake.encoded import EncodedColumn, Mask, encode_texts
from careleavers.intake.model import Findings
from careleavers.intake.values import EMPTY, Number, as_whole_number, read_number, read_target
from careleavers.model import Indicator
from careleavers.spreadsheets.rows import CellSet, Rows
from careleavers.wording.formats import plain_number, value_text
from careleavers.wording.status import STATUSES

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]

# What a comma before three digits means in a file: thousands as a rule; perhaps decimals where semicolons separate the
# cells; and where other numbers clearly have decimal commas, it cannot be known.
Commas = Literal["thousands", "either", "decimals"]
COUNTS = ("numerator", "denominator")
FIELDS = (*COUNTS, "value")
# Units and statuses are held as small numbers: there may be half a million rows.
_UNITS = ("percent", "per_10000", "ratio", "pounds", "count")
_PERCENT, _PER_10000, _POUNDS, _COUNT = (_UNITS.index(unit) for unit in ("percent", "per_10000", "pounds", "count"))
_FACTORS = np.array([100.0, 10_000.0, 1.0, 1.0, np.nan, np.nan])
_STATUSES = tuple(STATUSES)
_STATUS_TYPE = pd.CategoricalDtype(list(_STATUSES))
_OK, _HIDDEN, _NOBODY, _MISSING = (_STATUSES.index(code) for code in ("ok", "c", "z", "missing"))
# Marks that the counts of the same row contradict: not available, not applicable.
_NO_VALUE = [_STATUSES.index(code) for code in ("x", "z")]
# A value calculated by a program may be off by this share of it.
_NEARLY = 1e-6


class Numbers:
    """The numbers of some rows, each of one measure, worked out column by column."""

    def __init__(
        self,
        rows: Rows,
        columns: Mapping[str, int],
        indicators: EncodedColumn[Indicator | None],
        percent: CellSet,
        read: dict[str, Number],
        findings: Findings,
        commas: Commas = "thousands",
    ) -> None:
        """Remember the columns.

        Parameters
        ----------
        rows
            The rows, each with one figure in these columns.
        columns
            Those of numerator, denominator, value and target, as far as there are any, from 0.
        indicators
            The indicator of each row; None where it is not known.
        percent
            The cells that a workbook shows as percentages and holds as shares.
        read
            Remembers what texts mean, from one call to the next.
        findings
            Gets what is wrong, cell by cell.
        commas
            What a comma in a number may mean in this file.
        """
        self._rows, self._columns, self._indicators = rows, columns, indicators
        self._percent, self._read, self._findings, self._commas = percent, read, findings, commas
        self._texts = {name: encode_texts(rows, columns.get(name)) for name in (*FIELDS, "target")}
        codes = {unit: code for code, unit in enumerate(_UNITS)}
        self._unit: Codes = indicators.to_numpy(lambda each: codes[each.unit] if each else -1, np.int8)
        self._fractional: Mask = indicators.mask(lambda each: each is not None and each.fractional)
        self._bad: Mask = np.zeros(len(rows), dtype=bool)
        # Formula errors such as division by zero: fine where the denominator is 0, wrong elsewhere.
        self._errors: Mask = np.zeros(len(rows), dtype=bool)

    def resolve_columns(self) -> dict[str, Any]:
        """Work out the numbers of every row, and note what is wrong with them.

        The value is worked out from the counts where both are there; ``published_value`` is the one in the file, if it
        agrees. A row with something wrong has the status ``missing`` and no number.

        Returns
        -------
        dict[str, Any]
            The columns numerator, denominator, value, published_value, status and target of a frame of figures, each as
            long as the rows.
        """
        n, n_mark, _ = self._column("numerator")
        d, d_mark, _ = self._column("denominator")
        v, v_mark, decimals = self._column("value")
        self._check_whole_counts("numerator", n)
        self._check_whole_counts("denominator", d)
        self._counted_after_all(n, d, v_mark)
        status: Codes = np.where(n_mark, n_mark, np.where(v_mark, v_mark, d_mark)).astype(np.int8)
        status[(n_mark == _HIDDEN) | (v_mark == _HIDDEN) | (d_mark == _HIDDEN)] = _HIDDEN
        count = self._unit == _COUNT
        plainly = (status == _OK) & ~self._bad
        empty = plainly & ~count & (d == 0) & ~(n > 0)
        self._note("nobody", empty, "denominator")
        status[empty] = _NOBODY
        for i in _places(self._errors & ~empty & (status == _OK)):
            self._wrong(i, "value", "not_a_number", v)
        plainly &= ~self._bad
        over = plainly & ~count & (n > d) & (np.isin(self._unit, (_PERCENT, _PER_10000)) | (d == 0))
        for i in _places(over):
            self._note_one("numerator_over_denominator", i, "numerator", denominator=plain_number(d[i]))
        self._bad |= over
        asked = plainly & ~empty & ~over
        self._needed(n, d, v, asked)
        alone = np.where(count & np.isnan(n), v, np.nan)
        self._check_whole_counts("value", alone)
        asked &= ~self._bad
        n = np.where(count & np.isnan(n), v, n)
        with np.errstate(divide="ignore", invalid="ignore"):
            exact = np.where(asked, np.where(count, n, _FACTORS[self._unit] * n / d), np.nan)
        differs = self._differs(n, d, v, exact, decimals)
        value = np.where(np.isnan(exact), v, exact)
        value[status != _OK] = np.nan
        # What is suppressed as a percentage must not come back from its count.
        n[status == _HIDDEN] = np.nan
        published = np.where(differs | np.isnan(value), np.nan, v)
        status[self._bad] = _MISSING
        for numbers in (n, d, value, published):
            numbers[self._bad] = np.nan
        return {
            "numerator": n,
            "denominator": d,
            "value": value,
            "published_value": published,
            "status": pd.Categorical.from_codes(status, dtype=_STATUS_TYPE),
            "target": self._targets(),
        }

    def _counted_after_all(self, n: Floats, d: Floats, mark: Codes) -> None:
        """Ask the officer to confirm that counts are used where the value next to them says that there is none."""
        none = np.isin(mark, _NO_VALUE) & ~np.isnan(n) & (d > 0) & (n <= d) & (self._unit == _PERCENT)
        for i in _places(none & ~self._bad):
            exact = value_text(float(100 * n[i] / d[i]), "percent", 1)
            self._note_one(
                "value_differs", i, "value", numerator=plain_number(n[i]), denominator=plain_number(d[i]), exact=exact
            )
        mark[none] = _OK

    def _column(self, name: str) -> tuple[Floats, Codes, Codes]:
        """Numbers (NaN for none), marks and decimals of a column. Cells that cannot be read are noted."""
        found = self._texts[name].map(self._number)
        numbers: Floats = found.to_numpy(lambda each: each.number, np.float64)
        decimals: Codes = found.to_numpy(lambda each: min(each.decimals, 15), np.int8)
        shares = self._shares(name, found)
        # A percentage is not a count.
        count = name in COUNTS
        wrong = found.mask(lambda each: bool(each.wrong) or (count and each.percent))
        if count:
            wrong |= shares
        else:
            if name == "value":
                self._errors = found.mask(lambda each: each.error)
                wrong &= ~self._errors
                # "2140%" of an average is 21.4 to a spreadsheet and 2,140 to whoever typed it.
                other = (shares | found.mask(lambda each: each.percent)) & (self._unit >= 0) & (self._unit != _PERCENT)
                for i in _places(other):
                    self._wrong(i, name, "percent_sign", numbers)
            numbers[shares] *= 100
            decimals[shares] = np.maximum(decimals[shares] - 2, 0)
        for i in _places(wrong):
            self._wrong(i, name, found[i].wrong or "not_a_number", numbers)
        for i in _places(self._two_ways(name, found) & ~wrong):
            self._wrong(i, name, "two_readings", numbers)
        self._converted(name, found)
        return numbers, found.to_numpy(lambda each: _STATUSES.index(each.mark or "ok"), np.int8), decimals

    def _number(self, text: str) -> Number:
        number = self._read.get(text)
        if number is None:
            number = self._read[text] = read_number(text)
        return number

    def _shares(self, name: str, found: EncodedColumn[Number]) -> Mask:
        """The rows whose cell a workbook shows as a percentage and holds as a share."""
        column = self._columns.get(name)
        if column is None or not self._percent:
            return np.zeros(len(self._rows), dtype=bool)
        return self._percent.in_column(column, self._rows.lines) & found.mask(
            lambda each: each.number is not None and not each.percent
        )

    def _two_ways(self, name: str, found: EncodedColumn[Number]) -> Mask:
        """The rows whose number has a comma or a point that could separate thousands or decimals."""
        comma, point = found.mask(lambda each: each.comma), found.mask(lambda each: each.point)
        none: Mask = np.zeros(len(self._rows), dtype=bool)
        if not (comma.any() or point.any()):
            return none
        whole = ~self._fractional & (self._unit >= 0) if name in COUNTS else np.isin(self._unit, (_COUNT, _POUNDS))
        if self._commas == "decimals":
            return comma | point
        asked = comma & ~whole if name not in COUNTS or self._commas == "either" else none
        # "1.000" young people are one or a thousand; "1.012" is no count in either case.
        return asked | (point & whole & found.mask(lambda each: each.number is not None and each.number % 1 == 0))

    def _wrong(self, i: int, name: str, rule: str, numbers: Floats) -> None:
        text = self._texts[name][i].strip()
        numbers[i] = np.nan
        self._bad[i] = True
        if rule == "two_readings":
            digits = re.sub(r"[.,]", "", text.rstrip("% "))
            point = re.sub(r"[.,]", ".", text.rstrip("% "))
            self._note_one(rule, i, name, what=f"The {name}", one=digits, other=point)
        elif rule == "percent_sign":
            self._note_one(rule, i, name, indicator=self._id(i))
        else:
            self._note_one(rule, i, name, what=f"The {name}")

    def _converted(self, name: str, found: EncodedColumn[Number]) -> None:
        """Note marks that are not written as the template writes them."""
        plainly = self._texts[name].map(lambda text: text.strip().lower())
        other = [bool(each.mark) and text != each.mark for text, each in zip(plainly.values, found.values, strict=True)]
        for i in _places(np.array(other, dtype=bool)[found.codes]):
            self._note_one("symbol_converted", i, name, meaning=STATUSES[found[i].mark].short)

    def _check_whole_counts(self, name: str, numbers: Floats) -> None:
        """Counts of young people are whole; those of staff are full-time equivalents."""
        for i in _places((numbers % 1 != 0) & ~np.isnan(numbers)):
            indicator = self._indicators[i]
            if indicator is None or indicator.fractional:
                continue
            exact = as_whole_number(float(numbers[i]))
            if exact is not None:
                numbers[i] = exact
                continue
            self._bad[i] = True
            self._note_one("not_whole", i, name, what=f"The {name}")

    def _needed(self, n: Floats, d: Floats, v: Floats, asked: Mask) -> None:
        """Note percentages without their counts, and other figures without a value."""
        half = np.isnan(n) | np.isnan(d)
        lacking = asked & (self._unit == _PERCENT) & half
        for i in _places(lacking):
            missing = [name for name, numbers in zip(COUNTS, (n, d), strict=True) if np.isnan(numbers[i])]
            self._note_one("counts_needed", i, missing[0], indicator=self._id(i), missing=" and no ".join(missing))
        none = np.isnan(v) & np.where(self._unit == _COUNT, np.isnan(n), half)
        valueless = asked & (self._unit >= 0) & (self._unit != _PERCENT) & none
        for i in _places(valueless):
            self._note_one("value_needed", i, "value", indicator=self._id(i))
        self._bad |= lacking | valueless

    def _differs(self, n: Floats, d: Floats, given: Floats, exact: Floats, decimals: Codes) -> Mask:
        """Note values that their counts do not round to, at the decimals they are written with."""
        rounding = np.where(self._unit == _COUNT, 0.0, 0.5 * 10.0 ** -decimals.astype(np.float64))
        differs: Mask = np.abs(exact - given) > rounding + _NEARLY * np.maximum(1, np.abs(exact))
        differs &= ~self._bad
        for i in _places(differs):
            unit = _UNITS[self._unit[i]]
            self._note_one(
                "value_differs",
                i,
                "value",
                numerator=plain_number(n[i]),
                denominator="1" if unit == "count" else plain_number(d[i]),
                exact=value_text(float(exact[i]), unit, max(1, int(decimals[i]))),
            )
        return differs

    def _targets(self) -> Floats:
        found = self._texts["target"].map(lambda text: read_target(text) if text.strip() else EMPTY)
        targets: Floats = found.to_numpy(lambda each: each.number if each else None, np.float64)
        for i in _places(found.mask(lambda each: each is None)):
            self._note_one("no_target", i, "target")
        signed = found.mask(lambda each: each is not None and each.percent)
        cells = self._shares("target", found.map(lambda each: each or EMPTY)) & ~signed
        percent = self._unit == _PERCENT
        for i in _places(found.mask(lambda each: each is not None and bool(each.wrong))):
            self._bad_target(i, targets, "that is a number of 0 or more")
        for i in _places((signed | cells) & ~percent & (self._unit >= 0) & ~np.isnan(targets)):
            self._bad_target(i, targets, "without a percent sign, for the measure is no percentage")
        for i in _places(self._two_ways("target", found.map(lambda each: each or EMPTY)) & ~np.isnan(targets)):
            self._bad_target(
                i, targets, "that can be read in one way: without a comma, and with a point before decimals"
            )
        targets[cells & percent] = np.round(targets[cells & percent] * 100, 10)
        self._shares_of_one(targets, percent & ~signed & ~cells)
        for i in _places(~np.isnan(targets)):
            indicator = self._indicators[i]
            if indicator is None:
                continue
            if not indicator.target:
                allowed = f"only where one can be set, which {indicator.id} does not allow"
            elif indicator.unit == "percent" and targets[i] > 100:
                allowed = "from 0 to 100"
            else:
                continue
            self._bad_target(i, targets, allowed)
        return targets

    def _shares_of_one(self, targets: Floats, plainly: Mask) -> None:
        """Read targets of percentages as shares where all are: 0.55 is 55%. Where only some are, ask."""
        doubtful = plainly & (targets > 0) & (targets <= 1)
        if not doubtful.any():
            return
        shares = bool((targets[doubtful] < 1).any()) and not (plainly & (targets > 1)).any()
        for i in _places(doubtful):
            number = f"{targets[i] * 100:.10g}"
            if shares:
                self._note_one("share_read", i, "target", percent=f"{number}%", other=f"{targets[i]:.10g}%")
                targets[i] = float(number)
            else:
                said = self._texts["target"][i].strip()
                self._bad_target(
                    i, targets, f"that can be read in one way: {number}% or {said}%, with its percent sign"
                )

    def _bad_target(self, i: int, targets: Floats, allowed: str) -> None:
        targets[i] = np.nan
        self._note_one("bad_target", i, "target", range=allowed)

    def _id(self, i: int) -> str:
        indicator = self._indicators[i]
        return indicator.id if indicator else ""

    def _note(self, rule: str, where: Mask, name: str) -> None:
        for i in _places(where):
            self._note_one(rule, i, name)

    def _note_one(self, rule: str, i: int, name: str, **words: str) -> None:
        line, column = int(self._rows.lines[i]), self._columns.get(name)
        if column is None:
            # The file has no column for what is missing: the finding is placed at the count that is there.
            column = next((self._columns[field] for field in FIELDS if field in self._columns), None)
            self._findings.add(rule, line, column, "", **words)
            return
        text = self._texts[name][i].strip()
        if (line, column) in self._percent and (number := self._number(text).number) is not None and "%" not in text:
            # As the officer sees it: the spreadsheet shows the share that the cell holds as a percentage.
            text = f"{number * 100:.10g}%"
        self._findings.add(rule, line, column, text, **words)


def _places(where: Mask) -> Iterator[int]:
    return iter(np.flatnonzero(where).tolist())
