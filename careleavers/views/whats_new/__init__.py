"""What is new: releases, inspections, uploads, restatements. See ``pages/whats_new.py``."""
