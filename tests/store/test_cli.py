"""Uploads from the command line, on the shipped figures and a store of their own."""

import csv
import datetime as dt
import getpass
import hashlib
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from careleavers.access.people import NotAllowed, Person
from careleavers.cli import commands
from careleavers.store import backups, open_store
from tests.store.samples import ADMINISTRATOR, LEEDS, LEEDS_OFFICER, catalogue, figure, upload
from tests.upload_service import shared_reference

ROOT = Path(__file__).resolve().parents[2]
HEADER = "authority_code,authority_name,indicator,age_group,period,basis,numerator,denominator,value,target,note\n"
GOOD = (
    HEADER
    + f"{LEEDS},Leeds,eet,19-21,2024/25 Q1,quarter,60,120,,,\n{LEEDS},Leeds,eet,17-18,2024/25 Q1,quarter,31,52,,,\n"
)
# Exactly all of them: possible, so it has to be confirmed.
ODD = HEADER + f"{LEEDS},Leeds,eet,19-21,2024/25 Q2,quarter,120,120,,,\n"
BAD = HEADER + f"{LEEDS},Leeds,eet,19-21,2024/25 Q2,quarter,130,120,,,\n"


@pytest.fixture
def run(capsys, tmp_path, monkeypatch, warehouse):
    """Run a command on its own store; return the status, the output and the errors."""
    monkeypatch.setenv("STORE_URL", str(tmp_path / "kept" / "uploads.duckdb"))
    monkeypatch.setattr(commands, "open_warehouse", lambda *_, **__: warehouse)
    monkeypatch.setattr("careleavers.versions.open_warehouse", lambda *_, **__: warehouse)

    def ask(*arguments: object) -> tuple[int, str, str]:
        status = commands.main([str(argument) for argument in arguments])
        output = capsys.readouterr()
        assert "Traceback" not in output.err
        assert "on our side" not in output.err
        return status, output.out, output.err

    with shared_reference(warehouse):
        yield ask


@pytest.fixture
def file(tmp_path):
    def write(text: str, name: str = "quarter.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_file_from_check_to_withdrawal(run, file, tmp_path) -> None:
    path = file(GOOD)
    status, out, err = run("check", path)
    assert (status, err) == (0, "")
    assert "Leeds" in out
    assert not (tmp_path / "kept").exists()

    status, out, err = run("upload", path, "--officer", "Ann Ames", "--note", "first try", "--layer", "final")
    assert (status, err) == (0, "")
    assert out.endswith("Upload 1 is in force (data version 1).\n")
    held = open_store().figures()
    assert sorted(zip(held["age_group"], held["value"].round(1), held["layer"], strict=True)) == [
        ("17-18", 59.6, "final"), ("19-21", 50.0, "final"),
    ]  # fmt: skip
    line = open_store().ledger().iloc[0]
    assert (line["issuer"], line["name"]) == ("command line", "Ann Ames")

    status, out, err = run("upload", path, "--officer", "Ann Ames", "--layer", "final")
    assert (status, err.count("\n")) == (1, 1)
    assert "upload 1" in err

    assert "first try" in run("history")[1]
    assert "quarter.csv" in run("history", "--authority", "Leeds")[1]
    assert run("history", "--authority", "383")[1].count("\n") == 2
    assert run("history", "--authority", "Kent")[1] == "Nothing was uploaded.\n"

    assert run("withdraw", 1, "--officer", "Ann Ames")[2].startswith("careleavers: Say why")
    assert run("withdraw", 1, "--officer", "Ann Ames", "--reason", "wrong quarter")[:2] == (
        0, "Upload 1 was withdrawn (data version 2).\n",
    )  # fmt: skip
    assert "wrong quarter" in run("history")[1]
    assert run("restore", 1, "--officer", "Ann Ames", "--reason", "right after all")[0] == 0
    assert run("withdraw", 7, "--officer", "Ann Ames", "--reason", "x")[2] == "careleavers: There is no upload 7.\n"
    assert len(open_store().figures()) == 2


def test_what_must_be_fixed_or_confirmed_stops_an_upload(run, file, tmp_path) -> None:
    status, out, err = run("check", file(BAD), "--checked", tmp_path / "checked.csv")
    assert (status, err) == (1, "")
    assert "MUST FIX" in out
    assert "Messages" in (tmp_path / "checked.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    for options in ((), ("--confirm",)):
        status, out, err = run("upload", file(BAD), "--officer", "Ann", *options)
        assert status == 1
        assert "Nothing was kept" in err
    status, out, err = run("check", file(ODD))
    assert (status, "PLEASE CONFIRM" in out) == (0, True)
    assert "--confirm" in run("upload", file(ODD), "--officer", "Ann")[2]
    assert open_store().version() == 0
    assert run("upload", file(ODD), "--officer", "Ann", "--confirm")[0] == 0
    status, _, err = run("check", tmp_path / "none.csv")
    assert (status, "cannot be read" in err) == (1, True)


def test_proposals_are_approved_or_declined(run) -> None:
    store = open_store()
    for value in (1.0, 2.0):
        store.accept(upload(figure(value)), LEEDS_OFFICER, proposed=True)
    assert run("approve", 1, "--officer", "Bob")[0] == 0
    assert run("decline", 2, "--officer", "Bob", "--reason", "twice")[0] == 0
    out = run("history")[1]
    assert "declined" in out
    assert "in force" in out


def test_two_stores_replaced_in_one_second_are_both_kept(tmp_path) -> None:
    backup, now = tmp_path / "backup.duckdb", dt.datetime(2026, 11, 30, 9, 30, 15, tzinfo=dt.UTC)
    first = backups._free_name(backup, now)
    first.touch()
    second = backups._free_name(backup, now)
    second.touch()
    assert [each.name for each in (first, second, backups._free_name(backup, now))] == [
        "backup-before-restore-20261130-093015.duckdb",
        "backup-before-restore-20261130-093015-2.duckdb",
        "backup-before-restore-20261130-093015-3.duckdb",
    ]


def test_backup_and_back(run, file, tmp_path, monkeypatch) -> None:
    open_store().accept(upload(figure(1.0)), LEEDS_OFFICER)
    backup = tmp_path / "backup.duckdb"
    assert run("backup", backup)[:2] == (0, "backup.duckdb holds everything up to data version 1.\n")
    assert "already" in run("backup", backup)[2]
    assert "1 entries in the store already" in run("restore-backup", backup)[2]
    status, out, _ = run("restore-backup", backup, "--replace")
    assert (status, "What was there before is in backup-before-restore-" in out) == (0, True)
    monkeypatch.setenv("STORE_URL", str(tmp_path / "new.duckdb"))
    status, out, _ = run("restore-backup", backup)
    assert status == 0
    assert "This backup knows nothing that was done after" in out
    assert len(open_store().figures()) == 1
    open_store().erase(1, ADMINISTRATOR, "sent in error")
    status, out, err = run("restore-backup", backup, "--replace")
    assert (status, err) == (0, "")
    assert f"Erased again: upload 1, which {ADMINISTRATOR.name} had erased on " in out
    assert "(sent in error)" in out


READING = {
    "history": (),
    "ledger": ("--officer", "Ann"),
    "backup": ("copy.duckdb",),
    "withdraw": (1, "--officer", "Ann", "--reason", "x"),
    "restore": (1, "--officer", "Ann", "--reason", "x"),
    "approve": (1, "--officer", "Ann"),
    "decline": (1, "--officer", "Ann", "--reason", "x"),
    "erase": (1, "--officer", "Ann", "--reason", "x"),
}


@pytest.mark.parametrize("command", READING)
def test_a_store_that_is_gone_is_missed_and_not_made_anew(command, run, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(command, *READING[command])
    assert (status, out) == (1, "")
    assert err.startswith(f"careleavers: There is no store of uploads at {tmp_path / 'kept' / 'uploads.duckdb'}: ")
    assert "Nothing was made" in err
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_makes_a_store_says_so_once(run, file, tmp_path, monkeypatch) -> None:
    made = f"A new store of uploads was made: {tmp_path / 'kept' / 'uploads.duckdb'}.\n"
    assert made in run("upload", file(GOOD), "--officer", "Ann")[1]
    assert "new store" not in run("upload", file(ODD), "--officer", "Ann", "--confirm")[1]
    assert run("backup", tmp_path / "copy.duckdb")[0] == 0
    monkeypatch.setenv("STORE_URL", str(tmp_path / "other.duckdb"))
    assert (
        f"A new store of uploads was made: {tmp_path / 'other.duckdb'}.\n"
        in run("restore-backup", tmp_path / "copy.duckdb")[1]
    )
    # A refused file makes none.
    monkeypatch.setenv("STORE_URL", str(tmp_path / "third.duckdb"))
    assert run("upload", file(BAD), "--officer", "Ann")[0] == 1
    assert not (tmp_path / "third.duckdb").exists()


def test_without_a_store_published_figures_are_listed_and_files_checked(run, file, tmp_path) -> None:
    assert run("indicators")[0] == 0
    assert run("check", file(GOOD))[0] == 0
    assert not (tmp_path / "kept").exists()


def test_a_setting_that_names_no_kind_of_store_is_refused_in_a_sentence(run, file, monkeypatch) -> None:
    monkeypatch.setenv("STORE_URL", "mongo:somewhere")
    for command in (("history",), ("upload", file(GOOD), "--officer", "Ann"), ("indicators",)):
        status, out, err = run(*command)
        assert (status, out) == (1, "")
        assert "begins with “mongo:”, which is not a kind of store. It can be the path of a file, “postgres:…”" in err


def test_what_others_wrote_cannot_talk_to_the_terminal(run) -> None:
    odd = "a\x1b[2Jb\nc\u202e"
    open_store().accept(upload(figure(1.0), file_name=f"{odd}.csv", note=odd), LEEDS_OFFICER)
    status, out, _ = run("history")
    assert status == 0
    assert not any(character in out for character in "\x1b\u202e")
    assert out.count("\n") == 2


def test_it_works_while_a_dashboard_runs(tmp_path) -> None:
    """The command line writes while another process keeps reading the version, as pages do."""
    url = str(tmp_path / "uploads.duckdb")
    store = open_store(url)
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    command = [sys.executable, "-m", "careleavers", "withdraw", "1", "--officer", "Ann", "--reason", "x"]
    done = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "STORE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    seen = set()
    while done.poll() is None:
        seen.add(store.version())
        time.sleep(0.02)
    assert (done.returncode, done.stderr.read()) == (0, "")
    assert seen <= {1, 2}
    assert store.version() == 2
    assert store.figures().empty


def test_what_councils_added_is_listed_and_can_be_asked_for(run) -> None:
    open_store().accept(catalogue("own_measure"), LEEDS_OFFICER)
    status, out, err = run("indicators")
    assert (status, err) == (0, "")
    assert "own_measure" in out
    assert "eet " in out


def test_without_the_store_nothing_is_exported_as_if_it_were_the_newest(run, tmp_path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "uploads.duckdb").write_text("no store")
    for command in (("indicators",), ("export", "--indicator", "eet", "--age-group", "19-21")):
        status, out, err = run(*command)
        assert (status, out) == (1, "")
        assert "damaged or is not a store" in err


# ---------------------------------------------------------------------- who acts, and under which rules

SECRETS = """
[auth]
redirect_uri = "https://outcomes.example/oauth2callback"
cookie_secret = "0123456789abcdefghijklmnopqrstuv"
client_id = "dashboard"
client_secret = "between us"
server_metadata_url = "https://id.example/.well-known/openid-configuration"

[access]
approval = "second-person"
"""
PERSON = """
[[access.people]]
issuer = "https://id.example"
subject = "{subject}"
name = "{name}"
role = "{role}"
"""


@pytest.fixture
def sign_in(tmp_path, monkeypatch):
    """Sign-in set up as in the secrets file of the pages."""
    people = [
        PERSON.format(subject="ann", name="Ann Ames", role="officer") + 'authorities = ["Leeds"]\n',
        PERSON.format(subject="yan", name="Yan York", role="officer") + 'authorities = ["York"]\n',
        PERSON.format(subject="lou", name="Lou Lee", role="officer") + 'authorities = "all"\n',
        PERSON.format(subject="ada", name="Ada Ash", role="administrator"),
    ]
    path = tmp_path / "secrets.toml"
    path.write_text(SECRETS + "".join(people), encoding="utf-8")
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(path))
    return path


def test_where_sign_in_is_set_up_its_rules_hold_here_too(run, file, sign_in) -> None:
    path = file(GOOD)
    for officer, said in (
        ("Ann Example", "has no role here"),
        ("Yan York", "Nothing was kept"),
        ("", "Sign-in is set up here, so say who acts: --officer NAME"),
    ):
        status, out, err = run("upload", path, "--officer", officer)
        assert (status, said in err) == (1, True)
    assert "An authority you may not upload for" in run("upload", path, "--officer", "Yan York")[1]
    assert open_store().version() == 0

    status, out, err = run("upload", path, "--officer", "ann ames")
    assert (status, err) == (0, "")
    assert out.endswith("Upload 1 waits for a second person (data version 1).\n")
    line = open_store().ledger().iloc[0]
    assert (line["issuer"], line["name"], line["action"]) == ("command line", "Ann Ames", "proposed")
    assert open_store().figures().empty
    # The same account is the same person under any name.
    for officer in ("Ann Ames", "Lou Lee"):
        refused = run("approve", 1, "--officer", officer)[2]
        assert "a second person has to approve it" in refused
        assert "Ann Ames proposed upload 1" in refused
        assert ("from the account that Lou Lee uses now" in refused) == (officer == "Lou Lee")
    assert "may not approve" in run("approve", 1, "--officer", "Yan York")[2]
    # So is the officer on the pages.
    on_the_page = Person("https://id.example", "ann", "Ann Ames", "officer", frozenset({LEEDS}))
    with pytest.raises(NotAllowed, match="a second person"):
        open_store().approve(1, on_the_page)
    open_store().approve(1, Person("https://id.example", "lou", "Lou Lee", "officer", everywhere=True))
    assert "may not withdraw" in run("withdraw", 1, "--officer", "Yan York", "--reason", "no")[2]
    assert run("withdraw", 1, "--officer", "Ann Ames", "--reason", "wrong")[0] == 0


def test_who_proposed_on_the_page_does_not_approve_here(run, sign_in) -> None:
    store = open_store()
    store.accept(upload(figure(1.0)), LEEDS_OFFICER, proposed=True)
    assert "a second person has to approve it" in run("approve", 1, "--officer", "Ann Ames")[2]
    assert run("approve", 1, "--officer", "Lou Lee")[0] == 0


def test_a_wrong_configuration_closes_the_command_line_too(run, file, sign_in, tmp_path, monkeypatch) -> None:
    sign_in.write_text(sign_in.read_text(encoding="utf-8").replace("approval", "aproval"), encoding="utf-8")
    assert "not set up correctly" in run("upload", file(GOOD), "--officer", "Ann Ames")[2]
    sign_in.write_text("[auth", encoding="utf-8")
    assert "cannot be read" in run("withdraw", 1, "--officer", "Ann Ames", "--reason", "x")[2]
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(tmp_path / "none.toml"))
    assert "is not there" in run("erase", 1, "--officer", "Ann Ames", "--reason", "x")[2]
    assert open_store().version() == 0


def test_the_account_stands_behind_the_name(run, file) -> None:
    run("upload", file(GOOD), "--officer", "Ann Ames")
    account = getpass.getuser()
    assert f"Ann Ames (by command line, account {account})" in run("history")[1]


def test_erasing_is_for_administrators_and_says_what_is_left(run, file, sign_in, tmp_path) -> None:
    run("upload", file(GOOD), "--officer", "Ann Ames", "--note", "first try")
    run("backup", tmp_path / "one.duckdb")
    run("backup", tmp_path / "two.duckdb")
    (tmp_path / "one.duckdb").unlink()
    for officer in ("Ann Ames", "Lou Lee"):
        assert "administrators" in run("erase", 1, "--officer", officer, "--reason", "gone")[2]
    assert "Say why" in run("erase", 1, "--officer", "Ada Ash")[2]
    status, out, err = run("erase", 1, "--officer", "Ada Ash", "--reason", "asked for")
    assert (status, err) == (0, "")
    assert "Upload 1 was erased (data version 2)" in out
    assert "from the backup two.duckdb, too" in out
    assert "one.duckdb" in out
    assert "first try" not in run("history")[1]
    assert "erased" in run("history")[1]


def test_the_ledger_as_a_file(run, file, sign_in, tmp_path) -> None:
    run("upload", file(GOOD), "--officer", "Ann Ames")
    run("withdraw", 1, "--officer", "Ann Ames", "--reason", "x")
    run("decline", 1, "--officer", "Ann Ames", "--reason", "=cmd|' /C calc'!A0")
    run("backup", tmp_path / "one.duckdb")
    open_store().original(1, LEEDS_OFFICER)
    assert "administrators" in run("ledger", "--officer", "Ann Ames")[2]
    status, out, err = run("ledger")
    assert (status, out) == (1, "")
    assert err.startswith("careleavers: Sign-in is set up here, so say who acts: --officer NAME")
    assert "has no role" in run("ledger", "--officer", "Nobody")[2]
    rows = list(csv.DictReader(io.StringIO(run("ledger", "--officer", "Ada Ash")[1])))
    assert [(row["record"], row["entry"], row["action"], row["name"]) for row in rows] == [
        ("entry", "1", "proposed", "Ann Ames"),
        ("entry", "2", "declined", "Ann Ames"),
        ("download", "", "downloaded", ""),
        ("download", "", "downloaded", "Ann Ames"),
    ]
    assert rows[0]["sha256"] == hashlib.sha256(GOOD.encode()).hexdigest()
    assert rows[0]["authorities"] == "Leeds"
    assert rows[0]["channel"] == f"by command line, account {getpass.getuser()}"
    assert rows[1]["reason"].startswith("'=cmd")
    assert rows[3]["channel"] == "page"
    assert (rows[3]["issuer"], rows[3]["subject"], rows[3]["upload"]) == ("https://id.example", "ann", "1")
    assert "backup" in rows[2]["reason"]
    data = json.loads(run("ledger", "--format", "json", "--officer", "ada")[1])
    assert [row["action"] for row in data] == [row["action"] for row in rows]
    assert data[0]["at"].endswith("Z")


def test_a_councils_quarters_are_listed_and_exported_as_viewers_see_them(run, file) -> None:
    rows = [
        f"{LEEDS},Leeds,eet,19-21,2025/26 Q1,quarter,60,120,,,",
        f"{LEEDS},Leeds,in_custody,19-21,2025/26 Q1,snapshot,3,120,,,",
    ]
    run("upload", file(HEADER + "\n".join(rows)), "--officer", "Ann Ames", "--confirm")
    status, out, err = run("export", "--indicator", "eet", "--age-group", "19-21", "--period", "2025-06-30")
    assert (status, err) == (0, "")
    (leeds,) = csv.DictReader(io.StringIO(out))
    assert [leeds[name] for name in ("authority_name", "layer", "basis", "value", "rank", "of", "source")] == [
        "Leeds", "provisional", "quarter", "50", "", "", "local",
    ]  # fmt: skip
    # A measure that only councils have has its newest quarter, in multiples of five as viewers see it.
    status, out, _ = run("export", "--indicator", "in_custody", "--age-group", "19-21")
    (leeds,) = csv.DictReader(io.StringIO(out))
    assert (leeds["period_end"], leeds["numerator"], leeds["status"], leeds["rounded"]) == (
        "2025-06-30",
        "5",
        "ok",
        "5",
    )
    # The newest period of a published measure stays that of the last release.
    _, out, _ = run("export", "--indicator", "eet", "--age-group", "19-21")
    assert {row["layer"] for row in csv.DictReader(io.StringIO(out))} == {"published"}
    _, out, _ = run("indicators")
    listed = [line.split()[:4] for line in out.splitlines()]
    assert ["eet", "19-21", "published", "2025-03-31"] in listed
    assert ["eet", "19-21", "provisional", "2025-06-30"] in listed
    assert ["in_custody", "19-21", "provisional", "2025-06-30"] in listed
    _, _, err = run("export", "--indicator", "eet", "--age-group", "19-21", "--period", "2024-06-30")
    assert "2025-06-30" in err
