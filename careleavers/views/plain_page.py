"""A page's content as plain HTML, shown until the page has loaded and to readers without JavaScript.

One function per kind of page, from the view that the page shows; what it leaves out follows with the page. All words are
escaped here, but for tables that views make as HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.template import FITS
from careleavers.views.at_a_glance import markup as at_a_glance_markup
from careleavers.views.at_a_glance.view import AtAGlanceView
from careleavers.views.compare.view import CompareView
from careleavers.views.england import markup
from careleavers.views.england.view import EnglandView
from careleavers.views.map.view import MapView
from careleavers.views.plain_table import plain_table
from careleavers.views.questions import markup as questions_markup
from careleavers.views.questions import words as questions_words
from careleavers.views.questions.view import QuestionsView
from careleavers.views.spread.view import SpreadView
from careleavers.views.trends.view import FindingView, TrendsView
from careleavers.views.workforce.view import WorkforceView

_MARKS = re.compile(r"\\(.)|\*\*(.+?)\*\*|\[((?:[^\[\]\\]|\\.)*)\]\(([^()\s]*)\)|( {2}\n)", re.DOTALL)
_TAGS = re.compile(r"<[^>]+>")
# A page of this product, by its relative address.
_OWN_LINK = re.compile(r"(?:\./)?[a-z_]*(?:\?[^\s\"'<>]*)?")
_LONGEST_DESCRIPTION = 300
# Where the picture of a chart is to be had, by the chart's name on its page; "" where there is none.
Picture = Callable[[str, ChartResult], str]
_COLUMNS = 6
_AGE, _BESIDE = ' class="cl-first-age"', '<p class="cl-first-beside"></p>'


@dataclass(frozen=True)
class PlainPage:
    """The content of a page.

    Attributes
    ----------
    heading
        What the page is called.
    description
        One or two plain sentences, for those who see a link to it.
    body
        What follows the heading, as HTML.
    """

    heading: str
    description: str = ""
    body: str = ""


def no_picture(name: str, chart: ChartResult) -> str:
    """The :data:`Picture` of those who have none.

    Parameters
    ----------
    name, chart
        The chart.

    Returns
    -------
    str
        Always empty.
    """
    return ""


def at_a_glance(heading: str, shown: AtAGlanceView, picture: Picture = no_picture) -> PlainPage:
    """The cards, questions, shares and tables of one authority.

    Parameters
    ----------
    heading
        What the page is called.
    shown
        What the page shows.
    picture
        Where the pictures of its charts are.

    Returns
    -------
    PlainPage
    """
    title = "Questions to ask" if len(shown.questions) > 1 else "A question to ask"
    asked = at_a_glance_markup.questions(shown.questions)
    body = (
        at_a_glance_markup.about(shown.about)
        + at_a_glance_markup.cards(shown.cards)
        + (f'<section class="cl-first-box"><h2>{title}</h2>{asked}</section>' if shown.questions else "")
        + "".join(
            _with_table(each.anchor, each.chart, picture, at_a_glance_markup.shares_table(each))
            for each in shown.shares
        )
        + "".join(map(at_a_glance_markup.measures, shown.tables))
    )
    told = [
        f"{card.kind.capitalize()}: {line.size} {line.counts}" for card in shown.cards[:2] for line in card.lines[:1]
    ]
    return PlainPage(heading, shorten(". ".join(["".join(run.text for run in shown.about), *told])), body)


def england(shown: EnglandView, find: str) -> PlainPage:
    """England's story, before an authority is chosen.

    Parameters
    ----------
    shown
        What the page shows.
    find
        What stands before the box that finds a council.

    Returns
    -------
    PlainPage
    """
    title = "" if shown.map is None else shown.map.title
    body = (
        f"<p>{html.escape(shown.subject)}</p>{fields({find: 'Type a name, such as Leeds'})}{markup.cards(shown)}"
        f"{fields({'Measure': title})}{markup.body(shown)}"
        f"{markup.sources(shown)}"
    )
    return PlainPage(shown.title, shown.subject, body)


def compare(heading: str, shown: CompareView | None, picture: Picture = no_picture) -> PlainPage:
    """The finding and every authority with its figure.

    Parameters
    ----------
    heading
        What the page is called.
    shown
        What the page shows; None where the release has none of the authorities.
    picture
        Where the picture of its chart is.

    Returns
    -------
    PlainPage
    """
    if shown is None:
        return PlainPage(heading)
    finding = f"**{shown.headline}.** {shown.detail}"
    body = _finding(
        "ranked",
        shown.chart,
        picture,
        (finding, shown.subject),
        (shown.detail, shown.subject, shown.reading, *shown.cautions),
        table(shown.table, shown.chart.headline),
    )
    return PlainPage(heading, description(f"**{shown.headline}.** {shown.subject}"), body)


def questions(shown: QuestionsView, *, is_current: bool) -> PlainPage:
    """The questions to ask of one authority, each with what it rests on, without answers: those depend on who reads.

    Parameters
    ----------
    shown
        What the page shows.
    is_current
        Whether the authority still exists, so that there is somebody to ask.

    Returns
    -------
    PlainPage
    """
    if not is_current:
        return PlainPage(shown.title, questions_words.CLOSED, paragraphs(questions_words.CLOSED))
    if not shown.asked:
        return PlainPage(shown.title, questions_words.NOTHING, paragraphs(shown.about, questions_words.NOTHING))
    asked = "".join(questions_markup.question(each, None, number) for number, each in enumerate(shown.asked, 1))
    body = f'<div class="cl-first-questions">{paragraphs(shown.about)}{asked}</div>'
    return PlainPage(shown.title, shorten(shown.asked[0].text), body)


def trends(heading: str, finding: FindingView, shown: TrendsView, picture: Picture = no_picture) -> PlainPage:
    """The finding and the figure of each year.

    Parameters
    ----------
    heading
        What the page is called.
    finding, shown
        What the page shows.
    picture
        Where the picture of its chart is.

    Returns
    -------
    PlainPage
    """
    body = _finding(
        "trend",
        shown.chart,
        picture,
        (f"**{finding.headline}.** {finding.detail}", finding.measure),
        (finding.detail, finding.measure, *shown.cautions),
        table(shown.table, shown.chart.headline),
    )
    return PlainPage(heading, description(f"**{finding.headline}.**"), body)


def with_chart(
    heading: str, name: str, shown: MapView | SpreadView | WorkforceView | None, picture: Picture = no_picture
) -> PlainPage:
    """The finding of a page and its chart in words.

    Parameters
    ----------
    heading
        What the page is called.
    name
        The name of the chart on its page.
    shown
        What the page shows; None where it has nothing to show.
    picture
        Where the picture of its chart is.

    Returns
    -------
    PlainPage
    """
    if shown is None:
        return PlainPage(heading)
    said = (f"**{shown.headline}.**",) if shown.headline else ()
    notes = () if isinstance(shown, WorkforceView) else (shown.subject,)
    return PlainPage(
        heading,
        description(f"**{shown.headline}.**") if shown.headline else "",
        _finding(name, shown.chart, picture, said, notes) if shown.chart else paragraphs(*said),
    )


def _finding(
    name: str, result: ChartResult, picture: Picture, said: Sequence[str], beside: Sequence[str], instead: str = ""
) -> str:
    """A chart with its words: without a picture they stand above it; a picture has its finding, and the rest beside it."""
    drawn = _picture(name, result, picture)
    if not drawn:
        return paragraphs(*said) + _words(result, instead)
    return (
        f'<div class="cl-first-finding">{drawn}<div class="cl-first-notes">{paragraphs(*beside)}</div></div>'
        f"{_folded(instead)}"
    )


def _with_table(name: str, result: ChartResult, picture: Picture, figures: str) -> str:
    """A chart and its figures, which stand to the right of a picture."""
    drawn = _picture(name, result, picture)
    if not drawn:
        return _words(result, figures)
    return f'<div class="cl-first-finding">{drawn}<div class="cl-first-notes">{figures}</div></div>'


def _picture(name: str, result: ChartResult, picture: Picture) -> str:
    address = picture(name, result)
    if not address:
        return ""
    # In the size of the chart that takes its place; the image itself says 16 cm.
    return (
        f'<figure class="cl-first-chart"><img src="{html.escape(address)}" width="{FITS["wide"]}" '
        f'height="{result.height:d}" alt="{html.escape(result.alt)}"></figure>'
    )


def _folded(instead: str) -> str:
    """The figures of a picture as a table, to unfold, as pages have them."""
    if not instead:
        return ""
    return f'<details class="cl-first-box"><summary>The figures of this chart as a table</summary>{instead}</details>'


def _words(result: ChartResult, instead: str) -> str:
    """The room of a chart with what it says in words, and what else is to be read there."""
    return (
        f'<figure class="cl-first-chart" style="min-height:{result.height:d}px"><figcaption>{html.escape(result.alt)}'
        f"</figcaption>{instead}</figure>"
    )


def table(frame: pd.DataFrame, caption: str) -> str:
    """The first columns of a table, each row of it.

    Parameters
    ----------
    frame
        The table.
    caption
        What it holds.

    Returns
    -------
    str
    """
    return f'<div class="cl-short">{plain_table(frame, caption, _COLUMNS)}</div>'


def paragraphs(*texts: str) -> str:
    """Texts in Markdown, as the pages have them, as paragraphs of HTML.

    Parameters
    ----------
    *texts
        Paragraphs, parted by empty lines where one text has several; of Markdown they use bold words, links, line breaks
        and escapes.

    Returns
    -------
    str
    """
    parts = (part.strip() for text in texts for part in text.split("\n\n"))
    return "".join(f"<p>{inline(part)}</p>" for part in parts if part)


def inline(text: str) -> str:
    """One text in Markdown as HTML: bold words, line breaks, links inside the product; a link elsewhere keeps its words only.

    Parameters
    ----------
    text
        Everything in it that is not one of those is shown as it is.

    Returns
    -------
    str
    """
    out, place = [], 0
    for mark in _MARKS.finditer(text):
        escaped, bold, words, target, end = mark.groups()
        out.append(html.escape(text[place : mark.start()]))
        place = mark.end()
        if escaped is not None:
            out.append(html.escape(escaped))
        elif bold is not None:
            out.append(f"<strong>{inline(bold)}</strong>")
        elif end is not None:
            out.append("<br>")
        elif _OWN_LINK.fullmatch(target):
            out.append(f'<a href="{html.escape(target, quote=True)}">{inline(words)}</a>')
        else:
            out.append(inline(words))
    return "".join([*out, html.escape(text[place:])])


def description(text: str) -> str:
    """The first paragraph of a text in Markdown as plain words, short enough to be read under a link.

    Parameters
    ----------
    text
        A text of a page.

    Returns
    -------
    str
    """
    return shorten(html.unescape(_TAGS.sub("", inline(text.split("\n\n")[0]))).strip())


def shorten(words: str) -> str:
    """Plain words, cut where they are too long to be read under a link.

    Parameters
    ----------
    words
        A sentence or two.

    Returns
    -------
    str
    """
    return words if len(words) <= _LONGEST_DESCRIPTION else f"{words[:_LONGEST_DESCRIPTION].rsplit(' ', 1)[0]} …"


def fields(choices: Mapping[str, str], *, beside: bool = False) -> str:
    """Choices that are made, label by label, as the controls of the page will stand.

    Parameters
    ----------
    choices
        What is chosen, by its label.
    beside
        Whether another choice will stand at the end of their row.

    Returns
    -------
    str
    """
    each = (
        f"<p{_AGE if label == 'Age' else ''}><span>{html.escape(label)}</span><strong>{html.escape(chosen)}</strong></p>"
        for label, chosen in choices.items()
    )
    return f'<div class="cl-first-fields">{"".join(each)}{_BESIDE if beside else ""}</div>'


def one_line(chosen: Iterable[str]) -> str:
    """Choices that are made, as a phone has them: folded under one line.

    Parameters
    ----------
    chosen
        What is chosen, in words.

    Returns
    -------
    str
        HTML.
    """
    return f'<p class="cl-first-fold">{html.escape(", ".join(chosen))} – change</p>'


def notes(texts: Iterable[str]) -> str:
    """What to know about the authority itself, as paragraphs.

    Parameters
    ----------
    texts
        Texts in Markdown, a paragraph each.

    Returns
    -------
    str
        HTML.
    """
    return "".join(f'<p class="cl-first-note">{inline(text)}</p>' for text in texts)
