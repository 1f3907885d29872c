"""A workbook from its bytes, whichever program wrote it; or what else the zip file is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from careleavers.errors import Refused
from careleavers.spreadsheets.archive import DAMAGED, Archive
from careleavers.spreadsheets.cells import SAVE_AS

if TYPE_CHECKING:
    from careleavers.spreadsheets.opendocument import OpenDocument
    from careleavers.spreadsheets.workbook import Workbook

EXPORT = (
    "Open it in the program that made it, export the table as CSV or as an Excel workbook (.xlsx), and upload that."
)


def open_workbook(content: bytes) -> Workbook | OpenDocument:
    """Open an Excel or OpenDocument workbook safely.

    Parameters
    ----------
    content
        The bytes of the file.

    Returns
    -------
    Workbook | OpenDocument

    Raises
    ------
    Refused
        For every other zip file.
    """
    # A text file needs nothing of what these import.
    from careleavers.spreadsheets.opendocument import OpenDocument
    from careleavers.spreadsheets.workbook import Workbook

    archive = Archive(content)
    if "xl/workbook.bin" in archive:
        raise Refused(f"This is an Excel binary workbook (.xlsb), which cannot be read here. {SAVE_AS}")
    if archive.beginning("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return OpenDocument(archive)
    if "[Content_Types].xml" not in archive:
        _refuse_other_archives(archive.parts(""), archive.beginning("mimetype"))
    related = archive.related("")
    main = next((part for kind, part in related.values() if kind == "officeDocument"), "xl/workbook.xml")
    if main.startswith(("word/", "ppt/", "visio/")):
        raise Refused(f"This is a Word, PowerPoint or Visio document, not a table. {SAVE_AS}")
    if main not in archive:
        raise Refused(DAMAGED)
    return Workbook(archive, main)


def _refuse_other_archives(parts: Iterable[str], kind: bytes) -> None:
    """Raise :class:`Refused` for a zip file that is something else than a workbook.

    ``parts`` are the names in it, in lower case; ``kind`` is what an OpenDocument file says that it is, or empty.
    """
    names = list(parts)
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        raise Refused(
            "This is a document of Apple Numbers (or Pages), which only those programs can open. In Numbers choose File, "
            "Export To, Excel or CSV, and upload what you get."
        )
    if kind.startswith(b"application/vnd.oasis.opendocument."):
        raise Refused(f"This is an OpenDocument text, drawing or presentation, not a spreadsheet. {SAVE_AS}")
    if "datamodel" in names or "datamashup" in names:
        raise Refused(f"This is a Power BI file, not a table. {EXPORT}")
    if any(name.endswith((".twb", ".kml")) for name in names):
        raise Refused(f"This is a Tableau or map file, not a table. {EXPORT}")
    raise Refused("This is a zip file. Unzip it and upload the table that is in it.")
