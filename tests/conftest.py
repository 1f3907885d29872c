"""Fixtures for the whole suite: the shipped figures, and copies of them to break."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pandas as pd
import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test, local_script_runner

from careleavers.figures.warehouse import CONFIG, Warehouse, open_warehouse
from careleavers.importer.files import seal

ROOT = Path(__file__).resolve().parents[1]
# The same cases on every machine; HYPOTHESIS_PROFILE=anything (`make explore`) looks for others.
# How long a case takes is the bench's to say: a busy machine would fail tests for no fault.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("anything", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
# Each time a page is opened, Streamlit's test runner searches the metadata of every installed package for components. We
# have none, and the search takes nine tenths of such a test.
manifest_scanner.scan_component_manifests = list
# A server compiles the shell and each page once, but the test runner would compile them at every run.
_compiled = ScriptCache()
local_script_runner.ScriptCache = app_test.ScriptCache = lambda: _compiled


def _wait_for_script(runner: local_script_runner.LocalScriptRunner, timeout: float) -> None:
    """Wait for a page's script to end. Streamlit's own version polls a thousand times a second."""
    assert runner._script_thread is not None
    runner._script_thread.join(timeout)
    if runner._script_thread.is_alive():
        runner.request_stop()
        runner.join()
        raise RuntimeError(f"AppTest script run timed out after {timeout}(s)")


local_script_runner.require_widgets_deltas = _wait_for_script
# Keep tests away from real uploads: pages and servers under test find no store until a test makes one.
os.environ["STORE_URL"] = str(Path(tempfile.mkdtemp(prefix="careleavers-")) / "uploads.duckdb")

# On a server the database gives freed memory back after each query, which takes a fifth of its time. Tests can spare the memory.
# The settings are known to be good before they are left out.
duckdb.connect(":memory:", config=CONFIG).close()
CONFIG.clear()

# Nothing is kept between tests, and servers under test draw what tests ask for, and nothing else while they are idle: that
# was half of what they took.
os.environ["CARELEAVERS_KEPT"] = "none"
os.environ["CARELEAVERS_DRAW_AHEAD"] = "0"

# Whole files that `make check` leaves out: they open pages or build versions of the figures by the hundred, kill processes, or
# draw long made-up cases.
SLOW = {
    "intake/test_held_figures.py",
    "packs/test_files.py",
    "packs/test_together.py",
    "pages/test_build_your_own.py",
    "pages/test_every_page.py",
    "pages/test_history.py",
    "pages/test_improvement_plan.py",
    "pages/test_kept_packs.py",
    "pages/test_leaks.py",
    "pages/test_local_figures.py",
    "pages/test_map.py",
    "pages/test_part_release.py",
    "pages/test_shared_choices.py",
    "pages/test_sql_in_parameters.py",
    "pages/test_upload.py",
    "pages/test_uploaded_text.py",
    "pages/test_watch_list.py",
    "store/test_breakage.py",
    "store/test_cli.py",
    "store/test_contract.py",
    "store/test_documents.py",
    "store/test_erasing.py",
    "store/test_model.py",
    "store/test_moving.py",
    "store/test_object_storage.py",
    "store/test_private.py",
    "test_briefing.py",
    "test_figures_file.py",
    "test_first_page.py",
    "test_leaks.py",
    "test_questions.py",
    "test_stuck_versions.py",
    "test_uploads.py",
    "test_versions.py",
    "test_words_releases.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.relative_to(here).as_posix() in SLOW:
            item.add_marker(pytest.mark.slow)


def _answers_once(query: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    answers: dict[tuple[str, str], pd.DataFrame] = {}

    def ask(name: str, **parameters: Any) -> pd.DataFrame:
        question = name, repr(sorted(parameters.items()))
        if question not in answers:
            answers[question] = query(name, **parameters)
        return answers[question].copy()

    return ask


@pytest.fixture(scope="session")
def warehouse() -> Iterator[Warehouse]:
    """The warehouse of the shipped figures. Each query with the same parameters runs once, because many tests ask the same.

    Tests of ``query`` itself open their own.
    """
    opened = open_warehouse(ROOT / "data")
    with patch.object(opened, "query", _answers_once(opened.query)):
        yield opened
    opened.close()


@pytest.fixture(scope="session")
def figures(warehouse: Warehouse) -> pd.DataFrame:
    """Every row of the table `figures` of the shipped data. Do not change it."""
    return warehouse._connection.cursor().execute("SELECT * FROM figures").df()


@pytest.fixture(scope="session")
def outcomes_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped data with what care leavers do and where they live alone. Do not change it.

    To open it takes a third of the time: for tests in which releases come and go, each of which is opened anew.
    """
    data = Path(shutil.copytree(ROOT / "data", tmp_path_factory.mktemp("outcomes") / "data"))
    for path in (data / "observations").iterdir():
        if path.stem not in ("accommodation", "activity", "care_leavers"):
            path.unlink()
    seal(data)
    return data


@pytest.fixture(scope="session")
def outcomes(outcomes_data: Path) -> Iterator[Warehouse]:
    """The warehouse of these."""
    opened = open_warehouse(outcomes_data)
    yield opened
    opened.close()


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """A copy of the shipped data folder, to edit."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
