"""An uploaded file as figures in the project's words, and everything that is wrong with it."""

from __future__ import annotations

import dataclasses
import hashlib
import unicodedata
from pathlib import PurePosixPath

import pandas as pd

from careleavers.intake.catalogue_rows import read_catalogue
from careleavers.intake.data_rows import of_right_width
from careleavers.intake.event_rows import read_events
from careleavers.intake.frames import empty_figure_frame
from careleavers.intake.header import Header
from careleavers.intake.header_search import find_header
from careleavers.intake.homelessness_tables import read_homelessness
from careleavers.intake.local import read_local
from careleavers.intake.model import Draft, Findings, Progress
from careleavers.intake.other_files import refuse_other_tables
from careleavers.intake.reference import ReferenceData
from careleavers.intake.releases import read_release
from careleavers.intake.rules import RULES
from careleavers.intake.sheets import read_sheet
from careleavers.spreadsheets.cells import tidy_text

# File systems take names of up to 255 bytes; ours get a word more where a file is given back.
_LONGEST_NAME = 200


def read_upload(content: bytes, file_name: str, reference: ReferenceData, *, progress: Progress | None = None) -> Draft:
    """Read an officer's file, a release of the department, a catalogue or a list of events; its header tells which.

    Parameters
    ----------
    content
        The bytes of the file.
    file_name
        Its name.
    reference
        What it is read against.
    progress
        Called with the share done (0 to 1) and what is being done.

    Returns
    -------
    Draft
        Whatever is wrong and no reason to refuse the file is in its findings.

    Raises
    ------
    Refused
        The file is too large, is no table, has no header or is about individual young people; fit to show, and nothing of
        the file is kept.
    """
    tell = progress or (lambda share, doing: None)
    file_name = plain_name(file_name)
    tell(0.0, "Opening the file")
    quarter = read_homelessness(content, file_name, reference)
    if quarter is not None:
        tell(1.0, "Read")
        return quarter
    sheet = read_sheet(content, file_name)
    refuse_other_tables(sheet)
    findings = Findings(RULES)
    tell(0.4, "Looking for the header")
    meant = dataclasses.replace(sheet, rows=sheet.rows.map_texts(tidy_text))
    header = find_header(meant, reference, findings)
    for reason, count in sheet.skipped.items():
        findings.add("left_out", found=f"{count:,}", reason=reason)
    figures, entries, about = empty_figure_frame(), pd.DataFrame(), dict[str, object]()
    layout: str = header.kind
    if header.kind == "release":
        figures, layout, about = read_release(sheet, header, reference, findings)
    elif header.kind in ("catalogue", "events") and not sheet.sheet:
        under = meant.rows.take(meant.rows.lines > header.row)
        meant = dataclasses.replace(meant, rows=of_right_width(under, header, findings))
    if header.kind == "catalogue":
        entries = read_catalogue(meant, header, reference, findings)
    elif header.kind == "events":
        entries = read_events(meant, header, reference, findings)
    elif header.kind == "local":
        layout = _local_layout(header)
        figures = read_local(meant, header, reference, findings, tell)
    tell(1.0, "Read")
    return Draft(
        file_name=file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        kind=header.kind,
        layout=layout,
        sheet=sheet,
        header_row=header.row,
        header=header.cells,
        columns=header.named_columns(),
        figures=figures,
        findings=findings,
        entries=entries,
        about=about,
    )


def plain_name(given: str) -> str:
    """The name of a file without the folders, and without what is no letter, number, mark or space.

    Others see it in the history and are given files that are named after it, so it must not lead to another folder, break a
    line, or look like something else. A browser sends the name alone; other programs send what they like.

    Parameters
    ----------
    given
        The name as it was sent.

    Returns
    -------
    str
        ``upload`` where nothing is left; at most 200 bytes, with the same ending.

    Examples
    --------
    >>> plain_name("C:\\\\Users\\\\ann\\\\quarter 2.csv")
    'quarter 2.csv'
    """
    last = given.replace("\\", "/").rstrip("/").rpartition("/")[2]
    seen = "".join(
        mark for mark in last if unicodedata.category(mark)[0] != "C" and unicodedata.category(mark) not in {"Zl", "Zp"}
    )
    name = PurePosixPath(seen.strip(" .") or "upload")
    ending = name.suffix.encode()[:20]
    return (name.stem.encode()[: _LONGEST_NAME - len(ending)] + ending).decode("utf-8", "ignore")


def _local_layout(header: Header) -> str:
    return "wide" if header.wide else "long"
