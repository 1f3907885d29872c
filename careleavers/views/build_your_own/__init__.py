"""build_your_own."""
