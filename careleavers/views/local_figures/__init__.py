"""local_figures."""
