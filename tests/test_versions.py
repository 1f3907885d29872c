"""The figures at each version: what an upload, its withdrawal and its restoration change, and what they do not."""

import gc
import math
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.stats import norm

from careleavers.errors import UnknownChoice
from careleavers.figures.warehouse import Warehouse, open_warehouse
from careleavers.store import NewUpload, Store, StoreUnavailable
from careleavers.store.address import read_address
from careleavers.versions import Versions
from tests.store.samples import (
    ADMINISTRATOR,
    EVERYWHERE,
    KENT,
    KENT_OFFICER,
    LEEDS,
    LEEDS_OFFICER,
    LEEDS_SECOND,
    Q1,
    Q2,
    catalogue,
    events,
    figure,
    frame,
    release,
    upload,
)

ROOT = Path(__file__).resolve().parents[1]
LAST_YEAR = Q1.replace(year=2024)
ACTIVITY = ("eet", "neet", "activity_not_known")
SEEN = ["indicator", "age_group", "period_end", "basis", "layer", "numerator", "denominator", "value", "status"]


@pytest.fixture
def make(
    outcomes: Warehouse, outcomes_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Versions]:
    """``make()`` gives versions of published figures, built once for all tests, and of a new store."""

    def opened(folder: Path | None = None, **more: Any) -> Warehouse:
        return open_warehouse(outcomes_data, **more) if more else outcomes

    monkeypatch.setattr("careleavers.versions.open_warehouse", opened)
    return lambda: Versions(Store(read_address(str(tmp_path / "uploads.duckdb"))))


@pytest.fixture
def versions(make: Callable[[], Versions]) -> Versions:
    return make()


def table(shown: Warehouse, name: str, where: str = "true") -> pd.DataFrame:
    """The rows of a version's table, sorted."""
    with shown._cursor() as cursor:
        return cursor.execute(f'SELECT * FROM "{name}" WHERE {where} ORDER BY ALL').df()


def local(shown: Warehouse, area: str | None = LEEDS) -> pd.DataFrame:
    """The local figures of a version, of all authorities where ``area`` is None."""
    return table(shown, "figures", "layer <> 'published'" + (f" AND area_code = '{area}'" if area else ""))


def values(shown: Warehouse, area: str = LEEDS) -> list[float]:
    return local(shown, area)["value"].tolist()


def counts(n: float, d: float, **more: Any) -> dict[str, Any]:
    return figure(100 * n / d, numerator=float(n), denominator=float(d), **more)


def family(*numbers: float, **more: Any) -> list[dict[str, Any]]:
    return [counts(n, sum(numbers), indicator=one, **more) for one, n in zip(ACTIVITY, numbers, strict=True)]


# ---------------------------------------------------------------------- one version after the other


def test_without_uploads_the_published_figures_are_all_there_is(versions: Versions) -> None:
    assert versions.newest() is versions.newest() is versions.select_version(0)
    assert set(table(versions.newest(), "figures")["layer"]) == {"published"}


def test_what_is_accepted_is_there_on_the_next_look_and_goes_with_its_withdrawal(versions: Versions) -> None:
    store = versions.store
    store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    assert values(versions.newest()) == [50]
    store.accept(upload(figure(60.0)), LEEDS_OFFICER)
    assert values(versions.newest()) == [60]
    store.withdraw(2, LEEDS_OFFICER, "wrong file")
    assert values(versions.newest()) == [50]
    store.restore(2, LEEDS_OFFICER, "right after all")
    assert values(versions.newest()) == [60]
    store.withdraw(2, LEEDS_OFFICER, "no")
    store.withdraw(1, LEEDS_OFFICER, "nor this")
    assert local(versions.newest()).empty
    assert versions.newest().version.endswith("-6")


def test_a_proposed_upload_shows_when_a_second_person_agrees(versions: Versions) -> None:
    versions.store.accept(upload(figure(50.0)), LEEDS_OFFICER, proposed=True)
    assert local(versions.newest()).empty
    versions.store.approve(1, LEEDS_SECOND)
    assert values(versions.newest()) == [50]
    assert local(versions.select_version(1)).empty


def test_what_another_process_accepts_is_there_on_the_next_look(versions: Versions, tmp_path: Path) -> None:
    versions.store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    assert values(versions.newest(), KENT) == []
    program = """
import sys
from careleavers.store import open_store
from tests.store.samples import KENT, KENT_OFFICER, figure, upload
open_store(sys.argv[1]).accept(upload(figure(70.0, area_code=KENT)), KENT_OFFICER)
"""
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "uploads.duckdb")], check=True, cwd=ROOT)
    shown = versions.newest()
    assert (values(shown, KENT), values(shown)) == ([70], [50])


def test_a_new_version_is_made_before_anybody_looks(make: Callable[[], Versions]) -> None:
    versions = make()
    versions.newest()
    thread = versions.start_refreshing(0.01)
    versions.store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    deadline = time.monotonic() + 20
    while versions._newest is None or versions._newest.version < 1:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert values(versions.newest()) == [50]
    # The thread does not keep alive versions that nothing else uses.
    del versions
    gc.collect()
    thread.join(20)
    assert not thread.is_alive()


def test_an_earlier_version_is_what_the_newest_was_then(versions: Versions) -> None:
    store = versions.store
    seen = [local(versions.newest(), None)]
    for number in range(1, 5):
        area, who = ((LEEDS, LEEDS_OFFICER), (KENT, KENT_OFFICER))[number % 2]
        store.accept(upload(*family(40 + number, 30, 10, area_code=area)), who)
        seen.append(local(versions.newest(), None))
    store.withdraw(2, LEEDS_OFFICER, "wrong file")
    for number, before in enumerate(seen):
        assert_frame_equal(local(versions.select_version(number), None), before)
    assert versions.select_version(5) is versions.newest()
    assert versions.select_version(3) is versions.select_version(3)


def test_there_is_no_version_that_was_never(versions: Versions) -> None:
    versions.store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    for asked in (-1, 2, 1000):
        with pytest.raises(UnknownChoice, match="they go from 0 to 1"):
            versions.select_version(asked)


def test_what_is_the_same_today_is_shown_by_an_earlier_version_as_it_is_today(versions: Versions) -> None:
    """A year to date was first rounded by itself and is now the sum of its quarters; seeing both would reveal more."""
    store = versions.store
    alone = counts(7, 100, indicator="health_history_given", period_end=Q2, basis="year_to_date")
    store.accept(upload(alone), LEEDS_OFFICER)
    as_newest = versions.newest()
    assert local(as_newest)["numerator"].tolist() == [5]
    quarters = [counts(n, 50, indicator="health_history_given", period_end=day) for n, day in ((3, Q1), (4, Q2))]
    store.accept(upload(*quarters), LEEDS_OFFICER)
    newest = local(versions.newest()).set_index("basis")
    assert newest.loc["quarter", "numerator"].tolist() == [5, 5]
    assert newest.loc["year_to_date", "numerator"] == 10
    assert local(versions.select_version(1))["numerator"].tolist() == [10]
    assert versions.select_version(1).version != as_newest.version


def test_what_has_changed_since_is_shown_only_where_nothing_overlaps_with_it(versions: Versions) -> None:
    store = versions.store
    store.accept(upload(*family(60, 4, 12)), LEEDS_OFFICER)
    store.withdraw(1, LEEDS_OFFICER, "wrong quarter")
    store.accept(upload(*family(60, 16, 12)), LEEDS_OFFICER)
    assert local(versions.select_version(1))["numerator"].tolist() == [10, 60, 5]
    # A year to date on the same subject, from which the quarter's earlier figure could be subtracted.
    store.accept(upload(*family(70, 20, 20, period_end=Q2, basis="year_to_date")), LEEDS_OFFICER)
    then = local(versions.select_version(1))
    assert then["status"].tolist() == ["c"] * 3
    assert then[["numerator", "denominator", "value", "lower", "upper"]].isna().all(axis=None)
    assert local(versions.select_version(3))["status"].tolist() == ["ok"] * 3
    # Another authority's figures have nothing to do with it.
    store.accept(upload(*family(50, 20, 10, area_code=KENT)), KENT_OFFICER)
    store.withdraw(5, KENT_OFFICER, "wrong quarter")
    assert local(versions.select_version(5), KENT)["numerator"].tolist() == [10, 50, 20]


# ---------------------------------------------------------------------- figures compared with figures


def test_the_final_figure_takes_the_place_of_the_provisional_one(versions: Versions) -> None:
    store = versions.store
    store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    store.accept(upload(figure(55.0, layer="final")), LEEDS_OFFICER)
    assert local(versions.newest())[["layer", "value"]].to_numpy().tolist() == [["final", 55.0]]
    store.accept(upload(figure(45.0)), LEEDS_OFFICER)
    assert values(versions.newest()) == [55]
    store.withdraw(2, LEEDS_OFFICER, "not final")
    assert local(versions.newest())[["layer", "value"]].to_numpy().tolist() == [["provisional", 45.0]]


# Each council has one: its measure, the counts of now and of last year, and what is said of the change.
CHANGES = {
    LEEDS: ("eet", (60, 100), (40, 100), "better"),
    KENT: ("neet", (60, 100), (40, 100), "worse"),
    "E06000010": ("refuses_contact", (60, 100), (40, 100), "higher"),
    "E06000014": ("eet", (265, 500), (235, 500), "no_clear_change"),
    "E08000032": ("eet", (270, 500), (235, 500), "better"),
    "E08000034": ("eet", (40, 100), (60, 100), "worse"),
    "E08000036": ("eet", (100, 100), (80, 80), "no_clear_change"),
}


def test_a_change_is_from_the_same_quarter_of_last_year(versions: Versions) -> None:
    rows = [
        row
        for area, (indicator, now, before, _) in CHANGES.items()
        for row in (
            counts(*now, indicator=indicator, area_code=area),
            counts(*before, indicator=indicator, area_code=area, period_end=LAST_YEAR, layer="provisional"),
            counts(7, 100, indicator=indicator, area_code=area, period_end=LAST_YEAR.replace(month=9)),
        )
    ]
    versions.store.accept(upload(*rows), EVERYWHERE)
    found = local(versions.newest(), None).query("period_end == @pd.Timestamp(@Q1)").set_index("area_code")
    assert set(found.index) == set(CHANGES)
    for area, (_, (n1, d1), (n0, d0), verdict) in CHANGES.items():
        row = found.loc[area]
        assert row["change"] == pytest.approx(100 * n1 / d1 - 100 * n0 / d0), area
        assert row["change_verdict"] == verdict, area
        pooled = (n1 + n0) / (d1 + d0)
        error = math.sqrt(pooled * (1 - pooled) * (1 / d1 + 1 / d0))
        chance = 2 * norm.sf(abs(n1 / d1 - n0 / d0) / error) if error else 1.0
        assert (chance < 0.05) == (verdict != "no_clear_change"), area


def test_a_final_quarter_is_compared_with_a_provisional_one_and_bases_are_kept_apart(versions: Versions) -> None:
    rows = [
        counts(60, 100, period_end=LAST_YEAR),
        counts(90, 100, period_end=LAST_YEAR, basis="rolling_12m"),
        counts(80, 100, period_end=Q1, basis="rolling_12m"),
    ]
    versions.store.accept(upload(*rows), LEEDS_OFFICER)
    versions.store.accept(upload(counts(40, 100, layer="final")), LEEDS_OFFICER)
    changes = local(versions.newest()).dropna(subset="change").set_index("basis")["change"].round(6).to_dict()
    assert changes == {"quarter": -20, "rolling_12m": -10}


def test_a_hidden_quarter_has_no_change_and_no_interval(versions: Versions) -> None:
    rows = [counts(3, 22, indicator="in_custody"), counts(9, 40, indicator="in_custody", period_end=LAST_YEAR)]
    versions.store.accept(upload(*rows), LEEDS_OFFICER)
    row = local(versions.newest()).query("status == 'few'").iloc[0]
    assert row[["numerator", "denominator", "value", "change", "lower", "upper"]].isna().all()
    assert row["change_verdict"] == ""


def test_intervals_and_changes_are_those_of_the_rounded_counts(versions: Versions) -> None:
    rows = [counts(59, 101), counts(42, 98, period_end=LAST_YEAR)]
    versions.store.accept(upload(*rows), LEEDS_OFFICER)
    row = local(versions.newest()).iloc[-1]
    assert (row["numerator"], row["denominator"], row["value"], row["rounded"]) == (60, 100, 60, 5)
    assert row["change"] == pytest.approx(15)
    # Wilson, 60 of 100.
    assert (row["lower"], row["upper"]) == (pytest.approx(50.2, abs=0.05), pytest.approx(69.1, abs=0.05))


def test_a_local_figure_has_an_interval_and_no_rank(versions: Versions) -> None:
    versions.store.accept(upload(counts(30, 40)), LEEDS_OFFICER)
    row = local(versions.newest()).iloc[0]
    # Wilson, 30 of 40.
    assert (row["lower"], row["upper"]) == (pytest.approx(59.8, abs=0.05), pytest.approx(85.8, abs=0.05))
    assert row[["rank", "england", "region_value", "neighbours_mean"]].isna().all()
    assert row["small_cohort"]
    assert (row["band"], row["verdict_england"]) == ("", "")


def test_a_restated_figure_is_marked(versions: Versions) -> None:
    versions.store.accept(upload(figure(50.0), figure(60.0, period_end=Q2)), LEEDS_OFFICER)
    versions.store.accept(upload(figure(51.0), figure(60.0, period_end=Q2), note="corrected"), LEEDS_OFFICER)
    assert local(versions.newest())["restated"].tolist() == [True, False]


# ---------------------------------------------------------------------- what else uploads add


def test_an_own_measure_comes_and_goes_with_its_figures(versions: Versions) -> None:
    store = versions.store
    assert "driving_lessons" not in set(versions.newest().query("indicators")["indicator"])
    store.accept(catalogue(), LEEDS_OFFICER)
    assert "driving_lessons" in set(versions.newest().query("indicators")["indicator"])
    store.accept(upload(figure(50.0, indicator="driving_lessons")), LEEDS_OFFICER)
    assert local(versions.newest())["indicator"].tolist() == ["driving_lessons"]
    store.withdraw(2, LEEDS_OFFICER, "wrong")
    store.withdraw(1, LEEDS_OFFICER, "not counted any more")
    assert "driving_lessons" not in set(versions.newest().query("indicators")["indicator"])
    assert local(versions.newest()).empty
    store.restore(1, LEEDS_OFFICER, "counted after all")
    store.restore(2, LEEDS_OFFICER, "right")
    assert values(versions.newest()) == [50]


def test_an_own_measure_of_a_count_is_protected_as_a_count(versions: Versions) -> None:
    versions.store.accept(catalogue("lessons", unit="count"), LEEDS_OFFICER)
    rows = [
        figure(v, indicator="lessons", numerator=None, denominator=None, period_end=day) for v, day in ((4.0, Q1), (40.0, Q2))
    ]  # fmt: skip
    versions.store.accept(upload(*rows), LEEDS_OFFICER)
    assert local(versions.newest())["value"].tolist() == [5, 40]


def test_a_council_s_visit_comes_and_goes(versions: Versions) -> None:
    def visits() -> list[str]:
        rows = versions.newest().query("inspection_events", authority=LEEDS)
        return rows.loc[rows["source"] == "local", "theme"].tolist()

    before = visits()
    versions.store.accept(events(), LEEDS_OFFICER)
    assert visits() == ["Care leavers", *before]
    versions.store.withdraw(1, LEEDS_OFFICER, "another council's")
    assert visits() == before


def test_figures_say_which_upload_they_come_from(versions: Versions) -> None:
    store = versions.store
    store.accept(upload(figure(50.0), figure(60.0, period_end=Q2)), LEEDS_OFFICER)
    store.accept(upload(figure(70.0, area_code=KENT)), KENT_OFFICER)
    store.accept(upload(figure(55.0)), LEEDS_OFFICER)

    def sources() -> dict[str, str]:
        rows = table(versions.newest(), "sources").query("source == 'local' and release != 'uploads'")
        return dict(zip(rows["release"], rows["publisher"], strict=True))

    assert sources() == {"1": "Leeds", "2": "Kent", "3": "Leeds"}
    assert local(versions.newest())["release"].tolist() == ["3", "1"]
    store.withdraw(1, LEEDS_OFFICER, "wrong")
    assert sources() == {"2": "Kent", "3": "Leeds"}
    about = versions.newest().query("release", source="local", release="3").iloc[0]
    assert (about["title"], about["publisher"]) == ("local figures", "Leeds")
    assert "local" not in set(versions.newest().query("sources")["source"])


# ---------------------------------------------------------------------- the department's releases


TABLES = (
    "figures",
    "spread",
    "superseded",
    "earlier",
    "headlines",
    "held",
    "funnels",
    "pairings",
    "sources",
    "indicators",
)


def restating(value: float) -> NewUpload:
    """A newer release in which Leeds has another figure for 2025."""
    row = counts(value, 600, period_end=pd.Timestamp("2025-03-31").date(), published_value=float(round(value / 6)))
    return release("2026", row)


def eet_of_leeds(shown: Warehouse) -> dict[str, Any]:
    rows = shown.query("export", indicator="eet", age_group="19-21", period="2025-03-31", authority=LEEDS, against="")
    return rows.iloc[0].to_dict()


def test_a_release_changes_ranks_and_its_withdrawal_brings_every_figure_back(versions: Versions) -> None:
    """Official figures that are not used any more are let go: at most two sets are kept, however often releases come."""
    store = versions.store
    store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    before = {name: table(versions.newest(), name) for name in TABLES}
    assert (eet_of_leeds(versions.newest())["numerator"], eet_of_leeds(versions.newest())["rank"]) == (273, 135)
    store.accept(restating(570), EVERYWHERE)
    now = versions.newest()
    assert (eet_of_leeds(now)["numerator"], eet_of_leeds(now)["rank"], eet_of_leeds(now)["release"]) == (570, 1, "2026")
    said = table(now, "superseded").query("superseded_by == '2026'")
    assert said[["area_code", "numerator"]].to_numpy().tolist() == [[LEEDS, 273.0]]
    assert values(now) == [50], "local figures stay beside other official ones"
    rows = now.query("export", indicator="eet", age_group="19-21", period="2025-03-31", authority="", against="")
    assert rows["rank"].notna().sum() > 150
    del now
    store.accept(restating(571), EVERYWHERE)
    assert eet_of_leeds(versions.newest())["numerator"] == 571
    assert len(versions._bases) == 2
    store.withdraw(2, EVERYWHERE, "a draft")
    store.withdraw(3, EVERYWHERE, "a draft")
    for name in TABLES:
        assert_frame_equal(table(versions.newest(), name), before[name])
    earlier = versions.select_version(3)
    assert (eet_of_leeds(earlier)["numerator"], eet_of_leeds(earlier)["rank"]) == (571, 1)


# ---------------------------------------------------------------------- previews


def test_a_preview_shows_the_figures_and_leaves_the_newest_as_it_was(versions: Versions) -> None:
    store = versions.store
    store.accept(upload(*family(60, 30, 12), figure(70.0, area_code=KENT), layer="provisional"), ADMINISTRATOR)
    newest = versions.newest()
    before = table(newest, "figures")
    candidate = frame(*family(61, 4, 20)).assign(layer="provisional", source="local", release="not accepted yet")
    preview = versions.preview(candidate, "one")
    shown = local(preview).set_index("indicator")
    assert shown["numerator"].to_dict() == {"activity_not_known": 20, "eet": 60, "neet": 5}
    assert shown.loc["eet", "value"] == pytest.approx(100 * 60 / 85)
    assert values(preview, KENT) == [70]
    source = preview.query("release", source="local", release="not accepted yet").iloc[0]
    assert source["publisher"] == "Leeds"
    assert versions.newest() is newest
    assert preview.version not in {newest.version, versions.preview(candidate, "two").version}
    assert_frame_equal(table(newest, "figures"), before)
    preview.close()
    assert_frame_equal(table(newest, "figures"), before)


def test_a_preview_of_the_first_upload_of_all(versions: Versions) -> None:
    candidate = frame(figure(50.0)).assign(release="not accepted yet")
    assert values(versions.preview(candidate, "one")) == [50]
    assert local(versions.newest()).empty


# ---------------------------------------------------------------------- made step by step, or at once

ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "accept", "withdraw", "restore", "look", "own"]),
        st.sampled_from([LEEDS, KENT]),
        st.sampled_from([Q1, Q2, LAST_YEAR]),
        st.lists(st.integers(0, 30), min_size=3, max_size=3).filter(lambda n: sum(n) > 0),
        st.sampled_from(["provisional", "final"]),
        st.sampled_from(["quarter", "year_to_date"]),
    ),
    min_size=2,
    max_size=6,
)


@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(actions=ACTIONS)
def test_a_version_made_step_by_step_is_the_one_made_at_once(
    outcomes: Warehouse, actions: list[tuple[Any, ...]]
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("careleavers.versions.open_warehouse", lambda *_: outcomes)
        store = Store(read_address(str(Path(folder) / "uploads.duckdb")))
        step_by_step = Versions(store)
        for number, (action, area, day, numbers, layer, basis) in enumerate(actions):
            uploads = store.uploads().query("kind == 'local'")
            some = uploads[uploads["state"] == {"withdraw": "in force"}.get(action, "withdrawn")]["upload"].tolist()
            if action == "accept":
                rows = family(*numbers, area_code=area, period_end=day, basis=basis, layer=layer)
                own = [counts(9, 40, indicator="driving_lessons", area_code=area, layer=layer)]
                store.accept(upload(*rows, *own, content=str(number).encode()), ADMINISTRATOR)
            elif action == "own":
                store.accept(catalogue(caveats=str(number)), ADMINISTRATOR)
            elif action == "look" or not some:
                step_by_step.newest()
            elif action == "withdraw":
                store.withdraw(some[0], ADMINISTRATOR, "wrong")
            else:
                store.restore(some[0], ADMINISTRATOR, "right")
        at_once = Versions(store)
        assert_frame_equal(local(step_by_step.newest(), None), local(at_once.newest(), None))
        for name in ("sources", "indicators", "held", "inspections"):
            assert_frame_equal(table(step_by_step.newest(), name), table(at_once.newest(), name))
        for number in range(store.version()):
            assert_frame_equal(
                local(step_by_step.select_version(number), None), local(at_once.select_version(number), None)
            )


# ---------------------------------------------------------------------- many at a time


def schemas(shown: Warehouse) -> set[str]:
    with shown._database.cursor() as cursor:
        names = cursor.execute("SELECT schema_name FROM duckdb_schemas() WHERE schema_name LIKE 'local%'").fetchall()
    return {name for (name,) in names}


def test_a_version_stays_for_whoever_looks_at_it_and_goes_with_the_last(
    versions: Versions, outcomes: Warehouse
) -> None:
    before = schemas(outcomes)
    versions.store.accept(upload(figure(1000.0, numerator=40.0)), LEEDS_OFFICER)
    held = versions.newest()
    for number in range(5):
        versions.store.accept(upload(figure(float(number), numerator=40.0 + number)), LEEDS_OFFICER)
        versions.newest()
    assert local(held)["numerator"].tolist() == [40]
    assert len(schemas(outcomes) - before) <= 3
    del held
    versions.store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    versions.newest()
    kept = schemas(outcomes)
    assert len(kept - before) <= 2
    with outcomes._database.cursor() as cursor:
        parts = " UNION ALL ".join(f'SELECT area_code, made FROM "{schema}".parts' for schema in kept)
        (stray,) = cursor.execute(
            f"SELECT count(*) FROM local_rows ANTI JOIN ({parts}) USING (area_code, made)"
        ).fetchall()
    assert stray == (0,)


def test_many_look_while_versions_come_and_go(versions: Versions) -> None:
    """Every read gives one whole version: the three counts of a family come from the same upload."""
    store, stop = versions.store, threading.Event()
    store.accept(upload(*family(100, 100, 100)), LEEDS_OFFICER)
    versions.newest()

    def look(back: bool) -> int:
        looks = 0
        while not stop.is_set():
            shown = versions.newest()
            if back:
                number = int(shown.version.rpartition("-")[2])
                shown = versions.select_version(max(1, number - 2))
            rows = shown.query("local_latest", authority=LEEDS)
            assert len(rows) == 3
            assert rows["numerator"].nunique() == 1
            assert rows["release"].nunique() == 1
            looks += 1
        return looks

    with ThreadPoolExecutor(3) as pool:
        looking = [pool.submit(look, back) for back in (False, True, True)]
        try:
            for number in range(105, 130, 5):
                store.accept(upload(*family(number, number, number)), LEEDS_OFFICER)
                versions.newest()
        finally:
            stop.set()
        assert min(future.result() for future in looking) > 0
    assert local(versions.newest())["numerator"].tolist() == [125] * 3


def test_nobody_waits_while_another_look_makes_a_new_version(
    versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = versions.store
    store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    before = versions.newest()
    store.accept(upload(figure(60.0)), LEEDS_OFFICER)
    begun, go_on, snapshot = threading.Event(), threading.Event(), store.snapshot

    def slow(*arguments: Any, **more: Any) -> Any:
        begun.set()
        assert go_on.wait(60)
        return snapshot(*arguments, **more)

    monkeypatch.setattr(store, "snapshot", slow)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(versions.newest)
        assert begun.wait(60)
        try:
            assert versions.newest() is before
        finally:
            go_on.set()
        assert values(other.result()) == [60]
    assert values(versions.newest()) == [60]


def lose(versions: Versions, patch: pytest.MonkeyPatch) -> None:
    """From now on only the store's version can be read."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise StoreUnavailable("The file with the uploads cannot be reached just now.")

    patch.setattr(versions.store, "snapshot", refuse)


def find(versions: Versions, patch: pytest.MonkeyPatch) -> None:
    """The store is back, and enough time has passed to try it again."""
    patch.undo()
    versions._retry_at = 0.0


def test_while_the_store_cannot_be_read_the_version_before_is_shown(versions: Versions) -> None:
    versions.store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    before = versions.newest()
    versions.store.accept(upload(figure(60.0)), LEEDS_OFFICER)
    with pytest.MonkeyPatch.context() as patch:
        lose(versions, patch)
        assert versions.newest() is before
        find(versions, patch)
    assert values(versions.newest()) == [60]


def test_a_store_that_cannot_be_read_at_the_start_leaves_the_published_figures(versions: Versions) -> None:
    versions.store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    with pytest.MonkeyPatch.context() as patch:
        lose(versions, patch)
        assert len(table(versions.newest(), "figures")) > 10_000
        find(versions, patch)
    assert values(versions.newest()) == [50]
