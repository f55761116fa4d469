"""Screens of the takings."""
