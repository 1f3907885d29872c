"""Files of other kinds: each is recognised, with advice on what to do, and nothing from it is kept."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.errors import Refused
from careleavers.intake.model import Draft
from careleavers.intake.other_files import OFSTED
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData
from tests.importer.releases import activity, place
from tests.intake.made_files import open_document
from tests.intake.test_releases import published

LEEDS = "E08000035"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def old_office(*parts: str) -> bytes:
    """The stream names by which an old Office file is recognised."""
    return OLE + b"".join(part.encode("utf-16-le") + bytes(16) for part in parts)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def lock_file(name: str = "Ann Officer") -> bytes:
    return (
        bytes([len(name)]) + name.encode().ljust(54) + bytes([len(name), 0]) + name.encode("utf-16-le").ljust(108, b" ")
    )


WEB_ARCHIVE = (
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n"
    b"<html><table><tr><td>authority</td></tr></table></html>\r\n--x--\r\n"
)  # fmt: skip
CHROME_ARCHIVE = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://reports.example/\r\nSubject: Care leavers\r\n"
    + WEB_ARCHIVE
)
MAIL = (
    b"Received: from example.gov.uk\r\nFrom: a@example.gov.uk\r\nTo: b@example.gov.uk\r\nSubject: Figures\r\n"
    b"MIME-Version: 1.0\r\n\r\nAttached.\r\n"
)
SSRS = b"""Textbox12,Textbox14,Textbox31
Care leavers,Run 06/10/2025,Leeds

LA_Name,Indicator,Age_Band,Quarter1,Num,Den,Textbox77
Leeds,eet,19-21,2025/26 Q2,273,600,45.5 %
"""
CRYSTAL = b""""Care leavers","Authority","Indicator","Quarter","Numerator","Leeds","eet","2025/26 Q2",273
"Care leavers","Authority","Indicator","Quarter","Numerator","Leeds","neet","2025/26 Q2",412
"""
TABLE_TOOL = b"""location,location_code,geographic_level,time_period,care_leaver_age,breakdown,care_leaver_count
Leeds,E08000035,Local authority,2025,19 to 21 years,Total,600
"""
NATIONAL = b"""time_period,time_identifier,geographic_level,country_code,country_name,age_group,characteristic,number
2024,Reporting year,National,E92000001,England,17 years,Full-time education,170
"""
FINGERTIPS = b"""Indicator ID,Indicator Name,Area Code,Area Name,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Count
90803,Children in care,E08000035,Leeds,2023/24,84.2,,,1450
"""
LAIT = b"""Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region
CLEET,Care Leavers - EET,2025,Leeds,46,383,Yorkshire and The Humber
"""
OFLOG = b"""Financial year,Local authority code,Local authority name,Grouping,Region,Measure,Value,MEDIAN,rank_order
2024-25,E08000035,Leeds,LA_Raw,Yorkshire and The Humber,eet,45.5,50,desc
"""
NEIGHBOURS = (
    f"old_la_code,la_name,{','.join(f'SN_{n},SN_{n}P' for n in range(1, 11))}\n383,Leeds{',1,Close' * 10}\n".encode()
)


@pytest.mark.parametrize(
    ("content", "name", "said", "todo"),
    [
        (b"%PDF-1.7\n", "a.pdf", "a PDF document", "template"),
        (b"\x89PNG\r\n\x1a\n", "a.csv", "a picture", "template"),
        (b"BM" + bytes(60), "a.bmp", "a picture", "template"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(60), "photo.heic", "a picture", "template"),
        (b"SQLite format 3\x00", "a.db", "a database (SQLite)", "export"),
        (b"\x00\x01\x00\x00Standard ACE DB\x00", "a.accdb", "an Access database", "export"),
        (b"PAR1" + bytes(20), "a.parquet", "a Parquet file", "export"),
        (b"$FL2@(#) SPSS", "a.sav", "an SPSS file", "export"),
        (b"\x1f\x8b\x08", "a.gz", "a compressed file", "Unpack"),
        (b"ID;PWXL;N;E\r\nC;Y1;X1;K1\r\n", "a.slk", "a SYLK file", "CSV UTF-8"),
        (b"[InternetShortcut]\r\nURL=https://example.gov.uk\r\n", "a.url", "a link to a web page", "download"),
        (b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(40), "a.lnk", "a shortcut", "it leads to"),
        (b"BEGIN:VCALENDAR\r\n", "a.ics", "an appointment", "template"),
        (b'{"figures": [1, 2]}', "a.json", "a JSON file", "export"),
        (b'[{"authority": "Leeds"}]', "a.csv", "a JSON file", "export"),
        (b'{"url":"https://docs.google.com/open?id=x","doc_id":"x"}', "a.gsheet", "a link to a Google sheet", "Download"),
        (b"<!DOCTYPE html><html><table></table></html>", "a.xls", "a web page", "CSV UTF-8"),
        (b"<html><script src=https://login.microsoftonline.com/x></html>", "a.xlsx", "asked for a sign-in", "sign in"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>', "a.xls", "Excel 2003", ".xlsx"),
        (WEB_ARCHIVE, "a.xls", "a web archive", "Open it in Excel"),
        (CHROME_ARCHIVE, "a.mhtml", "a web archive", "Open it in Excel"),
        (MAIL, "a.eml", "a mail", "attached"),
        (old_office("__substg1.0_0037001F", "__nameid_version1.0"), "a.msg", "a mail (Outlook)", "attached"),
        (old_office("EncryptedPackage", "EncryptionInfo"), "a.xlsx", "protected with a password", "remove the password"),
        (old_office("EncryptedPackage", "DataSpaces", "DRMEncryptedDataSpace"), "a.xlsx", "a sensitivity label", "label"),
        (old_office("WordDocument"), "a.doc", "a Word document", "CSV UTF-8"),
        (old_office("PowerPoint Document"), "a.ppt", "a PowerPoint presentation", "template"),
        (old_office("Workbook"), "a.xls", "an old Excel workbook", "CSV UTF-8"),
        (lock_file(), "figures.xlsx", "while somebody has it open", "without “~$”"),
        (b"x" * 30, "~$figures.xlsx", "while somebody has it open", "without “~$”"),
        (b",ann,pc,01.11.2026 10:00;", ".~lock.figures.ods#", "while somebody has it open", "same name"),
        (zipped(**{"Index/Document.iwa": b"x", "preview.jpg": b""}), "a.numbers", "Apple Numbers", "Export To"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.text"), "a.odt", "an OpenDocument text", "CSV UTF-8"),
        (zipped(DataModel=b"x", Version=b"1"), "a.pbix", "a Power BI file", "export"),
        (zipped(**{"figures.csv": b"a,b"}), "a.zip", "a zip file", "Unzip"),
        (SSRS, "a.csv", "a report server (SSRS)", "as Excel"),
        (CRYSTAL, "a.csv", "Crystal Reports", "Data only"),
        (TABLE_TOOL, "a.csv", "the table tool of Explore education statistics", "begins with “la_”"),
        (NATIONAL, "a.csv", "England or regions only", "begins with “la_”"),
        (FINGERTIPS, "a.csv", "Fingertips", "template"),
        (LAIT, "bds_long.csv", "the Local Authority Interactive Tool", "begins with “la_”"),
        (OFLOG, "a.csv", "Oflog", "Upload the release"),
        (NEIGHBOURS, "a.csv", "statistical neighbours", "import-published"),
    ],
)  # fmt: skip
def test_each_is_named_with_what_to_do(known: ReferenceData, content: bytes, name: str, said: str, todo: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_upload(content, name, known)
    assert said in str(refusal.value)
    assert todo in str(refusal.value)


def test_the_title_above_a_table_does_not_hide_what_it_is(known: ReferenceData) -> None:
    with pytest.raises(Refused, match="Fingertips"):
        read_upload(b"Downloaded on 1 November 2026\n\n" + FINGERTIPS, "a.csv", known)


def test_ofsteds_list_is_brought_in_another_way(known: ReferenceData) -> None:
    cells = "".join(
        f'<t:table-cell o:value-type="string"><x:p>{text}</x:p></t:table-cell>' for text in ("LA", "Overall")
    )
    table = '<t:table t:name="{}"><t:table-row>{}</t:table-row></t:table>'
    content = open_document("".join(table.format(name, cells) for name in ("Cover", "ILACS_inspection_history")))
    with pytest.raises(Refused) as refusal:
        read_upload(content, "inspections.ods", known)
    assert str(refusal.value) == OFSTED


TEMPLATE = "authority_name,indicator,age_group,period,numerator,denominator\n"


@pytest.mark.parametrize(
    "above",
    [
        "BM,a,b\n", "RIF,x,y\n", "From: 1 July 2025\nTo: 30 September 2025\n\n", "Subject: Care leavers\n", "Date: today\n",
        "[Quarter 2]\n", "{Leeds}\n", "Report server: Textbox\n",
    ],
)  # fmt: skip
def test_a_table_with_odd_words_above_it_is_still_a_table(known: ReferenceData, above: str) -> None:
    draft = read_upload((above + TEMPLATE + "Leeds,eet,19-21,2025/26 Q1,20,40\n").encode(), "a.csv", known)
    assert draft.figures["numerator"].tolist() == [20]


def test_rows_without_a_header_are_not_taken_for_crystal_reports(known: ReferenceData) -> None:
    with pytest.raises(Refused, match="No header"):
        read_upload(b"Leeds,eet,a,b,1\nLeeds,eet,a,b,2\n", "a.csv", known)


def other(known: ReferenceData, content: bytes) -> Draft:
    draft = read_upload(content, "file.csv", known)
    assert [finding.rule.id for finding in draft.findings] == ["other_release"]
    assert draft.figures.empty
    return draft


def test_a_release_of_something_else_says_what_is_taken(known: ReferenceData) -> None:
    row = place(LEEDS) | {"time_period": 2024, "characteristic": "Age", "breakdown": "Under 1", "headcount": 5}
    (finding,) = other(known, published([row])).findings
    assert "of something that no measure here shows (" in finding.expected
    assert "headcount" in finding.expected


def test_the_older_workforce_file_is_named(known: ReferenceData) -> None:
    row = place(LEEDS) | {"time_period": 2022, "turnover_rate_fte_%": 9.6, "vacancy_fte": 39.5, "caseload_fte": 16.2}
    (finding,) = other(known, published([row])).findings
    assert "the layout of 2022 and before" in finding.expected
    assert "upload that" in finding.expected


def test_a_layout_of_which_one_column_was_renamed_is_told_as_that(known: ReferenceData) -> None:
    rows = [{("count" if key == "care_leaver_count" else key): value for key, value in row.items()}
            for row in activity(LEEDS, 2025, layout="2025")]  # fmt: skip
    (finding,) = read_upload(published(rows), "file.csv", known).findings
    assert finding.rule.id == "release_problem"


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "~$a.xlsx", "a"]))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused_with_a_sentence(known: ReferenceData, content: bytes, name: str) -> None:
    try:
        read_upload(content, name, known)
    except Refused as refusal:
        assert str(refusal).endswith((".", "”"))
