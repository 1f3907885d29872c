"""Names of uploaded files lead nowhere, break nothing and look like what they are."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from careleavers.intake.reading import plain_name
from tests.upload_service import ANN, Council, opened


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("quarter 2.csv", "quarter 2.csv"), ("Quartal – Größe (final) v2.1.xlsx", "Quartal – Größe (final) v2.1.xlsx"),
        ("../../../etc/cron.d/job.csv", "job.csv"), ("..\\..\\evil.xlsx", "evil.xlsx"), ("/etc/passwd", "passwd"),
        ("C:\\Users\\ann\\quarter.csv", "quarter.csv"), ("quarter.csv/", "quarter.csv"), ("", "upload"), ("..", "upload"),
        ("./.", "upload"), ("a\x00b.csv", "ab.csv"), ("a\r\nSet-Cookie: b=c.csv", "aSet-Cookie: b=c.csv"),
        ("\u202evsc.exe", "vsc.exe"), ("a\u2028b\u200b.csv", "ab.csv"), ("x" * 5000 + ".csv", "x" * 196 + ".csv"),
        (".htaccess", "htaccess"), ("'; DROP TABLE uploads; --.csv", "'; DROP TABLE uploads; --.csv"),
    ],
)  # fmt: skip
def test_what_is_kept_of_a_name(sent: str, kept: str) -> None:
    assert plain_name(sent) == kept


@given(st.text(max_size=400))
@example("é" * 300 + ".csv")
@example("\ud800.csv")
@example("a." + "b" * 300)
def test_of_any_name(sent: str) -> None:
    kept = plain_name(sent)
    assert kept
    assert len(kept.encode()) <= 200
    assert not set(kept) & set("/\\\x00\r\n")
    assert kept not in {".", ".."}
    assert plain_name(kept) == kept


def test_a_name_with_a_path_is_not_kept_nor_given_back(tmp_path, warehouse) -> None:
    with opened(tmp_path, warehouse) as council:
        _tried(council)


def _tried(council: Council) -> None:
    checked = council.examine(name="..\\../etc/\u202equarter\n.csv")
    assert checked.annotated_name == "quarter-checked.csv"
    entry = council.service.accept(checked, ANN, confirmed=True)
    assert council.store.uploads()["file_name"].tolist() == ["quarter.csv"]
    assert council.store.original(entry.upload, ANN)[0] == "quarter.csv"
