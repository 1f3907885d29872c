"""Work that the tests run in other processes. Imported once; each process is then a copy with nothing open."""

import multiprocessing
import os
import resource
import sys
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType

import pytest

from careleavers.store import StoreUnavailable, connection, open_store
from tests.store.samples import LEEDS_OFFICER, figure, upload

PROCESSES = multiprocessing.get_context("forkserver")


def start_copying() -> None:
    """Start the process that all others are copies of; it imports this module once."""
    with pytest.MonkeyPatch.context() as patch:
        # It looks for modules where PYTHONPATH says, not where this process does.
        patch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
        patch.setitem(sys.modules, "__main__", ModuleType("__main__"))
        PROCESSES.set_forkserver_preload([__name__])
        forkserver.ensure_running()


def begin(work: Callable[..., None], *arguments: object) -> tuple[BaseProcess, Connection]:
    """Another process that does ``work``, with the object storage's keys set here, and a connection to it."""
    here, there = PROCESSES.Pipe()
    keys = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    child = PROCESSES.Process(target=_with_keys, args=(keys, work, *arguments, there))
    # Tests of pages leave their page behind as the main module, which every new process would run again.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "__main__", ModuleType("__main__"))
        child.start()
    there.close()
    return child, here


def _with_keys(keys: dict[str, str], work: Callable[..., None], *arguments: object) -> None:
    os.environ.update(keys)
    # The speed of the machine does not matter here.
    connection.WRITE_TIMEOUT = connection.READ_TIMEOUT = 120.0
    connection.BUCKET_THREADS = 1
    work(*arguments)


def several(number: int, rows: int = 40):
    """An upload of its own with a few dozen figures."""
    return upload(
        *(figure(float(n), indicator=f"w{number}", age_group=f"a{n}") for n in range(rows)),
        content=os.urandom(5000) + b"%d" % number,
    )


def accept_one(url: str, number: int, said: Connection) -> None:
    """Report ready, wait for the signal, accept, and send back the number of the entry."""
    store, new = open_store(url), several(number)
    said.send("ready")
    said.recv()
    try:
        said.send(store.accept(new, LEEDS_OFFICER).entry)
    except Exception as error:
        said.send(f"{error!r} {getattr(error, 'detail', '')}")


def accept_with_little_room(url: str, room: int, said: Connection) -> None:
    """Accept while no file may grow beyond ``room`` bytes, then without that limit; send back both outcomes."""
    store = open_store(url)
    store.version()
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    try:
        said.send(store.accept(several(1, 3000), LEEDS_OFFICER).entry)
    except StoreUnavailable as error:
        said.send(str(error))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    said.send((store.version(), store.accept(several(2), LEEDS_OFFICER).entry))


def hold(path: str, said: Connection) -> None:
    """Keep a local file locked, as a writing process does, until told to release it."""
    import duckdb

    with duckdb.connect(path):
        said.send("held")
        said.recv()
    said.send("let go")
