"""What browsers fetch before a page is drawn: Streamlit's first page made ours, and its static files."""

from pathlib import Path

from careleavers.ui import private
from careleavers.ui.pages import FOLLOWED, NARROW, PRODUCT, ROOT, WIDTH_COOKIE
from careleavers.ui.server import precompress

SCRIPT = ROOT / "careleavers" / "ui" / "assets" / "page.js"
_TEXT = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}


class FrontEnd:
    """The first page, which is the same for every address of a page, and the static files by path."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is where Streamlit keeps ``index.html`` and ``static/``."""
        self._files = {
            "/" + path.relative_to(folder).as_posix(): path
            for path in sorted((folder / "static").rglob("*"))
            if path.is_file()
        }
        self.index = self._adapt((folder / "index.html").read_text(encoding="utf-8"))

    def __contains__(self, path: str) -> bool:
        """Whether there is such a static file."""
        return path in self._files

    def media_type(self, path: str) -> str | None:
        """Media type of a static file that is worth compressing; None for any other path."""
        return _TEXT.get(self._files[path].suffix) if path in self._files else None

    def content(self, path: str) -> bytes:
        """The bytes of a static file, or of the first page for "/"."""
        if path == "/":
            return self.index.encode()
        content = self._files[path].read_bytes()
        return private.without_font(content) if path.endswith(".css") else content

    def brotli_kept(self, path: str) -> bytes | None:
        """A static file as it was compressed when the environment was made; None where that was not done."""
        return precompress.kept(self._files[path]) if path in self._files else None

    def _adapt(self, html: str) -> str:
        """Our title, and the chart code fetched beside the rest, not after it."""
        early = "".join(
            f'<link rel="modulepreload" crossorigin href=".{path}">' for path in private.chart_scripts([*self._files])
        )
        script = SCRIPT.read_text(encoding="utf-8")
        for name, value in {"WIDTH_COOKIE": WIDTH_COOKIE, "NARROW": str(NARROW), "FOLLOWED": FOLLOWED}.items():
            script = script.replace(name, value)
        return private.first_page(
            html,
            title=PRODUCT,
            language="en-GB",
            without_scripts=f"<p>{PRODUCT} needs JavaScript. Turn it on and load the page again.</p>",
            head=f"{early}<script>{script}</script>",
        )
