"""Text files with a table in them (CSV): which characters, which separator, and the rows as Excel would number them."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from statistics import median_low, mode

from careleavers.errors import Refused
from careleavers.spreadsheets import limits
from careleavers.spreadsheets.cells import SAVE_AS, gather_rows, too_many_columns
from careleavers.spreadsheets.rows import Rows

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Mac Roman's dashes between two ages or years: in Windows-1252 those bytes are Ð and Ñ.
_MAC = re.compile(rb"[0-9]{2}[\xd0\xd1][0-9]{2}")
_SEP_LINE = re.compile(r"\s*\"?sep=([,;|:^~\t])\"?\s*", re.IGNORECASE)
_SAMPLE_CHARACTERS = 256 * 1024
_SAMPLE_ROWS = 100
# Added after the last line: it becomes a row of its own unless a quotation mark is still open. No line contains it.
_END = "\0"


class _BadLine(Exception):
    """A line that cannot be part of a table; the reader knows its row number and says so."""


def read_delimited(content: bytes) -> tuple[Rows, str]:
    """The rows of a CSV file.

    Characters are UTF-8 or UTF-16, with or without a byte-order mark, else Mac Roman or Windows-1252. The separator is
    a comma, semicolon, tab or pipe, or the one that Excel's first line ``sep=;`` names, which is no row of the sheet. A
    quoted cell may hold line ends; a line that is quoted as a whole, as some programs write it, is a row like any
    other.

    Parameters
    ----------
    content
        The bytes of the file.

    Returns
    -------
    tuple[Rows, str]
        The rows, and how they were read in words: ``UTF-8, commas``.

    Raises
    ------
    Refused
        Naming the row that cannot be read.
    """
    encoding, name = _encoding(content)
    try:
        sample = _stream(content, encoding).read(_SAMPLE_CHARACTERS)
    except UnicodeDecodeError:
        raise _wrong_characters(name) from None
    if len(_CONTROL.findall(sample)) * 10 > len(sample):
        raise Refused(f"This is not a table: it holds bytes that are not text. {SAVE_AS}")
    stream = _stream(content, encoding)
    first = _SEP_LINE.fullmatch(sample.splitlines()[0]) if sample.strip() else None
    if first:
        stream.readline()
        separator = first[1]
    else:
        separator = _separator(sample)
    width = _width(sample, separator)
    # A space between a separator and a quotation mark belongs to neither.
    spaced = re.search(rf"{re.escape(separator)} +\"", sample) is not None
    return gather_rows(
        _records(stream, separator, name, spaced, width)
    ), f"{name}, {_SEPARATORS.get(separator, f'“{separator}” between cells')}"


def _stream(content: bytes, encoding: str) -> io.TextIOWrapper:
    # newline="" leaves line ends inside quoted cells as they are.
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")


def _encoding(content: bytes) -> tuple[str, str]:
    """The codec of a text and what people call it."""
    for mark, encoding, name in _MARKS:
        if content.startswith(mark):
            return encoding, name
    sample = content[:4096]
    units, low, high = len(sample) // 2, sample[1::2].count(0), sample[0::2].count(0)
    # Almost every character of a table in English is below 256, so every other byte of UTF-16 is 0.
    if units and max(low, high) * 2 > units and min(low, high) * 10 <= units:
        return ("utf-16-le" if low > high else "utf-16-be"), "UTF-16"
    if _is_utf8(content):
        return "utf-8", "UTF-8"
    if _MAC.search(content):
        return "mac_roman", "Mac Roman"
    odd = _NOT_WINDOWS.search(content)
    if odd:
        row = content.count(b"\n", 0, odd.start()) + 1
        raise Refused(
            f"Near row {row:,} is a character that is neither UTF-8 nor Windows text, so accents, pounds and dashes "
            f"could be misread. {SAVE_AS}"
        )
    return "cp1252", "Windows-1252"


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    step = 1 << 20
    try:
        for start in range(0, len(content), step):
            decoder.decode(content[start : start + step])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(sample: str) -> str:
    """The separator that splits most rows into most cells; a comma when nothing splits them."""

    def parted(separator: str) -> int:
        widths = _widths(sample, separator)
        return len(widths) * median_low(widths) if widths else 0

    return max(_SEPARATORS, key=parted)


def _width(sample: str, separator: str) -> int:
    """How many cells most rows have."""
    widths = _widths(sample, separator)
    return mode(widths) if widths else 0


def _widths(sample: str, separator: str) -> list[int]:
    """How many cells the first rows have, those with one alone left out; lines in quotation marks taken out of them."""
    # The last line of the sample may be cut short, which matters little among so many.
    lines = (line for line in io.StringIO(sample, newline="") if line.count(separator) <= limits.COLUMNS)
    records: list[list[str]] = []
    # What cannot be read is reported, with its row, when the whole file is read.
    with contextlib.suppress(csv.Error):
        records.extend(islice(_reader(lines, separator), _SAMPLE_ROWS))
    if not any(len(record) > 1 for record in records):
        records = [_inside(record[0], separator) for record in records if record]
    return [len(record) for record in records if len(record) > 1]


def _reader(lines: Iterable[str], separator: str, spaced: bool = False) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=separator, skipinitialspace=spaced)


def _inside(text: str, separator: str) -> list[str]:
    """The cells of a line that stood in quotation marks as a whole."""
    if separator not in text:
        return [text]
    try:
        return next(_reader([text], separator), [text])
    except csv.Error:
        return [text]


def _records(
    stream: io.TextIOWrapper, separator: str, encoding: str, spaced: bool, width: int
) -> Iterator[tuple[int, list[str]]]:
    """The rows, those that stand in quotation marks as a whole with as many cells as most others have."""
    number = 0
    try:
        for record in _reader(_lines(stream, separator), separator, spaced):
            if record and record[-1].endswith(_END):
                if record == [_END]:
                    return
                raise Refused(
                    f'In row {number + 1:,} a quotation mark (") is opened and never closed, so everything after it '
                    "would be one cell. Close it or delete it, and upload the file again."
                )
            number += 1
            if len(record) == 1 and width > 2 and len(cells := _inside(record[0], separator)) == width:
                record = cells
            yield number, record
    except csv.Error:
        raise Refused(
            f"A cell in row {number + 1:,} is longer than a spreadsheet can hold. Shorten it; or perhaps a quotation "
            'mark (") is opened there and never closed.'
        ) from None
    except UnicodeDecodeError:
        raise _wrong_characters(encoding, number + 1) from None
    except _BadLine as bad:
        raise (
            too_many_columns(number + 1) if not str(bad) else Refused(f"Row {number + 1:,} {bad} {SAVE_AS}")
        ) from None


def _lines(stream: io.TextIOWrapper, separator: str) -> Iterator[str]:
    """The lines of a file and the mark of its end; what would take up much memory as a row stops here."""
    for line in stream:
        if line.count(separator) > limits.COLUMNS:
            raise _BadLine
        if _END in line:
            raise _BadLine("holds a NUL character, which no text has: the file is damaged or is not a table.")
        yield line
    yield _END


def _wrong_characters(encoding: str, row: int | None = None) -> Refused:
    where = f"Row {row:,} of the file" if row else "The file"
    return Refused(f"{where} holds bytes that are not {encoding} text: the file is damaged or cut short. {SAVE_AS}")
