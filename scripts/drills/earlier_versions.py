"""``python -m scripts.drills.earlier_versions REVISION…``: stores written by earlier versions of this code, and the reverse.

Of each revision of the repository it takes the code as it was, has that write a store, opens the store with today's code,
writes to it, moves it, and gives it back to the earlier code, which has to leave it alone and say why.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Run by the code of the time with its own tests' samples: two uploads, one of them taken back.
WRITE = """
import sys
sys.path.insert(0, sys.argv[1])
from careleavers.store import open_store
from tests.store.samples import LEEDS_OFFICER, figure, upload
store = open_store(sys.argv[2])
store.accept(upload(figure(1.0)), LEEDS_OFFICER)
store.accept(upload(figure(2.0)), LEEDS_OFFICER)
store.withdraw(2, LEEDS_OFFICER, "wrong quarter")
print(store.version(), store.figures()["value"].tolist())
"""
GO_ON = """
import sys
sys.path.insert(0, sys.argv[1])
from careleavers.store import open_store
from tests.store.samples import ADMINISTRATOR, LEEDS, LEEDS_OFFICER, figure, upload
store = open_store(sys.argv[2])
read = store.version(), store.figures()["value"].tolist(), store.figures(2)["value"].tolist()
store.backup(__import__("pathlib").Path(sys.argv[3] + ".backup"))
moved = open_store(sys.argv[3] + ".moved")
store.move_to(moved)
store.accept(upload(figure(3.0)), LEEDS_OFFICER)
store.documents.save("plan", LEEDS, "all", {}, LEEDS_OFFICER)
print(read, store.version(), store.figures()["value"].tolist(), moved.figures(2)["value"].tolist())
"""
COME_BACK = """
import sys
sys.path.insert(0, sys.argv[1])
from careleavers.store import open_store
from tests.store.samples import LEEDS_OFFICER, figure, upload
store = open_store(sys.argv[2])
try:
    store.accept(upload(figure(4.0)), LEEDS_OFFICER)
    print("it wrote")
except Exception as error:
    print(type(error).__name__, error)
"""


def run(code: str, folder: Path, *arguments: object) -> str:
    """Run a piece of Python with the code in a folder.

    Parameters
    ----------
    code
        The Python.
    folder
        The checkout.
    *arguments
        What it is given.

    Returns
    -------
    str
        What it printed last.
    """
    command = [sys.executable, "-c", code, str(folder), *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout.strip().splitlines()[-1]


def main() -> int:
    """Try each revision; 1 where one was not dealt with."""
    failed = 0
    for revision in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as name:
            old, store = Path(name) / "old", Path(name) / "uploads.duckdb"
            old.mkdir()
            packed = subprocess.run(["git", "archive", revision], cwd=ROOT, capture_output=True, check=True).stdout
            subprocess.run(["tar", "-x", "-C", str(old)], input=packed, check=True)
            told = {"revision": revision, "written": run(WRITE, old, store)}
            told["today"] = run(GO_ON, ROOT, store, Path(name) / "copy")
            before = store.read_bytes()
            told["earlier again"] = run(COME_BACK, old, store)
            good = (
                told["written"] == "3 [1.0]"
                and told["today"] == "(3, [1.0], [2.0]) 4 [3.0] [2.0]"
                and "another layout" in told["earlier again"]
                and store.read_bytes() == before
            )
            failed += not good
            print(json.dumps({**told, "outcome": "as it should be" if good else "FAILED"}), flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
