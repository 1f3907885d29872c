"""Finds the browser that the tests drive; with --install, installs one if there is none.

Looks for what $CHROMIUM names, a Chromium or Chrome of the system, then the one that Playwright keeps. Chromium without its
windows, which Debian has as a package of its own, comes first: it takes two thirds of the processor time.
Installing goes through apt-get where that is possible, else through Playwright.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
HOW_TO = (
    "The browser tests need Chromium or Chrome and none was found. Install one (Debian and Ubuntu: "
    "sudo apt-get install chromium-headless-shell; any machine: python -m playwright install chromium), or name one: "
    "CHROMIUM=/path/to/chrome make test"
)


def find() -> str | None:
    """Path of a browser that can be run; None where there is none."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return _playwrights_own()


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception:  # if Playwright is missing or broken, its browser does not count
        return None
    return path if Path(path).is_file() else None


def _install() -> None:
    quietly = {"stdout": subprocess.DEVNULL, "check": False}
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, **quietly)
        install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "fonts-liberation"]
        for package in ("chromium-headless-shell", "chromium"):
            subprocess.run([*install, package], env=environment, **quietly)
            if find() is not None:
                break
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], **quietly)


def main() -> int:
    """Print the browser's path; exit 1 and say how to get one where there is none."""
    found = find()
    if found is None and "--install" in sys.argv[1:]:
        _install()
        found = find()
    if found is None:
        named = "CHROMIUM names no browser that can be run. " if os.environ.get("CHROMIUM") else ""
        print(named + HOW_TO, file=sys.stderr)
        return 1
    print(f"Browser: {found}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
