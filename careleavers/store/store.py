"""The store: what was uploaded, by whom, and which figures were in force at any version."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import logging
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from careleavers import settings
from careleavers.access.people import Person
from careleavers.store import backups, erasing, guards
from careleavers.store.address import Address, read_address
from careleavers.store.connection import Beside, Conflict, Connection, Database, nothing_beside, query_text
from careleavers.store.model import (
    Action,
    AlreadyThere,
    Changed,
    ChangedUnderPreview,
    Entry,
    Erased,
    NewUpload,
    Snapshot,
    StoreBusy,
    StoreProblem,
    StoreUnavailable,
    kept_name,
)
from careleavers.store.rows import NEWEST, add_rows, ask, kept_text, rows_held, rows_of, unpacked
from careleavers.wording.formats import day_text

_LOG = logging.getLogger("careleavers.store")
# Seconds that asking for the version may wait for a thread that is reading or writing, and that a store out of reach
# is left alone before it is asked again.
VERSION_PATIENCE = 0.05
QUIET = 5.0
# Seconds for which a store may be busy before somebody is told.
BUSY = 10.0


@dataclass(frozen=True)
class _Known:
    """The newest version known in this process and the mark of the store when it was read: one thing, set at once."""

    version: int = 0
    mark: tuple[object, ...] | None = None


_OPEN: dict[Address, Store] = {}
_OPENING = threading.Lock()


def open_store(url: str | None = None) -> Store:
    """The store at ``url`` (default: the setting ``STORE_URL``): one object for each store in a process.

    Nothing is opened or made before it is first used. Raises :class:`StoreProblem` when the setting cannot be understood.
    """
    address = read_address(url or settings.store_url())
    with _OPENING:
        if address not in _OPEN:
            _OPEN[address] = Store(address)
        return _OPEN[address]


class Store:
    """What was uploaded. Safe to share between threads; other processes may use the same store at the same time.

    The **version** is the length of the ledger: 0 is the empty store, and every entry of the ledger adds one. Wherever
    ``version`` can be given, None means the newest, and a given one always gives the same answer again.

    What is read here is **raw**: it has to go through ``careleavers.disclosure`` before anybody who may not upload for
    the authority sees it. Reading raises :class:`StoreUnavailable` when the store cannot be reached, :meth:`version`
    never does. Make one with :func:`open_store`: two of one file in one process would shut each other out.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._database = Database(address)
        self._known = _Known()
        self._learning = threading.Lock()
        self._asked = False
        self._read = False
        self._busy_since: float | None = None
        self._quiet_until = 0.0
        self._problem: StoreUnavailable | None = None

    @property
    def where(self) -> str:
        """Where the uploads are kept, in words and without names of machines or passwords: ``the file uploads.duckdb``."""
        return self._address.where

    @property
    def problem(self) -> StoreUnavailable | None:
        """Why the store could not be read when it was last asked for its version; None when it could."""
        return self._problem

    def know(self, former: Mapping[str, str]) -> None:
        """From now on give figures, events and areas under the codes of today: ``former`` has them by the ones given up."""
        self._database.know(former)

    # ------------------------------------------------------------------ reading

    def version(self) -> int:
        """The length of the ledger, cheap enough to ask on every rerun; 0 where there is no store yet.

        When the store is busy or out of reach this is the last version known here (0 where none is): it neither waits
        nor fails, and :attr:`problem` says why.
        """
        mark, known = self._database.mark(), self._known
        if mark is not None and mark == known.mark:
            return known.version
        if self._problem and time.monotonic() < self._quiet_until:
            return known.version
        patience, turn = (0.0, VERSION_PATIENCE) if self._asked else (None, None)
        try:
            read, snapshot = self._database.read(lambda held: self._current(held, known), patience=patience, turn=turn)
        except StoreUnavailable as error:
            self._out_of_reach(error)
        else:
            self._problem, self._busy_since, self._read = None, None, True
            self._learn(known, _Known(read, snapshot or mark))
        self._asked = True
        return self._known.version

    def _learn(self, before: _Known, now: _Known) -> None:
        """What was read, unless another thread has learned something since ``before``: that is newer."""
        with self._learning:
            if self._known is before:
                self._known = now

    def ledger(self, version: int | None = None) -> pd.DataFrame:
        """Every entry up to a version, oldest first.

        Columns: entry, upload, action (accepted, proposed, approved, declined, withdrawn, restored, erased), at (UTC),
        issuer, subject, name, reason.
        """
        return self._ask("ledger", version=_until(version))

    def uploads(self, version: int | None = None) -> pd.DataFrame:
        """Every upload with what had become of it at a version, newest first.

        Columns: upload, kind, layout, layer, file_name, sha256, size (bytes), rows, areas (list of codes), note, checks
        and effect (dicts), state (in force, proposed, withdrawn, declined, erased), position (the entry at which it first
        came into force; missing when it never did), added_at, added_issuer, added_subject, added_name (who brought it in),
        entry, action, at, issuer, subject, name, reason (the last entry about it).
        """
        return _readable(self._ask("uploads", version=_until(version)), self._database.former)

    def figures(
        self, version: int | None = None, areas: Iterable[str] | None = None, layers: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """The raw figures in force at a version, one row for each ``intake.model.KEY``; of ``areas`` and ``layers`` only.

        Of several uploads in force the one that came into force last wins; of the department's releases the newest
        release. Columns: upload, then those of ``intake.model.FIGURE_COLUMNS`` (``release`` of a local figure is the
        number of its upload).
        """
        return self._ask("figures", version=_until(version), areas=_codes(areas), layers=_codes(layers))

    def superseded(
        self, version: int | None = None, areas: Iterable[str] | None = None, layers: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """The raw figures of uploads in force that another upload in force replaced: what :meth:`figures` left out.

        Columns: those of :meth:`figures`, and superseded_by (the upload whose figure is in force).
        """
        return self._ask("superseded", version=_until(version), areas=_codes(areas), layers=_codes(layers))

    def ever(self, version: int | None = None) -> pd.DataFrame:
        """The raw local figures of all uploads that were ever in force, whatever became of them; columns of :meth:`figures`."""
        return self._ask("ever", version=_until(version))

    def changed(self, since: int, until: int) -> Changed:
        """What entries after version ``since`` and up to ``until`` put into force or out of it."""
        return _changed(self._ask("changed", since=since, until=until), self._database.former)

    def catalogue(self, version: int | None = None) -> pd.DataFrame:
        """The indicators of councils' own in force at a version, by id: columns upload, then those of ``indicators.csv``."""
        return unpacked(self._ask("catalogue", version=_until(version)), "indicators")

    def events(self, version: int | None = None) -> pd.DataFrame:
        """The uploaded inspections and visits in force at a version, one for each :data:`EVENT_KEY`.

        Columns: upload, then those of ``inspections.csv``.
        """
        return unpacked(self._ask("events", version=_until(version)), "inspections", "authority_code")

    def sources(self, version: int | None = None) -> pd.DataFrame:
        """The releases that uploads in force brought: columns upload, then those of ``sources.csv``."""
        return unpacked(self._ask("sources", version=_until(version)), "sources")

    def releases(self, version: int | None = None) -> tuple[int, ...]:
        """The numbers of the uploads of the department's releases in force, in order."""
        return tuple(int(number) for number in self._ask("releases", version=_until(version))["upload"])

    def snapshot(self, version: int, *, since: int | None = None) -> Snapshot:
        """Everything that the pages need of a version, read at one moment: see :class:`Snapshot`.

        With ``since``, only the figures of authorities that entries after that version touched.
        """

        def work(connection: Connection) -> Snapshot:
            former = self._database.former
            changed = None
            if since is not None:
                changed = _changed(ask(connection, "changed", since=since, until=version), former)
            areas = sorted(changed.areas) if changed else None
            figures = ask(connection, "local_figures", version=version, areas=areas)
            return Snapshot(
                changed=changed,
                figures=figures,
                uploads=_brought(connection, figures, former),
                catalogue=unpacked(ask(connection, "catalogue", version=version), "indicators"),
                events=unpacked(ask(connection, "events", version=version), "inspections", "authority_code"),
            )

        with self._told_in_the_log():
            return self._database.read(work)

    def original(self, upload: int, person: Person) -> tuple[str, bytes]:
        """The name and the bytes of the file of an upload as it is kept; who took it is recorded.

        That is the exact file, or, where it had columns that were not used, a CSV file of those that were.

        Raises :class:`NotAllowed` unless the person may upload for all of its authorities (a release or a catalogue:
        unless an officer), :class:`StoreProblem` when there is no such upload.
        """
        with self._told_in_the_log():
            about = self._database.read(lambda connection: self._about(connection, upload))
        guards.may_see(about, person)
        guards.need_content(about)
        found = self._ask("original", upload=upload).iloc[0]
        content = zlib.decompress(bytes(found["content"]))
        self.record_download(person, "the file as it is kept", upload)
        return kept_name(str(found["file_name"]), about["checks"]), content

    def record_download(self, person: Person, what: str, upload: int | None = None) -> None:
        """Keep who takes unprotected rows away: ``what`` they are in a few words, ``upload`` whose file it is, if it is one's.

        In the log in any case; a store that cannot be written just now does not keep an officer from what is theirs.
        """
        about = {
            "at": dt.datetime.now(dt.UTC).replace(tzinfo=None), "issuer": person.issuer, "subject": person.subject,
            "name": kept_text(person.name), "what": kept_text(what), "upload": upload,
        }  # fmt: skip
        # What a provider calls people, and what is in a file's name, does not break a line of the log.
        _LOG.info(
            "download by %r (%s, issuer %r, subject %r): %s, upload %s",
            person.name, person.role, person.issuer, person.subject, " ".join(what.split()), upload or "none",
        )  # fmt: skip
        try:
            self._database.write(lambda connection: connection.execute(query_text("add_download"), about))
        except StoreUnavailable as error:
            _LOG.warning(
                "a download stands in this log alone: %r (%r) took %r, upload %s. %s %s",
                person.subject, person.issuer, what, upload or "none", error, error.detail,
            )  # fmt: skip

    def downloads(self, person: Person) -> pd.DataFrame:
        """Who took unprotected rows away, oldest first: columns at (UTC), issuer, subject, name, what, upload (or missing).

        Raises :class:`NotAllowed` unless the person is an administrator.
        """
        guards.may_audit(person)

        def work(connection: Connection) -> pd.DataFrame:
            if erasing.has_table(connection, "downloads"):
                return ask(connection, "downloads")
            return pd.DataFrame(columns=["at", "issuer", "subject", "name", "what", "upload"])

        with self._told_in_the_log():
            return self._database.read(work)

    def history_of(
        self,
        indicator: str,
        age_group: str,
        area_code: str,
        period_end: dt.date | None,
        person: Person,
        *,
        basis: str | None = None,
        layer: str | None = None,
    ) -> pd.DataFrame:
        """Every value that was ever uploaded for a figure, newest upload first; all bases and layers unless given.

        ``period_end`` may be None for all periods. Columns: upload, period_end, basis, layer, numerator, denominator,
        value, published_value, status, target, note, state (in force, replaced, proposed, withdrawn, declined), file_name,
        added_at, added_issuer, added_subject, added_name, entry, action, at, name, reason. Raises :class:`NotAllowed` unless the person may upload for the authority or only published figures are asked for.
        """
        if layer != "published":
            person.need([area_code], "see every value that was uploaded")
        return self._ask(
            "history_of", indicator=indicator, age_group=age_group, area_code=area_code, period_end=period_end, basis=basis,
            layer=layer,
        )  # fmt: skip

    def measures_of(self, area_code: str, person: Person) -> pd.DataFrame:
        """The measures of an authority that a figure was ever uploaded of: columns indicator, age_group.

        Raises :class:`NotAllowed` unless the person may upload for the authority.
        """
        person.need([area_code], "see what was uploaded")
        return self._ask("measures_of", area_code=area_code)

    # ------------------------------------------------------------------ writing

    def accept(self, new: NewUpload, person: Person, *, expected: int | None = None, proposed: bool = False) -> Entry:
        """Keep an upload, whole or not at all, and put it into force (``proposed``: wait for a second person).

        ``expected`` is the version that the person's preview was made against. Raises :class:`NotAllowed`,
        :class:`AlreadyThere` for a file that is in the store, :class:`ChangedUnderPreview` when entries since then touched
        the same figures, and :class:`StoreUnavailable`; in each case nothing is written.
        """
        guards.may_bring(new, person)
        guards.need_impersonal(new.note, "The note")

        def check(connection: Connection, _: int) -> None:
            _refuse_same_file(connection, new)
            if new.kind == "catalogue":
                guards.may_define(ask(connection, "owners", ids=list(new.indicators)), person)
            _refuse_changed(connection, expected, upload=0)

        return self._append(
            "proposed" if proposed else "accepted",
            person,
            sha256=new.sha256,
            check=check,
            add=lambda connection, upload: add_rows(connection, upload, new),
            beside=lambda connection: rows_of(connection, new),
        )

    def withdraw(self, upload: int, person: Person, reason: str) -> Entry:
        """Take an upload out of force: every figure is again what it would be without it.

        Raises :class:`StoreProblem` unless it is in force, without a reason, and for a catalogue that figures in force
        still need; :class:`NotAllowed` as :meth:`accept` does.
        """

        def check(connection: Connection, upload: int) -> None:
            about = self._about(connection, upload)
            guards.may_undo(about, person, "withdraw")
            guards.need_state(about, "in force", "withdrawn")
            if about["kind"] == "catalogue":
                _refuse_still_needed(connection, upload)

        return self._append("withdrawn", person, upload=upload, reason=guards.need_reason(reason), check=check)

    def restore(self, upload: int, person: Person, reason: str) -> Entry:
        """Put a withdrawn upload back where it was: every figure is again what it was before the withdrawal."""

        def check(connection: Connection, upload: int) -> None:
            about = self._about(connection, upload)
            guards.may_undo(about, person, "restore")
            guards.need_state(about, "withdrawn", "restored")

        return self._append("restored", person, upload=upload, reason=guards.need_reason(reason), check=check)

    def approve(self, upload: int, person: Person, reason: str = "", *, expected: int | None = None) -> Entry:
        """Put a proposed upload into force. Raises :class:`NotAllowed` when the person is the one who proposed it."""

        def check(connection: Connection, upload: int) -> None:
            about = self._about(connection, upload)
            guards.may_approve(about, person)
            guards.need_state(about, "proposed", "approved")
            _refuse_changed(connection, expected, upload)

        return self._append(
            "approved",
            person,
            upload=upload,
            reason=guards.need_impersonal(reason, "The reason"),
            check=check,
            beside=lambda connection: rows_held(connection, upload),
        )

    def decline(self, upload: int, person: Person, reason: str) -> Entry:
        """Refuse a proposed upload, or take one's own back: it never comes into force."""

        def check(connection: Connection, upload: int) -> None:
            about = self._about(connection, upload)
            guards.may_decline(about, person)
            guards.need_state(about, "proposed", "declined")

        return self._append("declined", person, upload=upload, reason=guards.need_reason(reason), check=check)

    def erase(self, upload: int, person: Person, reason: str) -> Erased:
        """Take an upload out of the store for good, with its file, its note and what was said about it.

        What stays is a tombstone: its number, whose figures it held, who did what with it and when, and ``reason``. Backups that
        were made from here and can be reached lose it, too. Of one that is erased already, bytes and backups are gone through
        again. Raises :class:`NotAllowed` unless the person is an administrator, :class:`StoreProblem` when there is no such
        upload or no reason.
        """

        def check(connection: Connection, upload: int) -> None:
            about = self._about(connection, upload)
            guards.may_erase(about, person)
            guards.need_content(about)
            if about["kind"] == "catalogue":
                _refuse_still_needed(connection, upload, "erased")

        with self._told_in_the_log():
            about = self._database.read(lambda connection: self._about(connection, upload))
        guards.may_erase(about, person)
        if about["state"] == "erased":
            ledger = self.ledger()
            entry = _entries(ledger[(ledger["upload"] == upload) & (ledger["action"] == "erased")])[-1]
        else:
            entry = self._append(
                "erased", person, upload=upload, reason=guards.need_reason(reason), check=check, add=erasing.erase_rows
            )
        return Erased(entry, *erasing.clean_up(self._database, upload, about["added_at"].to_pydatetime()))

    # ------------------------------------------------------------------ backup

    def backup(self, path: Path) -> int:
        """Copy the whole store, as at one moment, into a new DuckDB file; returns the version that was copied.

        Others may read and write meanwhile. The file is itself a store: ``STORE_URL`` may name it. Raises
        :class:`StoreProblem` when the file is there already.
        """
        with self._told_in_the_log():
            return backups.backup(self._database, path)

    def restore_backup(self, path: Path, *, replace: bool = False) -> Path | None:
        """Fill the store from a backup, whole or not at all.

        The store must be empty, unless ``replace``: then what it held is first backed up to a file beside ``path``,
        which is returned. Running dashboards have to be started anew afterwards. Raises :class:`StoreProblem`.
        """
        with self._told_in_the_log():
            kept = backups.restore(self._database, path, replace=replace)
        with self._learning:
            self._known = _Known()
        return kept

    # ------------------------------------------------------------------ within

    def _ask(self, name: str, **parameters: Any) -> pd.DataFrame:
        with self._told_in_the_log():
            return self._database.read(lambda connection: ask(connection, name, **parameters))

    def _append(
        self,
        action: Action,
        person: Person,
        *,
        upload: int | None = None,
        sha256: str = "",
        reason: str = "",
        check: Callable[[Connection, int], None],
        add: Callable[[Connection, int], object] | None = None,
        beside: Beside = nothing_beside,
    ) -> Entry:
        """One more entry in the ledger and what belongs to it, in one transaction; ``sha256`` is that of a new file."""
        at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        name = kept_text(person.name)
        # Two of one person's files may come at the same microsecond, so who and when alone do not tell.
        mine = {
            "at": at, "issuer": person.issuer, "subject": person.subject, "action": action, "reason": kept_text(reason),
            "upload": upload, "sha256": sha256,
        }  # fmt: skip
        tried = False

        def work(connection: Connection) -> Entry:
            nonlocal tried
            length = _length(connection)
            if tried and (landed := _entries(ask(connection, "landed", **mine))):
                return landed[0]
            tried = True
            if connection.execute(query_text("advance"), {"length": length}).fetchone() != (1,):
                raise Conflict(f"the ledger is longer than {length}")
            entry = Entry(
                length + 1, upload or length + 1, action, at, person.issuer, person.subject, name, kept_text(reason)
            )
            check(connection, entry.upload)
            if add:
                add(connection, entry.upload)
            connection.execute(query_text("add_entry"), dataclasses.asdict(entry))
            return entry

        with self._told_in_the_log():
            entry = self._database.write(work, beside=beside)
        with self._learning:
            # The mark is that of before; the next look asks.
            self._known = _Known(max(self._known.version, entry.entry))
        _LOG.info("entry %s: %s upload %s", entry.entry, action, entry.upload)
        return entry

    @contextmanager
    def _told_in_the_log(self) -> Iterator[None]:
        """Whoever runs the dashboard finds there what the database said; who uses it is told in a sentence."""
        try:
            yield
        except StoreBusy as error:
            _LOG.warning("%s %s", error, error.detail)
            raise
        except StoreUnavailable as error:
            known = self._problem
            if known is not None and known.reference and known.detail == error.detail:
                # In the log already.
                raise known from None
            _LOG.warning("Reference %s: %s %s", error.refer(), error, error.detail)
            raise

    def _about(self, connection: Connection, upload: int) -> pd.Series[Any]:
        return _upload(connection, upload, self._database.former)

    def _current(self, connection: Connection, known: _Known) -> tuple[int, tuple[object, ...] | None]:
        """The length of the ledger and, of a DuckLake, its snapshot: only a new one makes its tables worth looking into."""
        if "ducklake" not in self._address.schemes:
            return _length(connection), None
        snapshot = (int(ask(connection, "snapshot")["id"].iloc[0]),)
        return (known.version if snapshot == known.mark else _length(connection)), snapshot

    def _out_of_reach(self, error: StoreUnavailable) -> None:
        now, before = time.monotonic(), self._problem
        busy = isinstance(error, StoreBusy)
        if busy:
            self._busy_since = self._busy_since or now
            if not self._read or now - self._busy_since > BUSY:
                # Somebody who writes is done in a moment; whoever keeps it this long has opened it for something else.
                error = StoreUnavailable(
                    f"{self.where[0].upper()}{self.where[1:]} with the uploads is in use by another program; nothing was "
                    "changed. Whoever runs the dashboard has to close what has opened it.",
                    error.detail,
                )
        if not isinstance(error, StoreBusy):
            if before is not None and before.detail == error.detail and type(before) is type(error):
                # Said already, under its reference.
                error = before
            else:
                _LOG.warning(
                    "Reference %s: showing version %s meanwhile: %s %s",
                    error.refer(),
                    self._known.version,
                    error,
                    error.detail,
                )
        self._problem = error
        # A file that somebody writes is free again in a moment; connecting to a server that has gone takes its time.
        self._quiet_until = time.monotonic() + (0 if busy else QUIET)


def _until(version: int | None) -> int:
    return NEWEST if version is None else version


def _codes(codes: Iterable[str] | None) -> list[str] | None:
    return None if codes is None else sorted(codes)


def _length(connection: Connection) -> int:
    return int(ask(connection, "version")["length"].iloc[0])


def _areas(text: str, former: Mapping[str, str]) -> list[str]:
    """Codes joined by ';' as those of today, each once."""
    return list(dict.fromkeys(former.get(code, code) for code in text.split(";") if code))


def _changed(frame: pd.DataFrame, former: Mapping[str, str]) -> Changed:
    areas = frozenset(code for text in frame["areas"] for code in _areas(text, former))
    return Changed(areas, frozenset(frame["kind"]))


def _brought(connection: Connection, figures: pd.DataFrame, former: Mapping[str, str]) -> pd.DataFrame:
    """Whose figures the uploads of ``figures`` hold (``areas`` as a list), and since when."""
    frame = ask(connection, "brought", uploads=[int(number) for number in figures["upload"].unique()])
    areas = [_areas(text, former) for text in frame["areas"]]
    return frame.assign(areas=pd.Series(areas, frame.index, dtype=object))


def _readable(frame: pd.DataFrame, former: Mapping[str, str]) -> pd.DataFrame:
    """``areas``, ``checks`` and ``effect`` as lists and dicts."""
    parsed = {
        "areas": [_areas(text, former) for text in frame["areas"]],
        "checks": [json.loads(text) for text in frame["checks"]],
        "effect": [json.loads(text) for text in frame["effect"]],
    }
    return frame.assign(**{name: pd.Series(values, frame.index, dtype=object) for name, values in parsed.items()})


def _upload(connection: Connection, upload: int, former: Mapping[str, str]) -> pd.Series[Any]:
    """The row of one upload; raises :class:`StoreProblem` when there is none."""
    frame = ask(connection, "uploads", version=NEWEST)
    found = _readable(frame[frame["upload"] == upload], former)
    if found.empty:
        raise StoreProblem(f"There is no upload {upload}.")
    return found.iloc[0]


def _entries(frame: pd.DataFrame) -> list[Entry]:
    names = [field.name for field in dataclasses.fields(Entry)]
    rows: list[dict[Any, Any]] = frame[names].to_dict("records")
    return [Entry(**{str(name): value for name, value in row.items()}) for row in rows]


def _refuse_same_file(connection: Connection, new: NewUpload) -> None:
    found = ask(connection, "same_file", sha256=new.sha256, kind=new.kind, layer=new.layer)
    if found.empty:
        return
    first = found.iloc[0]
    number = int(first["upload"])
    what = {
        "in force": f"It is in force. To correct a figure, change it in the file and upload that; to undo it, withdraw upload {number}.",
        "proposed": "It waits for a second person's approval.",
        "withdrawn": f"{first['name'] or 'Somebody'} withdrew it on {day_text(first['at'])}. To have it back, restore upload {number}.",
    }[first["state"]]
    raise AlreadyThere(
        f"This very file is here already: {first['added_name'] or 'somebody'} uploaded it on {day_text(first['added_at'])} as "
        f"“{first['file_name']}”, upload {number}. {what} Nothing was changed.",
        number,
    )


def _refuse_changed(connection: Connection, expected: int | None, upload: int) -> None:
    """Raise :class:`ChangedUnderPreview` when entries after ``expected`` touched the rows put as new."""
    if expected is None:
        return
    touched = ask(connection, "touched", since=expected, upload=upload)
    if not touched.empty:
        changes = tuple(zip(_entries(touched), (int(count) for count in touched["figures"]), strict=True))
        raise ChangedUnderPreview(changes, _length(connection) - 1)


def _refuse_still_needed(connection: Connection, upload: int, become: str = "withdrawn") -> None:
    needed = ask(connection, "still_needed", upload=upload)
    if not needed.empty:
        ids = ", ".join(sorted(needed["id"].unique()))
        uploads = ", ".join(str(number) for number in sorted(needed["upload"].unique()))
        raise StoreProblem(
            f"Upload {upload} cannot be {become} while figures need it: {ids} in upload {uploads}. Withdraw these first. "
            "Nothing was changed."
        )
