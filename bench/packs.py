"""A committee pack of 20 charts: how long each format takes in a process that has just started, and with its browser running."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from bench.server import ROOT
from careleavers import pictures
from careleavers.figures.warehouse import open_warehouse
from careleavers.packs import build, making, model
from careleavers.packs.blocks import Pack, Picture
from careleavers.views.context import Context, context_of

CHARTS = 20
_LEEDS = build.Subject("E08000035", "Leeds", "Yorkshire and The Humber")
_KENT = build.Subject("E10000016", "Kent", "South East")


def pack(context: Context, subject: build.Subject) -> Pack:
    """An annual report with as many measures as make up 20 charts: each has two."""
    settings = model.from_template("annual", subject.code, "neighbours", context.indicators)
    found = build.build_pack(context, settings, subject)
    names = [each.id for each in context.indicators.values() if each.unit == "percent" and each.theme != "context"]
    shown = {section.indicator for section in settings.sections}
    for name in names:
        if len(found.pictures()) >= CHARTS:
            break
        if name not in shown:
            more = model.Section("measure", name, context.indicators[name].age_groups[-1])
            settings = replace(settings, sections=(*settings.sections, more))
            found = build.build_pack(context, settings, subject)
    return build.build_pack(context, settings, subject)


def measure(form: str) -> dict[str, Any]:
    """Seconds from asking to the file: the first pack of a process, the same for another authority, and the first again.

    What is built to find out how many sections make up 20 charts is not counted: every pack is built anew.
    """
    context = context_of(open_warehouse())
    wanted = {subject.code: pack(context, subject).settings for subject in (_LEEDS, _KENT)}
    taken: dict[str, Any] = {"form": form}
    made: list[Pack] = []
    for name, subject in (("cold", _LEEDS), ("warm", _KENT), ("again", _LEEDS)):
        start, used = time.perf_counter(), _processor()
        # As the command line does.
        pictures.prepare()
        content = making.build_and_make(partial(_built, made, context, wanted[subject.code], subject), form)
        taken |= {name: time.perf_counter() - start, f"{name}_processor": _processor() - used, "bytes": len(content)}
        taken["charts"] = len(made[-1].pictures())
    return taken


def _built(
    made: list[Pack],
    context: Context,
    settings: model.PackSettings,
    subject: build.Subject,
    begin: Callable[[Picture], None],
) -> Pack:
    made.append(build.build_pack(context, settings, subject, begin=begin))
    return made[-1]


def _processor() -> float:
    """Seconds of processor time of this process; its browser is another."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def lines() -> list[str]:
    """The results as lines of Markdown."""
    found = [
        "",
        "## Committee packs",
        "",
        f"A pack of {CHARTS} charts or more, each format in a process of its own, from asking to the file. Cold: the browser that draws the "
        "charts is not running. Warm: it is, and no chart was drawn before. Again: every chart was. Aim: cold under 15 s, warm "
        "under 6 s. In brackets the processor time without the browser's.",
        "",
        "| format | charts | size | cold | warm | again |",
        "|---|---|---|---|---|---|",
    ]
    for form in making.FORMATS:
        ran = subprocess.run(
            [sys.executable, "-m", "bench.packs", form], cwd=ROOT, capture_output=True, check=True, timeout=600
        )
        taken = json.loads(ran.stdout.splitlines()[-1])
        cells = [f"{taken[name]:.1f} s ({taken[f'{name}_processor']:.1f} s)" for name in ("cold", "warm", "again")]
        found.append(f"| {form} | {taken['charts']} | {taken['bytes'] / 1e6:.1f} MB | {' | '.join(cells)} |")
    return found


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
