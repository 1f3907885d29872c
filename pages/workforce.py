"""Workforce."""

import streamlit as st

st.title("Workforce")
