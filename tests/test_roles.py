"""The settings for sign-in and roles, and that every wrong configuration is reported and denies access."""

import copy
import getpass
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.access import roles
from careleavers.access.people import NotAllowed
from careleavers.access.roles import Access, WrongConfiguration, display_name, read_access, this_machine

ROOT = Path(__file__).resolve().parents[1]
KNOWN = {"E08000035": "E08000035", "Leeds": "E08000035", "E08000038": "E08000038", "E08000016": "E08000038",
         "Barnsley": "E08000038", "Kent": "E10000016", "E10000016": "E10000016"}  # fmt: skip
ISSUER = "https://id.example/v2"
AUTH = {
    "redirect_uri": "https://outcomes.example/oauth2callback",
    "cookie_secret": "0123456789abcdefghijklmnopqrstuv",
    "client_id": "dashboard",
    "client_secret": "between us",
    "server_metadata_url": "https://id.example/.well-known/openid-configuration",
}


def entry(subject: str = "s1", **more: Any) -> dict[str, Any]:
    return {"issuer": ISSUER, "subject": subject, "name": "Jo", "role": "officer", "authorities": ["Leeds"], **more}


def whole(auth: dict[str, Any] | None = None, people: Any = None, **access: Any) -> dict[str, Any]:
    """A valid configuration with changes; a value of None removes a key from [auth]."""
    merged = {key: value for key, value in {**AUTH, **(auth or {})}.items() if value is not None}
    return {"auth": merged, "access": {"people": [entry()] if people is None else people, **access}}


def wrong(config: dict[str, Any]) -> WrongConfiguration:
    with pytest.raises(WrongConfiguration) as caught:
        read_access(config, KNOWN)
    return caught.value


def test_nothing_configured_is_open_without_roles() -> None:
    assert read_access({}, KNOWN) == Access()
    assert read_access({"store": {"password": "x"}}, KNOWN) == Access()


def test_a_whole_configuration() -> None:
    access = read_access(
        whole(
            browsing="signed-in",
            approval="second-person",
            people=[
                entry("s1", authorities=["E08000016", "leeds"]),
                entry("s2", authorities="all"),
                {"issuer": ISSUER, "subject": "s3", "name": "Ali", "role": "administrator"},
                {"issuer": ISSUER, "subject": "s4", "name": "Vic", "role": "viewer"},
            ],
        ),
        KNOWN,
    )
    assert access.sign_in
    assert (access.browsing, access.approval) == ("signed-in", "second-person")
    officer, everywhere, administrator, viewer = (
        access.person(ISSUER, f"s{n}", "told by the sign-in") for n in range(1, 5)
    )
    assert officer.authorities == {"E08000035", "E08000038"}
    assert officer.name == "Jo"
    assert officer.may_upload_for("E08000035")
    assert not officer.may_upload_for("E10000016")
    assert not officer.for_all
    assert everywhere.for_all
    assert not everywhere.is_administrator
    assert administrator.is_administrator
    assert not viewer.is_officer


@pytest.mark.parametrize(
    ("issuer", "subject"), [(ISSUER, "s2"), ("https://elsewhere.example", "s1"), (f"{ISSUER}/", "s1")]
)
def test_another_identity_is_a_viewer_whatever_its_name(issuer: str, subject: str) -> None:
    person = read_access(whole(), KNOWN).person(issuer, subject, "Jo")
    assert (person.role, person.name, person.identity) == ("viewer", "Jo", (issuer, subject))
    with pytest.raises(NotAllowed):
        person.require(["E08000035"], "upload figures")


def test_on_this_machine_one_may_upload_on_another_address_too() -> None:
    assert read_access(whole(auth={"redirect_uri": "http://localhost:{port}/oauth2callback"}), KNOWN).sign_in
    assert read_access(whole(auth={"client_kwargs": {"scope": "openid profile", "prompt": "login"}}), KNOWN).sign_in


@pytest.mark.parametrize(
    ("auth", "said"),
    [
        *(({key: None}, f"[auth] {key} is missing or empty.") for key in AUTH),
        *(({key: " "}, f"[auth] {key} is missing or empty.") for key in AUTH),
        ({"client_secret": 5}, "[auth] client_secret is missing or empty."),
        ({"cookie_secret": "x1y2z3" * 5}, "[auth] cookie_secret must be 32 characters or more"),
        ({"cookie_secret": "secret" * 10}, "[auth] cookie_secret must be 32 characters or more, made at random."),
        ({"redirect_uri": "http://outcomes.example/oauth2callback"}, "[auth] redirect_uri must begin with https://"),
        ({"redirect_uri": "https://outcomes.example/"}, "followed by /oauth2callback"),
        ({"redirect_uri": "https://[x/oauth2callback"}, "[auth] redirect_uri must begin with https://"),
        ({"server_metadata_url": "http://id.example/"}, "[auth] server_metadata_url must begin with https://"),
        ({"server_metadata_url": "id.example"}, "[auth] server_metadata_url must begin with https://"),
        ({"google": {"client_id": "x"}}, "[auth] has an unknown key “google”"),
        ({"client_kwargs": "openid"}, "client_kwargs must be a table"),
        ({"client_kwargs": {"scope": "email"}}, "the scope must contain openid"),
    ],
)
def test_wrong_sign_in_is_named_and_closes_uploading_only(auth: dict[str, Any], said: str) -> None:
    error = wrong(whole(auth=auth))
    assert said in str(error)
    assert not error.closes_browsing


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ({"issuer": ISSUER}, "people must be a list of tables"),
        (["Jo"], "people must be a list of tables"),
        ([entry(issuer="")], "number 1: issuer is missing or empty"),
        ([entry(), entry(subject=None)], "number 2: subject is missing or empty"),
        ([entry(subject=17)], "number 1: subject is missing or empty"),
        ([entry(name="")], "number 1: name is missing or empty"),
        ([entry(role="editor")], "number 1: the role is “editor”; it must be viewer, officer, administrator."),
        ([entry(role="Officer")], "number 1: the role is “Officer”"),
        ([entry(role=None)], "number 1: the role is “None”"),
        ([entry(), entry(name="Another")], "number 2 has the issuer and subject of an earlier one"),
        ([entry(authorities=["Leads"])], "number 1: there is no authority “Leads”; is it E08000035 (leeds)?"),
        ([entry(authorities=["E99999999"])], "there is no authority “E99999999”"),
        ([entry(authorities=[])], "authorities must be a list of codes or names, or “all”"),
        ([entry(authorities=["all"])], "there is no authority “all”"),
        ([entry(authorities="Leeds")], "authorities must be a list"),
        ([entry(authorities=[35])], "authorities must be a list"),
        ([{key: value for key, value in entry().items() if key != "authorities"}], "authorities must be a list"),
        ([entry(role="viewer", authorities="all")], "only an officer has authorities"),
        ([entry(role="administrator")], "only an officer has authorities"),
        ([entry(email="jo@council.example")], "number 1 has an unknown key “email”"),
    ],
)
def test_wrong_roles_are_named_and_close_uploading_only(people: Any, said: str) -> None:
    error = wrong(whole(people=people))
    assert said in str(error)
    assert not error.closes_browsing


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (whole(browsing="closed"), "[access] browsing is “closed”; it must be open or signed-in."),
        (whole(browsing=True), "[access] browsing is “True”"),
        (whole(browsing="signed-in", people=[entry(role="x")]), "the role is “x”"),
        (whole(browsing="signed-in", auth={"client_id": None}), "client_id is missing"),
        (whole(browsng="signed-in"), "[access] has an unknown key “browsng”"),
        ({"auth": AUTH, "access": "open"}, "“access” must be a table"),
        ({"auth": AUTH, "access": [{"browsing": "signed-in"}]}, "“access” must be a table"),
        ({"auth": AUTH, "acess": {"browsing": "signed-in"}}, "The table “acess” is not known; is it [access]?"),
        ({"Auth": AUTH, "access": {}}, "The table “Auth” is not known; is it [auth]?"),
        ({"access": {"browsing": "signed-in"}}, "[access] browsing needs sign-in, and there is no [auth]."),
    ],
)
def test_what_may_mean_closed_browsing_closes_it(config: dict[str, Any], said: str) -> None:
    error = wrong(config)
    assert said in str(error)
    assert error.closes_browsing


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"access": {"people": [entry()]}}, "[access] people needs sign-in"),
        ({"access": {"approval": "second-person"}}, "[access] approval needs sign-in"),
        ({"auth": {}}, "[auth] client_id is missing"),
        ({"auth": "x"}, "“auth” must be a table"),
        (whole(approval="two"), "[access] approval is “two”; it must be none or second-person."),
    ],
)
def test_half_a_configuration_is_named(config: dict[str, Any], said: str) -> None:
    error = wrong(config)
    assert said in str(error)
    assert not error.closes_browsing


def test_everything_wrong_is_named_at_once_and_no_secret_is() -> None:
    error = wrong(whole(auth={"cookie_secret": "short-secret", "client_id": "", "x": 1}, people=[entry(role="x")]))
    assert len(error.problems) == 4
    assert "short-secret" not in str(error)
    assert "between us" not in str(error)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["all", "Leeds", "officer"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["issuer", "subject", "role", "people", "browsing", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.sampled_from([*AUTH, "client_kwargs"]), VALUES, st.sampled_from(["people", "browsing", "approval"]), VALUES)
def test_whatever_is_configured_it_is_read_or_named(in_auth: str, first: Any, in_access: str, second: Any) -> None:
    config = copy.deepcopy(whole())
    config["auth"][in_auth] = first
    config["access"][in_access] = second
    try:
        access = read_access(config, KNOWN)
    except WrongConfiguration as error:
        assert error.problems
    else:
        assert access.browsing in {"open", "signed-in"}


def test_names_are_one_short_line() -> None:
    assert display_name("  Jo\n\tOf\u202eficer\x00 ") == "Jo Of ficer"
    assert len(display_name("x" * 500)) == 80
    person = read_access(whole(), KNOWN).person(ISSUER, "unknown", "a\x1b[31mb" + "c" * 200)
    assert len(person.name) == 80
    assert person.name.isprintable()


def test_whoever_sits_at_this_machine_is_an_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    assert this_machine().is_administrator
    assert this_machine().identity == ("this machine", getpass.getuser())

    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert this_machine().subject == "unnamed account"


def example() -> dict[str, Any]:
    return tomllib.loads((ROOT / ".streamlit" / "secrets.example.toml").read_text(encoding="utf-8"))


def test_the_example_is_closed_as_it_comes_and_right_once_filled_in() -> None:
    config = example()
    error = wrong(config)
    assert len(error.problems) == len(AUTH), error.problems
    config["auth"] = AUTH
    access = read_access(config, KNOWN)
    assert {person.role for person in access.people.values()} == {"officer", "administrator"}


def test_every_setting_is_documented_and_in_the_example() -> None:
    text = (ROOT / "docs" / "ACCESS.md").read_text(encoding="utf-8")
    config = example()
    settings = {*roles._AUTH_KEYS, *roles._ACCESS_KEYS, *roles._PERSON_KEYS}
    assert {name for name in settings if f"`{name}`" not in text} == set()
    values = {*get_args(roles.Browsing), *get_args(roles.Approval)}
    assert {value for value in values if f"`{value}`" not in text} == set()
    assert {*config["auth"]} == {*roles._AUTH_NEEDED}
    assert {*config["access"]} == roles._ACCESS_KEYS
    assert {key for entry in config["access"]["people"] for key in entry} == roles._PERSON_KEYS
