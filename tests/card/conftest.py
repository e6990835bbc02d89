"""For the tests of the charger's page: the household with one charger."""

from tests.one_charger import charger, make_app, threads

__all__ = ["charger", "make_app", "threads"]
