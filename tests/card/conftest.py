"""For the tests of the charger's page: the household with one charger."""

from tests.one_charger import _no_real_pauses, charger, make_app, threads

__all__ = ["_no_real_pauses", "charger", "make_app", "threads"]
