"""The command line: import releases, seal and check the figures, list and export them; uploads and their history."""

from __future__ import annotations

import argparse
import dataclasses
import logging
import os
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careleavers import __version__, kept_files, settings
from careleavers.access.people import COMMAND_LINE, Person, with_channel
from careleavers.access.roles import this_machine
from careleavers.errors import CareLeaversError, UnknownChoice
from careleavers.figures import catalogue
from careleavers.figures.warehouse import open_warehouse
from careleavers.intake.report import printable
from careleavers.wording import exports
from careleavers.wording.findings import in_words
from careleavers.wording.formats import day_text, join_words, missing

# As careleavers.store.documents has them: the store takes a moment to import, and most commands need none.
DOCUMENT_KINDS = ("commentary", "pack", "pack_template", "plan", "question", "watch_list")

if TYPE_CHECKING:
    from careleavers.access.roles import Access
    from careleavers.figures.warehouse import Warehouse
    from careleavers.store import Store
    from careleavers.uploads import UploadCheck, UploadService


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    An error that a person can mend is one sentence on standard error; others are logged with a reference.

    Parameters
    ----------
    arguments
        The words after ``python -m careleavers``; by default those of this process.

    Returns
    -------
    int
        The exit status: 0 done, 1 could not be done, 2 wrong usage.

    Examples
    --------
    >>> main(["indicators"])
    0
    """
    options = _parser().parse_args(arguments)
    try:
        result = int(options.run(options))
        sys.stdout.flush()
        return result
    except CareLeaversError as error:
        print(f"careleavers: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read our output has stopped (“| head”); Python would complain once more when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        reference = uuid.uuid4().hex[:8]
        logging.getLogger("careleavers").exception("reference %s", reference)
        print(f"careleavers: something went wrong on our side (reference {reference}).", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m careleavers", description="Figures on care leavers, compared with every other authority."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("import-published", help="read published releases and write the data folder")
    command.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="folders with the published files")
    command.add_argument("--into", type=Path, default=None, help="data folder to write (default: the one in use)")
    command.set_defaults(run=_import)

    command = commands.add_parser("seal", help="check the data folder and accept changes made by hand")
    command.set_defaults(run=_seal)

    command = commands.add_parser("indicators", help="list the indicators, and of what and when figures are held")
    command.set_defaults(run=_indicators)

    command = commands.add_parser("export", help="export one indicator for every authority")
    command.add_argument("--indicator", required=True, help="an id that “indicators” lists")
    command.add_argument("--age-group", help="such as 19-21 (not needed where there is only one)")
    command.add_argument("--period", help="the day a period ends, such as 2025-03-31 (default: the newest)")
    command.add_argument(
        "--against",
        choices=("neighbours", "region", "england"),
        help="add four columns: what is compared with, its value, the verdict, and whether there are too few to tell",
    )
    command.add_argument("--authority", help="only this authority: GSS code, three-digit code or name")
    command.add_argument("--format", choices=("csv", "json"), default="csv")
    command.set_defaults(run=_export)

    command = commands.add_parser("briefing", help="write the two-page briefing of one authority as a PDF")
    command.add_argument("authority", metavar="AUTHORITY", help="GSS code, three-digit code or name")
    command.add_argument("--against", choices=("neighbours", "region", "england"), default="neighbours")
    command.add_argument("--out", required=True, type=Path, metavar="FILE", help="the PDF to write")
    command.set_defaults(run=_briefing)

    command = commands.add_parser("pack", help="write a committee pack of one authority: Word, PowerPoint, PDF or ZIP")
    command.add_argument(
        "name", metavar="NAME", help="a saved pack, or a template: annual, quarterly, indicator, inspection"
    )
    command.add_argument("--authority", required=True, help="GSS code, three-digit code or name")
    command.add_argument(
        "--against", choices=("neighbours", "region", "england"), help="default: as saved, or neighbours"
    )
    command.add_argument("--format", choices=("docx", "pptx", "pdf", "zip"), default="docx")
    command.add_argument(
        "--address", default="", metavar="URL", help="where the dashboard runs, for the link on the last page"
    )
    command.add_argument("--officer", default="", metavar="NAME", help="who opens a pack that is for officers only")
    command.add_argument("--out", required=True, type=Path, metavar="FILE", help="the file to write")
    command.set_defaults(run=_pack)

    command = commands.add_parser("check", help="check a file as the Upload page does; nothing is kept")
    _about_a_file(command)
    command.add_argument("--checked", type=Path, metavar="FILE", help="write the file there with a column of messages")
    command.set_defaults(run=_check)

    command = commands.add_parser("upload", help="check a file and put its figures into force")
    _about_a_file(command)
    _by_whom(command, "--note", "what others should know about it")
    command.add_argument("--confirm", action="store_true", help="what the report asks to confirm is as it should be")
    command.set_defaults(run=_upload)

    command = commands.add_parser("history", help="list the uploads, newest first")
    command.add_argument("--authority", help="only of this authority: GSS code, three-digit code or name")
    command.set_defaults(run=_history)

    for name, help_text in {
        "withdraw": "take an upload out of force: figures go back to what they were",
        "restore": "put a withdrawn upload back",
        "approve": "put an upload into force that waits for a second person",
        "decline": "refuse an upload that waits for a second person",
    }.items():
        command = commands.add_parser(name, help=help_text)
        command.add_argument("id", type=int, metavar="ID", help="the number of the upload, as “history” lists it")
        _by_whom(command, "--reason", "why, for whoever looks at the history later")
        command.set_defaults(run=_change, change=name)

    command = commands.add_parser("erase", help="take an upload out for good, as the law may ask; administrators only")
    command.add_argument("id", type=int, metavar="UPLOAD", help="the number of the upload, as “history” lists it")
    _by_whom(command, "--reason", "why, without anything that is to be erased")
    command.set_defaults(run=_erase)

    command = commands.add_parser("documents", help="list comments, packs, answers and plans that councils keep")
    command.add_argument("--authority", help="only of this authority: GSS code, three-digit code or name")
    command.add_argument("--kind", choices=DOCUMENT_KINDS, help="only of this kind")
    command.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="json has what they say, too"
    )
    command.add_argument("--officer", default="", metavar="NAME", help="who asks, where sign-in is set up")
    command.set_defaults(run=_documents)

    command = commands.add_parser("erase-document", help="take a document out for good; administrators only")
    command.add_argument("id", type=int, metavar="DOCUMENT", help="its number, as “documents” lists it")
    _by_whom(command, "--reason", "why, without anything that is to be erased")
    command.set_defaults(run=_erase_document)

    command = commands.add_parser("ledger", help="export everything that was done, who did it, and who downloaded what")
    command.add_argument("--format", choices=("csv", "json"), default="csv")
    command.add_argument("--officer", default="", metavar="NAME", help="an administrator, where sign-in is set up")
    command.set_defaults(run=_ledger)

    command = commands.add_parser("backup", help="copy all uploads and their history into one file")
    command.add_argument("file", type=Path, metavar="FILE", help="a new file")
    command.set_defaults(run=_backup)

    command = commands.add_parser("restore-backup", help="fill the store from such a file")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--replace", action="store_true", help="back up what is there, then replace it")
    command.set_defaults(run=_restore_backup)

    command = commands.add_parser(
        "move-store", help="copy a whole store to another kind of place, and compare both row by row"
    )
    command.add_argument("source", metavar="FROM", help="where it is now, as STORE_URL would name it")
    command.add_argument("target", metavar="TO", help="an empty place, as STORE_URL would name it")
    command.set_defaults(run=_move_store)
    return parser


def _about_a_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX, as the Upload page takes it")
    command.add_argument(
        "--layer", choices=("provisional", "final"), default="provisional", help="default: provisional"
    )


def _by_whom(command: argparse.ArgumentParser, option: str, help_text: str) -> None:
    command.add_argument("--officer", required=True, metavar="NAME", help="who does it, as the history will name them")
    command.add_argument(option, default="", metavar="TEXT", help=help_text)


def _import(options: argparse.Namespace) -> int:
    from careleavers.importer.build import import_published

    into = options.into or settings.data_folder()
    result = import_published(options.folders, into, settings.HOME / "data")
    header = (
        "file",
        "kind",
        "read",
        "kept",
        "superseded",
        "suppressed",
        "not used",
        "not existing",
    )
    rows = [
        (
            r.file,
            r.kind,
            r.read,
            r.kept,
            r.superseded,
            r.suppressed,
            r.not_used,
            r.not_existing,
        )
        for r in result.reports
    ]
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, *rows]:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print()
    for name, count in result.written.items():
        print(f"{count:>6} rows  {name}")
    if result.not_needed:
        print(f"\nNot needed, and left alone: {join_words(result.not_needed)}.")
    return 0


def _seal(_: argparse.Namespace) -> int:
    from careleavers.importer.files import seal

    folder = settings.data_folder()
    open_warehouse(folder, sealed=False).close()
    print(f"Checked and sealed: {seal(folder)} files.")
    return 0


def _newest() -> Warehouse:
    """The figures as the pages show them now, uploads included; raises :class:`StoreUnavailable` without those."""
    from careleavers.store import open_store
    from careleavers.versions import Versions

    store = open_store()
    newest = Versions(store).newest()
    if store.problem:
        raise store.problem
    return newest


def _indicators(_: argparse.Namespace) -> int:
    frame = _newest().query("held_periods", indicator="", age_group="")
    # Published figures: the newest period that covers the country, else the newest. Councils' own: each period.
    published = frame[frame["layer"] == "published"].sort_values("whole", ascending=False, kind="stable")
    older = published[published.duplicated(["indicator", "age_group"])].index
    frame = frame.drop(index=older).assign(period=frame["period_end"].dt.strftime("%Y-%m-%d"))
    print(exports.text_table(frame, ("indicator", "age_group", "layer", "period", "title")))
    return 0


def _export(options: argparse.Namespace) -> int:
    warehouse = _newest()
    indicators = catalogue.from_rows(warehouse.query("indicators"))
    indicator = catalogue.choose_indicator(indicators, options.indicator)
    age_group = catalogue.choose_age_group(indicators, indicator, options.age_group)
    period = catalogue.choose_period(warehouse, indicator, age_group, options.period)
    authority = catalogue.choose_authority(warehouse, options.authority) if options.authority else ""
    frame = warehouse.query(
        "export",
        indicator=indicator.id,
        age_group=age_group,
        period=period,
        authority=authority,
        against=options.against or "",
    )
    if frame.empty:
        raise UnknownChoice(f"{options.authority} has no figure of {indicator.id} for {period.isoformat()}.")
    if not options.against:
        frame = frame.drop(columns=["against", "against_value", "verdict_against", "too_few_against"])
    frame = in_words(frame)
    content = exports.json_bytes(frame) if options.format == "json" else exports.csv_bytes(frame, for_excel=False)
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return 0


def _briefing(options: argparse.Namespace) -> int:
    from careleavers.store import open_store
    from careleavers.views.briefing import document, view
    from careleavers.views.context import context_of

    _check_writable(options.out)
    warehouse = _newest()
    code = catalogue.choose_authority(warehouse, options.authority)
    found = warehouse.query("authorities")
    chosen = found[found["authority_code"] == code].to_dict("records")[0]
    context, name = context_of(warehouse), str(chosen["authority_name"])
    region = None if missing(chosen["region"]) else str(chosen["region"])
    shown = view.build_view(context, code, name, options.against, region, "")
    said = view.public_comments(context, open_store().documents, code, shown.glance)
    _write(options.out, document.pdf(dataclasses.replace(shown, comments=said)))
    return 0


def _pack(options: argparse.Namespace) -> int:
    from careleavers import pictures
    from careleavers.access.people import NOBODY
    from careleavers.packs import build, kept, making
    from careleavers.packs.model import TEMPLATES, from_template
    from careleavers.store import open_store
    from careleavers.views.context import context_of

    _check_writable(options.out)
    warehouse, documents = _newest(), open_store().documents
    code = catalogue.choose_authority(warehouse, options.authority)
    found = warehouse.query("authorities")
    chosen = found[found["authority_code"] == code].to_dict("records")[0]
    name, context = str(chosen["authority_name"]), context_of(warehouse)
    person = _person(options.officer)[0] if options.officer else NOBODY
    look, saved, label = None, None, {title.casefold(): key for key, title in TEMPLATES.items()}
    template = label.get(options.name.casefold(), options.name)
    if template in TEMPLATES:
        settings = from_template(template, code, options.against or "neighbours", context.indicators)
    else:
        saved = kept.find(documents, code, options.name, person) or kept.find(
            documents, code, options.name, person, "pack_template"
        )
        if saved is None:
            raise UnknownChoice(
                f"There is no pack or template “{options.name}” of {name}; templates are {', '.join(TEMPLATES)}."
            )
        settings = kept.settings_of(saved)
        if options.against:
            settings = dataclasses.replace(settings, against=options.against)
        template = settings.template
        if own := kept.find(documents, code, template, person, "pack_template"):
            look = kept.look(documents, own, person, name)
    # All that was asked for is there: only now is a browser started.
    pictures.prepare()
    address = ""
    if options.address:
        held = {"saved": options.name} if saved is not None and saved.kind == "pack" else {}
        page = f"{options.address.rstrip('/')}/report"
        address = build.address(page, name, settings, warehouse.version, held)
    subject = build.Subject(code, name, None if missing(chosen["region"]) else str(chosen["region"]))
    put_together = partial(
        build.build_pack, context, settings, subject, address=address, look=look, documents=documents
    )
    _write(options.out, making.build_and_make(lambda begin: put_together(begin=begin), options.format))
    return 0


def _check_writable(out: Path) -> None:
    """Check that a file can be written, before the work that fills it.

    Raises
    ------
    CareLeaversError
        Where it cannot: the sentence says what to do about it.
    """
    try:
        there = out.exists()
        with out.open("ab" if there else "xb"):
            pass
        if not there:
            out.unlink()
    except OSError as error:
        raise _unwritable(out, error) from None


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise _unwritable(out, error) from None
    print(f"Written: {out}")


def _unwritable(out: Path, error: OSError) -> CareLeaversError:
    """Why a file cannot be written, and what to do about it."""
    if isinstance(error, PermissionError):
        return CareLeaversError(f"You may not write {out}: name a file in a folder of your own. Nothing was made.")
    if out.is_dir():
        return CareLeaversError(f"{out} is a folder. Name a file in it. Nothing was made.")
    if not out.parent.is_dir():
        return CareLeaversError(f"There is no folder {out.parent}: make it, or name another file. Nothing was made.")
    return CareLeaversError(f"{out} cannot be written: {error.strerror}. Nothing was made.")


def _person(name: str) -> tuple[Person, Access]:
    """Who acts under the name of an officer, and the rules they act under."""
    from careleavers.cli.officer import command_line_access, command_line_officer

    access = command_line_access(open_warehouse)
    return command_line_officer(access, name), access


def _existing_store() -> Store:
    """The store of a command that makes none.

    Raises
    ------
    CareLeaversError
        Where there is no store: a new, empty one would look as if nothing had ever been uploaded.
    """
    from careleavers.store import open_store

    store = open_store()
    if not store.exists():
        raise CareLeaversError(
            f"There is no store of uploads at {store.path or store.where}: either nothing was uploaded yet, or STORE_URL does "
            "not name the place that the dashboard uses. Nothing was made."
        )
    return store


def _store() -> Store:
    """The store of a command that makes none, read under the codes that authorities have today."""
    from careleavers.versions import former_codes

    store = _existing_store()
    store.set_former_codes(former_codes(open_warehouse()))
    return store


@contextmanager
def _saying_if_new(store: Store) -> Iterator[None]:
    """Say so where a command that writes makes a new store."""
    there = store.exists()
    yield
    if not there and store.exists():
        print(f"A new store of uploads was made: {store.path or store.where}.")


def _checked(options: argparse.Namespace, person: Person) -> tuple[UploadService, UploadCheck]:
    from careleavers.intake.report import report_text
    from careleavers.store import open_store
    from careleavers.uploads import UploadService
    from careleavers.versions import Versions

    try:
        content = options.file.read_bytes()
    except OSError as error:
        raise CareLeaversError(f"{options.file} cannot be read: {error.strerror}.") from None
    service = UploadService(Versions(open_store()))
    checked = service.check_file(content, options.file.name, person, options.layer)
    print(report_text(checked.findings))
    if checked.effect:
        print("", *checked.effect.sentences, sep="\n")
    return service, checked


def _check(options: argparse.Namespace) -> int:
    from careleavers.store.files import restrict_permissions, restrict_umask

    _, checked = _checked(options, Person(COMMAND_LINE, this_machine().subject, "", "administrator"))
    if options.checked:
        # It has every row of the file.
        restrict_umask()
        options.checked.write_bytes(checked.annotated()[0])
        restrict_permissions(options.checked)
    return int(checked.report.blocking)


def _upload(options: argparse.Namespace) -> int:
    person, access = _person(options.officer)
    second = access.approval == "second-person"
    service, checked = _checked(options, person)
    if checked.report.blocking:
        raise CareLeaversError("Nothing was kept: put right what must be fixed and upload the file again.")
    if checked.report.to_confirm and not options.confirm:
        raise CareLeaversError("Nothing was kept: if what the report asks to confirm is right, say so with --confirm.")
    with _saying_if_new(service.versions.store):
        entry = service.accept(checked, person, note=options.note, confirmed=options.confirm, proposed=second)
    what = "waits for a second person" if second else "is in force"
    print(f"\nUpload {entry.upload} {what} (data version {entry.entry}).")
    return 0


def _history(options: argparse.Namespace) -> int:
    warehouse = open_warehouse()
    names = _authority_names(warehouse)
    uploads = _store().uploads()
    if options.authority:
        wanted = catalogue.choose_authority(warehouse, options.authority)
        uploads = uploads[[wanted in areas for areas in uploads["areas"]]]
    if uploads.empty:
        print("Nothing was uploaded.")
        return 0
    rows = uploads.assign(
        uploaded_by=[
            f"{day_text(at)}, {with_channel(name, issuer, subject)}"
            for at, name, issuer, subject in uploads[
                ["added_at", "added_name", "added_issuer", "added_subject"]
            ].itertuples(index=False, name=None)
        ],
        what=uploads["layer"].where(uploads["layer"] != "", uploads["kind"]),
        of=[_area_names(areas, names) for areas in uploads["areas"]],
        last=[_last(row) for row in uploads.to_dict("records")],
    )
    # A name or a note cannot move the cursor or add a line.
    texts = ["uploaded_by", "of", "file_name", "note", "last"]
    rows = rows.assign(**{column: [printable(text) for text in rows[column]] for column in texts})
    print(
        exports.text_table(rows, ("upload", "state", "uploaded_by", "what", "of", "rows", "file_name", "note", "last"))
    )
    return 0


def _last(upload: dict[Any, Any]) -> str:
    """The last action, unless it is the upload itself."""
    if upload["entry"] == upload["upload"]:
        return ""
    who = with_channel(upload["name"], upload["issuer"], upload["subject"])
    done = f"{upload['action']} {day_text(upload['at'])}, {who}"
    return f"{done}: {upload['reason']}" if upload["reason"] else done


def _area_names(areas: list[str], names: dict[str, str]) -> str:
    return join_words(names.get(code, code) for code in areas) if len(areas) <= 3 else f"{len(areas)} areas"


def _authority_names(warehouse: Warehouse) -> dict[str, str]:
    frame = warehouse.query("authorities")
    return dict(frame[["authority_code", "authority_name"]].itertuples(index=False, name=None))


def _change(options: argparse.Namespace) -> int:
    person, _ = _person(options.officer)
    entry = getattr(_store(), options.change)(options.id, person, options.reason)
    print(f"Upload {entry.upload} was {entry.action} (data version {entry.entry}).")
    return 0


def _erase(options: argparse.Namespace) -> int:
    person, _ = _person(options.officer)
    erased = _store().erase(options.id, person, options.reason)
    kept_files.forget()
    print(f"Upload {options.id} was erased (data version {erased.entry.entry}). That it was here stays in the ledger.")
    _say_where_it_is_left(erased.backups, erased.left)
    return 0


def _erase_document(options: argparse.Namespace) -> int:
    person, _ = _person(options.officer)
    erased = _store().documents.erase(options.id, person, options.reason)
    print(f"Document {options.id} was erased. That it was here, and who wrote it, stays in its history.")
    _say_where_it_is_left(erased.backups, erased.left)
    return 0


def _say_where_it_is_left(backups: Sequence[str], left: Sequence[str]) -> None:
    for name in backups:
        print(f"It was erased from the backup {name}, too.")
    for sentence in left:
        print(sentence)


def _documents(options: argparse.Namespace) -> int:
    from careleavers.store.ledger import documents_table

    person, _ = _person(options.officer)
    warehouse = open_warehouse()
    wanted = catalogue.choose_authority(warehouse, options.authority) if options.authority else None
    table = documents_table(_store(), person, _authority_names(warehouse), options.kind, wanted)
    if options.format == "json":
        sys.stdout.buffer.write(exports.json_bytes(table))
    elif options.format == "csv":
        sys.stdout.buffer.write(exports.csv_bytes(table.drop(columns="content"), for_excel=False))
    elif table.empty:
        print("Nothing is kept.")
    else:
        columns = ("document", "kind", "authority", "key", "version", "state", "readers", "at", "name", "reason")
        print(exports.text_table(table, columns))
    sys.stdout.flush()
    return 0


def _ledger(options: argparse.Namespace) -> int:
    from careleavers.store.ledger import ledger_table

    person, _ = _person(options.officer)
    table = ledger_table(_store(), person, _authority_names(open_warehouse()))
    content = exports.json_bytes(table) if options.format == "json" else exports.csv_bytes(table, for_excel=False)
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return 0


def _backup(options: argparse.Namespace) -> int:
    store = _existing_store()
    version = store.backup(options.file)
    if version or store.documents.length():
        account = this_machine().subject
        store.record_download(Person(COMMAND_LINE, account, ""), f"a backup of everything, {options.file.name}")
    print(f"{options.file.name} holds everything up to data version {version}.")
    return 0


def _restore_backup(options: argparse.Namespace) -> int:
    from careleavers.store import open_store

    store = open_store()
    with _saying_if_new(store):
        result = store.restore_backup(options.file, replace=options.replace)
    if result.kept:
        print(f"What was there before is in {result.kept.name}, next to the backup.")
    for each in result.erased:
        what, day = each.remains.what, day_text(each.at) if each.at else ""
        print(f"Erased again: {what}, which {each.name} had erased on {day} ({each.reason}).")
    if result.last and not result.kept:
        print(
            f"This backup knows nothing that was done after {day_text(result.last)}. If something was erased after that day and is "
            "not named here, erase it again: docs/DATA_PROTECTION.md says how."
        )
    print(f"The store holds everything up to data version {store.version()}. Start running dashboards anew.")
    return 0


def _move_store(options: argparse.Namespace) -> int:
    from careleavers.store import open_store

    source, target = open_store(options.source), open_store(options.target)
    with _saying_if_new(target):
        moved = source.move_to(target)
    if moved.version or moved.documents:
        account = this_machine().subject
        target.record_download(Person(COMMAND_LINE, account, ""), "everything, moved here from another store")
    counted = join_words(f"{rows:,} of {table}" for table, rows in moved.rows.items() if rows) or "none"
    print(f"Copied to {target.where}, up to data version {moved.version}, and compared row by row: {counted}.")
    print("The old store is as it was. Set STORE_URL to the new one, and start the dashboards.")
    return 0
