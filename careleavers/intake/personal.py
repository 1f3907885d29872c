"""What is kept of an uploaded file, and what must not be: anything that identifies a young person.

Two kinds of finding, because they differ in how sure they are. A date of birth, an NHS number, an email address or the
number of a case file is never needed with a total, whoever it belongs to: it must come out. Two capitalised words may be the officer
who signed the figures off, a service or a place as well as a young person, and nothing in the text tells which: the officer
who sent the file knows, is asked, and says so.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from careleavers.intake.encoded import encode_texts
from careleavers.intake.model import Draft, Kind
from careleavers.wording.exports import without_formula

# The free text of each kind of file, which is kept as written.
FREE_TEXT: dict[Kind, tuple[str, ...]] = {
    "local": ("note",),
    "catalogue": (
        "title", "short_title", "phrase", "numerator_counts", "denominator_counts", "definition", "caveats",
        "statutory_return", "everyday",
    ),
    "events": ("inspection_type", "theme", "note", "source"),
    "release": (),
}  # fmt: skip
# The ages, in years, of anybody whom these figures may be about.
_OLDEST, _YOUNGEST = 28, 10
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# A date; whichever group matched is its year.
_DAY = (
    r"(?:\d{1,2}[-/. ]\d{1,2}[-/. ](\d{4}|\d{2})|(\d{4})-\d{2}-\d{2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[- ](?:{_MONTHS})[a-z]*\.?[-, ]+(\d{{4}}))"
)
_DATE = re.compile(rf"(?<!\d){_DAY}(?!\d)", re.IGNORECASE)
_BORN = re.compile(
    rf"\b(?:d\.?\s?o\.?\s?b\b\.?|date of birth|birth ?date|birthday|born)\W{{0,4}}(?:on |in |is )?\W?{_DAY}",
    re.IGNORECASE,
)
_NHS = re.compile(r"(?<![\d.,])\d{3}([ -]?)\d{3}\1\d{4}(?![\d.,]*\d)")
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an email address", re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "a National Insurance number",
        re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE),
    ),
    ("a unique pupil number", re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]\b", re.IGNORECASE)),
    ("a telephone number", re.compile(r"(?<![\d.,/])(?:\+44[ -]?(?:\(0\))?|0)(?:[ ()-]?\d){9,10}(?![\d.,]*\d)")),
    ("a postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b")),
    (
        "a number on a case file",
        re.compile(
            r"\b(?:child|yp|young person|care leaver|client|case|pupil|student|learner|person|service user|mosaic|lcs|ics|"
            r"swift|eclipse|liquid ?logic|lac|nhs|upn|uln)(?:'s|s)?\W{0,3}"
            r"(?:id|ids|no|nos|num|number|numbers|ref|refs|reference|identifier)\b\W{0,4}(?:is |are )?[a-z]{0,4}-?\d{3,}",
            re.IGNORECASE,
        ),
    ),
)
_CAPITALISED = r"(?:[A-ZÀ-Þ][a-zß-ÿ’'-]+)+"
_NAME = re.compile(rf"(?<![\w’'-]){_CAPITALISED}(?: (?:[A-Z]\.?|{_CAPITALISED})){{1,3}}(?![\w’'-])")
# “JOHN SMITH”, “John SMITH”: at least two letters, because one is an initial.
_CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ’'-]+"
_SHOUTED = re.compile(
    rf"(?<![\w’'-])(?:{_CAPITALS}|{_CAPITALISED})(?: (?:[A-Z]\.?|{_CAPITALS}|{_CAPITALISED}))+(?![\w’'-])"
)
_VOWEL = re.compile(r"[AEIOUYÀ-ÆÈ-ÏÒ-ÖØ-Ý]")
# A name has no more words; beside words that are not all in capitals an abbreviation is rarely so long.
_MOST_WORDS, _LONG = 4, 5
# First names that are also found in the names of places.
_FIRST_NAMES = frozenset({"chelsea", "kingston", "lincoln", "kent", "florence", "charlotte"})
# Words of the names of places, services, measures and documents, not of people.
_NOT_NAMES = frozenset(
    re.findall(
        r"\w+",
        """
    a accommodation act adviser advisers advisor after age aged agency and annual apprenticeship as asked assistant
    august authority autumn average bank based because before bed board breakfast by care census change changed changes
    checked chief child children childrens college committee community compared corporate corrected council councils count
    counts county court data date december department deputy director district draft due early education eet employment
    england english entry every excel family february figure figures final financial first following foster fostering for
    friday from full further grammar group half head health high higher hospital house housing in independent inspection
    inspections january job july justice last late lead leader leaders leaver leavers leaving letter like local london
    looked manager march measure minister ministry missing monday monthly national near neet new next no none north not
    note notes november number october of office officer ofsted old on our out outcomes panel parent parenting park part
    partnership pathway pay pending people person persons percent percentage performance period personal place placement plan please policy
    power practice previous primary prison probation provisional public published q quarter quarterly queen rate recoded
    region regional report reported return returns review revised road royal safeguarding same saturday school schools
    scrutiny second secondary see semi september service services set settlement sign signed sixth small social south
    special spring staff standards staying still street strategic suitable summer sunday support supported system table
    target team than the their there these third this thursday to touch total training transition trust tuesday two
    unaccompanied under unit university until update updated us value virtual visit wednesday week well west winter with
    without work worker workers year years yes youth
    """,
    )
)
# Capitalised as the first word of a sentence, or always, and so beside a name: "For Tom Baxter", "In March Tom Baxter".
_BESIDE_NAMES = frozenset(
    re.findall(
        r"\w+",
        """
    a after all also an and as at because before but by during for from he her his if in it its no not now of on once our she since so that
    the their then there these they this to until we when where while who with without
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter
    """,
    )
)

# Abbreviations of the field that can be read as a word, which may stand beside each other in capitals.
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        """
    adass adcs adhd ai apa api asc asd asdan asye btec caf cafcass camhs cia cic cin cla coram cqc dfe dhsc dluhc doe
    dols eal eea eha ehc ehcp ehcps ehe ehm epa epq esa esol eu fe foi fte gcse gcses gdpr he hmi hmip hmo hmos hr iag
    icb ico ics ict idaci idva ilacs imd ip iro iros isa iso it jobcentre jtai kpi kpis la laa lac lado lados lait las
    leap lga liia mappa marac mash moc moj mou neets ni nyas oecd ofcom ofqual ons pa pas pep peps pip plo pqe pru
    prus qa rag rsl sao sar sccif semh sen senco send sgo sgos sif sla slas soa sro ssda ssia sua ta tac tbc toil uasc
    uascs uc ucas uk unicef usa ymca yoi yois yos yot yots ypa
    """,
    )
)
# What parts a sentence that is written in capitals: words that are in no name.
_OF_SENTENCES = frozenset(
    re.findall(
        r"\w+",
        """
    about above across add added again ago all already also always am among any are around ask asked asks away back be
    became been being below beside between both bring but came can cannot case cases clear closed come comes could did
    different do does doing done down each else enough ensure especially even ever every fall fallen fell few fewer
    find follow found four full get gets give given go goes gone got grew had has have having helped here high how
    however if improve improved include increased into involved just keep kept know known large leave led left less
    let likely live lived lives living lost lower made main make makes many me measures met more most move moved moves
    much must my need needed needs never nothing offer offered one only onto or other others over per points progress
    provided put quality quite really reasons recent remain remains results right risen rises said same say says seen
    shared should show shown six some start started still such take taken ten than that them third three through time
    times too took towards turned until up upon used very want was ways went were what which whole whom whose why
    within worse would yet you your
    """,
    )
)
_IN_NO_NAME = _NOT_NAMES | _BESIDE_NAMES | _ABBREVIATIONS | _OF_SENTENCES


@dataclass(frozen=True)
class RetainedFile:
    """What is kept of a file.

    Attributes
    ----------
    content
        The bytes: of the file itself, or of a CSV of the parts that were used.
    whole
        Whether it is the file itself.
    columns_left_out
        How many columns are not kept.
    """

    content: bytes
    whole: bool
    columns_left_out: int = 0


def identifiers(text: str, today: dt.date | None = None) -> list[str]:
    """What in a text tells who somebody is.

    Parameters
    ----------
    text
        One cell, or the name of a file.
    today
        The day from which ages are counted; None for today.

    Returns
    -------
    list[str]
        In words: ``a date of birth``, ``an email address``; empty for nothing.
    """
    if not any(character.isdigit() or character == "@" for character in text):
        return []
    year = (today or dt.date.today()).year
    found = [what for what, pattern in _PATTERNS if pattern.search(text)]
    if _BORN.search(text) or any(_is_birth(match, year) for match in _DATE.finditer(text)):
        found.insert(0, "a date of birth")
    if any(_is_nhs(match.group()) for match in _NHS.finditer(text)):
        found.append("an NHS number")
    return found


def possible_names(text: str, places: Iterable[str] = ()) -> list[str]:
    """Words of a text that may be the names of people.

    Parameters
    ----------
    text
        One cell.
    places
        Names that are none, such as those of authorities.

    Returns
    -------
    list[str]
        As written.
    """
    known = {word for place in places for word in _words(place)} - _FIRST_NAMES | _NOT_NAMES
    found = []
    for match in _NAME.finditer(text):
        parts = match.group().split(" ")
        while parts and parts[0].lower() in _BESIDE_NAMES:
            del parts[0]
        while parts and parts[-1].lower() in _BESIDE_NAMES:
            del parts[-1]
        words = _words(" ".join(parts))
        # "Leeds Virtual", "Virtual School", but "Michael Bolton".
        if len(parts) > 1 and words[0] not in known and _NOT_NAMES.isdisjoint(words):
            found.append(" ".join(parts))
    return [*found, *_names_in_capitals(text, known)]


def _names_in_capitals(text: str, known: set[str]) -> list[str]:
    """Names of which one word or all are written in capitals: ``JOHN SMITH``, ``John SMITH``, but not ``OFSTED ILACS``.

    A sentence in capitals tells nothing of where a name ends: it is parted at the words that are in no name.
    """
    found = []
    for match in _SHOUTED.finditer(text):
        pieces: list[list[str]] = [[]]
        for part in match.group().split(" "):
            if _may_be_in_a_name(part):
                pieces[-1].append(part)
            else:
                pieces.append([])
        found += [" ".join(piece) for piece in pieces if _is_name_in_capitals(piece, known)]
    return found


def _may_be_in_a_name(part: str) -> bool:
    if len(part.rstrip(".")) == 1:
        return True
    # What has no vowel is an abbreviation, too.
    return _IN_NO_NAME.isdisjoint(_words(part)) and bool(_VOWEL.search(part.upper()))


def _is_name_in_capitals(piece: Sequence[str], known: set[str]) -> bool:
    whole = [part for part in piece if len(part.rstrip(".")) > 1]
    capitals = [part for part in whole if part.isupper()]
    if not capitals or not 2 <= len(whole) <= _MOST_WORDS:
        return False
    if len(capitals) < len(whole) and max(map(len, capitals)) < _LONG:
        return False
    return not known.issuperset(_words(whole[0])[:1])


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", re.sub(r"[’']s\b", "", text.lower()))


def note_personal_data(draft: Draft, places: Iterable[str], today: dt.date | None = None) -> None:
    """Note what in the texts of a file, or in its name, tells or may tell who a young person is.

    Every text that would be kept is read, also in rows that give no figure.

    Parameters
    ----------
    draft
        The file as read; its findings are added to.
    places
        Names that are no person's.
    today
        See :func:`identifiers`.
    """
    known = tuple(places)
    if draft.kind != "release":
        for what in identifiers(draft.file_name, today):
            draft.findings.add("personal_text", None, None, "", what=f"{what} in the name of the file")
    for name in FREE_TEXT[draft.kind]:
        column = draft.columns.get(name)
        if column is None:
            continue
        rows = draft.sheet.rows.take(draft.sheet.rows.lines > draft.header_row)
        texts = encode_texts(rows, column)
        found = texts.map(lambda text: (identifiers(text, today), possible_names(text, known)))
        for place in np.flatnonzero(found.mask(lambda each: bool(each[0] or each[1]))).tolist():
            told, called = found[place]
            line, text = int(rows.lines[place]), texts[place].strip()
            for what in told:
                draft.findings.add("personal_text", line, column, text, what=what)
            if called and not told:
                draft.findings.add("personal_name", line, column, text, names=", ".join(f"“{each}”" for each in called))


def retained_file(draft: Draft, content: bytes) -> RetainedFile:
    """What is kept of a file: the rows and columns that were used, and nothing else.

    The department's own files are kept as they are, and so is a text file if everything in it was used. Of a workbook
    only the cells are kept: it may hold other sheets, comments and the names of those who wrote it.

    Parameters
    ----------
    draft
        The file as read.
    content
        Its bytes.

    Returns
    -------
    RetainedFile
    """
    if draft.kind == "release":
        return RetainedFile(content, whole=True)
    used = sorted(set(draft.columns.values()))
    lines = set(_lines(draft))
    rows = draft.sheet.rows
    header = [cell.strip() for cell in draft.header]
    left_out = sum(1 for place, cell in enumerate(header) if cell and place not in used)
    everything = (
        not content.startswith(b"PK")
        and len(rows) == len(lines) + 1
        and rows[0][0] == draft.header_row
        and used == list(range(rows.width))
    )
    if everything:
        return RetainedFile(content, whole=True)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_cell(draft.header, place) for place in used])
    writer.writerows([_cell(cells, place) for place in used] for line, cells in rows if line in lines)
    return RetainedFile(out.getvalue().encode("utf-8"), whole=False, columns_left_out=left_out)


def _lines(draft: Draft) -> list[int]:
    rows = draft.figures if draft.kind == "local" else draft.entries
    return [int(line) for line in rows["row"]] if "row" in rows else []


def _cell(cells: Sequence[str], place: int) -> str:
    return str(without_formula(cells[place])) if place < len(cells) else ""


def _is_birth(match: re.Match[str], year: int) -> bool:
    text = next(filter(None, match.groups()))
    born = int(text) if len(text) == 4 else (1900 if int(text) > year % 100 else 2000) + int(text)
    return year - _OLDEST <= born <= year - _YOUNGEST


def _is_nhs(text: str) -> bool:
    digits = [int(character) for character in text if character.isdigit()]
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return digits[9] == (0 if check == 11 else check)
