"""State of relations."""
