"""The forms of the pages of cases, described as data and drawn by one template."""
