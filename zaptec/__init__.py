"""Zaptec's cloud in Python: chargers, their state, a few commands, the charging history."""

__version__ = "0.1.0"
