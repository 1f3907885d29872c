"""Authorities, regions, their changing codes, joint returns and statistical neighbours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from careleavers.errors import DataProblem
from careleavers.importer.files import Table, need_columns

ENGLAND = "E92000001"
LONDON = "E12000007"
REGIONS = {
    "E12000001": "North East",
    "E12000002": "North West",
    "E12000003": "Yorkshire and The Humber",
    "E12000004": "East Midlands",
    "E12000005": "West Midlands",
    "E12000006": "East of England",
    LONDON: "London",
    "E12000008": "South East",
    "E12000009": "South West",
}
SUB_REGIONS = {"E13000001": "Inner London", "E13000002": "Outer London"}
# The first year of the figures that are held: an authority abolished before it has nothing to show.
FIRST_YEAR = dt.date(2018, 3, 31)


@dataclass
class Authority:
    """One authority as one series, however often its GSS code changed.

    ``code`` is the newest GSS code, ``department_code`` the three-digit code that stays; ``opened`` and
    ``closed`` (None while it exists) bound the series; ``codes`` holds (GSS code, opened, closed) of each spell.
    """

    code: str
    name: str
    department_code: str
    region_code: str
    opened: dt.date
    closed: dt.date | None
    codes: list[tuple[str, dt.date, dt.date | None]]
    sub_region_code: str = ""
    tile_column: str = ""
    tile_row: str = ""

    def existed(self, day: dt.date) -> bool:
        """Whether the authority existed on ``day``."""
        return self.opened <= day and (self.closed is None or day <= self.closed)


@dataclass
class Areas:
    """Every area that a published row can speak of, and how to find it."""

    authorities: dict[str, Authority]
    by_department_code: dict[str, Authority]
    by_any_code: dict[str, Authority]
    joint: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def authority(self, table: str, line: int, department_code: str, gss_code: str) -> Authority:
        """The authority of a published row; raises :class:`DataProblem` when its two codes are unknown or disagree."""
        found = self.by_department_code.get(department_code)
        if found is None:
            raise DataProblem(
                table,
                f"the authority code “{department_code}” is not in the list of authorities",
                line,
                "old_la_code",
            )
        if self.by_any_code.get(gss_code) is not found:
            raise DataProblem(
                table, f"“{gss_code}” is not a code of {found.name} ({department_code})", line, "new_la_code"
            )
        return found


def _day(table: Table, line: int, column: str, text: str) -> dt.date | None:
    if not text:
        return None
    try:
        day, month, year = (int(part) for part in text.split("/"))
        return dt.date(year, month, day)
    except ValueError:
        raise DataProblem(table.name, f"“{text}” is not a date like 31/03/2023", line, column) from None


def read_authorities(codes: Table, tiles: Table) -> Areas:
    """Build the list of authorities from the department's code list and the tile map.

    An authority whose GSS code changed while its three-digit code stayed is one authority. Ones abolished
    before the first figures are left out. Raises :class:`DataProblem`.
    """
    need_columns(
        codes,
        (
            "new_la_code",
            "la_name",
            "date_of_operation",
            "date_of_termination",
            "parent_geography_code",
            "status",
            "old_la_code",
        ),
    )
    need_columns(tiles, ("authority_code", "tile_column", "tile_row"))
    spells: dict[str, list[tuple[str, str, str, dt.date, dt.date | None]]] = {}
    for line, row in codes.rows:
        if "/" in row["new_la_code"] or not row["new_la_code"].startswith("E"):
            continue  # joint returns and overseas establishments are not authorities
        opened = _day(codes, line, "date_of_operation", row["date_of_operation"])
        if opened is None:
            raise DataProblem(codes.name, "an authority without a date of operation", line, "date_of_operation")
        closed = _day(codes, line, "date_of_termination", row["date_of_termination"])
        department_code = row["old_la_code"] if row["old_la_code"] != "x" else row["new_la_code"]
        spells.setdefault(department_code, []).append(
            (row["new_la_code"], row["la_name"], row["parent_geography_code"], opened, closed)
        )
    authorities: dict[str, Authority] = {}
    for department_code, parts in spells.items():
        parts.sort(key=lambda part: part[3])
        code, name, region, _, closed = parts[-1]
        if closed is not None and closed < FIRST_YEAR:
            continue
        if region not in REGIONS:
            raise DataProblem(
                codes.name, f"the region “{region}” of {name} is not known", None, "parent_geography_code"
            )
        if closed is not None:
            # Dorset before 2019 and Dorset now are two authorities: their names must differ too.
            name = f"{name} (to {closed.year})"
        authorities[code] = Authority(
            code,
            name,
            department_code,
            region,
            parts[0][3],
            closed,
            [(part[0], part[3], part[4]) for part in parts],
        )
    by_any_code = {code: a for a in authorities.values() for code, _, _ in a.codes}
    for line, row in tiles.rows:
        found = by_any_code.get(row["authority_code"])
        if found is None:
            raise DataProblem(tiles.name, f"“{row['authority_code']}” is not an authority", line, "authority_code")
        found.tile_column, found.tile_row = row["tile_column"], row["tile_row"]
    return Areas(authorities, {a.department_code: a for a in authorities.values()}, by_any_code)


def held_areas(authorities: Table, changes: Table) -> Areas:
    """The same list built from our own ``authorities.csv`` and ``authority_changes.csv``.

    Raises :class:`DataProblem` when a column is missing or a recoding leads to no authority.
    """
    need_columns(
        authorities, ("authority_code", "authority_name", "department_code", "region_code", "opened", "closed")
    )
    need_columns(changes, ("kind", "old_code", "new_code", "date"))
    found: dict[str, Authority] = {}
    for _, row in authorities.rows:
        opened = dt.date.fromisoformat(row["opened"])
        closed = dt.date.fromisoformat(row["closed"]) if row["closed"] else None
        code = row["authority_code"]
        found[code] = Authority(
            code, row["authority_name"], row["department_code"], row["region_code"], opened, closed, [(code, opened, closed)]
        )  # fmt: skip
    by_any_code = dict(found)
    # Newest first, so that a code given up long ago leads through the later ones to the one in use.
    for line, row in sorted(changes.rows, key=lambda pair: pair[1]["date"], reverse=True):
        if row["kind"] != "recoded":
            continue
        authority = by_any_code.get(row["new_code"])
        if authority is None:
            raise DataProblem(changes.name, f"“{row['new_code']}” is not an authority", line, "new_code")
        day = dt.date.fromisoformat(row["date"])
        current, _, closed = authority.codes[0]
        authority.codes[0] = (current, day, closed)
        authority.codes.insert(0, (row["old_code"], authority.opened, day - dt.timedelta(days=1)))
        by_any_code[row["old_code"]] = authority
    return Areas(found, {a.department_code: a for a in found.values()}, by_any_code)


def authority_rows(areas: Areas) -> list[dict[str, object]]:
    """Rows of ``authorities.csv``, by name."""
    return [
        {
            "authority_code": a.code,
            "authority_name": a.name,
            "department_code": a.department_code,
            "region_code": a.region_code,
            "region": REGIONS[a.region_code],
            "sub_region_code": a.sub_region_code,
            "sub_region": SUB_REGIONS.get(a.sub_region_code, ""),
            "opened": a.opened.isoformat(),
            "closed": a.closed.isoformat() if a.closed else "",
            "tile_column": a.tile_column,
            "tile_row": a.tile_row,
        }
        for a in sorted(areas.authorities.values(), key=lambda a: (a.name, a.code))
    ]


def region_rows() -> list[dict[str, object]]:
    """Rows of ``regions.csv``: England, the nine regions and the two parts of London."""
    rows: list[dict[str, object]] = [
        {"region_code": ENGLAND, "region": "England", "level": "england", "parent_code": ""}
    ]
    rows += [
        {"region_code": code, "region": name, "level": "region", "parent_code": ENGLAND}
        for code, name in REGIONS.items()
    ]
    rows += [
        {"region_code": code, "region": name, "level": "sub_region", "parent_code": LONDON}
        for code, name in SUB_REGIONS.items()
    ]
    return rows


def change_rows(areas: Areas, kept: Table | None) -> list[dict[str, object]]:
    """Rows of ``authority_changes.csv``: recodings found in the code list, and the splits and merges kept by hand.

    A change that is decided and whose new codes are not given out yet has a ``new_name`` and no ``new_code``.
    """
    rows: list[dict[str, object]] = []
    for authority in areas.authorities.values():
        for (old, _, _), (new, opened, _) in zip(authority.codes, authority.codes[1:], strict=False):
            rows.append(
                {
                    "kind": "recoded",
                    "old_code": old,
                    "new_code": new,
                    "new_name": "",
                    "date": opened.isoformat(),
                    "note": f"{authority.name} is one authority under a new code.",
                }
            )
    if kept is not None:
        need_columns(kept, ("kind", "old_code", "new_code", "new_name", "date", "note"))
        for line, row in kept.rows:
            if row["kind"] == "recoded":
                continue
            if row["kind"] not in {"split", "merged"}:
                raise DataProblem(kept.name, f"“{row['kind']}” is not “split” or “merged”", line, "kind")
            if not row["new_code"] and not row["new_name"]:
                raise DataProblem(
                    kept.name, "a change to an authority without a code must give its name", line, "new_name"
                )
            rows.append(dict(row))
    return sorted(rows, key=lambda r: tuple(str(r[c]) for c in ("date", "old_code", "new_code", "new_name")))


def neighbour_rows(table: Table, areas: Areas) -> list[dict[str, object]]:
    """Rows of ``neighbours.csv`` (authority, place 1–10, neighbour, closeness) from the department's wide file."""
    need_columns(table, ("old_la_code", *(f"SN_{i}" for i in range(1, 11)), *(f"SN_{i}P" for i in range(1, 11))))
    rows: list[dict[str, object]] = []
    for line, row in table.rows:
        authority = areas.by_department_code.get(row["old_la_code"])
        if authority is None:
            raise DataProblem(table.name, f"“{row['old_la_code']}” is not an authority", line, "old_la_code")
        for place in range(1, 11):
            neighbour = areas.by_department_code.get(row[f"SN_{place}"])
            if neighbour is None:
                raise DataProblem(table.name, f"“{row[f'SN_{place}']}” is not an authority", line, f"SN_{place}")
            rows.append(
                {
                    "authority_code": authority.code,
                    "place": place,
                    "neighbour_code": neighbour.code,
                    "closeness": row[f"SN_{place}P"],
                }
            )
    return sorted(rows, key=lambda r: (str(r["authority_code"]), int(str(r["place"]))))
