"""Uploading: one file from its bytes to the ledger. The Upload page and the command line both work through it.

Examples
--------
::

    service = UploadService(Versions(open_store()))
    check = service.check_file(content, "quarter-2.csv", officer, "provisional")
    if not check.report.blocking:
        entry = service.accept(check, officer, note="signed off by B", confirmed=True)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from careleavers import metrics, settings
from careleavers.access.people import Person
from careleavers.figures.warehouse import Warehouse
from careleavers.intake.annotated import annotated, annotated_name
from careleavers.intake.checks import check
from careleavers.intake.comparison import ComparisonDatabase, held_figures
from careleavers.intake.frames import repeated_text
from careleavers.intake.model import Draft, Findings, Progress
from careleavers.intake.personal import note_personal_data, retained_file
from careleavers.intake.preview import Preview, preview
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData, reference_data
from careleavers.intake.report import Report, report
from careleavers.outdated_rows import LOCAL_LAYERS
from careleavers.store import Entry, NewUpload
from careleavers.versions import Versions

# The release of figures that are not accepted yet.
NOT_YET = "not accepted yet"
# The share of the work that is reading; the rest is checking.
_READING = 0.7
_FIGURES_AT_ONCE = 20_000


@dataclass(frozen=True)
class UploadCheck:
    """A file that was read and checked: what was found, and what accepting it would change.

    Attributes
    ----------
    content
        The file.
    draft
        The file as it was understood.
    findings, report
        What the rules found, and the same grouped for reading.
    layer
        What the officer said it is: ``provisional`` or ``final``.
    version
        The data version that it was compared with.
    hidden
        Its figures that viewers would not see, as viewers would see them.
    effect
        What accepting it would change; None where something must be fixed first.
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
        """The file with a column of messages, and its name.

        Returns
        -------
        content : bytes
            The file, as CSV or in its own format.
        name : str
            Its name.
        """
        return annotated(self.draft.sheet, self.findings, self.draft.header_row)

    @property
    def annotated_name(self) -> str:
        """The name of the file with messages, without making it."""
        return annotated_name(self.draft.sheet)

    def local(self) -> pd.DataFrame:
        """Its figures as local ones that are not accepted yet; raw."""
        return _as_local(self.draft.figures, self.layer)


class UploadService:
    """Checks files against the newest figures and puts them into the store.

    Parameters
    ----------
    versions
        The figures and the store.
    folder
        The folder with the shipped figures; by default the configured one.
    """

    def __init__(self, versions: Versions, folder: Path | None = None) -> None:
        self.versions = versions
        self._folder = folder or settings.data_folder()
        self._reference: tuple[str, ReferenceData] | None = None

    def reference(self) -> ReferenceData:
        """What files are read against at the newest version."""
        warehouse = self.versions.newest()
        if self._reference is None or self._reference[0] != warehouse.version:
            self._reference = warehouse.version, reference_data(warehouse, self._folder)
        return self._reference[1]

    def check_file(
        self, content: bytes, file_name: str, person: Person, layer: str, progress: Progress | None = None
    ) -> UploadCheck:
        """Read and check a file; nothing is kept.

        Parameters
        ----------
        content
            The file.
        file_name
            Its name.
        person
            Who wants to upload it.
        layer
            ``provisional`` or ``final``; ignored unless the figures are local.
        progress
            Called with the share that is done (0 to 1) and what is being done.

        Returns
        -------
        UploadCheck

        Raises
        ------
        Refused
            For a file that cannot be read at all.
        NotAllowed
            Unless the person is an officer.
        StoreUnavailable
            When what is in force cannot be read.
        """
        person.require((), "upload figures")
        version = self.versions.store.version()
        with metrics.timed(metrics.CHECKS):
            return self._checked(content, file_name, person, layer, version, progress)

    def check_again(self, number: int, person: Person) -> UploadCheck:
        """Check an upload again: what approving it would change now, or what it changed when it came into force.

        Parameters
        ----------
        number
            Its number.
        person
            Who asks; has to be allowed to see its file.

        Returns
        -------
        UploadCheck

        Raises
        ------
        NotAllowed, Refused, StoreProblem, StoreUnavailable
            As :meth:`check_file` and :meth:`careleavers.store.Store.original` do.
        """
        store = self.versions.store
        name, content = store.original(number, person)
        uploads = store.uploads()
        about = uploads[uploads["upload"] == number].iloc[0]
        version = store.version() if about["state"] == "proposed" else int(about["position"]) - 1
        layer = about["layer"] if about["kind"] == "local" else "provisional"
        return self._checked(content, name, person, layer, version)

    def _checked(
        self, content: bytes, file_name: str, person: Person, layer: str, version: int, progress: Progress | None = None
    ) -> UploadCheck:
        """Read a file and check it against what is in force at a version."""
        draft = read_upload(content, file_name, self.reference(), progress=_part(progress, 0.0, _READING))
        note_personal_data(draft, self.places())
        areas = sorted(draft.figures["area_code"].dropna().unique())
        # Figures of authorities that the person may not upload for are not compared with what others uploaded.
        allowed = [code for code in areas if person.may_upload_for(code)]
        # A council's file is not held against the department's figures: which release they are of makes no difference.
        beside = self.versions.select_version(version) if draft.kind == "release" else self.versions.newest()
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
        return UploadCheck(content, draft, findings, said, layer, version, hidden, effect)

    def accept(
        self, checked: UploadCheck, person: Person, *, note: str = "", confirmed: bool = False, proposed: bool = False
    ) -> Entry:
        """Put a checked file into the ledger.

        Parameters
        ----------
        checked
            What :meth:`check_file` gave.
        person
            Who uploads it.
        note
            What others should know.
        confirmed
            Whether the person confirmed what the report asks to confirm.
        proposed
            Whether it waits for a second person before it comes into force.

        Returns
        -------
        Entry
            The new entry of the ledger.

        Raises
        ------
        ValueError
            While something must be fixed or is not confirmed, which a caller has to prevent.
        NotAllowed, DuplicateUpload, PreviewOutdated, StoreProblem, StoreUnavailable
            As :meth:`careleavers.store.Store.accept` does.
        """
        if checked.report.blocking or (checked.report.to_confirm and not confirmed):
            raise ValueError("the report of this file does not allow it to be accepted")
        kept = retained_file(checked.draft, checked.content)
        told = {} if kept.whole else {"kept": {"columns left out": kept.columns_left_out}}
        upload = NewUpload.of(
            checked.draft,
            kept.content,
            layer=checked.layer,
            note=note,
            checks=summary(checked.report) | told,
            effect=dict(checked.effect.effects) | {"hidden": checked.effect.hidden} if checked.effect else {},
        )
        return self.versions.store.accept(upload, person, expected=checked.version, proposed=proposed)

    def places(self) -> list[str]:
        """Names that are no young person's: of authorities, regions and measures."""
        reference = self.reference()
        measures = [text for each in reference.indicators.values() for text in (each.title, each.short_title)]
        return [
            *(each.name for each in reference.gazetteer.authorities.values()),
            *reference.gazetteer.regions,
            *measures,
        ]

    def preview(self, checked: UploadCheck) -> Warehouse:
        """The figures as viewers would see them once a file is accepted.

        Parameters
        ----------
        checked
            What :meth:`check_file` gave, of local figures or a release.

        Returns
        -------
        Warehouse
            To be closed when it is no longer needed.
        """
        name = f"{checked.draft.sha256[:12]}-{checked.layer}"
        if checked.draft.kind == "release":
            new = NewUpload.of(checked.draft, checked.content)
            return self.versions.preview_release(new.figures, new.sources, name)
        return self.versions.preview(checked.local(), name)

    def _hidden(self, draft: Draft, layer: str, held: pd.DataFrame) -> pd.DataFrame:
        """The figures of a file that would be hidden from viewers, given ``held`` (those in force)."""
        own, catalogue = _as_local(draft.figures, layer), self.versions.store.catalogue()
        parts = [own.head(0).assign(hidden=False)]
        # What is hidden of an authority does not depend on others: a few at a time need less memory than all at once.
        for areas in _some_at_a_time(own["area_code"]):
            some, there = (rows[rows["area_code"].isin(areas)] for rows in (own, held))
            shown = self.versions.protected(self.versions.replace_figures(there, some), catalogue)
            parts.append(shown[shown["hidden"] & (shown["release"] == NOT_YET)].astype(own.dtypes))
        return pd.concat(parts).sort_values("row", kind="stable", ignore_index=True)


def _as_local(figures: pd.DataFrame, layer: str) -> pd.DataFrame:
    texts = {"layer": layer, "source": "local", "release": NOT_YET}
    return figures.assign(**{column: repeated_text(text, len(figures)) for column, text in texts.items()})


def _some_at_a_time(areas: pd.Series) -> Iterator[list[str]]:
    """The authorities of a file, a few together as long as they do not have too many figures."""
    counts = areas.value_counts()
    counts = counts[counts > 0]
    for _, some in counts.groupby((counts.cumsum() - counts) // _FIGURES_AT_ONCE):
        yield [str(code) for code in some.index]


def summary(said: Report) -> dict[str, Any]:
    """Summarise a report for the ledger.

    Parameters
    ----------
    said
        The report of a file.

    Returns
    -------
    dict
        Severity to rule to how often it found something; never what it found.
    """
    return {section.severity: {rule.rule.title: rule.count for rule in section.rules} for section in said.sections}


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    """Progress of a part of the work as progress of the whole."""
    if progress is None:
        return None
    return lambda share, what: progress(start + (end - start) * share, what)
