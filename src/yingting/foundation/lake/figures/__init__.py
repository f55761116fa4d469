"""Figures that people enter: what may be entered, the entries, and their way in and out of files."""
