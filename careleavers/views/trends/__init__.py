"""Trends: one measure over the years. See ``pages/trends.py``."""
