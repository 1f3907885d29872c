"""whats_new."""
