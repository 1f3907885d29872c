"""What browsers fetch before a page is drawn: Streamlit's first page made ours, and its static files."""

import html
import re
from pathlib import Path

from careleavers.ui import private
from careleavers.ui.pages import FOLLOWED, NARROW, NARROWEST, PRODUCT, ROOT, WIDTH_COOKIE
from careleavers.ui.server import precompress
from careleavers.views.plain_page import PlainPage

_UI = ROOT / "careleavers" / "ui"
SCRIPT = _UI / "assets" / "page.js"
STYLES = (_UI / "style.css", _UI / "plain_page.css")
# The preview picture for a link pasted into a chat or an email.
PICTURE = "card.png"
_NO_SCRIPTS = f"<p>{PRODUCT} needs JavaScript. Turn it on and load the page again.</p>"
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_TEXT = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}


class FrontEnd:
    """The first page, of every address or with the words of one, and the static files by path."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is where Streamlit keeps ``index.html`` and ``static/``."""
        self._files = {
            "/" + path.relative_to(folder).as_posix(): path
            for path in sorted((folder / "static").rglob("*"))
            if path.is_file()
        }
        # Scripts that wait for the page (see private.held_back), by the path that Streamlit asks for.
        self.held = {
            path: text
            for path in private.chart_scripts([*self._files])
            if (text := private.held_back(self._files[path]))
        }
        self.index = self._adapt((folder / "index.html").read_text(encoding="utf-8"))

    def __contains__(self, path: str) -> bool:
        """Whether there is such a static file."""
        return path in self._files

    def media_type(self, path: str) -> str | None:
        """Media type of a static file that is worth compressing; None for any other path.

        Parameters
        ----------
        path
            Path of the file, or "/" for the first page.

        Returns
        -------
        str or None
        """
        return _TEXT.get(self._files[path].suffix) if path in self._files else None

    def content(self, path: str) -> bytes:
        """The bytes of a static file, or of the first page for "/".

        Parameters
        ----------
        path
            Path of the file, or "/" for the first page.

        Returns
        -------
        bytes
        """
        if path == "/":
            return self.index.encode()
        content = self._files[path].read_bytes()
        return private.without_font(content) if path.endswith(".css") else content

    def brotli_kept(self, path: str) -> bytes | None:
        """A static file as it was compressed when the environment was made; None where that was not done.

        Parameters
        ----------
        path
            Path of the file, or "/" for the first page.

        Returns
        -------
        bytes or None
        """
        return precompress.precompressed(self._files[path]) if path in self._files else None

    def page(self, words: PlainPage, title: str, content: str, origin: str, picture: str = "") -> str:
        """The first page of one address.

        Parameters
        ----------
        words
            How the page is described where it is linked.
        title
            The title of the page.
        content
            What is shown until the page is drawn, as HTML.
        origin
            Under which address the product is reached, for links that programs read; "" where it is not known.
        picture
            Where the first picture in it is, to be fetched before all scripts; "" without one.

        Returns
        -------
        str
            The whole page as HTML.
        """
        said = words.description or f"{words.heading}: {PRODUCT}"
        about = {
            "og:type": "website",
            "og:locale": "en_GB",
            "og:site_name": PRODUCT,
            "og:title": title,
            "og:description": said,
        }
        if origin:
            about["og:image"] = f"{origin}/{PICTURE}"
            about["og:image:alt"] = PRODUCT
        early = f'<link rel="preload" as="image" fetchpriority="high" href="{picture}">' if picture else ""
        head = f'{early}<meta name="description" content="{html.escape(said)}">' + "".join(
            f'<meta property="{name}" content="{html.escape(text)}">' for name, text in about.items()
        )
        body = f'<div id="cl-first">{content}</div>'
        # The page can be read, so it does not begin with what it lacks: it ends with that.
        index = self.index.replace(f"<noscript>{_NO_SCRIPTS}</noscript>", "")
        return private.with_words(index, title=html.escape(title), head=head, body=body)

    def _adapt(self, page: str) -> str:
        """Our title and style sheet, and what draws controls fetched beside the rest, not after it."""
        controls = [path for path in private.early_scripts(self._files) if path not in page]
        early = "".join(f'<link rel="modulepreload" crossorigin href=".{path}">' for path in controls)
        script = SCRIPT.read_text(encoding="utf-8")
        # The longer name before the one that it begins with.
        named = {
            "SERVER_ADDRESS": private.SERVER_ADDRESS,
            "WIDTH_COOKIE": WIDTH_COOKIE,
            "NARROWEST": NARROWEST,
            "NARROW": NARROW,
            "FOLLOWED": FOLLOWED,
        }
        for name, value in named.items():
            script = script.replace(name, str(value))
        style = "".join(path.read_text(encoding="utf-8") for path in STYLES)
        return private.first_page(
            page,
            title=PRODUCT,
            language="en-GB",
            without_scripts=_NO_SCRIPTS,
            head=f"{early}<script>{script}</script>",
            body=f"<style>{_COMMENT.sub('', style)}</style>",
        )
