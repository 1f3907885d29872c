"""What the search finds: an index of measures, authorities and pages, made once a version, and the ranking of matches.

Words are matched whole, by their beginning (what is typed is often half a word) and, where a word is in no name at all, by
the nearest that is: a slip of the fingers.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from careleavers.figures import catalogue
from careleavers.model import Indicator, plain_name
from careleavers.views.context import Context
from careleavers.views.search import words
from careleavers.wording.formats import age_label

Kind = Literal["measure", "authority", "page"]

MOST = 8
# Longer searches are cut: nobody needs them, and each word costs time.
_LONGEST, _MOST_WORDS, _MOST_IN_A_NAME = 100, 12, 6
# Pages that can show any published measure, and the two that the search offers where no page is named.
_SHOW_MEASURES = ("compare", "trends", "spread", "map", "inspections")
_SHOWN_ON = ("compare", "trends")
# Pages about one authority, offered with it.
_ABOUT_AUTHORITY = ("at_a_glance", "trends", "inspections", "workforce")
# How similar two words must be for one to count as a misspelling of the other: about one letter in four may differ.
_SLIP = 0.74
# A match must cover half of the search; results far behind the best are dropped.
_ENOUGH, _BEHIND = 0.5, 0.3
_BEGINS = 0.85
_OLDER = "_22_25"


@dataclass(frozen=True)
class PageLink:
    """A page that can be found.

    Attributes
    ----------
    name, title
        Its name in the address, and what it is called.
    everyday
        What people call it.
    """

    name: str
    title: str
    everyday: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """One thing found.

    Attributes
    ----------
    kind
        What it is.
    label
        What it is called: a measure with the authority and age, an authority, or a page.
    page, page_title
        The page that shows it.
    choices
        What the address says to show it: ``authority`` by name, ``indicator`` and ``age`` by code.
    """

    kind: Kind
    label: str
    page: str
    page_title: str
    choices: Mapping[str, str]


@dataclass(frozen=True)
class _Authority:
    code: str
    name: str
    # The name by which it was found, if that is not its own; else "".
    found_as: str = ""

    @property
    def label(self) -> str:
        return f"{self.name} ({self.found_as})" if self.found_as else self.name


@dataclass(frozen=True)
class _Named:
    """Something with names: each as the words that tell it apart."""

    phrases: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Index:
    """Everything that can be found in one version of the figures.

    Attributes
    ----------
    measures
        The measures by their id.
    pages
        The pages by their name.
    local
        Authority code and measure, for measures of which a council itself gives figures.
    names
        Authorities by the words of a name, a former name or a code.
    named
        What measures and pages are called.
    weights
        How much a word tells: 1 plus the logarithm of how many measures and pages there are for each that has it
        (inverse document frequency).
    name_vocabulary
        The words of all names of authorities.
    vocabulary
        Every word that is known, in order; slips are mended from it.
    """

    measures: Mapping[str, Indicator]
    pages: Mapping[str, PageLink]
    local: frozenset[tuple[str, str]]
    names: Mapping[tuple[str, ...], tuple[_Authority, ...]]
    named: Mapping[str, _Named]
    weights: Mapping[str, float]
    name_vocabulary: frozenset[str]
    vocabulary: tuple[str, ...] = field(repr=False, default=())


def build_index(context: Context, pages: tuple[PageLink, ...]) -> Index:
    """The index of one version of the figures.

    Parameters
    ----------
    context
        What it is made from. Measures that councils added are in it where this version shows them to everybody.
    pages
        The pages that the visitor may open.

    Returns
    -------
    Index
    """
    measures = catalogue.from_rows(context.query("indicators"))
    names: dict[tuple[str, ...], dict[str, _Authority]] = defaultdict(dict)
    held = context.query("authorities")
    codes = dict(zip(held["authority_name"], held["authority_code"], strict=True))
    after = dict(zip(held["authority_code"], held["successors"], strict=True))
    for row in context.query("search_names").to_dict("records"):
        key = words.name_words(str(row["name"]))
        own = row["kind"] in {"name", "code", "other_name"}
        code, called = str(row["authority_code"]), str(row["name"])
        hits = [_Authority(code, str(row["authority_name"]), "" if own else called)]
        if not row["is_current"]:
            # The name of an abolished authority leads to its successors, and to its own figures.
            called = plain_name(str(row["authority_name"]))
            hits[:0] = [_Authority(str(codes[name]), str(name), called) for name in after[code]]
        # Current authorities come first, so one that has this name ranks before the successors of a former one.
        for each in {key, ("".join(key),)} if key else ():
            for hit in hits:
                names[each].setdefault(hit.code, hit)
    named = {
        f"measure:{one.id}": _phrases([one.short_title, one.title, one.id.replace("_", " "), *one.everyday])
        for one in measures.values()
    }
    named |= {f"page:{page.name}": _phrases([page.title, *page.everyday]) for page in pages}
    counts = Counter(
        word for one in named.values() for word in frozenset(word for phrase in one.phrases for word in phrase)
    )
    name_vocabulary = frozenset(word for key in names for word in key)
    return Index(
        measures=measures,
        pages={page.name: page for page in pages},
        local=frozenset(context.query("search_local").itertuples(index=False, name=None)),
        names={key: tuple(found.values()) for key, found in names.items()},
        named=named,
        weights={word: 1 + math.log(len(named) / count) for word, count in counts.items()},
        name_vocabulary=name_vocabulary,
        vocabulary=tuple(sorted(name_vocabulary | counts.keys())),
    )


def _phrases(texts: Iterable[str]) -> _Named:
    parted = [tuple(words.telling(words.split(text))) for text in texts]
    run_together = [("".join(phrase),) for phrase in parted if 1 < len(phrase) <= 3]
    return _Named(tuple(dict.fromkeys(phrase for phrase in (*parted, *run_together) if phrase)))


def find(index: Index, text: str, *, age: str = "") -> tuple[Result, ...]:
    """What is meant by some words.

    Parameters
    ----------
    index
        Everything that can be found.
    text
        What was typed.
    age
        The age group that is looked at now; kept where the words name no other and the measure has it.

    Returns
    -------
    tuple[Result, ...]
        The best first, eight at most; empty where nothing is meant.
    """
    said_age, rest = words.ages_said(text[:_LONGEST])
    asked = [_mended(index, word) for word in words.split(rest)[:_MOST_WORDS]]
    authorities, left = _authorities(index, asked)
    found: list[Result] = []
    if left:
        found = _subjects(index, left, authorities, said_age or age)
        if not found and not authorities:
            authorities = _beginning(index, [word for word in left if not words.is_empty(word)])
    for authority in authorities:
        found += [
            Result("authority", authority.label, page, index.pages[page].title, {"authority": authority.name})
            for page in (_ABOUT_AUTHORITY if len(authorities) == 1 and not found else _ABOUT_AUTHORITY[:1])
            if page in index.pages
        ]
    unique = {(one.page, tuple(sorted(one.choices.items()))): one for one in reversed(found)}
    return tuple(reversed(unique.values()))[:MOST]


def not_understood(index: Index, text: str) -> tuple[str, ...]:
    """The words of a search that are in no name and begin none: what is found is found without them.

    Parameters
    ----------
    index
        Everything that can be found.
    text
        What was typed.

    Returns
    -------
    tuple[str, ...]
        As :func:`careleavers.views.search.words.split` writes them, each once.
    """
    _, rest = words.ages_said(text[:_LONGEST])
    unknown = []
    for word in words.split(rest)[:_MOST_WORDS]:
        meant = _mended(index, word)
        known = words.is_empty(meant) or words.is_joining(meant) or words.singular(meant) in index.weights
        if not known and not any(each.startswith(meant) for each in index.vocabulary):
            unknown.append(word)
    return tuple(dict.fromkeys(unknown))


def _mended(index: Index, word: str) -> str:
    """A word as it is, where it is one or begins one; else the nearest that is known."""
    plain = words.singular(word)
    if len(word) < 4 or word.isdigit() or plain in index.weights or words.is_empty(word):
        return word
    if any(each.startswith(word) for each in index.vocabulary):
        return word
    near = process.extractOne(word, index.vocabulary, scorer=OSA.normalized_similarity, score_cutoff=_SLIP)
    return near[0] if near else word


def _authorities(index: Index, asked: Sequence[str]) -> tuple[list[_Authority], list[str]]:
    """The authorities that are named, and the words that are left."""
    parts = [word for word in asked if not words.is_joining(word)]
    found: list[_Authority] = []
    left: list[str] = []
    place = 0
    while place < len(parts):
        for length in range(min(_MOST_IN_A_NAME, len(parts) - place), 0, -1):
            if hits := index.names.get(tuple(parts[place : place + length])):
                found += hits
                place += length
                break
        else:
            left.append(parts[place])
            place += 1
    if found:
        return list(dict.fromkeys(found)), left
    unknown = [word for word in parts if words.singular(word) not in index.weights and not words.is_empty(word)]
    if begun := _beginning(index, unknown):
        return begun, [word for word in parts if word not in unknown]
    return [], list(asked)


def _beginning(index: Index, parts: Sequence[str]) -> list[_Authority]:
    """Authorities one of whose names has words that begin so, those first that begin so themselves."""
    if not parts or any(len(part) < 2 for part in parts):
        return []
    ranked = []
    for key, hits in index.names.items():
        if not all(any(word.startswith(part) for word in key) for part in parts):
            continue
        first = key[0].startswith(parts[0])
        if first or len(parts[0]) > 2:
            ranked += [(not first, bool(hit.found_as), hit.name, hit) for hit in hits]
    best: dict[str, _Authority] = {}
    for *_, hit in sorted(ranked, key=lambda one: one[:3]):
        best.setdefault(hit.code, hit)
    return list(best.values())[:MOST]


def _subjects(index: Index, left: Sequence[str], authorities: Sequence[_Authority], age: str) -> list[Result]:
    """The measures and pages that are meant by the words beside an authority's name."""
    asked = words.telling(list(left))
    page, rest = _page_named(index, asked)
    measures = _ranked(index, rest, "measure:") if page else []
    if page and measures:
        return [
            result
            for id_, _ in measures[:4]
            for result in _measure(index, index.measures[id_], authorities, age, (page,))
        ]
    scored = [(score, "measure", name) for name, score in _ranked(index, asked, "measure:")]
    scored += [(score, "page", name) for name, score in _ranked(index, asked, "page:")]
    best = max((score for score, _, _ in scored), default=0.0)
    found: list[Result] = []
    first = True
    for score, kind, name in sorted(scored, key=lambda one: -one[0]):
        if score < best - _BEHIND:
            break
        if kind == "page":
            place = index.pages[name]
            found += [
                Result("page", f"{place.title}: {each.label}", name, place.title, {"authority": each.name})
                for each in authorities[:2]
            ] or [Result("page", place.title, name, place.title, {})]
        else:
            shown_on = _SHOWN_ON if first else _SHOWN_ON[:1]
            found += _measure(index, index.measures[name], authorities, age, shown_on)
            first = False
    return found


def _measure(
    index: Index, measure: Indicator, authorities: Sequence[_Authority], age: str, pages: Sequence[str]
) -> list[Result]:
    """The links to one measure, for each of the authorities that were named."""
    choices = {"indicator": measure.id}
    label = measure.short_title
    if len(measure.age_groups) > 1:
        choices["age"] = age if age in measure.age_groups else measure.age_groups[-1]
        label = f"{label}, {age_label(choices['age'])}"
    found = []
    for authority in authorities[:2] or (None,):
        at = {"authority": authority.name} if authority else {}
        name = f"{label}: {authority.label}" if authority else label
        shown_on: Sequence[str] = pages
        own = choices
        if not measure.held:
            # A council's own measure is offered with that council's figures; its definition is offered to everybody.
            local = authority is not None and (authority.code, measure.id) in index.local
            shown_on = ("local_figures",) if local else ("definitions",)
            if not local:
                own, at, name = {"indicator": measure.id}, {}, measure.short_title
        found += [
            Result("measure", name, page, index.pages[page].title, {**at, **own})
            for page in shown_on
            if page in index.pages
        ]
    return found


def _page_named(index: Index, asked: Sequence[str]) -> tuple[str, list[str]]:
    """A page that shows measures and is named among other words, and those other words."""
    for name in _SHOW_MEASURES:
        if f"page:{name}" not in index.named:
            continue
        for phrase in index.named[f"page:{name}"].phrases:
            rest = [word for word in asked if word not in phrase]
            if rest and set(phrase) <= set(asked):
                return name, rest
    return "", []


def _ranked(index: Index, asked: Sequence[str], kind: str) -> list[tuple[str, float]]:
    """What of a kind is meant by some words, with a score up to about one, the best first."""
    scored: list[tuple[str, float]] = []
    older = any(word in {"22", "23", "24", "25"} for word in asked)
    for name, one in index.named.items():
        if not name.startswith(kind):
            continue
        score = max((_alike(index, asked, phrase) for phrase in one.phrases), default=0.0)
        id_ = name.removeprefix(kind)
        if score and kind == "measure:":
            measure = index.measures[id_]
            # Tie-break: headline measures first; measures that only councils hold, and older ages, last.
            score += 0.02 * measure.headline - 0.1 * (not measure.held)
            score -= 0.2 * (id_.endswith(_OLDER) and not older)
        if score >= _ENOUGH * 0.7:
            scored.append((id_, score))
    return sorted(scored, key=lambda pair: -pair[1])


def _alike(index: Index, asked: Sequence[str], phrase: Sequence[str]) -> float:
    """From 0 to 1: how much of what was asked is in a phrase, and how much of the phrase was asked."""
    heaviest = 1 + math.log(len(index.named))
    sought = matched = 0.0
    hit: set[str] = set()
    for word in asked:
        weight = index.weights.get(word, heaviest)
        sought += weight
        if word in phrase:
            matched += weight
            hit.add(word)
        elif len(word) > 1 and (begun := [each for each in phrase if each.startswith(word)]):
            matched += weight * _BEGINS
            hit.update(begun[:1])
    if not matched or matched < _ENOUGH * sought:
        return 0.0
    whole = sum(index.weights[each] for each in set(phrase))
    covered = sum(index.weights[each] for each in hit)
    return 0.7 * matched / sought + 0.3 * covered / whole
