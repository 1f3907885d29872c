"""Views without a server: made from a warehouse in hand, and without Streamlit."""

import datetime as dt
import subprocess
import sys
from dataclasses import replace

from careleavers.figures.warehouse import Warehouse
from careleavers.ui.pages import ROOT
from careleavers.views.context import context_of
from careleavers.views.map import view as map_view
from careleavers.views.workforce import view as workforce_view

LEEDS = ("E08000035", "Leeds", "Yorkshire and The Humber")


def test_a_view_is_made_from_a_warehouse_in_hand_for_a_given_day(warehouse: Warehouse) -> None:
    named: list[tuple[str, str]] = []
    context = context_of(warehouse, dt.date(2026, 1, 2))
    shown = workforce_view.build_view(context, *LEEDS, "neighbours", "wide")
    assert "agency social workers" in shown.headline
    assert "2 January 2026" in str(shown.chart.finished.to_dict())
    assert shown.about["Taken"] == f"2 January 2026, data version {warehouse.version}"
    code, name, region = LEEDS
    asked = ("eet", "19-21", "2025-03-31", code, name, region, "england", "value", "wide")
    told = map_view.build_view(replace(context, name_release=lambda *one: named.append(one)), *asked)
    assert told.headline.startswith("Leeds: 46%")
    assert set(named) == {("cla", "2025")}


def test_views_need_no_streamlit() -> None:
    program = (
        "import importlib, pkgutil, sys\nfrom careleavers import cli, views\n"
        "for package in (views, cli):\n"
        "    for found in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        importlib.import_module(found.name)\n"
        "sys.exit('streamlit' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
