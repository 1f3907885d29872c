"""``python -m scripts.drills.faults [NAME…]``: faults made on purpose against real servers, one drill after the other.

Each drill starts what it needs on this machine (dashboards, PostgreSQL, an S3 server), does the damage, and then counts: every
upload that an officer was told is kept has to be there once, with its file and its rows, and nothing else. It prints one line of
JSON for each and ends with status 1 where one failed. ``--list`` says which there are. Some need root: they make a network or a
small disk of their own. Requests go to 127.0.0.1 and to networks made here, and every loop is bounded.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import websockets

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from careleavers.access.people import Person  # noqa: E402
from careleavers.store import Store  # noqa: E402
from careleavers.store.address import read_address  # noqa: E402
from scripts.drills.officer import Officer, quarter, secrets_file, sign_in_cookie  # noqa: E402
from tests.store.servers import Postgres, running_postgres, running_s3  # noqa: E402

ADMINISTRATOR = Person("https://id.example", "ada", "Ada Ash", "administrator")
PATIENCE = 400
# Streamlit keeps the last 128 pages whose connection broke for two minutes, should they come back: three descriptors each.
KEPT_PAGES = 120, 3 * 128 + 30
# A council, its code, and the officer who looks after it.
with (ROOT / "data" / "authorities.csv").open(encoding="utf-8") as table:
    COUNCILS = [(row["authority_name"], row["authority_code"]) for row in csv.DictReader(table) if not row["closed"]][
        :40
    ]
OFFICERS = {f"officer-{number}": code for number, (_, code) in enumerate(COUNCILS)} | {"ada": "all"}


@dataclass
class Replica:
    """A running dashboard."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    again: Callable[[], Replica]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.folder / f"log-{self.port}").read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End it without warning."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)

    def stop(self) -> None:
        """Ask it to end."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def ready(self) -> str:
        """What it says of itself; the status where it is not ready."""
        return asked(f"{self.url}/readyz")

    def officer(self, number: int | str) -> Officer:
        """The officer of a council, in a browser of their own."""
        subject = number if isinstance(number, str) else f"officer-{number}"
        return Officer(self.url, {"_streamlit_user": sign_in_cookie(subject, self.url)})


def asked(url: str, timeout: float = 20) -> str:
    """The text that an address answers with, or what went wrong.

    Parameters
    ----------
    url
        The address.
    timeout
        Seconds.

    Returns
    -------
    str
    """
    try:
        with urllib.request.urlopen(url, timeout=timeout) as got:
            return str(got.read(5000).decode("utf-8", "replace"))
    except urllib.error.HTTPError as refused:
        refused.close()
        return f"status {refused.code}"
    except OSError as error:
        return f"no answer: {type(error).__name__}"


def start(folder: Path, store: str, port: int, **env: str) -> Replica:
    """Start a dashboard and wait until it is ready.

    Parameters
    ----------
    folder
        Where its settings and its log are kept.
    store
        ``STORE_URL``.
    port
        Its port.
    **env
        Further variables of its environment.

    Returns
    -------
    Replica
    """
    secrets = secrets_file(folder / f"secrets-{port}.toml", f"http://127.0.0.1:{port}", OFFICERS)
    settings = {
        "STREAMLIT_SECRETS_FILES": str(secrets), "STORE_URL": store, "CARELEAVERS_BROWSER": "none", "PYTHONPATH": str(ROOT), **env,
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.address",
        "127.0.0.1",
        "--server.port",
        str(port),
    ]
    with (folder / f"log-{port}").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, **settings})
    made = Replica(port, folder, process, lambda: start(folder, store, port, **env))
    until = time.monotonic() + PATIENCE
    while not made.ready().startswith("ready"):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"a replica did not start:\n{made.log[-2000:]}")
        time.sleep(0.2)
    return made


class Scene:
    """What a drill works with: a folder, and everything that has to be stopped at its end."""

    def __init__(self, folder: Path, stack: ExitStack, ports: Sequence[int]) -> None:
        self.folder, self.stack, self._ports = folder, stack, list(ports)
        self.postgres: Postgres | None = None

    def store(self, kind: str) -> str:
        """The STORE_URL of a new store."""
        if kind == "file":
            return str(self.folder / "kept" / "uploads.duckdb")
        self.postgres = self.stack.enter_context(running_postgres())
        database = self.postgres.new_database()
        if kind == "postgres":
            return f"postgres:{database}"
        address = self.stack.enter_context(running_s3("uploads"))
        os.environ |= {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "drill-secret-key",
            "AWS_ENDPOINT_URL": address,
        }
        return f"ducklake:postgres:{database} (DATA_PATH 's3://uploads/drill/')"

    def replica(self, store: str, **env: str) -> Replica:
        """A dashboard of its own."""
        made = start(self.folder, store, self._ports.pop(0), **env)
        # Whichever process has the port at the end: a drill may have started it again.
        self.stack.callback(end_port, made.port)
        return made


def end_port(port: int) -> None:
    """End the process that this drill started on a port.

    Parameters
    ----------
    port
        One of those given to this script.
    """
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if f"--server.port {port}" in " ".join(child.cmdline()):
                child.terminate()
                try:
                    child.wait(15)
                except psutil.TimeoutExpired:
                    child.kill()


def whole(url: str) -> dict[str, int]:
    """How often each note or file is in a store; fails unless every entry has its upload, its file and its rows.

    Parameters
    ----------
    url
        ``STORE_URL``.

    Returns
    -------
    dict of str to int
        How many uploads there are of each file, by its name.
    """
    store = Store(read_address(url))
    try:
        entries = list(store.ledger()["entry"])
        assert entries == list(range(1, len(entries) + 1)), entries
        uploads = store.uploads().set_index("upload")
        assert sorted(uploads.index) == entries
        counted = store._database.read(
            lambda held: dict(held.execute("SELECT upload, count(*) FROM store.figures GROUP BY upload").fetchall())
        )
        assert counted == uploads["rows"].to_dict(), (counted, uploads["rows"].to_dict())
        for number in entries:
            name, content = store.original(number, ADMINISTRATOR)
            assert hashlib.sha256(content).hexdigest() == uploads.loc[number, "sha256"], name
        return {str(name): int(count) for name, count in uploads["file_name"].value_counts().items()}
    finally:
        store._database.close()


async def upload(replica: Replica, number: int, name: str) -> str:
    """An officer gives a council's quarter and accepts it; what the page then says.

    Parameters
    ----------
    replica
        Where.
    number
        Which officer.
    name
        The name of the file.

    Returns
    -------
    str
    """
    council, code = COUNCILS[number]
    officer = await replica.officer(number).open("upload")
    try:
        return await officer.accept(name, quarter(code, council, number))
    finally:
        await officer.close()


KEPT = "is accepted and shows"


# ---------------------------------------------------------------------- the drills


async def replica_killed_in_an_upload(scene: Scene) -> dict[str, Any]:
    """A replica is killed at ever later moments after an officer pressed Accept; the officer tries again at another one."""
    store = scene.store("ducklake")
    one, other = scene.replica(store), scene.replica(store)
    done, there_already, turns = 0, 0, 5
    for number in range(turns):
        council, code = COUNCILS[number]
        name, content = f"turn-{number}.csv", quarter(code, council, number)
        officer = await one.officer(number).open("upload")
        state = await officer.give(name, content)
        press = asyncio.ensure_future(officer.run({**state, officer.control("button", "Accept"): True}))
        await asyncio.sleep(0.25 * number)
        one.kill()
        with suppress(Exception):
            await asyncio.wait_for(press, 5)
        before = whole(store).get(name, 0)
        assert before in {0, 1}
        there_already += before
        said = await upload_again(other, number, name, content)
        assert ("in the store already" in said or "already" in said) if before else KEPT in said, said[-400:]
        done += 1
        if number < turns - 1:
            one = one.again()
    counts = whole(store)
    assert counts == {f"turn-{number}.csv": 1 for number in range(turns)}, counts
    return {"killed": done, "already kept when killed": there_already, "uploads in the end": len(counts)}


async def upload_again(replica: Replica, number: int, name: str, content: bytes) -> str:
    """Give the same file at another replica; what its page says.

    Parameters
    ----------
    replica, number, name, content
        As above.

    Returns
    -------
    str
    """
    officer = await replica.officer(number).open("upload")
    try:
        state = await officer.give(name, content)
        with suppress(LookupError):
            return await officer.run({**state, officer.control("button", "Accept"): True})
        return officer.said
    finally:
        await officer.close()


async def replica_killed_in_a_pack(scene: Scene) -> dict[str, Any]:
    """A replica is killed while it makes a committee pack; another one makes it."""
    from tests.browser.find_browser import find

    store, browser = scene.store("file"), str(find())
    one = scene.replica(store, CARELEAVERS_BROWSER=browser)
    await upload(one, 0, "before.csv")
    officer = await one.officer(0).open("report", "authority=" + COUNCILS[0][0].replace(" ", "+"))
    press = asyncio.ensure_future(officer.run({officer.control("button", "Make"): True}))
    await asyncio.sleep(2.5)
    children = [child.pid for child in psutil.Process(one.process.pid).children(recursive=True)]
    one.kill()
    with suppress(Exception):
        await asyncio.wait_for(press, 5)
    await asyncio.sleep(3)
    left = [pid for pid in children if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]
    for pid in left:  # nobody else would
        with suppress(psutil.Error):
            psutil.Process(pid).kill()
    assert whole(store) == {"before.csv": 1}
    # The same on a replica that starts afterwards.
    two = one.again()
    made = subprocess.run(
        [sys.executable, "-m", "careleavers", "pack", "annual", "--authority", COUNCILS[0][1], "--out", str(scene.folder / "a.docx")],
        cwd=ROOT, env={**os.environ, "STORE_URL": store, "CARELEAVERS_BROWSER": browser}, capture_output=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    again = await two.officer(0).open("report", "authority=" + COUNCILS[0][0].replace(" ", "+"))
    assert any(control.startswith("button: Make") for control in again.controls)
    await again.close()
    return {
        "children when killed": len(children),
        "left running after 3 s": len(left),
        "pack, bytes": (scene.folder / "a.docx").stat().st_size,
    }


async def postgres_restarted(scene: Scene) -> dict[str, Any]:
    """PostgreSQL is stopped without warning and started again three times while officers upload and others look."""
    store = scene.store("ducklake")
    replica, postgres = scene.replica(store), scene.postgres
    assert postgres
    stop, looked, tries = asyncio.Event(), list[str](), 0

    async def look() -> None:
        while not stop.is_set():
            looked.append(await asyncio.to_thread(asked, f"{replica.url}/compare?authority=Leeds"))
            await asyncio.sleep(0.2)

    async def officers(number: int) -> None:
        nonlocal tries
        council, code = COUNCILS[number]
        for _ in range(20):
            tries += 1
            said = await upload_again(replica, number, f"officer-{number}.csv", quarter(code, council, number))
            if KEPT in said or "already" in said:
                return
            honest = ("nothing was changed", "cannot be reached", "busy", "not known whether")
            assert any(words in said for words in honest), said[-500:]
            await asyncio.sleep(1)
        raise AssertionError(said[-500:])

    async def restart() -> None:
        for _ in range(3):
            await asyncio.sleep(3)
            await asyncio.to_thread(postgres.stop)
            await asyncio.sleep(2)
            await asyncio.to_thread(postgres.start)

    looking = asyncio.ensure_future(look())
    await asyncio.gather(restart(), *(officers(number) for number in range(6)))
    stop.set()
    await looking
    assert all("<html" in text for text in looked), [text[:100] for text in looked if "<html" not in text]
    counts = whole(store)
    assert counts == {f"officer-{number}.csv": 1 for number in range(6)}, counts
    return {
        "restarts": 3,
        "tries of 6 officers": tries,
        "pages looked at meanwhile": len(looked),
        "uploads": len(counts),
    }


async def storage_fails(scene: Scene) -> dict[str, Any]:
    """Object storage answers every request with 503, and then with nothing at all, while a file of 1,500 rows is accepted."""
    from tests.store.samples import LEEDS_OFFICER
    from tests.store.test_object_storage import between
    from tests.store.workers import several

    url = scene.store("ducklake")
    storage = scene.stack.enter_context(between(os.environ["AWS_ENDPOINT_URL"]))
    os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{storage.server_port}"
    replica = scene.replica(url)
    store, told = Store(read_address(url)), {}
    await asyncio.to_thread(store.accept, several(0, 1500), LEEDS_OFFICER)
    for number, fault in enumerate(("answers with errors", "stalls"), start=1):
        storage.fault = fault
        began = time.monotonic()
        writing = asyncio.ensure_future(asyncio.to_thread(store.accept, several(number, 1500), LEEDS_OFFICER))
        seen = [await timed(f"{replica.url}/compare?authority=Leeds") for _ in range(5)]
        try:
            await writing
            raise AssertionError("it was accepted without storage")
        except Exception as error:
            assert "nothing was changed" in str(error), error
        told[f"{fault}: told after, s"] = round(time.monotonic() - began, 1)
        told[f"{fault}: slowest page meanwhile, s"] = round(max(seen), 2)
        storage.fault = ""
        storage.let_go.set()
        assert store.accept(several(number, 1500), LEEDS_OFFICER).entry == number + 1
        storage.let_go.clear()
    store._database.close()
    assert sum(whole(url).values()) == 3
    return told


async def timed(url: str) -> float:
    """Seconds until an address has answered with a page.

    Parameters
    ----------
    url
        The address.

    Returns
    -------
    float
    """
    began = time.monotonic()
    text = await asyncio.to_thread(asked, url)
    assert "<html" in text, text[:200]
    return time.monotonic() - began


async def network_cut(scene: Scene) -> dict[str, Any]:
    """The network between the dashboard and its PostgreSQL is cut, in a network namespace, and mended again."""
    name, ours, theirs = f"drill-{os.getpid()}", f"dr{os.getpid() % 100000}a", f"dr{os.getpid() % 100000}b"

    def ip(*words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)

    ip("netns", "add", name)
    scene.stack.callback(lambda: subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True))
    ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", name)
    scene.stack.callback(lambda: subprocess.run(["ip", "link", "del", ours], check=False, capture_output=True))
    ip("addr", "add", "10.231.77.1/30", "dev", ours)
    ip("link", "set", ours, "up")
    ip("-n", name, "addr", "add", "10.231.77.2/30", "dev", theirs)
    ip("-n", name, "link", "set", theirs, "up")
    socket_store = scene.store("postgres")
    postgres = scene.postgres
    assert postgres
    postgres.stop()
    data = postgres.folder / "data"
    with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write("listen_addresses = '10.231.77.2'\nport = 9199\n")
    with (data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write("host all all 10.231.77.0/30 trust\n")
    programs = postgres._programs
    run_as = ["runuser", "-u", "postgres", "--"]
    control = [*run_as, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(postgres.folder / "log")]
    subprocess.run(["ip", "netns", "exec", name, *control, "start"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    database = socket_store.partition("dbname=")[2].split()[0]
    store = f"postgres:host=10.231.77.2 port=9199 user=postgres dbname={database}"
    replica = scene.replica(store)
    assert KEPT in await upload(replica, 0, "before.csv")
    await asyncio.sleep(1.5)
    told: dict[str, Any] = {}
    for number, cut in enumerate((("link", "set", ours, "down"), ("-n", name, "link", "set", theirs, "down")), start=1):
        council, code = COUNCILS[number]
        officer = await replica.officer(number).open("upload")
        state = await officer.give(f"cut-{number}.csv", quarter(code, council, number))
        ip(*cut)
        began = time.monotonic()
        press = asyncio.ensure_future(officer.run({**state, officer.control("button", "Accept"): True}))
        seen = [await timed(f"{replica.url}/compare?authority=Leeds") for _ in range(5)]
        said = await press
        told[f"cut {number}: told after, s"] = round(time.monotonic() - began, 1)
        told[f"cut {number}: slowest page meanwhile, s"] = round(max(seen), 2)
        assert "cannot be reached just now; nothing was changed" in said, said[-400:]
        assert replica.ready().startswith("ready"), replica.ready()
        if number == 1:
            ip("link", "set", ours, "up")
        else:
            ip("-n", name, "link", "set", theirs, "up")
        await asyncio.sleep(6)
        # The officer presses again on the same page: the file is still there.
        again = await officer.run({**state, officer.control("button", "Accept"): True})
        assert KEPT in again, again[-400:]
        await officer.close()
    assert whole(store) == {"before.csv": 1, "cut-1.csv": 1, "cut-2.csv": 1}
    subprocess.run(
        ["ip", "netns", "exec", name, *control, "-m", "fast", "stop"], check=True, stdout=subprocess.DEVNULL, cwd="/"
    )
    # The server of the fixture is stopped by it at the end.
    text = (data / "postgresql.conf").read_text(encoding="utf-8")
    (data / "postgresql.conf").write_text(
        text.replace("listen_addresses = '10.231.77.2'\nport = 9199\n", ""), encoding="utf-8"
    )
    postgres.start()
    return told


async def disk_full(scene: Scene) -> dict[str, Any]:
    """The disk of a local store runs full under a dashboard, and is given room again."""
    disk = scene.folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=True)
    scene.stack.callback(lambda: subprocess.run(["umount", "-l", str(disk)], check=False))
    store = str(disk / "uploads.duckdb")
    replica = scene.replica(store)
    assert KEPT in await upload(replica, 0, "before.csv")
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb") as filled:
        for _ in range(100):
            filled.write(random.randbytes(100_000))
    with suppress(OSError):
        ballast.open("ab").write(b"x" * 100_000)
    said = await upload(replica, 1, "without-room.csv")
    assert "no room left" in said or KEPT in said, said[-500:]
    lost = KEPT not in said
    assert replica.ready().startswith("ready"), replica.ready()
    page = await Officer(replica.url).open("local_figures", "authority=" + COUNCILS[0][0].replace(" ", "+"))
    assert "Something went wrong" not in page.said
    await page.close()
    ballast.unlink()
    again = await upload_again(replica, 1, "without-room.csv", quarter(COUNCILS[1][1], COUNCILS[1][0], 1))
    assert KEPT in again or not lost, again[-500:]
    assert whole(store) == {"before.csv": 1, "without-room.csv": 1}
    return {"told that there was no room": lost, "kept once there was room": True}


async def clock_moved(scene: Scene) -> dict[str, Any]:
    """Dashboards whose clocks are a day behind and a day ahead upload into the same store, one after the other."""
    library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
    assert Path(library).is_file(), "this drill needs libfaketime (Debian and Ubuntu: apt-get install libfaketime)"
    store, told = scene.store("postgres"), {}
    plain = scene.replica(store)
    assert KEPT in await upload(plain, 0, "now.csv")
    for number, moved in enumerate(("-1d", "+1d"), start=1):
        env = {"LD_PRELOAD": library, "FAKETIME": moved, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        replica = scene.replica(store, **env)
        officer = replica.officer(number)
        by = -86_400 if moved == "-1d" else 86_400
        officer.cookies["_streamlit_user"] = sign_in_cookie(f"officer-{number}", replica.url, clock=by)
        council, code = COUNCILS[number]
        await officer.open("upload")
        assert KEPT in await officer.accept(f"clock{moved}.csv", quarter(code, council, number)), officer.said[-400:]
        await officer.close()
        # A sign-in that has run out by that clock opens nothing.
        late = replica.officer(number)
        late.cookies["_streamlit_user"] = sign_in_cookie(f"officer-{number}", replica.url, clock=by, lasts=-600)
        await late.open("upload")
        told[f"{moved}: a sign-in that has run out is let in"] = any(
            control.startswith("file_uploader") for control in late.controls
        )
        await late.close()
    assert KEPT in await upload(plain, 3, "after.csv")
    assert whole(store) == {"now.csv": 1, "clock-1d.csv": 1, "clock+1d.csv": 1, "after.csv": 1}
    held = Store(read_address(store))
    days = [(at - held.ledger()["at"].iloc[0]).total_seconds() / 86_400 for at in held.ledger()["at"]]
    history = await plain.officer("ada").open("history")
    assert "Something went wrong" not in history.said
    held._database.close()
    assert not any(value for key, value in told.items() if "run out" in key), told
    return {**told, "entries in order, days from the first": [round(day, 1) for day in days]}


async def officers_at_once(scene: Scene) -> dict[str, Any]:
    """Twenty officers of as many councils accept their quarters in the same second, at two replicas."""
    store = scene.store("ducklake")
    replicas = scene.replica(store), scene.replica(store)
    officers = []
    for number in range(20):
        council, code = COUNCILS[number]
        officer = await replicas[number % 2].officer(number).open("upload")
        state = await officer.give(f"council-{number}.csv", quarter(code, council, number))
        officers.append((officer, {**state, officer.control("button", "Accept"): True}))
    began, waits = time.monotonic(), list[float]()

    async def press(officer: Officer, state: dict[str, Any]) -> str:
        said = await officer.run(state)
        waits.append(time.monotonic() - began)
        return said

    said = await asyncio.gather(*(press(*each) for each in officers))
    assert all(KEPT in each for each in said), [each[-200:] for each in said if KEPT not in each]
    for officer, _ in officers:
        await officer.close()
    counts = whole(store)
    assert counts == {f"council-{number}.csv": 1 for number in range(20)}, counts
    return {
        "uploads": len(counts),
        "first told after, s": round(min(waits), 1),
        "last told after, s": round(max(waits), 1),
    }


async def officers_at_one_busy_replica(scene: Scene) -> dict[str, Any]:
    """Twenty officers accept in the same second at one replica, which thirty viewers keep busy without a pause."""
    store = scene.store("file")
    replica = scene.replica(store)
    officers = []
    for number in range(20):
        council, code = COUNCILS[number]
        officer = await replica.officer(number).open("upload")
        state = await officer.give(f"council-{number}.csv", quarter(code, council, number))
        officers.append((officer, {**state, officer.control("button", "Accept"): True}))
    viewers = [await Officer(replica.url).open("compare", "authority=Leeds") for _ in range(30)]
    over, looks, waits = asyncio.Event(), list[float](), list[float]()

    async def look(viewer: Officer) -> None:
        for number in range(500):
            if over.is_set():
                return
            began = time.monotonic()
            await viewer.run(query_string=f"authority={COUNCILS[number % 40][0].replace(' ', '+').replace('&', '%26')}")
            looks.append(time.monotonic() - began)

    async def press(officer: Officer, state: dict[str, Any]) -> str:
        said = await officer.run(state)
        waits.append(time.monotonic() - began)
        return said

    looking = [asyncio.create_task(look(viewer)) for viewer in viewers]
    await asyncio.sleep(3)
    began = time.monotonic()
    said = await asyncio.gather(*(press(*each) for each in officers))
    over.set()
    await asyncio.gather(*looking)
    assert all(KEPT in each for each in said), [each[-200:] for each in said if KEPT not in each]
    for page in (*viewers, *(officer for officer, _ in officers)):
        await page.close()
    counts = whole(store)
    assert counts == {f"council-{number}.csv": 1 for number in range(20)}, counts
    return {
        "uploads": len(counts), "first told after, s": round(min(waits), 1), "last told after, s": round(max(waits), 1),
        "pages drawn for viewers meanwhile": len(looks), "slowest of these, s": round(max(looks), 1),
    }  # fmt: skip


async def slow_reader(scene: Scene) -> dict[str, Any]:
    """Visitors who ask for pages and files and never read the answers; others are served meanwhile."""
    replica = scene.replica(scene.store("file"))
    process = psutil.Process(replica.process.pid)
    warm = [await Officer(replica.url).open("compare", "authority=Leeds") for _ in range(2)]
    for page in warm:
        await page.close()
    before = process.memory_info().rss / 1e6
    script = asked(f"{replica.url}/", 30).split('src="./static/')[1].split('"')[0]
    files = []
    for _ in range(20):
        one = _deaf(replica)
        one.sendall(f"GET /static/{script} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        files.append(one)
    pages = []
    for number in range(20):
        page = await websockets.connect(
            f"ws://127.0.0.1:{replica.port}/_stcore/stream", subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=replica.url, max_size=None, max_queue=1, ping_interval=None, open_timeout=60, sock=_deaf(replica),
        )  # type: ignore[arg-type]  # fmt: skip
        # Nothing is taken from the network any more.
        page.transport.pause_reading()
        pages.append(page)
        from streamlit.proto.BackMsg_pb2 import BackMsg

        for name in (COUNCILS[number][0], COUNCILS[number + 1][0], COUNCILS[number + 2][0]):
            ask = BackMsg()
            ask.rerun_script.query_string = f"authority={name.replace(' ', '+')}"
            ask.rerun_script.page_name = "compare"
            await page.send(ask.SerializeToString())
    seen = [await timed(f"{replica.url}/compare?authority=Leeds") for _ in range(10)]
    visitor = await Officer(replica.url).open("compare", "authority=Leeds")
    await visitor.close()
    clients = [each.getsockname()[1] for each in files], [page.local_address[1] for page in pages]
    await asyncio.sleep(25)
    during = process.memory_info().rss / 1e6
    await asyncio.sleep(15)
    # A system goes on with what it holds when the server has ended a connection, so a client does not notice.
    held = {each.raddr.port for each in process.net_connections("tcp") if each.raddr}
    ended = [sum(client not in held for client in some) for some in clients]
    for one in files:
        one.close()
    for page in pages:
        page.transport.abort()
    await asyncio.sleep(5)
    after = process.memory_info().rss / 1e6
    return {
        "files not read": len(files), "pages not read": len(pages), "of these ended by the server": ended,
        "slowest first page meanwhile, s": round(max(seen), 2), "memory before, during, after, MB": [round(before), round(during), round(after)],
    }  # fmt: skip


def _deaf(replica: Replica) -> socket.socket:
    """A connection whose system takes little of what is sent to it, for a client that does not read."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    made.connect(("127.0.0.1", replica.port))
    return made


async def sessions_dropped(scene: Scene) -> dict[str, Any]:
    """Five hundred pages are opened, each of them draws, and all are dropped without a word; then five hundred more."""
    replica = scene.replica(scene.store("file"))
    process = psutil.Process(replica.process.pid)
    from streamlit.proto.BackMsg_pb2 import BackMsg

    weights = []

    def weigh() -> None:
        weights.append((round(process.memory_info().rss / 1e6), process.num_fds(), process.num_threads()))

    async def one(number: int) -> websockets.ClientConnection:
        page = await websockets.connect(
            f"ws://127.0.0.1:{replica.port}/_stcore/stream", subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=replica.url, max_size=None, ping_interval=None, open_timeout=PATIENCE,
        )  # type: ignore[arg-type]  # fmt: skip
        ask = BackMsg()
        ask.rerun_script.query_string = f"authority={COUNCILS[number % 40][0].replace(' ', '+')}"
        await page.send(ask.SerializeToString())
        # It is drawing when it is dropped.
        await asyncio.wait_for(page.recv(), PATIENCE)
        return page

    page = await Officer(replica.url).open("at_a_glance", "authority=Leeds")
    await page.close()
    weigh()
    for _ in range(2):
        opened = []
        for at in range(0, 500, 25):
            opened += await asyncio.gather(*(one(number) for number in range(at, at + 25)))
        weigh()
        for each in opened:
            each.transport.abort()
        until = time.monotonic() + 90
        while time.monotonic() < until and process.num_fds() > weights[0][1] + KEPT_PAGES[1]:
            await asyncio.sleep(1)
        weigh()
        assert weights[-1][1] <= weights[0][1] + KEPT_PAGES[1], weights
    # Those that might still have come back have been given up by now; the next that goes has them put away.
    await asyncio.sleep(KEPT_PAGES[0] + 5)
    began = time.monotonic()
    page = await Officer(replica.url).open("compare", "authority=Leeds")
    taken = time.monotonic() - began
    await page.close()
    until = time.monotonic() + 30
    while time.monotonic() < until and process.num_fds() > weights[0][1] + 30:
        await asyncio.sleep(1)
    weigh()
    assert weights[-1][1] <= weights[0][1] + 30, weights
    assert weights[-1][0] < weights[1][0] + 100, weights
    assert "Traceback" not in replica.log, replica.log[-3000:]
    return {
        "MB, descriptors, threads: before, 500 open, dropped, 500 open, dropped, later": weights,
        "a visitor afterwards, s": round(taken, 1),
    }  # fmt: skip


async def store_corrupted(scene: Scene) -> dict[str, Any]:
    """A local store is overwritten in the middle; the dashboard starts, says so, and the backup is put back as it explains."""
    store = scene.store("file")
    replica = scene.replica(store)
    assert KEPT in await upload(replica, 0, "kept.csv")
    command = [sys.executable, "-m", "careleavers"]
    env = {**os.environ, "STORE_URL": store}
    backup = scene.folder / "backup.duckdb"
    subprocess.run(
        [*command, "backup", str(backup)], cwd=ROOT, env=env, check=True, capture_output=True, timeout=PATIENCE
    )
    replica.stop()
    path = Path(store)
    content = bytearray(path.read_bytes())
    content[12_288:] = random.randbytes(len(content) - 12_288)
    path.write_bytes(bytes(content))
    replica = replica.again()
    said = replica.ready()
    assert "damaged or is not a store" in said, said
    page = await replica.officer(0).open("upload")
    assert "restore-backup" in page.said, page.said[-500:]
    with suppress(LookupError):  # there is nothing to accept
        await page.accept("kept-2.csv", quarter(COUNCILS[0][1], COUNCILS[0][0], 9))
    assert "damaged or is not a store" in page.said and KEPT not in page.said, page.said[-500:]
    await page.close()
    assert path.read_bytes() == bytes(content), "a damaged store is left as it is"
    replica.stop()
    path.rename(path.with_name("damaged.duckdb"))
    wal = path.with_name(path.name + ".wal")
    if wal.exists():
        wal.rename(wal.with_name("damaged.wal"))
    subprocess.run(
        [*command, "restore-backup", str(backup)], cwd=ROOT, env=env, check=True, capture_output=True, timeout=PATIENCE
    )
    replica = replica.again()
    assert replica.ready().strip().endswith("-1"), replica.ready()
    assert KEPT in await upload(replica, 1, "after.csv")
    assert whole(store) == {"kept.csv": 1, "after.csv": 1}
    return {"said at start": said.strip()[:160], "restored": True}


DRILLS: dict[str, Callable[[Scene], Any]] = {
    work.__name__: work
    for work in (
        replica_killed_in_an_upload, replica_killed_in_a_pack, postgres_restarted, storage_fails, network_cut, disk_full, clock_moved,
        officers_at_once, officers_at_one_busy_replica, slow_reader, sessions_dropped, store_corrupted,
    )
}  # fmt: skip


@contextmanager
def scene(ports: Sequence[int]) -> Iterator[Scene]:
    """A scene, and its end.

    Parameters
    ----------
    ports
        Ports for its dashboards.

    Returns
    -------
    Iterator of Scene
    """
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    environment = dict(os.environ)
    try:
        with ExitStack() as stack:
            yield Scene(folder, stack, ports)
    finally:
        os.environ.clear()
        os.environ |= environment
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run drills; 1 where one failed."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("names", nargs="*", metavar="NAME", help="which drills; by default all")
    options.add_argument("--list", action="store_true", help="say which there are")
    options.add_argument("--port", type=int, default=8700, help="the first of four ports for dashboards")
    given = options.parse_args()
    if given.list:
        for name, work in DRILLS.items():
            print(f"{name}: {work.__doc__}")
        return 0
    # Whoever ends this ends what it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    failed = 0
    for name in given.names or DRILLS:
        began = time.monotonic()
        result: dict[str, Any] = {"drill": name}
        with scene(range(given.port, given.port + 4)) as held:
            try:
                result |= {"outcome": "as it should be", **asyncio.run(DRILLS[name](held))}
                logs = "".join(path.read_text(encoding="utf-8", errors="replace") for path in held.folder.glob("log-*"))
                for secret in ("not-a-secret-but-long-enough", "drill-secret-key"):
                    assert secret not in logs, f"the log has {secret}"
                result["faults in the log"] = logs.count("Traceback")
                if result["faults in the log"]:
                    print(
                        f"--- the first fault in a log of {name}\n{logs[max(0, logs.index('Traceback') - 600) :][:4000]}",
                        file=sys.stderr,
                    )
            except Exception as error:
                failed += 1
                result |= {"outcome": "FAILED", "why": f"{type(error).__name__}: {error}"[:1500]}
                traceback.print_exc()
                for log in held.folder.glob("log-*"):
                    print(
                        f"--- {log.name}\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}", file=sys.stderr
                    )
        print(json.dumps({**result, "seconds": round(time.monotonic() - began)}), flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
