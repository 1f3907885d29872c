"""A council's Word template (.dotx), of which only the looks are taken: its styles, its theme and the kinds of its lists.

Pictures, macros, links to other files and texts stay behind: a pack made with it can reach nothing that the template reached.
"""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from careleavers.errors import Refused

MOST_BYTES = 2_000_000
_MOST_PART = 4_000_000
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# What is taken, by the name it has in our documents, and the root that it must have.
_PARTS = {"word/styles.xml": f"{{{_WORD}}}styles", "word/theme/theme1.xml": f"{{{_DRAWING}}}theme"}
# What may refer to another part, which would not be there.
_BULLET_PICTURES = (f"{{{_WORD}}}numPicBullet", f"{{{_WORD}}}lvlPicBulletId")


def styles(content: bytes) -> dict[str, bytes]:
    """The looks of a template.

    Parameters
    ----------
    content
        A .dotx or .docx file.

    Returns
    -------
    dict[str, bytes]
        XML by name of the part, for :attr:`careleavers.packs.blocks.Pack.styles`.

    Raises
    ------
    Refused
        For a file that is no such template, is too large or damaged.
    """
    if len(content) > MOST_BYTES:
        raise Refused(f"The Word template is larger than {MOST_BYTES // 1_000_000} MB. Take the pictures out of it.")
    wrong = Refused(
        "The file is not a Word template (.dotx) that can be read. Save it again from Word as “Word template”."
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as given:
            if len(given.namelist()) > 500:
                raise wrong
            found = {name: _part(given, name) for name in _PARTS if name in given.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, KeyError):
        raise wrong from None
    if "word/styles.xml" not in found:
        raise wrong
    checked = {name: _checked(part, _PARTS[name], wrong) for name, part in found.items()}
    if not _has_normal(checked["word/styles.xml"]):
        raise Refused(
            "The Word template has no style “Normal”, which every other style is based on. Save it again from Word as “Word template”."
        )
    return checked


def _has_normal(styles: bytes) -> bool:
    """Whether there is the style that every document needs; Word gives it this name in every language."""
    named = fromstring(styles).iterfind(f"{{{_WORD}}}style[@{{{_WORD}}}type='paragraph']/{{{_WORD}}}name")
    return any(name.get(f"{{{_WORD}}}val", "").casefold() == "normal" for name in named)


def _part(given: zipfile.ZipFile, name: str) -> bytes:
    """One part, if it is not larger unpacked than it may be, whatever its entry says."""
    with given.open(name) as stream:
        part = stream.read(_MOST_PART + 1)
    if len(part) > _MOST_PART:
        raise Refused("The Word template holds far more than styles. Save one that has no text or pictures.")
    return part


def _checked(part: bytes, root: str, wrong: Refused) -> bytes:
    try:
        tree = fromstring(part, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, RecursionError):
        raise wrong from None
    if tree.tag != root:
        raise wrong
    for element in tree.iter():
        for child in list(element):
            # Lists of its own are counted in a part that stays behind.
            if child.tag == f"{{{_WORD}}}numPr" or child.tag in _BULLET_PICTURES:
                element.remove(child)
        for key in [key for key in element.attrib if key.startswith(f"{{{_RELATED}}}")]:
            del element.attrib[key]
    for prefix, space in (("w", _WORD), ("a", _DRAWING), ("r", _RELATED)):
        ElementTree.register_namespace(prefix, space)
    # Names of namespaces that are to be ignored would have to be declared again.
    tree.attrib.pop("{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable", None)
    return bytes(ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True))
