"""Together."""

import streamlit as st

st.title("Together")
