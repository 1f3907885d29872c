"""The department's own releases, where they are kept next to the project: they give the shipped figures, byte for byte."""

from pathlib import Path

import pytest

from careleavers.importer.build import KEPT_BY_HAND, ImportResult, import_published
from tests.importer.releases import SHIPPED

SHARED = SHIPPED.parents[1] / "shared"
pytestmark = pytest.mark.skipif(
    not (SHARED / "published").is_dir(), reason="the department's files are not beside the project"
)


@pytest.fixture(scope="module")
def imported(tmp_path_factory) -> tuple[Path, ImportResult]:
    """A full import into an empty folder."""
    into = tmp_path_factory.mktemp("imported") / "data"
    return into, import_published([SHARED / "published", SHARED / "reference"], into, SHIPPED)


@pytest.mark.slow
def test_a_full_import_gives_the_shipped_bytes(imported: tuple[Path, ImportResult]) -> None:
    into, result = imported
    names = {p.relative_to(into).as_posix() for p in into.rglob("*") if p.is_file()}
    assert names == {*result.written, *KEPT_BY_HAND, "manifest.csv"}
    assert names == {p.relative_to(SHIPPED).as_posix() for p in SHIPPED.rglob("*.csv")}
    different = [name for name in sorted(result.written) if (into / name).read_bytes() != (SHIPPED / name).read_bytes()]
    assert different == []


def test_the_report_accounts_for_every_row(imported: tuple[Path, ImportResult]) -> None:
    _, result = imported
    reports = {r.file: r for r in result.reports}
    for report in reports.values():
        if report.source == "cla" or report.kind == "interactive tool":
            assert report.read == report.kept + report.superseded + report.not_used + report.not_existing, report.file
    kept = sum(r.kept for r in reports.values() if r.source in {"cla", "csww", "lait", "homelessness"})
    assert kept == sum(n for name, n in result.written.items() if name.startswith("observations/"))
    assert kept == 90_042
    assert result.not_needed == ("lait_2026/lait_dictionary.csv",)
    newest = reports["cla_2025/la_care_leavers_activity.csv"]
    # Three reasons for NEET are read in addition to the other measures.
    assert (newest.read, newest.kept, newest.superseded) == (20_040, 14_778, 0)
    assert (newest.not_used, newest.not_existing) == (4_926, 336)
    assert newest.rounded_levels == "National, Regional"
    assert result.written["superseded.csv"] == 3_801
    assert result.written["inspections.csv"] == 380
    assert reports["reference/authority_codes.csv"].kept == 158


def test_rounding_is_found_in_every_release(imported: tuple[Path, ImportResult]) -> None:
    _, result = imported
    levels = {r.rounded_levels for r in result.reports if r.source == "cla"}
    assert levels == {"National, Regional"}
