"""Build your own: chosen measures, areas and years. See ``pages/build_your_own.py``."""
