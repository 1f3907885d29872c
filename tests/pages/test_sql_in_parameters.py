"""SQL in every parameter of every page's address: it is text, is said back as text or not at all, and changes nothing."""

import logging
import re
from pathlib import Path

import pytest

from careleavers.figures.warehouse import Warehouse
from careleavers.ui.pages import PAGES, ROOT
from tests.pages.opened import check, opened

# What a database would answer with, if it ever read this: the two halves put together.
ANSWER = "zqxanswered"
SQL = [
    "Leeds'; DROP TABLE figures; SELECT 'zqx' || 'answered' --",
    "eet' UNION SELECT 'zqx' || 'answered' FROM figures --",
]  # fmt: skip
# Parameters that are bound to a control, or whose name is a constant.
NAMED = {"authority", "against", "as_at", "since", "screenshot", "pack", "saved", "taken", "part", "sign_in", "token"}
_NAMES = re.compile(
    r"(?:choose|choose_day|choose_several|look_ahead|several|ask)\(\s*\"(\w+)\"|query_params(?:\.get|\.pop)?[(\[]\s*\"(\w+)\""
)


def parameters() -> set[str]:
    """Every name that the pages read from their address."""
    files: list[Path] = [*(ROOT / "pages").glob("*.py"), *(ROOT / "careleavers" / "ui").glob("*.py")]
    found = {
        name for file in files for names in _NAMES.findall(file.read_text(encoding="utf-8")) for name in names if name
    }
    return found | NAMED


def test_the_parameters_are_found() -> None:
    assert parameters() >= {
        "indicator",
        "age",
        "period",
        "enabler",
        "upload",
        "template",
        "measure",
        "action",
        "layer",
        "theme",
    }


@pytest.mark.parametrize(
    ("name", "authority"), [*((entry.name, "Leeds") for entry in PAGES), (PAGES[0].name, SQL[0]), ("compare", SQL[1])]
)
def test_sql_in_an_address_is_only_text(
    name: str, authority: str, warehouse: Warehouse, caplog: pytest.LogCaptureFixture
) -> None:
    before = Warehouse.query(warehouse, "authorities")  # asked anew, both times
    # A page that takes one of them for wrong may not look at the others: each of them is wrong in one of two ways.
    asked = {key: SQL[number % 2] for number, key in enumerate(sorted(parameters() - {"authority", "token"}))}
    with caplog.at_level(logging.WARNING):
        at = opened(name, **asked, authority=authority)
    check(at)
    texts = [*at.markdown, *at.caption, *at.title, *at.header, *at.info, *at.warning, *at.error, *at.success]
    assert not [each.value for each in texts if ANSWER in str(each.value)]
    assert not [chart for chart in at.get("plotly_chart") if ANSWER in chart.proto.spec]
    assert not [table for table in at.dataframe if ANSWER in table.value.to_csv()]
    assert not [record.getMessage() for record in caplog.records if "Error" in record.getMessage() or record.exc_info]
    assert Warehouse.query(warehouse, "authorities").equals(before)
