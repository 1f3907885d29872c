"""No number silently changes its meaning: whatever is accepted without a question is what the text plainly says.

The expected reading is worked out here from the rules in docs/UPLOADS.md, without using the reader.
"""

import csv
import io
import re
import zipfile
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from careleavers.errors import Refused
from careleavers.intake.model import Draft, Findings
from careleavers.intake.reading import read_upload
from tests.intake.sample_files import known

HEADER = ("authority_code", "indicator", "age_group", "period", "basis", "numerator", "denominator", "value", "target")
# Where a number may be: the row around it, its column, and the measure's unit.
PLACES = {
    "numerator": (("eet", "19-21", "quarter", "{}", "900000000", "", ""), 5, "count"),
    "denominator": (("eet", "19-21", "quarter", "0", "{}", "", ""), 6, "count"),
    "value of a percentage": (("eet", "19-21", "quarter", "273", "600", "{}", ""), 7, "percent"),
    "value of an average": (("caseload", "all", "snapshot", "", "", "{}", ""), 7, "ratio"),
    "value of a count": (("care_leavers", "19-21", "snapshot", "", "", "{}", ""), 7, "count"),
    "target of a percentage": (("eet", "19-21", "quarter", "273", "600", "", "{}"), 8, "target"),
    "target of an average": (("caseload", "all", "snapshot", "", "", "15", "{}"), 8, "ratio"),
}
STORED = {5: "numerator", 6: "denominator", 7: "value", 8: "target"}
SPACES = "\u0020\u00a0\u2009\u202f\u2007"
INVISIBLE = "\u200b\u200e\ufeff\u2060"

digits = st.integers(0, 9_999_999).map(str)
groups = st.lists(st.integers(0, 999).map(lambda n: f"{n:03}"), min_size=0, max_size=2)
numbers = st.builds(
    lambda first, rest, mark, tail: first + "".join(mark + each for each in rest) + tail,
    st.integers(0, 999).map(str) | digits | st.sampled_from(["0", "1", "00", "012", "0.5", ".5"]),
    groups,
    st.sampled_from([",", ".", "'", "’", "_", *SPACES, ", ", "\n", ""]),
    st.sampled_from(["", "", "", ".0", ".5", ".25", ".125", ".000", ",0", ",5", ",25", ",125", ",000", ".", ","]),
)
cells = st.builds(
    lambda before, sign, number, sign_after, percent, after, quote, hidden: hidden.join(
        (before, quote + sign + number + sign_after + percent + quote, after)
    ),
    st.sampled_from(["", "", *SPACES]),
    st.sampled_from(["", "", "", "-", "−", "–", "+", "("]),
    numbers,
    st.sampled_from(["", "", "", "-", ")"]),
    st.sampled_from(["", "", "", "%", " %", " per cent", "\u00a0%", "‰", "pp"]),
    st.sampled_from(["", "", *SPACES]),
    st.sampled_from(["", "", "", "'", '"']),
    st.sampled_from(["", "", *INVISIBLE]),
)


def plainly(text: str, kind: str) -> Decimal | None:
    """The one thing that a text can mean in a column, or None where it means nothing, or could mean two things."""
    said = "".join(c for c in text if c not in INVISIBLE).strip()
    said = said.strip("'").strip()
    percent = re.search(r"\s*(%|per cent)$", said)
    if percent:
        if kind in ("count", "ratio"):
            return None
        said = said[: percent.start()].strip()
    negative = re.fullmatch(r"\((.*)\)|[-−–](.*)", said)
    if negative:
        inside = plainly((negative[1] or negative[2] or "").strip(), kind)
        return Decimal(0) if inside == 0 else None
    if re.fullmatch(r"\d{1,3}(?:[ \u00a0\u2009\u202f\u2007]\d{3})+(?:\.\d+)?", said):
        said = re.sub(r"\s", "", said)
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", said):
        # A single comma before three digits: decimals to some. A count has none.
        if kind != "count" and said.count(",") == 1 and "." not in said and not said.startswith("0"):
            return None
        said = said.replace(",", "")
    if not re.fullmatch(r"\d+\.?\d*|\.\d+", said):
        return None
    number = Decimal(said.rstrip(".") or "0")
    if kind == "count" and number % 1:
        return None
    if kind == "count" and re.fullmatch(r"[1-9]\d{0,2}\.000", said):
        return None
    if kind == "target" and not percent and 0 < number <= 1:
        return None
    return number


def rows(place: str, text: str) -> list[tuple[str, ...]]:
    around, _, _ = PLACES[place]
    indicator, ages, basis, *given_cells = (text if cell == "{}" else cell for cell in around)
    return [HEADER, ("E08000035", indicator, ages, "2025/26 Q2", basis, *given_cells)]


def as_csv(table: list[tuple[str, ...]], separator: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(table)
    return out.getvalue().encode()


def as_workbook(table: list[tuple[str, ...]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in table:
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            # Text, whatever it looks like.
            cell.data_type = "s" if cell.value else "n"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_opendocument(table: list[tuple[str, ...]]) -> bytes:
    def cell(text: str) -> str:
        lines = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in text.split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in table)
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()


def _spaced(line: str) -> str:
    return escape(line)


FILES = {
    "commas": lambda table: as_csv(table, ","),
    "semicolons": lambda table: as_csv(table, ";"),
    "workbook": as_workbook,
    "opendocument": as_opendocument,
}


def asked(findings: Findings) -> bool:
    """Whether something must be fixed or confirmed in the number's row."""
    return any(f.rule.severity != "for information" and (2 in f.rows or not f.rows) for f in findings)


def stored(draft: Draft, column: int, place: str) -> float | None:
    figure = draft.figures.iloc[0]
    # For a percentage the counts are used; the value in the file is kept if it agrees with them.
    number = figure["published_value" if place == "value of a percentage" else STORED[column]]
    return None if number != number else float(number)


# A cell means the same in each kind of file: each has some of the places and texts.
@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(list(PLACES)), text=cells)
def test_what_is_accepted_without_a_question_is_what_the_text_says(file: str, place: str, text: str) -> None:
    _, column, kind = PLACES[place]
    try:
        draft = read_upload(FILES[file](rows(place, text)), "x", known())
    except Refused:
        return
    if asked(draft.findings) or draft.figures.empty:
        return
    found, expected = stored(draft, column, place), plainly(text, kind)
    if found is None:
        # Nothing was kept, so the cell was empty or a mark.
        assert expected is None or place == "value of a percentage"
        return
    assert expected is not None, (text, found)
    assert found == pytest.approx(float(expected)), text


@settings(max_examples=60, deadline=None)
@given(
    number=st.integers(0, 2_000) | st.floats(0, 2_000).map(lambda x: round(x, 4)),
    shown=st.sampled_from(["General", "0", "0.0", "#,##0", "0%", "0.0%", '0"%"', "0.00E+00"]),
    place=st.sampled_from(list(PLACES)),
)
def test_numbers_of_a_workbook_are_what_they_are_shown_as(number: float, shown: str, place: str) -> None:
    _, column, kind = PLACES[place]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    header, given_row = rows(place, "")
    sheet.append(header)
    sheet.append([int(cell) if cell.isdigit() else (cell or None) for cell in given_row])
    sheet.cell(2, column + 1, number).number_format = shown
    out = io.BytesIO()
    book.save(out)
    draft = read_upload(out.getvalue(), "x.xlsx", known())
    if asked(draft.findings) or draft.figures.empty:
        return
    percent = shown in ("0%", "0.0%")
    assert not (percent and kind in ("count", "ratio"))
    found = stored(draft, column, place)
    if found is not None:
        assert found == pytest.approx(number * 100 if percent else number)
        assert percent or kind != "target" or number == 0 or number > 1


@pytest.mark.parametrize(
    ("text", "kind", "reading"),
    [
        ("1,273", "count", 1273), ("1 273", "count", 1273), ("1.000", "count", None), ("1,5", "count", None),
        ("15,125", "ratio", None), ("15.125", "ratio", 15.125), ("2140%", "ratio", None), ("45.5%", "percent", 45.5),
        ("0.55", "target", None), ("0.55%", "target", 0.55), ("(5)", "count", None), ("-0", "count", 0), ("'273'", "count", 273),
    ],
)  # fmt: skip
def test_the_reading_that_the_reader_is_held_against(text: str, kind: str, reading: float | None) -> None:
    found = plainly(text, kind)
    assert (None if found is None else float(found)) == reading
