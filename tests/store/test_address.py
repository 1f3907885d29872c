"""The setting, the extensions and the keys; and that no password is revealed."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from careleavers import settings
from careleavers.figures import warehouse
from careleavers.importer.files import seal
from careleavers.intake.model import FIGURE_COLUMNS
from careleavers.store import Store, StoreProblem, StoreUnavailable, open_store
from careleavers.store import address as address_module
from careleavers.store.address import create_secret, load_extensions, read_address
from tests import made_up_data
from tests.store.samples import LEEDS_OFFICER, figure, upload

QUERIES = sorted((warehouse.QUERIES / "store").glob("*.sql"))
PATIENT = " connect_timeout=2 tcp_user_timeout=10000"


def test_the_default_is_a_file_beside_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STORE_URL", raising=False)
    address = read_address(settings.store_url())
    assert address.path == settings.HOME / "store" / "uploads.duckdb"
    assert not address.on_server
    assert address.extensions == ()
    monkeypatch.setenv("STORE_URL", "somewhere/else.db")
    assert read_address(settings.store_url()).path == settings.HOME / "somewhere" / "else.db"


def test_reading_makes_nothing(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "folder" / "uploads.duckdb"))
    assert store.version() == 0
    assert store.figures().empty
    assert not (tmp_path / "folder").exists()
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["uploads.duckdb"]


def test_one_store_is_one_object(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "uploads.duckdb"))
    assert open_store(str(tmp_path / "there" / ".." / "uploads.duckdb")) is store
    assert open_store(str(tmp_path / "other.duckdb")) is not store


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("mongo:somewhere", "mongo:"), ("Postgres:dbname=s", "Postgres:"), ("s3://bucket/uploads.duckdb", "s3:"),
        ("ducklake:mongo:somewhere", "ducklake:mongo:"), ("ducklake:ducklake:postgres:dbname=s", "ducklake:ducklake:"),
    ],
)  # fmt: skip
def test_what_is_no_kind_of_store_is_refused_with_those_that_are(url: str, named: str) -> None:
    with pytest.raises(StoreProblem) as refused:
        read_address(url)
    said = str(refused.value)
    assert f"begins with “{named}”, which is not a kind of store" in said
    assert all(each in said for each in ("a file", "“postgres:…”", "“ducklake:postgres:…”", "“sqlite:…”", "“mysql:…”"))


@pytest.mark.parametrize(
    ("url", "target", "options", "extensions", "where"),
    [
        ("C:\\kept\\uploads.duckdb", None, "", (), None),
        ("postgres:dbname=s", "postgres:dbname=s" + PATIENT, "", ("postgres_scanner",), "the Postgres store"),
        (
            "postgres:dbname=s connect_timeout=9", "postgres:dbname=s connect_timeout=9 tcp_user_timeout=10000", "",
            ("postgres_scanner",), "the Postgres store",
        ),
        (
            "postgresql://u:p@h/s?sslmode=require", "postgresql://u:p@h/s?sslmode=require&connect_timeout=2&tcp_user_timeout=10000",
            "TYPE postgres", ("postgres_scanner",), "the Postgres store",
        ),
        ("postgres://u@h/s (SCHEMA 'x')", "postgres://u@h/s?connect_timeout=2&tcp_user_timeout=10000", "TYPE postgres, SCHEMA 'x'",
         ("postgres_scanner",), "the Postgres store"),
        (
            "ducklake:postgres:dbname=s host=h (DATA_PATH 's3://bucket/folder')", "ducklake:postgres:dbname=s host=h" + PATIENT,
            "DATA_PATH 's3://bucket/folder'", ("postgres_scanner", "ducklake", "httpfs"), "the DuckLake store",
        ),
        (
            "ducklake:postgres:dbname=s (DATA_PATH '/mnt/x')", "ducklake:postgres:dbname=s" + PATIENT, "DATA_PATH '/mnt/x'",
            ("postgres_scanner", "ducklake"), "the DuckLake store",
        ),
    ],
)  # fmt: skip
def test_what_the_setting_means(
    url: str, target: str | None, options: str, extensions: tuple[str, ...], where: str | None
) -> None:
    address = read_address(url)
    if target is None:
        assert address.path is not None
        return
    assert (address.target, address.options, address.extensions, address.where) == (target, options, extensions, where)
    assert address.on_server


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(StoreProblem, match=r"begins with “oracle:”.*postgres:"):
        read_address("oracle:scott/tiger@db")


def test_no_password_gets_into_words(
    another: Callable[[str], Store], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("PGPASSWORD", "sesame-3")
    said = []
    for url in (
        "postgres:host=127.0.0.1 port=9 user=u password=sesame-1 dbname=s",
        "postgres:host=127.0.0.1 port=9 user=u password='sesame-1 and \\' more' dbname=s",
        "postgresql://u:sesame-2@127.0.0.1:9/sesame-3",
        "ducklake:postgres:host=127.0.0.1 port=9 user=u password=sesame-1 dbname=s (DATA_PATH 's3://bucket/x')",
    ):
        store = another(url)
        assert store.version() == 0
        with pytest.raises(StoreUnavailable) as raised:
            store.accept(upload(figure(1.0)), LEEDS_OFFICER)
        assert raised.value.__cause__ is None
        assert raised.value.__suppress_context__
        said += [str(raised.value), raised.value.detail, str(store.problem), store.where]
    assert any("127.0.0.1" in text for text in said)
    assert "sesame" not in caplog.text + "".join(said)
    assert "and \\' more" not in caplog.text


def test_a_missing_extension_is_named_and_not_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(address_module, "_from_wheel", lambda _: None)
    monkeypatch.delenv("STORE_INSTALL_EXTENSIONS", raising=False)
    with duckdb.connect(config={"extension_directory": str(tmp_path)}) as connection:
        with pytest.raises(StoreUnavailable, match=r"duckdb-extension-postgres-scanner==1\.5\.5"):
            load_extensions(connection, read_address("postgres:dbname=s"))
        # Where extensions may be fetched, DuckDB is told from where; nothing is there in this test.
        monkeypatch.setenv("STORE_INSTALL_EXTENSIONS", "1")
        connection.execute("SET custom_extension_repository = ?", [str(tmp_path / "nowhere")])
        with pytest.raises(StoreUnavailable, match="could not be fetched"):
            load_extensions(connection, read_address("postgres:dbname=s"))


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("http://127.0.0.1:9000", {"endpoint": "127.0.0.1:9000", "use_ssl": "false", "url_style": "path"}),
        ("https://objects.example", {"endpoint": "objects.example", "use_ssl": "true", "url_style": "path"}),
        ("", {"region": "eu-west-2"}),
    ],
)
def test_keys_come_from_the_usual_variables(
    endpoint: str, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "it's", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-2", "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": "", "AWS_SESSION_TOKEN": "",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    address = read_address("ducklake:postgres:dbname=s (DATA_PATH 's3://bucket/')")
    with duckdb.connect(config={"autoload_known_extensions": False}) as connection:
        file = address_module._from_wheel("httpfs")
        connection.execute(f"LOAD '{file}'")
        create_secret(connection, address)
        (told,) = connection.execute("SELECT secret_string FROM duckdb_secrets()").fetchone()
    held = dict(part.split("=", 1) for part in told.split(";"))
    assert held["key_id"] == "it's"
    assert {name: held[name] for name in expected} == expected


# ---------------------------------------------------------------- the statements


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_each_statement_says_what_it_takes_and_gives(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = "\n".join(line for line in text.splitlines() if line.startswith("--"))
    body = re.sub(r"--[^\n]*", "", text)
    assert text.startswith("-- ")
    for name in set(re.findall(r"\$([a-z_0-9]+)", body)):
        assert re.search(rf"^--   [^\n]*\b{name}\b", head, re.MULTILINE), f"the head comment does not name {name}"
    if body.lstrip().startswith(("SELECT", "WITH")):
        assert "Columns:" in head


def test_the_layout_has_every_column_of_a_figure() -> None:
    with duckdb.connect() as connection:
        connection.execute("ATTACH ':memory:' AS store")
        connection.execute((warehouse.QUERIES / "store" / "layout.sql").read_text(encoding="utf-8"))
        columns = connection.execute("DESCRIBE store.figures").fetchall()
    assert {row[0]: row[1] for row in columns} == {"upload": "BIGINT", **FIGURE_COLUMNS}


def test_a_dashboard_does_not_start_with_a_setting_that_is_no_store(tmp_path: Path) -> None:
    # It begins with the figures before it reads the setting: a few are enough.
    data = made_up_data.folder(tmp_path / "data", [made_up_data.figure(1, 10, 20)])
    seal(data)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port", "0"]
    done = subprocess.run(
        command, cwd=settings.HOME, env={**os.environ, "STORE_URL": "mongo:somewhere", "CARELEAVERS_DATA": str(data)}, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert done.returncode != 0
    assert "Not started. The setting STORE_URL begins with “mongo:”, which is not a kind of store." in done.stderr
    assert "Traceback" not in done.stderr.replace("Traceback (most recent call last):\nSystemExit: 1", "")
    assert "server.py" not in done.stderr
