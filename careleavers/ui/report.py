"""The pack that is put together on the Report page: kept in the session and the address, changed by callbacks, made in the workshop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from careleavers import pictures
from careleavers.errors import CareLeaversError
from careleavers.packs import build, kept, making, sections
from careleavers.packs.blocks import Pack
from careleavers.packs.model import (
    DEFAULT_TEMPLATE,
    TEMPLATES,
    PackSettings,
    Section,
    WrongPack,
    checked,
    cleaned,
    from_link,
    from_template,
    has_words,
    to_link,
)
from careleavers.packs.workshop import FILES, Job, LineFull
from careleavers.ui import access, commentary, figures, markdown, notices, selection, state
from careleavers.ui.questions import TAKEN
from careleavers.views import keeping
from careleavers.views.commentary import checks
from careleavers.views.report import words

if TYPE_CHECKING:
    from careleavers.access.people import Person
    from careleavers.store.documents import Document, Documents

KEY, SAVED = "pack", "saved"
_DRAFT, _ASKED = "_report", "_report_asked"


@dataclass(frozen=True)
class Draft:
    """The pack as it stands in a session.

    Attributes
    ----------
    settings
        What is in it.
    ids
        A number for each section, which its controls are named by.
    from_link
        Whether texts in it came with a link.
    """

    settings: PackSettings
    ids: tuple[int, ...]
    from_link: bool = False


def _draft() -> Draft:
    held: Draft = st.session_state[_DRAFT]
    return held


def _keep(settings: PackSettings, ids: tuple[int, ...] | None = None, *, linked: bool | None = None) -> None:
    held: Draft | None = st.session_state.get(_DRAFT)
    if ids is None:
        first = st.session_state.get("_report_number", 0)
        ids = tuple(range(first, first + len(settings.sections)))
        st.session_state["_report_number"] = first + len(settings.sections)
    said = (held.from_link if held else False) if linked is None else linked
    st.session_state[_DRAFT] = Draft(settings, ids, said)


def current(chosen: selection.Selection, template: str) -> Draft:
    """The pack of this run: what the address asks for, if that is new; else what the session holds; else the template's.

    Parameters
    ----------
    chosen
        The authority and the comparator of the top bar.
    template
        The template that is chosen.

    Returns
    -------
    Draft
    """
    code = str(chosen.authority_code)
    asked = st.query_params.get(KEY)
    if asked and asked != st.session_state.get(f"_{KEY}_address"):
        notices.remove(KEY)
        try:
            found = from_link(asked, code, chosen.against)
            _keep(found, linked=has_words(found))
            st.session_state["_report_template"] = template
        except WrongPack as wrong:
            notices.add(KEY, markdown.escaped(str(wrong)))
            del st.query_params[KEY]
    elif (name := st.query_params.get(SAVED)) and name != st.session_state.get(f"_{SAVED}_address"):
        notices.remove(KEY)
        open_kept(name, code)
        st.session_state["_report_template"] = template
    held: Draft | None = st.session_state.get(_DRAFT)
    if held is None or st.session_state.get("_report_template") != template:
        _keep(_with_texts_of(held, _template(chosen, template)), linked=held.from_link if held else False)
        st.session_state["_report_template"] = template
    _take_questions()
    draft = _draft()
    if (draft.settings.authority, draft.settings.against) != (code, chosen.against):
        # Texts about another authority do not stand under this one's name, and its saved packs are none of this one's.
        st.session_state.pop("_report_kept", None)
        cleared = draft.settings if draft.settings.authority == code else _without_texts(draft.settings)
        _keep(replace(cleared, authority=code, against=chosen.against), draft.ids)
    return _draft()


def _take_questions() -> None:
    """The questions that a link from the page Questions brings along, once."""
    asked = st.query_params.pop(TAKEN, None)
    if asked is None:
        return
    draft = _draft()
    try:
        settings = checked(replace(draft.settings, taken=tuple(part for part in asked.split(",") if part)))
    except WrongPack:
        return
    if not any(section.kind == "questions" for section in settings.sections):
        settings = replace(settings, sections=(*settings.sections, Section("questions")))
        _keep(settings)
    else:
        _keep(settings, draft.ids)


def templates(chosen: selection.Selection) -> dict[str, str]:
    """What a pack can begin with: the product's templates and the council's own, label by code.

    Parameters
    ----------
    chosen
        The authority of the top bar.

    Returns
    -------
    dict[str, str]
    """
    own = kept.listed(_documents(), str(chosen.authority_code), access.person(), "pack_template")
    return {**TEMPLATES, **{each.key: words.own_template(each.key) for each in own}}


def _documents() -> Documents:
    return figures.versions().store.documents


def _template(chosen: selection.Selection, template: str) -> PackSettings:
    if template not in TEMPLATES:
        own = kept.find(_documents(), str(chosen.authority_code), template, access.person(), "pack_template")
        if own is not None:
            return replace(kept.settings_of(own), against=chosen.against)
        template = DEFAULT_TEMPLATE
    carried = st.session_state.get("_carried", {})
    held = figures.indicators()
    indicator = carried.get("indicator") if carried.get("indicator") in held else "eet"
    ages = held[indicator].age_groups
    age = carried.get("age") if carried.get("age") in ages else ages[-1]
    return from_template(template, str(chosen.authority_code), chosen.against, held, (indicator, age))


def _with_texts_of(held: Draft | None, made: PackSettings) -> PackSettings:
    """A template's sections with what was written in the same sections of the pack before."""
    if held is None or held.settings.authority != made.authority:
        return made
    before = {(each.kind, each.indicator, each.age_group): each for each in held.settings.sections}
    filled = tuple(before.get((each.kind, each.indicator, each.age_group), each) for each in made.sections)
    old = held.settings
    return replace(
        made, sections=filled, committee=old.committee, meeting=old.meeting, classification=old.classification
    )


def _without_texts(settings: PackSettings) -> PackSettings:
    return replace(
        settings, title="", sections=tuple(replace(each, commentary="", officer="") for each in settings.sections)
    )


def write_address(chosen: selection.Selection, template: str) -> str:
    """Make the address hold the pack, unless it is the template's own.

    Texts of a saved pack that is for officers only stay out of it: its name opens the pack for them and for nobody else.

    Parameters
    ----------
    chosen, template
        As for :func:`current`.

    Returns
    -------
    str
        What the visitor should know of the address; "" where it holds all of the pack and may be passed on.
    """
    settings = _draft().settings
    opened: Document | None = st.session_state.get("_report_kept")
    saved = opened is not None and kept.settings_of(opened) == settings
    name = opened.key if opened is not None and (saved or not opened.public) else ""
    plain = settings == _template(chosen, template)
    link = "" if plain or name else to_link(settings)
    for key, said in ((KEY, link), (SAVED, name)):
        if said and st.query_params.get(key) != said:
            st.query_params[key] = said
        elif not said and key in st.query_params:
            del st.query_params[key]
        state.remember_address(key)
    if opened is not None and not opened.public:
        return words.OFFICERS_LINK if saved else words.OFFICERS_CHANGED
    return "" if plain or link or name else words.LONG_LINK


# ---------------------------------------------------------------- changes, as callbacks


def change(**texts: str) -> None:
    """Set texts of the pack.

    Parameters
    ----------
    **texts
        Attributes of :class:`~careleavers.packs.model.PackSettings`.
    """
    draft = _draft()
    told = {name: cleaned(text, name) if name != "meeting" else text for name, text in texts.items()}
    _keep(replace(draft.settings, **told), draft.ids)  # type: ignore[arg-type]


def take(field: str, key: str) -> None:
    """Callback of a control: set a text of the pack from it.

    Parameters
    ----------
    field
        The attribute of the settings.
    key
        The key of the control.
    """
    value: Any = st.session_state[key]
    change(**{field: value.isoformat() if isinstance(value, dt.date) else str(value or "")})


def write_section(number: int, field: str, key: str) -> None:
    """Callback of a control: set a text of a section from it.

    Parameters
    ----------
    number
        The section’s, among :attr:`Draft.ids`.
    field
        ``commentary`` or ``officer``.
    key
        The key of the control.
    """
    draft = _draft()
    if number not in draft.ids:
        return
    place = draft.ids.index(number)
    told: Any = {field: cleaned(str(st.session_state[key] or ""), field)}
    changed = list(draft.settings.sections)
    changed[place] = replace(changed[place], **told)
    _keep(replace(draft.settings, sections=tuple(changed)), draft.ids)


def move(number: int, by: int) -> None:
    """Callback: move a section up (−1) or down (1).

    Parameters
    ----------
    number
        The section’s.
    by
        How far.
    """
    draft = _draft()
    if number not in draft.ids:
        return
    place = draft.ids.index(number)
    other = place + by
    if not 0 <= other < len(draft.ids):
        return
    order = list(range(len(draft.ids)))
    order[place], order[other] = order[other], order[place]
    moved = tuple(draft.settings.sections[each] for each in order)
    _keep(replace(draft.settings, sections=moved), tuple(draft.ids[each] for each in order))


def remove(number: int) -> None:
    """Callback: take a section out.

    Parameters
    ----------
    number
        The section’s.
    """
    draft = _draft()
    kept = [place for place, each in enumerate(draft.ids) if each != number]
    left = tuple(draft.settings.sections[place] for place in kept)
    _keep(replace(draft.settings, sections=left), tuple(draft.ids[place] for place in kept))


def add() -> None:
    """Callback: add the section that is chosen, before those that close the report."""
    kind = sections.KINDS[st.session_state["_add_kind"]]
    section = Section(st.session_state["_add_kind"])
    if kind.about:
        section = replace(section, indicator=st.session_state["_add_measure"], age_group=st.session_state["_add_age"])
    draft = _draft()
    number = st.session_state.get("_report_number", 0)
    st.session_state["_report_number"] = number + 1
    place = _place_for(draft.settings, section)
    whole, ids = list(draft.settings.sections), list(draft.ids)
    whole.insert(place, section)
    ids.insert(place, number)
    _keep(replace(draft.settings, sections=tuple(whole)), tuple(ids))


def _place_for(settings: PackSettings, section: Section) -> int:
    """After the last section of the same part of the report; at the end where there is none."""
    closing = ("questions", "implications", "definitions", "data_table")
    if section.kind in closing:
        return len(settings.sections)
    places = [place for place, each in enumerate(settings.sections) if each.kind not in closing]
    return places[-1] + 1 if places else 0


def start_again() -> None:
    """Callback: the template as it is, without anything that was changed."""
    st.session_state.pop(_DRAFT, None)
    st.session_state.pop("_report_kept", None)


# ---------------------------------------------------------------- saved packs


def open_kept(name: str, code: str) -> None:
    """Take a saved pack into the session; a notice where there is none that the visitor may open.

    Parameters
    ----------
    name
        Its name.
    code
        The authority.
    """
    found = kept.find(_documents(), code, name, access.person())
    if found is None:
        notices.add_unknown(KEY, "saved pack", name, "the template")
        st.query_params.pop(SAVED, None)
        return
    _take(found)


def open_chosen(code: str) -> None:
    """Callback: take the saved pack that is chosen in the list.

    Parameters
    ----------
    code
        The authority.
    """
    open_kept(str(st.session_state["_kept_name"]), code)


def _take(found: Document) -> None:
    try:
        _keep(kept.settings_of(found), linked=False)
        st.session_state["_report_kept"] = found
    except CareLeaversError as wrong:
        notices.add(KEY, markdown.escaped(str(wrong)))


def save(who: Person) -> None:
    """Callback: keep the pack under the name that is typed, as a new version.

    Parameters
    ----------
    who
        Who saves it; asked again for their role.
    """
    draft, name = _draft(), str(st.session_state.get("_save_name") or "")
    opened: Document | None = st.session_state.get("_report_kept")
    _said("")
    try:
        name = kept.checked_name(name)
        documents = _documents()
        public = bool(st.session_state.get("_save_public"))
        if not _looked_at(draft.settings, public=public):
            return
        expected = kept.version_before(documents, draft.settings.authority, name, who, opened)
        saved = kept.save(
            documents, name, draft.settings, access.with_current_role(who), public=public, expected=expected
        )
        st.session_state.pop(_ASKED, None)
        st.session_state["_report_kept"] = saved
        _keep(draft.settings, draft.ids, linked=False)
        _said(f"Saved “{name}” as version {saved.version}.")
    except CareLeaversError as wrong:
        _said(str(wrong), problem=True)


def _looked_at(settings: PackSettings, *, public: bool) -> bool:
    """Whether what is written in a pack names nobody and tells no small number, or its writer has looked at it again."""

    hidden = checks.hidden_counts(figures.versions(), settings.authority) if public else None
    found = kept.check_words(settings, public=public, places=selection.authority_names().values(), hidden=hidden)
    if found.refused:
        raise WrongPack(found.refused)
    asked = st.session_state.get(_ASKED)
    if found.to_confirm and not (asked == found.to_confirm and st.session_state.get("_save_confirmed")):
        st.session_state[_ASKED] = found.to_confirm
        _said(words.LOOK_AGAIN, problem=True)
        return False
    return True


def save_template(who: Person) -> None:
    """Callback: keep the sections as a template of the council, with its logo and Word styles.

    Parameters
    ----------
    who
        Who saves it; asked again for their role.
    """
    draft, name = _draft(), str(st.session_state.get("_template_name") or "")
    _said("")
    try:
        name = kept.checked_name(name)
        documents = _documents()
        old = kept.find(documents, draft.settings.authority, name, who, "pack_template")
        before = kept.look(documents, old, who, "") if old else None
        given = {key: st.session_state.get(key) for key in ("_template_logo", "_template_word")}
        logo, word = (found.getvalue() if found is not None else b"" for found in given.values())
        kept.save_template(
            documents, name, draft.settings, access.with_current_role(who), logo=logo, word=word, before=before
        )
        _said(f"Saved the template “{name}”. It is now listed under “Start from”.")
    except CareLeaversError as wrong:
        _said(str(wrong), problem=True)


def withdraw(who: Person, document: int, why: str = "_withdraw_reason") -> None:
    """Callback: take a saved pack or a template out of the list; its versions stay in the store.

    Parameters
    ----------
    who
        Who withdraws it; asked again for their role.
    document
        Its number.
    why
        The key of the control with the reason.
    """
    _said("")
    try:
        reason = str(st.session_state.get(why) or "")
        _documents().withdraw(document, access.with_current_role(who), reason)
        st.session_state.pop("_report_kept", None)
        _said("Withdrawn.")
    except CareLeaversError as wrong:
        _said(str(wrong), problem=True)


def _said(text: str, *, problem: bool = False) -> None:
    st.session_state["_report_said"] = (text, problem)


def saved_packs(chosen: selection.Selection, name_of_day: Callable[[Any], str]) -> None:
    """Draw the list of saved packs with their versions, and for officers what saves one.

    Parameters
    ----------
    chosen
        The authority of the top bar.
    name_of_day
        Words a day.
    """
    text, problem = st.session_state.get("_report_said", ("", False))
    if text:
        (st.warning if problem else st.success)(markdown.escaped(text))
    who, code = access.person(), str(chosen.authority_code)
    found = kept.listed(_documents(), code, who)
    labels = {
        each.key: words.kept_label(
            each.key, keeping.written_by(each), name_of_day(each.at), public=each.public, version=each.version
        )
        for each in found
    }
    if not found:
        st.caption(words.NOT_KEPT)
    else:
        st.selectbox("Saved packs", list(labels), format_func=lambda key: labels[key], key="_kept_name")
        st.button("Open it", on_click=open_chosen, args=(code,))
    opened: Document | None = st.session_state.get("_report_kept")
    if opened is not None:
        _versions(opened, who, name_of_day)
    if who.may_upload_for(code):
        _saving(who, opened)


def _versions(opened: Document, who: Person, name_of_day: Callable[[Any], str]) -> None:
    versions = [each for each in _documents().history(opened.document, who) if each.in_force]
    if len(versions) > 1:
        by_number = {each.version: each for each in versions}
        st.selectbox(
            f"Versions of “{opened.key}”",
            versions,
            index=next((place for place, each in enumerate(versions) if each.version == opened.version), 0),
            format_func=lambda each: words.kept_label(
                f"Version {each.version}", keeping.written_by(each), name_of_day(each.at), public=each.public
            ),
            key=f"_kept_version_{opened.document}_{len(by_number)}",
        )
        st.button(
            "Open this version",
            on_click=lambda key: _take(st.session_state[key]),
            args=(f"_kept_version_{opened.document}_{len(by_number)}",),
        )


def _saving(who: Person, opened: Document | None) -> None:
    """What an officer of the authority saves a pack or a template with, and withdraws one."""
    settings = _draft().settings
    own = kept.find(_documents(), settings.authority, settings.template, who, "pack_template")
    st.text_input(
        "Name of the pack",
        opened.key if opened else "",
        key="_save_name",
        max_chars=kept.LONGEST_NAME,
        help=words.SAVE_HELP,
    )
    st.checkbox(words.PUBLIC, opened.public if opened else False, key="_save_public")
    commentary.confirm(st.session_state.get(_ASKED, ()), "_save_confirmed")
    st.button("Save the pack", on_click=save, args=(who,), type="primary")
    if opened is not None:
        with st.expander(f"Withdraw “{markdown.escaped(opened.key)}”"):
            st.text_input("Why", key="_withdraw_reason", max_chars=200)
            st.button("Withdraw", on_click=withdraw, args=(who, opened.document))
    with st.expander("Save it as a template of the council"):
        st.caption(words.TEMPLATE_ABOUT)
        st.text_input("Name of the template", key="_template_name", max_chars=kept.LONGEST_NAME)
        st.file_uploader("Logo (PNG or SVG)", type=["png", "svg"], key="_template_logo")
        st.file_uploader("Word template (.dotx)", type=["dotx", "docx"], key="_template_word")
        st.button("Save the template", on_click=save_template, args=(who,))
        if own is not None:
            st.text_input("Why", key="_template_reason", max_chars=200)
            st.button(
                f"Withdraw the template “{markdown.escaped(own.key)}”",
                on_click=withdraw,
                args=(who, own.document, "_template_reason"),
            )


# ---------------------------------------------------------------- the pack, and its files


def pack(chosen: selection.Selection, draft: Draft) -> Pack:
    """The pack, of views that are made once for everybody.

    Parameters
    ----------
    chosen
        The authority and the comparator of the top bar.
    draft
        What is in it.

    Returns
    -------
    Pack
    """

    def view(make: Callable[..., Any], *arguments: Any) -> tuple[Any, set[tuple[str, str]]]:
        with figures.collecting_releases() as named:
            made = figures.cached_view(make, *arguments)
        return made, named

    subject = build.Subject(str(chosen.authority_code), str(chosen.authority_name), chosen.region)
    return build.build_pack(
        figures.context(),
        draft.settings,
        subject,
        address=_address(draft, str(chosen.authority_name)),
        look=_look(chosen, draft),
        documents=_documents(),
        view=view,
    )


def _look(chosen: selection.Selection, draft: Draft) -> build.Look | None:
    """The logo and styles of the council's template, if the pack is made from one."""
    if draft.settings.template in TEMPLATES:
        return None
    who, documents = access.person(), _documents()
    own = kept.find(documents, str(chosen.authority_code), draft.settings.template, who, "pack_template")
    if own is None:
        return None
    held = st.session_state.get("_report_look")
    if held is None or held[0] != own.entry:
        # The file is read once a session and version: it lies in the store.
        held = st.session_state["_report_look"] = (
            own.entry,
            kept.look(documents, own, who, str(chosen.authority_name)),
        )
    found: build.Look = held[1]
    return found


def _address(draft: Draft, name: str) -> str:
    """Where the same figures are shown: this page, with the data version; without the sections where they make it too long to print."""
    if not st.context.url:
        return ""
    held = {key: said for key in (KEY, SAVED) if (said := st.query_params.get(key))}
    return build.address(st.context.url, name, draft.settings, figures.warehouse().version, held)


def no_browser(made: Pack) -> str:
    """What to say where the server has no browser to draw the pictures with; "" where it has."""
    if pictures.available():
        return ""
    charts = made.pictures()
    drawn = sum(chart.native is not None for chart in charts)
    return words.without_browser(drawn, len(charts) - drawn)


def files(made: Pack) -> None:
    """Draw the buttons that make the pack and save it, and how far each file is.

    Parameters
    ----------
    made
        The pack.
    """

    def jobs() -> dict[str, Job | None]:
        return {form: FILES.found(f"{made.key}-{form}") for form in making.FORMATS}

    def unfinished() -> bool:
        return any(job is not None and not job.finished.is_set() for job in jobs().values())

    waits = unfinished()

    def draw() -> None:
        if waits != unfinished():
            # Whether the page asks again by itself is decided by a whole run, and a button in here runs only this part.
            st.rerun()
        found = jobs()
        with st.container(horizontal=True, key="pack-files"):
            for form, job in found.items():
                _button(made, form, job)
        for form, job in found.items():
            _progress(form, job)

    # Only while something is being made does the page ask again.
    access.fragment(draw, every=0.7 if waits else None)()


def _button(made: Pack, form: str, job: Job | None) -> None:
    kind = making.FORMATS[form]
    if job is not None and job.finished.is_set() and not job.problem:
        st.download_button(
            words.ready(kind.label, len(job.content)),
            # Handed over when the button is pressed: Streamlit drops what a part of the page held before it ran again.
            lambda: job.content,
            file_name=making.name_of(made, form),
            mime=kind.mime,
            on_click="ignore",
            type="primary",
            key=f"get-{form}",
        )
        return
    busy = job is not None and not job.finished.is_set()
    label = kind.label if form != "zip" else f"{kind.label[0].lower()}{kind.label[1:]}"
    st.button(f"Make {label}", key=f"make-{form}", disabled=busy, on_click=_ask, args=(made, form))


def _progress(form: str, job: Job | None) -> None:
    if job is None:
        return
    label = making.FORMATS[form].label
    if job.problem:
        st.warning(f"{label}: {markdown.escaped(job.problem)}")
    elif not job.finished.is_set():
        said = words.waiting(FILES.before(job), job.done, job.total)
        st.progress(job.done / job.total if job.total else 0.0, text=f"{label}. {said}")


def _ask(made: Pack, form: str) -> None:
    notices.remove("_files")
    try:
        FILES.ask(f"{made.key}-{form}", lambda progress: making.make(made, form, progress))
    except LineFull as full:
        notices.add("_files", str(full))
