"""How amounts are rounded: once, half to even, in whole numbers."""

from __future__ import annotations


def rounded(numerator: int, denominator: int) -> int:
    """A quotient, rounded half to even; the denominator is above 0."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
