"""A sample of the charts of every page: no label overlaps another or is cut off (scripts/check_charts.py looks at 200)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import Browser

from scripts.check_charts import PAGES, cases, check


def test_no_label_of_a_chart_overlaps_or_is_cut_off(browser: Browser) -> None:
    wanted = list(cases(2 * len(PAGES), seed=7))
    assert check(browser, wanted) == []
