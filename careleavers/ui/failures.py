"""What a visitor sees when something fails: always a sentence, never a traceback."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from careleavers import metrics
from careleavers.access.people import Person
from careleavers.errors import CareLeaversError
from careleavers.ui import figures, markdown

log = logging.getLogger("careleavers.ui")


def sentence(exc: Exception) -> str:
    """The sentence to show for a failure.

    A ``CareLeaversError`` is written for people and stands as it is. Anything else is logged in full under a
    short reference, and the sentence carries only that reference.

    Parameters
    ----------
    exc
        What went wrong.

    Returns
    -------
    str
    """
    if isinstance(exc, CareLeaversError):
        metrics.ERRORS.labels("explained").inc()
        log.warning("%s", exc)
        return str(exc)
    metrics.ERRORS.labels("unexpected").inc()
    reference = secrets.token_hex(3).upper()
    log.error("Reference %s: unexpected failure", reference, exc_info=exc)
    return (
        "Something went wrong while drawing this page, and it has been recorded. Reloading may help; "
        f"if it happens again, tell the person who looks after this dashboard the reference {reference}."
    )


def show(exc: Exception) -> None:
    """Show a failure as one sentence where the page would have been.

    Parameters
    ----------
    exc
        The failure.
    """
    # A sentence may quote a cell or a file name, which must not turn into Markdown.
    st.error(markdown.escaped(sentence(exc)))


@contextmanager
def handled() -> Iterator[None]:
    """Run a block of the page; if it fails, show the sentence and go on with what follows the block."""
    try:
        yield
    except Exception as exc:  # the last safeguard: visitors must only ever see a sentence
        show(exc)


def show_store_notices(who: Person) -> None:
    """Say, to an officer, which stored rows cannot be read or shown at the moment.

    Parameters
    ----------
    who
        Who is looking.
    """
    for sentence in figures.versions().notices(who):
        st.warning(markdown.escaped(sentence))


def show_no_figures(exc: Exception) -> None:
    """Say calmly that the figures could not be loaded; file, line and reason go to the log only.

    Parameters
    ----------
    exc
        The failure.
    """
    reference = secrets.token_hex(3).upper()
    unexpected = None if isinstance(exc, CareLeaversError) else exc
    log.error("Reference %s: the figures could not be loaded. %s", reference, exc, exc_info=unexpected)
    st.title("The figures are not available at the moment")
    st.error(
        "The published figures could not be loaded, so there is nothing to show yet. The person who looks "
        f"after this dashboard can find the reason in its log under the reference {reference}."
    )


def on_script_error(exc: Exception) -> bool:
    """Streamlit's hook for failures outside the shell's own guard, such as in a callback or a fragment.

    Parameters
    ----------
    exc
        The failure.

    Returns
    -------
    bool
        Whether the failure was dealt with, so that Streamlit shows nothing of its own.
    """
    show(exc)
    return True
