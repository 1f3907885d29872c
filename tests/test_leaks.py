"""That nothing raw reaches viewers by any question of any version, nor officers of another council by the store."""

import logging
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from careleavers import downloads
from careleavers.people import NOBODY, NotAllowed, Person
from careleavers.store import Store
from careleavers.store.address import read_address
from careleavers.versions import Versions
from careleavers.warehouse import QUERIES, Warehouse, query_names
from tests.raw_figures import ENDS, NUMBERS, TELLTALE, Secrets, file_text, fill, local, secrets, table_text
from tests.store.samples import (
    ADMINISTRATOR,
    HULL,
    KENT,
    KENT_OFFICER,
    LEEDS,
    LEEDS_OFFICER,
    Q1,
    VIEWER,
    catalogue,
    events,
    figure,
    upload,
)
from tests.test_disclosure import ENDS as ENDS_BY_QUARTER
from tests.test_disclosure import SPANS

VERSIONS = range(9)
# Of every kind of family one measure with small counts.
FEW = ["neet", "no_longer_requires_services", "in_custody"]
# The questions that local figures are in the answers of; all others ask for published ones.
OF_LOCAL = ("local_latest", "local_quarters", "trend")


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


def test_there_is_something_to_find(versions: Versions, hidden: Secrets) -> None:
    """The search finds the raw rows, so that to find nothing says something."""
    assert hidden.hidden > 100
    raw = versions.store.figures(layers=["provisional", "final"])
    small = raw[raw["numerator"].between(1, 5)]
    assert len(small) > 20
    for row in small.to_dict("records"):
        assert hidden.found(f"a share of {row['value']!r} %")
        assert hidden.found(f"{row['value'] / 100:.14f}")
        assert hidden.found(f"{row['denominator'] - row['numerator']:,.0f} others")
    assert hidden.found(table_text(raw))
    assert hidden.found("the Telltale file")
    shown = local(versions, 7)
    assert shown["numerator"].notna().sum() > 50
    assert not hidden.found(table_text(shown))


# ---------------------------------------------------------------------- what there is to ask


def parameters(indicators: list[str]) -> dict[str, list[Any]]:
    """What each parameter of the queries may be asked with, wherever local figures could be in the answer."""
    return {
        "indicator": indicators, "enabler": ["in_custody"], "outcome": ["eet"], "age_group": ["17-18", "19-21"],
        "enabler_age": ["19-21"], "outcome_age": ["19-21"], "authority": [LEEDS, KENT], "authorities": [f"{LEEDS},{KENT}"],
        "others": [f"{KENT},{HULL},{LEEDS}"], "basis": ["quarter", "year_to_date", "full_year"],
        "period": [ENDS[-1].isoformat(), "2025-03-31"], "against": ["england"], "scope": ["all"], "aspect": ["overall"],
        "by": ["region"], "search": [""], "theme": ["all"], "since": ["2018-03-31"], "source": ["local"],
        "release": [str(upload) for upload in VERSIONS], "years": [[]], "areas": [[LEEDS, KENT]],
        "measures": [[f"{one}.{age}" for one in indicators for age in ("17-18", "19-21")]],
    }  # fmt: skip


def answers(shown: Warehouse, choices: dict[str, list[Any]], name: str) -> Iterator[pd.DataFrame]:
    sql = re.sub(r"--[^\n]*", "", (QUERIES / f"{name}.sql").read_text(encoding="utf-8"))
    wanted = sorted(set(re.findall(r"\$([a-z_]+)", sql)))
    for chosen in product(*(choices[one] for one in wanted)):
        yield shown.query(name, **dict(zip(wanted, chosen, strict=True)))


@pytest.mark.parametrize("name", query_names())
def test_no_question_of_the_newest_version_is_answered_with_a_hidden_number(
    versions: Versions, hidden: Secrets, name: str
) -> None:
    every = sorted({*local(versions, 7)["indicator"]})
    assert set(every) <= set(versions.newest().query("indicators")["indicator"])
    choices = parameters(every if name in OF_LOCAL else FEW)
    if name == "local_quarters":
        # The other councils stand beside it in the same answer.
        choices["authority"] = [LEEDS]
    found = list(answers(versions.newest(), choices, name))
    assert found
    for answer in found:
        if {"status", *NUMBERS[::2]} <= set(answer.columns):
            assert answer.loc[answer["status"] == "c", ["numerator", "value"]].isna().all(axis=None)
    assert not hidden.found("\n".join(map(table_text, found)))
    if name in OF_LOCAL:
        assert not hidden.found("\n".join(file_text(downloads.csv_bytes(answer)) for answer in found))


# What else an earlier version could tell is in its tables, which the next test reads whole.
@pytest.mark.parametrize("number", [2, 4, 6])
def test_no_question_of_an_earlier_version_is_answered_with_a_hidden_number(
    versions: Versions, hidden: Secrets, number: int
) -> None:
    choices = parameters(FEW) | {"age_group": ["19-21"]}
    for name in OF_LOCAL:
        assert not hidden.found("\n".join(map(table_text, answers(versions.at(number), choices, name))))


@pytest.mark.parametrize("number", range(1, 9))
def test_the_database_of_the_pages_holds_no_hidden_number_and_no_note(
    versions: Versions, hidden: Secrets, number: int
) -> None:
    with versions.at(number)._cursor() as cursor:
        tables = cursor.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() UNION SELECT schema_name, view_name FROM duckdb_views() "
            "WHERE NOT internal"
        ).fetchall()
        own = versions.at(number)._schema
        searched = 0
        for schema, name in [one for one in tables if one[0] in {own, "main"}]:
            if schema == "main" and name != "local_rows":
                continue
            rows = cursor.execute(f'SELECT * FROM "{schema}"."{name}"').df()
            if "layer" in rows.columns:
                rows = rows[rows["layer"] != "published"]
                told = rows[rows["status"] == "c"]
                assert told[["numerator", "value", "published_value", "lower", "upper", "change"]].isna().all(axis=None)
                assert not set(told["change_verdict"]) - {""}
                searched += len(rows)
            assert "note" not in rows.columns or not rows["note"].str.contains(TELLTALE).any()
            assert not hidden.found(table_text(rows))
        assert searched > 50
        assert not [one for one in tables if one[1] in {"given", "copied"}]


def test_a_hidden_figure_keeps_its_target_and_its_denominator(versions: Versions) -> None:
    rows = local(versions, 6)
    told = rows[rows["status"] == "c"]
    assert (told["target"] == 61.7).all()
    assert told["denominator"].notna().any()
    assert told["published_value"].isna().all()


# ---------------------------------------------------------------------- somebody with every version

FAMILIES = {"activity": ("eet", "neet", "activity_not_known"), "health": ("health_history_given",)}
AGES = {"17-18": 0, "19-21": 1}
GROUPS = st.tuples(
    st.sampled_from(list(FAMILIES)), st.sampled_from(["quarter", "quarter", "year_to_date"]), st.integers(1, 3),
    st.sampled_from(list(AGES)),
)  # fmt: skip
STEPS = st.lists(
    st.one_of(
        st.tuples(st.lists(GROUPS, min_size=1, max_size=4, unique=True), st.sampled_from(["provisional", "final"])),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=5,
)


def everyone(family: str) -> tuple[str, ...]:
    return FAMILIES[family] if len(FAMILIES[family]) > 1 else (*FAMILIES[family], f"not {family}")


def pinned(rows: pd.DataFrame, wanted: pd.DataFrame, counts: dict[tuple[str, int, int], int]) -> list[str]:
    """The small counts hidden in ``wanted``, some of ``rows``, that somebody works out who has the rows and a solver.

    They take every count to be whole and not negative, families to fill their denominator, quarters to add up, and a
    hidden count not to be 0 unless it is.
    """
    places = {name: at for at, name in enumerate(counts)}
    quarter_of = {day: quarter for quarter, day in ENDS_BY_QUARTER.items()}
    family_of = {member: family for family, members in FAMILIES.items() for member in members}
    seen: dict[tuple[int, ...], tuple[float, float]] = {}
    asked: dict[tuple[int, ...], str] = {}
    for row, of_interest in [
        *((row, False) for row in rows.to_dict("records")),
        *((row, True) for row in wanted.to_dict("records")),
    ]:
        where = [
            (AGES[row["age_group"]], quarter) for quarter in SPANS[row["basis"]](quarter_of[row["period_end"].date()])
        ]
        for column, who in (("numerator", (row["indicator"],)), ("denominator", everyone(family_of[row["indicator"]]))):
            terms = tuple(sorted(places[(one, *place)] for one in who for place in where))
            truth = sum(counts[(one, *place)] for one in who for place in where)
            if not pd.isna(row[column]):
                assert row[column] == truth
                seen[terms] = truth, truth
            elif row["status"] == "c":
                seen.setdefault(terms, (min(1, truth), np.inf))
                if of_interest and 0 < truth <= 5:
                    asked[terms] = f"{column} of {row['indicator']} {row['basis']}"
    if not asked:
        return []
    matrix = np.zeros((len(seen), len(counts)))
    for at, terms in enumerate(seen):
        matrix[at, list(terms)] = 1
    limits = LinearConstraint(matrix, *zip(*seen.values(), strict=True))
    out = []
    for terms, name in asked.items():
        cost = np.zeros(len(counts))
        cost[list(terms)] = 1
        ends = [
            milp(sign * cost, constraints=limits, bounds=Bounds(0, 500), integrality=np.ones(len(cost)))
            for sign in (1, -1)
        ]
        assert all(end.success for end in ends), "what is shown must be possible"
        if abs(cost @ (ends[0].x - ends[1].x)) < 0.5:
            out.append(name)
    return out


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(steps=STEPS, top=st.sampled_from([2, 7, 15]), data=st.data())
def test_nobody_works_a_hidden_count_out_from_all_versions_together(
    warehouse: Warehouse, steps: list[Any], top: int, data: st.DataObject
) -> None:
    """Uploads come and go; everybody may look at every version there ever was. What is hidden now stays unknown."""
    places = list(product((0, 1), range(1, 4)))
    counts = {
        (who, *place): data.draw(st.integers(0, top)) for f in FAMILIES for who in everyone(f) for place in places
    }
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("careleavers.versions.open_warehouse", lambda *_: warehouse)
        versions = Versions(Store(read_address(str(Path(folder) / "uploads.duckdb"))))
        for number, step in enumerate(steps):
            _take(versions.store, step, counts, number)
        last = versions.store.version()
        if last:
            rows = pd.concat([local(versions, number) for number in range(1, last + 1)])
            assert pinned(rows, local(versions, last), counts) == []
            # All versions together tell no more than the newest one does by itself.
            secret = rows[rows["status"] == "c"].assign(numerator=None, denominator=None)
            assert set(pinned(rows, rows, counts)) <= set(pinned(local(versions, last), secret, counts))


def _take(store: Store, step: Any, counts: dict[tuple[str, int, int], int], number: int) -> None:
    """One upload, or the withdrawal of one."""
    if isinstance(step, int):
        uploads = store.uploads()
        held = uploads.loc[uploads["state"] == "in force", "upload"].tolist()
        if held:
            store.withdraw(held[step % len(held)], ADMINISTRATOR, "wrong")
        return
    groups, layer = step
    rows = []
    for family, basis, quarter, age_group in groups:
        where = [(AGES[age_group], q) for q in SPANS[basis](quarter)]
        base = sum(counts[who, *place] for who in everyone(family) for place in where)
        for member in FAMILIES[family] if base else ():
            count = sum(counts[member, *place] for place in where)
            rows.append(
                figure(
                    100 * count / base, indicator=member, age_group=age_group, period_end=ENDS_BY_QUARTER[quarter],
                    basis=basis, layer=layer, numerator=float(count), denominator=float(base),
                )
            )  # fmt: skip
    if rows:
        store.accept(upload(*rows, content=str(number).encode()), ADMINISTRATOR)


def health(count: int, among: int, quarter: int, basis: str = "quarter") -> dict[str, Any]:
    """A figure of a measure that is no family."""
    return figure(
        100 * count / among, indicator="health_history_given", period_end=ENDS_BY_QUARTER[quarter], basis=basis,
        numerator=float(count), denominator=float(among),
    )  # fmt: skip


@pytest.mark.parametrize(
    "steps",
    [
        # Of three uploads that were each taken back, two tell what was hidden in the third.
        [[health(12, 40, 2, "year_to_date")], 1, [health(9, 22, 2)], 3, [health(3, 18, 1)], 5],
        # The same, and one of them is in force again.
        [[health(12, 40, 2, "year_to_date")], 1, [health(9, 22, 2), health(3, 18, 1)], 3, [health(9, 22, 2)]],
    ],
)
def test_earlier_versions_do_not_tell_what_another_one_hid(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: list[Any]
) -> None:
    monkeypatch.setattr("careleavers.versions.open_warehouse", lambda *_: warehouse)
    versions = Versions(Store(read_address(str(tmp_path / "uploads.duckdb"))))
    for number, step in enumerate(steps):
        if isinstance(step, int):
            versions.store.withdraw(step, ADMINISTRATOR, "wrong")
        else:
            versions.store.accept(upload(*step, content=str(number).encode()), ADMINISTRATOR)
    rows = pd.concat([local(versions, number) for number in range(1, len(steps) + 1)])
    counts = {
        (one, 1, q): n
        for q, ns in {1: (3, 15), 2: (9, 13)}.items()
        for one, n in zip(everyone("health"), ns, strict=True)
    }
    assert pinned(rows, rows, counts) == []


def test_somebody_with_every_raw_figure_would_be_found_out() -> None:
    """The search for a way to work counts out succeeds where there is one."""
    counts = {("eet", 1, 1): 60, ("neet", 1, 1): 3, ("activity_not_known", 1, 1): 12}
    rows = pd.DataFrame(
        [
            figure(
                None,
                indicator=one,
                numerator=float(n) if n > 5 else None,
                denominator=75.0,
                status="ok" if n > 5 else "c",
            )
            for (one, _, _), n in counts.items()
        ]
    ).assign(period_end=pd.Timestamp(Q1))
    assert pinned(rows, rows, counts) == ["numerator of neet quarter"]


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
        store.history_of("in_custody", "19-21", LEEDS, None, who)
    with pytest.raises(NotAllowed):
        store.history_of("in_custody", "19-21", LEEDS, ENDS[0], who, basis="quarter", layer="provisional")
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
    values = versions.store.history_of("in_custody", "19-21", LEEDS, ENDS[0], LEEDS_OFFICER)
    assert values["numerator"].between(1, 5).all()


def test_what_is_published_is_everybody_s(versions: Versions) -> None:
    assert versions.store.history_of("eet", "19-21", LEEDS, None, NOBODY, layer="published").empty


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
