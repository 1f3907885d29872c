"""No raw figure reaches viewers through any query at any version, nor another council's officers through the store."""

import datetime as dt
import json
import logging
import re
from collections.abc import Callable, Iterator
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from careleavers.access.people import NOBODY, NotAllowed, Person
from careleavers.figures.warehouse import QUERIES, Warehouse, query_names
from careleavers.store import Store
from careleavers.store.address import read_address
from careleavers.versions import Versions
from careleavers.wording import exports
from tests import attacker
from tests.raw_figures import ENDS, NUMBERS, TELLTALE, Secrets, file_text, fill, local, secrets, table_text
from tests.store.samples import (
    HULL,
    KENT,
    KENT_OFFICER,
    LEEDS,
    LEEDS_OFFICER,
    VIEWER,
    catalogue,
    events,
    figure,
    upload,
)

VERSIONS = range(9)
# One measure with small counts from every kind of family.
FEW = ["neet", "no_longer_requires_services", "in_custody"]
# The queries whose answers contain local figures; all others return published ones.
OF_LOCAL = ("local_latest", "local_quarters", "trends")


@pytest.fixture(scope="module")
def versions(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Versions]:
    """Two councils' uploads with small counts: see :func:`tests.raw_figures.fill`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("careleavers.versions.open_warehouse", lambda *_: warehouse)
        made = Versions(Store(read_address(str(tmp_path_factory.mktemp("raw") / "uploads.duckdb"))))
        fill(made.store)
        yield made


@pytest.fixture(scope="module")
def hidden(versions: Versions) -> Secrets:
    return secrets(versions)


@pytest.fixture(scope="module")
def measures(versions: Versions) -> list[str]:
    """All that there are local figures of."""
    return sorted({*local(versions, 7)["indicator"]})


def test_there_is_something_to_find(versions: Versions, hidden: Secrets, measures: list[str]) -> None:
    """The search does find raw rows, so finding nothing means something."""
    assert hidden.hidden > 100
    raw = versions.store.figures(layers=["provisional", "final"])
    small = raw[raw["numerator"].between(1, 4)]
    assert len(small) > 20
    for row in small.to_dict("records"):
        assert hidden.found(f"a share of {row['value']!r} %")
        assert hidden.found(f"{row['value'] / 100:.14f}")
        others = row["denominator"] - row["numerator"]
        assert others % 5 == 0 or hidden.found(f"{others:,.0f} others")
    assert hidden.found(table_text(raw))
    assert hidden.found("the Telltale file")
    shown = local(versions, 7)
    assert shown["numerator"].notna().sum() > 50
    assert not hidden.found(table_text(shown))
    assert set(measures) <= set(versions.newest().query("indicators")["indicator"])


# ---------------------------------------------------------------------- what there is to ask


def parameters(indicators: list[str]) -> dict[str, list[Any]]:
    """The values for each query parameter for which local figures could be in the answer."""
    target = {"kind": "local", "target": 60, "tolerance": 2, "direction": "at_least"}
    items = [{"indicator": one, "age_group": age} | target for one in indicators for age in ("17-18", "19-21")]
    action = {"action_id": "a", "rag": "amber", "due": "2026-03-31", "indicator": "eet", "age_group": "19-21"}
    return {
        "items": [json.dumps(items)], "before": [None], "inspection": [""], "owner": [""], "action_key": ["a"],
        "versions": [json.dumps([{"version": 1, "day": "2025-12-31", "actions": [action]}])],
        "indicator": indicators, "indicators": [indicators], "enabler": ["in_custody"], "outcome": ["eet"], "age_group": ["17-18", "19-21"],
        "enabler_age": ["19-21"], "outcome_age": ["19-21"], "authority": [LEEDS, KENT], "area": [LEEDS, KENT], "authorities": [f"{LEEDS},{KENT}"],
        "others": [f"{KENT},{HULL},{LEEDS}"], "basis": ["quarter", "year_to_date", "full_year"],
        "period": [ENDS[-1].isoformat(), "2025-03-31"], "against": ["england"], "scope": ["all"], "aspect": ["overall"],
        "by": ["region"], "search": [""], "theme": ["all"], "since": ["2018-03-31"], "source": ["local"],
        "release": [str(upload) for upload in VERSIONS], "today": [dt.date(2026, 11, 28)], "years": [[]], "areas": [[LEEDS, KENT]],
        "measures": [[f"{one}.{age}" for one in indicators for age in ("17-18", "19-21")]],
        "missed": [[f"{one}.{age}.at_least" for one in indicators for age in ("17-18", "19-21")]],
    }  # fmt: skip


def answers(shown: Warehouse, choices: dict[str, list[Any]], name: str) -> Iterator[pd.DataFrame]:
    """Every combination where local figures are in the answer; elsewhere each value once or more."""
    sql = re.sub(r"--[^\n]*", "", (QUERIES / f"{name}.sql").read_text(encoding="utf-8"))
    wanted = sorted(set(re.findall(r"\$([a-z_]+)", sql)))
    values = [choices[one] for one in wanted]
    times = max(map(len, values), default=1)
    together = product(*values) if name in OF_LOCAL else islice(zip(*map(cycle, values), strict=True), times)
    for chosen in together if wanted else [()]:
        yield shown.query(name, **dict(zip(wanted, chosen, strict=True)))


@pytest.mark.parametrize("name", query_names())
def test_no_question_of_the_newest_version_is_answered_with_a_hidden_number(
    versions: Versions, hidden: Secrets, measures: list[str], name: str
) -> None:
    choices = parameters(measures if name in OF_LOCAL else FEW)
    if name == "local_quarters":
        # The same answer holds the other councils.
        choices["authority"] = [LEEDS]
    found = list(answers(versions.newest(), choices, name))
    assert found
    for answer in found:
        if {"status", *NUMBERS[::2]} <= set(answer.columns):
            assert answer.loc[answer["status"] == "c", ["numerator", "value"]].isna().all(axis=None)
    assert not hidden.found("\n".join(map(table_text, found)))
    if name in OF_LOCAL:
        assert not hidden.found("\n".join(file_text(exports.csv_bytes(answer)) for answer in found))


# Anything else that an earlier version could reveal is in its tables, which the next test reads in full.
@pytest.mark.parametrize("number", [2, 4, 6])
def test_no_question_of_an_earlier_version_is_answered_with_a_hidden_number(
    versions: Versions, hidden: Secrets, number: int
) -> None:
    choices = parameters(FEW) | {"age_group": ["19-21"]}
    for name in OF_LOCAL:
        assert not hidden.found("\n".join(map(table_text, answers(versions.select_version(number), choices, name))))


@pytest.mark.parametrize("number", range(1, 9))
def test_the_database_of_the_pages_holds_no_hidden_number_and_no_note(
    versions: Versions, hidden: Secrets, number: int
) -> None:
    with versions.select_version(number)._cursor() as cursor:
        tables = cursor.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() UNION SELECT schema_name, view_name FROM duckdb_views() "
            "WHERE NOT internal"
        ).fetchall()
        own = versions.select_version(number)._schema
        searched = 0
        for schema, name in [one for one in tables if one[0] in {own, "main"}]:
            if schema == "main" and name != "local_rows":
                continue
            table = cursor.sql(f'SELECT * FROM "{schema}"."{name}"')
            rows = table.filter("layer <> 'published'").df() if "layer" in table.columns else table.df()
            if "layer" in rows.columns:
                told = rows[rows["status"] == "c"]
                assert told[["numerator", "value", "published_value", "lower", "upper", "change"]].isna().all(axis=None)
                assert not set(told["change_verdict"]) - {""}
                searched += len(rows)
            assert "note" not in rows.columns or not rows["note"].str.contains(TELLTALE).any()
            assert not hidden.found(table_text(rows))
        assert searched > 50
        assert not [one for one in tables if one[1] in {"given", "copied"}]


def test_every_count_is_a_multiple_and_keeps_its_target(versions: Versions) -> None:
    rows = local(versions, 6)
    shown = rows[rows["status"] == "ok"]
    assert len(shown) > 100
    assert (shown[["numerator", "denominator"]] % 5 == 0).all(axis=None)
    assert (rows["target"] == 61.7).all()
    assert (shown["rounded"] == 5).all()
    assert rows["published_value"].isna().all()


# ---------------------------------------------------------------------- somebody with every version


def test_nobody_works_a_small_count_out_of_all_versions_together() -> None:
    """In both versions, councils that uploaded in two steps look like others with different counts."""
    chance = np.random.default_rng(7)
    found: list[int] = []
    several = 0
    while several < 3:
        one = attacker.council(chance)
        if len(one.versions) > 1:
            several += 1
            found += attacker.possibilities(one, chance)
    assert len(found) > 20
    assert min(found) > 1


# ---------------------------------------------------------------------- who may see what is raw


@pytest.mark.parametrize(
    "who",
    [
        VIEWER,
        NOBODY,
        KENT_OFFICER,
        Person("https://id.example", "x", "X", "officer"),
        Person("https://id.example", "x", "X", "viewer", frozenset({LEEDS}), True),
        Person("https://elsewhere.example", "ann", "Ann Ames", "officer", frozenset({KENT})),
    ],
)
def test_the_store_gives_nothing_raw_to_those_who_do_not_look_after_the_council(
    versions: Versions, who: Person
) -> None:
    store = versions.store
    before = store.version()
    with pytest.raises(NotAllowed) as refusal:
        store.original(1, who)
    assert TELLTALE not in str(refusal.value)
    with pytest.raises(NotAllowed):
        store.history("in_custody", "19-21", LEEDS, None, who)
    with pytest.raises(NotAllowed):
        store.history("in_custody", "19-21", LEEDS, ENDS[0], who, basis="quarter", layer="provisional")
    for act in (store.withdraw, store.restore, store.decline):
        with pytest.raises(NotAllowed):
            act(1, who, "because")
    with pytest.raises(NotAllowed):
        store.accept(upload(figure(50.0)), who)
    assert store.version() == before


def test_the_officer_of_the_council_sees_what_is_raw(versions: Versions) -> None:
    name, content = versions.store.original(1, LEEDS_OFFICER)
    assert (name, content.decode().split("\n")[0]) == (
        f"{TELLTALE} leeds one file.csv",
        f"{TELLTALE} leeds one content",
    )
    values = versions.store.history("in_custody", "19-21", LEEDS, ENDS[0], LEEDS_OFFICER)
    assert values["numerator"].between(1, 5).all()


def test_what_is_published_is_everybody_s(versions: Versions) -> None:
    assert versions.store.history("eet", "19-21", LEEDS, None, NOBODY, layer="published").empty


# ---------------------------------------------------------------------- logs


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    logger = logging.getLogger("careleavers")
    before = logger.propagate
    logger.propagate = True
    with caplog.at_level(logging.DEBUG):
        yield lambda: caplog.text
    logger.propagate = before


def test_logs_tell_what_was_done_and_nothing_of_what_is_in_it(
    hidden: Secrets, warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logged: Callable[[], str]
) -> None:
    monkeypatch.setattr("careleavers.versions.open_warehouse", lambda *_: warehouse)
    versions = Versions(Store(read_address(str(tmp_path / "uploads.duckdb"))))
    fill(versions.store)
    versions.store.accept(catalogue(definition=TELLTALE), LEEDS_OFFICER)
    versions.store.accept(events(note=TELLTALE), LEEDS_OFFICER)
    for act in (lambda: versions.store.original(1, KENT_OFFICER), lambda: versions.store.accept(upload(), VIEWER)):
        with pytest.raises(NotAllowed):
            act()
    assert "accepted upload 1" in logged()
    assert not hidden.found(logged())
    assert "eet" not in logged()
