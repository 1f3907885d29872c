"""Small hand-made files in the publishers' layouts."""

import csv
import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parents[2] / "data"
# code, name, opened, closed, region, three-digit code
AUTHORITIES = [
    ("E06000001", "Hartlepool", "01/01/2009", "", "E12000001", "805"),
    ("E06000002", "Middlesbrough", "01/01/2009", "", "E12000001", "806"),
    ("E06000063", "Cumberland", "01/04/2023", "", "E12000002", "942"),
    ("E06000063 / E06000064", "Cumberland / Westmorland and Furness", "01/04/2023", "", "E12000002", "942 / 943"),
    ("E06000064", "Westmorland and Furness", "01/04/2023", "", "E12000002", "943"),
    ("E10000006", "Cumbria", "01/01/2009", "31/03/2023", "E12000002", "909"),
    ("E08000016", "Barnsley", "01/01/2009", "30/04/2025", "E12000003", "370"),
    ("E08000038", "Barnsley", "01/05/2025", "", "E12000003", "370"),
    ("E08000035", "Leeds", "01/01/2009", "", "E12000003", "383"),
    ("E09000005", "Brent", "01/01/2009", "", "E12000007", "304"),
    ("E09000007", "Camden", "01/01/2009", "", "E12000007", "202"),
    ("E09000021", "Kingston upon Thames", "01/01/2009", "", "E12000007", "314"),
    ("E09000027", "Richmond upon Thames", "01/01/2009", "", "E12000007", "318"),
    ("E10000014", "Hampshire", "01/01/2009", "", "E12000008", "850"),
    ("E10000999", "Oldshire", "01/01/2009", "31/03/2009", "E12000008", "999"),
    ("OC1", "Overseas", "01/01/2009", "", "", "000"),
]
REGION_NAMES = {
    "E12000001": "North East", "E12000002": "North West", "E12000003": "Yorkshire and The Humber",
    "E12000007": "London", "E12000008": "South East", "E13000001": "Inner London", "E13000002": "Outer London",
}  # fmt: skip
SUB_REGION = {"E09000007": "E13000001"}
CURRENT = [a for a in AUTHORITIES if not a[3] and "/" not in a[0] and a[0].startswith("E")]
WHERE = [
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code",
    "region_name", "old_la_code", "la_name", "new_la_code",
]  # fmt: skip
LAYOUTS = {
    "activity": ["age", "activity", "number", "percentage"],
    "accommodation": ["age", "accommodation_suitability", "number", "percentage"],
    "touch": ["age", "in_touch", "number", "percentage"],
    "staying_put": ["age", "stay_put", "number", "percentage"],
    "2025": ["care_leaver_age", "breakdown", "care_leaver_count", "care_leaver_percent"],
    "stability": ["cla_group", "placement_stability", "children_count", "children_percent"],
}
EET = "Total in education, employment or training"
NEET = "Total not in education, employment or training"
UNKNOWN = "Total information not known"
Row = dict[str, Any]


def place(code: str) -> Row:
    """The columns that say where, for a GSS code, region code or England's."""
    row: Row = dict.fromkeys(WHERE, "") | {"country_code": "E92000001", "country_name": "England"}
    row["time_identifier"] = "Reporting year"
    if code == "E92000001":
        return row | {"geographic_level": "National"}
    if code in REGION_NAMES:
        return row | {"geographic_level": "Regional", "region_code": code, "region_name": REGION_NAMES[code]}
    if " / " in code:
        parts = [place(part) for part in code.split(" / ")]
        joined = {c: " / ".join(p[c] for p in parts) for c in ("old_la_code", "la_name", "new_la_code")}
        return parts[0] | joined
    found = next(a for a in AUTHORITIES if a[0] == code)
    region = SUB_REGION.get(code, found[4])
    if region == "E12000007":
        region = "E13000002"
    return row | {
        "geographic_level": "Local authority", "region_code": region, "region_name": REGION_NAMES[region],
        "old_la_code": found[5], "la_name": found[1], "new_la_code": code,
    }  # fmt: skip


def percent(count: Any, total: Any) -> Any:
    """The whole per cent that the department publishes, half up; the mark of the count when it is one."""
    if not str(count).isdigit():
        return count
    return math.floor(Fraction(int(count) * 100, int(total)) + Fraction(1, 2)) if int(total) else "z"


def cell(code: str, year: int, group: str, label: str, count: Any, share: Any, layout: str) -> Row:
    """One row of a long file."""
    return place(code) | {"time_period": year} | dict(zip(LAYOUTS[layout], (group, label, count, share), strict=True))


def activity(
    code: str, year: int, eet: Any = 30, neet: Any = 15, unknown: Any = 5, total: Any = None, *,
    layout: str = "activity", group: str = "",
) -> list[Row]:  # fmt: skip
    """The four activity rows of an area and year; counts may be marks. A total of None is the sum."""
    parts = (eet, neet, unknown)
    total = sum(int(p) for p in parts) if total is None else total
    group = group or ("19 to 21 years" if layout == "2025" else "Aged 19 to 21")
    return [
        cell(code, year, group, label, count, percent(count, total), layout)
        for label, count in zip((EET, NEET, UNKNOWN, "Total"), (*parts, total), strict=True)
    ]


def nobody(code: str, year: int, layout: str = "2025") -> list[Row]:
    """The rows that stay in a file after an authority is abolished: all not applicable."""
    return activity(code, year, "z", "z", "z", "z", layout=layout)


def accommodation(
    code: str, year: int, suitable: int = 45, unsuitable: int = 3, unknown: int = 2, layout: str = "accommodation"
) -> list[Row]:
    total = suitable + unsuitable + unknown
    names = ("Accommodation considered suitable", "Accommodation considered not suitable", "No information", "Total")
    if layout == "2025":
        names = (names[0], "Accommodation considered unsuitable", names[2], "Suitability total")
    return [
        cell(code, year, "19 to 21 years", label, count, percent(count, total), layout)
        for label, count in zip(names, (suitable, unsuitable, unknown, total), strict=True)
    ]


MEASURES = [
    "inpost_fte", "leavers_fte", "turnover_rate_fte", "agency_fte", "agency_rate_fte", "vacancy_fte",
    "vacancy_rate_fte", "case_holders_fte", "cases", "caseload_fte", "working_days_lost_fte", "absence_rate_fte",
]  # fmt: skip


def workforce(code: str, year: int, **changes: Any) -> Row:
    """One row of the workforce census."""
    usual = (100.0, 12.0, "12", 25.0, "20", 11.1, "10", 80.0, "1200", "15", 700.5, "3.1")
    return place(code) | {"time_period": year} | dict(zip(MEASURES, usual, strict=True)) | changes


def write(
    path: Path, rows: Iterable[Mapping[str, Any]], *, bom: bool = False, columns: list[str] | None = None
) -> Path:
    """Write rows as CSV; the columns are those of the first row unless given."""
    rows = list(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns or list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def reference(folder: Path) -> None:
    """The files that every import needs: codes, tiles, neighbours."""
    codes = ["new_la_code", "la_name", "date_of_operation", "date_of_termination", "parent_geography_code",
             "entity_code", "entity_description", "status", "old_la_code"]  # fmt: skip
    write(
        folder / "reference" / "authority_codes.csv",
        [
            dict(
                zip(codes, (a[0], a[1], a[2], a[3], a[4], "", "", "terminated" if a[3] else "live", a[5]), strict=True)
            )
            for a in AUTHORITIES
        ],
    )
    write(
        folder / "reference" / "tile_grid.csv",
        [
            {"authority_code": a[0], "authority_name": a[1], "tile_column": i, "tile_row": 1}
            for i, a in enumerate(CURRENT)
        ],
    )
    lines = []
    for own in CURRENT:
        line: Row = {"old_la_code": own[5], "la_name": own[1]}
        others = [a[5] for a in CURRENT if a is not own]
        for index in range(10):
            line |= {f"SN_{index + 1}": others[index % len(others)], f"SN_{index + 1}P": "Close "}
        lines.append(line)
    write(folder / "neighbours" / "sn.csv", lines, bom=True)
