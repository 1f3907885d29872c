"""The upload desk: one file from its bytes to the ledger. The page and the command line both work through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from careleavers import settings
from careleavers.access.people import Person
from careleavers.figures.warehouse import Warehouse
from careleavers.intake.annotated import annotated, annotated_name
from careleavers.intake.checks import check
from careleavers.intake.comparison import ComparisonDatabase, held_figures
from careleavers.intake.frames import repeated
from careleavers.intake.model import Draft, Findings
from careleavers.intake.personal import note_personal_data, retained_file
from careleavers.intake.preview import Preview, preview
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData, reference_data
from careleavers.intake.report import Report, report
from careleavers.store import Entry, NewUpload
from careleavers.versions import LOCAL_LAYERS, Versions

Progress = Callable[[float, str], None]
# How an upload that is not accepted yet names itself as the source of its figures.
NOT_YET = "not accepted yet"
# The share of the work that reading is, the rest being the checks.
_READING = 0.7
_FIGURES_AT_ONCE = 5_000


@dataclass(frozen=True)
class Examined:
    """A file that was read and checked: what was found, and what accepting it would change.

    ``version`` is the data version it was held against; ``layer`` what the officer said it is. ``hidden`` are those of
    its figures that viewers would not see, as far as they would. ``effect`` is None where something must be fixed first.
    """

    content: bytes
    draft: Draft
    findings: Findings
    report: Report
    layer: str
    version: int
    hidden: pd.DataFrame
    effect: Preview | None

    def annotated(self) -> tuple[bytes, str]:
        """The file with a column of messages, and its name."""
        return annotated(self.draft.sheet, self.findings, self.draft.header_row)

    @property
    def annotated_name(self) -> str:
        """The name of the file with messages, without making it."""
        return annotated_name(self.draft.sheet)

    def local(self) -> pd.DataFrame:
        """Its figures as local ones that are not accepted yet; raw."""
        return _as_local(self.draft.figures, self.layer)


class Desk:
    """Checks files against the newest figures and hands them to the store."""

    def __init__(self, versions: Versions, folder: Path | None = None) -> None:
        """``folder`` holds the shipped figures (default: the configured one)."""
        self.versions = versions
        self._folder = folder or settings.data_folder()
        self._reference: tuple[str, ReferenceData] | None = None

    def reference(self) -> ReferenceData:
        """What files are read against at the newest version."""
        warehouse = self.versions.newest()
        if self._reference is None or self._reference[0] != warehouse.version:
            self._reference = warehouse.version, reference_data(warehouse, self._folder)
        return self._reference[1]

    def examine(
        self, content: bytes, file_name: str, person: Person, layer: str, progress: Progress | None = None
    ) -> Examined:
        """Read and check a file for ``person``; nothing is kept.

        ``layer`` is 'provisional' or 'final' (not heeded unless the figures are local). ``progress`` is called with the
        share done (0 to 1) and what is being done. Raises :class:`Refused` for a file that cannot be read at all, and
        :class:`NotAllowed` unless the person is an officer.
        """
        person.need((), "upload figures")
        version = self.versions.store.version()
        return self._examined(content, file_name, person, layer, version, progress)

    def look_again(self, number: int, person: Person) -> Examined:
        """An upload examined again: what approving it would change now, or what it changed when it came into force.

        For whoever may see all of its file. Raises what :meth:`examine` and :meth:`careleavers.store.Store.original` raise.
        """
        store = self.versions.store
        name, content = store.original(number, person)
        uploads = store.uploads()
        about = uploads[uploads["upload"] == number].iloc[0]
        version = store.version() if about["state"] == "proposed" else int(about["position"]) - 1
        layer = about["layer"] if about["kind"] == "local" else "provisional"
        return self._examined(content, name, person, layer, version)

    def _examined(
        self, content: bytes, file_name: str, person: Person, layer: str, version: int, progress: Progress | None = None
    ) -> Examined:
        """A file read and checked against what a version holds."""
        draft = read_upload(content, file_name, self.reference(), progress=_part(progress, 0.0, _READING))
        note_personal_data(draft, self._places())
        areas = sorted(draft.figures["area_code"].dropna().unique())
        # What others uploaded is not held against a file that must not touch it.
        allowed = [code for code in areas if person.may_upload_for(code)]
        # A council's file is not held against the department's figures: which release they are of makes no difference.
        beside = self.versions.at(version) if draft.kind == "release" else self.versions.newest()
        held = held_figures(draft, beside, self.versions.store.figures(version, allowed, LOCAL_LAYERS))
        hidden = draft.figures.head(0).assign(hidden=True)
        effect = None
        with ComparisonDatabase(draft, held, layer) as comparison:
            findings = check(draft, person, comparison, progress=_part(progress, _READING, 1.0))
            said = report(findings)
            if not said.blocking:
                if draft.kind == "local":
                    hidden = self._hidden(draft, layer, held.local)
                effect = preview(draft, comparison, hidden)
        return Examined(content, draft, findings, said, layer, version, hidden, effect)

    def accept(
        self, examined: Examined, person: Person, *, note: str = "", confirmed: bool = False, proposed: bool = False
    ) -> Entry:
        """Put an examined file into the ledger; ``proposed`` leaves it waiting for a second person.

        Raises ``ValueError`` while something must be fixed or is not ``confirmed``, which a caller has to prevent; and what
        :meth:`careleavers.store.Store.accept` raises.
        """
        if examined.report.blocking or (examined.report.to_confirm and not confirmed):
            raise ValueError("the report of this file does not allow it to be accepted")
        kept = retained_file(examined.draft, examined.content)
        told = {} if kept.whole else {"kept": {"columns left out": kept.columns_left_out}}
        upload = NewUpload.of(
            examined.draft,
            kept.content,
            layer=examined.layer,
            note=note,
            checks=summary(examined.report) | told,
            effect=dict(examined.effect.effects) | {"hidden": examined.effect.hidden} if examined.effect else {},
        )
        return self.versions.store.accept(upload, person, expected=examined.version, proposed=proposed)

    def _places(self) -> list[str]:
        """Names that are no young person's: of authorities, regions and measures."""
        reference = self.reference()
        measures = [text for each in reference.indicators.values() for text in (each.title, each.short_title)]
        return [
            *(each.name for each in reference.gazetteer.authorities.values()),
            *reference.gazetteer.regions,
            *measures,
        ]

    def preview(self, examined: Examined) -> Warehouse:
        """The figures as viewers would see them once a file is accepted; for local figures and releases only.

        Close it when it is not looked at any more.
        """
        name = f"{examined.draft.sha256[:12]}-{examined.layer}"
        if examined.draft.kind == "release":
            new = NewUpload.of(examined.draft, examined.content)
            return self.versions.preview_release(new.figures, new.sources, name)
        return self.versions.preview(examined.local(), name)

    def _hidden(self, draft: Draft, layer: str, held: pd.DataFrame) -> pd.DataFrame:
        """The figures of a file that viewers would not see beside ``held`` (those in force), as far as they would."""
        own, catalogue = _as_local(draft.figures, layer), self.versions.store.catalogue()
        parts = [own.head(0).assign(hidden=False)]
        # What is hidden of an authority does not depend on another: some at a time take less memory than all at once.
        for areas in _some_at_a_time(own["area_code"]):
            some, there = (rows[rows["area_code"].isin(areas)] for rows in (own, held))
            shown = self.versions.protected(self.versions.over(there, some), catalogue)
            parts.append(shown[shown["hidden"] & (shown["release"] == NOT_YET)].astype(own.dtypes))
        return pd.concat(parts).sort_values("row", kind="stable", ignore_index=True)


def _as_local(figures: pd.DataFrame, layer: str) -> pd.DataFrame:
    texts = {"layer": layer, "source": "local", "release": NOT_YET}
    return figures.assign(**{column: repeated(text, len(figures)) for column, text in texts.items()})


def _some_at_a_time(areas: pd.Series) -> Iterator[list[str]]:
    """The authorities of a file, a few together as long as they do not have too many figures."""
    counts = areas.value_counts()
    counts = counts[counts > 0]
    for _, some in counts.groupby((counts.cumsum() - counts) // _FIGURES_AT_ONCE):
        yield [str(code) for code in some.index]


def summary(said: Report) -> dict[str, Any]:
    """A check report as it is kept in the ledger: how often each rule found something, without what it found."""
    return {section.severity: {rule.rule.title: rule.count for rule in section.rules} for section in said.sections}


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    """Progress of a part of the work as progress of the whole."""
    if progress is None:
        return None
    return lambda share, what: progress(start + (end - start) * share, what)
