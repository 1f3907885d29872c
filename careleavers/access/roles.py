"""Who may do what here, as the secrets configure it: sign-in, roles, open or closed browsing, approval.

Everything that is wrong in the configuration is reported at once, and a wrong configuration closes rather than opens.
docs/ACCESS.md describes the tables.
"""

from __future__ import annotations

import difflib
import getpass
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

from careleavers.access.loopback import is_loopback_name
from careleavers.access.people import THIS_MACHINE, Person, Role
from careleavers.errors import CareLeaversError

Browsing = Literal["open", "signed-in"]
Approval = Literal["none", "second-person"]

_AUTH_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_AUTH_KEYS = {*_AUTH_NEEDED, "client_kwargs"}
_ACCESS_KEYS = {"browsing", "approval", "people"}
_PERSON_KEYS = {"issuer", "subject", "name", "role", "authorities"}
# Nobody guesses 32 random characters; a typed or repeated word can be guessed, however long.
_SECRET_LENGTH = 32
_SECRET_VARIETY = 10
_LONGEST_NAME = 80
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


class WrongConfiguration(CareLeaversError):
    """Sign-in or roles are configured wrongly. ``str()`` names every problem and no secret; it is for the log.

    Attributes
    ----------
    problems
        A sentence for each.
    closes_browsing
        Whether the pages must be closed as well as uploading: when the configuration asks for that, or cannot be understood
        well enough to say that it does not.
    """

    def __init__(self, problems: Sequence[str], *, closes_browsing: bool) -> None:
        self.problems, self.closes_browsing = tuple(problems), closes_browsing
        super().__init__(" ".join(problems))


@dataclass(frozen=True)
class Access:
    """Who may do what, as configured.

    Attributes
    ----------
    sign_in
        Whether people can sign in.
    browsing
        Who may look at the pages: ``open`` or ``signed-in``.
    approval
        Whether a second person must agree before an upload comes into force: ``none`` or ``second-person``.
    people
        Those with a role, by issuer and subject.
    """

    sign_in: bool = False
    browsing: Browsing = "open"
    approval: Approval = "none"
    people: Mapping[tuple[str, str], Person] = field(default_factory=dict)

    def person(self, issuer: str, subject: str, name: str) -> Person:
        """Find who signed in.

        Parameters
        ----------
        issuer, subject
            As the provider identifies them.
        name
            What the provider calls them.

        Returns
        -------
        Person
            With the role configured for their identity; a viewer called ``name`` where there is none.
        """
        return self.people.get((issuer, subject)) or Person(issuer, subject, display_name(name))


def display_name(name: str) -> str:
    """A name as one short line, without control characters and marks that change the direction of text.

    Parameters
    ----------
    name
        As a provider or the secrets give it.

    Returns
    -------
    str
        80 characters at most.
    """
    text = " ".join(_UNSEEN.sub(" ", name).split())
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"


def this_machine() -> Person:
    """Whoever uses this machine, where no sign-in is set up: an administrator whose subject is their account on it."""
    try:
        account = getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        account = "unnamed account"
    return Person(THIS_MACHINE, account, "You, on this machine", "administrator")


def read_access(config: Mapping[str, Any], known: Mapping[str, str]) -> Access:
    """Read sign-in and roles from the secrets.

    Parameters
    ----------
    config
        All secrets; only the tables ``[auth]`` and ``[access]`` are read.
    known
        The code of an authority by every code and name that may stand for it.

    Returns
    -------
    Access

    Raises
    ------
    WrongConfiguration
        With every problem found.
    """
    problems = [*_misspelt(config)]
    closes = bool(problems)
    sign_in = "auth" in config
    if sign_in:
        problems += _auth_problems(config["auth"])
    table = config.get("access", {})
    if not isinstance(table, Mapping):
        raise WrongConfiguration([*problems, "“access” must be a table: [access]."], closes_browsing=True)

    unknown = _unknown_keys(table, _ACCESS_KEYS, "[access]")
    browsing, wrong_browsing = _checked_option(table, "browsing", get_args(Browsing))
    approval, wrong_approval = _checked_option(table, "approval", get_args(Approval))
    # An unknown key may be “browsing” misspelt.
    closes = closes or bool(unknown or wrong_browsing) or browsing != "open"
    problems += [*unknown, *wrong_browsing, *wrong_approval]
    if not sign_in:
        needing = [key for key, asked in (("browsing", browsing != "open"), ("approval", approval != "none"),
                                          ("people", "people" in table)) if asked]  # fmt: skip
        problems += [f"[access] {key} needs sign-in, and there is no [auth]." for key in needing]
    people, wrong_people = _people(table.get("people", []), known)
    problems += wrong_people
    if problems:
        raise WrongConfiguration(problems, closes_browsing=closes)
    return Access(sign_in, cast(Browsing, browsing), cast(Approval, approval), people)


def _misspelt(config: Mapping[str, Any]) -> list[str]:
    """Tables whose names are nearly “auth” or “access”: ignored, they would quietly open what they should close."""
    wanted = ("auth", "access")
    others = [str(key) for key in config if key not in wanted]
    close = [(key, difflib.get_close_matches(key.casefold(), wanted, 1, 0.75)) for key in others]
    return [f"The table “{key}” is not known; is it [{found[0]}]?" for key, found in close if found]


def _unknown_keys(table: Mapping[str, Any], keys: set[str], where: str) -> list[str]:
    return [
        f"{where} has an unknown key “{key}”; known are {', '.join(sorted(keys))}."
        for key in sorted(table.keys() - keys)
    ]


def _checked_option(table: Mapping[str, Any], key: str, options: tuple[str, ...]) -> tuple[str, list[str]]:
    """The value of a key, whose first option is the default, and what is wrong with it."""
    value = table.get(key, options[0])
    if value in options:
        return value, []
    return options[0], [f"[access] {key} is “{value}”; it must be {' or '.join(options)}."]


def _auth_problems(auth: Any) -> list[str]:
    if not isinstance(auth, Mapping):
        return ["“auth” must be a table: [auth]."]
    problems = _unknown_keys(auth, _AUTH_KEYS, "[auth]")
    given = {key: auth[key] for key in _AUTH_NEEDED if isinstance(auth.get(key), str) and auth[key].strip()}
    problems += [f"[auth] {key} is missing or empty." for key in _AUTH_NEEDED if key not in given]
    secret = given.get("cookie_secret")
    if secret and (len(secret) < _SECRET_LENGTH or len(set(secret)) < _SECRET_VARIETY):
        problems.append(f"[auth] cookie_secret must be {_SECRET_LENGTH} characters or more, made at random.")
    for key in ("redirect_uri", "server_metadata_url"):
        # Streamlit replaces {port} by the server's port.
        if key in given and not _is_safe_url(given[key].replace("{port}", "0")):
            problems.append(f"[auth] {key} must begin with https:// (http:// is for this machine only).")
    if not given.get("redirect_uri", "/oauth2callback").endswith("/oauth2callback"):
        problems.append("[auth] redirect_uri must be the dashboard's address followed by /oauth2callback.")
    more = auth.get("client_kwargs", {})
    if not isinstance(more, Mapping):
        problems.append("[auth] client_kwargs must be a table.")
    elif "openid" not in str(more.get("scope", "openid")).split():
        problems.append("[auth] client_kwargs: the scope must contain openid.")
    return problems


def _is_safe_url(text: str) -> bool:
    try:
        url = urlsplit(text)
        host = url.hostname or ""
    except ValueError:
        return False
    return (url.scheme == "https" and bool(host)) or (url.scheme == "http" and is_loopback_name(host))


def _people(entries: Any, known: Mapping[str, str]) -> tuple[dict[tuple[str, str], Person], list[str]]:
    """The people with a role by identity, and what is wrong with their entries."""
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        return {}, ["[access] people must be a list of tables: [[access.people]]."]
    people: dict[tuple[str, str], Person] = {}
    problems: list[str] = []
    codes = {spelling.casefold(): code for spelling, code in known.items()}
    for number, entry in enumerate(entries, 1):
        where = f"[[access.people]] number {number}"
        person, wrong = _person(entry, codes, where)
        problems += wrong
        if person.identity in people:
            problems.append(f"{where} has the issuer and subject of an earlier one; give each person one entry.")
        elif not wrong:
            people[person.identity] = person
    return people, problems


def _person(entry: Mapping[str, Any], codes: Mapping[str, str], where: str) -> tuple[Person, list[str]]:
    problems = _unknown_keys(entry, _PERSON_KEYS, where)
    texts = {}
    for key in ("issuer", "subject", "name"):
        value = entry.get(key)
        texts[key] = value.strip() if isinstance(value, str) else ""
        if not texts[key]:
            problems.append(f"{where}: {key} is missing or empty.")
    role = entry.get("role")
    if role not in get_args(Role):
        problems.append(f"{where}: the role is “{role}”; it must be {', '.join(get_args(Role))}.")
    found, everywhere = frozenset[str](), False
    wrong: list[str] = []
    if role == "officer":
        found, everywhere, wrong = _authorities(entry.get("authorities"), codes, where)
    elif role in get_args(Role) and "authorities" in entry:
        wrong = [f"{where}: only an officer has authorities; take them out."]
    person = Person(texts["issuer"], texts["subject"], display_name(texts["name"]), cast(Role, role), found, everywhere)
    return person, problems + wrong


def _authorities(asked: Any, codes: Mapping[str, str], where: str) -> tuple[frozenset[str], bool, list[str]]:
    """The codes of an officer's authorities, whether that is all of them, and what is wrong with them."""
    if asked == "all":
        return frozenset(), True, []
    if not isinstance(asked, list) or not asked or not all(isinstance(item, str) for item in asked):
        return frozenset(), False, [f"{where}: authorities must be a list of codes or names, or “all”."]
    problems = []
    found = set()
    for item in asked:
        code = codes.get(item.strip().casefold())
        if code:
            found.add(code)
        else:
            near = difflib.get_close_matches(item.strip().casefold(), codes, 1)
            hint = f"; is it {codes[near[0]]} ({near[0]})?" if near else "."
            problems.append(f"{where}: there is no authority “{item}”{hint}")
    return frozenset(found), False, problems
