"""Take pictures of pages as visitors and readers on paper see them, and lay them out as contact sheets.

    python scripts/screenshots.py [--out FOLDER] [--pages NAME,…] [--authorities NAME,…] [--widths 1440,1024,390]
                           [--themes light,dark] [--no-print] [--url http://127.0.0.1:8501]

Without ``--url`` a server is started for the purpose. Each page is taken in its full height, and printed to A4 once.
Exit status 1 when a page scrolls sideways, shows an error, or prints a sheet of paper with next to nothing on it.
"""

import argparse
import math
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

from find_browser import HOW_TO, find  # noqa: E402
from PIL import Image, ImageDraw, ImageFont  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from bench.browser import FLAGS, SETTLED  # noqa: E402
from bench.server import running  # noqa: E402
from careleavers.ui.pages import PAGES  # noqa: E402

AUTHORITIES = ("", "Leeds", "City of London", "Isles of Scilly", "Cumberland", "Hampshire")
# Height of the window that goes with each width.
HEIGHTS = {1440: 900, 1024: 768, 390: 844}
# Pictures are cut at this many pixels; a longer page is reported.
LONGEST = 16_000
# Looks at the page's own scrolling container, not at tables that scroll within it.
FULL_HEIGHT = """() => Math.ceil(Math.max(document.documentElement.scrollHeight, 300,
  ...[...document.querySelectorAll('[data-testid="stMain"]')].map(e => e.scrollHeight + e.getBoundingClientRect().top)))"""
SIDEWAYS = """() => Math.max(0, ...[document.documentElement, ...document.querySelectorAll('[data-testid="stMain"]')]
  .map(e => e.scrollWidth - e.clientWidth))"""


@dataclass(frozen=True)
class Shot:
    """One picture.

    Attributes
    ----------
    page, authority
        What it shows.
    how
        Width and theme (``1440-dark``), or that it is printed.
    file
        Where it is kept.
    problems
        What is wrong with it, a line each.
    """

    page: str
    authority: str
    how: str
    file: Path
    problems: tuple[str, ...] = ()


def _opened(browser: Browser, address: str, width: int, theme: str) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS.get(width, 900)}, color_scheme=theme, locale="en-GB"
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    page.wait_for_function(
        """settled => document.querySelector(settled)
          && !document.querySelector('#cl-first, [data-stale="true"], [data-testid="stSkeleton"]')""",
        arg=SETTLED,
    )
    # Charts are drawn after the text.
    page.wait_for_timeout(1_500)
    return page


def _problems(page: Page) -> list[str]:
    found = []
    if (wide := int(page.evaluate(SIDEWAYS))) > 1:
        found.append(f"scrolls sideways by {wide} px")
    if page.locator('[data-testid="stException"]').count():
        found.append("shows an error")
    return found


def pictures(
    browser: Browser,
    url: str,
    out: Path,
    names: Sequence[str],
    who: Sequence[str],
    widths: Sequence[int],
    themes: Sequence[str],
) -> Iterator[Shot]:
    """Take each page for each authority, width and theme.

    Parameters
    ----------
    browser
        A running browser.
    url
        Where the product is served.
    out
        The folder for the pictures.
    names
        Pages by name.
    who
        Authorities by name; "" is England.
    widths
        In pixels.
    themes
        ``light``, ``dark``.
    """
    for name in names:
        for authority in who:
            for theme in themes:
                for width in widths:
                    page = _opened(browser, _address(url, name, authority), width, theme)
                    problems = _problems(page)
                    height = int(page.evaluate(FULL_HEIGHT))
                    if height > LONGEST:
                        problems.append(f"{height} px high, cut at {LONGEST}")
                    page.set_viewport_size({"width": width, "height": min(height, LONGEST)})
                    page.wait_for_timeout(700)
                    how = f"{width}-{theme}"
                    file = out / f"{_stem(name, authority)}-{how}.png"
                    page.screenshot(path=file)
                    page.context.close()
                    yield Shot(name, authority, how, file, tuple(problems))


def prints(browser: Browser, url: str, out: Path, names: Sequence[str], who: Sequence[str]) -> Iterator[Shot]:
    """Print each page for each authority to A4, and draw its sheets of paper side by side.

    Parameters
    ----------
    browser
        A running browser.
    url
        Where the product is served.
    out
        The folder for the pictures.
    names
        Pages by name.
    who
        Authorities by name; "" is England.
    """
    import pypdfium2

    for name in names:
        for authority in who:
            page = _opened(browser, _address(url, name, authority), 1440, "light")
            file = out / f"{_stem(name, authority)}.pdf"
            page.pdf(path=file, format="A4", print_background=True)
            page.context.close()
            document = pypdfium2.PdfDocument(file)
            sheets = [sheet.render(scale=1.0).to_pil() for sheet in document]
            problems = []
            for number, sheet in enumerate(sheets, 1):
                # The last sheet may be mostly empty.
                if number < len(sheets) and _ink(sheet) < 0.25:
                    problems.append(f"sheet {number} of {len(sheets)} is nearly empty")
            picture = file.with_name(f"{file.stem}-print.png")
            _side_by_side(sheets).save(picture)
            yield Shot(name, authority, "print", picture, tuple(problems))


def _ink(sheet: Image.Image) -> float:
    """How far down the sheet the print reaches, from 0 to 1."""
    box = sheet.convert("L").point(lambda value: 255 if value < 240 else 0).getbbox()
    return box[3] / sheet.height if box else 0.0


def _side_by_side(sheets: Sequence[Image.Image]) -> Image.Image:
    wide, high = max(sheet.width for sheet in sheets), max(sheet.height for sheet in sheets)
    across = min(len(sheets), 6)
    whole = Image.new("RGB", (across * (wide + 8), math.ceil(len(sheets) / across) * (high + 8)), "#888888")
    for number, sheet in enumerate(sheets):
        whole.paste(sheet, (number % across * (wide + 8), number // across * (high + 8)))
    return whole


def contact_sheet(shots: Sequence[Shot], file: Path, across: int = 6, wide: int = 420, high: int = 640) -> None:
    """Lay out pictures, each scaled to one width and cut at one height, with its name above it.

    Parameters
    ----------
    shots
        The pictures, row by row.
    file
        The picture that is written.
    across
        How many stand side by side.
    wide, high
        The size of each, in pixels.
    """
    font = ImageFont.load_default(14)
    down = math.ceil(len(shots) / across)
    whole = Image.new("RGB", (across * (wide + 12), down * (high + 34)), "white")
    draw = ImageDraw.Draw(whole)
    for number, shot in enumerate(shots):
        left, top = number % across * (wide + 12), number // across * (high + 34)
        with Image.open(shot.file) as picture:
            scaled = picture.convert("RGB").resize((wide, max(1, round(picture.height * wide / picture.width))))
        draw.text((left + 2, top + 6), f"{shot.page} · {shot.authority or 'England'} · {shot.how}", "black", font)
        whole.paste(scaled.crop((0, 0, wide, min(high, scaled.height))), (left, top + 26))
    whole.save(file)


def _address(url: str, name: str, authority: str) -> str:
    return f"{url}/{name}" + (f"?{urlencode({'authority': authority})}" if authority else "")


def _stem(name: str, authority: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", f"{name} {authority or 'England'}".lower())


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def main() -> int:
    """Take the pictures, write the contact sheets, and report problems."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    ask.add_argument("--out", type=Path, default=Path("look"))
    ask.add_argument("--pages", type=_list, default=[entry.name for entry in PAGES if not entry.for_officers])
    ask.add_argument("--authorities", type=_list, default=list(AUTHORITIES), help='"" is England')
    ask.add_argument("--widths", type=_list, default=["1440", "1024", "390"])
    ask.add_argument("--themes", type=_list, default=["light", "dark"])
    ask.add_argument("--no-print", action="store_true")
    ask.add_argument("--url")
    given = ask.parse_args()
    path = find()
    if path is None:
        print(HOW_TO, file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    with running() if given.url is None else nullcontext() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        url = server.url if server else given.url.rstrip("/")
        shots = []
        widths = [int(width) for width in given.widths]
        takes = [pictures(browser, url, given.out, given.pages, given.authorities, widths, given.themes)]
        if not given.no_print:
            takes.append(prints(browser, url, given.out, given.pages, given.authorities))
        for take in takes:
            for shot in take:
                print(shot.file, *shot.problems, sep="  ", flush=True)
                shots.append(shot)
        browser.close()
    for how in dict.fromkeys(shot.how for shot in shots):
        contact_sheet([shot for shot in shots if shot.how == how], given.out / f"contact-{how}.png")
    return int(any(shot.problems for shot in shots))


if __name__ == "__main__":
    sys.exit(main())
