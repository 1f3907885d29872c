"""Logos and Word templates: what draws is kept, what could do anything else is not."""

import io
import struct
import zipfile
import zlib

import pytest

from careleavers.errors import Refused
from careleavers.packs import logos, style_template
from tests.packs.looks import LOGO, template


def png(*more: tuple[bytes, bytes], wide: int = 1) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunk(*each) for each in more) + chunk(
        b"IDAT", zlib.compress(b"\0" + b"\0\0\0" * wide)
    ) + chunk(b"IEND", b"")  # fmt: skip


def svg(inside: str, more: str = 'viewBox="0 0 10 10"') -> bytes:
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {space} {more}><rect width="5" height="5"/>{inside}</svg>'.encode()


@pytest.mark.parametrize(
    "inside",
    [
        "<script>evil()</script>",
        '<image href="https://evil.example/x.png"/>',
        '<rect onclick="evil()" width="1" height="1"/>',
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">evil</p></foreignObject>',
        '<rect fill="url(https://evil.example/x#y)"/>',
        '<rect style="fill:u\\72l(https://evil.example)"/>',
        '<use xlink:href="https://evil.example/x.svg#y"/>',
        "<style>rect { background: url(https://evil.example) }</style>",
        '<a href="javascript:evil()"><rect width="1" height="1"/></a>',
        '<rect><animate attributeName="href" to="evil"/></rect>',
    ],
)
def test_of_an_svg_only_drawing_is_kept(inside: str) -> None:
    made = logos.cleaned(svg(inside)).decode()
    assert "evil" not in made
    assert "<rect" in made


def test_an_svg_keeps_how_it_is_drawn() -> None:
    inside = '<defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient></defs><circle r="2" style="fill:url(#a);stroke:#123"/>'
    made = logos.cleaned(svg(inside)).decode()
    assert 'fill="url(#a)"' in made
    assert 'stroke="#123"' in made


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a",
        b"",
        b"<svg",
        b'<!DOCTYPE svg [<!ENTITY x "y">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>',
        b'<html><svg xmlns="http://www.w3.org/2000/svg"/></html>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        svg("", more=""),
        b"x" * (logos.MOST_BYTES + 1),
        png()[:-4],
        png(wide=5000),
    ],
)
def test_other_files_are_refused_in_words(content: bytes) -> None:
    with pytest.raises(Refused, match="logo"):
        logos.cleaned(content)


def test_of_a_png_only_the_picture_is_kept() -> None:
    made = logos.cleaned(png((b"tEXt", b"Author\0evil"), (b"eXIf", b"evil")) + b"evil")
    assert b"evil" not in made
    assert logos.size(made) == (1, 1)


def test_a_logo_as_png_has_its_shape() -> None:
    wide, high = logos.size(logos.as_png(logos.cleaned(LOGO)))
    assert wide == 2 * high


def test_of_a_word_template_only_the_looks_are_taken() -> None:
    taken = style_template.styles(template())
    assert set(taken) == {"word/styles.xml", "word/theme/theme1.xml"}
    assert b"Georgia" in taken["word/styles.xml"]
    assert all(b"evil" not in part for part in taken.values())


def test_other_files_are_no_word_templates() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/styles.xml", b"<x>" + b" " * 5_000_000)
    entity = io.BytesIO()
    with zipfile.ZipFile(entity, "w") as made:
        made.writestr("word/styles.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
    bare = io.BytesIO()
    with zipfile.ZipFile(bare, "w") as made:
        made.writestr(
            "word/styles.xml", b'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
        )
    for content in (b"", b"PK", b"x" * 3_000_000, out.getvalue(), entity.getvalue(), bare.getvalue()):
        with pytest.raises(Refused, match="Word template"):
            style_template.styles(content)
