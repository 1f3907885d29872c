"""Authorities as officers name them: by present or former code, by the department's number, or by any usual name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from careleavers.figures.catalogue import fold_name, near_names
from careleavers.model import Authority

# What may come before or after the proper name of a council.
_BEFORE = re.compile(
    r"^(?:the )?(?:council of (?:the )?)?"
    r"(?:(?:london|royal|metropolitan)(?: london| metropolitan)? borough of|lb of|lb|lbc|rb of|rb|mb of|borough of|district of"
    r"|city and county of|county borough of|city of|county of|county|the) (?=\w)"
)
_AFTER = re.compile(
    r" (?:(?:city|county|borough|london borough|royal borough|metropolitan(?: borough| district| city)?|district|unitary"
    r"|city and district|combined|town)? ?(?:council|authority|corporation)|london borough|royal borough|metropolitan borough"
    r"|borough|unitary|city of|county of|city|county"
    r"|cc|bc|mbc|mdc|dc|ua|lbc|lb|la|mb|childrens services|childrens trust|children first)$"
)
_NOTE = re.compile(r"(?:\s*(?:\[(?:note |r|p|e|\d|,|\s)+\]|\((?:note )?\d\)|[¹²³⁰⁴-⁹*†‡§]))+$", re.IGNORECASE)
_GSS = re.compile(r"[A-Z]\d{8}")
_NUMBER = re.compile(r"(\d{3})(?:\.0+)?")
# How alike two names must be for a name to contradict its code.
_VERY_ALIKE = 0.8
# No authority's name is longer, with the kind of council before and after it.
_LONGEST = 120


def without_council_type(name: str) -> str:
    """A folded name without the kind of council: “Leeds City Council” and “City of Leeds” are both “leeds”.

    Parameters
    ----------
    name
        As written.

    Returns
    -------
    str
    """
    text = fold_name(name)
    while True:
        shorter = _AFTER.sub("", _BEFORE.sub("", text))
        if shorter == text or not shorter:
            return text
        text = shorter


@dataclass(frozen=True)
class AuthorityMatch:
    """The authority that a cell names.

    Attributes
    ----------
    authority
        None when it names none.
    former_code
        The code in the cell, where that is one the authority has given up.
    hint
        What to do when it names none.
    """

    authority: Authority | None = None
    former_code: str = ""
    hint: str = ""


@dataclass
class Gazetteer:
    """Every authority and every way to name one.

    Attributes
    ----------
    authorities
        By today's GSS code.
    former
        Today's code by each that was given up.
    aliases
        The code by other usual names.
    regions
        Names that look like an authority's and are not.
    """

    authorities: Mapping[str, Authority]
    former: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    regions: Iterable[str] = ()

    def __post_init__(self) -> None:
        self._numbers = {a.department_code: a for a in self.authorities.values()}
        self._regions = {fold_name(name): name for name in self.regions}
        self._names: dict[str, Authority] = {}
        # Existing authorities last, so that a name that two have had is that of the one that has it now.
        for authority in sorted(self.authorities.values(), key=lambda a: a.closed is None):
            self._names[fold_name(authority.plain_name)] = authority
        self._full = {fold_name(a.name): a for a in self.authorities.values()} | self._names
        for name, code in self.aliases.items():
            self._full.setdefault(fold_name(name), self.authorities[code])
        self._bare: dict[str, Authority] = {}
        for name, authority in sorted(self._full.items(), key=lambda pair: pair[1].closed is None):
            # "City of London" without "City of" would be a region.
            if without_council_type(name) not in self._regions:
                self._bare[without_council_type(name)] = authority

    def find(self, text: str, *, guess: bool = True) -> AuthorityMatch:
        """The authority that a cell names, by GSS code (present or former), three-digit code or name.

        Parameters
        ----------
        text
            The cell.
        guess
            Whether to look for similar names when there is none, which takes a while.

        Returns
        -------
        AuthorityMatch
            With a hint where there is none.
        """
        said = " ".join(text.split())
        if len(said) > _LONGEST:
            return AuthorityMatch(hint=self._how())
        # References to a note under the table: "Leeds [note 4]", "Leeds¹".
        said = _NOTE.sub("", said) or said
        code = said.upper()
        if code in self.authorities:
            return AuthorityMatch(self.authorities[code])
        if code in self.former:
            return AuthorityMatch(self.authorities[self.former[code]], former_code=code)
        if match := _NUMBER.fullmatch(said):
            found = self._numbers.get(match[1])
            return (
                AuthorityMatch(found)
                if found
                else AuthorityMatch(hint=f"No authority has the number {match[1]}. {self._how()}")
            )
        if _GSS.fullmatch(code):
            return AuthorityMatch(hint=f"No authority has this code. {self._how()}")
        name = fold_name(said)
        if name in self._full:
            return AuthorityMatch(self._full[name])
        if name in self._regions or name in {"england", "total", "national", "uk", "all", "all authorities"}:
            return AuthorityMatch(
                hint="Only authorities can be uploaded, not regions, England or totals: take the row out."
            )
        if found := self._bare.get(without_council_type(said)):
            return AuthorityMatch(found)
        return AuthorityMatch(hint=self._guess(said) if guess else self._how())

    def contradicts(self, name: str, authority: Authority, *, guess: bool = True) -> Authority | None:
        """The other authority that a name means, if it does not mean this one.

        A name that means none is not a contradiction, unless it is much more like another's: the code counts.

        Parameters
        ----------
        name
            As written.
        authority
            The one that the code says.
        guess
            Whether similar names count.

        Returns
        -------
        Authority or None
            None when the two go together.
        """
        found = self.find(name, guess=False).authority
        if found is None and guess and len(name) <= _LONGEST:
            alike = difflib.get_close_matches(without_council_type(name), self._bare, n=1, cutoff=_VERY_ALIKE)
            found = self._bare[alike[0]] if alike else None
        return None if found is None or found.plain_name == authority.plain_name else found

    def _how(self) -> str:
        return "Use the authority's code, such as E08000035, its three-digit number or its name."

    def _guess(self, said: str) -> str:
        name = without_council_type(said)
        # "Kingston" is two, "Bedfordshire" is Central Bedfordshire, and neither is much like Hertfordshire.
        names = list(dict.fromkeys(self._bare[key].name for key in near_names(name, self._bare)))
        return f"Did you mean {' or '.join(names)}?" if names else self._how()
