"""Real servers for the tests: their own PostgreSQL and an S3 server."""

import logging
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from careleavers.store import connection
from tests.store.find_postgres import HOW_TO, find

# As shipped: the tests of stores set it to one.
SHIPPED_BUCKET_THREADS = connection.BUCKET_THREADS
# The kinds of store.
KINDS = ("file", "postgres", "ducklake")
# For tests of the rules of the ledger, which are the same code on every kind. What depends on how a kind keeps rows, undoes
# what was begun, or lets several write at once is tested on each.
without_ducklake = pytest.mark.parametrize("store", ("file", "postgres"), indirect=True)


class Postgres:
    """A PostgreSQL server in its own folder, reached through a socket there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        # PostgreSQL refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        programs = find()
        assert programs, HOW_TO
        self._programs = programs
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(folder, account.pw_uid, account.pw_gid)
            folder.chmod(0o755)

    def make(self) -> None:
        self._run(
            "initdb",
            "--auth=trust",
            "--username=postgres",
            "--no-sync",
            "--no-locale",
            "--encoding=UTF8",
            "-D",
            self._data,
        )
        # Faster, because test data need not survive a crash.
        options = (
            f"\nlisten_addresses = ''\nunix_socket_directories = '{self.folder}'\nfsync = off\nmax_connections = 200\n"
        )
        self._run("bash", "-c", f"cat >> {self._data}/postgresql.conf <<'END'{options}END")

    def start(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    def new_database(self) -> str:
        """A new, empty database, in the words of libpq."""
        name = f"store{next(self._numbers)}"
        self._run("createdb", "-h", str(self.folder), "-U", "postgres", "-T", "template0", name)
        return f"host={self.folder} user=postgres dbname={name}"

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        path = self._programs / program
        done = subprocess.run(
            [str(path) if path.exists() else program, *arguments],
            user=self._user, cwd=self.folder, stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{program}: {done.stdout}"


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server, and remove it at the end. Names are short: a socket's path is limited to 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = Postgres(folder)
    try:
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_s3(bucket: str) -> Iterator[str]:
    """The address of an S3 server with one bucket."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        client = boto3.client(
            "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret"
        )
        client.create_bucket(Bucket=bucket)
        yield address
    finally:
        server.stop()
