"""The parts of a zipped workbook, unpacked and parsed a little at a time so that none can take memory or time away."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pyexpat import ExpatError
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from careleavers.errors import Refused
from careleavers.spreadsheets import limits

DAMAGED = (
    "The workbook is damaged or protected and cannot be read. Open it in Excel, save it without a password under a new "
    "name as an Excel workbook (.xlsx) or as “CSV UTF-8”, and upload that."
)
TOO_MUCH = (
    "The workbook holds far more than a table of figures. Copy the table alone to a new workbook (values only), save "
    "that and upload it."
)
_CHUNK = 64 * 1024

Start = Callable[[str, dict[str, str]], Any]
End = Callable[[str], Any]


class Archive:
    """A zip file in memory. Names of its parts are the same in any case, as they are to Excel."""

    def __init__(self, content: bytes) -> None:
        """Open the directory; raises :class:`Refused` when it is damaged or has too many parts to be a workbook."""
        # Counted before the directory is read: a directory of 400,000 parts takes 200 MB.
        if content.count(b"PK\x01\x02") > limits.PARTS:
            raise Refused(TOO_MUCH)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OSError):
            raise Refused(DAMAGED) from None
        # Some programs for Windows separate folders with backslashes.
        self._parts = {info.filename.lower().replace("\\", "/").lstrip("/"): info for info in self._zip.infolist()}

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def parts(self, beginning: str) -> list[str]:
        """The names, in lower case, of the parts that begin alike.

        Parameters
        ----------
        beginning
            How their names begin, in any case.

        Returns
        -------
        list[str]
        """
        return [name for name in self._parts if name.startswith(beginning.lower())]

    def beginning(self, part: str) -> bytes:
        """The first 100 bytes of a part; empty when there is none.

        Parameters
        ----------
        part
            Name of the part, in any case.

        Returns
        -------
        bytes
        """
        if part not in self:
            return b""
        with self._open(part, limits.SHEET_BYTES) as stream:
            return self._read(stream, 100)

    def parse(self, part: str, start: Start, end: End, text: list[str], most: int) -> Iterator[None]:
        """Parse the XML of a part, pausing after each piece of it.

        The handlers must stop the parser when there are too many elements.

        Parameters
        ----------
        part
            Name of the part, in any case.
        start
            Called at the start of each element with its name and attributes, ``namespace}local`` as Expat gives them.
        end
            Called at the end of each element with its name.
        text
            Where what stands between elements is added; the handlers empty it.
        most
            The bytes that the part may take unpacked.

        Returns
        -------
        Iterator[None]

        Raises
        ------
        Refused
            When the part is missing, takes more, is no well-formed XML, or declares entities.
        """
        # The guards against entities are the library's; its own Python handlers would take twice the time.
        parser = DefusedXMLParser(target=object(), forbid_dtd=True).parser
        parser.ordered_attributes = False
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = text.append
        try:
            with self._open(part, most) as stream:
                while chunk := self._read(stream, _CHUNK):
                    parser.Parse(chunk, False)
                    if sum(map(len, text)) > most // 8:
                        raise Refused(TOO_MUCH)
                    yield
                parser.Parse(b"", True)
                yield
        except (ExpatError, DefusedXmlException, LookupError, ValueError, OverflowError):
            raise Refused(DAMAGED) from None

    def read(
        self,
        part: str,
        start: Start,
        end: End = lambda name: None,
        text: list[str] | None = None,
        most: int = limits.LIST_BYTES,
    ) -> None:
        """Parse the whole of a part as :meth:`parse` does; nothing happens when there is none.

        Parameters
        ----------
        part
            Name of the part, in any case.
        start
            Called at the start of each element with its name and attributes, ``namespace}local`` as Expat gives them.
        end
            Called at the end of each element with its name.
        text
            Where what stands between elements is added; the handlers empty it.
        most
            The bytes that the part may take unpacked.

        Raises
        ------
        Refused
            As :meth:`parse`, and when elements are nested deeper than any program nests them.
        """
        if part not in self:
            return
        depth = 0

        def began(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > limits.DEPTH:
                raise Refused(TOO_MUCH)
            start(name, attributes)

        def ended(name: str) -> None:
            nonlocal depth
            depth -= 1
            end(name)

        for _ in self.parse(part, began, ended, [] if text is None else text, most):
            pass

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part points to: id -> (last word of its kind, part).

        Parameters
        ----------
        part
            Name of the part, in any case.

        Returns
        -------
        dict[str, tuple[str, str]]
            Id to the last word of its kind, and the part.
        """
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}

        def start(element: str, attributes: dict[str, str]) -> None:
            if local(element) == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
                found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)

        self.read(posixpath.join(folder, "_rels", f"{name}.rels"), start)
        return found

    def _open(self, part: str, most: int) -> Any:
        info = self._parts.get(part.lower())
        if info is None or info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(DAMAGED)
        # zipfile stops at the size that the directory gives, so a directory that lies only cuts the part short.
        if info.file_size > most or (
            info.file_size > limits.RATIO_FROM and info.file_size > limits.RATIO * info.compress_size
        ):
            raise Refused(TOO_MUCH)
        try:
            return self._zip.open(info)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, struct.error, OSError):
            raise Refused(DAMAGED) from None

    def _read(self, stream: Any, size: int) -> bytes:
        try:
            content: bytes = stream.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError):
            raise Refused(DAMAGED) from None
        return content


def local(name: str) -> str:
    """The name of an element or attribute without its namespace: there are two for the same workbook.

    Parameters
    ----------
    name
        The name as Expat gives it.

    Returns
    -------
    str
    """
    return name.rpartition("}")[2]
