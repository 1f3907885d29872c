"""Files of every format as cells: what a spreadsheet shows, where it shows it, and refusals in plain words."""

import csv
import datetime as dt
import io
import multiprocessing
import resource
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from careleavers.errors import Refused
from careleavers.figures.warehouse import Warehouse
from careleavers.intake.header_search import find_header
from careleavers.intake.model import Findings, Sheet
from careleavers.intake.reference import reference_data
from careleavers.intake.rules import RULES
from careleavers.intake.sheets import read_sheet
from careleavers.settings import data_folder
from careleavers.spreadsheets.workbook import NO_RESULT
from tests.intake.made_files import (
    MAIN,
    open_document,
    relations,
    text_bombs,
    workbook,
    workbook_bombs,
    zipped,
)

many = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def cells(content: bytes | str, **more) -> list[tuple[int, tuple[str, ...]]]:
    return list(read_sheet(content.encode() if isinstance(content, str) else content, "f", **more).rows)


def refused(content: bytes | str, **more) -> str:
    with pytest.raises(Refused) as error:
        cells(content, **more)
    message = str(error.value)
    assert message.endswith(".")
    assert len(message) < 400
    return message


# --- text files ------------------------------------------------------------------------------------------------------

TABLE = "code,note\nE1,£5 – “quoted”\nE2,two\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"), ("cp1252", "Windows-1252"),
    ],
)  # fmt: skip
def test_each_encoding_reads_the_same(encoding: str, name: str) -> None:
    sheet = read_sheet(TABLE.encode(encoding), "f")
    assert tuple(sheet.rows) == ((1, ("code", "note")), (2, ("E1", "£5 – “quoted”")), (3, ("E2", "two")))
    assert sheet.how == f"{name}, commas"


def test_utf_16_with_the_other_byte_order_and_its_mark() -> None:
    assert cells(b"\xfe\xff" + TABLE.encode("utf-16-be"))[1] == (2, ("E1", "£5 – “quoted”"))


@pytest.mark.parametrize(("separator", "name"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "pipes")])
def test_each_separator_is_told_from_the_others_that_stand_in_cells(separator: str, name: str) -> None:
    rows = [["Figures, of; the | council"], ["code", "value", "ages", "note"], ["E1", "0.5", "17-18;19-21", "a, b, c"]]
    if separator == ";":
        rows[2] = ["E1", "0,5", "17-18", "a, b, c"]
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    sheet = read_sheet(out.getvalue().encode(), "f")
    assert [list(row) for _, row in sheet.rows] == rows
    assert sheet.how == f"UTF-8, {name}"


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_that_names_the_separator_is_no_row(first: str) -> None:
    assert cells(f"{first}\r\na,b;c\r\nd;e\r\n") == [(1, ("a,b", "c")), (2, ("d", "e"))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_excel_shows_them(end: str) -> None:
    text = end.join(["Title,", "", "a,b", f'"one{end}cell",c', " , ", "d,e"])
    assert cells(text) == [(1, ("Title", "")), (3, ("a", "b")), (4, (f"one{end}cell", "c")), (6, ("d", "e"))]


def test_quotes_inside_cells() -> None:
    assert cells('a,"say ""hi"""\n5"" pipe,b') == [(1, ("a", 'say "hi"')), (2, ('5"" pipe', "b"))]


def test_a_mark_before_what_looks_like_a_formula_is_taken_off_and_no_other() -> None:
    assert cells("a,b\n'=1+1,'-\n'til,'5\n=1+1,-5\n") == [
        (1, ("a", "b")), (2, ("=1+1", "-")), (3, ("'til", "'5")), (4, ("=1+1", "-5")),
    ]  # fmt: skip


def test_texts_stay_texts() -> None:
    row = ("<script>alert(1)</script>", "**bold** [x](y)", "=cmd|' /C calc'!A0", "a\x07b", "\u202eabc")
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b", "c", "d", "e"], row])
    assert cells(out.getvalue())[1] == (2, row)


def test_a_quotation_mark_that_is_never_closed_is_placed() -> None:
    message = refused('a,b\n"x\ny",1\nc,"d\ne,f\n')
    assert "row 3 " in message
    assert "never closed" in message
    assert "e,f" not in message


def test_a_nul_is_placed() -> None:
    assert "Row 3 holds a NUL" in refused('a,b\n"x\ny",1\nc\0,d\n' + "e,f\n" * 50)


def test_utf_16_that_is_cut_short() -> None:
    assert "UTF-16" in refused("a,b\nc,d\n".encode("utf-16")[:-1])


def test_bytes_of_no_known_encoding_are_placed() -> None:
    assert "row 2 " in refused(b"a,b\nx\x81\xe9,1\n")


def test_a_cell_too_long_for_a_spreadsheet_is_placed() -> None:
    assert "row 2 " in refused("a,b\n" + "x" * 200_000 + ",1\n")


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b",,\n,,\n", b"\xff\xfe"])
def test_nothing_at_all(content: bytes) -> None:
    refused(content)


def test_the_limits_of_bytes_and_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELEAVERS_UPLOAD_MB", "1")
    monkeypatch.setenv("CARELEAVERS_UPLOAD_ROWS", "1000")
    assert "larger than 1 MB" in refused(b"a,b\n" * 300_000)
    assert "more than 1,000 rows" in refused(b"a,b\n" * 2000)
    # Titles and a header may come above that many rows.
    assert len(cells(b"Title\n\na,b\n" + b"1,2\n" * 1000)) == 1002


# --- workbooks -------------------------------------------------------------------------------------------------------

ROW = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c></row>'


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def made(*sheets: tuple[str, list[list]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def test_cells_of_a_workbook_are_what_it_shows() -> None:
    book = made(("Sheet1", [["Title"], [], ["code", "n", "share", "day"]]))
    sheet = book.worksheets[0]
    sheet.merge_cells("A1:D1")
    sheet.append(["E1", 12, 0.52, dt.date(2025, 9, 30)])
    sheet.append(["007", 1234567.5, 0.1 + 0.2, dt.datetime.fromisoformat("2025-09-30T14:30")])
    sheet.append([True, None, "#REF!", dt.time(14, 30)])
    sheet["C4"].number_format = "0.0%"
    sheet["C5"].number_format = '0.0"%"'
    sheet["B6"].number_format = "0%"
    read = read_sheet(saved(book), "f.xlsx")
    assert tuple(read.rows) == (
        (1, ("Title",)),
        (3, ("code", "n", "share", "day")),
        (4, ("E1", "12", "0.52", "2025-09-30")),
        (5, ("007", "1234567.5", "0.3", "2025-09-30 14:30:00")),
        (6, ("TRUE", "", "#REF!", "14:30:00")),
    )
    assert read.percent == {(4, 2)}
    assert (read.how, read.sheet, read.skipped) == ("Excel workbook", "Sheet1", {})


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    sheet = '<row r="1"><c r="A1" s="1"><v>44468</v></c></row>'
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    assert cells(workbook(sheet, styles=styles)) == [(1, ("2021-09-29",))]
    assert cells(workbook(sheet, styles=styles, properties='<workbookPr date1904="1"/>')) == [(1, ("2025-09-30",))]


def test_a_date_that_no_calendar_has_stays_a_number() -> None:
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    sheet = '<row r="1"><c r="A1" s="0"><v>9e99</v></c><c r="B1" s="0"><v>text</v></c></row>'
    assert cells(workbook(sheet, styles=styles)) == [(1, ("9e+99", "text"))]


def test_formulas_show_what_they_last_gave() -> None:
    sheet = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1"><f>1+1</f><v></v></c>'
        '<c r="D1" t="str"><f>""</f><v></v></c><c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="F1" t="b"><f>1=2</f><v>0</v></c></row>'
    )
    assert cells(workbook(sheet)) == [(1, ("2", NO_RESULT, NO_RESULT, "", "#DIV/0!", "FALSE"))]


def test_shared_texts_of_several_fonts_and_escapes() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><t>one </t></r><r><t>two</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si>'
        "<si><t>a_x000D_b_xD800_</t></si><si/><si><t>&lt;b&gt; &amp;</t></si></sst>"
    )
    row = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(4))
    assert cells(workbook(f"<row>{row}</row>", strings=strings)) == [(1, ("one two", "a\rb", "", "<b> &"))]


def test_rows_and_cells_that_do_not_say_where_they_are() -> None:
    sheet = '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row r="5"/><row><c><v>4</v></c></row>'
    assert cells(workbook(sheet)) == [(1, ("1", "", "", "2", "3")), (6, ("4",))]


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="2"/><row r="1"/>', '<row r="0"/>', '<row r="x"/>', '<row><c r="b1"><v>1</v></c></row>',
        '<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', '<row><c t="s"><v>5</v></c></row>',
        '<row><c t="s"><v>x</v></c></row>', "<row>", "<row><c><v>&nothing;</v></c></row>",
    ],
)  # fmt: skip
def test_a_sheet_that_makes_no_sense_is_damaged(sheet: str) -> None:
    assert "damaged" in refused(workbook(sheet))


def test_hidden_rows_and_sheets_are_left_out_and_counted() -> None:
    book = made(
        ("Data", [["la_code", "indicator", "value"], ["E1", "eet", 1], ["E2", "eet", 2], ["E3", "eet", 3]]),
        ("Lookup", [["la_code", "indicator", "value"], ["secret", 1, 2]]),
        ("Notes", [["Made by the team"]]),
        ("Blank", []),
    )
    book["Data"].row_dimensions[3].hidden = True
    book["Lookup"].sheet_state = "veryHidden"
    read = read_sheet(saved(book), "f")
    assert [row for row, _ in read.rows] == [1, 2, 4]
    assert read.sheet == "Data"
    assert read.skipped == {"hidden row": 1, "hidden sheet": 1, "other sheet": 1}
    assert set(read.aside) == {
        ("la_code", "indicator", "value"), ("secret", "1", "2"), ("Made by the team",), ("E2", "eet", "2"),
    }  # fmt: skip


def test_what_a_pivot_table_remembers_is_set_aside() -> None:
    cache = f'<pivotCacheDefinition xmlns="{MAIN}"><cacheFields><cacheField name="Child ID"/><cacheField name="DOB"/></cacheFields></pivotCacheDefinition>'
    read = read_sheet(workbook(ROW.format(1, "a"), more={"xl/pivotCache/pivotCacheDefinition1.xml": cache}), "f")
    assert read.aside == (("Child ID", "DOB"),)


PEOPLE = ["Child ID", "Surname", "EET"]


def people_on_a_hidden_sheet() -> bytes:
    book = made(("Figures", FIGURES), ("List", [PEOPLE, ["17", "Secret", 1]]))
    book["List"].sheet_state = "hidden"
    return saved(book)


def people_in_hidden_rows() -> bytes:
    book = made(("Figures", [*FIGURES, PEOPLE, ["17", "Secret", 1]]))
    book["Figures"].row_dimensions[4].hidden = book["Figures"].row_dimensions[5].hidden = True
    return saved(book)


@pytest.mark.parametrize("make", [people_on_a_hidden_sheet, people_in_hidden_rows])
def test_a_workbook_that_hides_young_people_is_refused(make, warehouse: Warehouse) -> None:
    with pytest.raises(Refused) as error:
        find_header(read_sheet(make(), "f"), reference_data(warehouse, data_folder()), Findings(RULES))
    assert "“Child ID”, “Surname”" in str(error.value)
    assert "another sheet" in str(error.value)
    assert "Secret" not in str(error.value)


def test_both_dialects_of_the_format_are_read() -> None:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    sheet = (
        f'<?xml version="1.0"?><x:worksheet xmlns:x="{strict}"><x:sheetData><x:row r="2"><x:c r="B2" t="s">'
        "<x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    strings = f'<x:sst xmlns:x="{strict}"><x:si><x:t>text</x:t></x:si></x:sst>'
    assert cells(workbook(sheet, strings=strings)) == [(2, ("", "text"))]


FIGURES = [["Our council"], ["LA name", "Indicator", "Numerator"], ["Leeds", "eet", 5]]
LOOKUP = [["id", "title"], ["eet", "In education"]]


def test_which_sheet_is_read() -> None:
    assert read_sheet(saved(made(("A", FIGURES), ("figures ", FIGURES))), "f").sheet == "figures "
    assert read_sheet(saved(made(("A", LOOKUP), ("B", FIGURES), ("C", LOOKUP))), "f").sheet == "B"
    assert read_sheet(saved(made(("A", LOOKUP))), "f").sheet == "A"
    assert read_sheet(saved(made(("A", FIGURES), ("B", FIGURES))), "f", sheet="B").sheet == "B"


def test_a_choice_among_sheets_is_asked_for() -> None:
    both = saved(made(("Quarter 1", FIGURES), ("Quarter 2", FIGURES)))
    message = refused(both)
    assert "“Quarter 1”, “Quarter 2”" in message
    assert "Keep the one sheet" in message
    assert "Leeds" not in message
    assert "none has a header" in refused(saved(made(("A", LOOKUP), ("B", LOOKUP))))
    assert "no visible sheet “C”" in refused(both, sheet="C")


def test_a_workbook_with_nothing_to_see() -> None:
    book = made(("A", FIGURES), ("B", []))
    book["A"].sheet_state = "hidden"
    assert "not hidden" in refused(saved(book))


def test_open_document_cells() -> None:
    table = """<t:table t:name="Ours"><t:table-row t:number-rows-repeated="2"><t:table-cell t:number-columns-repeated="9"/>
    </t:table-row><t:table-row><t:table-cell o:value-type="string"><x:p>one<x:s x:c="2"/>two</x:p><x:p>three</x:p>
    <o:annotation><x:p>a comment</x:p></o:annotation></t:table-cell><t:table-cell t:number-columns-repeated="2"/>
    <t:table-cell o:value-type="float" o:value="5"><x:p>5.00</x:p></t:table-cell>
    <t:table-cell o:value-type="percentage" o:value="0.52" t:number-columns-repeated="2"><x:p>52%</x:p></t:table-cell>
    <t:table-cell o:value-type="date" o:date-value="2025-09-30"/><t:table-cell o:value-type="boolean" o:boolean-value="true"/>
    <t:table-cell t:formula="of:=1"/></t:table-row>
    <t:table-row t:visibility="filter"><t:table-cell o:value-type="string"><x:p>hidden</x:p></t:table-cell></t:table-row>
    <t:table-row t:number-rows-repeated="2"><t:table-cell o:value-type="percentage" o:value="1"/></t:table-row></t:table>
    <t:table t:name="Away" t:style-name="h"><t:table-row><t:table-cell o:value-type="string"><x:p>x</x:p></t:table-cell>
    </t:table-row></t:table>"""
    styles = '<s:style s:name="h"><s:table-properties t:display="false"/></s:style>'
    read = read_sheet(open_document(table, styles), "f")
    assert tuple(read.rows) == (
        (3, ("one  two\nthree", "", "", "5", "0.52", "0.52", "2025-09-30", "TRUE", NO_RESULT)),
        (5, ("1",)),
        (6, ("1",)),
    )
    assert read.percent == {(3, 4), (3, 5), (5, 0), (6, 0)}
    assert (read.how, read.sheet) == ("OpenDocument spreadsheet", "Ours")
    assert read.skipped == {"hidden row": 1, "hidden sheet": 1}
    assert set(read.aside) == {("hidden",), ("x",)}


def test_an_open_document_of_another_writer() -> None:
    document, table = OpenDocumentSpreadsheet(), Table(name="A")
    for texts in (["LA name", "indicator"], ["Leeds", "eet"]):
        row = TableRow()
        for text in texts:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.write(out)
    assert cells(out.getvalue()) == [(1, ("LA name", "indicator")), (2, ("Leeds", "eet"))]


# --- what is no table ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\nsecret", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel workbook (.xls)"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "a Word document"),
        (zipped({"[Content_Types].xml": "", "xl/workbook.bin": ""}), ".xlsb"),
        (zipped({"[Content_Types].xml": "", "_rels/.rels": relations(("a", "officeDocument", "word/document.xml")),
                 "word/document.xml": ""}), "Word"),
        (zipped({"figures.csv": "a,b"}), "Unzip it"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "an OpenDocument text"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"{\\rtf1 hello}", "a Word document"),
        (b"\x1f\x8b\x08", "a compressed file"),
        (b"<html><table><tr><td>1", "a web page"),
        (b'\xef\xbb\xbf <?xml version="1.0"?><Workbook/>', "a web page or an XML file"),
        (bytes(range(256)) * 20, "no table|not a table|neither UTF-8"),
    ],
)  # fmt: skip
def test_other_files_are_named(content: bytes, said: str) -> None:
    message = refused(content)
    assert any(word in message for word in said.split("|")), message
    assert "secret" not in message


def test_a_zip_that_is_locked_or_packed_in_another_way() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/workbook.xml", "x" * 1000)
    assert "damaged or protected" in refused(out.getvalue())
    locked = bytearray(workbook(ROW.format(1, "a")))
    place = locked.rindex(b"xl/worksheets/sheet1.xml") - 46
    locked[place + 8] |= 1
    assert "protected" in refused(bytes(locked))


def test_a_cell_that_begins_like_markup_is_still_a_table() -> None:
    assert cells("<script>,b\n1,2\n")[0] == (1, ("<script>", "b"))


# --- bombs -----------------------------------------------------------------------------------------------------------


def _read_in_little_memory(name: str, content: bytes, answers) -> None:
    """In its own process, assert that it takes no more than 200 MB on top of the file and of what was already in use."""
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + 200 * 1024 * 1024,) * 2)
    try:
        read_sheet(content, name)
        answers.put("read")
    except Refused as refusal:
        answers.put(str(refusal))
    except BaseException as error:
        answers.put(f"!{type(error).__name__}")


TEXT_BOMBS = text_bombs(20_000_000)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*TEXT_BOMBS, "workbooks"])
def test_bombs_are_refused_in_little_memory(name: str) -> None:
    bombs = {name: TEXT_BOMBS[name]()} if name in TEXT_BOMBS else workbook_bombs()
    context = multiprocessing.get_context("fork")
    for what, content in bombs.items():
        answers = context.SimpleQueue()
        process = context.Process(target=_read_in_little_memory, args=(what, content, answers))
        process.start()
        answer = answers.get()
        process.join()
        assert answer != "read" and not answer.startswith("!"), (what, answer)
        assert len(answer) < 400


# --- anything at all -------------------------------------------------------------------------------------------------


def sheet_or_refusal(content: bytes) -> Sheet | None:
    try:
        sheet = read_sheet(content, "f")
    except Refused as refusal:
        assert str(refusal)
        return None
    numbers = [row for row, _ in sheet.rows]
    assert numbers == sorted(set(numbers))
    assert numbers[0] >= 1
    assert all(isinstance(cell, str) for _, row in sheet.rows for cell in row)
    return sheet


@many
@given(st.binary(max_size=300))
@example(b"PK")
@example(b"PK\x05\x06" + b"\0" * 18)
@example(b"sep=,")
@example(b"sep=;\r\n")
@example(b'"')
@example(b"\xff\xfe\x00")
@example(b"a\x00")
@example(b"\x00a\x00")
def test_any_bytes(content: bytes) -> None:
    sheet_or_refusal(content)


@many
@given(
    st.text(alphabet=st.sampled_from('a1,;\t|"\n\r\0=\ufeff'), max_size=40),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_any_text(text: str, encoding: str) -> None:
    sheet_or_refusal(text.encode(encoding, "ignore"))


REAL = {
    "csv": TABLE.encode() * 3,
    "utf-16": TABLE.encode("utf-16"),
    "xlsx": saved(made(("A", FIGURES), ("B", LOOKUP))),
    "plain xlsx": workbook(ROW.format(1, "a") + ROW.format(2, "b"), strings="<sst/>", styles="<styleSheet/>"),
    "ods": open_document('<t:table t:name="A"><t:table-row><t:table-cell o:value-type="float" o:value="1"/></t:table-row></t:table>'),
}  # fmt: skip


@many
@given(st.sampled_from(sorted(REAL)), st.data())
def test_real_files_with_some_bytes_changed(name: str, data: st.DataObject) -> None:
    content = bytearray(REAL[name])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        if not content:
            break
    sheet_or_refusal(bytes(content))


@many
@given(st.data())
def test_real_workbooks_with_a_part_changed(data: st.DataObject) -> None:
    """Bytes of a part changed before it is packed, so that the change gets past the checksum."""
    with zipfile.ZipFile(io.BytesIO(REAL[data.draw(st.sampled_from(["xlsx", "plain xlsx", "ods"]))])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    content = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 8))] = data.draw(
            st.one_of(
                st.binary(max_size=4), st.sampled_from([b"<c>", b"</c>", b"&#0;", b"&amp;", b'r="A9"', b"-1", b"<row>"])
            )
        )
    sheet_or_refusal(zipped({**parts, name: bytes(content)}))


# Cells of a table in English, and of any other; control characters but NUL are texts too.
texts = st.text(
    st.one_of(st.sampled_from("aé–£,;\t|\"'\n =-5"), st.characters(codec="utf-8", exclude_characters="\0\r")),
    max_size=8,
)


@many
@given(
    rows=st.lists(st.lists(texts, min_size=3, max_size=3), max_size=6),
    blanks=st.integers(0, 2),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    separator=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_table_comes_back_as_it_was_written(rows, blanks, encoding, separator, quoting, end) -> None:
    header = ["authority_code and name", "indicator of the council", "numerator of the indicator"] * 4
    rows = [
        [(cell if encoding != "cp1252" else cell.encode("cp1252", "ignore").decode("cp1252")) for cell in row]
        for row in rows
    ]
    out = io.StringIO(newline="")
    # This writer leaves a line end in a cell unquoted when rows end in the other one.
    quoting = quoting if end == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=end)
    for _ in range(blanks):
        writer.writerow([])
    # Enough of an ordinary table to recognise it.
    written = [*[header] * 5, *[row + ["x"] * 9 for row in rows]]
    writer.writerows(written)
    read = read_sheet(out.getvalue().encode(encoding), "f")
    assert [row for row, _ in read.rows] == [blanks + place + 1 for place in range(len(written))]
    for (_, cells_read), cells_written in zip(read.rows, written, strict=True):
        for was, now in zip(cells_written, cells_read, strict=True):
            # Only the mark that we put before apparent formulas is removed.
            assert now == was or (was.startswith("'") and now == was[1:] and now.strip()[:1] in "=-|%"), (was, now)


@many
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9), st.text("ab£é<&>", min_size=1)), max_size=5),
        min_size=1,
        max_size=6,
    )
)
def test_a_workbook_comes_back_as_it_was_written(rows: list[list]) -> None:
    expected = []
    for number, row in enumerate(rows, start=1):
        shown = ["" if value is None else str(value) for value in row]
        while shown and not shown[-1]:
            shown.pop()
        if shown:
            expected.append((number, tuple(shown)))
    content = saved(made(("A", rows)))
    if expected:
        assert cells(content) == expected
    else:
        refused(content)
