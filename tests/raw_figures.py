"""Uploads with small counts that cannot be mistaken for other numbers, and a search for them in what viewers receive."""

import base64
import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pypdfium2

from careleavers.intake.model import KEY
from careleavers.outdated_rows import LOCAL_LAYERS
from careleavers.store import NewUpload, Store
from careleavers.versions import Versions
from tests.store.samples import ADMINISTRATOR, KENT, KENT_OFFICER, LEEDS, LEEDS_OFFICER, figure, frame

# A word that no viewer may see, in the notes of rows and uploads and in file names. The council's name follows it.
TELLTALE = "telltale"
NUMBERS = ["numerator", "denominator", "value"]
# April 2025 to June 2026.
ENDS = [dt.date(2025, 6, 30), dt.date(2025, 9, 30), dt.date(2025, 12, 31), dt.date(2026, 3, 31), dt.date(2026, 6, 30)]
_FAMILIES = {
    "activity": ("eet", "neet", "activity_not_known"),
    "accommodation": ("suitable_accommodation", "unsuitable_accommodation", "accommodation_not_known"),
    "touch": ("in_touch", "not_in_touch", "refuses_contact", "no_longer_requires_services"),
    "custody": ("in_custody",),
    "lodging": ("bed_and_breakfast",),
    "health": ("health_history_given",),
}


@dataclass
class _Council:
    """Makes a council's figures, with counts of six digits except for the small ones."""

    area: str
    name: str
    chance: np.random.Generator
    counts: dict[tuple[str, str, int], list[int]] = field(default_factory=dict)

    def of_quarter(self, family: str, age_group: str, quarter: int) -> list[int]:
        """The counts of a family's members, and the remainder of the denominator for a family that does not add up."""
        key = family, age_group, quarter
        if key not in self.counts:
            size = max(len(_FAMILIES[family]), 2)
            big = [int(n) for n in self.chance.integers(100_000, 300_000, size)]
            if quarter != 1 or len(_FAMILIES[family]) == 1:
                big[size - 1 if len(_FAMILIES[family]) > 1 else 0] = int(self.chance.integers(1, 6))
            self.counts[key] = big
        return self.counts[key]

    def rows(self, quarters: Iterable[int], basis: str, **more: Any) -> Iterator[dict[str, Any]]:
        """All measures of the quarters together, as figures of the last one."""
        quarters = list(quarters)
        for family, members in _FAMILIES.items():
            for age_group in ("17-18", "19-21"):
                counts = np.sum([self.of_quarter(family, age_group, quarter) for quarter in quarters], axis=0)
                base = float(counts.sum())
                for member, count in zip(members, counts.tolist(), strict=False):
                    yield figure(
                        100 * count / base, indicator=member, age_group=age_group, area_code=self.area,
                        period_end=ENDS[quarters[-1]], basis=basis, numerator=float(count), denominator=base,
                        frequency="year" if basis == "full_year" else "quarter", target=61.7,
                        note=f"{TELLTALE} {self.name} note of row", **more,
                    )  # fmt: skip


def _upload(name: str, rows: Iterable[dict[str, Any]]) -> NewUpload:
    """``name`` is the council and the number of the upload."""
    figures = frame(*rows)
    return NewUpload(
        kind="local", layout="long", layer=figures["layer"].iloc[0], file_name=f"{TELLTALE} {name} file.csv",
        content=f"{TELLTALE} {name} content\n{figures.to_csv()}".encode(), figures=figures, note=f"{TELLTALE} {name} note of upload",
    )  # fmt: skip


def fill(store: Store) -> None:
    """Eight entries: quarters, year to date and full year, provisional and final, two councils, one taken back."""
    chance = np.random.default_rng(7)
    leeds, kent = _Council(LEEDS, "leeds", chance), _Council(KENT, "kent", chance)
    store.accept(_upload("leeds one", leeds.rows([0], "quarter")), LEEDS_OFFICER)
    store.accept(_upload("kent two", kent.rows([0], "quarter")), KENT_OFFICER)
    store.accept(
        _upload("leeds three", [*leeds.rows([1], "quarter"), *leeds.rows([0, 1], "year_to_date")]),
        LEEDS_OFFICER,
    )
    store.accept(_upload("leeds four", leeds.rows([0], "quarter", layer="final")), LEEDS_OFFICER)
    year = [row for quarter in (1, 2, 3) for row in kent.rows([quarter], "quarter")]
    store.accept(_upload("kent five", [*year, *kent.rows(range(4), "full_year")]), KENT_OFFICER)
    store.accept(_upload("leeds six", leeds.rows([4], "quarter")), LEEDS_OFFICER)
    store.withdraw(2, KENT_OFFICER, f"{TELLTALE} kent reason")
    # Waiting for a second person, so nobody may see any of it.
    store.accept(
        _upload("kent eight", _Council(KENT, "kent", chance).rows([4], "quarter")), ADMINISTRATOR, proposed=True
    )


class Secrets:
    """What each version hides from viewers, and a search for it in any text."""

    def __init__(
        self, raw: pd.DataFrame, shown: pd.DataFrame, word: str = TELLTALE, few: int = 10, multiples: bool = False
    ) -> None:
        """``raw`` is every figure ever uploaded, ``shown`` those that viewers see in some version, ``word`` the telltale word.

        ``few`` is the least number of small counts that there must be. ``multiples`` of five are searched for only on
        request: figures shown are multiples of five too, so finding one proves nothing.
        """
        seen = {float(number) for column in NUMBERS for number in shown[column].dropna()}
        exact, whole = set[float](), set[int]()
        both = raw.merge(shown[[*KEY, "release", *NUMBERS]], on=[*KEY, "release"], how="left", suffixes=("", "_shown"))
        # Search for figures that the versions show with another value or not at all, the small counts among them.
        small = both[both["numerator"].between(1, 4)]
        assert len(small) >= few
        assert not small["numerator_shown"].between(1, 4).any()
        other = (both["numerator"] != both["numerator_shown"]) | (both["denominator"] != both["denominator_shown"])
        for row in both[other].to_dict("records"):
            n, d, value = row["numerator"], row["denominator"], row["value"]
            exact |= {value, 100 - value, value / 100, 1 - value / 100}
            whole |= {int(number) for number in (n, d, d - n) if number >= 100_000 and (multiples or number % 5)}
        self.hidden = int(other.sum())
        self.exact, self.whole = exact - seen, whole - {int(number) for number in seen}
        self.word = word
        self._rounded: dict[int, set[str]] = {}

    def found(self, text: str) -> list[str]:
        """The hidden things that a text reveals: counts, shares with seven digits or more, words from uploads."""
        # Hashes name messages and files, and a count can occur in one by chance.
        told = re.sub(r"\b[0-9a-f]{32,}\b", " ", re.sub(r"(?<=\d),(?=\d{3}\b)", "", text))
        tokens = set(re.findall(r"\d+(?:\.\d+)?", told))
        found = [token for token in tokens if self._tells(token)]
        return found + [text[max(0, at - 30) : at + 40] for at in (text.lower().find(self.word),) if at >= 0]

    def _tells(self, token: str) -> bool:
        whole, _, decimals = token.partition(".")
        if not decimals:
            return len(whole) >= 6 and int(whole) in self.whole
        # With fewer digits, some of 50,000 official figures match a hidden one by chance.
        if len(token.replace(".", "").lstrip("0")) < 7:
            return False
        places = len(decimals)
        if places not in self._rounded:
            self._rounded[places] = {f"{number:.{places}f}" for number in self.exact}
        return token in self._rounded[places]


def secrets(
    versions: Versions, area: str | None = None, word: str = TELLTALE, at: Iterable[int] | None = None
) -> Secrets:
    """The figures that viewers may not see in any of the versions ``at`` (default: in any version).

    Only those of ``area`` if one is given; ``word`` is the telltale word in its uploads.
    """
    store = versions.store
    last = store.version()
    raw = pd.concat([store.figures(number, layers=LOCAL_LAYERS) for number in range(1, last + 1)])
    shown = pd.concat([local(versions, number) for number in at or range(1, last + 1)])
    proposed = store._database.read(
        lambda connection: connection.execute(
            "SELECT * FROM store.figures WHERE upload IN (SELECT upload FROM store.ledger WHERE action = 'proposed')"
        ).df()
    )
    raw = pd.concat([raw, proposed]).drop_duplicates([*KEY, "release"])
    raw = raw if area is None else raw[raw["area_code"] == area]
    return Secrets(raw, shown[shown["numerator"].notna()].drop_duplicates([*KEY, "release"]), word)


def local(versions: Versions, number: int) -> pd.DataFrame:
    """The local figures that viewers see of a version."""
    with versions.select_version(number)._cursor() as cursor:
        return cursor.execute("SELECT * FROM figures WHERE layer <> 'published' ORDER BY ALL").df()


# ---------------------------------------------------------------------- reading what is sent


def sent_text(message: Any) -> str:
    """The whole content of a message to a browser: texts, and the tables and chart numbers packed in it."""
    return "\n".join(_texts(message))


def _texts(message: Any) -> Iterator[str]:
    for _, held in message.ListFields():
        for one in held.values() if hasattr(held, "values") else held if _is_many(held) else [held]:
            if isinstance(one, str):
                yield one
                yield from _packed(one)
            elif isinstance(one, bytes):
                yield _bytes_text(one)
            elif hasattr(one, "ListFields"):
                yield from _texts(one)
            else:
                yield repr(one)


def _is_many(held: Any) -> bool:
    return not isinstance(held, (str, bytes)) and hasattr(held, "__len__")


def _packed(text: str) -> Iterator[str]:
    """The numbers of a chart, which are arrays of bytes."""
    for kind, packed in re.findall(r'"dtype":\s*"(\w+)",\s*"bdata":\s*"([^"]+)"', text):
        yield " ".join(map(repr, np.frombuffer(base64.b64decode(json.loads(f'"{packed}"')), dtype=kind).tolist()))
    for packed, kind in re.findall(r'"bdata":\s*"([^"]+)",\s*"dtype":\s*"(\w+)"', text):
        yield " ".join(map(repr, np.frombuffer(base64.b64decode(json.loads(f'"{packed}"')), dtype=kind).tolist()))


def _bytes_text(content: bytes) -> str:
    try:
        return pa.ipc.open_stream(content).read_all().to_pandas().to_csv(sep="\t", index=False)
    except pa.ArrowInvalid:
        return content.decode("utf-8", errors="replace")


def table_text(frame: pd.DataFrame) -> str:
    """A table as text in which no separator could be one of thousands."""
    return frame.to_csv(sep="\t", index=False)


def file_text(content: bytes) -> str:
    """The content of a downloaded file: the cells of a CSV, all parts of a workbook, the words of a PDF."""
    if content.startswith(b"%PDF"):
        with pypdfium2.PdfDocument(content) as document:
            return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    if not content.startswith(b"PK"):
        return "\n".join("\t".join(row) for row in csv.reader(io.StringIO(content.decode("utf-8"))))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())
