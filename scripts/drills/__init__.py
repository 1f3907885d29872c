"""Drills: faults made on purpose against real processes. Each says what it did, what happened and that nothing was lost.

docs/DRILLS.md has the results and how to run them.
"""
