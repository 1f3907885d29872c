"""The Compare page: choices in the link, the finding in words, and a chart and table that agree."""

import json

from tests.pages.opened import check, opened
from tests.pages.opened import said_with_charts as text

EET = {"indicator": "eet", "age": "19-21", "period": "2025-03-31"}


def chart(at) -> dict:
    return json.loads(at.get("plotly_chart")[0].proto.spec)


def test_the_headline_agrees_with_the_published_figures() -> None:
    at = opened("compare", authority="Leeds", against="England", **EET)
    said = text(at)
    assert "Leeds: 46% in education, employment or training, worse than England’s 54%" in said
    assert "273 of 600" in said
    assert "Ranked 135th of 152 authorities, in the bottom quarter." in said


def test_without_an_authority_it_speaks_of_england() -> None:
    assert "England: 54% in education, employment or training, from 28% to 79% among authorities" in text(
        opened("compare", **EET)
    )


def test_the_table_is_in_the_order_of_the_ranks_and_holds_every_authority() -> None:
    at = opened("compare", authority="Leeds", **EET)
    table = at.dataframe[0].value
    assert len(table) == 153
    # The chosen authority comes first, marked; then all by rank.
    assert table.iloc[0]["Authority"] == "► Leeds"
    table = table.iloc[1:]
    ranks = table["Rank"].dropna().tolist()
    assert ranks == sorted(ranks)
    assert ranks[0] == 1
    assert table.iloc[0]["Authority"] == "Leicester"
    scilly = table[table["Authority"] == "Isles of Scilly"].iloc[0]
    assert scilly["Note"] == "Not applicable"
    # What the short notes mean stands under the table; one that is not in it does not.
    said = next(each.value for each in at.caption if each.value.startswith("Not applicable: there was nobody"))
    assert "Small group: one person more or less" in said
    assert "Joint return" not in said


def test_scopes_show_the_authority_and_its_neighbours_or_region() -> None:
    table = opened("compare", authority="Leeds", show="neighbours", **EET).dataframe[0].value
    assert len(table) == 11
    assert "► Leeds" in set(table["Authority"])
    table = opened("compare", authority="Leeds", show="region", **EET).dataframe[0].value
    assert set(table["Region"]) == {"Yorkshire and The Humber"}


def test_a_measure_with_one_age_group_and_no_test() -> None:
    at = opened("compare", authority="West Northamptonshire", indicator="caseload", show="neighbours")
    check(at)
    assert "against its neighbours’ mean of" in text(at)
    assert "one return together with another" in text(at)
    assert "better than" not in text(at)


def test_wrong_values_in_a_link_are_each_named() -> None:
    at = opened("compare", authority="Leeds", indicator="zzz", period="1999-01-01", age="5")
    said = " ".join(w.value for w in at.warning).replace("\\", "")
    for value in ("zzz", "1999-01-01", "“5”"):
        assert value in said
    check(at)


def test_neutral_measures_have_no_ranks() -> None:
    at = opened("compare", authority="Leeds", indicator="eet_22_25", age="22")
    table = at.dataframe[0].value
    assert "Rank" not in table.columns
    assert "Ranked" not in text(at)


def test_all_rows_are_drawn_on_request_and_kept_in_the_address() -> None:
    some = opened("compare", authority="Leeds", **EET)
    drawn = [
        len(next(t for t in chart(at)["data"] if t["name"] == "dots")["x"])
        for at in (some, opened("compare", authority="Leeds", rows="all", **EET))
    ]
    assert drawn[0] < 25
    assert drawn[1] == 152
    gaps = next(t for t in chart(some)["data"] if t["name"] == "gaps")["text"]
    assert sum(int(text.split()[0]) for text in gaps) == 152 - drawn[0]


def test_who_has_no_figure_is_named_under_the_chart() -> None:
    assert "No figure, so not drawn: Isles of Scilly" in text(opened("compare", authority="Leeds", **EET))


def test_suppressed_authorities_are_listed_without_a_bar() -> None:
    at = opened("compare", authority="City of London", indicator="eet", age="17-18", show="region")
    assert "(suppressed to protect privacy)" in text(at)
    table = at.dataframe[0].value
    row = table[table["Authority"] == "► City of London"].iloc[0]
    assert row.isna()["Figure (%)"]


def test_a_number_of_households_is_not_drawn_against_englands() -> None:
    at = opened("compare", authority="Kent", indicator="homelessness_duty", age="18-20", period="2025-12-31")
    check(at)
    said = text(at)
    assert "Kent: 36 households with a care leaver owed a homelessness duty" in said
    assert "quarter to 31 December 2025: neither high nor low is better. England: 1,020 in all." in said
    assert "More recorded need can mean better recording" in said
    alt = at.get("plotly_chart")[0].proto.alt
    assert "England" not in alt.partition("Dots")[2]
    table = at.dataframe[0].value
    bristol = table[table["Authority"] == "Bristol, City of"].iloc[0]
    assert bristol["Note"] == "Not available"
    essex = table[table["Authority"] == "Essex"].iloc[0]
    assert essex["Note"] == "Incomplete"
    assert any("a district sent no figures" in each.value for each in at.caption)
    assert table["Rank"].isna().all() if "Rank" in table else True


def test_a_percentage_without_counts_is_ranked_with_its_ties_and_not_tested() -> None:
    at = opened("compare", authority="Leeds", indicator="staying_put", age="19-20", period="2025-03-31")
    said = text(at)
    assert "Leeds: 29% staying put" in said
    assert "against its neighbours’ mean of 34%" in said
    assert "better than" not in said
    assert "worse than" not in said
