"""Files other than a table of figures, and tables that are not accepted here: what each is, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from careleavers.errors import Refused
from careleavers.intake.model import Sheet
from careleavers.intake.name_keys import name_key
from careleavers.spreadsheets.cells import SAVE_AS
from careleavers.spreadsheets.opening import EXPORT

# The first bytes are enough to know a file by.
_BEGINNING = 64 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_TYPE_THEM = "Put the figures into the template of this page and upload that."

# The bytes that files begin with, what people call such files, and what to do.
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF document", _TYPE_THEM),
    (b"{\\rtf", "a Word document", SAVE_AS),
    (b"\x89PNG", "a picture", _TYPE_THEM),
    (b"\xff\xd8\xff", "a picture", _TYPE_THEM),
    (b"GIF8", "a picture", _TYPE_THEM),
    (b"RIFF", "a picture or a sound", _TYPE_THEM),
    (b"II*\x00", "a picture", _TYPE_THEM),
    (b"MM\x00*", "a picture", _TYPE_THEM),
    (b"BM", "a picture", _TYPE_THEM),
    (b"\x1f\x8b", "a compressed file", "Unpack it and upload the table that is in it."),
    (b"7z\xbc\xaf", "a compressed file", "Unpack it and upload the table that is in it."),
    (b"Rar!\x1a", "a compressed file", "Unpack it and upload the table that is in it."),
    (b"BZh91AY", "a compressed file", "Unpack it and upload the table that is in it."),
    (b"\xfd7zXZ", "a compressed file", "Unpack it and upload the table that is in it."),
    (b"SQLite format 3", "a database (SQLite)", EXPORT),
    (b"\x00\x01\x00\x00Standard ", "an Access database", EXPORT),
    (b"PAR1", "a Parquet file", EXPORT),
    (b"ARROW1", "a Feather file", EXPORT),
    (b"$FL2", "an SPSS file", EXPORT),
    (b"<stata_dta>", "a Stata file", EXPORT),
    (b".pfile", "a file that is encrypted by a sensitivity label", EXPORT),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "a shortcut to a file, not the file", "Upload the file that it leads to."),
    (b"[InternetShortcut]", "a link to a web page, not a file", "Open it, download the file and upload that."),
    (b"BEGIN:V", "an appointment or an address card", _TYPE_THEM),
    (b"ID;PWXL", "a SYLK file", SAVE_AS),
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|html|head|body|meta|table)\b", re.IGNORECASE)
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*"|\[\s*[\[{"])')
# The header fields that a letter, or a web page saved as one file, begins with.
_MAIL = re.compile(
    rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*?"
    rb"(?:received|return-path|delivered-to|mime-version|message-id):",
    re.IGNORECASE,
)
_SENT = re.compile(rb"^(?:received|return-path|delivered-to|to|message-id):", re.IGNORECASE | re.MULTILINE)
# Excel's lock file: the name of who has the workbook open, after its length; once in bytes, once in UTF-16.
_LOCK_SIZE, _LOCK_NAME = 165, 54


def refuse_other_files(content: bytes, file_name: str) -> None:
    """Refuse bytes that are no text, workbook or zip file, saying what they are and what to do.

    Parameters
    ----------
    content
        The bytes of the file.
    file_name
        Its name.

    Raises
    ------
    Refused
        Fit to show.
    """
    _refuse_lock_files(content, file_name)
    if content.startswith(_OLD_OFFICE):
        _refuse_old_office(content)
    beginning = content[:_BEGINNING]
    for start, name, advice in _BEGINNINGS:
        # A table may begin with these two letters too, but only a picture has bytes that are not text.
        if beginning.startswith(start) and (start != b"BM" or b"\x00" in beginning[:32]):
            raise Refused(f"This is {name}, not a table. {advice}")
    if beginning[4:12] in {b"ftypheic", b"ftypmif1", b"ftypavif"}:
        raise Refused(f"This is a picture, not a table. {_TYPE_THEM}")
    if _MAIL.match(beginning):
        _refuse_mail(beginning)
    if b'progid="Excel.Sheet"' in beginning[:1024]:
        raise Refused(
            "This is an XML spreadsheet (Excel 2003), which cannot be read here. Open it in Excel, save it as an Excel "
            "workbook (.xlsx) and upload that."
        )
    if _MARKUP.match(beginning):
        if b"login.microsoftonline" in beginning or b"accounts.google.com" in beginning:
            raise Refused(
                "This is the page that asked for a sign-in when the file was downloaded, not the file. Open it in your "
                "browser, sign in, download the file again and upload that."
            )
        raise Refused(f"This is a web page or an XML file, not a table, whatever its name says. {SAVE_AS}")
    if _JSON.match(beginning):
        if b'"doc_id"' in beginning or b"docs.google.com" in beginning:
            raise Refused(
                "This is a link to a Google sheet, not the sheet. Open it, choose File, Download, Microsoft Excel (.xlsx) "
                "and upload what you get."
            )
        raise Refused(f"This is a JSON file, not a table. {EXPORT}")


def _refuse_lock_files(content: bytes, file_name: str) -> None:
    named = content[:1] and content[0] <= _LOCK_NAME and content[1 : 1 + content[0]].isascii()
    excel = len(content) == _LOCK_SIZE and named and content[_LOCK_NAME + 1 : _LOCK_NAME + 2] == content[:1]
    office = file_name.lstrip(".").startswith("~lock.")  # a name is kept without the dots that it begins with
    if excel or office or file_name.startswith("~$"):
        program, name = ("LibreOffice", "“.~lock.” and “#”") if office else ("Excel", "“~$” at its beginning")
        raise Refused(
            f"This is the small file that {program} keeps next to a workbook while somebody has it open, not the workbook. "
            f"Upload the file of the same name without {name}."
        )


def _refuse_old_office(content: bytes) -> None:
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        if holds("DRMEncrypted") or holds("DRMTransform") or holds("LabelInfo"):
            raise Refused(
                "The file is encrypted by a sensitivity label, so that only people of your organisation can open it. In "
                "Excel choose a label without encryption (Home, Sensitivity) or save the table as “CSV UTF-8”, and upload "
                "that."
            )
        raise Refused(
            "The workbook is protected with a password. Open it, remove the password (File, Info, Protect Workbook, "
            "Encrypt with Password: leave it empty), save it and upload it again."
        )
    if holds("__substg1.0_") or holds("__nameid_version"):
        raise Refused(f"This is a mail (Outlook), not a table. {_ATTACHED}")
    if holds("WordDocument"):
        raise Refused(f"This is a Word document, not a table. {SAVE_AS}")
    if holds("PowerPoint Document"):
        raise Refused(f"This is a PowerPoint presentation, not a table. {_TYPE_THEM}")
    raise Refused(f"This is an old Excel workbook (.xls), which cannot be read safely. {SAVE_AS}")


_ATTACHED = "Save the file that is attached to it, and upload that."


def _refuse_mail(beginning: bytes) -> None:
    saved = b"snapshot-content-location:" in beginning.lower() or b"multipart/related" in beginning.lower()
    if saved and not _SENT.search(beginning.split(b"\r\n\r\n")[0].split(b"\n\n")[0]):
        raise Refused(
            "This is a web page saved as one file (a web archive), as report servers make it, not a table, whatever its "
            f"name says. Open it in Excel. {SAVE_AS}"
        )
    raise Refused(f"This is a mail, not a table. {_ATTACHED}")


@dataclass(frozen=True)
class _NamedTable:
    """Somebody else's table: the columns that identify it, and what to say about it."""

    columns: frozenset[str]
    said: str
    without: frozenset[str] = frozenset()


def _columns(*names: str) -> frozenset[str]:
    return frozenset(name_key(name) for name in names)


_RELEASE = "Download the department's data file of the publication (“Download all data”, a zip file) and upload the file whose name begins with “la_”, unchanged."
_TABLES = (
    _NamedTable(
        _columns("location", "location_code", "geographic_level", "time_period"),
        "This is a table made with the table tool of Explore education statistics. It has other columns than the files that "
        f"are published, and perhaps not every row. {_RELEASE}",
        without=_columns("new_la_code"),
    ),
    _NamedTable(
        _columns("time_period", "geographic_level", "country_code"),
        f"This file of the department holds England or regions only: no authority is in it. {_RELEASE}",
        without=_columns("new_la_code", "old_la_code", "la_name"),
    ),
    _NamedTable(
        _columns("Indicator ID", "Area Code", "Time period", "Lower CI 95.0 limit"),
        "This is a download from Fingertips. None of its indicators is held here. To show figures of your own next to "
        "others, put them into the template of this page.",
    ),
    _NamedTable(
        _columns("Short Desc", "Data item", "LA and Regions", "Values"),
        "This is the database of the Local Authority Interactive Tool. It has whole percentages without the counts that they "
        f"come from. {_RELEASE}",
    ),
    _NamedTable(
        _columns("Local authority code", "Grouping", "Measure", "MEDIAN"),
        "This is a file of the Office for Local Government (Oflog), which republishes others' figures. Upload the release "
        "that they come from.",
    ),
    _NamedTable(
        _columns("SN_1", "SN_10", "SN_1P"),
        "This is the department's list of statistical neighbours. It is not uploaded: whoever runs this dashboard brings it "
        "in with “import-published”.",
    ),
    _NamedTable(
        _columns("old_la_code", "new_la_code", "date_of_operation"),
        "This is the list of authorities' codes. It is not uploaded: whoever runs this dashboard brings it in with "
        "“import-published”.",
    ),
)  # fmt: skip
OFSTED = (
    "This is Ofsted's list of inspection outcomes. It is not uploaded: whoever runs this dashboard brings it in with "
    "“import-published”. A single inspection or visit can be uploaded as a table with the columns authority_code, "
    "inspection_type, inspection_date and source."
)
_OFSTED_SHEETS = ("inspections_as_at", "ilacs_inspection_history", "in-year_inspections")
_TEXTBOX = re.compile(r"textbox\d+", re.IGNORECASE)
_SEARCHED_ROWS = 60
_TITLES = frozenset(
    {
        "authority",
        "localauthority",
        "la",
        "laname",
        "council",
        "indicator",
        "measure",
        "kpi",
        "agegroup",
        "age",
        "ageband",
    }
    | {"quarter", "period", "year", "numerator", "denominator", "number", "total", "value", "target"}
)
# This many titles at the beginning of each row are not an accident.
_REPEATED_TITLES = 3


def refuse_other_workbooks(sheets: Iterable[str]) -> None:
    """Refuse a workbook whose sheets show that it is something that is not uploaded.

    Parameters
    ----------
    sheets
        The names of its sheets.

    Raises
    ------
    Refused
        Fit to show.
    """
    if any(sheet.lower().startswith(_OFSTED_SHEETS) for sheet in sheets):
        raise Refused(OFSTED)


def refuse_other_tables(sheet: Sheet) -> None:
    """Refuse a well-known table that is not accepted here, saying what it is and what to upload instead.

    Parameters
    ----------
    sheet
        The table.

    Raises
    ------
    Refused
        Fit to show.
    """
    for _, cells in sheet.rows[:_SEARCHED_ROWS]:
        names = {name_key(cell) for cell in cells if cell}
        for table in _TABLES:
            if table.columns <= names and names.isdisjoint(table.without):
                raise Refused(table.said)
        if sum(bool(_TEXTBOX.fullmatch(cell.strip())) for cell in cells) > 1:
            raise Refused(
                "This is a report exported as CSV by a report server (SSRS): the boxes of its layout (Textbox…) stand "
                "between the rows. Export the report as Excel, keep the table of figures alone with its header, and "
                "upload that."
            )
    first = [cells for _, cells in sheet.rows[:3]]
    if _repeats_titles(first):
        raise Refused(
            "Each row begins with the titles of its columns, as Crystal Reports exports CSV, so no row is a header. Export "
            "it as “Microsoft Excel (97-2003) Data only” or leave out the report and group sections, and upload that."
        )


def _repeats_titles(rows: list[tuple[str, ...]]) -> bool:
    """Whether all rows begin with the same column titles, followed by their own cells."""
    if len(rows) < 2:
        return False
    shared = [name_key(one[0]) for one in zip(*rows, strict=False) if len(set(one)) == 1]
    return len(_TITLES.intersection(shared)) >= _REPEATED_TITLES and len(shared) < len(rows[0])
