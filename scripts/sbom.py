"""Write what the dashboard runs on as a CycloneDX document: ``python scripts/sbom.py FILE`` (``make sbom``).

The tool lists everything in the environment; here what is installed only for tests and development is left out. Streamlit and
Plotly bring JavaScript libraries inside their packages, which no tool sees: their licences are in ``NOTICES`` beside them.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

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


def runtime_only(document: dict[str, object], wanted: set[str]) -> dict[str, object]:
    """The document with the wanted packages and what they need in turn."""
    components = {each["bom-ref"]: each for each in document["components"]}
    needs = {each["ref"]: each.get("dependsOn", []) for each in document["dependencies"]}
    direct = sorted(ref for ref, each in components.items() if key(each["name"]) in wanted)
    if missing := wanted - {key(components[ref]["name"]) for ref in direct}:
        raise SystemExit(f"Not installed, so the list would not be whole: {', '.join(sorted(missing))}")
    reached, ahead = set(), list(direct)
    while ahead:
        ref = ahead.pop()
        if ref not in reached:
            reached.add(ref)
            ahead += needs.get(ref, [])
    dependencies = [{"ref": MAIN, "dependsOn": direct}]
    dependencies += [each for each in document["dependencies"] if each["ref"] in reached]
    return document | {
        "components": [each for ref, each in components.items() if ref in reached],
        "dependencies": dependencies,
    }


def main() -> int:
    """Write the file."""
    out = Path(sys.argv[1])
    made = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", ROOT / "pyproject.toml", "--output-reproducible",
         "--output-format", "JSON", sys.executable],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    document = runtime_only(json.loads(made.stdout), required())
    out.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{out}: {len(document['components'])} components, CycloneDX {document['specVersion']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
