"""What each kind of section says and shows: one function a kind, from the views of the pages.

A new kind is a function of a :class:`Maker` and a :class:`~careleavers.packs.model.Section` that returns a
:class:`~careleavers.packs.blocks.Part`, and a line in :data:`KINDS`. It asks for sentences, charts and tables with
``maker.view(build, *arguments)`` and writes none of its own that a page has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from careleavers.access.people import NOBODY
from careleavers.charts import ChartResult
from careleavers.charts.text import lower_first
from careleavers.model import Against, Indicator
from careleavers.packs import native, plain
from careleavers.packs.blocks import Block, Bullets, Heading, OwnWords, Paragraph, Part, Picture, Runs, Table
from careleavers.packs.model import PackSettings, Section
from careleavers.packs.native import NativeChart
from careleavers.store import Documents, StoreUnavailable
from careleavers.views.at_a_glance import view as at_a_glance
from careleavers.views.at_a_glance.parts import Cell, MeasureTable, Run, Shares
from careleavers.views.at_a_glance.words import MARKS
from careleavers.views.commentary import view as commentary
from careleavers.views.commentary import words as commentary_words
from careleavers.views.commentary.view import FigureKey
from careleavers.views.compare import view as compare
from careleavers.views.context import Context
from careleavers.views.definitions import view as definitions
from careleavers.views.improvement_plan import keeping as plan_keeping
from careleavers.views.improvement_plan import view as plan
from careleavers.views.inspections import view as inspections
from careleavers.views.inspections.words import APART_WORDS, SCALE_WORDS
from careleavers.views.local_figures import view as local_figures
from careleavers.views.local_figures import words_newest
from careleavers.views.questions import answers
from careleavers.views.questions import view as questions_view
from careleavers.views.questions import words as questions_words
from careleavers.views.trends import view as trends
from careleavers.views.trends.tables import NO_AUTHORITY
from careleavers.views.watch_list import keeping as watch_keeping
from careleavers.views.watch_list import view as watched
from careleavers.views.workforce import view as workforce
from careleavers.wording.comparators import comparator_name
from careleavers.wording.formats import (
    LAYER_WORDS,
    POLARITY_WORDS,
    age_label,
    count_text,
    missing,
    plain_number,
    rank_text,
    rounded,
    sentence_case,
    value_text,
    with_age,
)
from careleavers.wording.status import status
from careleavers.wording.tables import column_places, records

# Rows and columns of a table that an A4 page takes.
_YEARS = 8
# Without a figure in these a measure has no chart: one sentence says it.
_RECENT_YEARS, _RECENT_WORD = 5, "five"
_QUARTER_CHARTS = 4
# Years of each measure in the table that stands where the panels of a workforce cannot be drawn.
_RECENT = 4
# Columns of the tables of pages that a page of 16 cm leaves out: the sentences say what is clear.
_LEFT_OUT = frozenset(
    {"Since the year before", "Over two years", "Over five years", "Earlier value", "Note", "Neighbours with a figure",
     "Quarter", "FTE counted", "Out of", "Unit", "Of"}
)  # fmt: skip
_WORKFORCE = ("caseload", "agency_rate", "turnover_rate", "vacancy_rate", "absence_rate")
# The mark before a line of a list that somebody typed: a bullet, or a number of its own.
_MARK = re.compile(r"^(?:[-–•*]|\(?\d{1,2}[.)])\s+")
_PROMPTS = ("Financial", "Legal", "Equality and corporate parenting", "Risk")


class View(Protocol):
    """Makes a view for a pack: ``build(context, *arguments)``, made once for all who ask."""

    def __call__(self, build: Callable[..., Any], *arguments: Any) -> Any: ...  # noqa: D102


@dataclass(frozen=True)
class Maker:
    """What a section is made from.

    Attributes
    ----------
    context
        The figures.
    view
        Makes a view of a page, and counts the releases that it names among those of the pack.
    look_up
        Makes a view of which the pack says no more than what it is compared with, or shows a part: :meth:`cite` counts that.
    cite
        Counts releases (source, release) among those of the pack.
    settings
        The pack.
    code, name, region
        The authority, and the name of its region; None without one.
    against
        What it is compared with.
    documents
        What councils keep in the store; None where a pack is made without it. Only what everybody may read goes into a pack.
    """

    context: Context
    view: View
    look_up: View
    cite: Callable[[Iterable[tuple[str, str]]], None]
    settings: PackSettings
    code: str
    name: str
    region: str | None
    against: Against
    documents: Documents | None = None

    def glance(self, *parts: str) -> at_a_glance.AtAGlanceView:
        """What At a glance shows of the authority; ``parts`` are those that the pack shows, by the names of their releases."""
        shown: at_a_glance.AtAGlanceView = self.look_up(
            at_a_glance.build_view, self.code, self.name, self.against, self.region, "wide"
        )
        for part in parts:
            self.cite(shown.releases[part])
        return shown

    def compared_with(self) -> str:
        """The comparator in a sentence; England where the neighbours are not close."""
        return comparator_name(self.glance().compared_with, self.region)

    def indicators(self) -> tuple[tuple[Indicator, str], ...]:
        """The measures of the pack with their ages, each once."""
        found = dict.fromkeys(
            (each.indicator, each.age_group)
            for each in self.settings.sections
            if each.indicator in self.context.indicators
        )
        return tuple((self.context.indicators[key], age) for key, age in found)


Make = Callable[[Maker, Section], Part]


@dataclass(frozen=True)
class Kind:
    """A kind of section.

    Attributes
    ----------
    label
        What it is called in the list of sections.
    make
        Makes one.
    about
        Whether it is about one measure.
    """

    label: str
    make: Make
    about: bool = False


# ---------------------------------------------------------------- what several have


def _strong(text: str) -> Run:
    return Run(text, strong=True)


def _finding(headline: str, *more: str) -> Paragraph:
    """A finding in bold with what stands behind it."""
    said = " ".join(plain.words(each).strip() for each in more if each.strip())
    return Paragraph((_strong(f"{headline.rstrip('. ')}."), *((Run(f" {said}"),) if said else ())))


def _note(chart: ChartResult, name: str) -> str:
    """A text that stands in the picture: ``subtitle`` or ``footer``."""
    found = next((str(note.text) for note in chart.figure.layout.annotations if note.name == name), "")
    return plain.words(re.sub(r"<br>", " ", found)).replace("\u00a0", " ").strip()


def picture(
    chart: ChartResult,
    shown: NativeChart | None,
    table: pd.DataFrame | None = None,
    download: pd.DataFrame | None = None,
    about: dict[str, str] | None = None,
    native_source: str = "",
) -> Picture:
    """A chart with what stands in its picture as text.

    Parameters
    ----------
    chart
        As a page draws it.
    shown
        Its data where Office can show it; None otherwise.
    table
        Its figures as shown.
    download, about
        Its figures as the page exports them, and what that says of itself. Without them the table is exported.
    native_source
        The foot of a chart of ``shown``, where that shows less than the picture.

    Returns
    -------
    Picture
    """
    caption, source = _note(chart, "subtitle"), _note(chart, "footer")
    held = pd.DataFrame() if table is None else table
    return Picture(
        chart,
        caption.rstrip(". "),
        source,
        shown,
        frame_table(held, chart.headline.rstrip(". "), source),
        held if download is None else download,
        about or {"Figures": chart.headline, "About": caption, "Source": source},
        native_source,
    )


def cell(value: Any, places: int = 0) -> str:
    """A cell of a page's table as text.

    Parameters
    ----------
    value
        The cell.
    places
        The decimals of the numbers in its column.

    Returns
    -------
    str
    """
    if missing(value):
        return ""
    if isinstance(value, float):
        return rounded(value, places)
    return str(value)


def frame_table(
    frame: pd.DataFrame, caption: str, note: str = "", *, rows: int | None = None, repeats: bool = False
) -> Table:
    """A page's table as one of a document, without columns that 16 cm have no room for and without empty ones.

    Parameters
    ----------
    frame
        The table.
    caption
        What it holds.
    note
        Its source.
    rows
        How many rows are shown; None for all.
    repeats
        Whether a chart of the same section shows these figures.

    Returns
    -------
    Table
    """
    shown = frame if rows is None else frame.head(rows)
    texts: dict[str, list[str]] = {}
    for name in shown.columns:
        if name not in _LEFT_OUT:
            places = column_places(shown[name])
            texts[str(name)] = [cell(value, places) for value in shown[name]]
    kept = [name for name, column in texts.items() if any(column)]
    lines = tuple(zip(*(texts[name] for name in kept), strict=True)) if kept else ()
    return Table(caption, tuple(kept), lines, note, repeats)


def _cautions(notes: Iterable[str]) -> tuple[Block, ...]:
    """What is to be borne in mind, in small type under its own heading."""
    return plain.bullets(notes, small=True)


def own_words(maker: Maker, section: Section) -> tuple[Block, ...]:
    """What the council says about a section; nothing where it says nothing.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    tuple[Block, ...]
    """
    paragraphs = tuple(line.strip() for line in section.commentary.split("\n") if line.strip())
    by = f"Responsible officer: {section.officer}" if section.officer else ""
    if not paragraphs:
        return (Paragraph((Run(by),), small=True),) if by else ()
    return (OwnWords(commentary_words.heading(maker.name), paragraphs, by),)


def comments(maker: Maker, about: Iterable[FigureKey], *, named: bool = True) -> tuple[Block, ...]:
    """What the council says of figures for everybody to read, wherever they are shown.

    Parameters
    ----------
    maker
        The pack.
    about
        The figures.
    named
        Whether the figure has to be named, because several are shown.

    Returns
    -------
    tuple[Block, ...]
    """
    if maker.documents is None:
        return ()
    said = commentary.comments(maker.documents, NOBODY, maker.code, maker.context.indicators, list(about))
    title = commentary_words.heading(maker.name)
    return tuple(OwnWords(f"{title}. {each.about}" if named else title, each.paragraphs, each.by_line) for each in said)


# The first of these in a pack has what the council says of headline figures that no other section is about.
_OVERVIEWS = ("scorecard", "shares", "summary")


def _headline_comments(maker: Maker, section: Section) -> tuple[Block, ...]:
    kinds = {each.kind for each in maker.settings.sections}
    if section.kind != next(kind for kind in _OVERVIEWS if kind in kinds):
        return ()
    elsewhere = {(each.id, age) for each, age in maker.indicators()}
    return comments(
        maker,
        [
            FigureKey(*each)
            for each in maker.glance().measures
            if each[:2] not in elsewhere and not ("workforce" in kinds and each[0] in _WORKFORCE)
        ],
    )


# ---------------------------------------------------------------- summary, recommendations, background


def summary(maker: Maker, section: Section) -> Part:
    """What is strong, weak and clearly changing.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    shown = maker.glance("about", "cards")
    found: list[Block] = [
        Paragraph(tuple(shown.about)),
        Paragraph((Run(f"{maker.name} is compared with {maker.compared_with()}."),)),
    ]
    for card in shown.cards:
        found.append(Heading(2, card.title))
        if not card.lines:
            found.append(Paragraph((Run(card.empty),)))
            continue
        lines = tuple(
            (_strong(line.size), Run(f" {line.counts}" + (f": {line.note}" if line.note else "")))
            for line in card.lines
        )
        found.append(Bullets(lines))
    return Part("summary", "", (*found, *_headline_comments(maker, section), *own_words(maker, section)))


def recommendations(maker: Maker, section: Section) -> Part:
    """What the committee is asked to do: the council's own, or the usual ones.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    own = [_MARK.sub("", line.strip()) for line in section.commentary.split("\n") if line.strip()]
    usual = [
        "Notes how care leavers are doing, as set out under “Current position”.",
        "Considers the questions for members, and says which of them it wants answered and by when."
        if any(each.kind == "questions" for each in maker.settings.sections)
        else "Says which further information it wants, and by when.",
        "Agrees when it will look at these figures again.",
    ]
    by = (Paragraph((Run(f"Responsible officer: {section.officer}"),), small=True),) if section.officer else ()
    asked = Paragraph((Run("It is recommended that the committee:"),))
    items = tuple((Run(text),) for text in own or [f"{lower_first(text.rstrip('.'))};" for text in usual[:-1]])
    if not own:
        items = (*items, (Run(lower_first(usual[-1])),))
    return Part("recommendations", "", (asked, Bullets(items, numbered=True), *by))


def background(maker: Maker, section: Section) -> Part:
    """Who is counted, and what the figures are compared with.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    texts = [
        "Councils report to the Department for Education each year how the young people who have left their care are doing: whether the "
        "council is in touch with them, where they live and what they do. Ages 17 to 18 and 19 to 21 are counted around "
        "the birthday in the year to 31 March.",
        f"{maker.name} is compared with {maker.compared_with()}. A figure is called better or worse only where the difference is more "
        "than chance alone would usually give, and a change is named only where a test says so. Where the answer is not known for many "
        "young people, that is said first.",
    ]
    if _not_close(maker):
        texts.append(
            f"The department’s model calls {maker.name}’s statistical neighbours “not close”, so they are not used for comparison: England "
            "takes their place, and charts of single measures show the authorities of the region."
        )
    return Part("background", "", (*(plain.paragraph(text) for text in texts), *own_words(maker, section)))


# ---------------------------------------------------------------- every headline measure


def scorecard(maker: Maker, section: Section) -> Part:
    """Every headline measure in one picture and one table.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    shown = maker.glance("measures")
    found: list[Block] = []
    source = ""
    if shown.chart is not None:
        drawn = picture(shown.chart, None, shown.spread, shown.download, shown.download_about)
        source = drawn.source
        found.append(drawn)
    found += [_measures(table, maker.name, source) for table in shown.tables if table.rows]
    found += _headline_comments(maker, section)
    return Part("position", "Every headline measure", (*found, *own_words(maker, section)))


def _measures(table: MeasureTable, name: str, source: str) -> Table:
    rows = []
    reasons: dict[str, None] = {}
    for row in table.rows:
        for place, held in enumerate(row.cells):
            if held is None:
                continue
            age = held.age or (table.ages[place] if table.ages else "")
            age = re.sub("^aged ", "", age, flags=re.IGNORECASE)
            rows.append((row.title, sentence_case(age), *_measure_cells(held, held.period or row.period)))
            if held.reason:
                reasons.setdefault(f"{held.figure} {held.reason}")
    columns = ["Measure", "Age", "Figure", "Count", table.comparator, "Compared", "Rank", "Change"]
    kept = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    lines = tuple(tuple(row[place] for place in kept) for row in rows)
    # Why a figure is hidden or missing is said once, under the table. A chart shows the same figures.
    note = " ".join([source, *reasons]).strip()
    return Table(f"{table.caption}. {name}", tuple(columns[place] for place in kept), lines, note, repeats=bool(source))


def _measure_cells(held: Cell, period: str) -> tuple[str, ...]:
    if held.reason:
        return held.figure, "", "", "", "", ""
    figure = f"{held.figure} ({period})" if period else held.figure
    counted = "; ".join(part for part in (held.counted, held.note) if part)
    said = f"{held.verdict_text}: {held.why}" if held.why and not held.verdict else held.verdict_text
    return figure, counted, held.comparator, said, held.rank, held.change


def shares(maker: Maker, section: Section) -> Part:
    """How young people divide into yes, no and not known.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    found: list[Block] = []
    for each in maker.glance("shares").shares:
        if each.bars.loc[each.bars["role"] == "chosen", "value"].notna().any():
            found.append(_shares(each))
    if not found:
        title = "In work or study, and in a suitable home"
        return _none(maker, section, title, "No published figures of {name} can be divided like this.")
    found += _headline_comments(maker, section)
    return Part("position", "In work or study, and in a suitable home", (*found, *own_words(maker, section)))


def _shares(shown: Shares) -> Picture:
    table = pd.DataFrame(list(shown.table), columns=list(shown.columns))
    return picture(shown.chart, native.stacked(shown.bars, shown.columns[2:]), table)


# ---------------------------------------------------------------- one measure


def measure(maker: Maker, section: Section) -> Part:
    """One measure: how it compares and how it has moved.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    return _measure(maker, section, _scope(maker), deep=False)


def _scope(maker: Maker) -> str:
    """Whom a measure is shown with: those it is compared with, so that the picture leaves room for words.

    Where England takes the place of neighbours that are not close, its region: with every authority each table would begin a page
    with no room for the next chart.
    """
    if maker.against == "neighbours":
        return "neighbours"
    return "region" if maker.region and (maker.against == "region" or _not_close(maker)) else "all"


def _not_close(maker: Maker) -> bool:
    return maker.settings.against == "neighbours" != maker.against


def measure_in_depth(maker: Maker, section: Section) -> Part:
    """One measure with every authority, its neighbours over the years and its other ages.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    return _measure(maker, section, "all", deep=True)


def _measure(maker: Maker, section: Section, scope: str, *, deep: bool) -> Part:
    indicator = maker.context.indicators.get(section.indicator)
    if indicator is None or section.age_group not in indicator.age_groups:
        gone = Paragraph((Run("There are no figures for this measure."),))
        return Part("position", section.indicator or "A measure", (gone, *own_words(maker, section)))
    age, code, name = section.age_group, maker.code, maker.name
    title = with_age(indicator.short_title, age)
    found: list[Block] = []
    finding = maker.view(trends.build_finding, indicator.id, age, code, name, maker.against, maker.region)
    compared = None
    if finding.newest_period:
        compared = maker.view(
            compare.build_view, indicator.id, age, finding.newest_period, code, name, maker.region, scope, maker.against,
            False, "wide",
        )  # fmt: skip
    if compared is not None and compared.found:
        polarity = f"{sentence_case(POLARITY_WORDS[indicator.polarity])}."
        found.append(_finding(compared.headline, compared.detail, polarity))
        found += comments(maker, [FigureKey(indicator.id, age, finding.newest_period)], named=False)
        found += own_words(maker, section)
        found.append(_compared(compared, code, title, indicator, neighbours=scope == "neighbours"))
    else:
        found.append(_finding(finding.headline, finding.detail))
        found += own_words(maker, section)
    drawn, table = _over_the_years(maker, indicator, age)
    if not _has_figures(drawn, code):
        never = _finding(finding.headline, f"There is no figure in the last {_RECENT_WORD} years.")
        own = own_words(maker, section)
        return Part("position", title, (never, *own), (indicator.id,), nothing="" if own else "paper")
    # In this order most measures take two pages without a gap. With the cautions before the chart, a table that begins a page leaves
    # no room for it.
    found += [table, drawn]
    if compared is not None and compared.found:
        found += _cautions(compared.cautions)
    if deep:
        found += _deeper(maker, indicator, age, finding.newest_period)
    return Part("position", title, tuple(found), (indicator.id,))


def _compared(shown: compare.CompareView, code: str, title: str, indicator: Indicator, *, neighbours: bool) -> Picture:
    data = native.bars(
        shown.chart.figure,
        code,
        title,
        percent=indicator.unit == "percent",
        decimals=indicator.decimals,
        neighbours=neighbours,
    )
    return picture(shown.chart, data, shown.table, shown.download, shown.about)


def _has_figures(drawn: Picture, code: str) -> bool:
    """Whether an authority has had a figure in the last years of a chart: old ones alone say nothing of how it is doing."""
    own = drawn.download[drawn.download["area_code"] == code].sort_values("period_end")
    return bool(own["value"].tail(_RECENT_YEARS).notna().any())


def _over_the_years(maker: Maker, indicator: Indicator, age: str) -> tuple[Picture, Table]:
    shown = maker.view(trends.build_view, indicator.id, age, maker.code, maker.name, (), False, "wide")
    drawn = picture(
        shown.chart,
        native.lines(
            shown.chart.figure, percent=indicator.unit == "percent", decimals=indicator.decimals, official=True
        ),
        shown.table,
        shown.download,
        shown.about,
        maker.view(trends.official_source, indicator.id, age, maker.code),
    )
    title = with_age(indicator.title, age)
    table = frame_table(
        _years(shown.official), f"{title}, year by year. {maker.name}", drawn.source, rows=_YEARS, repeats=True
    )
    return drawn, table


def _years(frame: pd.DataFrame) -> pd.DataFrame:
    """The years of a table in which the authority existed, its counts in one column: 16 cm have no room for more."""
    lived = frame[frame[frame.columns[1]] != NO_AUTHORITY]
    lived = lived if len(lived) else frame
    kept = lived[[name for name in lived if not lived[name].isin(["", NO_AUTHORITY]).all()]].copy()
    periods = kept[kept.columns[0]].str.extract(r"^(\w+) (\d{4})$")
    if periods.notna().all(axis=None) and periods[0].nunique() == 1:
        # “March 2025” in each row: the month is said once.
        month = str(periods[0].iloc[0])
        kept[kept.columns[0]] = periods[1]
        kept = kept.rename(columns={kept.columns[0]: f"Year to {month}" if month == "March" else month})
    if {"Count", "Base"} <= set(kept.columns):
        both = kept["Count"].ne("") & kept["Base"].ne("")
        kept["Count"] = (kept["Count"] + " of " + kept["Base"]).where(both, kept["Count"])
        if both.eq(kept["Base"].ne("")).all():
            kept = kept.drop(columns="Base")
    return kept


def _deeper(maker: Maker, indicator: Indicator, age: str, period: str) -> list[Block]:
    """The neighbours over the years, then the other ages."""
    found: list[Block] = []
    said = maker.view(trends.neighbours_finding, indicator.id, age, maker.code, maker.name)
    if said:
        near = maker.view(trends.build_neighbours, indicator.id, age, maker.code, maker.name, False, "wide")
        found += [Heading(3, "Its statistical neighbours"), _finding(said), picture(near.chart, None, near.table)]
    for other in indicator.age_groups:
        if other == age:
            continue
        finding = maker.view(
            trends.build_finding, indicator.id, other, maker.code, maker.name, maker.against, maker.region
        )
        found += [Heading(3, f"The same at {age_label(other)}"), _finding(finding.headline, finding.detail)]
        if finding.newest_period:
            found += comments(maker, [FigureKey(indicator.id, other, finding.newest_period)], named=False)
        found += _over_the_years(maker, indicator, other)
    return found


# ---------------------------------------------------------------- services


def workforce_section(maker: Maker, section: Section) -> Part:
    """Social workers: the newest figures and the years.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    shown = maker.view(workforce.build_view, maker.code, maker.name, maker.region, maker.against, "wide")
    recent = shown.table.groupby("Measure", sort=False).head(_RECENT)
    drawn = picture(shown.chart, None, recent, shown.download, shown.about)
    newest = shown.table.drop_duplicates("Measure")
    tied = shown.download["rank_tied"].reindex(newest.index)
    percent = newest["Unit"] == "%"
    told = newest.astype(object)
    for column in newest.columns[3:]:
        if newest[column].dtype.kind == "f":
            told[column] = [
                "" if missing(value) else value_text(value, "percent" if is_percent else "ratio", 1)
                for value, is_percent in zip(newest[column], percent, strict=True)
            ]
    # Why there is none is said under the chart. An authority that is no more has no row to say so.
    why = [status(str(code) or "missing").mark for code in shown.download["status"].reindex(newest.index)]
    own = told.columns[3]
    told[own] = [mark if text == "" else text for text, mark in zip(told[own], why, strict=True)]
    if "Rank" in told:
        told["Rank"] = [
            rank_text(rank, shared, of) for rank, shared, of in zip(newest["Rank"], tied, newest["Of"], strict=True)
        ]
    table = frame_table(told, f"Children’s social workers: the newest figures. {maker.name}", drawn.source)
    notes = [note for note in (shown.joint, shown.small, *shown.gaps) if note]
    return Part(
        "position",
        "Workforce",
        (
            _finding(shown.headline),
            *comments(maker, [FigureKey(measure, "all", period) for measure, period in shown.newest]),
            *own_words(maker, section),
            table,
            drawn,
            *_cautions(notes),
        ),
        _WORKFORCE,
    )


def inspections_section(maker: Maker, section: Section) -> Part:
    """What Ofsted found.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    shown = maker.view(inspections.build_events, maker.code, maker.name)
    found: list[Block] = [_finding(shown.headline, shown.detail), *own_words(maker, section)]
    source = "Source: Ofsted. A judgement comes from a week or two of inspection."
    if maker.view(inspections.has_inspections):
        since = maker.view(inspections.build_since, maker.code, maker.name, shown.newer_than_release, "wide")
        drawn = picture(since.chart, None, since.table)
        source = drawn.source
        if shown.judgements is not None:
            found.append(frame_table(shown.judgements, f"Ofsted’s judgements. {maker.name}", source))
        found.append(drawn)
    if shown.visits:
        found += [Heading(3, "Other inspections and visits"), *plain.blocks(shown.visits)]
    if shown.before:
        found += [Heading(3, "The authorities before it"), *plain.blocks(shown.before)]
    found += _cautions([SCALE_WORDS, APART_WORDS])
    return Part("position", "Inspections", tuple(found))


# ---------------------------------------------------------------- local quarters


def local_quarters(maker: Maker, section: Section) -> Part:
    """The council's own newest figures.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    shown = maker.view(local_figures.build_newest, maker.code, maker.name, "")
    title = "The council’s own quarterly figures"
    if shown is None:
        return _none(
            maker,
            section,
            title,
            "There are no local figures for {name} yet: an officer of the council can upload them.",
        )
    main = shown.rows[shown.rows["is_main"]]
    about = [
        FigureKey(str(row["indicator"]), str(row["age_group"]), f"{row['period_end']:%Y-%m-%d}", str(row["basis"]))
        for row in records(shown.rows)
    ]
    found: list[Block] = [_finding(shown.headline, shown.detail), *comments(maker, about), *own_words(maker, section)]
    found.append(_quarters_table(maker, main))
    measures = [row for row in records(main) if not missing(row["value"])][:_QUARTER_CHARTS]
    for row in measures:
        drawn = maker.view(
            local_figures.build_quarters, maker.code, maker.name, row["indicator"], row["age_group"], row["basis"], (),
            False, "wide",
        )  # fmt: skip
        data = native.lines(drawn.chart.figure, percent=row["unit"] == "percent", decimals=int(row["decimals"]))
        found.append(picture(drawn.chart, data, drawn.table, drawn.download, drawn.about))
    found += _cautions(shown.cautions)
    return Part("position", title, tuple(found), tuple(str(row["indicator"]) for row in measures))


def _quarters_table(maker: Maker, main: pd.DataFrame) -> Table:
    rows = records(main)
    shared = len({row["layer"] for row in rows if row["is_newest"]}) == 1
    lines = []
    for row in rows:
        counted = (
            ""
            if missing(row["value"])
            else count_text(row["numerator"], row["denominator"], row["unit"], row["rounded"])
        )
        earlier = "none"
        if not missing(row["previous_status"]):
            earlier = words_newest.figure_text(row, "previous_value", "previous_status")
        lines.append(
            (
                str(row["short_title"]), plain.words(words_newest.row_about(row, shared)), words_newest.figure_text(row),
                counted, earlier, words_newest.change_words(row), words_newest.target_text(row) or "none set",
            )
        )  # fmt: skip
    columns = ("Measure", "Age, period", "Figure", "Count", "A year earlier", "What changed", "Target")
    uploads = ", ".join(dict.fromkeys(f"upload {row['release']}" for row in rows))
    layers = ", ".join(dict.fromkeys(LAYER_WORDS[str(row["layer"])] for row in rows))
    note = f"Source: figures of {maker.name} itself, {uploads}; {layers} figures."
    return Table(plain.words(words_newest.caption(main, maker.name)), columns, tuple(lines), note)


# ---------------------------------------------------------------- improvement plan, watch list


def improvement_plan(maker: Maker, section: Section) -> Part:
    """How far the council's improvement plan has got, and the report of exceptions.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    title = "Improvement plan"
    try:
        kept = None if maker.documents is None else plan_keeping.kept_plan(maker.documents, maker.code, NOBODY)
    except StoreUnavailable:
        return _unread(title)
    if kept is None:
        return _none(maker, section, title, "There is no improvement plan for {name} that everybody may read.")
    shown = plan.build_view(maker.context, kept.versions, kept.document, maker.code, maker.name)
    source = f"Source: {plain.words(shown.position)}"
    found: list[Block] = [_finding(shown.headline, shown.detail), *own_words(maker, section)]
    found.append(frame_table(shown.counts, f"Actions by status. {maker.name}", source))
    if shown.exceptions:
        found.append(Heading(3, "Actions that are red or amber"))
        for each in shown.exceptions:
            facts = "; ".join(f"{label}: {text}" for label, text in each.facts)
            found += [
                Paragraph((_strong(f"{each.word}: {each.title}."), Run(f" {each.due}"))),
                *plain.bullets([facts], small=True),
            ]
    if shown.changes is not None:
        found.append(frame_table(shown.changes, f"{shown.changes_heading}. {maker.name}", source))
    found.append(frame_table(shown.table, f"Every action. {maker.name}", source))
    return Part("position", title, tuple(found))


def watch_list(maker: Maker, section: Section) -> Part:
    """The measures that the committee watches, with their targets.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    title = "Watch list"
    kept = None if maker.documents is None else watch_keeping.kept_list(maker.documents, maker.code, NOBODY)
    shown = None
    if kept is not None:
        shown = watched.build_view(maker.context, kept.items, None, maker.code, maker.name, kept.committee)
    if shown is None:
        return _none(maker, section, title, "There is no watch list for {name} that everybody may read.")
    source = f"Source: {shown.about.get('Source', 'Department for Education')}. Release: {shown.about.get('Release', 'see the table')}."
    found: list[Block] = [_finding(shown.headline), *own_words(maker, section)]
    found.append(frame_table(shown.table, f"Targets and the newest figures. {maker.name}", source))
    found += [*plain.bullets(shown.new), *_cautions(shown.cautions)]
    return Part("position", title, tuple(found))


def _none(maker: Maker, section: Section, title: str, said: str) -> Part:
    none = Paragraph((Run(said.replace("{name}", maker.name)),))
    own = own_words(maker, section)
    return Part("position", title, (none, *own), nothing="" if own else "preview")


def _unread(title: str) -> Part:
    return Part("position", title, (Paragraph((Run("The store of documents cannot be read at the moment."),)),))


# ---------------------------------------------------------------- questions, implications


def questions(maker: Maker, section: Section) -> Part:
    """What members may ask, the most pressing first, and the three questions that belong to each.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    watch = None if maker.documents is None else watch_keeping.kept_list(maker.documents, maker.code, NOBODY)
    shown = maker.look_up(
        questions_view.build_view, maker.code, maker.name, maker.against, maker.region, watch.items if watch else None
    )
    asked = questions_view.taken(shown.asked, ",".join(maker.settings.taken)) or shown.asked
    maker.cite(each.release for each in asked)
    held = {} if maker.documents is None else answers.answers(maker.documents, NOBODY, maker.code)
    found: list[Block] = []
    if asked:
        items: list[Runs] = []
        for each in asked:
            said = [each.evidence, each.others, each.neighbour, each.source]
            if (answer := held.get(each.id)) is not None:
                said.append(f"{answer.heading} {' '.join(answer.paragraphs)} ({answer.by_line})")
            items.append((_strong(each.text), Run(" " + " ".join(part for part in said if part))))
        found.append(Bullets(tuple(items), numbered=True))
        found.append(Paragraph((Run("Ask of each:"),)))
    else:
        found.append(Paragraph((Run(f"{questions_words.NOTHING} {questions_words.ALWAYS}"),)))
    found.append(Bullets(tuple((Run(text),) for text in questions_words.CLASSICS)))
    return Part("questions", "", (*found, *own_words(maker, section)))


def implications(maker: Maker, section: Section) -> Part:
    """What follows for money, law and equality: the council's own words, or where they are to be written.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    own = own_words(maker, section)
    if section.commentary.strip():
        return Part("implications", "", own)
    prompts = tuple(
        (_strong(f"{prompt}:"), Run(" to be completed by the author of this report.")) for prompt in _PROMPTS
    )
    return Part("implications", "", (Bullets(prompts), *own))


# ---------------------------------------------------------------- appendix


READING = f"{MARKS} Rank 1st is best."


def definitions_section(maker: Maker, section: Section) -> Part:
    """What the measures of the pack count.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    shown = [each for each, _ in maker.indicators()]
    if not shown:
        shown = [each for each in maker.context.indicators.values() if each.headline]
    found: list[Block] = [plain.paragraph(READING)]
    for each in dict.fromkeys(indicator.id for indicator in shown):
        entry = maker.view(definitions.one_measure, each)
        if entry is None:
            continue
        indicator = maker.context.indicators[each]
        counted = indicator.numerator_counts.rstrip(".")
        if indicator.denominator_counts:
            counted += f", out of {lower_first(indicator.denominator_counts.rstrip('.'))}"
        first, *_ = entry.text.split("\n\n")
        found += [
            Heading(3, entry.title),
            plain.paragraph(first),
            plain.paragraph(f"Counted: {counted}. {sentence_case(POLARITY_WORDS[indicator.polarity])}.", small=True),
        ]
        if indicator.caveats:
            found.append(plain.paragraph(f"Take care: {indicator.caveats}", small=True))
    return Part("appendix", "What the measures count", (*found, *own_words(maker, section)))


def data_table(maker: Maker, section: Section) -> Part:
    """The figures of every measure of the pack in one table, as the export has them.

    Parameters
    ----------
    maker, section
        The pack, and the section.

    Returns
    -------
    Part
    """
    lines, sources, codes = [], [], []
    for indicator, age in maker.indicators():
        finding = maker.view(
            trends.build_finding, indicator.id, age, maker.code, maker.name, maker.against, maker.region
        )
        if not finding.newest_period:
            continue
        shown = maker.view(
            compare.build_view, indicator.id, age, finding.newest_period, maker.code, maker.name, maker.region, _scope(maker),
            maker.against, False, "wide",
        )  # fmt: skip
        own = [] if shown is None else records(shown.download[shown.download["authority_code"] == maker.code])
        for row in own:
            lines.append(_data_row(row, indicator, age, shown.about["Period"]))
            codes.append(str(row["status"]))
            sources.append(f"{shown.about['Source']}, release {shown.about['Release']}")
    if not lines:
        none = Paragraph((Run("No section of this pack is about a measure with a figure of its own."),))
        return Part("appendix", "The figures", (none, *own_words(maker, section)))
    columns = ("Measure", "Age", "Period", "Count", "Out of", "Figure", "Neighbours’ mean", "England", "Rank", "Kind")
    # Why there is no figure is said once, under the table.
    absent = [status(code) for code in dict.fromkeys(codes) if code not in ("ok", "")]
    reasons = [f"{each.mark} {each.reason}" for each in absent]
    note = " ".join([f"Source: {'; '.join(dict.fromkeys(sources))}.", *reasons])
    caption = f"The newest figure of each measure in this report. {maker.name}"
    return Part("appendix", "The figures", (Table(caption, columns, tuple(lines), note), *own_words(maker, section)))


def _data_row(row: dict[str, Any], indicator: Indicator, age: str, period: str) -> tuple[str, ...]:
    def text(column: str, code: str = "ok") -> str:
        absent = missing(row[column]) and column != "value"
        return "" if absent else value_text(row[column], indicator.unit, indicator.decimals, code)

    return (
        indicator.short_title,
        "" if age == "all" else age_label(age),
        period,
        "" if missing(row["numerator"]) else plain_number(row["numerator"]),
        "" if missing(row["denominator"]) else plain_number(row["denominator"]),
        text("value", str(row["status"])),
        text("neighbours_mean"),
        text("england"),
        rank_text(row["rank"], row["rank_tied"], row["of"]) or "not ranked",
        LAYER_WORDS[str(row["layer"])],
    )


# In the order of the list on the page.
KINDS: dict[str, Kind] = {
    "summary": Kind("Summary", summary),
    "recommendations": Kind("Recommendations", recommendations),
    "background": Kind("Background", background),
    "scorecard": Kind("Every headline measure", scorecard),
    "shares": Kind("In work or study, in a suitable home", shares),
    "measure": Kind("A measure", measure, about=True),
    "measure_in_depth": Kind("A measure in depth", measure_in_depth, about=True),
    "workforce": Kind("Workforce", workforce_section),
    "inspections": Kind("Inspections", inspections_section),
    "local_quarters": Kind("Local quarters", local_quarters),
    "improvement_plan": Kind("Improvement plan", improvement_plan),
    "watch_list": Kind("Watch list", watch_list),
    "questions": Kind("Questions for members", questions),
    "implications": Kind("Implications", implications),
    "definitions": Kind("Definitions", definitions_section),
    "data_table": Kind("Table of the figures", data_table),
}


def label(section: Section, indicators: Sequence[Indicator] | dict[str, Indicator]) -> str:
    """What a section is called in a list: ``In education, work or training, 19 to 21``.

    Parameters
    ----------
    section
        The section.
    indicators
        The catalogue by id.

    Returns
    -------
    str
    """
    kind = KINDS.get(section.kind)
    if kind is None:
        return "A section that this version does not know"
    if not kind.about:
        return kind.label
    held = indicators.get(section.indicator) if isinstance(indicators, dict) else None
    title = with_age(held.short_title, section.age_group) if held else section.indicator
    return f"{title}, in depth" if section.kind == "measure_in_depth" else title
