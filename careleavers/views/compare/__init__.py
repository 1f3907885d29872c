"""Compare: every authority on one measure. See ``pages/compare.py``."""
