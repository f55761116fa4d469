"""The name under which PostgreSQL passes the word on, known to those who say it and to those who listen."""

CHANNEL = "yingting_live"
