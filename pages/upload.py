"""Upload: a council's quarter or the department's release, checked, previewed, and accepted or sent back."""

import streamlit as st

from careleavers import settings
from careleavers.ui import access, failures, state, upload, upload_template
from careleavers.views.upload import words

st.title("Upload figures")
st.markdown(words.INTRODUCTION)
who = access.need_officer("upload figures")
upload.show_outcome()
failures.show_store_notices(who)

st.header("1. Start from the template", anchor="template")
with st.expander("Get a file to fill in, with your authority, the measures and the quarter"):
    upload_template.show(who)

st.header("2. Give us the file", anchor="file")
layer = state.choose(
    "layer",
    "These figures are",
    words.LAYERS,
    default="provisional",
    what="kind of figures",
    control="buttons",
    help="Provisional figures may still change; final ones take their place. The department’s own releases are "
    "recognised and are neither.",
)
given = upload.ask_for_file()
if given is None:
    st.markdown(words.what_is_taken(settings.upload_bytes(), settings.upload_rows()))
    st.stop()
checked = upload.examine(given, layer, who)

st.header("3. What we found", anchor="report")
upload.show_report(checked)
if checked.effect is None:
    st.stop()

st.header("4. What accepting it would change", anchor="preview")
upload.show_effect(checked)
upload.show_pages(checked)

st.header("5. Accept it", anchor="accept")
upload.ask_to_accept(checked, who)
