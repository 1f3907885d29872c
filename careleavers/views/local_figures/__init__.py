"""Local figures: a council’s own quarters. See ``pages/local_figures.py``."""
