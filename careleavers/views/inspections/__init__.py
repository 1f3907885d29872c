"""Inspections: judgements, and the time since them. See ``pages/inspections.py``."""
