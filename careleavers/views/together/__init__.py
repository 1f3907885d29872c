"""Together: an enabler against an outcome. See ``pages/together.py``."""
