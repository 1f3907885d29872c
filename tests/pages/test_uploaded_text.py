"""Hostile words in uploads, on every page that shows them: in elements, charts and downloads."""

import re
from collections.abc import Iterator

import pytest

from careleavers.figures.warehouse import Warehouse
from tests.pages.opened import check
from tests.pages.test_leaks import Sent, plain_workbooks, sent  # noqa: F401
from tests.upload_service import ANN, EVE, LEEDS, Council, open_pages, page, row, table

LINK = "[sign in again](https://evil.example/login)"
HTML = "<a href='https://evil.example/a'>here</a> <b>now</b> <script>alert(1)</script> www.evil.example"
DEFINITION = f"## Session ended {LINK} {HTML} **now** $x$ :red[stop] ![x](https://evil.example/x.png)"
# None of these may reach a browser or a file through uploaded text.
ALIVE = re.compile(
    r"\]\(https?:?//evil|://evil|www\.evil|<a href=.https?.{0,3}//evil|<b>now|<script>alert|\*\*now|:red\[stop|## Session",
    re.IGNORECASE,
)
PAGES: list[tuple[str, dict[str, str]]] = [
    ("definitions", {}),
    ("definitions", {"indicator": "phish"}),
    ("definitions", {"find": "session"}),
    ("local_figures", {"authority": "Leeds", "indicator": "phish", "age": "19-21"}),
    ("trends", {"authority": "Leeds", "indicator": "phish", "age": "19-21"}),
    ("compare", {"authority": "Leeds", "indicator": "phish"}),
    ("build_your_own", {"measures": "phish.19-21", "areas": LEEDS}),
    ("inspections", {"authority": "Leeds"}),
    ("at_a_glance", {"authority": "Leeds"}),
    ("map", {"indicator": "phish"}),
    ("spread", {"indicator": "phish"}),
    ("upload", {"authority": "Leeds"}),
]


@pytest.fixture(scope="module")
def council(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    with open_pages(tmp_path_factory.mktemp("words"), warehouse) as made:
        catalogue = {
            "id": "phish", "title": f"Your sign-in has run out {LINK}", "short_title": "<b>now</b> " + LINK,
            "phrase": "{value} <b>now</b> " + LINK, "definition": DEFINITION, "polarity": "high", "age_groups": "19-21",
            "numerator_counts": HTML, "denominator_counts": HTML, "caveats": DEFINITION, "statutory_return": LINK,
        }  # fmt: skip
        made.accept(table(catalogue, header=tuple(catalogue)), ANN, name="ours.csv")
        event = {
            "authority_code": LEEDS, "inspection_type": f"Focused visit {HTML}"[:200], "inspection_date": "2025-10-14",
            "theme": LINK, "note": HTML, "source": LINK,
        }  # fmt: skip
        made.accept(table(event, header=tuple(event)), ANN, name="visit.csv")
        rows = [row(24 + n, indicator="phish", period=f"2025/26 Q{n}", note=HTML) for n in (1, 2)]
        made.accept(table(*rows, row(24, target=55)), ANN, note=f"{LINK} {HTML}", name="[here](https:evil).csv")
        yield made


@pytest.mark.parametrize("view", PAGES, ids=lambda view: " ".join([view[0], *view[1].values()]))
def test_nothing_of_it_is_alive(
    council: Council,
    sent: Sent,  # noqa: F811
    plain_workbooks: None,  # noqa: F811
    view: tuple[str, dict[str, str]],
) -> None:
    at = page(view[0], ANN if view[0] == "upload" else None, **view[1])
    text = sent.text()
    assert len(sent.messages) > 5
    assert [text[max(found.start() - 60, 0) : found.end() + 30] for found in ALIVE.finditer(text)] == []
    check(at)


def test_the_words_are_there_all_the_same(council: Council, sent: Sent) -> None:  # noqa: F811
    page("definitions", None, indicator="phish")
    assert "(sign in again)(https∶//evil.example/login)" in sent.text()
    # In a real workbook too, and none of it alive.
    page("local_figures", None, authority="Leeds", indicator="phish", age="19-21")
    assert not ALIVE.search(sent.text())


def test_what_officers_read_of_it_is_text(council: Council) -> None:
    for who in (ANN, EVE):
        at = page("history", who, upload="3", authority="Leeds")
        markdown = "\n".join(
            str(each.value) for each in (*at.markdown, *at.warning, *at.info, *at.caption, *at.success)
        )
        assert not ALIVE.search(markdown)
        bodies = "".join(each.proto.body for each in at.get("html") if "<style>" not in each.proto.body)
        assert not re.search(r"<(a|b|script)\b[^>]*>(here|now|alert)", bodies)
        check(at)
