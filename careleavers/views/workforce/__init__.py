"""Workforce: caseloads, agency, turnover. See ``pages/workforce.py``."""
