"""A hall's facilities as figures: whether devices worked, how soon they were repaired, whether seats sufficed (FAC-06, FAC-10)."""
