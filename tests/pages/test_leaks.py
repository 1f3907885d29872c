"""No page sends raw figures of Leeds to a viewer or an officer of Kent: in no element, chart or file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import ForwardMsgQueue

from careleavers.access.people import Person
from careleavers.figures.warehouse import Warehouse
from careleavers.ui import access, upload_template, widgets
from careleavers.ui.pages import PAGES
from careleavers.wording.exports import csv_bytes
from tests import upload_service
from tests.raw_figures import TELLTALE, Secrets, file_text, fill, local, secrets, sent_text
from tests.store.samples import KENT, KENT_OFFICER, LEEDS, LEEDS_OFFICER, VIEWER

# Every upload needs two people, so that uploads waiting for approval are covered too.
ACCESS = {
    "approval": "second-person",
    "people": [
        {"issuer": who.issuer, "subject": who.subject, "name": who.name, "role": who.role, "authorities": [area]}
        for who, area in ((LEEDS_OFFICER, LEEDS), (KENT_OFFICER, KENT))
    ],
}
# Measures with small counts of each kind, every basis, and earlier versions, with the parameters that pages read.
VIEWS: list[tuple[str, dict[str, str]]] = [
    *((entry.name, {}) for entry in PAGES),
    ("local_figures", {"indicator": "neet", "age": "17-18", "basis": "year_to_date", "councils": "Kent"}),
    ("local_figures", {"indicator": "in_custody", "age": "19-21", "councils": KENT, "as_at": "1"}),
    ("local_figures", {"indicator": "no_longer_requires_services", "age": "19-21", "as_at": "3"}),
    ("local_figures", {"indicator": "bed_and_breakfast", "age": "17-18", "councils": "Kent", "as_at": "4"}),
    ("local_figures", {"authority": "Kent", "indicator": "in_custody", "basis": "full_year", "councils": "Leeds"}),
    ("trends", {"indicator": "in_custody", "age": "19-21", "others": "Kent", "neighbours": "charts"}),
    ("trends", {"indicator": "neet", "age": "17-18", "as_at": "6"}),
    ("build_your_own", {"measures": "in_custody.19-21,neet.19-21", "areas": f"{LEEDS},{KENT}", "table": "long"}),
    *(("history", {"upload": str(upload), "of": "all"}) for upload in (1, 8)),
    ("history", {"upload": "6", "as_at": "6", "of": "all"}),
    ("upload", {"upload": "1", "as_at": "3", "layer": "final"}),
]
# Of pages that are no officer's, one view: what they do for an officer does not depend on what is chosen.
OF_AN_OFFICER = [
    (name, chosen)
    for name, chosen in VIEWS
    if not chosen or name in {"history", "upload"} or chosen.get("authority") == "Kent"
]


@dataclass
class Sent:
    """Everything sent to one visitor's browser, and the files behind its download buttons."""

    messages: list[Any] = field(default_factory=list)
    files: list[Callable[[], bytes]] = field(default_factory=list)

    def text(self) -> str:
        return "\n".join([*map(sent_text, self.messages), *(file_text(make()) for make in self.files)])


@pytest.fixture(scope="module")
def uploads(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[upload_service.Council]:
    """Two councils' uploads with small counts, and the pages that show them."""
    with upload_service.open_pages(tmp_path_factory.mktemp("raw"), warehouse) as made:
        fill(made.store)
        yield made


@pytest.fixture(scope="module")
def hidden(uploads: upload_service.Council) -> Secrets:
    """The hidden figures of both councils."""
    return secrets(uploads.versions)


@pytest.fixture(scope="module")
def of_leeds(uploads: upload_service.Council) -> Secrets:
    """The hidden figures of Leeds only, because Kent's officer may see Kent's."""
    return secrets(uploads.versions, LEEDS, f"{TELLTALE} leeds")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Collects while pages run, including what a page sends first and replaces later."""
    kept = Sent()
    enqueue, download = ForwardMsgQueue.enqueue, st.download_button

    def enqueued(queue: ForwardMsgQueue, message: Any) -> None:
        kept.messages.append(message)
        enqueue(queue, message)

    def offered(label: str, data: Any, *args: Any, **kwargs: Any) -> Any:
        kept.files.append(data if callable(data) else partial(bytes, data))
        return download(label, data, *args, **kwargs)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", enqueued)
    monkeypatch.setattr(st, "download_button", offered)
    # Files are made after the run. A server then still knows who is signed in, but in this test nobody is by then.
    monkeypatch.setattr(access, "with_current_role", lambda who: who)
    return kept


@pytest.fixture
def plain_workbooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send what workbooks are made from: making one takes longer than opening its page.

    It has the cells of the CSV (tests/test_downloads.py). Real ones are searched in the last test.
    """
    monkeypatch.setattr(widgets, "xlsx_bytes", lambda table, about, title: csv_bytes(table, {**about, "Title": title}))


@pytest.fixture(scope="module", autouse=True)
def one_template() -> Iterator[None]:
    """The Upload page makes a template each time it is drawn: make it once for the same contents."""
    made: dict[tuple[Any, ...], bytes] = {}
    real = upload_template.template_xlsx

    def template_xlsx(asked: Any, indicators: pd.DataFrame, *more: Any, **chosen: Any) -> bytes:
        key = (*asked, indicators.to_csv(), *more, *chosen.items())
        if key not in made:
            made[key] = real(asked, indicators, *more, **chosen)
        return made[key]

    with patch.object(upload_template, "template_xlsx", template_xlsx):
        yield


def opened(name: str, who: Person | None, **query: str) -> AppTest:
    return upload_service.page(name, who, access=ACCESS, **{"authority": "Leeds", **query})


def label(view: tuple[str, dict[str, str]]) -> str:
    return " ".join([view[0], *(f"{key}={value}" for key, value in view[1].items())])


@pytest.mark.parametrize("view", VIEWS, ids=label)
def test_no_page_sends_a_viewer_anything_raw(
    uploads: upload_service.Council,
    hidden: Secrets,
    sent: Sent,
    plain_workbooks: None,
    view: tuple[str, dict[str, str]],
) -> None:
    opened(view[0], VIEWER, **view[1])
    assert len(sent.messages) > 10
    assert not hidden.found(sent.text())


@pytest.mark.parametrize("view", OF_AN_OFFICER, ids=label)
def test_no_page_sends_another_councils_officer_anything_raw(
    uploads: upload_service.Council,
    of_leeds: Secrets,
    sent: Sent,
    plain_workbooks: None,
    view: tuple[str, dict[str, str]],
) -> None:
    opened(view[0], KENT_OFFICER, **view[1])
    assert not of_leeds.found(sent.text())


def test_a_file_about_leeds_tells_an_officer_of_kent_nothing_of_what_is_held(
    uploads: upload_service.Council, of_leeds: Secrets, sent: Sent
) -> None:
    """Checks and preview compare a file with the figures held for the officer's own authorities only."""
    rows = [
        upload_service.row(
            count, 1000, authority_code=code, authority_name=name, indicator=indicator, age_group="19-21", period=period,
            basis="quarter",
        )
        for code, name in ((LEEDS, "Leeds"), (KENT, "Kent"))
        for indicator, count in (("eet", 900), ("neet", 90), ("in_custody", 700), ("no_longer_requires_services", 600))
        for period in ("2025/26 Q1", "2025/26 Q2", "2026/27 Q1")
    ]  # fmt: skip
    for about in (rows, [row for row in rows if row["authority_code"] == LEEDS]):
        at = opened("upload", KENT_OFFICER, authority="Kent")
        at.file_uploader[0].set_value(("quarters.csv", upload_service.table(*about), "text/csv")).run()
        assert "you may not upload for" in upload_service.said(at)
    assert not of_leeds.found(sent.text())


@pytest.mark.parametrize("name", ["upload", "history"])
def test_whoever_has_not_signed_in_gets_nothing_from_the_pages_of_officers(
    uploads: upload_service.Council, hidden: Secrets, sent: Sent, name: str
) -> None:
    opened(name, None, upload="1")
    assert not sent.files
    assert not hidden.found(sent.text())


def test_the_search_finds_what_the_officer_of_leeds_is_sent(
    uploads: upload_service.Council, hidden: Secrets, of_leeds: Secrets, sent: Sent
) -> None:
    """Checks these tests: raw figures sent to others would be found, in tables, files and notes."""
    at = opened("history", LEEDS_OFFICER, upload="6")
    at.selectbox(key=f"_values_measure_{LEEDS}").select(("in_custody", "19-21")).run()
    words = "\n".join(map(sent_text, sent.messages))
    files = "\n".join(file_text(make()) for make in sent.files)
    for secret in (hidden, of_leeds):
        for text in (words, files):
            found = secret.found(text)
            assert [one for one in found if one.isdecimal()], "a count"
            assert [one for one in found if TELLTALE in one], "a note or the name of a file"


def test_the_search_reads_charts_tables_and_files(uploads: upload_service.Council, sent: Sent) -> None:
    """Checks these tests: the numbers of Leeds that may be shown are found wherever they are sent."""
    rows = local(uploads.versions, uploads.store.version())
    rows = rows[(rows["area_code"] == LEEDS) & (rows["basis"] == "quarter") & rows["numerator"].notna()]
    one = rows.sort_values("period_end").iloc[-1]
    opened("local_figures", VIEWER, indicator=one["indicator"], age=one["age_group"], basis="quarter")
    none = rows.assign(numerator=None, denominator=None, value=None)
    shown = Secrets(rows, none, few=0, multiples=True)
    for kind in ("plotly_chart", "html"):
        of_kind = [message for message in sent.messages if message.delta.new_element.HasField(kind)]
        assert shown.found("\n".join(map(sent_text, of_kind))), kind
    assert len(sent.files) == 4
    assert all(shown.found(file_text(make())) for make in sent.files)
