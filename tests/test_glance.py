"""What stands out for an authority: the rule that picks it, and the words of cards, questions and shares."""

import re

import pandas as pd
import pytest

from careleavers.figures.warehouse import Warehouse
from careleavers.views.at_a_glance import chart_words, divided, markup, words
from careleavers.views.at_a_glance.parts import Card
from careleavers.views.context import context_of
from careleavers.wording.tables import records

NOT_WORDS = re.compile(r"\bnan\b|<NA>|\bNone\b|\bNaT\b|[{}]|\bTrue\b|\bFalse\b|  |\.\.|,,| ,|; ;|· ·|missing value")
LEEDS, HAMPSHIRE, CITY, SCILLY, BARNSLEY = "E08000035", "E10000014", "E09000001", "E06000053", "E08000038"


class Glance:
    """One authority against one comparator."""

    def __init__(
        self, warehouse: Warehouse, code: str, against: str = "neighbours", region: str | None = "North"
    ) -> None:
        self.frame = warehouse.query("at_a_glance", authority=code, against=against)
        self.rows = {(row["indicator"], row["age_group"]): row for row in records(self.frame)}
        self.found = records(warehouse.query("at_a_glance_findings", authority=code, against=against))
        self.against, self.region = str(self.frame["compared_with"].iloc[0]), region

    def cards(self) -> dict[str, Card]:
        made = words.cards(self.found, self.rows, self.against, self.region, lambda row: "compare")
        return {card.kind: card for card in made}


@pytest.fixture(scope="module")
def everybody(warehouse: Warehouse) -> list[tuple[str, Glance]]:
    """Every authority against its neighbours, and some against each of the others."""
    every = list(warehouse.query("authorities").itertuples())
    asked = (
        [(a, "neighbours") for a in every] + [(a, "region") for a in every[::6]] + [(a, "england") for a in every[3::6]]
    )
    return [(a.authority_name, Glance(warehouse, a.authority_code, against, a.region)) for a, against in asked]


@pytest.mark.slow
def test_every_text_of_every_authority_is_whole(everybody) -> None:
    told = 0
    for name, glance in everybody:
        texts = [
            text
            for card in glance.cards().values()
            for line in card.lines
            for text in (line.size, line.counts, line.note, line.other_age)
        ]
        for text in texts:
            assert not NOT_WORDS.search(text), (name, text)
        told += len(texts)
    assert told > 4_000


def test_what_stands_out_has_a_finding_behind_it(everybody) -> None:
    for name, glance in everybody:
        for found in glance.found:
            row = glance.rows[found["indicator"], found["age_group"]]
            assert not pd.isna(row["value"]), name
            assert not row["base_hidden"]
            assert found["card"] == "changing" or not row["small_cohort"], name
            by_quarter = {"strong": "A", "weak": "D"}.get(found["card"])
            if found["card"] == "strong":
                assert row["verdict"] == "better" or (row["interval"] != "wilson" and row["band"] == by_quarter)
                assert not row["low_is_no_merit"]
            elif found["card"] == "weak":
                assert row["verdict"] == "worse" or (row["interval"] != "wilson" and row["band"] == by_quarter)
            elif found["card"] == "changing":
                assert row["span"] or words.trending(row)
                if row["span"]:
                    ending = words.ENDINGS[row["span"]]
                    assert row[f"change{ending}_verdict"] in {"better", "worse", "higher", "lower"}


def test_a_card_has_three_subjects_at_most_and_says_each_once(everybody) -> None:
    for _, glance in everybody:
        for card in ("strong", "weak", "changing"):
            of_card = [found for found in glance.found if found["card"] == card]
            places = sorted({found["place"] for found in of_card})
            assert places == list(range(1, len(places) + 1))
            assert len(places) <= 3
            subjects = [found["subject"] for found in of_card if found["turn"] == 1]
            assert len(subjects) == len(set(subjects)) == len(places)


def test_whatever_worsens_clearly_has_the_card_or_three_others_have_it(everybody) -> None:
    named = 0
    for name, glance in everybody:
        card = glance.cards()["changing"]
        clear = [row for row in glance.rows.values() if row["span"] and not row["base_hidden"]]
        assert bool(card.lines) == bool(clear or [row for row in glance.rows.values() if words.trending(row)]), name
        if not card.lines:
            assert card.empty == "No change over one, two or five years is more than chance would explain."
        named += len(clear)
    assert named > 500


def test_leeds_as_published(warehouse: Warehouse) -> None:
    cards = Glance(warehouse, LEEDS).cards()
    assert cards["strong"].title == "Strong compared with its neighbours"
    assert [(line.size, line.counts) for line in cards["strong"].lines] == [
        ("2.1%", "social worker vacancies"),
        ("2.1%", "agency social workers"),
        ("21%", "three or more social workers"),
    ]
    weak = {
        line.size: tuple(text.replace("\u00a0", " ") for text in (line.counts, line.note, line.other_age))
        for line in cards["weak"].lines
    }
    assert weak["14%"] == (
        "activity and accommodation not known, 19 to 21",
        "for activity neighbours’ mean 6%, 144th of 151",
        "17 to 18: 12%",
    )
    assert weak["55%"] == (
        "in education, work or training, 17 to 18",
        "neighbours’ mean 63%, 131st of 151",
        "19 to 21: 46%",
    )


def test_a_slow_fall_is_named_though_neither_year_is_clear(warehouse: Warehouse) -> None:
    """54 → 51 → 46%: more than chance over two years, and over neither of them alone."""
    glance = Glance(warehouse, LEEDS)
    eet = glance.rows["eet", "19-21"]
    assert (eet["change_verdict"], eet["change_2_verdict"], eet["span"]) == ("no_clear_change", "worse", 2)
    assert words.moved(eet) == ("54→46%", "▼ worse since 2023")
    moving = {line.size: line for line in glance.cards()["changing"].lines}
    # That more are not known is a line of its own in this card, so the figures that it may explain do not repeat it.
    assert moving["71→55%"].other_age.replace("\u00a0", " ") == "19 to 21: 54→46%, ▼ worse since 2023"
    assert moving["9→14%"].note == "▼ worse since 2024"


@pytest.mark.parametrize(
    ("moves", "span"),
    [
        # Change over one, two and five years; None where it is not clear.
        ((None, None, None), 0),
        ((-4, None, None), 1),
        ((None, -8, -9), 2),
        ((None, -8, -10), 5),
        ((-4, -4.9, -4.9), 1),
        ((-4, -5, None), 2),
        ((-4, -5, -6.3), 5),
        # The recent change is reported, not a longer one in the other direction.
        ((-4, None, 20), 1),
        ((None, 3, -20), 2),
        ((-4, 30, 60), 1),
        ((None, None, 7), 5),
    ],
)
def test_which_span_is_named(warehouse: Warehouse, moves, span) -> None:
    values = ", ".join("NULL::DOUBLE" if move is None else f"{float(move)}::DOUBLE" for move in moves)
    with warehouse._cursor() as cursor:
        assert cursor.execute(f"SELECT longest_reportable({values})").fetchone() == (span,)


def test_neighbours_that_are_not_close_decide_nothing(warehouse: Warehouse) -> None:
    for code in (CITY, SCILLY):
        glance = Glance(warehouse, code)
        assert glance.against == "england"
        assert glance.cards()["weak"].title == "Weak compared with England"


def test_nothing_that_stands_out_is_said_so(warehouse: Warehouse) -> None:
    # 25 are counted in the City of London, and 2 or 3 of each in the Isles of Scilly.
    city, scilly = (Glance(warehouse, code).cards() for code in (CITY, SCILLY))
    # Sickness absence is published without a base; the City's other workforce figures rest on 12.8 full-time posts at most.
    assert [city["strong"].lines, city["weak"].lines, scilly["strong"].lines, scilly["weak"].lines] == [(), (), (), ()]
    assert scilly["weak"].empty == "Nothing is called weak: each figure that can be compared counts too few people."


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (SCILLY, "X: too few people to say how it compares with England"),
        (LEEDS, "X against England: better on 4, similar on 2 and worse on 6 of 12 measures"),
    ],
)
def test_the_chart_of_places_draws_no_conclusion_from_a_few_people(warehouse: Warehouse, code, said) -> None:
    frame = Glance(warehouse, code, "england").frame
    assert chart_words.spine_headline(frame[frame["is_headline"]], "X", "england", None) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            LEEDS,
            "North · 600 care leavers aged 19 to 21 and 243 aged 17 to 18 in the year to March 2025 · Ofsted on care leavers: "
            "Outstanding (July 2025)",
        ),
        (
            CITY,
            "North · 25 care leavers aged 19 to 21 in the year to March 2025 (number aged 17 to 18 suppressed to protect "
            "privacy) · Ofsted on care leavers: Outstanding (September 2024)",
        ),
        (
            SCILLY,
            "North · no care leavers aged 19 to 21 and none aged 17 to 18 in the year to March 2025 · Ofsted on care leavers: "
            "Requires improvement to be good (July 2023)",
        ),
        (
            "E10000006",
            "North · 193 care leavers aged 19 to 21 and 92 aged 17 to 18 in the year to March 2023 · Ofsted on care leavers: they "
            "were not judged separately at the last full inspection (September 2022)",
        ),
    ],
)
def test_the_line_under_the_title(warehouse: Warehouse, code, said) -> None:
    runs = words.about(records(warehouse.query("at_a_glance_authority", authority=code)), "North")
    assert "".join(run.text for run in runs) == said


def test_shares_add_up_and_what_is_hidden_is_not_drawn(warehouse: Warehouse) -> None:
    glance = Glance(warehouse, LEEDS)
    frame = warehouse.query("at_a_glance_shares", authority=LEEDS, against="neighbours")
    work, home = divided.build(context_of(warehouse), frame, glance.rows, "Leeds", "neighbours", None, "wide")
    assert work.table[0] == ("Aged 19 to 21", "Leeds", "46% (273 of 600)", "41% (246 of 600)", "14% (81 of 600)")
    assert work.table[2] == ("Aged 19 to 21", "England", "54%", "40%", "6%")
    assert home.table[3] == (
        "Aged 17 to 18", "Leeds", "87% (210 of 242)", "Suppressed to protect privacy", "Suppressed to protect privacy",
    )  # fmt: skip
    assert "Leeds: 87% suitable, unsuitable and not known: suppressed to protect privacy" in home.chart.alt
    assert "n = 600 aged 19 to 21 and 243 aged 17 to 18" in work.chart.figure.layout.annotations[2].text.replace(
        "<br>", " "
    )


def test_the_table_of_shares_says_each_age_once_and_sets_counts_apart(warehouse: Warehouse) -> None:
    frame = warehouse.query("at_a_glance_shares", authority=LEEDS, against="neighbours")
    work, _ = divided.build(
        context_of(warehouse), frame, Glance(warehouse, LEEDS).rows, "Leeds", "neighbours", None, "wide"
    )
    table = markup.shares_table(work)
    assert re.findall('scope="rowgroup">([^<]+)<', table) == ["Aged 19 to 21", "Aged 17 to 18"]
    assert re.findall('scope="col">([^<]+)<', table) == ["Area", "In work or study", "Neither", "Not known"]
    assert '<th scope="row">Leeds</th><td>46% <span>273 of 600</span></td>' in table
    assert table.count("<tr>") == 1 + 2 * (1 + 3)


@pytest.mark.slow
def test_the_shares_of_every_authority_are_drawn(warehouse: Warehouse) -> None:
    for a in list(warehouse.query("authorities").itertuples())[::8]:
        glance = Glance(warehouse, a.authority_code, "region", a.region)
        frame = warehouse.query("at_a_glance_shares", authority=a.authority_code, against="region")
        for shown in divided.build(
            context_of(warehouse), frame, glance.rows, a.authority_name, "region", a.region, "narrow"
        ):
            assert not NOT_WORDS.search(shown.chart.alt), shown.chart.alt
            assert len(shown.table) == 6
