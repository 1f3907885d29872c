"""Who acts on the command line: somebody with an account on this machine, under the rules that the pages keep.

Whoever can start a command can read the store's file anyway, so this is no lock. It keeps an honest officer within what was
agreed, and it keeps the ledger honest about who did something and how.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from careleavers import settings
from careleavers.access.people import COMMAND_LINE, Person
from careleavers.access.roles import Access, WrongConfiguration, read_access, readable, this_machine
from careleavers.errors import CareLeaversError
from careleavers.figures.warehouse import Warehouse

_FOLDER = ".streamlit"


def access_here(open_figures: Callable[[], Warehouse]) -> Access:
    """Who may do what, from the secrets that the pages read; ``open_figures`` is asked only where there are any.

    Raises :class:`CareLeaversError` where they cannot be used as they are: then nothing is done from here either.
    """
    try:
        secrets = _secrets()
        return read_access(secrets, known_authorities(open_figures())) if secrets else Access()
    except WrongConfiguration as error:
        raise CareLeaversError(
            f"Nothing was done, because sign-in and roles are not set up correctly. {error}"
        ) from None


def officer_here(access: Access, name: str) -> Person:
    """Who acts: the account on this machine, in the name of ``--officer``.

    Without sign-in that is an administrator. With it, the officer has to be one of the people with a role, found by name or
    subject, and may what that person may. Raises :class:`CareLeaversError` when nobody, or more than one, is meant.
    """
    account = this_machine().subject
    if not access.sign_in:
        return Person(COMMAND_LINE, account, readable(name), "administrator")
    wanted = readable(name).casefold()
    people = list(access.people.values())
    found = [person for person in people if person.subject == name.strip()] or [
        person for person in people if person.name.casefold() == wanted
    ]
    if not found:
        raise CareLeaversError(
            f"“{readable(name)}” has no role here. Sign-in is set up, so --officer must name one of the people in "
            "[[access.people]], by name or by subject."
        )
    if len(found) > 1:
        raise CareLeaversError(
            f"{len(found)} people are called “{readable(name)}”: name the subject of the one who acts."
        )
    one = found[0]
    return Person(COMMAND_LINE, account, one.name, one.role, one.authorities, one.everywhere)


def known_authorities(warehouse: Warehouse) -> dict[str, str]:
    """The code of an authority by every code and name that may stand for it in the list of people."""
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
