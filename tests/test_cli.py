"""The command line, in this process and in its own."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from careleavers import pictures
from careleavers.cli import commands
from careleavers.importer.files import seal
from tests.importer.releases import activity, reference, write
from tests.made_up_data import ENGLAND, figure, folder, hidden

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = [
    "authority_code", "authority_name", "region", "period_end", "numerator", "denominator", "value",
    "published_value", "status", "rank", "rank_tied", "of", "band", "lower", "upper", "england", "neighbours_mean",
    "neighbours_count", "verdict_england", "change", "change_verdict", "trend", "layer", "basis", "source", "release",
    "change_2", "change_2_verdict", "change_5", "change_5_verdict", "not_known_share", "low_is_no_merit", "base_hidden", "rounded",
    "england_total", "too_few_england",
]  # fmt: skip
EET = ["export", "--indicator", "eet", "--age-group", "19-21", "--period", "2025-03-31"]


def python_m(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "careleavers", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture
def run(capfdbinary, warehouse, monkeypatch):
    """Run a command on the shipped figures in this process; gives the status, the output and the errors."""
    monkeypatch.setattr(commands, "open_warehouse", lambda *_, **__: warehouse)
    monkeypatch.setattr("careleavers.versions.open_warehouse", lambda *_, **__: warehouse)

    def ask(*arguments: str) -> tuple[int, str, str]:
        status = commands.main(list(arguments))
        output = capfdbinary.readouterr()
        return status, output.out.decode("utf-8"), output.err.decode("utf-8")

    return ask


def table(text: str) -> dict[str, dict[str, str]]:
    return {row["authority_code"]: row for row in csv.DictReader(io.StringIO(text))}


def refused(answer: tuple[int, str, str], *words: str) -> None:
    """One sentence on standard error, nothing on standard output, not 0, and no traceback."""
    status, out, err = answer
    assert (status, out) == (1, "")
    assert err.startswith("careleavers: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert "went wrong on our side" not in err
    for word in words:
        assert word in err, err


# ---------------------------------------------------------------- export


def test_export_has_the_columns_that_are_promised(run) -> None:
    status, out, err = run(*EET)
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == ",".join(COLUMNS)
    rows = table(out)
    assert len(rows) == 153
    leeds = rows["E08000035"]
    assert (leeds["authority_name"], leeds["region"], leeds["period_end"]) == (
        "Leeds", "Yorkshire and The Humber", "2025-03-31",
    )  # fmt: skip
    assert [leeds[c] for c in ("numerator", "denominator", "value", "published_value", "status")] == [
        "273", "600", "45.5", "46", "ok",
    ]  # fmt: skip
    assert [leeds[c] for c in ("rank", "rank_tied", "of", "band", "england")] == [
        "135",
        "false",
        "152",
        "bottom quarter",
        "54",
    ]
    assert [leeds[c] for c in ("verdict_england", "layer", "source", "release")] == [
        "worse",
        "published",
        "cla",
        "2025",
    ]
    assert float(leeds["lower"]) < 45.5 < float(leeds["upper"]) < 54
    scilly = rows["E06000053"]
    assert scilly["status"] != "ok"
    assert {scilly[c] for c in ("value", "rank", "band", "lower", "verdict_england")} == {""}


def test_export_as_json_says_the_same(run) -> None:
    _, text, _ = run(*EET)
    status, out, _ = run(*EET, "--format", "json")
    rows = json.loads(out)
    assert status == 0
    assert [list(row) for row in rows] == [COLUMNS] * 153
    by_code = {row["authority_code"]: row for row in rows}
    for code, row in table(text).items():
        for column in ("numerator", "value", "rank", "of", "neighbours_count", "change"):
            assert by_code[code][column] == (float(row[column]) if row[column] else None) or by_code[code][
                column
            ] == pytest.approx(float(row[column]), rel=1e-9)
        assert by_code[code]["period_end"] == row["period_end"] == "2025-03-31"
        assert {True: "true", False: "false", None: ""}[by_code[code]["rank_tied"]] == row["rank_tied"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [("E08000035", "E08000035"), ("383", "E08000035"), ("Leeds", "E08000035"), ("leeds", "E08000035"),
     ("E08000038", "E08000038"), ("E08000016", "E08000038"), ("370", "E08000038"), ("E10000027", "E06000066"),
     (" e10000002 ", "E06000060")],
)  # fmt: skip
def test_an_authority_is_found_by_any_of_its_codes_and_its_name(run, asked, code) -> None:
    status, out, _ = run(*EET, "--authority", asked)
    assert status == 0
    assert list(table(out)) == [code]


@pytest.mark.parametrize("against", ["neighbours", "region", "england"])
def test_against_adds_its_columns(run, against) -> None:
    status, out, _ = run(*EET, "--against", against, "--authority", "E08000035")
    assert status == 0
    assert out.splitlines()[0] == ",".join([*COLUMNS, "against", "against_value", "verdict_against", "too_few_against"])
    row = table(out)["E08000035"]
    assert (row["against"], row["verdict_against"]) == (against, "worse")
    if against == "england":
        assert (row["against_value"], row["verdict_against"]) == (row["england"], row["verdict_england"])
    if against == "neighbours":
        assert row["against_value"] == row["neighbours_mean"]


def test_the_newest_period_and_the_only_age_group_need_not_be_said(run) -> None:
    status, out, _ = run("export", "--indicator", "caseload", "--authority", "Kingston upon Thames")
    assert status == 0
    row = table(out)["E09000021"]
    assert (row["period_end"], row["value"]) == ("2025-09-30", "13.9")
    assert {row["lower"], row["verdict_england"]} == {""}
    assert row["change_verdict"] == "not tested"


def test_a_suppressed_figure_is_a_status_and_no_number(run) -> None:
    status, out, _ = run("export", "--indicator", "suitable_accommodation", "--age-group", "17-18",
                         "--period", "2025-03-31", "--authority", "City of London")  # fmt: skip
    assert status == 0
    row = table(out)["E09000001"]
    assert row["status"] == "c"
    assert {row[c] for c in ("numerator", "value", "published_value", "rank", "lower")} == {""}


def test_indicators_are_listed_with_their_titles(run) -> None:
    status, out, _ = run("indicators")
    lines = out.splitlines()
    assert status == 0
    assert lines[0].split() == ["indicator", "age_group", "layer", "period", "title"]
    assert sum(line.startswith("eet ") for line in lines) == 2
    ids = "eet neet activity_not_known higher_education apprenticeship suitable_accommodation unsuitable_accommodation "
    ids += "accommodation_not_known in_touch not_in_touch staying_put caseload agency_rate turnover_rate vacancy_rate "
    ids += "absence_rate"
    assert set(ids.split()) <= {line.split()[0] for line in lines[1:]}
    assert "Care leavers in education, employment or training (EET)" in out


# ---------------------------------------------------------------- wrong choices


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--indicator", "eat"], ["There is no indicator “eat”.", "Did you mean", "neet"]),
        (["--indicator", "zzzzzz"], ["There is no indicator “zzzzzz”."]),
        (["--indicator", "eet"], ["eet needs an age group: it has 17-18 and 19-21."]),
        (["--indicator", "eet", "--age-group", "16"], ["eet has no age group “16”: it has 17-18 and 19-21."]),
        (["--indicator", "eet", "--age-group", "22"], ["For ages 22 to 25 see eet_22_25."]),
        ([*EET[1:5], "--period", "2015-03-31"], ["eet has no figures for 31 March 2015", "2025-03-31"]),
        ([*EET[1:5], "--period", "last year"], ["“last year” is not a date like 2025-03-31."]),
        ([*EET[1:5], "--period", "2025-02-31"], ["“2025-02-31” is not a date like 2025-03-31."]),
        ([*EET[1:], "--authority", "Leedz"], ["There is no authority “Leedz”.", "Did you mean Leeds"]),
        ([*EET[1:], "--authority", "E99999999"], ["There is no authority “E99999999”."]),
        ([*EET[1:], "--authority", "' OR 1=1 --"], ["There is no authority “' OR 1=1 --”."]),
    ],
)  # fmt: skip
def test_a_wrong_choice_is_one_sentence_that_helps(run, arguments, words) -> None:
    refused(run("export", *arguments), *words)


@pytest.mark.parametrize(
    "arguments", [[], ["exprot"], ["export"], [*EET, "--format", "pdf"], [*EET, "--against", "Wales"]]
)
def test_wrong_usage_is_status_2(capfd, arguments) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m careleavers" in capfd.readouterr().err


# ---------------------------------------------------------------- in its own process


def answer(done: subprocess.CompletedProcess[bytes]) -> tuple[int, str, str]:
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")


def test_the_module_runs_and_says_that_there_are_no_data_or_broken_ones(tmp_path) -> None:
    refused(
        answer(python_m("indicators", CARELEAVERS_DATA=str(tmp_path / "none"))),
        "the folder with the figures is missing",
    )
    broken = folder(tmp_path / "data", [figure(1, 10, 20), figure(2, 12, 20, value=99)])
    seal(broken)
    asked = ("export", "--indicator", "up", "--authority", "Town 2", "--period", "2025-03-31")
    status, out, err = answer(python_m(*asked, CARELEAVERS_DATA=str(broken)))
    assert (status, err) == (0, "")
    assert "\r" not in out
    assert list(table(out)) == ["E06000002"]
    (broken / "observations" / "made.csv").write_text("indicator\nup\n", encoding="utf-8")
    refused(
        answer(python_m("indicators", CARELEAVERS_DATA=str(broken))),
        "data/observations/made.csv, line 1: the column “age_group” is missing",
    )


def test_a_reader_that_stops_early_is_no_error() -> None:
    read, write_end = os.pipe()
    os.close(read)
    with os.fdopen(write_end, "wb") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "careleavers", "indicators"],
            cwd=ROOT, stdout=gone, stderr=subprocess.PIPE, timeout=60, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


# ---------------------------------------------------------------- import and seal


def test_import_reports_each_file(tmp_path, capfd) -> None:
    published = tmp_path / "published"
    reference(published)
    write(published / "cla_2025/la_care_leavers_activity.csv", activity("E08000035", 2025, layout="2025"))
    status = commands.main(["import-published", str(published), "--into", str(tmp_path / "data")])
    out = capfd.readouterr().out
    assert status == 0
    header, *lines = out.splitlines()
    assert [part for part in header.split("  ") if part] == [
        "file", "kind", "read", "kept", "superseded", "suppressed", "not used", "not existing",
    ] or header.split()[:5] == ["file", "kind", "read", "kept", "superseded"]  # fmt: skip
    line = next(line for line in lines if line.startswith("cla_2025/la_care_leavers_activity.csv"))
    assert line.split()[-6:] == ["4", "4", "0", "0", "0", "0"]
    assert any(line.split() == ["3", "rows", "observations/activity.csv"] for line in lines)


def test_a_refused_import_is_one_sentence(tmp_path, capfd) -> None:
    published = tmp_path / "published"
    reference(published)
    rows = activity("E08000035", 2025, layout="2025")
    rows[1]["breakdown"] = "Not working"
    write(published / "cla_2025/la_care_leavers_activity.csv", rows)
    status = commands.main(["import-published", str(published), "--into", str(tmp_path / "data")])
    output = capfd.readouterr()
    refused(
        (status, output.out, output.err),
        "cla_2025/la_care_leavers_activity.csv, line 3, column breakdown",
        "“Not working”",
    )
    assert not (tmp_path / "data").exists()
    status = commands.main(["import-published", str(tmp_path / "nowhere")])
    output = capfd.readouterr()
    refused((status, output.out, output.err), "there is no such folder")


def test_seal_accepts_a_good_change_and_refuses_a_bad_one(tmp_path, capfd, monkeypatch) -> None:
    rows = [figure(1, 10, 20), hidden(2, 20), figure(ENGLAND, 500, 1000)]
    data = folder(tmp_path / "data", rows)
    monkeypatch.setenv("CARELEAVERS_DATA", str(data))
    assert commands.main(["seal"]) == 0
    assert capfd.readouterr().out.startswith("Checked and sealed: ")
    path = data / "observations" / "made.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",c,made", ",q,made"), encoding="utf-8")
    before = (data / "manifest.csv").read_bytes()
    status = commands.main(["seal"])
    output = capfd.readouterr()
    refused((status, output.out, output.err), "data/observations/made.csv, line 3, column status: “q” is not one of")
    assert (data / "manifest.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["annual", "--authority", "Narnia"], "There is no authority"),
        (["none", "--authority", "Leeds"], "no pack or template"),
    ],
)
def test_no_browser_is_started_for_a_pack_that_cannot_be_made(
    run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: list[str], said: str
) -> None:
    monkeypatch.setattr(pictures, "prepare", lambda: pytest.fail("a browser was started"))
    refused(run("pack", *given, "--out", str(tmp_path / "pack.docx")), said)
    assert list(tmp_path.glob("pack*")) == []


@pytest.mark.parametrize("command", [["pack", "annual", "--authority", "Leeds"], ["briefing", "Leeds"]])
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no/such/leeds.docx", "There is no folder"),
        ("", "is a folder. Name a file in it"),
        ("locked/leeds.docx", "You may not write"),
    ],
)
def test_a_file_that_cannot_be_written_is_noticed_before_the_work(
    tmp_path, capfd, monkeypatch, command, name, told
) -> None:
    def worked(*_: object) -> None:
        raise AssertionError("the figures were asked for")

    monkeypatch.setattr(commands, "_newest", worked)
    if name.startswith("locked"):
        refused = PermissionError(13, "Permission denied")
        (tmp_path / "locked").mkdir()
        monkeypatch.setattr(Path, "open", lambda *_, **__: (_ for _ in ()).throw(refused))
    assert commands.main([*command, "--out", str(tmp_path / name)]) == 1
    said = capfd.readouterr().err
    assert told in said
    assert "Nothing was made" in said


def test_a_file_that_is_there_is_not_emptied_by_looking(tmp_path) -> None:
    held = tmp_path / "leeds.docx"
    held.write_bytes(b"last quarter's")
    commands._check_writable(held)
    assert held.read_bytes() == b"last quarter's"
    commands._check_writable(tmp_path / "new.docx")
    assert [each.name for each in tmp_path.iterdir()] == ["leeds.docx"]


def test_our_own_faults_are_logged_with_a_reference(capfd, monkeypatch, caplog) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(commands, "_newest", broken)
    assert commands.main(["indicators"]) == 1
    shown = capfd.readouterr().err
    assert "something went wrong on our side (reference " in shown
    reference_shown = shown.split("(reference ")[1].split(")")[0]
    assert any(reference_shown in record.getMessage() for record in caplog.records)


SQL = "eet' UNION SELECT 'zqx' || 'answered' FROM figures --"


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "--indicator", SQL, "--age-group", "19-21", "--period", "2025-03-31"],
        ["export", "--indicator", "eet", "--age-group", SQL, "--period", "2025-03-31"],
        [*EET, "--authority", SQL], ["briefing", SQL, "--out", "never.pdf"],
        ["pack", SQL, "--authority", "Leeds", "--out", "never.docx"], ["pack", "annual", "--authority", SQL, "--out", "never.docx"],
    ],
)  # fmt: skip
def test_sql_in_an_argument_is_only_text(run, arguments: list[str], tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = run(*arguments)
    refused(answer)
    assert "zqxanswered" not in answer[2]
    assert "on our side" not in answer[2]
    assert not list(tmp_path.iterdir())
