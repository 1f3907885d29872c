"""Inspections."""

import streamlit as st

st.title("Inspections")
