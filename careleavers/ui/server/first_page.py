"""The first page of an address with the words of its page in it: readable before any script runs, and without.

It says what anybody may see, as it is asked for without a person: where browsing needs signing in, nothing. It is made by the
page's own view, from the same cache, so that the page which follows has it ready. Whoever asks for many addresses gets the
first page without words: one is made at a time, few wait, and no more than half of a processor goes into them.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import html
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.types import Scope

from careleavers import pictures
from careleavers.charts import ChartResult
from careleavers.charts.template import FITS, Width, layout_of
from careleavers.errors import UnknownChoice
from careleavers.model import AGAINST
from careleavers.ui import private
from careleavers.ui.pages import PAGES, PRODUCT, WIDTH_COOKIE
from careleavers.ui.server.first_pictures import FirstPictures
from careleavers.ui.server.middleware import is_https
from careleavers.ui.server.paths import base_path, path_of
from careleavers.views.plain_page import Picture, PlainPage, fields, no_picture, notes, one_line
from careleavers.wording.formats import age_label, period_label

if TYPE_CHECKING:
    from careleavers.ui.choices import Measure
    from careleavers.ui.selection import Selection

log = logging.getLogger("careleavers.ui")

# Seconds that an answer waits for its text before it goes without. The first visitor's view of At a glance takes 0.3 s, which
# the page itself would need as well; a page without words is read a second and a half later.
PATIENCE = 0.6
# How many first pages are cached, per encoding asked for, and how many may be waited for at once.
_KEPT = 128
_WAITING = 8
# Seconds without another attempt after the figures could not be read.
_REST = 5.0
# Processor time in seconds: the most that may be spent at once, and what is added each second.
_MOST_SPENT, _ADDED = 3.0, 0.5
_LONGEST = 200
_HOST = re.compile(r"[A-Za-z0-9.\[\]:-]{1,100}")
# The parameters of an address that the text depends on. All others matter only to the page itself.
_PARAMETERS = frozenset({"authority", "against", "as_at", "indicator", "age", "period", "show", "axis"})
# With one of these parameters Streamlit shows a different page.
_OTHERWISE = frozenset({"screenshot", "embed"})

HEADINGS = {
    "at_a_glance": "How are care leavers doing?",
    "compare": "Compare authorities",
    "spread": "How authorities differ",
    "map": "Map of authorities",
    "build_your_own": "Build your own",
    "trends": "Trends",
    "local_figures": "Local figures: how did we do this quarter?",
    "workforce": "How stable is the workforce?",
    "together": "Do the workforce and outcomes go together?",
    "inspections": "Inspections",
    "report": "Report",
    "questions": "Questions to ask",
    "improvement_plan": "Improvement plan",
    "watch_list": "Watch list",
    "whats_new": "What is new",
    "definitions": "Definitions",
    "accessibility": "Accessibility statement",
}
# Pages whose heading begins with the authority's name.
_NAMED = frozenset({"at_a_glance", "local_figures", "workforce", "improvement_plan", "watch_list"})


@dataclass(frozen=True)
class Asked:
    """Everything that a first page depends on, so that equal requests share one page.

    Attributes
    ----------
    page
        The page's name, as in the address.
    parameters
        Names and values of the query that the page knows, in order of name.
    width
        The layout of the charts.
    origin
        Where the product is reached (scheme, host and base path); "" where the request does not say so credibly.
    """

    page: str
    parameters: tuple[tuple[str, str], ...]
    width: Width
    origin: str = ""

    @classmethod
    def of(cls, scope: Scope) -> Asked | None:
        """What a request asks for; None where its page has no words here.

        Parameters
        ----------
        scope
            A request for a page.

        Returns
        -------
        Asked or None
        """
        name = path_of(scope).strip("/")
        page = PAGES[0].name if name in {"", "index.html"} else name
        given = dict(parse_qsl(scope["query_string"][:4000].decode("latin-1")))
        if page not in HEADINGS or not _OTHERWISE.isdisjoint(given):
            return None
        known = {key: value for key, value in given.items() if key in _PARAMETERS and len(value) <= _LONGEST}
        headers = Headers(raw=scope["headers"])
        return cls(page, tuple(sorted(known.items())), _width(headers), _origin(scope, headers.get("host", "")))


def _origin(scope: Scope, host: str) -> str:
    """The address that the product is reached under; "" where the request does not say it credibly."""
    if not _HOST.fullmatch(host) or not private.host_is_allowed(host):
        return ""
    return f"{'https' if is_https(scope) else 'http'}://{host}{base_path()}"


def _width(headers: Headers) -> Width:
    try:
        said = SimpleCookie(headers.get("cookie", "")).get(WIDTH_COOKIE)
    except CookieError:
        said = None
    if said is not None:
        return layout_of(said.value)
    return "phone" if headers.get("sec-ch-ua-mobile") == "?1" else "wide"


@dataclass
class Made:
    """A first page, ready to be sent.

    Attributes
    ----------
    content
        The page, not compressed.
    tag
        Its ETag, by which a browser asks whether its copy is still current.
    encoded
        The page by the encodings in which it was asked for, such as ``br``.
    pictures
        The keys of the pictures of charts in it.
    """

    content: bytes
    tag: str
    encoded: dict[str, bytes] = field(default_factory=dict)
    pictures: frozenset[str] = frozenset()


class FirstPages:
    """Makes first pages with words, and keeps the last of them."""

    def __init__(
        self,
        fill: Callable[[PlainPage, str, str, str, str], str],
        patience: float = PATIENCE,
        pictures: FirstPictures | None = None,
    ) -> None:
        """``fill`` makes the whole page of its words, its title, the HTML of all that is shown, and where product and first picture are."""
        self._fill = fill
        self._patience = patience
        self._pictures = pictures
        self._clearings: object = 0
        self._kept: OrderedDict[tuple[object, ...], Made] = OrderedDict()
        self._tasks: dict[Asked, asyncio.Task[Made | None]] = {}
        self._one = asyncio.Lock()
        self._resting_until = 0.0
        self._left, self._counted = _MOST_SPENT, time.monotonic()

    async def answer(self, scope: Scope) -> Made | None:
        """The first page for a request, if it has words and they are ready soon; else None.

        Parameters
        ----------
        scope
            A request for a page.

        Returns
        -------
        Made or None
        """
        asked = Asked.of(scope)
        if self._pictures is not None:
            self._pictures.visited()
        return None if asked is None else await self._answer(asked, self._patience)

    async def picture(self, path: str) -> bytes | None:
        """The picture of a chart in a first page, compressed by brotli; None where there is none, or browsing needs signing in.

        Parameters
        ----------
        path
            The path inside the product.

        Returns
        -------
        bytes or None
        """
        from careleavers.ui import access

        if self._pictures is None or not await asyncio.to_thread(access.browsing_open):
            return None
        self._pictures.visited()
        return self._pictures.at(path)

    async def prepare(self, pages: Iterable[str]) -> None:
        """Make first pages of no authority before anybody asks for one, and have their charts drawn.

        Parameters
        ----------
        pages
            The names of the pages.
        """
        for page in pages:
            await self._answer(Asked(page, (), "wide"), None)

    async def _answer(self, asked: Asked, patience: float | None) -> Made | None:
        task = self._tasks.get(asked)
        if task is None:
            if len(self._tasks) >= _WAITING:
                return None
            self._tasks[asked] = task = asyncio.create_task(self._made(asked))
            task.add_done_callback(lambda _: self._tasks.pop(asked, None))
        done, _ = await asyncio.wait({task}, timeout=patience)
        return task.result() if done else None

    async def _made(self, asked: Asked) -> Made | None:
        if time.monotonic() < self._resting_until:
            return None
        try:
            key = await asyncio.to_thread(_key, asked)
        except Exception:  # the page itself says that the figures cannot be read, and the log why
            self._resting_until = time.monotonic() + _REST
            return None
        if key is None:
            return None
        if key[-1] != self._clearings:
            self._clearings = key[-1]
            self._kept.clear()
            if self._pictures is not None:
                self._pictures.forget()
        if key not in self._kept:
            async with self._one:
                if not self._may_spend():
                    return None
                try:
                    made, missing, spent = await asyncio.to_thread(self._make, asked)
                except Exception:  # the page itself says what is wrong
                    log.warning("The first page of %s is sent without words", asked.page, exc_info=True)
                    self._left -= _ADDED
                    return None
                self._left -= spent
            self._kept[key] = made
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            if self._pictures is not None:
                # With the picture the page is another, made for whoever asks next.
                for name, chart in missing.items():
                    self._pictures.want(name, chart, lambda: self._kept.pop(key, None))
        self._kept.move_to_end(key)
        found = self._kept[key]
        if self._pictures is not None:
            for name in found.pictures:
                self._pictures.use(name)
        return found

    def _may_spend(self) -> bool:
        now = time.monotonic()
        self._left = min(_MOST_SPENT, self._left + _ADDED * (now - self._counted))
        self._counted = now
        return self._left > 0

    def _make(self, asked: Asked) -> tuple[Made, dict[str, ChartResult], float]:
        """The page, the charts in it of which there is no picture yet, and the seconds of processor time that it took."""
        began = time.thread_time()
        shown: set[str] = set()
        missing: dict[str, ChartResult] = {}
        placed: dict[str, str] = {}

        def picture(name: str, chart: ChartResult) -> str:
            # A phone has its own layout, which depends on its width.
            if self._pictures is None or asked.width != "wide":
                return ""
            key = pictures.key(chart)
            address = self._pictures.address(key)
            if address:
                shown.add(key)
                placed[name] = address
            else:
                missing[key] = chart
            return address

        first, title, content = words(asked, picture)
        content += _until_drawn(placed)
        page = self._fill(first, title, content, asked.origin, next(iter(placed.values()), "")).encode()
        made = Made(page, hashlib.sha256(page).hexdigest()[:32], pictures=frozenset(shown))
        return made, missing, time.thread_time() - began


def _until_drawn(placed: Mapping[str, str]) -> str:
    """A style sheet that shows the pictures where the page will draw their charts, until it does (``assets/page.js``)."""
    rules = (
        f'.st-key-{name}:not(:has(.main-svg)){{background:url("{address}") 0 0/{FITS["wide"]}px auto no-repeat}}'
        f'.st-key-{name}:not(:has(.main-svg)) [data-testid="stSkeleton"]{{visibility:hidden}}'
        for name, address in placed.items()
    )
    return f"<style>{''.join(rules)}</style>" if placed else ""


def _key(asked: Asked) -> tuple[object, ...] | None:
    """What the words depend on; None where they are not for everybody."""
    from careleavers.ui import access, figures

    if not access.browsing_open():
        return None
    return asked, figures.warehouse().version, dt.date.today(), figures.clearings()


def words(asked: Asked, picture: Picture = no_picture) -> tuple[PlainPage, str, str]:
    """The words of a page, its title, and the HTML of all that is shown.

    Parameters
    ----------
    asked
        What is asked for. What is unknown in it is as if it were not there.
    picture
        Where the pictures of charts are.

    Returns
    -------
    tuple[PlainPage, str, str]
        The parts of the page, its title for the tab, and HTML whose texts are escaped.
    """
    from careleavers.ui import figures, selection

    addressed = dict(asked.parameters)
    earlier, number = None, addressed.get("as_at", "").strip()
    if number.isdecimal() and len(number) < 10:
        try:
            earlier = figures.versions().select_version(int(number))
        except UnknownChoice:
            addressed.pop("as_at")
    else:
        addressed.pop("as_at", None)
    with figures.previewing(earlier) if earlier is not None else nullcontext():
        code = selection.authority_code(addressed.get("authority", ""))
        name = selection.authority_names().get(code or "")
        chosen = selection.meant(name, addressed.get("against", ""))
        first = _first(asked, addressed, chosen, picture)
        shell = _shell(asked.page, addressed, chosen)
        about = notes(text for _, text in selection.authority_notes(chosen)) if asked.page in _ABOUT else ""
    before = ""
    if earlier is not None:
        before = f'<p class="cl-first-note"><strong>Earlier figures.</strong> Data version {int(number)}.</p>'
    entry = next(each for each in PAGES if each.name == asked.page)
    title = f"{entry.title} – {PRODUCT}"
    content = (
        f'{shell}<main class="cl-first-main">{before}<h1>{html.escape(first.heading)}</h1>{about}{first.body}</main>'
        f"{_without_scripts(addressed, chosen)}"
    )
    return first, f"{chosen.authority_name} – {title}" if chosen.authority_name else title, content


# Pages with notes about the authority itself directly under their heading.
_ABOUT = frozenset({"at_a_glance", "workforce", "inspections", "report", "questions"})


def _first(asked: Asked, addressed: Mapping[str, str], chosen: Selection, picture: Picture) -> PlainPage:
    heading = HEADINGS[asked.page]
    if chosen.authority_name and asked.page in _NAMED:
        start = heading.removeprefix("Local figures: ")
        heading = f"{chosen.authority_name}: {start[0].lower()}{start[1:]}"
    make = _MAKERS.get(asked.page)
    return make(heading, addressed, chosen, asked.width, picture) if make else PlainPage(heading)


def _at_a_glance(
    heading: str, addressed: Mapping[str, str], chosen: Selection, width: Width, picture: Picture
) -> PlainPage:
    from careleavers.ui import figures
    from careleavers.views import plain_page
    from careleavers.views.at_a_glance import view

    if chosen.authority_code is None or chosen.authority_name is None:
        return _england(addressed, chosen)
    shown = figures.cached_view(
        view.build_view, chosen.authority_code, chosen.authority_name, chosen.against, chosen.region, width
    )
    return plain_page.at_a_glance(heading, shown, picture)


def _england(addressed: Mapping[str, str], chosen: Selection) -> PlainPage:
    from careleavers.ui import choices, figures
    from careleavers.views import plain_page
    from careleavers.views.england import view, words

    picked = choices.meant(addressed, None, period=False, suits=view.suits)
    kept = tuple(_shared(addressed, chosen).items())
    return plain_page.england(
        figures.cached_view(view.build_view, picked.indicator.id, picked.age_group, kept), words.FIND
    )


def _compare(
    heading: str, addressed: Mapping[str, str], chosen: Selection, width: Width, picture: Picture
) -> PlainPage:
    from careleavers.ui import choices, figures
    from careleavers.views import plain_page
    from careleavers.views.compare import view

    picked = choices.meant(addressed, chosen.authority_code)
    scope = addressed.get("show", "")
    scope = scope if chosen.authority_code and scope in {"region", "neighbours"} else "all"
    everyone = scope == "all" and addressed.get("rows") == "all"
    shown = figures.cached_view(
        view.build_view, picked.indicator.id, picked.age_group, picked.period, chosen.authority_code,
        chosen.authority_name, chosen.region,
        scope, chosen.against, everyone, width,
    )  # fmt: skip
    return _picked(plain_page.compare(heading, shown, picture), picked, width, beside=bool(chosen.authority_code))


def _map(heading: str, addressed: Mapping[str, str], chosen: Selection, width: Width, picture: Picture) -> PlainPage:
    from careleavers.ui import choices, figures
    from careleavers.views import plain_page
    from careleavers.views.map import view

    picked = choices.meant(addressed, chosen.authority_code)
    shown = figures.cached_view(
        view.build_view, picked.indicator.id, picked.age_group, picked.period, chosen.authority_code,
        chosen.authority_name, chosen.region, chosen.against, "value", width,
    )  # fmt: skip
    return _picked(plain_page.with_chart(heading, "map", shown, picture), picked, width, beside=True)


def _spread(heading: str, addressed: Mapping[str, str], chosen: Selection, width: Width, picture: Picture) -> PlainPage:
    from careleavers.ui import choices, figures
    from careleavers.views import plain_page
    from careleavers.views.spread import view

    picked = choices.meant(addressed, chosen.authority_code)
    shown = figures.cached_view(
        view.build_view, picked.indicator.id, picked.age_group, picked.period, chosen.authority_code,
        chosen.authority_name, width,
    )  # fmt: skip
    return _picked(plain_page.with_chart(heading, "funnel", shown, picture), picked, width)


def _trends(heading: str, addressed: Mapping[str, str], chosen: Selection, width: Width, picture: Picture) -> PlainPage:
    from careleavers.ui import choices, figures
    from careleavers.views import plain_page
    from careleavers.views.trends import view

    picked = choices.meant(addressed, chosen.authority_code, period=False)
    code, name = chosen.authority_code or "", chosen.authority_name or "England"
    measure = picked.indicator.id, picked.age_group
    finding = view.build_finding(figures.context(), *measure, code, name, chosen.against, chosen.region)
    shown = figures.cached_view(view.build_view, *measure, code, name, (), addressed.get("axis") != "fit", width)
    return _picked(plain_page.trends(heading, finding, shown, picture), picked, width, beside=True, field=True)


def _workforce(
    heading: str, addressed: Mapping[str, str], chosen: Selection, width: Width, picture: Picture
) -> PlainPage:
    from careleavers.ui import figures
    from careleavers.views import plain_page
    from careleavers.views.workforce import view

    shown = figures.cached_view(
        view.build_view, chosen.authority_code, chosen.authority_name, chosen.region, chosen.against, width
    )
    return plain_page.with_chart(heading, "panels", shown, picture)


def _inspections(
    heading: str, addressed: Mapping[str, str], chosen: Selection, width: Width, picture: Picture
) -> PlainPage:
    from careleavers.ui import figures
    from careleavers.views import plain_page
    from careleavers.views.inspections import view

    if not view.has_inspections(figures.context()):
        return PlainPage(heading)
    if chosen.authority_code is None or chosen.authority_name is None:
        finding, rest = figures.cached_view(view.england_judgements)
    else:
        events = figures.cached_view(view.build_events, chosen.authority_code, chosen.authority_name)
        finding, rest = events.headline, events.detail
    said = f"**{finding}.** {rest}" if finding else rest
    return PlainPage(heading, plain_page.description(said), plain_page.paragraphs(said))


def _questions(
    heading: str, addressed: Mapping[str, str], chosen: Selection, width: Width, picture: Picture
) -> PlainPage:
    from careleavers.ui import figures
    from careleavers.views import plain_page
    from careleavers.views.questions import view, words

    if chosen.authority_code is None or chosen.authority_name is None:
        return PlainPage(heading, plain_page.description(words.ABOUT), plain_page.paragraphs(words.ABOUT))
    shown = figures.cached_view(
        view.build_view, chosen.authority_code, chosen.authority_name, chosen.against, chosen.region
    )
    return plain_page.questions(shown, is_current=chosen.is_current)


def _improvement_plan(
    heading: str, addressed: Mapping[str, str], chosen: Selection, width: Width, picture: Picture
) -> PlainPage:
    from careleavers.views import plain_page
    from careleavers.views.improvement_plan.words import INTRODUCTION

    return PlainPage(heading, plain_page.description(INTRODUCTION), plain_page.paragraphs(INTRODUCTION))


def _watch_list(
    heading: str, addressed: Mapping[str, str], chosen: Selection, width: Width, picture: Picture
) -> PlainPage:
    from careleavers.views import plain_page
    from careleavers.views.watch_list.words import INTRODUCTION

    return PlainPage(heading, plain_page.description(INTRODUCTION), plain_page.paragraphs(INTRODUCTION))


# Pages that are not listed have only their heading.
_MAKERS: dict[str, Callable[[str, Mapping[str, str], Selection, Width, Picture], PlainPage]] = {
    "at_a_glance": _at_a_glance,
    "compare": _compare,
    "improvement_plan": _improvement_plan,
    "inspections": _inspections,
    "map": _map,
    "questions": _questions,
    "spread": _spread,
    "trends": _trends,
    "watch_list": _watch_list,
    "workforce": _workforce,
}


def _picked(first: PlainPage, picked: Measure, width: Width, *, beside: bool = False, field: bool = False) -> PlainPage:
    """The words with the choices of measure, age and period above them, and room for another beside them or a box under them."""
    made = {"Measure": picked.indicator.short_title}
    if len(picked.indicator.age_groups) > 1:
        made["Age"] = age_label(picked.age_group)
    if picked.period:
        made["Period"] = period_label(dt.date.fromisoformat(picked.period))
    room = '<div class="cl-first-field"></div>' if field else ""
    chosen = one_line(made.values()) if width != "wide" else fields(made, beside=beside)
    return PlainPage(first.heading, first.description, chosen + room + first.body)


def _shared(addressed: Mapping[str, str], chosen: Selection) -> dict[str, str]:
    """The shared choices as links carry them."""
    shared = {"authority": chosen.authority_name or "", "against": "", "as_at": addressed.get("as_at", "")}
    if addressed.get("against") and chosen.against != "neighbours":
        shared["against"] = AGAINST[chosen.against]
    return {key: value for key, value in shared.items() if value}


def _without_scripts(addressed: Mapping[str, str], chosen: Selection) -> str:
    """What ends a page for readers without JavaScript: every page by group, and why nothing can be chosen."""
    query = urlencode(_shared(addressed, chosen))
    groups = []
    for group, entries in groupby((each for each in PAGES if not each.for_officers), key=lambda each: each.group):
        links = ", ".join(
            f'<a href="{html.escape(f"{base_path()}/{each.name}?{query}".rstrip("?"), quote=True)}">'
            f"{html.escape(each.title)}</a>"
            for each in entries
        )
        groups.append(f"<li>{html.escape(group)}: {links}</li>" if group else f"<li>{links}</li>")
    return (
        "<noscript><style>#cl-first .cl-first-fields strong{background:none;border:0;padding:0}</style>"
        f'<nav class="cl-first-main" aria-label="Every page"><h2>Every page</h2><ul>{"".join(groups)}</ul>'
        "<p>To choose an authority, a measure or a period, turn on JavaScript and load the page again.</p></nav></noscript>"
    )


def _shell(page: str, addressed: Mapping[str, str], chosen: Selection) -> str:
    """The masthead with its links and the top bar with the shared choices, where the page will have them."""
    query = urlencode(_shared(addressed, chosen))
    links = []
    for group, entries in groupby((each for each in PAGES if not each.for_officers), key=lambda each: each.group):
        members = list(entries)
        here = ' aria-current="page"' if page in {each.name for each in members} else ""
        target = f"{base_path()}/" if members[0] is PAGES[0] else f"{base_path()}/{members[0].name}"
        address = html.escape(f"{target}{'?' if query else ''}{query}", quote=True)
        links.append(f'<a href="{address}"{here}>{html.escape(group or members[0].title)}</a>')
    made = {"Authority": chosen.authority_name or "None chosen"}
    if chosen.authority_name:
        made["Compared with"] = AGAINST[chosen.against]
    return (
        f'<header class="cl-first-mast"><strong>{PRODUCT}</strong><nav aria-label="Pages">{"".join(links)}</nav></header>'
        f'<div class="cl-first-strip">{fields(made)}</div>'
    )
