"""What the first of several processes does, while the others wait and then go on."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_OPEN, _FAILED, _DONE = 0, 1, 2


class Once:
    """A file without a name, made before the processes are forked: its length tells how it went.

    A process that dies in the middle loses its lock, and the next one tries.

    Attributes:
        has_failed: the one that did it could not.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the processes live

    @contextmanager
    def by_one_process(self) -> Iterator[bool]:
        """Alone at it, and whether there is something to do: not after it has been done or has failed.

        What was begun here and is left without `succeed` has failed.
        """
        fcntl.lockf(self._file, fcntl.LOCK_EX)  # unlike flock, each process's own though the file is inherited
        is_open = self._length == _OPEN
        try:
            yield is_open
            if is_open and self._length == _OPEN:
                os.ftruncate(self._file.fileno(), _FAILED)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def succeed(self) -> None:
        os.ftruncate(self._file.fileno(), _DONE)

    @property
    def has_failed(self) -> bool:
        return self._length == _FAILED

    @property
    def _length(self) -> int:
        return os.fstat(self._file.fileno()).st_size
