"""Word and PowerPoint files that are the same whenever they are made of the same: without the clock in their ZIP and properties."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

_MOMENT = (1980, 1, 1, 0, 0, 0)
_DATED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")


def normalised(content: bytes, day: dt.date) -> bytes:
    """A file of Office with the moments at which its parts were written replaced.

    Parameters
    ----------
    content
        A .docx, .pptx or .xlsx file; workbooks inside it are treated alike.
    day
        The day that it says it was made on.

    Returns
    -------
    bytes
    """
    out = io.BytesIO()
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for info in given.infolist():
            part = given.read(info.filename)
            if info.filename.endswith(".xlsx"):
                part = normalised(part, day)
            elif info.filename == "docProps/core.xml":
                part = _DATED.sub(rb"\g<1>" + moment + rb"\g<2>", part)
            made.writestr(_entry(info.filename), part, _method(info.filename))
    return out.getvalue()


def replaced(content: bytes, parts: dict[str, bytes]) -> bytes:
    """A file of Office with other parts in the place of some of its own.

    Parameters
    ----------
    content
        The file.
    parts
        XML by name of the part; those that the file does not have are left out.

    Returns
    -------
    bytes
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for info in given.infolist():
            made.writestr(_entry(info.filename), parts.get(info.filename) or given.read(info.filename))
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """Files as a ZIP file that is the same for the same files.

    Parameters
    ----------
    files
        Content by name, in the order of the archive.

    Returns
    -------
    bytes
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(_entry(name), content, _method(name))
    return out.getvalue()


def _method(name: str) -> int:
    """To compress what is compressed already only takes time."""
    return zipfile.ZIP_STORED if name.endswith((".png", ".xlsx")) else zipfile.ZIP_DEFLATED


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
