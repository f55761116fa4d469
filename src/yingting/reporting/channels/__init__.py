"""Which business is done where: at the counter, by self-service, online, with a colleague in the hall (QUE-21, SLF-06)."""
