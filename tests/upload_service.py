"""A council's upload service with its own store, for tests of the service and its pages."""

import csv
import datetime as dt
import io
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import streamlit as st
from streamlit.testing.v1 import AppTest

from careleavers import uploads
from careleavers import versions as module
from careleavers.access.people import Person
from careleavers.figures.warehouse import Warehouse, open_warehouse
from careleavers.intake.reference import ReferenceData, reference_data
from careleavers.published import PublishedFigures
from careleavers.store import Entry, open_store
from careleavers.ui import figures
from careleavers.ui.pages import ROOT
from careleavers.uploads import UploadCheck, UploadService
from careleavers.versions import Versions

LEEDS, YORK = "E08000035", "E06000014"
ISSUER = "https://id.example"
ANN = Person(ISSUER, "ann", "Ann Ames", "officer", frozenset({LEEDS}))
LOU = Person(ISSUER, "lou", "Lou Lee", "officer", frozenset({LEEDS}))
YAN = Person(ISSUER, "yan", "Yan York", "officer", frozenset({YORK}))
EVE = Person(ISSUER, "eve", "Eve Ely", "officer", everywhere=True)
VIEWER = Person(ISSUER, "vic", "Vic Vale")
HEADER = (
    "authority_code", "authority_name", "indicator", "age_group", "period", "basis", "numerator", "denominator", "value",
    "target", "note",
)  # fmt: skip


def row(numerator: Any = 24, denominator: Any = 51, **changes: Any) -> dict[str, Any]:
    """One row of a filled-in template: a quarterly figure of Leeds."""
    return {
        "authority_code": LEEDS, "authority_name": "Leeds", "indicator": "eet", "age_group": "19-21",
        "period": "2025/26 Q2", "basis": "quarter", "numerator": numerator, "denominator": denominator,
    } | changes  # fmt: skip


def table(*rows: Mapping[str, Any], header: tuple[str, ...] = HEADER) -> bytes:
    """Rows as a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


# Nothing to fix and nothing to confirm; the last figure rests on two young people.
GOOD = table(
    row(24, target=55),
    row(18, indicator="neet"),
    row(9, indicator="activity_not_known"),
    row(2, indicator="bed_and_breakfast", basis="snapshot"),
)
# Something of each severity: C3 an unknown indicator, G4 no number, G5 exactly none, H6 very few.
BAD = table(
    row(24),
    row(18, indicator="neets"),
    row("abc", indicator="activity_not_known"),
    row(0, 30, indicator="staying_put", age_group="18"),
    row(2, 7, indicator="in_touch"),
)
CATALOGUE = table(
    {"id": "driving_lessons", "title": "Care leavers with driving lessons", "definition": "Lessons that we pay.",
     "polarity": "high", "age_groups": "19-21"},
    header=("id", "title", "definition", "polarity", "age_groups"),
)  # fmt: skip
EVENTS = table(
    {"authority_code": LEEDS, "inspection_type": "Focused visit", "inspection_date": "2025-10-14",
     "theme": "Care leavers", "source": "Letter of 14 November 2025"},
    header=("authority_code", "inspection_type", "inspection_date", "theme", "source"),
)  # fmt: skip


# The checks of first files, so that a file is checked once for all stores without uploads. Keyed by the published figures, the
# day, the file and the person.
_CHECKED: dict[tuple[Any, ...], UploadCheck] = {}


class Council:
    """Versions, an upload service and a store in ``folder``; the published figures are shared."""

    def __init__(self, folder: Path) -> None:
        self.versions = Versions(open_store(str(folder / "uploads.duckdb")))
        self.store = self.versions.store
        self.service = UploadService(self.versions)

    def examine(self, content: bytes = GOOD, person: Person = ANN, **more: Any) -> UploadCheck:
        """A file as the upload service checks it."""
        name, layer = more.pop("name", "quarter.csv"), more.pop("layer", "provisional")
        return self.service.check_file(content, name, person, layer, **more)

    def accept(self, content: bytes = GOOD, person: Person = ANN, *, proposed: bool = False, **more: Any) -> Entry:
        """Accept a file, confirming whatever needs confirming."""
        note = more.pop("note", "")
        check = self.examine if self.store.version() else self._first
        checked = check(content, person, **more)
        return self.service.accept(checked, person, note=note, confirmed=True, proposed=proposed)

    def _first(self, content: bytes, person: Person, **more: Any) -> UploadCheck:
        """A file checked against the published figures alone: the same in every store without uploads."""
        key = (self.versions.newest(), dt.date.today(), content, person, *more.items())
        if key not in _CHECKED:
            _CHECKED[key] = self.examine(content, person, **more)
        return _CHECKED[key]

    def shown(self, area: str = LEEDS) -> dict[str, Any]:
        """The newest local figures as the pages now show them: value by indicator, None where it is hidden."""
        rows = self.versions.newest().query("local_latest", authority=area)
        return {
            row["indicator"]: None if row["status"] in {"c", "few"} else round(row["value"], 1)
            for row in rows.to_dict("records")
        }


# What files are read against where nothing was uploaded, and what is known of the published figures, by those figures:
# gathered once, not for each council.
_REFERENCE: dict[Warehouse, ReferenceData] = {}
_PUBLISHED: dict[Warehouse, PublishedFigures] = {}


def _made_once(warehouse: Warehouse, make: Callable[..., Any], kept: dict[Warehouse, Any]) -> Callable[..., Any]:
    """What ``make`` gives; for this warehouse it is made once and then taken from ``kept``."""

    def made(of: Warehouse, *more: Any) -> Any:
        if of is not warehouse:
            return make(of, *more)
        if of not in kept:
            kept[of] = make(of, *more)
        return kept[of]

    return made


@contextmanager
def shared_reference(warehouse: Warehouse) -> Iterator[None]:
    """Within this context, files are read against reference data gathered once for this warehouse."""
    with patch.object(uploads, "reference_data", _made_once(warehouse, reference_data, _REFERENCE)):
        yield


@contextmanager
def opened(folder: Path, warehouse: Warehouse, data: Path | None = None) -> Iterator[Council]:
    """A council that shares the published figures with the other tests, and what files are read against.

    ``data`` is the folder of those figures, by default the shipped one.
    """

    def shared(folder: Path | None = None, *, added: Any = None) -> Warehouse:
        return warehouse if added is None else open_warehouse(folder or data, added=added)

    with (
        patch.object(module, "open_warehouse", shared),
        patch.object(module, "PublishedFigures", _made_once(warehouse, PublishedFigures, _PUBLISHED)),
        shared_reference(warehouse),
    ):
        yield Council(folder)


def _forget_uploads(published: str) -> None:
    """Forget cached results, except those of the published figures alone, which every council shares."""
    for cache in (figures._answers, figures._drawings):
        with cache._lock:
            for key in [key for key in cache._places if published not in key]:
                del cache._places[key]


@contextmanager
def open_pages(folder: Path, warehouse: Warehouse, data: Path | None = None) -> Iterator[Council]:
    """The same, and the pages of the product work with it."""
    with opened(folder, warehouse, data) as council:
        # Each council begins at version 0, so what is cached of another council's uploads must not be used here.
        _forget_uploads(warehouse.version)
        with (
            patch.object(figures, "versions", lambda: council.versions),
            patch.object(figures, "upload_service", lambda: council.service),
        ):
            yield council
        _forget_uploads(warehouse.version)


AUTH = {
    "redirect_uri": "https://outcomes.example/oauth2callback",
    "cookie_secret": "0123456789abcdefghijklmnopqrstuv",
    "client_id": "dashboard",
    "client_secret": "between us",
    "server_metadata_url": "https://id.example/.well-known/openid-configuration",
}


def _entry(person: Person) -> dict[str, Any]:
    entry = {"issuer": person.issuer, "subject": person.subject, "name": person.name, "role": person.role}
    if person.role == "officer":
        entry["authorities"] = "all" if person.everywhere else sorted(person.authorities)  # type: ignore[assignment]
    return entry


def page(name: str, person: Person | None = ANN, *, access: Mapping[str, Any] | None = None, **query: str) -> AppTest:
    """A page as seen by a signed-in person, or with None by a viewer. ``access`` holds further access settings."""
    at = AppTest.from_file(str(ROOT / "careleavers" / "ui" / "shell.py"), default_timeout=60)
    people = [_entry(each) for each in (ANN, LOU, YAN, EVE)]
    at.secrets = {"auth": AUTH, "access": {"people": people, **(access or {})}}
    at.user = {"is_logged_in": False}
    if person is not None:
        at.user = {
            "is_logged_in": True, "iss": person.issuer, "sub": person.subject, "name": person.name, "exp": time.time() + 600,
        }  # fmt: skip
    return _run(at, name, query)


def page_here(name: str, origin: str = "local", **query: str) -> AppTest:
    """A page without sign-in; ``origin`` is what the server says about where the visit comes from."""
    at = AppTest.from_file(str(ROOT / "careleavers" / "ui" / "shell.py"), default_timeout=60)
    with patch.object(type(st.context), "headers", {"careleavers-origin": origin}):
        return _run(at, name, query)


def _run(at: AppTest, name: str, query: Mapping[str, str]) -> AppTest:
    for key, value in query.items():
        at.query_params[key] = value
    at.switch_page(str(ROOT / "pages" / f"{name}.py"))
    at.run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    """All text of the page, without the escapes for Markdown."""
    elements = [*at.title, *at.header, *at.markdown, *at.info, *at.warning, *at.error, *at.success, *at.caption]
    texts = [str(each.value).replace("\\", "") for each in elements]
    return "\n".join([*texts, *(body for each in at.get("html") if "<style>" not in (body := each.proto.body))])
