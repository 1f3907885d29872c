"""The architecture: what may import what, and where figures may be computed."""

import ast
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

from careleavers.charts.private import PAGE_SCRIPT_NAMES
from careleavers.figures.warehouse import Warehouse
from careleavers.ui.pages import PAGES
from careleavers.wording import findings

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = sorted((ROOT / "careleavers").rglob("*.py"))
PAGE_FILES = sorted((ROOT / "pages").glob("*.py"))
QUERIES = sorted((ROOT / "queries").glob("*.sql"))
# Scripts that only make tables begin with a digit.
CHECKS = sorted((ROOT / "queries" / "checks").glob("[a-z]*.sql"))

# Ways to compute a figure: an aggregate, a rank, a join or SQL. Pages may only select, order, word and lay out.
COMPUTING = {
    "agg", "aggregate", "apply", "corr", "cumsum", "cut", "describe", "diff", "groupby", "idxmax", "idxmin",
    "max", "mean", "median", "merge", "min", "mode", "pct_change", "pivot", "pivot_table", "qcut", "quantile",
    "rank", "rolling", "sem", "std", "sum", "transform", "value_counts", "var",
}  # fmt: skip
SQL = re.compile(r"\bselect\b.+\bfrom\b", re.IGNORECASE | re.DOTALL)
# The columns of findings: only the whole code has a meaning.
FINDING = re.compile(
    r"[\"'](\w*verdict\w*|\w*trend|\w*side|band|target_met|asks|strength|direction|judgement|group_name)[\"']"
)
# Ways to take a text apart and look at its content.
PARSING = {"startswith", "endswith", "partition", "rpartition", "split", "rsplit", "removeprefix", "removesuffix",
           "replace", "find", "contains", "match", "search", "fullmatch", "extract"}  # fmt: skip


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """A file's syntax, the module first; most files are asked about by several tests."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path: Path) -> set[str]:
    """The modules that a file imports, dotted."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def of_every(paths: Iterable[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """Ask a test about every path, and report all that fail: as a test for each, these were a quarter of the suite's tests."""

    def decorate(test: Callable[[Path], None]) -> Callable[[], None]:
        def of_all() -> None:
            problems = []
            for path in paths:
                try:
                    test(path)
                except (AssertionError, pytest.fail.Exception) as problem:
                    problems.append(f"{shown(path)}: {problem}")
            assert problems == [], "\n".join(problems)

        # Not functools.wraps: pytest would look for a fixture named path.
        of_all.__name__, of_all.__doc__ = test.__name__, test.__doc__
        return of_all

    return decorate


def inside(modules: set[str], package: str) -> bool:
    return any(module == package or module.startswith(package + ".") for module in modules)


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# What may import what: each line may import itself and the lines above it.
LAYERS = (
    ("errors", "kept_files", "metrics", "model", "quarters", "settings"),
    ("access", "charts", "disclosure", "pictures"),
    ("wording",),
    ("spreadsheets",),
    ("importer",),
    ("figures",),
    ("intake",),
    ("store",),
    ("kept_protection", "outdated_rows", "published", "uploads", "versions"),
    ("views",),
    ("packs",),
    ("ui",),
    ("cli", "__main__"),
)
LAYER = {name: place for place, names in enumerate(LAYERS) for name in names}


def part(module: str) -> str:
    """The package or module right under ``careleavers`` that a dotted name belongs to."""
    return module.split(".")[1]


@of_every([p for p in LIBRARY if p.parent != ROOT / "careleavers" or p.stem != "__init__"])
def test_arrows_point_one_way(path: Path) -> None:
    own = part(shown(path).removesuffix(".py").replace("/", "."))
    assert own in LAYER, f"{own} has no place in LAYERS"
    for module in imports(path):
        assert not inside({module}, "app"), "nothing imports the entry point"
        if module.startswith("careleavers.") and part(module) in LAYER:
            assert LAYER[part(module)] <= LAYER[own], f"{shown(path)} imports {module}, which stands above it"


def test_the_command_line_needs_no_pages() -> None:
    for path in (ROOT / "careleavers" / "cli").glob("*.py"):
        assert not inside(imports(path), "careleavers.ui"), shown(path)


@of_every([p for p in LIBRARY if "ui" not in p.parts])
def test_the_library_knows_nothing_of_streamlit(path: Path) -> None:
    assert not inside(imports(path), "streamlit")


@of_every(PAGE_FILES)
def test_a_page_draws_the_view_of_its_own_name(path: Path) -> None:
    views = {module.split(".")[2] for module in imports(path) if module.startswith("careleavers.views.")}
    shared = {"context", "figure_table", "parts"}
    folders = {p.name for p in (ROOT / "careleavers" / "views").iterdir() if p.is_dir()}
    if path.stem in folders:
        assert path.stem in views, f"{shown(path)} does not use careleavers/views/{path.stem}"
    assert views - shared <= folders


@of_every(PAGE_FILES)
def test_a_page_leaves_the_asking_to_its_view(path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and node.attr in {"ask", "query"}:
            pytest.fail(f"{shown(path)}, line {node.lineno}: a view asks, so that others can make the same view")


@of_every([p for p in LIBRARY if "charts" in p.parts])
def test_charts_draw_what_they_are_given(path: Path) -> None:
    modules = imports(path)
    assert not inside(modules, "duckdb")
    assert not inside(modules, "careleavers.figures.warehouse")
    assert not inside(modules, "plotly.express")


# Modules that charts share; every other module of the package is one chart (sparkline has two small ones).
SHARED = {
    "areas", "axes", "labels", "lanes", "line_names", "line_parts", "lines", "private", "ranked_rows", "report_sizes", "row_parts", "spine_rows",
    "styles", "swarms", "template", "text",
}  # fmt: skip
CHARTS = [path for path in LIBRARY if path.parent.name == "charts" and path.stem != "__init__"]


@of_every(CHARTS)
def test_a_chart_and_what_charts_share_import_no_chart(path: Path) -> None:
    sources = {module.split(".")[2] for module in imports(path) if module.startswith("careleavers.charts.")}
    assert sources & {found.stem for found in CHARTS} <= SHARED


def test_axes_are_worked_out_in_one_module() -> None:
    elsewhere = [path for path in CHARTS if path.stem != "axes"]
    functions = [
        f"{shown(path)}: {node.name}"
        for path in elsewhere
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef) and re.search("axis|axes|tick|step", node.name)
    ]
    # Writing a tick's label is a matter of text.
    assert functions == ["careleavers/charts/text.py: tick_words"]


def test_the_package_of_charts_names_each_of_its_modules() -> None:
    text = ast.get_docstring(ast.parse((ROOT / "careleavers" / "charts" / "__init__.py").read_text(encoding="utf-8")))
    assert text is not None
    assert [path.stem for path in CHARTS if not re.search(rf"``{path.stem}``|`{path.stem}\.", text)] == []


# The documented names in modules whose internals private.py uses: these names, or all of a module.
DOCUMENTED: dict[str, set[str] | None] = {
    "plotly.graph_objects": None,
    "plotly.io": {"to_json"},
    "starlette.datastructures": None,
    "starlette.middleware": {"Middleware"},
    "starlette.requests": {"HTTPConnection", "Request"},
    "starlette.responses": None,
    "starlette.routing": {"Route"},
    "starlette.types": None,
}


def test_what_libraries_do_not_document_is_used_in_one_place() -> None:
    """No other module imports libraries' internals, reads a private attribute that is not ours, or uses Streamlit's paths."""
    files = [path for path in [*LIBRARY, *PAGE_FILES, ROOT / "app.py"] if path.name != "private.py"]
    ours = {name for path in files for name in _defined(nodes(path))}
    found = [f"{shown(path)}: {what}" for path in files for what in _private(nodes(path), ours)]
    assert not found, "\n".join(found)


def test_the_guard_sees_what_it_is_to_see() -> None:
    tree = ast.parse(
        "import streamlit.runtime\nfrom streamlit import config, secrets\nfrom starlette.requests import cookie_parser\n"
        "import uvicorn.protocols\nfrom choreographer.browsers import Chromium\nst.secrets._reset()\ngo.Figure(x, _validate=False)\nstream = '/_stcore/stream'\n"
        "self._own = 1\nfrom starlette.requests import Request\nimport streamlit as st\nimport uvicorn\n"
    )
    assert len(list(_private(ast.walk(tree), {"_own"}))) == 8


def test_the_pages_own_script_uses_only_the_private_names_that_are_listed() -> None:
    script = (ROOT / "careleavers" / "ui" / "assets" / "page.js").read_text(encoding="utf-8")
    assert set(re.findall(r"\.(_[a-z]\w*)", script)) == PAGE_SCRIPT_NAMES


def _defined(syntax: Iterable[ast.AST]) -> Iterable[str]:
    for node in syntax:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                        yield name.id
                    elif isinstance(name, ast.Attribute) and isinstance(name.ctx, ast.Store):
                        yield name.attr


def _private(syntax: Iterable[ast.AST], ours: set[str]) -> Iterable[str]:
    for node in syntax:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if _is_inside(alias.name) and alias.name not in DOCUMENTED:
                    yield f"import {alias.name}"
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {alias.name for alias in node.names}
            if _is_inside(node.module):
                documented = DOCUMENTED.get(node.module, set())
                names = set() if documented is None else names - documented
            elif node.module == "streamlit":
                names &= {"config", "file_util", "runtime", "proto", "web", "delta_generator"}
            else:
                names = {name for name in names if node.module == "uvicorn" and name.startswith("_")}
            if names:
                yield f"from {node.module} import {', '.join(sorted(names))}"
        elif isinstance(node, ast.Attribute):
            # The public methods of namedtuples begin with an underscore too.
            if re.match("_[^_]", node.attr) and node.attr not in ours and node.attr not in {"_replace", "_asdict"}:
                yield f"line {node.lineno}: .{node.attr}"
        elif isinstance(node, ast.keyword) and node.arg == "_validate":
            yield f"line {node.value.lineno}: {node.arg}="
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search("_stcore|_streamlit_", node.value)
        ):
            yield f"line {node.lineno}: {node.value!r}"


_LIBRARIES = {"choreographer", "h11", "kaleido", "plotly", "starlette", "streamlit", "uvicorn", "websockets"}


def _is_inside(module: str) -> bool:
    """Whether this is a module of one of the libraries whose internals private.py uses."""
    first, _, rest = module.partition(".")
    return bool(rest) and first in _LIBRARIES


def test_only_those_who_hold_figures_speak_to_the_database() -> None:
    speaking = {shown(p) for p in LIBRARY if inside(imports(p), "duckdb")}
    elsewhere = {p for p in speaking if not p.startswith(("careleavers/importer/", "careleavers/store/"))}
    # The second compares an upload with the figures in force, in its own database that lasts as long as the check.
    assert elsewhere <= {
        "careleavers/figures/figures_file.py",
        "careleavers/figures/warehouse.py",
        "careleavers/figures/loading.py",
        "careleavers/intake/comparison.py",
    }


@of_every(PAGE_FILES)
def test_pages_compute_nothing(path: Path) -> None:
    tree = nodes(path)[0]
    assert isinstance(tree, ast.Module)
    modules = imports(path)
    for package in ("duckdb", "numpy", "scipy", "careleavers.figures.warehouse", "careleavers.importer"):
        assert not inside(modules, package), f"{shown(path)} imports {package}"
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and node.attr in COMPUTING:
            pytest.fail(f"{shown(path)}, line {node.lineno}: .{node.attr} works out a figure; ask a query for it")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            assert node.value == ast.get_docstring(tree) or "\n" not in node.value, f"SQL in {shown(path)}"


WORDED = [p for p in LIBRARY if {"charts", "ui", "views", "wording"} & set(p.parts)]
# Counting the rows shown and grouping them under headings is layout; the range of the values shown is wording.
LAYOUT = {"sum", "groupby"}
RANGES = {"careleavers/wording/sentences.py": {"min", "max"}}


@of_every(WORDED)
def test_aggregates_and_quantiles_are_in_queries_only(path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            computing = node.func.attr in COMPUTING - LAYOUT - RANGES.get(shown(path), set())
            assert not computing, (
                f"{shown(path)}, line {node.lineno}: .{node.func.attr} works out a figure; ask a query for it"
            )


@of_every([*LIBRARY, *PAGE_FILES])
def test_no_finding_is_read_from_its_words(path: Path) -> None:
    for node in nodes(path):
        taken = ""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PARSING:
            # In a pattern's search the text searched is among the arguments.
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
    assert {"no clear change", "rising, better", "near the upper edge"} <= written
    for path in (ROOT / "queries").rglob("*.sql"):
        body = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
        literals = re.findall(r"'((?:[^']|'')*)'", body)
        assert not written & set(literals), shown(path)
        assert not re.search(r"\b(\w*verdict\w*|\w*trend|\w*side)\s+(NOT\s+)?I?LIKE\b", body), shown(path)


Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _public(body: list[ast.stmt]) -> Iterable[Documented]:
    """Public functions and classes, and the public methods of those classes."""
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


def _sections(docstring: str) -> dict[str, list[str]]:
    """The lines of each section of a numpy docstring, by its heading."""
    found: dict[str, list[str]] = {}
    lines = docstring.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if re.fullmatch("-{3,}", following):
            section = found.setdefault(line, [])
        elif found and not re.fullmatch("-{3,}", line):
            section.append(line)
    return found


@of_every(LIBRARY)
def test_docstrings_have_one_style(path: Path) -> None:
    """A function that lists its parameters says what it returns; names stand without types; types are written alike."""
    module = nodes(path)[0]
    assert isinstance(module, ast.Module)
    for node in _public(module.body):
        sections, where = _sections(ast.get_docstring(node) or ""), f"{shown(path)}: {node.name}"
        for line in (*sections.get("Parameters", []), *sections.get("Attributes", [])):
            assert not re.match(r"[\w*, ]+ : ", line), f"{where}: the type of “{line}” is in the signature"
        if "Parameters" in sections and not isinstance(node, ast.ClassDef) and node.returns:
            # A context manager without a value gives nothing to name.
            silent = ast.unparse(node.returns) in {"None", "NoReturn", "Iterator[None]"}
            assert silent or {"Returns", "Yields"} & set(sections), f"{where}: what does it return?"
        for line in (*sections.get("Returns", []), *sections.get("Yields", [])):
            if not line.startswith(" "):
                assert not re.search(r"\bpd\.|(?<!\.)\bDataFrame| \| None$", line), f"{where}: {line}"


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


@of_every([*QUERIES, *CHECKS])
def test_each_query_says_what_it_takes_and_gives(path: Path) -> None:
    head = head_comment(path)
    assert head.strip(), f"{shown(path)} has no head comment"
    assert "Parameters" in head
    assert "Columns" in head
    body = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    for name in set(re.findall(r"\$([a-z_]+)", body)):
        assert re.search(rf"\b{name}\b", head), f"{shown(path)}: the head comment does not name {name}"


# Values for parameters for which NULL will not do.
ASKED: dict[str, object] = {}


@pytest.mark.parametrize("path", QUERIES, ids=shown)
def test_each_query_runs_and_each_of_its_columns_is_in_its_head_comment(path: Path, warehouse: Warehouse) -> None:
    body = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    parameters = {name: ASKED.get(name) for name in re.findall(r"\$([a-z_]+)", body)}
    _names_each(path, warehouse.query(path.stem, **parameters).columns)


@pytest.mark.parametrize("path", CHECKS, ids=shown)
def test_each_column_of_a_check_is_in_its_head_comment(path: Path) -> None:
    from careleavers.intake.comparison import ComparisonDatabase
    from tests.intake.drafts import draft, held

    parameters = dict.fromkeys(re.findall(r"\$([a-z_]+)", path.read_text(encoding="utf-8")))
    with ComparisonDatabase(draft(), held(), "final") as comparison:
        _names_each(path, comparison.query(path.stem, **parameters).columns)


def _names_each(path: Path, columns: Iterable[str]) -> None:
    head = head_comment(path)
    missing = [column for column in columns if not re.search(rf"\b{re.escape(column)}\b", head)]
    assert not missing, f"{shown(path)}: the head comment does not name {missing}"


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
    # Perhaps in a row with another page, but always under its title.
    assert [entry.title for entry in PAGES if entry.title not in readme] == []
