"""State of appointments."""
