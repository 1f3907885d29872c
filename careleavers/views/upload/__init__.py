"""Upload and History: what was found in a file, and what was done with it. See ``pages/upload.py``."""
