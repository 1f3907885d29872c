"""Workbooks and zip bombs made byte by byte, because no ordinary program would write them."""

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(parts: Mapping[str, str | bytes | Iterable[bytes]]) -> bytes:
    """A zip file; a part may come in pieces, so that a large one is never whole in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if isinstance(content, (str, bytes)):
                archive.writestr(name, content)
            else:
                with archive.open(name, "w") as stream:
                    for piece in content:
                        stream.write(piece)
    return out.getvalue()


def relations(*targets: tuple[str, str, str]) -> str:
    """A part that relates ids to (kind, target)."""
    inner = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{target}"/>' for name, kind, target in targets
    )
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def workbook(
    sheet: str | Iterable[bytes],
    *,
    strings: str | Iterable[bytes] = "",
    styles: str = "",
    properties: str = "",
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook with one sheet “Figures” whose XML (or what stands in its ``sheetData``) is given."""
    if isinstance(sheet, str) and not sheet.lstrip().startswith("<?xml"):
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
    parts: dict[str, str | bytes | Iterable[bytes]] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}'
        '<sheets><sheet name="Figures" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "sharedStrings", "sharedStrings.xml"),
            ("rId3", "styles", "/xl/styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet,
        **(more or {}),
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    if styles:
        parts["xl/styles.xml"] = styles
    return zipped(parts)


def pieces(before: str, piece: str, times: int, after: str, noise: int = 60) -> Iterable[bytes]:
    """A large part: ``piece`` over and over between two texts, with comments of noise so that it shrinks less."""
    yield before.encode()
    block = piece.encode() * 1000
    made = random.Random(1)
    for _ in range(times // 1000):
        yield block
        if noise:
            yield b"<!--" + made.randbytes(len(block) // noise).hex().encode() + b"-->"
    yield after.encode()


def open_document(table: str, styles: str = "") -> bytes:
    """An OpenDocument spreadsheet with the XML of its tables (prefixes ``t``, ``o``, ``x`` for text)."""
    names = 'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" ' + " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("t", "table"), ("x", "text"), ("s", "style"))
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<o:document-content {names}><o:automatic-styles>{styles}</o:automatic-styles>"
            f"<o:body><o:spreadsheet>{table}</o:spreadsheet></o:body></o:document-content>",
        }
    )


def text_bombs(size: int) -> dict[str, Callable[[], bytes]]:
    """Makers of text files that would each take a great deal of memory."""
    return {
        "commas": lambda: b"," * size,
        "quotes": lambda: b'"' * size,
        "newlines": lambda: b"\n" * size,
        "newlines under a header": lambda: b"a,b" + b"\n" * (size - 3),
        "carriage returns": lambda: b"\r" * size,
        "one cell": lambda: b"a" * size,
        "one quoted cell": lambda: b'"' + b"a" * (size - 2) + b'"',
        "columns": lambda: b"ab," * (size // 3),
        "newlines in quotes": lambda: b'"\n",' * (size // 4),
        "commas in UTF-16": lambda: b"\xff\xfe" + b",\x00" * (size // 2),
        "short rows": lambda: b"a,b\n" * (size // 4),
        "wide rows": lambda: (b"," * 999 + b"x\n") * (size // 1001),
        "NUL": lambda: b"\x00" * size,
        "semicolons": lambda: b";" * size,
        "spaces": lambda: b"a" + b" " * size,
    }


def workbook_bombs() -> dict[str, bytes]:
    """Workbooks of at most a few MB that would each take gigabytes or minutes."""
    head = f'<worksheet xmlns="{MAIN}"><sheetData>'
    tail = "</sheetData></worksheet>"
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>x</t></is></c></row>'
    entities = '<!DOCTYPE a [<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    strings = f'<sst xmlns="{MAIN}">'
    return {
        "zip ratio": workbook(pieces(head, " " * 1000, 30_000, tail, noise=0)),
        "blanks": workbook(pieces(head, " " * 1000, 60_000, tail)),
        "empty styled rows": workbook(pieces(head, '<row s="1" customFormat="1"/>', 700_000, tail)),
        "empty styled cells": workbook(pieces(head + "<row>", '<c s="1"/>', 700_000, "</row>" + tail)),
        "values outside cells": workbook(pieces(head, "<v/>", 700_000, tail)),
        "other elements": workbook(pieces(head, "<x y='1'/>", 700_000, tail)),
        "deep sheet": workbook(pieces(head, "<a>", 700_000, tail)),
        "deep strings": workbook(row.format(1), strings=pieces(strings, "<a>", 700_000, "</sst>")),
        "deep styles": workbook(row.format(1), styles="<a>" * 500_000),
        "strings": workbook(row.format(1), strings=pieces(strings, "<si><t>ab</t></si>", 700_000, "</sst>")),
        "one string": workbook(
            row.format(1), strings=pieces(strings + "<si><t>", "ab" * 500, 60_000, "</t></si></sst>")
        ),
        "one long value": workbook(pieces(head + "<row><c t='str'><v>", "ab" * 500, 50_000, "</v></c></row>" + tail)),
        "entities": workbook('<?xml version="1.0"?>' + entities + f"]>{head}<row><c><v>&a11;</v></c></row>{tail}"),
        "entities in the list of sheets": workbook(
            row.format(1), more={"xl/workbook.xml": entities + "]><a>&a11;</a>"}
        ),
        "external entity": workbook(
            '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            f'{head}<row><c t="str"><v>&x;</v></c></row>{tail}'
        ),
        "last cell": workbook(
            f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>'
            '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + tail
        ),
        "column ZZZ over and over": workbook(
            pieces(head, '<row><c r="XFD1" t="str"><v>1</v></c></row>', 100_000, tail)
        ),
        "letters": workbook(f'<row r="1"><c r="{"Z" * 100}1"><v>1</v></c></row>'),
        "names": workbook(
            f'<?xml version="1.0"?>{head}' + "".join(f"<x{n}{'y' * 200}/>" for n in range(15_000)) + tail
        ),
        "many rows": workbook(pieces(head, '<row><c t="str"><v>1</v></c></row>', 700_000, tail)),
        "parts": zipped({f"p{n}": b"" for n in range(20_000)}),
        "directory that lies": _lying(workbook(pieces(head, " " * 1000, 20_000, tail))),
        "repeated rows": open_document(
            '<t:table t:name="A"><t:table-row t:number-rows-repeated="1048576">'
            '<t:table-cell o:value-type="float" o:value="1"/></t:table-row></t:table>' * 400
        ),
        "repeated cells": open_document(
            '<t:table t:name="A"><t:table-row><t:table-cell t:number-columns-repeated="2000000000" '
            'o:value-type="string"><x:p>a</x:p></t:table-cell></t:table-row></t:table>'
        ),
        "nothing but spaces": open_document(
            '<t:table t:name="A"><t:table-row><t:table-cell o:value-type="string"><x:p>'
            + '<x:s x:c="2000000000"/>' * 100_000
            + "</x:p></t:table-cell></t:table-row></t:table>"
        ),
        "OpenDocument rows": open_document(
            f"<t:table>{'<t:table-row><t:table-cell/></t:table-row>' * 90_000}</t:table>" * 4
        ),
        "unknown prefix": open_document("<table:table-cell/>"),
    }


def _lying(content: bytes) -> bytes:
    """The same file, with a directory that gives the sheet's size as 1,000 bytes."""
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    struct.pack_into("<I", changed, info.header_offset + 22, 1000)
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<I", changed, place + 24, 1000)
    return bytes(changed)
