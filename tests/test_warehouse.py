"""The figures in memory: what is refused on loading, that nothing can be written, and that many can query at once."""

import csv
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from careleavers.errors import CareLeaversError, DataProblem, QueryProblem
from careleavers.figures import warehouse as module
from careleavers.figures.loading import check_folder, contents_of
from careleavers.figures.warehouse import Warehouse, open_warehouse, query_names
from careleavers.importer.files import MANIFEST, check_seal, manifest_bytes, seal
from tests.made_up_data import ENGLAND, compared, figure, folder, hidden, indicator, joint_code, opened


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    """The shipped figures, with every query run: the shared fixture runs each only once."""
    opened = open_warehouse()
    yield opened
    opened.close()


# ---------------------------------------------------------------- the rules


def test_figures_stand_as_in_the_data_a_joint_return_once_for_each_member(warehouse: Warehouse) -> None:
    with warehouse._cursor() as cursor:
        figures, unlike = cursor.execute(
            """WITH expected AS (
                SELECT row_number() OVER (ORDER BY o.rowid, a.rowid) - 1 AS row,
                       {'i': o.indicator, 'a': o.age_group, 'e': o.period_end, 's': o.source, 'v': o.value, 'c': a.area_code} AS is
                FROM observations o
                JOIN (SELECT joint_code, authority_code FROM members UNION ALL SELECT area_code, area_code FROM areas
                      WHERE area_code NOT IN (SELECT joint_code FROM members)) m ON m.joint_code = o.area_code
                JOIN areas a ON a.area_code = m.authority_code)
            SELECT count(*), count(*) FILTER (e.is IS DISTINCT FROM {
                'i': f.indicator, 'a': f.age_group, 'e': f.period_end, 's': f.source, 'v': f.value, 'c': f.area_code})
            FROM figures f FULL JOIN expected e ON e.row = f.rowid"""
        ).fetchall()[0]
    assert figures > 50_000
    assert unlike == 0


def test_a_row_of_an_area_or_an_indicator_that_is_not_known_is_no_figure(tiny: Path) -> None:
    with duckdb.connect() as connection:
        module.load(connection, tiny, module.contents_of(tiny))
        held = connection.execute("SELECT count(*) FROM observations").fetchall()[0][0]
        for column in ("area_code", "indicator"):
            connection.execute(
                f"INSERT INTO observations SELECT * REPLACE ('unheard of' AS {column}) FROM observations LIMIT 1"
            )
        connection.execute(
            "INSERT INTO observations SELECT * REPLACE (DATE '2001-03-31' AS period_end) FROM observations LIMIT 1"
        )
        module._apply_rules(connection)
        shown = connection.execute(
            "SELECT count(*), count(*) FILTER (area_code = 'unheard of') FROM figures"
        ).fetchall()
    assert shown == [(held + 1, 0)]


def test_what_was_opened_ahead_is_taken_once(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELEAVERS_DATA", str(tiny))
    built = []

    def build(*arguments: object) -> object:
        built.append(arguments)
        return object()

    monkeypatch.setattr(module, "_build", build)
    module.open_ahead()
    first, second = open_warehouse(), open_warehouse()
    assert first is not second
    assert built == [(tiny, True, None)] * 2


def test_what_was_opened_ahead_with_another_setting_is_left(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELEAVERS_DATA", str(tiny))
    monkeypatch.setattr(module, "_AHEAD", {})
    monkeypatch.setattr(module, "_build", lambda *_: object())
    module.open_ahead()
    [ahead] = module._AHEAD.values()
    monkeypatch.setenv("CARELEAVERS_SMALL_COHORT", "7")
    assert open_warehouse() is not ahead.result()


def test_what_was_opened_ahead_and_not_taken_is_closed(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELEAVERS_DATA", str(tiny))
    monkeypatch.setattr(module, "_AHEAD", {})
    opened = open_warehouse(tiny, sealed=False)
    monkeypatch.setattr(module, "_build", lambda *_: opened)
    module.open_ahead()
    [ahead] = module._AHEAD.values()
    assert ahead.result() is opened
    module.discard_ahead()
    assert not module._AHEAD
    with pytest.raises(duckdb.Error):
        opened.query("authorities")


# ---------------------------------------------------------------- queries


def test_unknown_queries_are_refused_by_name(warehouse: Warehouse) -> None:
    for name in ("nothing", "../warehouse", "rules/1_macros", "", "at_a_glance.sql", "DELETE FROM figures"):
        with pytest.raises(QueryProblem, match="There is no query called"):
            warehouse.query(name)


def test_missing_and_unknown_parameters_are_refused_by_name(warehouse: Warehouse) -> None:
    with pytest.raises(QueryProblem, match="The query “at_a_glance” needs the parameter “against”"):
        warehouse.query("at_a_glance", authority="E08000035")
    with pytest.raises(QueryProblem, match="The query “at_a_glance” has no parameter “when”"):
        warehouse.query("at_a_glance", authority="E08000035", against="england", when="now")
    with pytest.raises(QueryProblem, match="The query “authorities” has no parameter “authority”"):
        warehouse.query("authorities", authority="E08000035")


def test_parameters_are_bound_and_never_run(warehouse: Warehouse) -> None:
    before = warehouse.query("authorities")
    for text in ("'; DROP TABLE figures; --", "E08000035' OR '1'='1", "$authority", "%"):
        assert warehouse.query("at_a_glance", authority=text, against="england").empty
    assert warehouse.query("authorities").equals(before)


def test_every_query_reads_only() -> None:
    assert {"at_a_glance", "compare", "export", "definitions"} <= set(query_names())
    for name in query_names():
        module._read_query(name)


def test_a_query_that_would_write_is_refused(tmp_path, monkeypatch) -> None:
    (tmp_path / "queries").mkdir()
    opened_before = opened(tmp_path / "data", [figure(1, 10, 20)])
    monkeypatch.setattr(module, "QUERIES", tmp_path / "queries")
    try:
        for sql in (
            "DELETE FROM figures", "UPDATE figures SET value = 1", "INSERT INTO settings VALUES (1)", "DROP TABLE figures",
            "CREATE TABLE mine AS SELECT 1", "SELECT 1; DELETE FROM figures", "COPY figures TO 'x.csv'", "ATTACH 'x.db'", "",
        ):  # fmt: skip
            (tmp_path / "queries" / "mine.sql").write_text(f"-- A question?\n{sql}\n", encoding="utf-8")
            module.query_names.cache_clear()
            module._read_query.cache_clear()
            with pytest.raises(QueryProblem, match="The query “mine” must be one SELECT"):
                opened_before.query("mine")
    finally:
        module.query_names.cache_clear()
        module._read_query.cache_clear()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM glob('{folder}/*')",
        "COPY figures TO '{folder}/out.csv'",
        "COPY settings FROM '{file}'",
        "ATTACH '{folder}/other.db'",
        "EXPORT DATABASE '{folder}/all'",
        "INSTALL httpfs",
        "LOAD '{file}'",
        "SET enable_external_access = true",
        "SET memory_limit = '1GB'",
        "RESET enable_external_access",
    ],
)
def test_after_loading_no_file_is_read_or_written_and_no_setting_changed(warehouse: Warehouse, tmp_path, sql) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    cursor = warehouse._connection.cursor()
    with pytest.raises(duckdb.Error):
        cursor.execute(sql.format(file=tmp_path / "secret.csv", folder=tmp_path))
    assert [p.name for p in tmp_path.iterdir()] == ["secret.csv"]


def test_lists_are_plain_lists_with_gaps(warehouse: Warehouse) -> None:
    rows = warehouse.query("at_a_glance", authority="E06000063", against="england")
    years, values = rows["years"].iloc[0], rows["values"].iloc[0]
    assert isinstance(years, list)
    assert isinstance(values, list)
    assert len(years) == len(values)
    assert values[0] is None  # Cumberland did not exist in 2018


@pytest.mark.slow
def test_many_questions_from_many_threads_get_their_own_answers(warehouse: Warehouse) -> None:
    held = warehouse.query("indicators")
    questions = list(held[["indicator", "age_group"]].itertuples(index=False, name=None))

    def ask(question: tuple[str, str]) -> str:
        rows = warehouse.query("periods", indicator=question[0], age_group=question[1])
        return str(rows[["period_end", "of", "source", "basis"]].to_dict("list"))

    expected = {question: ask(question) for question in questions}
    assert len(set(expected.values())) > 40
    asked = (questions * (160 // len(questions) + 1))[:160]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda question: (question, ask(question)), asked))
    assert len(answers) == 160
    assert [question for question, answer in answers if answer != expected[question]] == []


# ---------------------------------------------------------------- version


def test_the_version_is_that_of_the_data(tmp_path) -> None:
    rows = [figure(1, 10, 20), figure(2, 11, 20)]
    first, again = opened(tmp_path / "a", rows), opened(tmp_path / "b", rows)
    other = opened(tmp_path / "c", [figure(1, 10, 20), figure(2, 12, 20)])
    assert first.version == again.version != other.version
    assert len(first.version) == 10


# ---------------------------------------------------------------- broken data

GOOD = [figure(1, 10, 20), figure(2, 11, 19), hidden(3, 30), figure(ENGLAND, 500, 1000)]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return folder(tmp_path / "data", GOOD, neighbours={1: [2, 3]}, joint=[(4, 5)])


MADE = "observations/made.csv"


def edit(path: Path, line: int, column: str, text: str) -> None:
    """Replace one cell; the header is line 1."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    rows[line - 1][rows[0].index(column)] = text
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def refusal(path: Path) -> str:
    with pytest.raises(DataProblem) as caught:
        open_warehouse(path, sealed=False)
    return str(caught.value)


def test_the_tiny_folder_is_good(tiny: Path) -> None:
    check_folder(tiny)
    assert compared(open_warehouse(tiny, sealed=False))[1]["rank"] == 2


@pytest.mark.parametrize(
    ("file", "line", "column", "text", "words"),
    [
        (MADE, 2, "indicator", "eta", "“eta” is not in data/indicators.csv"),
        (MADE, 2, "age_group", "19-21", "up has no age group “19-21”"),
        (MADE, 3, "area_code", "E99999999", "“E99999999” is not an authority, region or England"),
        (MADE, 3, "area_code", "", "there is no value"),
        (MADE, 3, "period_end", "31/03/2025", "“31/03/2025” is not a date like 2025-03-31"),
        (MADE, 3, "period_end", "2025-02-31", "“2025-02-31” is not a date"),
        (MADE, 3, "numerator", "eleven", "“eleven” is not a number"),
        (MADE, 3, "numerator", "-11", "“-11” is not a number"),
        (MADE, 3, "numerator", "1,100", "“1,100” is not a number"),
        (MADE, 3, "numerator", "٣", "“٣” is not a number"),
        (MADE, 3, "denominator", "nan", "“nan” is not a number"),
        (MADE, 3, "denominator", "9" * 400, "is not a number"),
        (MADE, 3, "value", "58 ", "“58 ” is not a number"),
        (MADE, 3, "published_value", "59", "11 of 19 does not round to 59"),
        (MADE, 3, "value", "56", "11 of 19 is 57.8947, not 56"),
        (MADE, 3, "denominator", "21", "11 of 21 is 52.3810, not 57.8947"),
        (MADE, 3, "value", "", "the status is “ok” but there is no value"),
        (MADE, 4, "value", "40", "the status is “c” but there is a value"),
        (MADE, 4, "numerator", "12", "a suppressed figure must not carry its count"),
        (MADE, 3, "status", "hidden", "“hidden” is not one of ok, c, x, z, k, low, u, incomplete, missing"),
        (MADE, 3, "layer", "draft", "“draft” is not one of published, provisional, final"),
        (MADE, 3, "frequency", "yearly", "“yearly” is not one of"),
        (MADE, 3, "basis", " full_year", "“ full_year” is not one of"),
        (MADE, 3, "release", "2019", "“made 2019” is not in data/sources.csv"),
        ("indicators.csv", 2, "polarity", "good", "“good” is not one of high, low, neutral"),
        ("indicators.csv", 2, "unit", "euros", "“euros” is not one of"),
        ("indicators.csv", 2, "decimals", "one", "“one” is not a whole number"),
        ("indicators.csv", 2, "decimals", "99999999999", "is not a whole number"),
        ("indicators.csv", 2, "title", "", "there is no value"),
        ("indicators.csv", 2, "published_every", "month", "“month” is not one of year, quarter"),
        ("indicators.csv", 2, "sub_theme", "", "there is no value"),
        ("indicators.csv", 3, "id", "up", "“up” stands in line 2 already"),
        ("indicators.csv", 3, "source", "rumour", "“rumour” is not in data/sources.csv"),
        ("authorities.csv", 3, "authority_code", "E06000001", "“E06000001” stands in line 2 already"),
        ("authorities.csv", 3, "authority_name", "Town 1", "“Town 1” stands in line 2 already"),
        ("authorities.csv", 3, "region_code", "E12000099", "“E12000099” is not in data/regions.csv"),
        ("authorities.csv", 3, "opened", "", "there is no value"),
        ("neighbours.csv", 2, "neighbour_code", "E06000099", "“E06000099” is not in data/authorities.csv"),
        ("neighbours.csv", 3, "place", "1", "“E06000001 1” stands in line 2 already"),
        ("joint_returns.csv", 2, "authority_code", "E06000099", "“E06000099” is not in data/authorities.csv"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_refused_by_file_line_and_column(tiny: Path, file, line, column, text, words) -> None:
    edit(tiny / file, line, column, text)
    message = refusal(tiny)
    assert message.startswith(f"data/{file}, line {line}"), message
    assert words in message


def test_a_duplicate_figure_names_both_lines(tmp_path) -> None:
    message = refusal(folder(tmp_path / "data", [*GOOD, figure(1, 12, 20)]))
    assert message == f"data/{MADE}, line 6: the same figure stands in data/{MADE}, line 2"


def test_a_duplicate_in_another_file_names_both_files(tiny: Path) -> None:
    shutil.copy(tiny / MADE, tiny / "observations" / "other.csv")
    assert refusal(tiny) == f"data/observations/other.csv, line 2: the same figure stands in data/{MADE}, line 2"


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        (MADE, lambda t: t.replace("denominator", "base", 1), "line 1: the column “denominator” is missing"),
        (MADE, lambda t: t.replace("numerator,denominator", "denominator,numerator", 1), "line 1: the columns must be, in this order"),
        (MADE, lambda t: t.replace("indicator,", "extra,indicator,", 1).replace("\nup", "\n,up"), "line 1: the columns must be"),
        (MADE, lambda t: t.replace("up,all,E06000002", "up,all", 1), "line 3: 13 fields where the header has 14"),
        (MADE, lambda t: t.replace("up,all,E06000002", 'up,"all,E06000002', 1), "this is not well-formed CSV"),
        (MADE, lambda _: "", "line 1: the file is empty"),
        ("neighbours.csv", lambda t: t.replace("closeness", "near"), "line 1: the column “closeness” is missing"),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_refused(tiny: Path, file: str, change: Callable[[str], str], words: str) -> None:
    path = tiny / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    message = refusal(tiny)
    assert message.startswith(f"data/{file}, ")
    assert words in message


@pytest.mark.parametrize("file", ["indicators.csv", "authorities.csv", "superseded.csv", "glossary.csv"])
def test_a_missing_file_is_named(tiny: Path, file: str) -> None:
    (tiny / file).unlink()
    assert refusal(tiny) == f"data/{file}: the file is missing"


def test_a_folder_sealed_without_a_file_that_is_needed_now_is_refused(tiny: Path) -> None:
    (tiny / "glossary.csv").unlink()
    seal(tiny)
    with pytest.raises(DataProblem, match=r"data/glossary.csv: the file is missing"):
        open_warehouse(tiny)


def test_no_figures_and_no_folder_are_said(tiny: Path) -> None:
    (tiny / MADE).unlink()
    assert refusal(tiny) == "data/observations: there are no figures in the folder"
    shutil.rmtree(tiny)
    for sealed in (True, False):
        with pytest.raises(DataProblem, match="data: the folder with the figures is missing"):
            open_warehouse(tiny, sealed=sealed)


def test_a_file_that_is_not_text_is_refused(tiny: Path) -> None:
    (tiny / MADE).write_bytes((tiny / MADE).read_bytes() + b"\xff\xfe")
    assert f"data/{MADE}, line 6: this is not UTF-8 text" in refusal(tiny)


def test_what_excel_saves_is_read_alike(tiny: Path) -> None:
    expected = compared(open_warehouse(tiny, sealed=False))
    for path in tiny.rglob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert str(compared(open_warehouse(tiny, sealed=False))) == str(expected)


def test_line_ends_of_two_kinds_are_refused_with_a_sentence(tiny: Path) -> None:
    path = tiny / MADE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n", 2))
    message = refusal(tiny)
    assert message.startswith(f"data/{MADE}: this is not one well-formed table")


def test_a_folder_without_joint_returns_or_neighbours_opens(tmp_path) -> None:
    assert compared(opened(tmp_path, [figure(1, 10, 20)]))[1]["neighbours_count"] == 0


def test_a_joint_return_is_a_known_code(tmp_path) -> None:
    code = joint_code(4, 5)
    assert "is not an authority" in refusal(folder(tmp_path / "a", [figure(code, 10, 20)]))
    check_folder(folder(tmp_path / "b", [figure(code, 10, 20)], joint=[(4, 5)]))


# ---------------------------------------------------------------- the seal


def test_the_shipped_data_is_sealed_and_good(data_copy: Path) -> None:
    contents = contents_of(data_copy)
    check_seal(data_copy, contents)
    assert (data_copy / MANIFEST).read_bytes() == manifest_bytes(data_copy)
    # An edit that agrees with itself: only the seal can tell, and says where. Before it does, every row is checked, so nothing
    # else in the folder is wrong.
    path = data_copy / "observations" / "activity.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    number, found = next((i, line) for i, line in enumerate(lines, 1) if line.startswith("eet,19-21,E08000035,2025"))
    assert ",273,600,45.5,46," in found
    lines[number - 1] = found.replace(",273,600,45.5,46,", ",300,600,50,50,")
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(DataProblem) as caught:
        open_warehouse(data_copy)
    first = (number - 1) // 250 * 250 + 1
    assert str(caught.value).startswith(
        f"data/observations/activity.csv, line {first} to {first + 249}: the file was changed since it was imported"
    )
    assert "python -m careleavers seal" in str(caught.value)


@pytest.fixture
def sealed(tiny: Path) -> Path:
    seal(tiny)
    open_warehouse(tiny).close()
    return tiny


def test_a_sealed_folder_opens_and_a_meant_change_is_accepted(sealed: Path) -> None:
    edit(sealed / MADE, 3, "numerator", "12")
    edit(sealed / MADE, 3, "denominator", "20")
    edit(sealed / MADE, 3, "value", "60")
    edit(sealed / MADE, 3, "published_value", "60")
    with pytest.raises(DataProblem, match=f"data/{MADE}, line 1 to 5: the file was changed"):
        open_warehouse(sealed)
    seal(sealed)
    assert compared(open_warehouse(sealed))[2]["value"] == 60


def test_a_row_wrong_in_itself_is_named_rather_than_the_seal(sealed: Path) -> None:
    edit(sealed / MADE, 3, "value", "99")
    with pytest.raises(DataProblem, match=f"data/{MADE}, line 3, column value: 11 of 19 is 57.89"):
        open_warehouse(sealed)


def test_lines_added_and_taken_away_break_the_seal(sealed: Path) -> None:
    path = sealed / MADE
    content = path.read_bytes()
    path.write_bytes(b"".join(content.splitlines(keepends=True)[:-1]))
    with pytest.raises(DataProblem, match=f"data/{MADE}, line 1 to 4: the file was changed"):
        open_warehouse(sealed)
    path.write_bytes(content)
    open_warehouse(sealed).close()


def test_files_added_and_removed_break_the_seal(sealed: Path) -> None:
    extra = sealed / "observations" / "extra.csv"
    extra.write_text((sealed / MADE).read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(DataProblem, match=r"data/observations/extra.csv, line 1: the file is not in data/manifest.csv"):
        open_warehouse(sealed)
    extra.unlink()
    (sealed / "glossary.csv").unlink()
    with pytest.raises(DataProblem, match=r"data/glossary.csv: the file is missing"):
        open_warehouse(sealed)


def test_a_broken_manifest_is_refused(sealed: Path) -> None:
    for content, words in (
        (b"", "data/manifest.csv, line 1: the file is empty"),
        (b"file,lines\nindicators.csv,5\n", "data/manifest.csv, line 1: the column “sha256” is missing"),
        (None, "data/manifest.csv: the file is missing"),
    ):
        if content is None:
            (sealed / MANIFEST).unlink()
        else:
            (sealed / MANIFEST).write_bytes(content)
        with pytest.raises(DataProblem) as caught:
            open_warehouse(sealed)
        assert str(caught.value) == words


# ---------------------------------------------------------------- growing


def test_a_new_indicator_is_a_change_to_data_alone(sealed: Path) -> None:
    with (sealed / "indicators.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, list(module.TABLES["indicators"]), lineterminator="\n").writerow(
            indicator("driving", "high", title="Care leavers who passed a driving test", family="driving")
        )
    rows = [figure(i, 10 * i, 100, indicator="driving", value=10 * i, published_value=10 * i) for i in range(1, 6)]
    rows.append(figure(ENGLAND, 300, 1000, indicator="driving", value=30, published_value=30))
    with (sealed / "observations" / "driving.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(module.OBSERVATION), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    seal(sealed)
    warehouse = open_warehouse(sealed)
    found = compared(warehouse, "driving")
    assert [(found[i]["rank"], found[i]["band"]) for i in (5, 4, 3, 2, 1)] == [
        (1, "A"), (2, "A"), (3, "B"), (4, "C"), (5, "D"),
    ]  # fmt: skip
    assert found[1]["verdict"] == "worse"
    assert "driving" in set(warehouse.query("indicators")["indicator"])
    home = warehouse.query("at_a_glance", authority="E06000001", against="england")
    assert home.loc[home["indicator"] == "driving", "value"].tolist() == [10]
    assert warehouse.query("definitions", search="driving", theme="all", indicator="")["indicator"].tolist() == [
        "driving"
    ]


def test_settings_that_are_not_numbers_are_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("CARELEAVERS_SMALL_COHORT", "many")
    with pytest.raises(CareLeaversError, match="CARELEAVERS_SMALL_COHORT must be a whole number of 1 or more"):
        opened(tmp_path, [figure(1, 10, 20)])


def test_the_version_covers_the_words_too(tmp_path) -> None:
    path = folder(tmp_path / "data", [figure(1, 10, 20)])
    before = open_warehouse(path, sealed=False).version
    for name in (MADE, "glossary.csv", "sources.csv"):
        content = (path / name).read_bytes()
        (path / name).write_bytes(content + b"\n")
        assert open_warehouse(path, sealed=False).version != before, name
        (path / name).write_bytes(content)
