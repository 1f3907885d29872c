"""Starts servers to measure, and reads the memory of their processes."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes
    ----------
    url, pid
        Its address and process.
    listening, ready
        The seconds it took to listen and to be ready.
    """

    url: str
    pid: int
    listening: float
    ready: float

    def memory(self) -> float:
        """Resident memory in MB."""
        return psutil.Process(self.pid).memory_info().rss / 1e6


@contextmanager
def running(
    script: str = "app.py", ready_path: str = "/readyz", env: dict[str, str] | None = None, root: Path = ROOT
) -> Iterator[Server]:
    """A fresh process that serves a script; stopped at the end.

    Parameters
    ----------
    script
        What is served, within ``root``.
    ready_path
        The address that answers 200 when it is ready.
    env
        Variables of its environment besides those of this process.
    root
        The checkout.

    Raises
    ------
    RuntimeError
        Where it ends before it is ready; the message is what it printed.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    began = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=root, stdout=log, stderr=log, env={**os.environ, **(env or {})})
        listening = 0.0
        try:
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{ready_path}", timeout=10).close()
                    break
                except urllib.error.HTTPError:
                    listening = listening or time.perf_counter() - began
                except OSError:
                    if process.poll() is not None:
                        log.seek(0)
                        raise RuntimeError(log.read().decode(errors="replace")) from None
                time.sleep(0.02)
            ready = time.perf_counter() - began
            yield Server(f"http://127.0.0.1:{port}", process.pid, listening or ready, ready)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
