"""``python tests/store/find_postgres.py [--install]``: where PostgreSQL's programs are, installed on request, or how to get them.

Installing goes through apt-get where that is possible.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOW_TO = (
    "The tests of the store need PostgreSQL 13 or newer and found none. Install it (Debian and Ubuntu: sudo apt-get install "
    "postgresql), or name the folder of its programs: POSTGRES_BIN=/path/to/bin make test"
)


def find() -> Path | None:
    """The folder with initdb and pg_ctl; None where there is none."""
    if named := os.environ.get("POSTGRES_BIN"):
        return _with_programs([Path(named)])
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    on_path = shutil.which("initdb")
    return _with_programs([*newest_first, *([Path(on_path).parent] if on_path else [])])


def _with_programs(folders: list[Path]) -> Path | None:
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


def _install() -> None:
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quietly = {"stdout": subprocess.DEVNULL, "check": False, "env": environment}
    subprocess.run(["apt-get", "update", "-qq"], **quietly)
    subprocess.run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", "postgresql"], **quietly)


def main() -> int:
    """Print the folder; exit 1 and say how to get PostgreSQL where there is none."""
    found = find()
    if found is None and "--install" in sys.argv[1:]:
        _install()
        found = find()
    if found is None:
        named = "POSTGRES_BIN names no folder with its programs. " if os.environ.get("POSTGRES_BIN") else ""
        print(named + HOW_TO, file=sys.stderr)
        return 1
    print(f"PostgreSQL: {found}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
