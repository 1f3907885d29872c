"""The command line: import releases, seal and check the figures, list indicators, export figures."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path

from careleavers import __version__, catalogue, downloads, settings
from careleavers.errors import CareLeaversError, UnknownChoice
from careleavers.warehouse import open_warehouse


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (0 done, 1 could not be done, 2 wrong usage).

    Errors a person can mend are one sentence on standard error; others are logged with a reference.
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
        prog="python -m careleavers", description="Figures on care leavers, beside every other authority."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("import-published", help="read published releases and write the data folder")
    command.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="folders with the published files")
    command.add_argument("--into", type=Path, default=None, help="data folder to write (default: the one in use)")
    command.set_defaults(run=_import)

    command = commands.add_parser("seal", help="check the data folder and accept changes made by hand")
    command.set_defaults(run=_seal)

    command = commands.add_parser("indicators", help="list the indicators")
    command.set_defaults(run=_indicators)

    command = commands.add_parser("export", help="export one indicator for every authority")
    command.add_argument("--indicator", required=True, help="an id that “indicators” lists")
    command.add_argument("--age-group", help="such as 19-21 (not needed where there is only one)")
    command.add_argument("--period", help="the day a period ends, such as 2025-03-31 (default: the newest)")
    command.add_argument(
        "--against",
        choices=("neighbours", "region", "england"),
        help="add three columns: what is compared with, its value and the verdict",
    )
    command.add_argument("--authority", help="only this authority: GSS code, three-digit code or name")
    command.add_argument("--format", choices=("csv", "json"), default="csv")
    command.set_defaults(run=_export)
    return parser


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
        "refused",
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
            len(r.refused),
        )
        for r in result.reports
    ]
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, *rows]:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print()
    for name, count in result.written.items():
        print(f"{count:>6} rows  {name}")
    return 0


def _seal(_: argparse.Namespace) -> int:
    from careleavers.importer.files import seal

    folder = settings.data_folder()
    open_warehouse(folder, sealed=False).close()
    print(f"Checked and sealed: {seal(folder)} files.")
    return 0


def _indicators(_: argparse.Namespace) -> int:
    frame = open_warehouse().query("indicators")
    frame = frame.assign(period=frame["latest_period"].dt.strftime("%Y-%m-%d"))
    print(downloads.text_table(frame, ("indicator", "age_group", "period", "title")))
    return 0


def _export(options: argparse.Namespace) -> int:
    warehouse = open_warehouse()
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
        frame = frame.drop(columns=["against", "against_value", "verdict_against"])
    content = downloads.json_bytes(frame) if options.format == "json" else downloads.csv_bytes(frame, for_excel=False)
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return 0
