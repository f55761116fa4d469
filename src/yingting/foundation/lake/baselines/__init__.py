"""Baselines: the figures before a measure, kept, and compared with those after it."""
