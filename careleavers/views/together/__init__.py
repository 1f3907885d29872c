"""together."""
