"""Definitions: what measures, words and rules mean, and whose data it is. See ``pages/definitions.py``."""
