"""What is said about a measure, a term and a source: rows of ``definitions``, ``glossary`` and ``sources``, as Markdown."""

from __future__ import annotations

from typing import Any

from careleavers.model import ATTRIBUTION, LICENCE_NAME, THEMES
from careleavers.wording import releases
from careleavers.wording.formats import UNIT_WORDS, Row, age_label, day_text, missing, published_text

THEME_CHOICES = {"all": "All"} | THEMES
THEME_INTRODUCTIONS = {
    "outcome": "How young people who have left care are doing.",
    "enabler": "What helps young people do well: a stable workforce and a stable childhood in care.",
    "context": "What to know when reading the rest. Nothing here is called better or worse.",
}
GLOSSARY_HEADINGS = {"words": "Words", "marks": "Marks", "rules": "Rules"}
PARTS = ("Measures", "Rules", "Words and marks", "Data and licence")

RULES = "Each figure, rank and word on the other pages is worked out by these rules, the same way everywhere."
NOT_FOUND = (
    "Nothing here has those words. Try one word, such as “work”, “foster”, “agency” or “rank”; "
    "or clear the search to see everything."
)
NO_SUCH_MEASURE = "The link asked for a measure that is not one of these, so all of them are shown."
_LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
LICENCE = (
    f"{ATTRIBUTION} "
    "The annual figures are official statistics, as their publishers released them, under the "
    f"[{LICENCE_NAME}]({_LICENCE_URL}). "
    "You may copy, adapt and publish them, and charts made from them, if you name the source. Local figures are not "
    "official statistics: councils upload them as their own, they may change, and they are kept apart from the annual "
    "ones wherever they are shown."
)

_POLARITY = {
    "high": "Higher is better.",
    "low": "Lower is better.",
    "neutral": "Neither: a high or a low figure is not better in itself.",
}
_EVERY = {"year": "Every year.", "quarter": "Every quarter."}


def ages(age_groups: str) -> str:
    """Say which ages a measure is shown for.

    Parameters
    ----------
    age_groups
        The catalogue's ``age_groups``: ``17-18;19-21``, or ``all``.

    Returns
    -------
    str
        ``17 to 18; 19 to 21``, or that it is not shown by age.
    """
    if age_groups == "all":
        return "Not shown by age."
    return "; ".join(age_label(group) for group in age_groups.split(";"))


def years_held(row: Row) -> str:
    """Say which years a measure (a row of ``definitions``) is held for: ``31 March 2018 to 31 March 2024``.

    Parameters
    ----------
    row
        A row of ``queries/definitions.sql``.

    Returns
    -------
    str
    """
    first, last = row["first_period"], row["latest_period"]
    if missing(first) or missing(last):
        return "Not held yet. Councils count this themselves: it is held when one of them uploads it."
    if first == last:
        return f"{day_text(last)} only"
    return f"{day_text(first)} to {day_text(last)}"


def provenance(row: Row) -> str:
    """Publication, publisher, release and its date of a measure (a row of ``definitions``), as one line of Markdown.

    Parameters
    ----------
    row
        A row of ``queries/definitions.sql``.

    Returns
    -------
    str
    """
    if row["source"] == "local":
        return "Councils’ own figures, as each of them uploads them"
    if missing(row["source_title"]):
        return "No release is held yet."
    parts = [_linked(row["source_title"], row["url"]), str(row["publisher"]), f"{row['release']} release"]
    if _has_text(row["published"]):
        parts.append(published_text(row["published"]))
    return ", ".join(parts)


def measure_text(row: Row, due: Row) -> str:
    """Everything there is to say about one measure.

    Parameters
    ----------
    row
        The measure: a row of ``queries/definitions.sql``.
    due
        Its row of ``queries/releases_due.sql``.

    Returns
    -------
    str
        Markdown: the definition, the caveats, and a list of facts.
    """
    facts = [("Counted", f"{row['numerator_counts']}.")]
    if _has_text(row["denominator_counts"]):
        facts.append(("Out of", f"{row['denominator_counts']}."))
    facts += [
        ("Which way is better", _POLARITY[str(row["polarity"])]),
        ("Shown as", f"{UNIT_WORDS[str(row['unit'])]}."),
        ("Ages", ages(str(row["age_groups"]))),
        ("Figures held", years_held(row)),
        ("Source", provenance(row)),
        ("Comes out", _EVERY[str(row["published_every"])]),
        ("Next release", f"{releases.next_release(due)}."),
        ("Collected in", str(row["statutory_return"])),
    ]
    listed = "\n".join(f"- **{label}:** {text}" for label, text in facts)
    return f"{row['definition']}\n\n**Take care.** {row['caveats']}\n\n{listed}"


def term_text(row: Row) -> str:
    """A term of the glossary and its meaning, as Markdown.

    Parameters
    ----------
    row
        A row of ``queries/glossary.sql``.

    Returns
    -------
    str
    """
    return f"**{row['term']}**  \n{row['meaning']}"


def source_text(row: Row) -> str:
    """A publication, what it covers and its terms, as Markdown.

    Parameters
    ----------
    row
        A row of ``queries/sources.sql``.

    Returns
    -------
    str
    """
    release = f"{row['release']} release, {published_text(row['published'])}"
    if _has_text(row["older"]):
        release += f"; earlier years come from {row['older']}"
    return (
        f"**{_linked(row['title'], row['url'])}**  \n{row['publisher']}. {release}.\n\n"
        f"- **Covers:** {row['covers']}\n"
        f"- **Rounding:** {row['rounding']}\n"
        f"- **Next release:** {row['next_release'] if _has_text(row['next_release']) else 'not known'}\n"
        f"- **Licence:** {row['licence']}"
    )


def _has_text(value: Any) -> bool:
    """Whether a cell says anything."""
    return not missing(value) and value != ""


def _linked(title: Any, url: Any) -> str:
    return f"[{title}]({url})" if _has_text(url) else str(title)
