"""The version, as the User-Agent names it."""

__version__ = "0.1.0"
