"""Draw charts of many authorities, measures and comparators in a browser; report labels that overlap, are cut off or small.

    python scripts/check_charts.py [--number 200] [--sheet FOLDER] [--seed 1]

The charts come from the pages themselves, as a visitor's would; those of local figures from made-up ones. ``--sheet`` also saves a picture of each, for looking.
For the wide layout, which pictures have, it also says what is too small or too high in a report (charts/report_sizes.py).
Exit status 1 when anything is found.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

import plotly  # noqa: E402
from find_browser import HOW_TO, find  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

from careleavers.charts.report_sizes import report_misses  # noqa: E402
from careleavers.figures.warehouse import Warehouse  # noqa: E402
from careleavers.model import AGAINST  # noqa: E402
from careleavers.ui import figures, selection  # noqa: E402
from tests.local_figures import CODES, sample, with_figures  # noqa: E402

EXTREMES = (
    "City of London",
    "Isles of Scilly",
    "Kent",
    "Bournemouth, Christchurch and Poole",
    "West Northamptonshire",
    "Cumberland",
    "Barnsley",
    "Kensington and Chelsea",
    "Cumbria (to 2023)",
)
PAGES = ("at_a_glance", "compare", "trends", "spread", "map", "workforce", "together", "inspections", "local_figures")
# The choices to draw the made-up local figures with.
LOCAL: tuple[dict[str, str], ...] = (
    {"indicator": "eet", "age": "19-21"},
    {"indicator": "eet", "age": "17-18"},
    {"indicator": "eet", "age": "19-21", "basis": "rolling_12m"},
    {"indicator": "in_touch", "age": "17-18"},
    {"indicator": "personal_adviser_caseload"},
)
# Widths of the chart's box in pixels: that of a picture, and those on phones.
BOXES = {"wide": (720,), "phone": (358, 328), "narrow": (288,)}
# The lines of one text may overlap; two different texts must not.
FINDINGS = """() => {
  const svg = document.querySelector('.main-svg').getBoundingClientRect();
  const seen = [...document.querySelectorAll('.js-plotly-plot text')].filter(t => t.textContent.trim()
    && getComputedStyle(t).visibility !== 'hidden' && getComputedStyle(t).opacity !== '0');
  const boxes = seen.flatMap(t => {
    const lines = t.querySelectorAll('tspan.line');
    return [...(lines.length ? lines : [t])].map(e => [e.textContent, e.getBoundingClientRect(), t]);
  }).filter(([, b]) => b.width > 0 && b.height > 0);
  const found = [];
  boxes.forEach(([text, b, t], i) => {
    if (b.left < svg.left - 1 || b.right > svg.right + 1 || b.top < svg.top - 1 || b.bottom > svg.bottom + 1)
      found.push(`cut off: ${text}`);
    for (const [other, c, u] of boxes.slice(i + 1)) {
      const across = Math.min(b.right, c.right) - Math.max(b.left, c.left);
      const down = Math.min(b.bottom, c.bottom) - Math.max(b.top, c.top);
      if (t !== u && across > 1.5 && down > 4) found.push(`overlap: ${text} | ${other}`);
    }
  });
  return found;
}"""


@dataclass(frozen=True)
class Case:
    """One page in one state.

    Attributes
    ----------
    page
        Its name.
    query
        The choices of the address.
    layout
        ``wide`` or ``narrow``.
    """

    page: str
    query: tuple[tuple[str, str], ...]
    layout: str

    def __str__(self) -> str:
        return f"{self.page}?{'&'.join(f'{k}={v}' for k, v in self.query)} ({self.layout})"


def cases(number: int, seed: int) -> Iterator[Case]:
    """Every extreme on every page first, then authorities, measures, periods and comparators drawn at random.

    Parameters
    ----------
    number
        How many there are in all.
    seed
        What the random ones follow from: the same seed gives the same cases.
    """
    chance = random.Random(seed)
    names = [str(name) for name in selection.authorities()["authority_name"]]
    measures = [(i.id, age) for i in figures.indicators().values() for age in i.age_groups]
    against = list(AGAINST.values())
    count = 0
    while count < number:
        page = PAGES[count % len(PAGES)]
        extreme = count // len(PAGES)
        authority = EXTREMES[extreme] if extreme < len(EXTREMES) else chance.choice(names)
        indicator, age = chance.choice(measures)
        query = {"authority": authority, "against": chance.choice(against)}
        if page in {"compare", "trends", "spread", "map"}:
            query |= {"indicator": indicator, "age": age}
        if page == "trends":
            query["neighbours"] = "charts"
        if page == "local_figures":
            query |= {"authority": chance.choice(list(CODES)), **chance.choice(LOCAL)}
            query["councils"] = ",".join(chance.sample(list(CODES.values()), chance.randint(0, 4)))
            query["axis"] = chance.choice(["zero", "fit"])
        if page == "compare":
            query["show"] = chance.choice(["all", "region", "neighbours"])
        yield Case(page, tuple(query.items()), chance.choice(["wide", "wide", "phone", "narrow"]))
        count += 1


@cache
def local() -> Warehouse:
    """The published figures with made-up local ones added to them."""
    return with_figures(figures.warehouse(), sample())


def specs(case: Case) -> list[str]:
    """The charts that the page draws in that state, as JSON.

    Parameters
    ----------
    case
        The page and its state.

    Raises
    ------
    RuntimeError
        Where the page fails.
    """
    held = local() if case.page == "local_figures" else figures.warehouse()
    with (
        patch("careleavers.ui.widgets.width", return_value=case.layout),
        patch("careleavers.ui.figures.warehouse", return_value=held),
    ):
        at = AppTest.from_file(str(ROOT / "careleavers" / "ui" / "shell.py"), default_timeout=60)
        for key, value in case.query:
            at.query_params[key] = value
        at.switch_page(str(ROOT / "pages" / f"{case.page}.py")).run()
    if at.exception:
        raise RuntimeError(f"{case}: {at.exception[0].message}")
    return [chart.proto.spec for chart in at.get("plotly_chart")]


def look(page: Page, spec: str, width: int) -> list[str]:
    """What overlaps or is cut off when a chart is drawn.

    Parameters
    ----------
    page
        A page of the browser to draw in.
    spec
        The chart as JSON.
    width
        In pixels.

    Returns
    -------
    list[str]
        A line per finding.
    """
    figure = json.loads(spec)
    figure["layout"].update(width=width, autosize=False)
    page.evaluate(
        "figure => Plotly.newPlot('chart', figure.data, figure.layout, { displayModeBar: false, staticPlot: true })",
        figure,
    )
    return list(page.evaluate(FINDINGS))


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine, closed at the end.

    Raises
    ------
    SystemExit
        Where there is none.
    """
    executable = find()
    if executable is None:
        raise SystemExit(HOW_TO)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


def check(browser: Browser, wanted: list[Case], sheet: Path | None = None) -> list[str]:
    """Draw every chart of the cases at the widths that its layout promises.

    Parameters
    ----------
    browser
        A running browser.
    wanted
        The cases to draw.
    sheet
        A folder for pictures of what was found; None to keep none.

    Returns
    -------
    list[str]
        A line per finding.
    """
    script = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    found: list[str] = []
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.set_content('<body style="margin:0"><div id="chart"></div></body>')
    page.add_script_tag(content=script)
    for number, case in enumerate(wanted):
        for index, spec in enumerate(specs(case)):
            if case.layout == "wide":
                found += [f"{case} chart {index + 1}: {miss}" for miss in report_misses(json.loads(spec))]
            for width in BOXES[case.layout]:
                found += [f"{case} chart {index + 1} at {width}: {line}" for line in look(page, spec, width)]
                if sheet is not None:
                    sheet.mkdir(parents=True, exist_ok=True)
                    page.locator("#chart").screenshot(path=sheet / f"{number:03d}-{case.page}-{index + 1}-{width}.png")
    page.close()
    return found


def main() -> int:
    """Run the check from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    wanted = list(cases(options.number, options.seed))
    with chromium() as browser:
        found = check(browser, wanted, options.sheet)
    print("\n".join(found))
    print(f"{len(wanted)} states of {len(PAGES)} pages, {len(found)} findings")
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main())
