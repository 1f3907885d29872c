"""The settings of a pack: what is written is read again, and nothing else is."""

import base64
import json
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.packs import model
from careleavers.packs.model import PackSettings, Section, WrongPack

LEEDS = "E08000035"
TEXT = st.text(max_size=60)
SECTIONS = st.builds(
    Section,
    kind=st.sampled_from(["summary", "measure", "unknown_kind"]),
    indicator=st.sampled_from(["", "eet", "neet"]),
    age_group=st.sampled_from(["", "17-18", "19-21", "21+"]),
    commentary=TEXT,
    officer=TEXT,
)
SETTINGS = st.builds(
    PackSettings,
    authority=st.just(LEEDS),
    against=st.sampled_from(["neighbours", "region", "england"]),
    sections=st.lists(SECTIONS, max_size=6).map(tuple),
    title=TEXT,
    template=st.sampled_from(["annual", "Our own"]),
    committee=TEXT,
    meeting=st.sampled_from(["", "2026-12-01"]),
    classification=TEXT,
    taken=st.lists(st.sampled_from(["unknown.eet", "worse-19-21"]), max_size=2, unique=True).map(tuple),
).map(model.checked)


@given(SETTINGS)
def test_json_brings_back_what_it_was_made_of(settings: PackSettings) -> None:
    assert model.from_json(model.to_json(settings)) == settings


@given(SETTINGS)
def test_a_link_brings_back_what_it_was_made_of(settings: PackSettings) -> None:
    assert model.from_link(model.to_link(settings), LEEDS, settings.against) == settings


@given(st.text(max_size=80))
def test_any_other_link_is_refused_in_words(link: str) -> None:
    with pytest.raises(WrongPack, match=r"\.$"):
        model.from_link(link, LEEDS, "england")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda x: st.lists(x, max_size=4)))
def test_any_other_list_in_a_link_is_refused_in_words(found: object) -> None:
    packed = base64.urlsafe_b64encode(zlib.compress(json.dumps([1, found]).encode())).decode().rstrip("=")
    with suppress(WrongPack):
        model.from_link(packed, LEEDS, "england")


def test_a_link_that_unpacks_to_far_more_is_refused() -> None:
    packed = base64.urlsafe_b64encode(zlib.compress(b"[" + b" " * 3_000_000 + b"1]", 9)).decode().rstrip("=")
    assert len(packed) < model.LONGEST_LINK
    with pytest.raises(WrongPack):
        model.from_link(packed, LEEDS, "england")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"surprise": "x"}, "not known: surprise"),
        ({"pack": 2}, "version"),
        ({"title": 3}, "no text"),
        ({"sections": "summary"}, "no list"),
        ({"sections": [{"kind": "summary", "colour": "red"}]}, "section"),
        ({"sections": [{"kind": "../etc"}]}, "section"),
        ({"sections": [{"kind": "summary"}] * 41}, "41 sections"),
        ({"meeting": "next week"}, "date"),
        ({"authority": "Leeds"}, "code"),
        ({"against": "everybody"}, "comparator"),
        ({"taken": ["a b"]}, "question"),
    ],
)
def test_json_with_something_else_in_it_is_refused(change: dict[str, object], words: str) -> None:
    good = json.loads(model.to_json(PackSettings(LEEDS)))
    with pytest.raises(WrongPack, match=words):
        model.from_json(json.dumps(good | change))


def test_texts_are_cleaned() -> None:
    told = Section("summary", commentary="One.\r\n\x07Two.\u202e", officer="  Ann\n Ames ")
    settings = model.checked(PackSettings(LEEDS, sections=(told,), title="A\tb " + "x" * 500))
    assert settings.sections[0].commentary == "One.\nTwo."
    assert settings.sections[0].officer == "Ann Ames"
    assert len(settings.title) == model.LONGEST["title"]


def test_a_pack_with_too_much_text_has_no_link() -> None:
    words = " ".join(str(number * 7919) for number in range(4000))
    sections = tuple(Section("summary", commentary=words[start : start + 4000]) for start in range(0, 20000, 4000))
    assert model.to_link(PackSettings(LEEDS, sections=sections)) == ""
