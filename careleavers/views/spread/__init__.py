"""Spread: a funnel plot and the spread within groups. See ``pages/spread.py``."""
