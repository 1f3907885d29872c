"""Packs that officers save: versions, who may open them, the council's own templates, and the command that makes one."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from streamlit.testing.v1 import AppTest

from careleavers import pictures
from careleavers.access.people import NOBODY
from careleavers.cli import commands
from careleavers.figures.warehouse import Warehouse
from careleavers.packs import build, kept, model
from careleavers.packs.blocks import Bullets
from careleavers.packs.model import Section
from careleavers.store import DocumentChanged
from careleavers.views.commentary import view as commentary
from careleavers.views.commentary.view import FigureKey
from careleavers.views.context import context_of
from careleavers.views.improvement_plan import keeping as improvement_plan
from careleavers.views.keeping import save
from careleavers.views.watch_list import keeping as watch_list
from tests.packs.looks import LOGO, template
from tests.upload_service import ANN, LEEDS, LOU, YAN, Council, open_pages, page, said


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "available", lambda: False)


@pytest.fixture
def council(tmp_path: Path, warehouse: Warehouse) -> Iterator[Council]:
    with open_pages(tmp_path, warehouse) as made:
        yield made


def pack(*words: str) -> model.PackSettings:
    sections = tuple(Section("summary", commentary=text) for text in words)
    return model.PackSettings(LEEDS, sections=sections, template="quarterly")


def click(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def test_an_officer_saves_a_pack_and_others_open_what_is_public(council: Council) -> None:
    at = page("report", ANN, authority="Leeds", template="inspection")
    at.text_input(key="_save_name").set_value("Scrutiny, December").run()
    click(at, "Save the pack")
    assert "Saved “Scrutiny, December” as version 1." in said(at)
    # For officers of Leeds only.
    assert kept.find(council.store.documents, LEEDS, "Scrutiny, December", NOBODY) is None
    assert "No pack is saved" in said(page("report", YAN, authority="Leeds"))
    assert not page("report", YAN, authority="Leeds").text_input(key="_pack_title").disabled
    at.checkbox(key="_save_public").check().run()
    click(at, "Save the pack")
    assert "as version 2" in said(at)
    shown = page("report", None, authority="Leeds", saved="Scrutiny, December")
    assert "inspection follow-up" in said(shown)
    assert not shown.exception
    assert all(button.label != "Save the pack" for button in shown.button)


def test_a_pack_that_may_not_be_opened_is_as_if_it_were_not_there(council: Council) -> None:
    kept.save(council.store.documents, "Secret", pack("For officers."), ANN, public=False)
    shown = page("report", None, authority="Leeds", saved="Secret")
    assert "For officers." not in said(shown)
    assert "not one we know" in said(shown)
    assert "For officers." in said(page("report", LOU, authority="Leeds", saved="Secret"))


def test_who_saves_over_another_is_told(council: Council) -> None:
    documents = council.store.documents
    first = kept.save(documents, "Pack", pack("One."), ANN, public=True)
    kept.save(documents, "Pack", pack("Two."), LOU, public=True, expected=first.version)
    with pytest.raises(DocumentChanged):
        kept.save(documents, "Pack", pack("Three."), ANN, public=True, expected=first.version)
    found = kept.find(documents, LEEDS, "Pack", NOBODY)
    assert found is not None
    assert kept.settings_of(found) == pack("Two.")
    assert [each.name for each in documents.history(found.document, ANN)] == ["Lou Lee", "Ann Ames"]


def test_another_officers_pack_is_not_saved_over_unseen(council: Council) -> None:
    kept.save(council.store.documents, "Pack", pack("Of Lou."), LOU, public=True)
    at = page("report", ANN, authority="Leeds", template="inspection")
    at.text_input(key="_save_name").set_value("Pack").run()
    click(at, "Save the pack")
    assert "There is a pack called “Pack” already" in said(at)
    found = kept.find(council.store.documents, LEEDS, "Pack", ANN)
    assert found is not None
    assert found.version == 1


def test_texts_for_officers_only_stay_out_of_the_address(council: Council) -> None:
    kept.save(council.store.documents, "Secret", pack("Between us."), ANN, public=False)
    at = page("report", ANN, authority="Leeds", saved="Secret")
    assert "Between us." in said(at)
    assert at.query_params["saved"] in ("Secret", ["Secret"])
    assert "pack" not in at.query_params
    assert "officers only" in said(at)
    at.text_input(key="_pack_title").set_value("Another title").run()
    assert "pack" not in at.query_params
    assert "not in the address" in said(at)


def test_names_and_small_numbers_are_asked_about_before_everybody_may_open_a_pack(council: Council) -> None:
    kept.save(council.store.documents, "Pack", pack("Three of them are in custody."), ANN, public=False)
    at = page("report", ANN, authority="Leeds", saved="Pack")
    at.checkbox(key="_save_public").check().run()
    click(at, "Save the pack")
    assert "not saved yet" in said(at)
    assert kept.find(council.store.documents, LEEDS, "Pack", NOBODY) is None
    at.checkbox(key="_save_confirmed").check().run()
    click(at, "Save the pack")
    assert "as version 2" in said(at)


@pytest.mark.parametrize("name", ["", "  ", "annual", "Quarterly scorecard"])
def test_a_pack_needs_a_name_of_its_own(council: Council, name: str) -> None:
    with pytest.raises(model.WrongPack):
        kept.save(council.store.documents, name, pack(), ANN, public=True)


def test_a_council_has_its_own_template_with_logo_and_styles(council: Council) -> None:
    documents = council.store.documents
    kept.save_template(documents, "Our way", pack("Not for the template."), ANN, logo=LOGO, word=template())
    held = kept.find(documents, LEEDS, "Our way", NOBODY, "pack_template")
    assert held is not None
    assert kept.settings_of(held).sections == (Section("summary"),)
    look = kept.look(documents, held, NOBODY, "Leeds")
    assert b"<rect" in look.logo
    assert look.styles is not None
    assert b"Georgia" in look.styles["word/styles.xml"]
    at = page("report", None, authority="Leeds", template="Our way")
    assert at.selectbox(key="template").value == "Our way"
    assert "Care leavers in Leeds: Our way" in said(at)
    # Other councils have theirs.
    assert "Our way" not in at.selectbox(key="template").set_value("annual").run().session_state
    assert page("report", None, authority="York", template="Our way").selectbox(key="template").value == "annual"


def test_the_command_makes_a_saved_pack_and_refuses_what_is_not_there(
    council: Council,
    tmp_path: Path,
    warehouse: Warehouse,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept.save(council.store.documents, "Pack", pack("Said by Leeds."), ANN, public=True)
    kept.save(council.store.documents, "Secret", pack(), ANN, public=False)
    monkeypatch.setenv("STORE_URL", str(tmp_path / "uploads.duckdb"))
    out = tmp_path / "pack.docx"
    make = ["pack", "Pack", "--authority", "Leeds", "--out", str(out)]
    assert commands.main(make) == 0
    assert out.read_bytes()[:2] == b"PK"
    assert commands.main([*make, "--against", "england", "--address", "https://x.example/"]) == 0
    assert "https://x.example/report?authority=Leeds&as_at=0&against=England&template=quarterly&saved=Pack" in "".join(
        each.text for each in Document(io.BytesIO(out.read_bytes())).paragraphs
    )
    assert commands.main(["pack", "Secret", "--authority", "Leeds", "--out", str(out)]) == 1
    assert "There is no pack or template “Secret” of Leeds" in capsys.readouterr().err


def test_what_everybody_may_read_goes_into_a_pack_and_nothing_else(council: Council, warehouse: Warehouse) -> None:
    documents = council.store.documents
    figure, hidden = "eet/19-21/2025-03-31/published", "in_touch/19-21/2024-03-31/published"
    documents.save("commentary", LEEDS, figure, commentary.content("A hub opened."), ANN, public=True)
    documents.save("commentary", LEEDS, hidden, commentary.content("Between us."), ANN, public=False)
    target = {
        "indicator": "eet", "age_group": "19-21", "kind": "local", "target": 50.0, "tolerance": 2.0,
        "direction": "at_least", "note": "",
    }  # fmt: skip
    save(documents, watch_list.WATCH_LIST, LEEDS, watch_list.list_content([target], None), ANN, public=True, expected=0)
    plan_rows = "action_id,inspection,recommendation,action,owner,original_due,due,rag,progress,as_at\n" + (
        "1,July 2025,Homes,Open a hub,Ann Ames,2025-10-01,2026-01-01,red,No building yet,2025-12-01\n"
    )
    checked = improvement_plan.check_plan(
        plan_rows.encode(), "plan.csv", council.service.reference(), council.service.places(), dt.date(2026, 1, 15), 5
    )
    content = improvement_plan.plan_content(checked, confirmed=True)
    save(documents, improvement_plan.PLAN, LEEDS, content, ANN, public=True, expected=0)
    context = context_of(warehouse, dt.date(2026, 1, 15))
    kinds = (Section("measure", "eet", "19-21"), Section("measure", "in_touch", "19-21"), Section("watch_list"))
    settings = model.PackSettings(LEEDS, sections=(*kinds, Section("improvement_plan"), Section("questions")))
    subject = build.Subject(LEEDS, "Leeds", "Yorkshire and The Humber")
    made = build.build_pack(context, settings, subject, documents=documents)
    said = repr(made.blocks())
    assert "A hub opened." in said
    assert "Leeds: the council’s own words" in said
    assert "Between us." not in said
    assert "missed" in said
    assert "Open a hub" in said
    assert "No building yet" in said
    # What is written elsewhere changes no data version, and yet the file.
    watched = model.PackSettings(LEEDS, sections=(Section("watch_list"),))
    with_it, without = (build.build_pack(context, watched, subject, documents=held) for held in (documents, None))
    assert with_it.key != without.key
    asked = next(block for heading, parts in made.parts if heading.startswith("Questions") for block in parts[0].blocks)
    assert isinstance(asked, Bullets)
    assert asked.numbered


def test_a_comment_stands_once_with_its_figure_in_every_kind_of_section(council: Council, warehouse: Warehouse) -> None:
    council.accept()
    documents = council.store.documents
    for figure, text in (
        (FigureKey("eet", "19-21", "2025-03-31"), "About work."),
        (FigureKey("caseload", "all", "2025-09-30"), "About caseload."),
        (FigureKey("eet", "19-21", "2025-09-30", "quarter"), "About the quarter."),
        (FigureKey("suitable_accommodation", "17-18", "2025-03-31"), "About homes."),
    ):
        documents.save("commentary", LEEDS, figure.key, commentary.content(text), ANN, public=True)
    context = context_of(council.versions.newest(), dt.date(2026, 1, 15))
    subject = build.Subject(LEEDS, "Leeds", "Yorkshire and The Humber")

    def said_in(*sections: Section) -> str:
        return repr(
            build.build_pack(
                context, model.PackSettings(LEEDS, sections=sections), subject, documents=documents
            ).blocks()
        )

    measure = Section("measure", "eet", "19-21")
    whole = said_in(Section("scorecard"), Section("shares"), measure, Section("workforce"), Section("local_quarters"))
    for text in ("About work.", "About caseload.", "About the quarter.", "About homes."):
        assert whole.count(text) == 1, text
    assert "council’s own words. Cases per social worker" in whole
    # Without sections of their own they stand with the overview.
    overview = said_in(Section("summary"))
    assert "About caseload." in overview
    assert "About the quarter." not in overview
    assert "About homes." in said_in(Section("measure_in_depth", "suitable_accommodation", "19-21"))
