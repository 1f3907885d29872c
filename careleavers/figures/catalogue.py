"""The catalogue of indicators, and the choice of one indicator, age group and period."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping

import pandas as pd

from careleavers.charts.text import lower_first
from careleavers.errors import UnknownChoice
from careleavers.figures.warehouse import Warehouse
from careleavers.model import THEMES, Indicator
from careleavers.wording.formats import age_label, day_text, join_words

# How alike two names of authorities must be for one to be suggested for the other. Of the names spelt wrongly and the words that are
# none in tests/test_catalogue.py the least alike of the first have 0.80, the most alike of the others 0.67.
_ALIKE = 0.72
_MOST_NEAR = 3


def from_rows(frame: pd.DataFrame) -> dict[str, Indicator]:
    """Indicators by id from the rows of ``queries/indicators.sql``, in the order of the catalogue.

    Parameters
    ----------
    frame
        Rows of ``queries/indicators.sql``: one row per indicator and age group.

    Returns
    -------
    dict[str, Indicator]
    """
    found: dict[str, Indicator] = {}
    for rows in (group for _, group in frame.groupby("indicator", sort=False)):
        row = rows.iloc[0]
        text = {
            key: "" if pd.isna(row[key]) else str(row[key])
            for key in (
                "title", "short_title", "phrase", "theme", "sub_theme", "family", "unit", "polarity",
                "numerator_counts", "denominator_counts", "caveats", "source", "not_known_phrase",
            )
        }  # fmt: skip
        found[str(row["indicator"])] = Indicator(
            id=str(row["indicator"]),
            decimals=int(row["decimals"]),
            headline=row["headline"] == "yes",
            tested=row["interval"] == "wilson",
            target=row["target"] == "yes",
            age_groups=tuple(str(age) for age in rows["age_group"]),
            everyday=() if pd.isna(row["everyday"]) else tuple(str(row["everyday"]).split(";")),
            held=bool(rows["first_period"].notna().any()),
            total=bool(row["is_total"]),
            **text,
        )
    return found


def in_groups(indicators: Mapping[str, Indicator]) -> dict[str, list[Indicator]]:
    """Indicators by theme and sub-theme ("Outcomes: education and work"), each in the order of the catalogue.

    Themes come as in :data:`careleavers.model.THEMES`, and within one the sub-themes as in the catalogue.

    Parameters
    ----------
    indicators
        Indicators by id, as :func:`from_rows` makes them.

    Returns
    -------
    dict[str, list[Indicator]]
        Heading to indicators.
    """
    groups: dict[str, list[Indicator]] = {}
    for theme, name in THEMES.items():
        for indicator in indicators.values():
            if indicator.theme == theme:
                sub_theme = lower_first(indicator.sub_theme)
                groups.setdefault(f"{name}: {sub_theme}", []).append(indicator)
    return groups


def choose_indicator(indicators: dict[str, Indicator], asked: str) -> Indicator:
    """The indicator of an id.

    Parameters
    ----------
    indicators
        Indicators by id, as :func:`from_rows` makes them.
    asked
        The id asked for.

    Returns
    -------
    Indicator

    Raises
    ------
    UnknownChoice
        Where there is none; the sentence offers the nearest ids.
    """
    if asked in indicators:
        return indicators[asked]
    near = difflib.get_close_matches(asked, indicators, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise UnknownChoice(f"There is no indicator “{asked}”.{hint} “python -m careleavers indicators” lists them all.")


def choose_age_group(indicators: dict[str, Indicator], indicator: Indicator, asked: str | None) -> str:
    """The age group asked for, or the only one.

    Parameters
    ----------
    indicators
        Indicators by id, as :func:`from_rows` makes them.
    indicator
        The indicator.
    asked
        The age group asked for; None for the only one.

    Returns
    -------
    str

    Raises
    ------
    UnknownChoice
        Where the indicator has no such age group, or several and none was asked for; the sentence lists them.
    """
    if asked is None and len(indicator.age_groups) == 1:
        return indicator.age_groups[0]
    if asked in indicator.age_groups:
        return asked
    older = indicators.get(f"{indicator.id}_22_25")
    hint = f" For ages 22 to 25 see {older.id}." if older and asked in older.age_groups else ""
    wanted = f"has no age group “{asked}”" if asked else "needs an age group"
    raise UnknownChoice(f"{indicator.id} {wanted}: it has {join_words(indicator.age_groups)}.{hint}")


def choose_period(warehouse: Warehouse, indicator: Indicator, age_group: str, asked: str | None) -> dt.date:
    """The period asked for; else the newest that covers the country, or else the newest of any council's own figures.

    Parameters
    ----------
    warehouse
        The figures.
    indicator
        The indicator of the catalogue.
    age_group
        Age group in the words of the data: ``17-18``, ``22``, ``21+``, ``all``.
    asked
        The last day of the period as an ISO date; None for the newest.

    Returns
    -------
    dt.date
        The last day of the period.

    Raises
    ------
    UnknownChoice
        Where nothing is held of it; the sentence lists what is, councils' own figures included.
    """
    rows = warehouse.query("held_periods", indicator=indicator.id, age_group=age_group).dropna(subset="period_end")
    held: list[dt.date] = sorted({value.date() for value in rows["period_end"]}, reverse=True)
    if not held:
        raise UnknownChoice(f"No figures are held of {indicator.id}, {age_label(age_group)}.")
    newest = next((value.date() for value in rows.loc[rows["whole"], "period_end"]), held[0])
    if asked is None:
        return newest
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        raise UnknownChoice(f"“{asked}” is not a date like {newest.isoformat()}.") from None
    if day not in held:
        raise UnknownChoice(
            f"{indicator.id} has no figures for {day_text(day)}; it has {join_words(d.isoformat() for d in sorted(held))}."
        )
    return day


def fold_name(name: str) -> str:
    """A name in which case, accents, punctuation and the ways to write “and” and “saint” make no difference.

    Parameters
    ----------
    name
        As written.

    Returns
    -------
    str
    """
    text = unicodedata.normalize("NFKD", name).casefold()
    text = "".join(character for character in text if not unicodedata.combining(character))
    text = re.sub(r"['’`.]", "", text.replace("&", " and "))
    words = re.sub(r"[^a-z0-9]+", " ", text).split()
    return " ".join("st" if word == "saint" else word for word in words)


def near_names(asked: str, names: Iterable[str]) -> list[str]:
    """The names of authorities that may be meant: those with the word that was asked for, or else those spelt nearly so.

    Parameters
    ----------
    asked
        What was asked for, as :func:`fold_name` writes it.
    names
        All names, written likewise.

    Returns
    -------
    list of str
        Three at most, the likeliest first; none where nothing is close.

    Examples
    --------
    >>> near_names("kingston", ["kingston upon thames", "leeds"]), near_names("leedz", ["leeds"]), near_names("narnia", ["barnet"])
    (['kingston upon thames'], ['leeds'], [])
    """
    known = list(names)
    close = [name for name in known if asked in name.split()]
    return (close or difflib.get_close_matches(asked, known, n=_MOST_NEAR, cutoff=_ALIKE))[:_MOST_NEAR]


def choose_authority(warehouse: Warehouse, asked: str) -> str:
    """The authority of a name or code.

    Parameters
    ----------
    warehouse
        The figures.
    asked
        A name, a GSS code (present or former) or a three-digit code, in any case.

    Returns
    -------
    str
        Its current GSS code.

    Raises
    ------
    UnknownChoice
        Where there is none; the sentence offers the nearest names.

    Examples
    --------
    >>> choose_authority(warehouse, "leeds")
    'E08000035'
    """
    frame: pd.DataFrame = warehouse.query("authority_codes")
    wanted = asked.strip().casefold()
    match = frame[frame["code"].str.casefold() == wanted]
    if match.empty:
        names = {fold_name(name): name for name in frame["authority_name"].unique()}
        near = [names[key] for key in near_names(fold_name(asked), names)]
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise UnknownChoice(f"There is no authority “{asked}”.{hint}")
    return str(match["authority_code"].iloc[0])
