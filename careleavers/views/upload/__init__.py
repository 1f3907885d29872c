"""Upload and History: what is found in a file, and what was done. See ``pages/upload.py``."""
