"""How the house is laid out: what may import what, and where figures may be computed."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from app import PAGES
from careleavers import findings

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = sorted((ROOT / "careleavers").rglob("*.py"))
PAGE_FILES = sorted((ROOT / "pages").glob("*.py"))
QUERIES = sorted((ROOT / "queries").glob("*.sql"))
# Scripts that only make tables begin with a digit.
CHECKS = sorted((ROOT / "queries" / "checks").glob("[a-z]*.sql"))

# What works out a figure: an aggregate, a rank, a join or SQL. Pages may pick, order, word and lay out.
COMPUTING = {
    "agg", "aggregate", "apply", "corr", "cumsum", "cut", "describe", "diff", "groupby", "idxmax", "idxmin",
    "max", "mean", "median", "merge", "min", "mode", "pct_change", "pivot", "pivot_table", "qcut", "quantile",
    "rank", "rolling", "sem", "std", "sum", "transform", "value_counts", "var",
}  # fmt: skip
SQL = re.compile(r"\bselect\b.+\bfrom\b", re.IGNORECASE | re.DOTALL)
# The columns of findings: what they mean is their code, whole.
FINDING = re.compile(
    r"[\"'](\w*verdict\w*|\w*trend|\w*side|band|target_met|asks|strength|direction|judgement|group_name)[\"']"
)
# What takes a text apart to see what is in it.
PARSING = {"startswith", "endswith", "partition", "rpartition", "split", "rsplit", "removeprefix", "removesuffix",
           "replace", "find", "contains", "match", "search", "fullmatch", "extract"}  # fmt: skip


def imports(path: Path) -> set[str]:
    """The modules that a file imports, dotted."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def inside(modules: set[str], package: str) -> bool:
    return any(module == package or module.startswith(package + ".") for module in modules)


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [p for p in LIBRARY if "ui" not in p.parts], ids=shown)
def test_the_library_knows_nothing_of_streamlit(path: Path) -> None:
    modules = imports(path)
    assert not inside(modules, "streamlit")
    assert not inside(modules, "careleavers.ui")


@pytest.mark.parametrize("path", [p for p in LIBRARY if "charts" in p.parts], ids=shown)
def test_charts_draw_what_they_are_given(path: Path) -> None:
    modules = imports(path)
    assert not inside(modules, "duckdb")
    assert not inside(modules, "careleavers.warehouse")
    assert not inside(modules, "plotly.express")


def test_only_those_who_hold_figures_speak_to_the_database() -> None:
    speaking = {shown(p) for p in LIBRARY if inside(imports(p), "duckdb")}
    elsewhere = {p for p in speaking if not p.startswith(("careleavers/importer/", "careleavers/store/"))}
    # The second lays an upload beside what is held, in a database of its own that ends with the question.
    assert elsewhere <= {"careleavers/warehouse.py", "careleavers/intake/beside.py"}


@pytest.mark.parametrize("path", PAGE_FILES, ids=shown)
def test_pages_compute_nothing(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = imports(path)
    for package in ("duckdb", "numpy", "scipy", "careleavers.warehouse", "careleavers.importer"):
        assert not inside(modules, package), f"{shown(path)} imports {package}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in COMPUTING:
            pytest.fail(f"{shown(path)}, line {node.lineno}: .{node.attr} works out a figure; ask a query for it")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            assert node.value == ast.get_docstring(tree) or "\n" not in node.value, f"SQL in {shown(path)}"


@pytest.mark.parametrize("path", [*LIBRARY, *PAGE_FILES], ids=shown)
def test_no_finding_is_read_from_its_words(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        taken = ""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PARSING:
            # Of a pattern's search what is searched stands among the arguments.
            taken = ast.unparse(node)
        elif isinstance(node, ast.Compare) and isinstance(node.left, (ast.Constant, ast.JoinedStr)):
            into = [
                right
                for op, right in zip(node.ops, node.comparators, strict=True)
                if isinstance(op, (ast.In, ast.NotIn))
            ]
            taken = " ".join(ast.unparse(right) for right in into if isinstance(right, (ast.Subscript, ast.Call)))
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            taken = ast.unparse(node.value) if isinstance(node.value, (ast.Subscript, ast.Call)) else ""
        assert not FINDING.search(taken), f"{shown(path)}, line {node.lineno}: {taken} reads a finding from its words"


def test_what_is_written_of_a_finding_stands_in_no_query() -> None:
    written = {
        text
        for name, words in vars(findings).items()
        if isinstance(words, dict) and name[0].isupper()
        for text in words.values()
        if " " in text or "%" in text
    }
    assert {"no clear change", "increasing and getting better", "above 99.8%"} <= written
    for path in (ROOT / "queries").rglob("*.sql"):
        body = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
        literals = re.findall(r"'((?:[^']|'')*)'", body)
        assert not written & set(literals), shown(path)
        assert not re.search(r"\b(\w*verdict\w*|\w*trend|\w*side)\s+(NOT\s+)?I?LIKE\b", body), shown(path)


def test_each_page_is_listed_once() -> None:
    names = [entry.name for entry in PAGES]
    assert sorted(names) == sorted(path.stem for path in PAGE_FILES)
    assert len({entry.title for entry in PAGES}) == len(PAGES)


def head_comment(path: Path) -> str:
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("--"):
            break
        lines.append(line[2:])
    return "\n".join(lines)


@pytest.mark.parametrize("path", [*QUERIES, *CHECKS], ids=shown)
def test_each_query_says_what_it_takes_and_gives(path: Path) -> None:
    head = head_comment(path)
    assert head.strip(), f"{shown(path)} has no head comment"
    assert "Parameters" in head
    assert "Columns" in head
    body = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    for name in set(re.findall(r"\$([a-z_]+)", body)):
        assert re.search(rf"\b{name}\b", head), f"{shown(path)}: the head comment does not name {name}"


@pytest.mark.parametrize("path", QUERIES, ids=shown)
def test_each_column_of_a_query_is_in_its_head_comment(path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    from careleavers.warehouse import open_warehouse

    warehouse = _opened(open_warehouse)
    body = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    parameters = dict.fromkeys(re.findall(r"\$([a-z_]+)", body))
    try:
        columns = warehouse.query(path.stem, **parameters).columns
    except duckdb.Error as error:
        pytest.skip(f"does not run without real parameters: {error}")
    _names_each(path, columns)


@pytest.mark.parametrize("path", CHECKS, ids=shown)
def test_each_column_of_a_check_is_in_its_head_comment(path: Path) -> None:
    from careleavers.intake.beside import Beside
    from tests.intake.drafts import draft, held

    parameters = dict.fromkeys(re.findall(r"\$([a-z_]+)", path.read_text(encoding="utf-8")))
    with Beside(draft(), held(), "final") as beside:
        _names_each(path, beside.ask(path.stem, **parameters).columns)


def _names_each(path: Path, columns: Iterable[str]) -> None:
    head = head_comment(path)
    missing = [column for column in columns if not re.search(rf"\b{re.escape(column)}\b", head)]
    assert not missing, f"{shown(path)}: the head comment does not name {missing}"


_KEPT: list = []


def _opened(open_warehouse):
    if not _KEPT:
        _KEPT.append(open_warehouse())
    return _KEPT[0]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-stores.txt"])
def test_requirements_are_pinned_and_explained(name: str) -> None:
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith(("#", "-r")) or not line.strip():
            continue
        assert re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9A-Za-z.]*\s+# .+", line), line
        assert "://" not in line


def test_product_code_names_no_place_on_a_machine() -> None:
    for path in [*LIBRARY, *PAGE_FILES, *QUERIES, ROOT / "app.py", ROOT / "Makefile"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.])/(?:home|root|work|Users)/", text), shown(path)


def test_each_setting_and_each_page_is_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    settings = set()
    for path in LIBRARY:
        settings |= set(re.findall(r"\"((?:CARELEAVERS|STORE)_[A-Z_]+)\"", path.read_text(encoding="utf-8")))
    documents = readme + "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    assert settings
    assert {name for name in settings if name not in documents} == set()
    # Written over two lines of a table or beside another one, but always by its title.
    assert [entry.title for entry in PAGES if entry.title not in readme] == []
