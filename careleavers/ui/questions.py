"""Which questions a member takes along, kept in the address, and the place where an officer records an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from careleavers.access.people import THIS_MACHINE, NotAllowed, Person
from careleavers.store import StoreProblem, StoreUnavailable
from careleavers.ui import commentary, figures, markdown, selection, state, widgets
from careleavers.views.commentary import checks
from careleavers.views.commentary import words as commentary_words
from careleavers.views.commentary.view import Comment, paragraphs
from careleavers.views.commentary.view import comments as comments_on
from careleavers.views.questions import answers, markup, view
from careleavers.views.questions.view import Question
from careleavers.views.watch_list.keeping import kept_list

# The parameter of the address that names the questions taken along, here and on a report.
TAKEN = "taken"
_OUTCOME = "_answer_outcome"


def build(chosen: selection.Selection, who: Person) -> view.QuestionsView:
    """The questions of the chosen authority, with the targets of its watch list that the visitor may read.

    Parameters
    ----------
    chosen
        What is chosen in the top bar, an authority among it.
    who
        Who looks.

    Returns
    -------
    view.QuestionsView
    """
    asked = str(chosen.authority_code), str(chosen.authority_name), chosen.against, chosen.region
    watched = kept_list(commentary.documents(), asked[0], who)
    if watched is None:
        return figures.cached_view(view.build_view, *asked)
    if watched.document.public:
        return figures.cached_view(view.build_view, *asked, watched.items)
    return view.build_view(figures.context_of_one(), *asked, watched.items)


def comments(asked: Sequence[Question], authority_code: str, who: Person) -> dict[str, Comment]:
    """What the council says of the figures that questions are about, as far as the visitor may read it.

    Parameters
    ----------
    asked
        The questions.
    authority_code
        The authority.
    who
        Who looks.

    Returns
    -------
    dict[str, Comment]
        By the id of the question.
    """
    about = {commentary.FigureKey(*each.figure): each.id for each in asked if each.figure is not None}
    found = comments_on(commentary.documents(), who, authority_code, figures.indicators(), list(about))
    return {about[each.figure]: each for each in found}


def show(
    asked: Sequence[Question], held: Mapping[str, answers.Answer], said: Mapping[str, Comment], authority: str
) -> tuple[str, ...]:
    """Draw the questions with a tick for each; what is ticked stands in the address as ``?taken=id,id``.

    Parameters
    ----------
    asked
        The questions, the most pressing first.
    held
        What was answered before, by the id of the question.
    said, authority
        What the council says of the figure that a question is about, by its id; and the name of the council.

    Returns
    -------
    tuple of str
        The ids of those that are ticked, in the order of the questions.
    """
    address = st.query_params.get(TAKEN, "")
    picked = st.session_state.pop(f"_{TAKEN}_picked", False)
    if address != st.session_state.get(f"_{TAKEN}_address", "") and not picked:
        wanted = {part.strip() for part in address.split(",")}
        for each in asked:
            st.session_state[_key(each)] = each.id in wanted
    for number, each in enumerate(asked, 1):
        widgets.markup(markup.question(each, held.get(each.id), number, said.get(each.id), authority))
        # Written again: a tick would be lost when the visitor comes back from another page.
        st.session_state[_key(each)] = bool(st.session_state.get(_key(each)))
        st.checkbox(
            f"Take question {number} to the meeting",
            key=_key(each),
            on_change=state.record_pick,
            args=(TAKEN,),
            persist_state="session",
        )
    chosen = tuple(each.id for each in asked if st.session_state[_key(each)])
    ids = ",".join(chosen)
    if ids:
        if ids != address:
            st.query_params[TAKEN] = ids
    else:
        st.query_params.pop(TAKEN, None)
    st.session_state[f"_{TAKEN}_address"] = ids
    state.remember_address(TAKEN)
    return chosen


def _key(question: Question) -> str:
    return f"_take/{question.id}"


def record(who: Person, authority_code: str, asked: Sequence[Question]) -> None:
    """Draw the place where an officer records what was answered.

    Parameters
    ----------
    who
        An officer who may upload for the authority.
    authority_code
        The authority.
    asked
        The questions.
    """
    if text := st.session_state.pop(_OUTCOME, None):
        st.success(text)
    documents = commentary.documents()
    with st.expander("Record an answer", key="answer", icon=":material/edit_note:"):
        by_id = {each.id: each for each in asked}
        chosen = st.selectbox("Question", list(by_id), format_func=lambda code: by_id[code].text, key="_answer_about")
        question = by_id[chosen]
        document = documents.find("question", authority_code, question.id, who, withdrawn=True)
        turn = st.session_state.setdefault("_answer_turn", 0)
        key = f"_answer/{turn}/{authority_code}/{question.id}"
        opened = st.session_state.setdefault(f"{key}/opened", document.version if document else 0)
        standing = document.content if document is not None and document.in_force else {}
        with st.form(key, border=False):
            day = st.date_input(
                "Day of the meeting",
                value=answers.day_asked(standing) or widgets.today(),
                max_value=widgets.today(),
                format="DD/MM/YYYY",
                key=f"{key}/day",
                width=320,
            )
            text = st.text_area(
                "What was answered",
                value=str(standing.get("text", "")),
                max_chars=answers.LONGEST,
                height=160,
                help="Plain text. No names of young people, and no small numbers of them.",
                key=f"{key}/text",
            )
            public = commentary.choose_readers(f"{key}/readers", public=document.public if document else True)
            name = commentary.ask_name(who, str(standing.get("name", "")), f"{key}/name")
            confirmed = commentary.ask_to_confirm(key)
            pressed = st.form_submit_button("Save the answer", type="primary")
        if not pressed:
            return
        if not paragraphs(text) or day is None:
            st.warning(commentary_words.EMPTY)
            return
        if who.issuer == THIS_MACHINE and not name.strip():
            st.warning(commentary_words.NO_NAME)
            return
        try:
            hidden = checks.hidden_counts(figures.versions(), authority_code) if public else None
        except StoreUnavailable as problem:
            st.error(markdown.escaped(str(problem)))
            return
        found = checks.check_text(
            text, public=public, places=[*selection.authority_names().values(), name], hidden=hidden
        )
        if not commentary.may_be_kept(key, text, found, confirmed=confirmed):
            return
        try:
            documents.save(
                "question", authority_code, question.id, answers.content(question.text, day, text, name), who,
                public=public, expected=opened,
            )  # fmt: skip
        except (StoreProblem, StoreUnavailable, NotAllowed) as refusal:
            st.session_state.pop(f"{key}/opened", None)
            st.error(markdown.escaped(str(refusal)))
            return
    st.session_state["_answer_turn"] = turn + 1
    st.session_state[_OUTCOME] = "The answer was recorded. It is shown with the question from now on."
    st.rerun()
