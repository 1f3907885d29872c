"""At a glance: one authority on one page. See ``pages/at_a_glance.py``."""
