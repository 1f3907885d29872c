"""The button on At a glance that saves the briefing; the PDF is made when it is pressed."""

from urllib.parse import urlencode

import streamlit as st

from careleavers.model import Against
from careleavers.ui import commentary, figures, links, selection
from careleavers.views.at_a_glance import view as at_a_glance
from careleavers.views.briefing import document, view
from careleavers.views.commentary.view import Comment
from careleavers.views.context import Context
from careleavers.wording.formats import file_name


def button(chosen: selection.Selection) -> None:
    """Draw the button.

    Parameters
    ----------
    chosen
        What is chosen in the top bar, an authority among it.
    """
    code, name = str(chosen.authority_code), str(chosen.authority_name)
    address = f"{st.context.url}?{urlencode(links.shared_choices())}" if st.context.url else ""
    asked = (code, name, chosen.against, chosen.region, address)
    # The button runs this outside the page's run, and only that run knows the version shown.
    shown = figures.warehouse()

    def made() -> bytes:
        with figures.previewing(shown):
            glance = figures.cached_view(at_a_glance.build_view, *asked[:4], "wide")
            said = view.public_comments(figures.context(), commentary.documents(), code, glance)
            return figures.cached_view(_pdf, *asked, said)

    st.download_button(
        "Two-page briefing (PDF)",
        made,
        file_name=f"{file_name(name, 'briefing')}.pdf",
        mime="application/pdf",
        on_click="ignore",
        icon=":material/picture_as_pdf:",
        help="What this page says, on two sides of A4.",
    )


def _pdf(
    context: Context,
    code: str,
    name: str,
    against: Against,
    region: str | None,
    address: str,
    said: tuple[Comment, ...],
) -> bytes:
    return document.pdf(view.build_view(context, code, name, against, region, address, said))
