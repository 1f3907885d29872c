"""Who is looking and what they may do, page by page, without a browser."""

import ast
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import streamlit as st
from streamlit import config
from streamlit.runtime.secrets import Secrets
from streamlit.testing.v1 import AppTest

from careleavers.ui import access
from careleavers.ui.pages import PAGES

ROOT = Path(__file__).resolve().parents[2]
SHELL = str(ROOT / "careleavers" / "ui" / "shell.py")
ISSUER = "https://id.example"
AUTH = {
    "redirect_uri": "https://outcomes.example/oauth2callback",
    "cookie_secret": "0123456789abcdefghijklmnopqrstuv",
    "client_id": "dashboard",
    "client_secret": "between us",
    "server_metadata_url": "https://id.example/.well-known/openid-configuration",
}
OFFICER = {"issuer": ISSUER, "subject": "s1", "name": "Jo", "role": "officer", "authorities": ["Leeds", "E08000016"]}


@pytest.fixture(autouse=True)
def once_more() -> Iterator[None]:
    """Each test logs problems afresh."""
    access._reference.cache_clear()
    logging.getLogger("careleavers").propagate = True
    yield


def user(subject: str = "s1", lasts: float = 6 * 3600, **more: Any) -> dict[str, Any]:
    return {"is_logged_in": True, "iss": ISSUER, "sub": subject, "name": "Told", "exp": time.time() + lasts, **more}


def secrets(people: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    return {"auth": AUTH, "access": {"people": people or [OFFICER], **more}}


def guarded() -> None:
    import streamlit as st

    from careleavers.ui import access

    who = access.need_officer("upload figures")
    st.write(f"in: {who.role} {who.name} {sorted(who.authorities)} {access.approval()}")


def opened(
    script: Any = guarded,
    secret: dict[str, Any] | None = None,
    who: dict[str, Any] | None = None,
    origin: str | None = None,
    page: str = "",
) -> AppTest:
    """A page as somebody sees it; ``origin`` is what the server says about where the visit comes from."""
    at = (
        AppTest.from_function(script, default_timeout=60)
        if callable(script)
        else AppTest.from_file(script, default_timeout=60)
    )
    at.secrets = secret or {}
    at.user = who if who is not None else {"is_logged_in": False}
    if page:
        at.switch_page(str(ROOT / "pages" / f"{page}.py"))
    headers = {} if origin is None else {"careleavers-origin": origin}
    with patch.object(type(st.context), "headers", headers):
        at.run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    elements = [*at.title, *at.header, *at.markdown, *at.info, *at.warning, *at.error, *at.code]
    return "\n".join(str(element.value) for element in elements)


def test_an_officer_comes_in_with_their_authorities() -> None:
    at = opened(secret=secrets(approval="second-person"), who=user())
    assert "in: officer Jo ['E08000035', 'E08000038'] second-person" in words(at)
    assert access.LOCAL_NOTICE not in words(at)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (user("s2"), "you need the role of an officer, which Told does not have"),
        (user(iss="https://elsewhere.example"), "which Told does not have"),
        (user("s2", name="**Jo** <b>"), r"which \*\*Jo\*\* \<b\> does not have"),
        (user("s2", name=None, email="jo@council.example"), r"which jo@council.example does not have"),
        (user("s2", name=None), "which Somebody without a name does not have"),
        ({"is_logged_in": False}, "To upload figures, sign in as an officer."),
        ({}, "To upload figures, sign in as an officer."),
        (user(is_logged_in="true"), "To upload figures, sign in as an officer."),
        (user(sub=""), "To upload figures, sign in as an officer."),
        (user(sub=None), "To upload figures, sign in as an officer."),
        (user(iss=7), "To upload figures, sign in as an officer."),
        ({**user(), "is_logged_in": False}, "To upload figures, sign in as an officer."),
        (user(lasts=-1), "Your sign-in has run out"),
        (user(exp=None), "Your sign-in has run out"),
        (user(exp="never"), "Your sign-in has run out"),
    ],
)
def test_everybody_else_stays_out_and_is_told_why(who: dict[str, Any], said: str) -> None:
    at = opened(secret=secrets(), who=who)
    assert "in: " not in words(at)
    assert said in words(at)


def test_somebody_without_a_role_is_told_what_to_pass_on() -> None:
    assert 'issuer = "https://id.example"\nsubject = "a\\"b"' in words(opened(secret=secrets(), who=user('a"b')))


def test_a_sign_in_that_has_run_out_is_ended() -> None:
    at = opened(secret=secrets(), who=user(lasts=-1))
    assert at.user == {"is_logged_in": False}
    assert at.query_params["sign_in"] == ["expired"] or at.query_params["sign_in"] == "expired"


def test_without_sign_in_whoever_is_at_this_machine_comes_in_and_is_told_so() -> None:
    at = opened(origin="local")
    assert "in: administrator You, on this machine [] none" in words(at)
    assert access.LOCAL_NOTICE in words(at)


@pytest.mark.parametrize("origin", [None, "", "Local", "this visit comes through a proxy"])
def test_without_sign_in_everybody_else_stays_out(origin: str | None) -> None:
    at = opened(origin=origin)
    assert "in: " not in words(at)
    assert "Uploading is closed: no sign-in is set up, and " in words(at)
    # A user whom the pages did not sign in is not trusted.
    assert "in: " not in words(opened(who=user(), origin=origin))


def test_sign_in_closes_the_way_in_from_this_machine() -> None:
    assert "in: " not in words(opened(secret=secrets(), origin="local"))


@pytest.mark.parametrize(
    "secret",
    [
        {"auth": {}},
        {"auth": {**AUTH, "cookie_secret": "short"}, "access": {"people": [OFFICER]}},
        {"access": {"people": [OFFICER]}},
        secrets(people=[{**OFFICER, "role": "owner"}]),
        secrets(people=[{**OFFICER, "authorities": ["Atlantis"]}]),
        secrets(people=[OFFICER, OFFICER]),
        secrets(approval="maybe"),
        secrets(browsing="closed"),
        {"auth": AUTH, "acces": {}},
    ],
)
def test_with_a_wrong_configuration_nobody_may_upload(secret: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    for who, origin in ((user(), None), (None, "local"), (None, None)):
        at = opened(secret=secret, who=who, origin=origin)
        assert "in: " not in words(at)
        assert "Uploading is closed: sign-in is not set up correctly." in words(at)
    reference = words(at).rstrip(".").split()[-1]
    logged = [record.getMessage() for record in caplog.records if record.name == "careleavers.ui"]
    assert [line.startswith(f"Reference {reference}: ") for line in logged] == [True]
    assert "between us" not in caplog.text


def test_headers_that_name_a_person_close_everything() -> None:
    config.set_option("server.trustedUserHeaders", {"X-User": "sub"})
    try:
        assert "sign-in is not set up correctly" in words(opened(secret=secrets(), who=user()))
        assert "closed at the moment" in words(opened(SHELL, secret=secrets(), who=user()))
    finally:
        config.set_option("server.trustedUserHeaders", {})


@pytest.fixture
def secrets_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The only file in which secrets are looked for, without being named in the settings."""
    file = tmp_path / "secrets.toml"
    monkeypatch.setattr(st, "secrets", Secrets())
    real = config.get_option
    for module in (config, st):  # Streamlit's own reader uses the first
        monkeypatch.setattr(module, "get_option", lambda key: [str(file)] if key == "secrets.files" else real(key))
    yield file


@pytest.mark.parametrize("content", [b"[auth\n", b"\xff\xfe", b"a = 1\na = 2\n", None])
def test_secrets_that_cannot_be_read_close_everything(secrets_file: Path, content: bytes | None) -> None:
    if content is None:
        secrets_file.symlink_to(secrets_file.with_name("not mounted"))
    else:
        secrets_file.write_bytes(content)
    at = opened(origin="local")
    assert "Uploading is closed: sign-in is not set up correctly." in words(at)
    assert "This dashboard is closed at the moment" in words(opened(SHELL, origin="local"))


def test_no_secrets_are_no_mistake_unless_a_file_was_named(secrets_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "in: administrator" in words(opened(origin="local"))
    monkeypatch.setattr(config, "is_manually_set", lambda key: key == "secrets.files")
    assert "sign-in is not set up correctly" in words(opened(origin="local"))


def test_secrets_that_go_while_the_dashboard_runs_close_everything_until_they_are_back(secrets_file: Path) -> None:
    secrets_file.write_text("a = 1\n")
    assert "in: administrator" in words(opened(origin="local"))
    secrets_file.unlink()
    assert "sign-in is not set up correctly" in words(opened(origin="local"))
    assert "This dashboard is closed at the moment" in words(opened(SHELL, origin="local"))
    secrets_file.write_text("a = 2\n")
    assert "in: administrator" in words(opened(origin="local"))


@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
@pytest.mark.parametrize(
    ("secret", "who", "title"),
    [
        (secrets(browsing="signed-in"), None, "Sign in to see this dashboard"),
        (secrets(browsing="signed-in"), user(lasts=-1), None),
        (secrets(browsing="closed"), user(), "This dashboard is closed at the moment"),
    ],
    ids=["stranger", "expired", "wrong"],
)
def test_where_browsing_is_closed_no_page_shows_anything(
    page: str, secret: dict[str, Any], who: dict[str, Any] | None, title: str | None
) -> None:
    at = opened(SHELL, secret=secret, who=who, page=page)
    assert [element.value for element in at.title] == ([title] if title else [])
    assert not at.get("plotly_chart")
    assert not at.dataframe
    assert not at.selectbox
    assert "Data version" not in words(at)


def test_whoever_is_signed_in_browses() -> None:
    at = opened(SHELL, secret=secrets(browsing="signed-in"), who=user("s2"))
    assert "How are England’s care leavers doing?" in words(at)
    assert "Signed in as Told (viewer)" in words(at)


@pytest.mark.parametrize(
    ("entry", "role"),
    [
        (OFFICER, "officer for Barnsley and Leeds"),
        ({**OFFICER, "authorities": "all"}, "officer for all authorities"),
        ({**OFFICER, "authorities": ["Leeds", "Kent", "Essex", "York"]}, "officer for 4 authorities"),
        ({**{k: v for k, v in OFFICER.items() if k != "authorities"}, "role": "administrator"}, "administrator"),
    ],
)
def test_the_strip_says_who_is_signed_in(entry: dict[str, Any], role: str) -> None:
    at = opened(SHELL, secret=secrets(people=[entry]), who=user())
    assert f"Signed in as Jo ({role})" in words(at)
    assert [button.label for button in at.button] == ["Sign out"]


def test_the_strip_offers_to_sign_in_only_where_that_is_set_up() -> None:
    assert [button.label for button in opened(SHELL, secret=secrets()).button] == ["Sign in"]
    assert not opened(SHELL, origin="local").button
    at = opened(SHELL, secret=secrets(approval="x"))
    assert not at.button
    assert "Nobody can sign in at the moment. Reference: " in words(at)
    assert "How are England’s care leavers doing?" in words(at)


@pytest.mark.parametrize(
    ("notice", "shown"), [("expired", "Your sign-in has run out"), ("failed", "Signing in did not work"), ("<b>", None)]
)
def test_what_became_of_a_sign_in_is_said_until_the_next(notice: str, shown: str | None) -> None:
    at = AppTest.from_file(SHELL, default_timeout=60)
    at.secrets, at.user = secrets(), {"is_logged_in": False}
    at.query_params["sign_in"] = notice
    for _ in range(2):
        at.run()
        assert [shown in element.value for element in at.warning] == ([True] if shown else [])
        assert "sign_in" not in at.query_params
    at.user = user("s2")
    at.run()
    assert not at.warning


def test_pages_redraw_their_parts_only_for_who_may_look() -> None:
    """Streamlit runs a fragment without the shell around it, so each must ask for itself."""
    for entry in PAGES:
        tree = ast.parse(Path(entry.file).read_text(encoding="utf-8"))
        used = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "fragment"]
        assert all(isinstance(node.value, ast.Name) and node.value.id == "access" for node in used), entry.name


def fragmented() -> None:
    import streamlit as st

    from careleavers.ui import access

    @access.fragment
    def part() -> None:
        st.write("in: the part")

    part()


def test_a_part_of_a_page_is_drawn_only_for_who_may_look() -> None:
    closed = secrets(browsing="signed-in")
    assert "in: the part" in words(opened(fragmented, secret=closed, who=user()))
    assert "in: the part" in words(opened(fragmented))
    assert "in: the part" not in words(opened(fragmented, secret=closed))
    assert "in: the part" not in words(opened(fragmented, secret=closed, who=user(lasts=-1)))
