"""Benchmarks and their latest results (``RESULTS.md``). Run with ``make bench`` on a quiet machine."""
