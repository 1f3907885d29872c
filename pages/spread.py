"""Spread."""

import streamlit as st

st.title("Spread")
