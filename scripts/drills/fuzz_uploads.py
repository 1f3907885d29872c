"""``python -m scripts.drills.fuzz_uploads --seconds 60 --seed 1``: broken files, given to the upload service as officers would.

It begins with the sample files of the tests and breaks them: bytes changed, cut off and put together, cells filled with what
programs stumble over, members of workbooks changed within their ZIP file, names of files with paths in them. Each has to end in
a report or in a refusal, within ten seconds of the processor and two GiB, and what is accepted has to be whole in a store. Anything else is kept
in the folder that ``--keep`` names, with the seed, and the script ends with status 1.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from pathlib import Path
from types import FrameType

from careleavers.access.people import Person
from careleavers.errors import Refused
from careleavers.intake.report import report_frame
from careleavers.store import DuplicateUpload, Store, StoreProblem
from careleavers.store.address import read_address
from careleavers.uploads import UploadService
from careleavers.versions import Versions

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "cases" / "uploads"
OFFICER = Person("https://id.example", "eve", "Eve Ely", "officer", everywhere=True)
SECONDS_A_FILE, GIB = 10, 2
# What programs stumble over, in cells and in XML.
TOKENS = [
    "", "0", "-1", "1e309", "-0", "nan", "inf", "NULL", "None", "٣", "½", "1,000", "1.000,5", "99999999999999999999", "0x1F", "1e-320",
    "=1+1", "=HYPERLINK(\"http://x\")", "@SUM(1)", "\x00", "\ufeff", "\u202e", "\u2028", "\ud83d\ude00", "é" * 300, "a" * 40_000, '"', "'", "\\",
    ",", ";", "\t", "\n", "\r", "\r\n", "2024/25 Q1", "31/02/2025", "0000-00-00", "9999-12-31", "Q5 2025", "E08000035", "E99999999",
    "'; DROP TABLE uploads; --", "$x", "{0}", "%s%n", "${jndi:x}", "../../etc/passwd", "<script>", "]]>", "&#0;", "&lol;",
    "c", "x", "z", "low", "..", "*", "5", "1-5", "<5", "100%", "100.0000001", "TRUE", "#DIV/0!", "#REF!",
]  # fmt: skip
XML_TOKENS = [
    "<!DOCTYPE a [<!ENTITY b \"c\">]>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">", "r=\"A1048577\"", "r=\"XFE1\"", "r=\"ZZZZZZ9\"",
    "r=\"A-1\"", "t=\"s\"", "t=\"e\"", "<v>999999999</v>", "<v>-1</v>", "s=\"99999\"", "<row r=\"0\">", "</row>", "<c/>",
    "<mergeCell ref=\"A1:XFD1048576\"/>", "xmlns=\"x\"", "repeated=\"1048576\"", "table:number-columns-repeated=\"16384\"",
    "table:number-rows-repeated=\"1048576\"",
]  # fmt: skip
NAMES = [
    "quarter.csv", "quarter.xlsx", "quarter.ods", "quarter", "", ".", "..", "../../../etc/cron.d/x.csv", "..\\..\\x.xlsx", "/etc/passwd",
    "C:\\x.csv", "a\x00b.csv", "a\nb.csv", "\u202efdp.csv", "x" * 5000 + ".csv", "%2e%2e%2fx.csv", "con.csv", "~/x.csv", "$(id).csv", "'; --.csv",
]  # fmt: skip


class TooSlow(BaseException):
    """A file took longer than anybody would wait; no Exception, so that nothing catches it on its way."""


def _alarm(_: int, __: FrameType | None) -> None:
    raise TooSlow


def broken(chance: random.Random, samples: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """One broken file and its name.

    Parameters
    ----------
    chance
        Decides how.
    samples
        Names and contents of files to begin with.

    Returns
    -------
    name : str
    content : bytes
    """
    name, content = chance.choice(samples)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if content[:2] == b"PK" and chance.random() < 0.85:
            content = _broken_zip(chance, content, samples)
        elif content[:2] != b"PK" and chance.random() < 0.6:
            content = _broken_cells(chance, content)
        else:
            content = _broken_bytes(chance, content, samples)
    if chance.random() < 0.15:
        name = chance.choice(NAMES)
    return name, content[:3_000_000]


def _broken_bytes(chance: random.Random, content: bytes, samples: list[tuple[str, bytes]]) -> bytes:
    if not content:
        return chance.choice(samples)[1]
    at, to = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    how = chance.randrange(7)
    if how == 0:
        return content[:at]
    if how == 1:
        return content[:at] + content[to:]
    if how == 2:
        return content[:at] + content[at:to][:5000] * chance.randrange(2, 6) + content[to:]
    if how == 3:
        return content[:at] + chance.choice(samples)[1][to:]
    if how == 4:
        token = chance.choice(TOKENS).encode(chance.choice(("utf-8", "utf-16", "cp1252")), "replace")
        return content[:at] + token + content[at:]
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 20))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _broken_cells(chance: random.Random, content: bytes) -> bytes:
    """A table as text, some of whose cells, rows or columns were changed."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    lines = content.decode(encoding, "replace").split("\n")
    separator = max(",;\t|", key=lines[0].count)
    rows = [line.split(separator) for line in lines]
    how = chance.randrange(6)
    if how == 0:
        chance.shuffle(rows)
    elif how == 1:
        rows += [list(chance.choice(rows)) for _ in range(chance.choice((1, 10, 500)))]
    elif how == 2:
        width = max(map(len, rows))
        one, other = chance.randrange(width), chance.randrange(width)
        for row in rows:
            if len(row) > max(one, other):
                row[one], row[other] = row[other], row[one]
    else:
        for _ in range(chance.choice((1, 3, 30))):
            row = chance.choice(rows)
            row[chance.randrange(len(row))] = chance.choice(TOKENS)
    return "\n".join(separator.join(row) for row in rows).encode(encoding, "replace")


def _broken_zip(chance: random.Random, content: bytes, samples: list[tuple[str, bytes]]) -> bytes:
    """A workbook one of whose members was changed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            members = [(info.filename, held.read(info)) for info in held.infolist()[:100]]
    except Exception:  # it was broken before
        return _broken_bytes(chance, content, samples)
    if not members:
        return content
    xml = [at for at, (name, _) in enumerate(members) if name.endswith((".xml", ".rels"))] or [0]
    at = chance.choice(xml)
    name, inside = members[at]
    how = chance.randrange(6)
    if how == 0:
        members.pop(at)
    elif how == 1:
        members[at] = (chance.choice(NAMES), inside)
    elif how == 2:
        members.append((name, inside))
    elif how == 3:
        members[at] = (name, _broken_bytes(chance, inside, samples))
    else:
        text = inside.decode("utf-8", "replace")
        # Where a tag or a value begins, so that more than the parser of XML is tried.
        places = [place for place, mark in enumerate(text) if mark in '<>"'] or [0]
        for _ in range(chance.choice((1, 2, 5))):
            place = chance.choice(places)
            text = text[:place] + chance.choice(XML_TOKENS + TOKENS[:40]) + text[place + chance.choice((0, 0, 1, 20)) :]
        members[at] = (name, text.encode("utf-8", "replace"))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as held:
        for name, inside in members:
            held.writestr(name or "x", inside)
    return made.getvalue()


def given(service: UploadService, name: str, content: bytes, accept: bool) -> str:
    """Give a file to the service as the Upload page does.

    Parameters
    ----------
    service
        The service.
    name, content
        The file.
    accept
        Whether to accept it where it may be.

    Returns
    -------
    str
        How it ended.
    """
    try:
        checked = service.check_file(content, name, OFFICER, "provisional")
    except Refused as refusal:
        assert str(refusal).strip()
        return "refused"
    report_frame(checked.findings)
    assert "/" not in checked.annotated_name.replace("\\", "/"), checked.annotated_name
    checked.annotated()
    if checked.report.blocking:
        return "must be fixed"
    if not accept:
        return "may be accepted"
    try:
        entry = service.accept(checked, OFFICER, confirmed=True)
    except (DuplicateUpload, StoreProblem):
        return "not accepted again"
    stored, _ = service.versions.store.original(entry.upload, OFFICER)
    assert stored
    return "accepted"


def main() -> int:
    """Break files for so many seconds; 1 where one of them was not dealt with."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, default=None, help="a folder for the files that were not dealt with")
    asked = options.parse_args()
    # Two members of one name are part of what is tried.
    warnings.filterwarnings("ignore", "Duplicate name")
    samples = [(path.name, path.read_bytes()) for path in sorted(SAMPLES.iterdir())]
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, resource.RLIM_INFINITY))
    signal.signal(signal.SIGPROF, _alarm)
    ended, slowest, faults = Counter[str](), (0.0, ""), 0
    with tempfile.TemporaryDirectory() as folder:
        store = Store(read_address(str(Path(folder) / "uploads.duckdb")))
        service = UploadService(Versions(store))
        service.reference()
        base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        until, number = time.monotonic() + asked.seconds, 0
        while time.monotonic() < until:
            number += 1
            name, content = broken(random.Random(f"{asked.seed}/{number}"), samples)
            began, fault = time.process_time(), ""
            # Of the processor: how busy the machine is does not matter.
            signal.setitimer(signal.ITIMER_PROF, SECONDS_A_FILE)
            try:
                how = given(service, name, content, accept=number % 10 == 0)
            except TooSlow:
                how, fault = "too slow", f"after {SECONDS_A_FILE} s:\n{traceback.format_exc()}"
            except Exception:
                how, fault = "a fault", traceback.format_exc()
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            ended[how] += 1
            slowest = max(slowest, (time.process_time() - began, f"file {number}"))
            if fault:
                faults += 1
                print(f"FAULT with seed {asked.seed}, file {number}, {name[:60]!r}:\n{fault[-1500:]}", flush=True)
                if asked.keep:
                    asked.keep.mkdir(parents=True, exist_ok=True)
                    (asked.keep / f"{asked.seed}-{number}{Path(name[-20:]).suffix}").write_bytes(content)
        entries = store.ledger()
        whole = len(entries) == store.version() == ended["accepted"]
        rows = store._database.read(lambda held: held.execute("SELECT count(*) FROM store.figures").fetchone())
        uploads = store.uploads()
        whole &= rows == (int(uploads.loc[uploads["kind"].isin(["local", "release"]), "rows"].sum()),)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 1024
    print(
        json.dumps(
            {"seed": asked.seed, "files": number, **ended, "slowest": [round(slowest[0], 2), slowest[1]],
             "memory above the beginning, MiB": round(grown), "store whole": whole, "faults": faults}
        )
    )  # fmt: skip
    return int(bool(faults) or not whole or grown > GIB * 1024)


if __name__ == "__main__":
    sys.exit(main())
