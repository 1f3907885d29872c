"""The choice of indicator, age group, period and authority."""

import datetime as dt

import pytest

from careleavers.errors import UnknownChoice
from careleavers.figures import catalogue
from careleavers.figures.warehouse import Warehouse
from tests.made_up_data import ENGLAND, figure, indicator, opened


@pytest.fixture(scope="module")
def indicators(warehouse: Warehouse) -> dict[str, catalogue.Indicator]:
    return catalogue.from_rows(warehouse.query("indicators"))


MISSPELT = {
    "Leedz": "Leeds", "Leads": "Leeds", "bradfrd": "Bradford", "Barnsly": "Barnsley", "Sheffeild": "Sheffield",
    "Birmingam": "Birmingham", "Manchestr": "Manchester", "Liverpol": "Liverpool", "Newcastel upon Tyne": "Newcastle upon Tyne",
    "Gatshead": "Gateshead", "HAMPSIRE": "Hampshire", "Hartfordshire": "Hertfordshire", "Glouchestershire": "Gloucestershire",
    "Linconshire": "Lincolnshire", "Darbyshire": "Derbyshire", "Notinghamshire": "Nottinghamshire", "Sufolk": "Suffolk",
    "Norflok": "Norfolk", "Esex": "Essex", "Kentt": "Kent", "Surry": "Surrey", "Corwall": "Cornwall", "Readng": "Reading",
    "Slouh": "Slough", "Wokinham": "Wokingham", "Towr Hamlets": "Tower Hamlets", "Hackny": "Hackney", "Islinton": "Islington",
    "Kensington & Chelsea": "Kensington and Chelsea", "Isle of White": "Isle of Wight", "Southend on sea": "Southend-on-Sea",
    "Barnett": "Barnet", "Wigann": "Wigan", "Dudly": "Dudley", "Thames": "Kingston upon Thames", "Hull": "Kingston upon Hull, City of",
    "Bedfordshire": "Central Bedfordshire",
}  # fmt: skip
NO_COUNCILS = (
    "Narnia", "Mordor", "Gotham", "Hogwarts", "Atlantis", "Wakanda", "Springfield", "Paris", "Berlin", "Edinburgh", "Glasgow",
    "Cardiff", "Belfast", "Dublin", "Wales", "Scotland", "xyzzy", "qwerty", "foobar", "banana", "council", "neighbours", "nowhere",
    "test", "Avalon", "Camelot", "Lilliput", "Metropolis", "Westeros", "Ruritania", "Bedrock", "Utopia", "everything", "",
)  # fmt: skip


def test_a_name_is_suggested_where_it_is_close_and_nowhere_else(warehouse: Warehouse) -> None:
    def told(asked: str) -> str:
        with pytest.raises(UnknownChoice) as refusal:
            catalogue.choose_authority(warehouse, asked)
        return str(refusal.value)

    assert [asked for asked, name in MISSPELT.items() if name not in told(asked)] == []
    assert [asked for asked in NO_COUNCILS if "Did you mean" in told(asked)] == []


def test_the_catalogue_is_whole(indicators) -> None:
    # Measures that only councils count have figures only once a council uploads them.
    assert [one.id for one in indicators.values() if one.held == (one.source == "local")] == []
    assert next(iter(indicators)) == "eet"
    for one in indicators.values():
        assert one.title and one.short_title and one.numerator_counts and one.caveats, one.id
        assert "{value}" in one.phrase, one.id
        assert one.theme in {"outcome", "enabler", "context"}
    assert len({one.title for one in indicators.values()}) == len(indicators)
    assert len({one.short_title for one in indicators.values()}) == len(indicators)


def test_an_indicator_has_its_age_groups_and_types(indicators) -> None:
    eet = indicators["eet"]
    assert eet.age_groups == ("17-18", "19-21")
    assert (eet.polarity, eet.unit, eet.decimals, eet.headline, eet.tested) == ("high", "percent", 0, True, True)
    assert indicators["caseload"].age_groups == ("all",)
    assert (indicators["caseload"].tested, indicators["neet"].polarity) == (False, "low")
    assert indicators["staying_put"].age_groups == ("18", "19-20")


def test_ages_22_to_25_are_apart_and_never_judged(indicators) -> None:
    older = [one for one in indicators.values() if one.id.endswith("_22_25")]
    assert len(older) == 8
    for one in older:
        assert one.age_groups == ("22", "23", "24", "25")
        assert (one.polarity, one.headline, one.theme) == ("neutral", False, "context")
    for one in indicators.values():
        if one not in older:
            assert not {"22", "23", "24", "25"} & set(one.age_groups)


def test_parts_of_a_whole_share_a_family(indicators) -> None:
    for parts in (("eet", "neet", "activity_not_known"), ("in_touch", "not_in_touch", "refuses_contact",
                  "no_longer_requires_services")):  # fmt: skip
        assert len({indicators[part].family for part in parts}) == 1


def test_choices_that_are_right(indicators, warehouse) -> None:
    eet = catalogue.choose_indicator(indicators, "eet")
    assert catalogue.choose_age_group(indicators, eet, "19-21") == "19-21"
    assert catalogue.choose_age_group(indicators, indicators["caseload"], None) == "all"
    assert catalogue.choose_period(warehouse, eet, "19-21", None) == dt.date(2025, 3, 31)
    assert catalogue.choose_period(warehouse, eet, "19-21", "2018-03-31") == dt.date(2018, 3, 31)
    assert catalogue.choose_authority(warehouse, "dorset") == "E06000059"
    assert catalogue.choose_authority(warehouse, "Dorset (to 2019)") == "E10000009"
    assert catalogue.choose_authority(warehouse, "E08000019") == "E08000039"


@pytest.mark.parametrize("asked", ["", "   ", "=1+1", "x" * 5000, "💥", "\x00"])
def test_any_wrong_text_is_an_unknown_choice(indicators, warehouse, asked) -> None:
    with pytest.raises(UnknownChoice):
        catalogue.choose_indicator(indicators, asked)
    with pytest.raises(UnknownChoice):
        catalogue.choose_age_group(indicators, indicators["eet"], asked)
    with pytest.raises(UnknownChoice):
        catalogue.choose_period(warehouse, indicators["eet"], "19-21", asked)
    with pytest.raises(UnknownChoice):
        catalogue.choose_authority(warehouse, asked)


def test_an_indicator_without_figures_says_so(tmp_path) -> None:
    rows = [figure(1, 10, 20), figure(ENGLAND, 500, 1000)]
    warehouse = opened(tmp_path, rows, indicators=[indicator("up"), indicator("empty", age_groups="17-18")])
    found = catalogue.from_rows(warehouse.query("indicators"))
    with pytest.raises(UnknownChoice, match="No figures are held of empty"):
        catalogue.choose_period(warehouse, found["empty"], "17-18", None)


def test_codes_and_names_lead_to_one_authority_each(warehouse) -> None:
    codes = warehouse.query("authority_codes")
    assert not codes["code"].str.casefold().duplicated().any()
    assert codes["authority_code"].nunique() == 158
