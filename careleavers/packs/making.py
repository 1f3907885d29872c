"""A pack as a file: its pictures, then the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from careleavers.packs import archive, images, pdf, powerpoint, word
from careleavers.packs.blocks import Pack
from careleavers.packs.images import Image, Progress
from careleavers.wording.formats import file_name


@dataclass(frozen=True)
class Format:
    """A format: what its button says, the type of the file, and what writes it."""

    label: str
    mime: str
    write: Callable[[Pack, Sequence[Image | None]], bytes]


FORMATS = {
    "docx": Format("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", word.document),
    "pptx": Format(
        "PowerPoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        powerpoint.presentation,
    ),
    "pdf": Format("PDF", "application/pdf", pdf.document),
    "zip": Format("Pictures and tables (ZIP)", "application/zip", archive.archive),
}


def make(pack: Pack, form: str, progress: Progress = lambda done, total: None) -> bytes:
    """Write a pack in one format.

    Parameters
    ----------
    pack
        The pack.
    form
        A key of :data:`FORMATS`.
    progress
        Told how many pictures are done, of how many.

    Returns
    -------
    bytes
        The same for the same pack: settings, data version, day.
    """
    return FORMATS[form].write(pack, images.draw(pack, progress))


def name_of(pack: Pack, form: str) -> str:
    """The name of the file.

    Parameters
    ----------
    pack
        The pack.
    form
        A key of :data:`FORMATS`.

    Returns
    -------
    str
    """
    return f"{file_name(pack.title)}.{form}"
