"""Together: an enabler beside an outcome. See ``pages/together.py``."""
