"""For the tests of what is known of a charger and asked of it: the household with one charger."""

from tests.one_charger import charger, make_app, threads

__all__ = ["charger", "make_app", "threads"]
