"""Stores of the three kinds: a local file, Postgres, and DuckLake with a Postgres catalogue and S3."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from careleavers.store import Store, backups, connection, open_store, reading
from careleavers.store.address import read_address
from tests.store.servers import KINDS, Postgres, running_postgres, running_s3
from tests.store.workers import start_copying

BUCKET = "uploads"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that start a PostgreSQL or S3 server by fixture or parameter; one that starts it directly marks itself."""
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue
        parameters = getattr(getattr(item, "callspec", None), "params", {}).values()
        if {"postgres", "s3"} & set(item.fixturenames) or any(
            value in KINDS[1:] for value in parameters if isinstance(value, str)
        ):
            item.add_marker(pytest.mark.server)


@pytest.fixture(scope="session", autouse=True)
def _others() -> None:
    start_copying()


@pytest.fixture(scope="session", autouse=True)
def _one_bucket_thread() -> Iterator[None]:
    """Fetch files in buckets one at a time: DuckDB's other threads keep a processor busy while they wait for the first.

    That processor is the one on which the S3 server of these tests runs. Fetching several at once is tested in
    test_object_storage.py.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "BUCKET_THREADS", 1)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the whole run."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3 server for the whole run, with its keys in the environment."""
    with running_s3(BUCKET) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.delenv("AWS_SESSION_TOKEN", raising=False)
        yield address


@pytest.fixture(scope="session")
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The STORE_URL of a new store of a kind, still without tables."""
    numbers = count(1)

    def make(kind: str) -> str:
        if kind == "file":
            return str(tmp_path_factory.mktemp("file") / "kept" / "uploads.duckdb")
        database = request.getfixturevalue("postgres").new_database()
        if kind == "postgres":
            return f"postgres:{database}"
        request.getfixturevalue("s3")
        return f"ducklake:postgres:{database} (DATA_PATH 's3://{BUCKET}/{next(numbers)}/')"

    return make


@pytest.fixture(scope="session")
def _kept(new_url: Callable[[str], str]) -> Callable[[str], Store]:
    """One store of each kind of server: loading the extensions again for every test would take most of the time."""
    made: dict[str, Store] = {}

    def get(kind: str) -> Store:
        if kind not in made:
            made[kind] = open_store(new_url(kind))
        return made[kind]

    return get


@pytest.fixture(params=KINDS)
def store(
    request: pytest.FixtureRequest, new_url: Callable[[str], str], _kept: Callable[[str], Store]
) -> Iterator[Store]:
    """An empty store of each kind in turn; of two of them with ``without_ducklake``."""
    if request.param == "file":
        made = open_store(new_url("file"))
        yield made
        made._database.close()
        return
    kept = _kept(request.param)

    def empty(held: connection.Connection) -> None:
        held.execute("UPDATE store.head SET length = 0")
        held.execute("UPDATE store.document_head SET length = 0")
        for table in (*backups.TABLES, "documents"):
            held.execute(f"DELETE FROM store.{table}")

    kept._database.write(empty)
    fresh = Store(kept._address)
    fresh._database = kept._database
    yield fresh


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Store]:
    """An empty store in a local file."""
    made = open_store(str(tmp_path / "uploads.duckdb"))
    yield made
    made._database.close()


@pytest.fixture
def another() -> Iterator[Callable[[str], Store]]:
    """A store as another process sees it, with its own database. Not for a local file, which is shared within a process."""
    made: list[Store] = []

    def make(url: str) -> Store:
        made.append(Store(read_address(url)))
        return made[-1]

    yield make
    for store in made:
        store._database.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry at once after the store could not be reached, and do not wait long for a file that another process holds."""
    monkeypatch.setattr(reading, "RETRY_AFTER", 0.0)
    monkeypatch.setattr(connection, "READ_TIMEOUT", 0.3)
    monkeypatch.setattr(connection, "WRITE_TIMEOUT", 0.3)
