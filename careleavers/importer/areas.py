"""Authorities, regions, their changing codes, joint returns and statistical neighbours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from careleavers.errors import DataProblem
from careleavers.importer.files import Table, require_columns
from careleavers.model import ENGLAND_CODE, Authority, CodeSpell

ENGLAND = ENGLAND_CODE
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
class Areas:
    """Every area that a published row can be about, and how to find it.

    Attributes
    ----------
    authorities, by_department_code, by_any_code
        The authorities by today's GSS code, by three-digit code, and by every GSS code they have had.
    joint
        The members of each joint return by its code (``E09000021 / E09000027``), as far as rows have named it.
    sub_regions
        Inner or Outer London by the code of an authority, as far as rows have named it.
    tiles
        Column and row of an authority on the tile map.
    """

    authorities: dict[str, Authority]
    by_department_code: dict[str, Authority]
    by_any_code: dict[str, Authority]
    joint: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sub_regions: dict[str, str] = field(default_factory=dict)
    tiles: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, authorities: dict[str, Authority]) -> Areas:
        """Areas of these authorities, by today's code.

        Parameters
        ----------
        authorities
            Each with all its ``codes``.

        Returns
        -------
        Areas
            Without joint returns, sub-regions or tiles.
        """
        return cls(
            authorities,
            {each.department_code: each for each in authorities.values()},
            {spell.code: each for each in authorities.values() for spell in each.codes},
        )

    def copy(self) -> Areas:
        """The same authorities, with joint returns and sub-regions that others do not share.

        Returns
        -------
        Areas
            What a file that is only checked may note things in.
        """
        return replace(self, joint=dict(self.joint), sub_regions=dict(self.sub_regions))

    def authority(self, table: str, line: int, department_code: str, gss_code: str) -> Authority:
        """The authority of a published row.

        Parameters
        ----------
        table
            How messages call the file.
        line
            The line of the row.
        department_code
            Its three-digit code.
        gss_code
            Its GSS code.

        Returns
        -------
        Authority

        Raises
        ------
        DataProblem
            A code is unknown, or the two are of different authorities.
        """
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

    An authority whose GSS code changed while its three-digit code stayed is one authority. Those abolished before the
    first figures are left out.

    Parameters
    ----------
    codes
        The department's code list.
    tiles
        Columns ``authority_code``, ``tile_column``, ``tile_row``.

    Returns
    -------
    Areas

    Raises
    ------
    DataProblem
        A column is missing, a date or region cannot be read, or a tile is of no authority.
    """
    require_columns(
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
    require_columns(tiles, ("authority_code", "tile_column", "tile_row"))
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
            opened=parts[0][3],
            closed=closed,
            region_code=region,
            codes=tuple(CodeSpell(part[0], part[3], part[4]) for part in parts),
        )
    areas = Areas.of(authorities)
    for line, row in tiles.rows:
        found = areas.by_any_code.get(row["authority_code"])
        if found is None:
            raise DataProblem(tiles.name, f"“{row['authority_code']}” is not an authority", line, "authority_code")
        areas.tiles[found.code] = row["tile_column"], row["tile_row"]
    return areas


def areas_from_data(authorities: Table, changes: Table) -> Areas:
    """Build the same list from the product's own tables.

    Parameters
    ----------
    authorities
        ``authorities.csv``.
    changes
        ``authority_changes.csv``.

    Returns
    -------
    Areas

    Raises
    ------
    DataProblem
        A column is missing, or a recoding leads to no authority.
    """
    require_columns(
        authorities, ("authority_code", "authority_name", "department_code", "region_code", "opened", "closed")
    )
    require_columns(changes, ("kind", "old_code", "new_code", "date"))
    # Newest first, so that a code given up long ago leads through the later ones to the one in use.
    recoded = sorted(
        ((line, row) for line, row in changes.rows if row["kind"] == "recoded"),
        key=lambda pair: pair[1]["date"],
        reverse=True,
    )
    spells: dict[str, list[CodeSpell]] = {}
    today: dict[str, str] = {}
    for _, row in authorities.rows:
        code = row["authority_code"]
        opened = dt.date.fromisoformat(row["opened"])
        closed = dt.date.fromisoformat(row["closed"]) if row["closed"] else None
        spells[code], today[code] = [CodeSpell(code, opened, closed)], code
    for line, row in recoded:
        newest = today.get(row["new_code"])
        if newest is None:
            raise DataProblem(changes.name, f"“{row['new_code']}” is not an authority", line, "new_code")
        day = dt.date.fromisoformat(row["date"])
        oldest, *later = spells[newest]
        before = CodeSpell(row["old_code"], oldest.opened, day - dt.timedelta(days=1))
        spells[newest] = [before, oldest._replace(opened=day), *later]
        today[row["old_code"]] = newest
    return Areas.of(
        {
            code: Authority(
                code,
                row["authority_name"],
                row["department_code"],
                opened=spells[code][0].opened,
                closed=spells[code][-1].closed,
                region_code=row["region_code"],
                codes=tuple(spells[code]),
            )
            for _, row in authorities.rows
            if (code := row["authority_code"])
        }
    )


def authority_rows(areas: Areas) -> list[dict[str, object]]:
    """Rows of ``authorities.csv``, by name.

    Parameters
    ----------
    areas
        The authorities.

    Returns
    -------
    list[dict[str, object]]
    """
    return [
        {
            "authority_code": a.code,
            "authority_name": a.name,
            "department_code": a.department_code,
            "region_code": a.region_code,
            "region": REGIONS[a.region_code],
            "sub_region_code": areas.sub_regions.get(a.code, ""),
            "sub_region": SUB_REGIONS.get(areas.sub_regions.get(a.code, ""), ""),
            "opened": a.opened.isoformat(),
            "closed": a.closed.isoformat() if a.closed else "",
            "tile_column": areas.tiles.get(a.code, ("", ""))[0],
            "tile_row": areas.tiles.get(a.code, ("", ""))[1],
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

    Parameters
    ----------
    areas
        The authorities.
    kept
        The file as it is; None where there is none.

    Returns
    -------
    list[dict[str, object]]
        By date.

    Raises
    ------
    DataProblem
        A row kept by hand is no split or merger, or names nothing new.
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
        require_columns(kept, ("kind", "old_code", "new_code", "new_name", "date", "note"))
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
    """Rows of ``neighbours.csv`` from the department's wide file.

    Parameters
    ----------
    table
        Columns ``old_la_code``, ``SN_1`` to ``SN_10`` and ``SN_1P`` to ``SN_10P``.
    areas
        The authorities.

    Returns
    -------
    list[dict[str, object]]
        ``authority_code``, ``place`` (1 to 10), ``neighbour_code``, ``closeness``.

    Raises
    ------
    DataProblem
        A code is unknown, or a column missing.
    """
    require_columns(table, ("old_la_code", *(f"SN_{i}" for i in range(1, 11)), *(f"SN_{i}P" for i in range(1, 11))))
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
