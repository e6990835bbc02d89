"""What a test, the demo page or a person may do to the simulated world, by name."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar


class Movable(Protocol):
    """Something that verbs move."""

    def moving(self) -> AbstractContextManager[Any]:
        """What has to be held while it is moved."""


P = ParamSpec("P")
M = TypeVar("M", bound=Movable)


def verb(method: Callable[Concatenate[M, P], None]) -> Callable[Concatenate[M, P], None]:
    """Make a method a verb: it runs alone, and the remote control can call it by its name."""

    @wraps(method)
    def moved(self: M, *args: P.args, **kwargs: P.kwargs) -> None:
        with self.moving():
            method(self, *args, **kwargs)

    moved.is_verb = True  # type: ignore[attr-defined]
    return moved  # type: ignore[return-value]  # mypy names the first parameter


def verbs_of(kind: type) -> dict[str, Callable[..., None]]:
    """The verbs of a class and of those it is built from, in the order they are written."""
    return {
        name: member
        for base in reversed(kind.__mro__)
        for name, member in vars(base).items()
        if getattr(member, "is_verb", False)
    }
