"""The shell and the shared choices, without a browser."""

import asyncio
import datetime as dt
import logging
import re
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest
import streamlit as st
from starlette.responses import PlainTextResponse
from streamlit.testing.v1 import AppTest

from careleavers.errors import CareLeaversError, UnknownChoice
from careleavers.ui import failures, figures, footer, selection
from careleavers.ui.server.front_end import FrontEnd
from careleavers.ui.server.headers import content_security_policy
from careleavers.ui.server.paths import is_page as is_a_page
from careleavers.ui.server.unknown_paths import UnknownPaths

ROOT = Path(__file__).resolve().parents[1]
SHELL = str(ROOT / "careleavers" / "ui" / "shell.py")


def shell(**query: str) -> AppTest:
    at = AppTest.from_file(SHELL, default_timeout=30)
    for key, value in query.items():
        at.query_params[key] = value
    return at.run()


def words(at: AppTest) -> str:
    elements = [*at.markdown, *at.title, *at.header, *at.warning, *at.error]
    return "\n".join(str(element.value) for element in elements)


def test_nothing_is_chosen_at_first_and_the_home_page_invites() -> None:
    at = shell()
    assert not at.exception
    assert at.selectbox(key="authority").value is None
    assert at.selectbox(key="against").value == "Statistical neighbours"
    assert "How are England’s care leavers doing?" in words(at)


def test_current_authorities_come_first_and_names_are_unique() -> None:
    options = shell().selectbox(key="authority").options
    assert len(options) == len(set(options))
    assert options.index("York") < options.index("Dorset (to 2019)")
    assert "Barnsley" in options


def test_a_link_with_a_name_and_one_with_a_code_open_the_same() -> None:
    for value in ("Leeds", "E08000035", "leeds"):
        assert shell(authority=value).selectbox(key="authority").value == "Leeds", value


def test_a_link_with_a_code_that_was_given_up_opens_the_authority_of_today() -> None:
    assert shell(authority="E08000016").selectbox(key="authority").value == "Barnsley"


def test_an_unknown_authority_is_named_and_the_notice_ends_with_a_choice() -> None:
    at = shell(authority="Xyz")
    assert at.selectbox(key="authority").value is None
    assert "The link asked for the authority “Xyz”, which is not one we know." in at.warning[0].value
    at.selectbox(key="authority").select("Kent").run()
    assert not at.warning


def test_a_link_may_name_the_comparator_by_word_or_code() -> None:
    assert shell(against="england").selectbox(key="against").value == "England"
    at = shell(against="Mars")
    assert at.selectbox(key="against").value == "Statistical neighbours"
    assert "Mars" in at.warning[0].value


def test_a_long_wrong_value_is_cut_and_is_not_markup() -> None:
    text = shell(authority="x" * 500 + "<script>").warning[0].value
    assert len(text) < 250
    assert "`" not in shell(authority="`a` **b**").warning[0].value.replace("\\`", "")


def test_the_choice_is_kept_on_other_pages() -> None:
    at = shell(authority="Leeds", against="England")
    at.switch_page(str(ROOT / "pages" / "definitions.py")).run()
    assert at.selectbox(key="authority").value == "Leeds"
    assert at.selectbox(key="against").value == "England"
    assert not at.exception


def foot(name: str, **query: str) -> str:
    """The footer's text about a page's sources; "" if it names none."""
    at = shell(**query).switch_page(str(ROOT / "pages" / f"{name}.py")).run()
    said = [str(e.value) for e in at.markdown if str(e.value).startswith("**Sources:**")]
    assert len(said) <= 1
    return said[0] if said else ""


def test_the_foot_names_the_sources_of_its_page_and_no_others() -> None:
    looked_after, workforce, tool = "Children looked after", "Workforce", "LAIT"
    said = foot("compare", authority="Leeds", indicator="eet")
    assert f"[{looked_after}](https://" in said
    assert "Nov 2025" in said
    assert "expected" not in said  # the next release is named only when it is due or late
    assert workforce not in said
    assert tool not in said
    # Already drawn by this process, so the footer's sources come from the cache and must be the same.
    assert foot("compare", authority="Leeds", indicator="eet") == said
    assert workforce in foot("compare", authority="Leeds", indicator="caseload")
    assert looked_after not in foot("workforce", authority="Leeds")
    both = foot("together", authority="Leeds")
    assert looked_after in both
    assert workforce in both
    # As many as stand on one line; the list of all sources has the others.
    many = foot("at_a_glance", authority="Leeds")
    assert f"[{looked_after}]" in many
    assert re.search(r"; and [1-9] more\. ", many)
    assert len(re.sub(r"\]\([^)]*\)|[\[\]\\*]", "", many)) <= 9 + footer._LINE
    # The table of measures behind the headlines has no picture of its own that would name its source.
    with patch.object(footer, "_LINE", 500):
        figures.clear_caches()
        assert "[Homelessness]" in foot("at_a_glance", authority="Leeds")
    figures.clear_caches()


def test_a_release_that_is_due_or_late_is_said_so_in_the_foot() -> None:
    assert footer._publication(["2025"], "cla", late=True).endswith(r", Nov 2025\*")
    # Of several releases the newest is named; the list of all sources has the others.
    assert footer._publication(["2024", "2025"], "cla", late=False).endswith(", Nov 2025")


def test_a_page_without_figures_names_no_source() -> None:
    assert foot("accessibility", authority="Leeds") == ""
    assert "**Sources:**" in foot("at_a_glance")  # England's page has figures


def filters() -> None:
    from careleavers.ui import notices, state

    chosen = state.choose(
        "age_group", "Age", {"17-18": "17 to 18", "19-21": "19 to 21"}, default="19-21", what="age group"
    )
    notices.show()
    import streamlit as st

    st.write(f"chosen {chosen}")


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [(None, "19-21"), ("17 to 18", "17-18"), ("17-18", "17-18"), ("19-21", "19-21"), ("5", "19-21")],
)
def test_a_pages_own_choice_reads_labels_and_codes(asked: str | None, chosen: str) -> None:
    at = AppTest.from_function(filters)
    if asked:
        at.query_params["age_group"] = asked
    at.run()
    assert not at.exception
    assert at.markdown[0].value == f"chosen {chosen}"
    assert bool(at.warning) == (asked == "5")


def test_a_kept_choice_that_is_no_longer_offered_gives_the_default() -> None:
    at = AppTest.from_function(filters)
    at.session_state["age_group"] = "22"
    at.run()
    assert not at.exception
    assert at.markdown[0].value == "chosen 19-21"


def test_the_words_for_a_comparator() -> None:
    chosen = selection.Selection("E08000035", "Leeds", "region", region="Yorkshire and The Humber")
    assert chosen.against_words == "Yorkshire and The Humber"
    assert selection.Selection(None, None, "neighbours").against_words == "its statistical neighbours"


def test_what_a_person_can_mend_is_shown_as_it_is() -> None:
    assert failures.sentence(UnknownChoice("There is no indicator “abc”.")) == "There is no indicator “abc”."


def test_anything_else_is_logged_in_full_and_shown_by_reference(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("careleavers").propagate = True
    with caplog.at_level(logging.ERROR):
        text = failures.sentence(ZeroDivisionError("secret detail"))
    assert "secret" not in text
    reference = text.rstrip(".").split()[-1]
    assert reference in caplog.text
    assert "secret detail" in caplog.text


def test_a_failing_page_still_has_its_shell_and_footer() -> None:
    with patch("careleavers.ui.notices.show", side_effect=CareLeaversError("A plain sentence.")):
        at = shell(authority="Leeds")
    assert at.error[0].value == "A plain sentence."
    assert not at.exception
    assert "Open Government Licence" in words(at)


def test_without_figures_there_is_one_calm_sentence() -> None:
    with patch("careleavers.ui.figures.versions", side_effect=CareLeaversError("data/x.csv, line 3: broken")):
        at = shell()
    assert not at.exception
    assert "could not be loaded" in at.error[0].value
    assert "x.csv" not in words(at)


def test_the_footer_dates_and_words() -> None:
    assert footer._day("2025-11-20") == "20 November 2025"
    assert footer._day(dt.date(2025, 9, 5)) == "5 September 2025"
    assert footer._day("November 2025") == "November 2025"
    assert footer._day(pd.NaT) == ""
    assert footer._short("20 November 2025") == "Nov 2025"
    assert footer._short("May 2026") == "May 2026"


def test_the_first_page_is_ours_and_fetches_no_unused_font() -> None:
    front = FrontEnd(Path(st.__file__).parent / "static")
    html = front.index
    assert "<title>Care leaver outcomes</title>" in html
    assert 'as="font"' not in html
    assert "_stcore/agent" not in html
    sheet = next(path for path in front._files if path.endswith(".css") and "/index." in path)
    assert b"SourceSansVF-Upright" not in front.content(sheet)
    policy = content_security_policy(html)
    assert "'unsafe-eval'" not in policy
    assert "script-src 'self' 'sha256-" in policy


@pytest.mark.parametrize(
    ("path", "is_page"),
    [
        ("/", True),
        ("/compare", True),
        ("/readyz", False),
        ("/_stcore/health", False),
        ("/media/a.png", False),
    ],
)
def test_what_counts_as_a_page(path: str, is_page: bool) -> None:
    assert is_a_page(path) is is_page


def asked(path: str, query: bytes = b"", method: str = "GET") -> tuple[int, dict[str, str], str]:
    """Status, headers and text of the answer to a path; 200 and "known" where it is handed on."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("known")(scope, receive, send)

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    unknown = UnknownPaths(app, ["at_a_glance", "compare"], ["/readyz"], Path(st.__file__).parent / "static")
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": []}
    asyncio.run(unknown(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]).decode()


@pytest.mark.parametrize(
    "path",
    ["/", "/index.html", "/compare", "/readyz", "/manifest.json", "/_stcore/health", "/static/js/none.js", "/oauth2callback",
     "/auth/login", "/media/a.png"],
)  # fmt: skip
def test_what_there_is_is_answered_as_before(path: str) -> None:
    assert asked(path)[0] == 200


@pytest.mark.parametrize(
    "path", ["/foo", "/foo/bar", "/compare/bar", "/foo/", "//", "/compare.php", "/Compare", "/_stcore"]
)
@pytest.mark.parametrize("prefix", ["", "/leavers"])
def test_where_there_is_nothing_that_is_said(path: str, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careleavers.ui.server.unknown_paths.base_path", lambda: prefix)
    monkeypatch.setattr("careleavers.ui.server.paths.base_path", lambda: prefix)
    status, headers, text = asked(prefix + path)
    assert status == 404
    assert headers["content-type"].startswith("text/html")
    assert text.count("There is no page at this address") == 1
    assert f'<a href="{prefix}/">home page</a>' in text
    assert "foo" not in text


@pytest.mark.parametrize("prefix", ["", "/leavers"])
def test_a_slash_after_a_page_leads_to_the_page(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careleavers.ui.server.unknown_paths.base_path", lambda: prefix)
    monkeypatch.setattr("careleavers.ui.server.paths.base_path", lambda: prefix)
    status, headers, _ = asked(f"{prefix}/compare/", b"authority=Leeds")
    assert (status, headers["location"]) == (308, f"{prefix}/compare?authority=Leeds")
    assert asked(f"{prefix}/compare/", method="POST")[0] == 404
