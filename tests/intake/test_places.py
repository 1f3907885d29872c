"""Authorities as officers name them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.figures.catalogue import fold_name
from careleavers.intake.places import without_council_type
from careleavers.intake.reference import ReferenceData


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bristol", "Bristol, City of"), ("Bristol, City of", "Bristol, City of"), ("City of Bristol", "Bristol, City of"),
        ("Bristol City Council", "Bristol, City of"), ("St Helens", "St. Helens"), ("St. Helens", "St. Helens"),
        ("Saint Helens", "St. Helens"), ("St Helen's MBC", "St. Helens"),
        ("Kingston upon Hull", "Kingston upon Hull, City of"), ("Hull", "Kingston upon Hull, City of"),
        ("Hull City Council", "Kingston upon Hull, City of"), ("KINGSTON UPON HULL, CITY OF", "Kingston upon Hull, City of"),
        ("Kingston-upon-Thames", "Kingston upon Thames"), ("Leeds City Council", "Leeds"), ("City of Leeds", "Leeds"),
        ("LB Camden", "Camden"), ("LB of Camden", "Camden"), ("London Borough of Camden", "Camden"),
        ("Camden London Borough Council", "Camden"),
        ("Royal Borough of Kensington & Chelsea", "Kensington and Chelsea"), ("RBKC", "Kensington and Chelsea"),
        ("Herefordshire, County of", "Herefordshire, County of"), ("Herefordshire", "Herefordshire, County of"),
        ("BCP", "Bournemouth, Christchurch and Poole"), ("Telford & Wrekin", "Telford and Wrekin"),
        ("Durham", "County Durham"), ("County Durham", "County Durham"), ("Durham County Council", "County Durham"),
        ("Nottingham", "Nottingham"), ("Nottingham City", "Nottingham"), ("Nottinghamshire CC", "Nottinghamshire"),
        ("Derby", "Derby"), ("Derbyshire County Council", "Derbyshire"), ("York", "York"), ("North Yorkshire", "North Yorkshire"),
        ("City of London", "City of London"), ("City of London Corporation", "City of London"),
        ("City of Bradford Metropolitan District Council", "Bradford"), ("The Wirral", "Wirral"), ("Dorset", "Dorset"),
        ("Dorset (to 2019)", "Dorset (to 2019)"), ("Northamptonshire", "Northamptonshire (to 2021)"),
        ("Cumbria", "Cumbria (to 2023)"), ("Southend on Sea", "Southend-on-Sea"), ("Stoke", "Stoke-on-Trent"),
        ("Isle of Wight Council", "Isle of Wight"), ("Scilly", "Isles of Scilly"), ("  leeds ", "Leeds"),
        ("383", "Leeds"), ("383.0", "Leeds"), (" 383 ", "Leeds"), ("E08000035", "Leeds"), ("e08000035", "Leeds"),
        ("838", "Dorset"), ("835", "Dorset (to 2019)"),
    ],
)  # fmt: skip
def test_one_authority_by_many_names(known: ReferenceData, text: str, name: str) -> None:
    found = known.gazetteer.find(text)
    assert found.authority is not None, found.hint
    assert (found.authority.name, found.former_code) == (name, "")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("E08000019", "Sheffield"),
        ("E08000016", "Barnsley"),
        ("E10000002", "Buckinghamshire"),
        ("E06000048", "Northumberland"),
    ],
)
def test_a_former_code_leads_to_the_authority_of_today(known: ReferenceData, code: str, name: str) -> None:
    found = known.gazetteer.find(code)
    assert found.authority is not None
    assert (found.authority.name, found.former_code) == (name, code)
    assert found.authority.code != code


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Leed", "Did you mean Leeds?"),
        ("Bradfrd", "Did you mean Bradford?"),
        ("Kingston", "Did you mean Kingston upon Hull, City of or Kingston upon Thames?"),
        ("England", "take the row out"),
        ("London", "take the row out"),
        ("Inner London", "take the row out"),
        ("North East", "take the row out"),
        ("Total", "take the row out"),
        ("999", "No authority has the number 999"),
        ("E09999999", "No authority has this code"),
        ("Bedfordshire", "Did you mean Central Bedfordshire"),
        ("Atlantis", "such as E08000035"),
        ("x" * 100_000, "such as E08000035"),
        ("", "such as E08000035"),
    ],
)
def test_what_is_no_authority_says_what_to_do(known: ReferenceData, text: str, hint: str) -> None:
    found = known.gazetteer.find(text)
    assert found.authority is None
    assert hint in found.hint


def test_guesses_can_be_left_out(known: ReferenceData) -> None:
    assert "Did you mean" not in known.gazetteer.find("Leed", guess=False).hint


def test_every_authority_is_found_by_all_that_is_its_own(known: ReferenceData) -> None:
    for authority in known.gazetteer.authorities.values():
        kinds = (
            authority.name,
            authority.name.upper(),
            authority.code,
            authority.department_code,
            authority.name.replace(" and ", " & "),
        )
        for text in kinds:
            assert known.gazetteer.find(text).authority is authority, text
        if authority.closed is None and authority.name != "City of London":
            for text in (f"{authority.name} Council", f"{authority.name} County Council", f"{authority.name} MBC"):
                assert known.gazetteer.find(text).authority is authority, text


def test_no_name_without_its_kind_is_that_of_two(known: ReferenceData) -> None:
    held: dict[str, str] = {}
    for authority in known.gazetteer.authorities.values():
        if authority.closed is None:
            assert held.setdefault(without_council_type(authority.name), authority.code) == authority.code


def test_code_and_name_must_be_of_one_authority(known: ReferenceData) -> None:
    leeds = known.gazetteer.find("E08000035").authority
    old_dorset = known.gazetteer.find("E10000009").authority
    assert leeds is not None
    assert old_dorset is not None
    assert known.gazetteer.contradicts("Leeds City Council", leeds) is None
    assert known.gazetteer.contradicts("Team B", leeds) is None
    assert known.gazetteer.contradicts("Dorset", old_dorset) is None
    for text in ("Bradford", "Bradfrod", "380"):
        other = known.gazetteer.contradicts(text, leeds)
        assert other is not None
        assert other.name == "Bradford"
    assert known.gazetteer.contradicts("Bradfrod", leeds, guess=False) is None


def test_an_authority_knows_when_it_existed_and_what_came_after(known: ReferenceData) -> None:
    old = known.gazetteer.find("Northamptonshire").authority
    new = known.gazetteer.find("West Northamptonshire").authority
    assert old is not None
    assert new is not None
    assert old.plain_name == "Northamptonshire"
    assert old.successors == ("North Northamptonshire", "West Northamptonshire")
    assert new.predecessors == ("Northamptonshire (to 2021)",)
    assert old.closed is not None
    assert old.existed(old.closed)
    assert not new.existed(old.closed)


def test_folding() -> None:
    assert fold_name("  Saint  Hélen’s & Co. ") == "st helens and co"
    assert without_council_type("City") == "city"
    assert without_council_type("The London Borough of Hackney") == "hackney"


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_any_text_is_a_place_or_a_hint(known: ReferenceData, text: str) -> None:
    found = known.gazetteer.find(text)
    assert (found.authority is None) == bool(found.hint)
