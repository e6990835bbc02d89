"""For the tests of what is known of a charger and asked of it: the household with one charger."""

from tests.one_charger import _no_real_pauses, charger, make_app, threads

__all__ = ["_no_real_pauses", "charger", "make_app", "threads"]
