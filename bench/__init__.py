"""What is measured, how, and the last results (``RESULTS.md``). Run with ``make bench`` on a quiet machine."""
