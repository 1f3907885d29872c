"""Write what the dashboard runs on as a CycloneDX document: ``python scripts/sbom.py FILE`` (``make sbom``).

The tool lists everything in the environment; here what is installed only for tests and development is left out. Streamlit and
Plotly bring JavaScript libraries inside their packages, which no tool sees: their licences are in ``NOTICES`` beside them.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ("requirements.txt", "requirements-stores.txt")
MAIN = "root-component"


def key(name: str) -> str:
    """A package's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required() -> set[str]:
    """The packages that the requirements name."""
    lines = [line for name in REQUIREMENTS for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    return {key(line.partition("==")[0]) for line in lines if "==" in line.partition("#")[0]}


def needed(wanted: set[str], requires: Callable[[str], Iterable[str]]) -> set[str]:
    """The wanted packages and what they need in turn, without what only their extras need.

    ``requires`` gives what a package says that it needs, as its metadata has it.
    """
    found: set[str] = set()
    ahead: list[tuple[str, frozenset[str]]] = [(name, frozenset()) for name in wanted]
    seen = set(ahead)
    while ahead:
        name, extras = ahead.pop()
        found.add(name)
        for line in requires(name):
            need = Requirement(line)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras | {""}):
                each = (key(need.name), frozenset(need.extras))
                if each not in seen:
                    seen.add(each)
                    ahead.append(each)
    return found


def installed(name: str) -> list[str]:
    """What an installed package says that it needs."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        raise SystemExit(f"Not installed, so the list would not be whole: {name}") from None


def only(document: dict[str, Any], names: set[str], direct: set[str]) -> dict[str, Any]:
    """The document with these packages alone."""
    refs = {each["bom-ref"] for each in document["components"] if key(each["name"]) in names}
    first = sorted(each["bom-ref"] for each in document["components"] if key(each["name"]) in direct)
    needs = [
        {**each, "dependsOn": [ref for ref in each.get("dependsOn", []) if ref in refs]}
        for each in document["dependencies"]
        if each["ref"] in refs
    ]
    return document | {
        "components": [each for each in document["components"] if each["bom-ref"] in refs],
        "dependencies": [{"ref": MAIN, "dependsOn": first}, *needs],
    }


def main() -> int:
    """Write the file."""
    out = Path(sys.argv[1])
    made = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", ROOT / "pyproject.toml", "--output-reproducible",
         "--output-format", "JSON", sys.executable],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    document = only(json.loads(made.stdout), needed(required(), installed), required())
    out.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{out}: {len(document['components'])} components, CycloneDX {document['specVersion']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
