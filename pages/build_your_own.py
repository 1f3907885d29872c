"""Build your own."""

import streamlit as st

st.title("Build your own")
