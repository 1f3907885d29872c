"""Who acts on the command line: somebody with an account on this machine, under the same rules as on the pages.

Whoever can start a command can read the store's file anyway, so this is not a lock. It keeps an honest officer within what was
agreed, and the ledger honest about who did something and how.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from careleavers import settings
from careleavers.access.people import COMMAND_LINE, Person
from careleavers.access.roles import Access, WrongConfiguration, display_name, read_access, this_machine
from careleavers.errors import CareLeaversError
from careleavers.figures.warehouse import Warehouse

_FOLDER = ".streamlit"


def command_line_access(open_figures: Callable[[], Warehouse]) -> Access:
    """Read who may do what, from the same secrets as the pages.

    Parameters
    ----------
    open_figures
        Opens the figures, which know the codes and names of authorities; called only where there are secrets.

    Returns
    -------
    Access

    Raises
    ------
    CareLeaversError
        Where the secrets cannot be used as they are: then nothing is done from the command line either.
    """
    try:
        secrets = _secrets()
        return read_access(secrets, known_authorities(open_figures())) if secrets else Access()
    except WrongConfiguration as error:
        raise CareLeaversError(
            f"Nothing was done, because sign-in and roles are not set up correctly. {error}"
        ) from None


def command_line_officer(access: Access, name: str) -> Person:
    """Who acts: the account on this machine, in the name of an officer.

    Parameters
    ----------
    access
        Who may do what.
    name
        What ``--officer`` says: a name, or the subject of one of the people with a role; may be empty without sign-in.

    Returns
    -------
    Person
        Without sign-in an administrator; with it, somebody who may do what that person may.

    Raises
    ------
    CareLeaversError
        With sign-in, where nobody is named, or nobody or more than one person is meant.
    """
    account = this_machine().subject
    if not access.sign_in:
        return Person(COMMAND_LINE, account, display_name(name), "administrator")
    if not name.strip():
        raise CareLeaversError(
            "Sign-in is set up here, so say who acts: --officer NAME, with the name or the subject of one of the people in "
            "[[access.people]] who may do this."
        )
    wanted = display_name(name).casefold()
    people = list(access.people.values())
    found = [person for person in people if person.subject == name.strip()] or [
        person for person in people if person.name.casefold() == wanted
    ]
    if not found:
        raise CareLeaversError(
            f"“{display_name(name)}” has no role here. Sign-in is set up, so --officer must name one of the people in "
            "[[access.people]], by name or by subject."
        )
    if len(found) > 1:
        raise CareLeaversError(
            f"{len(found)} people are called “{display_name(name)}”: name the subject of the one who acts."
        )
    one = found[0]
    return Person(COMMAND_LINE, account, one.name, one.role, one.authorities, one.everywhere)


def known_authorities(warehouse: Warehouse) -> dict[str, str]:
    """The code of an authority by every code and name that may stand for it in the list of people.

    Parameters
    ----------
    warehouse
        The figures.

    Returns
    -------
    dict
        Code or name to code.
    """
    frame = warehouse.query("authority_codes")
    return dict(zip(map(str, frame["code"]), map(str, frame["authority_code"]), strict=True))


def _secrets() -> dict[str, Any]:
    """All secrets, later files over earlier ones, as Streamlit reads them; empty where there is no file."""
    named = os.environ.get("STREAMLIT_SECRETS_FILES", "").strip()
    if named:
        files = [Path(named)] if Path(named).exists() else [Path(text) for text in named.split()]
    else:
        files = _toml_files(settings.HOME / _FOLDER / "config.toml") or [
            Path.home() / _FOLDER / "secrets.toml",
            settings.HOME / _FOLDER / "secrets.toml",
        ]
    together: dict[str, Any] = {}
    for file in files:
        if named and not file.exists():
            raise WrongConfiguration([f"The secrets file {file.name} is not there."], closes_browsing=True)
        if os.path.lexists(file):
            together |= _read(file)
    return together


def _toml_files(config: Path) -> list[Path]:
    if not config.is_file():
        return []
    table: Mapping[str, Any] = _read(config).get("secrets", {})
    return [Path(str(text)) for text in table.get("files", [])]


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongConfiguration([f"{file.name} cannot be read: {error}"], closes_browsing=True) from None
