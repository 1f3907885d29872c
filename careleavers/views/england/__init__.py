"""England before an authority is chosen: six national figures, the map, what changed, what is new. See ``pages/at_a_glance.py``."""
