"""at_a_glance."""
