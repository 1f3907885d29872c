"""Questions to ask: which figures call for one, in which order, with what evidence, and in whose words."""

import csv
import json
import re

import pytest

from careleavers.figures.warehouse import Warehouse
from careleavers.model import Against
from careleavers.views.context import Context, context_of
from careleavers.views.questions import view
from careleavers.views.questions.view import Question, QuestionsView
from careleavers.wording.tables import records
from tests.test_house import ROOT

LEEDS, HAMPSHIRE, CITY, SCILLY, WEST = "E08000035", "E10000014", "E09000001", "E06000053", "E06000062"
NAMES = {
    LEEDS: "Leeds",
    HAMPSHIRE: "Hampshire",
    CITY: "City of London",
    SCILLY: "Isles of Scilly",
    WEST: "West Northamptonshire",
}


def target(indicator: str, age_group: str, size: float, direction: str, **more: str | float) -> dict[str, object]:
    return {
        "indicator": indicator, "age_group": age_group, "kind": "local", "target": size, "tolerance": 0.0,
        "direction": direction, "note": "",
    } | more  # fmt: skip


# Targets that few reach.
STRICT = json.dumps(
    [
        target("eet", "19-21", 99.0, "at_least"), target("neet", "17-18", 1.0, "at_most", kind="national"),
        target("staying_put", "18", 99.0, "at_least", kind="statutory"), target("caseload", "all", 5.0, "at_most"),
        target("suitable_accommodation", "17-18", 100.0, "at_least"), target("dental_check", "all", 99.5, "at_least"),
    ]
)  # fmt: skip
NOT_WORDS = re.compile(r"\bnan\b|<NA>|\bNone\b|\bNaT\b|[{}]|\bTrue\b|\bFalse\b|  |\.\.|,,| ,|; ;| \?|missing value")
# Words that would say why something is so, or that it is somebody's fault.
CAUSES = re.compile(
    r"\bbecause\b|\bdue to\b|\bcaused?\b|\bas a result\b|\bled to\b|\bfail|\bpoor\b|\bblame", re.IGNORECASE
)


@pytest.fixture(scope="module")
def context(warehouse: Warehouse) -> Context:
    return context_of(warehouse)


@pytest.fixture(scope="module")
def everybody(warehouse: Warehouse, context: Context) -> list[QuestionsView]:
    """Authorities of every kind: each fifth of those that exist, and the five of the issue."""
    every = [row for row in records(warehouse.query("authorities")) if row["is_current"]]
    asked = [row for place, row in enumerate(every) if place % 5 == 0 or row["authority_code"] in NAMES]
    against: tuple[Against, ...] = ("neighbours", "region", "england")
    return [
        view.build_view(
            context,
            row["authority_code"],
            row["authority_name"],
            against[place % 3],
            row["region"],
            (None, STRICT)[place % 2],
        )
        for place, row in enumerate(asked)
    ]


def asked_of(context: Context, code: str, against: Against = "neighbours") -> tuple[Question, ...]:
    return view.build_view(context, code, NAMES[code], against, "North").asked


def rules() -> dict[str, dict[str, str]]:
    with (ROOT / "data" / "question_rules.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_leeds(context: Context) -> None:
    asked = asked_of(context, LEEDS)
    assert [(each.rule, each.id) for each in asked[:5]] == [
        ("not_known_longer", "not_known.not_known"),
        ("worse_since", "figure.activity"),
        ("worse_trend", "figure.three_or_more_placements"),
        ("worse", "figure.touch"),
        ("worse", "figure.accommodation"),
    ]
    assert [(each.text, each.evidence) for each in view.few(asked)] == [
        (
            "Why do we no longer know what 81 of our 600 care leavers aged 19 to 21 are doing, or where 81 live?",
            "Activity not known: 14%, 9% in 2024; neighbours’ mean 6%, 144th of 151. Aged 17 to 18: 12% (28 of 243).",
        ),
        (
            "Why are fewer of our care leavers aged 17 to 18 in education, work or training than in 2020?",
            "55% (134 of 243), 71% in 2020; neighbours’ mean 63%, 131st of 151; 12% not known.",
        ),
        (
            "Why have 201 of our 1,498 children in care lived in three or more places in a year?",
            "13% (201 of 1,498); neighbours’ mean 10%, 130th of 150. It has been rising over five years.",
        ),
    ]
    assert asked[0].neighbour == "Ask Salford: with 0% not known it does best of the close neighbours."
    assert asked[1].neighbour == "Ask Bristol: at 74% it does best of the close neighbours."
    assert asked[1].source.startswith("Year to March 2025. Children looked after in England")
    assert "indicator=eet" in asked[1].link
    # What is good comes last, and is worth learning from.
    assert [each.rule for each in asked[-3:]] == ["good"] * 3
    assert (
        asked[-3].text == "What could others learn from us, now that only 2.1% of our social worker posts are vacant?"
    )


def test_caseload_since_the_last_inspection(context: Context) -> None:
    (asked,) = [each for each in asked_of(context, LEEDS) if each.rule == "caseload_since_inspection"]
    assert asked.text.endswith("now that each has 14.8 cases on average?")
    assert (
        "It was 14.5 in September 2024, the last figure from before Ofsted’s inspection in July 2025" in asked.evidence
    )
    assert "cannot be tested for chance" in asked.evidence


@pytest.mark.slow
def test_not_known_comes_before_anything_else(context: Context, everybody) -> None:
    first, *others = asked_of(context, HAMPSHIRE)
    assert first.text == (
        "Why do we no longer know what 245 of our 371 care leavers aged 17 to 18 are doing, or where 245 live?"
    )
    assert first.evidence.startswith("Activity not known: 66%, 21% in 2020; neighbours’ mean 3%")
    # No other question is asked about the same young people: those not known could account for all of it.
    assert not any("education" in each.text or "suitable" in each.text for each in others)
    told = 0
    for shown in everybody:
        unknown = [place for place, each in enumerate(shown.asked) if each.id == "not_known.not_known"]
        assert unknown in ([], [0]), shown.title
        told += len(unknown)
    assert told > 5


@pytest.mark.slow
def test_over_a_tenth_not_known_is_always_asked_about(warehouse: Warehouse, context: Context) -> None:
    rows = [row for row in records(warehouse.query("authorities")) if row["is_current"]]
    for row in rows[1::8]:
        figures = warehouse.query("at_a_glance", authority=row["authority_code"], against="england")
        unknown = figures[~figures["is_headline"] & (figures["value"] > 10) & ~figures["base_hidden"]]
        asked = warehouse.query("questions", authority=row["authority_code"], against="england", missed=[])
        assert (len(unknown) > 0) <= ("not_known" in set(asked["topic"])), row["authority_name"]
        if len(asked) and len(unknown):
            assert asked["topic"].iloc[0] == "not_known"


def test_small_and_hidden_cohorts_are_asked_about_as_people(context: Context) -> None:
    hidden, small = asked_of(context, CITY)
    assert hidden.text.startswith(
        "How do we find out how our care leavers aged 17 to 18 are doing, where official figures are hidden"
    )
    assert hidden.evidence.startswith("Hidden to protect privacy: in education, work or training")
    # Nobody takes a figure of another year for one of the year that stands below the question.
    assert hidden.evidence.endswith("and in touch with the council (year to March 2024).")
    assert hidden.source.startswith("Year to March 2025.")
    assert "in touch with the council 92% (34 of 37), year to March 2024." in small.evidence
    assert hidden.link == ""
    assert small.text == "What do we know about each of our 25 care leavers aged 19 to 21, beyond these percentages?"
    assert "72% (18 of 25)" in small.evidence
    assert (
        "One young person more or less moves a percentage by about 4 points, so draw no conclusions" in small.evidence
    )
    assert view.few((hidden, small)) == ()
    # Two or three people are no grounds for a question about a percentage.
    assert asked_of(context, SCILLY) == ()


def test_neighbours_that_are_not_close_are_never_used(context: Context) -> None:
    for code in (CITY, SCILLY):
        shown = view.build_view(context, code, NAMES[code], "neighbours", "North")
        assert shown.compared_with == "england"
        assert "Compared with England" in shown.about
        for each in shown.asked:
            assert "neighbour" not in f"{each.text} {each.evidence} {each.others} {each.neighbour}"


def test_a_joint_return_is_said_to_be_one(context: Context) -> None:
    asked = {each.rule: each for each in asked_of(context, WEST)}
    joint = asked["joint_return"]
    assert joint.text == (
        "What do we know about our own workforce, when its figures come in one return with North Northamptonshire?"
    )
    # Turnover and absence cover a year, and are not figures of that day.
    assert joint.evidence.endswith("each figure counts the social workers of both councils.")
    assert "a joint return with North Northamptonshire" in asked["worse"].evidence


def test_accommodation_is_fine_and_touch_is_falling(context: Context) -> None:
    shown = view.build_view(context, "E08000026", "Coventry", "neighbours", "West Midlands")
    (asked,) = [each for each in shown.asked if each.rule == "touch_while_accommodation_is_fine"]
    assert "than before, when suitable housing is no worse than elsewhere?" in asked.text
    assert re.search(r"In suitable accommodation: \d+% .*(similar|better)", asked.evidence)


def test_every_question_is_whole_and_states_no_cause(everybody) -> None:
    rules_used = set()
    for shown in everybody:
        ids = [each.id for each in shown.asked]
        assert len(ids) == len(set(ids)), shown.title
        for each in shown.asked:
            rules_used.add(each.rule)
            assert re.match(r"(Why|What|How) ", each.text), each.text
            assert each.text.endswith("?")
            assert each.text.count("?") == 1
            assert each.evidence.endswith(".")
            assert re.fullmatch(r"[a-z_]+\.[\w-]+", each.id), each.id
            for text in (each.text, each.evidence, each.others, each.neighbour, each.source):
                assert not NOT_WORDS.search(text), (shown.title, text)
                assert not CAUSES.search(text), (shown.title, text)
    # Every rule of the file is of use to somebody.
    assert rules().keys() - rules_used <= {"touch_while_accommodation_is_fine"}


def test_no_rank_alone_is_asked_about_where_the_figure_is_the_comparators(context: Context, everybody) -> None:
    ranked = [question for shown in everybody for question in shown.asked if question.rule == "bottom_quarter"]
    assert len(ranked) > 20
    for question in ranked:
        own, compared = (
            re.match(r"([\d.,]+%?)", question.evidence),
            re.search(r"(?:mean|England|; [A-Z][\w ]+) ([\d.,]+%?)(?=,|\.|;)", question.evidence),
        )
        assert own is not None
        assert compared is None or own[1] != compared[1], question.evidence
    # 73 of 602 are 12.1%, and so is the neighbours' mean.
    west = view.build_view(context, WEST, NAMES[WEST], "neighbours", "East Midlands")
    assert "three_or_more_placements" not in {question.id.partition(".")[2] for question in west.asked}
    assert any(
        "three or more places" in question.text
        for question in view.build_view(context, WEST, NAMES[WEST], "england", "East Midlands").asked
    )


def test_two_figures_that_read_the_same_are_called_the_same(context: Context) -> None:
    bournemouth = view.build_view(context, "E06000058", "Bournemouth, Christchurch and Poole", "england", "South West")
    assert any(
        "40% (120 of 300), 29% in 2020; the same as England, 77th= of 151" in question.evidence
        for question in bournemouth.asked
    )
    north = view.build_view(context, "E08000022", "North Tyneside", "region", "North East")
    assert any("(16 of 194.6); the same as North East, 44th" in question.evidence for question in north.asked)


def test_the_order_is_that_of_the_rules(everybody) -> None:
    place = {name: int(rule["place"]) for name, rule in rules().items()}
    for shown in everybody:
        places = [place[each.rule] for each in shown.asked]
        assert places == sorted(places), shown.title
        assert view.few(shown.asked) == tuple(each for each in shown.asked if each.glance)[:3]
        for each in shown.asked:
            assert each.glance == (rules()[each.rule]["glance"] == "yes")


def test_the_neighbour_named_does_better_by_more_than_chance(warehouse: Warehouse) -> None:
    named = 0
    for row in records(warehouse.query("authorities"))[::16]:
        code = row["authority_code"]
        own = warehouse.query("at_a_glance", authority=code, against="neighbours").set_index(["indicator", "age_group"])
        for ask in records(warehouse.query("questions", authority=code, against="neighbours", missed=[])):
            if not isinstance(ask["best_neighbour"], str):
                continue
            named += 1
            figure = own.loc[(ask["indicator"], ask["age_group"])]
            theirs = warehouse.query(
                "compare", indicator=ask["indicator"], age_group=ask["age_group"], period=figure["period_end"].date(),
                authority=code, scope="neighbours", against="neighbours",
            ).set_index("authority_name")  # fmt: skip
            best = theirs.loc[ask["best_neighbour"]]
            assert best["closeness"] != "Not close"
            assert best["value"] == ask["best_value"]
            if figure["interval"] == "wilson":
                assert (
                    best["lower"] > figure["value"] if figure["polarity"] == "high" else best["upper"] < figure["value"]
                )
    assert named > 15


def test_without_counts_or_words_of_its_own_a_question_is_still_one(warehouse: Warehouse) -> None:
    from careleavers.views.questions import words

    glance = records(warehouse.query("at_a_glance", authority=LEEDS, against="neighbours"))
    row = next(each for each in glance if (each["indicator"], each["age_group"]) == ("in_touch", "17-18"))
    asks = records(warehouse.query("questions", authority=LEEDS, against="neighbours", missed=[]))
    ask = next(each for each in asks if each["indicator"] == "in_touch")
    assert words.question([row], [ask]) == "Why are only 196 of our 226 care leavers aged 17 to 18 in touch with us?"
    without = words.question([row | {"numerator": None}], [ask])
    assert without == "Why are only 87% of our care leavers aged 17 to 18 in touch with us?"
    unnamed = words.question(
        [row | {"short_title": "Seen by a dentist"}], [ask | {"who": None, "verb": None, "what": None}]
    )
    assert unnamed == "What lies behind our 87% for “seen by a dentist”, aged 17 to 18?"


def test_what_a_member_takes_along(context: Context) -> None:
    asked = asked_of(context, LEEDS)
    assert [each.id for each in view.taken(asked, "figure.touch, not_known.not_known,nothing.known")] == [
        "not_known.not_known",
        "figure.touch",
    ]
    assert view.taken(asked, "") == ()


def of_leeds(context: Context, *targets: dict[str, object]) -> dict[str, Question]:
    shown = view.build_view(context, LEEDS, "Leeds", "neighbours", "Yorkshire and The Humber", json.dumps(targets))
    return {each.id: each for each in shown.asked}


def test_a_target_that_is_missed_is_asked_about(context: Context) -> None:
    asked = of_leeds(
        context,
        target("staying_put", "18", 90.0, "at_least", kind="national"),
        target("vacancy_rate", "all", 1.0, "at_most", tolerance=0.5),
        target("dental_check", "all", 99.5, "at_least"),
    )
    staying = asked["figure.staying_put"]
    assert staying.rule == "missed_target"
    assert not staying.glance
    assert staying.text == (
        "Why are only 48 of our 80 young people aged 18 staying put with their former foster carers, when the national target is at least 90%?"
    )
    assert staying.evidence == (
        "60% (48 of 80); neighbours’ mean 64%, 83rd= of 126. The national target, at least 90%, is missed: 30 points too low; "
        "it would take 24 more young people."
    )
    # What is better than elsewhere may miss a target, too; and a measure that At a glance does not have.
    assert (
        asked["figure.vacancy_rate"].text
        == "Why are 2.1% of our social worker posts vacant, when our own target is at most 1%?"
    )
    assert "(tolerance 0.5 points)" in asked["figure.vacancy_rate"].evidence
    dental = asked["figure.dental_check"]
    assert dental.text.startswith("What lies behind our ")
    assert dental.evidence.endswith("more children.")
    assert "indicator=dental_check" in dental.link


def test_a_more_pressing_question_names_the_target_that_is_missed(context: Context) -> None:
    asked = of_leeds(context, target("neet", "17-18", 20.0, "at_most"), target("in_touch", "17-18", 95.0, "at_least"))
    assert asked["figure.activity"].rule == "worse_since"
    assert asked["figure.activity"].evidence.endswith(
        "Our own target for not in education, work or training, aged 17 to 18, at most 20%, is missed: 13.3 points too high; "
        "it would take 33 fewer young people."
    )
    assert "Our own target, at least 95%, is missed" in asked["figure.touch"].evidence


def test_targets_that_are_not_asked_about(context: Context) -> None:
    def rules_of(*targets: dict[str, object]) -> set[str]:
        return {each.rule for each in of_leeds(context, *targets).values()}

    assert "missed_target" in rules_of(target("staying_put", "18", 90.0, "at_least"))
    for other in (
        target("staying_put", "18", 90.0, "at_least", kind="stretch"),
        target("staying_put", "18", 60.5, "at_least", tolerance=1.0),
        target("staying_put", "18", 50.0, "at_least"),
    ):
        assert "missed_target" not in rules_of(other)
    # Of 600 aged 19 to 21 81 are not known: 45.5% may be as much as 59%, but not 70%.
    for size, told in ((50.0, False), (70.0, True)):
        evidence = of_leeds(context, target("eet", "19-21", size, "at_least"))["figure.activity"].evidence
        assert ("Our own target" in evidence) == told
    # Of a small group nothing is asked.
    small = json.dumps([target("eet", "19-21", 100.0, "at_least")])
    assert "target" not in str(view.build_view(context, CITY, "City of London", "england", "London", small).asked)


def test_a_clear_fall_is_asked_about_where_the_figure_is_still_better_than_elsewhere(context: Context) -> None:
    asked = view.build_view(context, "E06000052", "Cornwall", "neighbours", "South West").asked
    fell = next(
        each for each in asked if each.text.startswith("Why are fewer of our care leavers aged 19 to 21 in education")
    )
    assert fell.evidence.startswith("65% (143 of 221), 78% in 2023; neighbours’ mean 52%")
    # What is good at another age is not said there, and what fell is no good news.
    assert not fell.others
    assert not any("78% in 2023" in each.evidence + each.others for each in asked if each.rule == "good")
