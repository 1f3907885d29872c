"""Who somebody is and what they may do. Pages, command line and store ask the same questions here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from careleavers.errors import CareLeaversError

Role = Literal["viewer", "officer", "administrator"]


# What stands in place of an issuer where nobody signed in; the subject is then the account on the machine.
COMMAND_LINE, THIS_MACHINE = "command line", "this machine"


class NotAllowed(CareLeaversError):
    """Somebody asked for something that their role does not allow; the sentence says what, and who may."""


@dataclass(frozen=True)
class Person:
    """Somebody who uses the dashboard.

    Attributes
    ----------
    issuer, subject
        Who signed them in, and who they are there: together these identify them.
    name
        For reading only.
    role
        ``viewer``, ``officer`` or ``administrator``.
    authorities
        Codes of the authorities that an officer may upload for; a viewer has none.
    everywhere
        Whether an officer may upload for every authority.

    Examples
    --------
    >>> ann = Person("https://id.example", "ann", "Ann Ames", "officer", frozenset({"E08000035"}))
    >>> ann.may_upload_for("E08000035"), ann.may_upload_for("E06000014")
    (True, False)
    """

    issuer: str
    subject: str
    name: str
    role: Role = "viewer"
    authorities: frozenset[str] = frozenset()
    everywhere: bool = False

    @property
    def identity(self) -> tuple[str, str]:
        """What tells two people apart: issuer and subject, never the name or an email address."""
        return self.issuer, self.subject

    @property
    def is_officer(self) -> bool:
        """Whether the person may upload anything at all."""
        return self.role == "administrator" or (self.role == "officer" and (self.everywhere or bool(self.authorities)))

    @property
    def is_administrator(self) -> bool:
        """Whether the person may act on every upload."""
        return self.role == "administrator"

    @property
    def for_all(self) -> bool:
        """Whether the person may upload for every authority, and so the department's releases."""
        return self.is_administrator or (self.role == "officer" and self.everywhere)

    def may_upload_for(self, area_code: str) -> bool:
        """Whether the person may upload figures of an authority, and see them unprotected.

        Parameters
        ----------
        area_code
            The code of the authority.

        Returns
        -------
        bool
        """
        return self.for_all or (self.role == "officer" and area_code in self.authorities)

    def require(self, area_codes: Iterable[str], what: str) -> None:
        """Check that the person may act for some authorities.

        Parameters
        ----------
        area_codes
            Their codes; none where it is enough to be an officer.
        what
            What the person wants to do, to complete "may not …".

        Raises
        ------
        NotAllowed
            Unless the person is an officer who may upload for all of them.
        """
        if not self.is_officer:
            raise NotAllowed(f"{self.name or 'A visitor'} may not {what}: that is for officers who are signed in.")
        refused = sorted({code for code in area_codes if not self.may_upload_for(code)})
        if refused:
            raise NotAllowed(f"{self.name} may not {what} for {', '.join(refused)}: another officer looks after it.")


NOBODY = Person("", "", "", "viewer")


def channel(issuer: str, subject: str) -> str:
    """How somebody acted without signing in.

    Parameters
    ----------
    issuer, subject
        As the ledger has them.

    Returns
    -------
    str
        ``by command line, account ann``; empty where they had signed in.
    """
    ways = {COMMAND_LINE: "by command line, account", THIS_MACHINE: "on this machine, account"}
    return f"{ways[issuer]} {subject}" if issuer in ways else ""


def with_channel(name: str, issuer: str, subject: str) -> str:
    """Add to a name how somebody acted without signing in.

    Parameters
    ----------
    name
        The name.
    issuer, subject
        As the ledger has them.

    Returns
    -------
    str
        ``Ann Ames (by command line, account ann)``, as the History page and the command line give it.
    """
    how = channel(issuer, subject)
    return f"{name or 'somebody'} ({how})" if how else name
