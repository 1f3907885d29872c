"""The floor: an empty page, and each page's charts and texts drawn from constants, without figures or questions.

``BENCH_CONSTANTS`` names the file that :mod:`bench.browser` wrote.
"""

import json
import os
from pathlib import Path

import streamlit as st

st.set_page_config(page_title="Floor", page_icon=None, layout="wide")


@st.cache_resource
def constants() -> dict[str, dict[str, list[dict[str, str]]]]:
    return json.loads(Path(os.environ["BENCH_CONSTANTS"]).read_text(encoding="utf-8"))


page = st.query_params.get("page", "empty")
with st.container(horizontal=True):
    authority = st.selectbox("Authority", ["Leeds", "Nottingham"], key="authority")
st.title(f"{authority}: constants")
for number, part in enumerate(constants().get(page, {}).get(authority, [])):
    if part["kind"] == "chart":
        st.plotly_chart(
            json.loads(part["spec"]),
            width="stretch",
            height=int(part["height"]),
            theme=None,
            key=f"chart{number}",
            config=json.loads(part["config"]),
        )
    elif part["kind"] == "html":
        st.html(part["body"])
    elif part["kind"] == "markdown":
        st.markdown(part["body"])
st.write(f"Drawn for {authority}.")
