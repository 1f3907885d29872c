"""Map: one measure on a map of equal squares. See ``pages/map.py``."""
