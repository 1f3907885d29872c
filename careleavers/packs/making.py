"""A pack as a file: its pictures, then the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from careleavers.packs import archive, images, pdf, powerpoint, word
from careleavers.packs.blocks import Pack, Picture
from careleavers.packs.images import Image, Progress
from careleavers.wording.formats import file_name


@dataclass(frozen=True)
class Format:
    """A format.

    Attributes
    ----------
    label, mime
        What its button says, and the type of the file.
    write
        What writes it.
    dots
        Whether it needs pictures as PNG.
    wanted
        Whether it needs a chart as a picture.
    """

    label: str
    mime: str
    write: Callable[[Pack, Sequence[Image | None]], bytes]
    dots: bool = True
    wanted: Callable[[Picture], bool] = lambda _: True


FORMATS = {
    "docx": Format("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", word.document),
    "pptx": Format(
        "PowerPoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        powerpoint.presentation,
        wanted=powerpoint.needs_picture,
    ),
    "pdf": Format("PDF", "application/pdf", pdf.document, dots=False),
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
    return build_and_make(lambda _: pack, form, progress)


def build_and_make(
    build: Callable[[Callable[[Picture], None]], Pack], form: str, progress: Progress = lambda done, total: None
) -> bytes:
    """Put a pack together and write it; its first pictures are drawn while its later sections are made.

    Parameters
    ----------
    build
        Puts it together; handed what each of its pictures is to be given to as soon as it is known
        (``begin`` of :func:`careleavers.packs.build.build_pack`).
    form
        A key of :data:`FORMATS`.
    progress
        Told how many pictures are done, of how many.

    Returns
    -------
    bytes
        The same as :func:`make` gives for the same pack.
    """
    kind = FORMATS[form]
    with images.Drawing(progress, dots=kind.dots, wanted=kind.wanted) as drawing:
        pack = build(drawing.begin).for_paper()
        return kind.write(pack, drawing.finish(pack))


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
