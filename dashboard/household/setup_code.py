"""The code of this start that makes the first owner.

Made where it is first imported, which is the server's master process: workers that it starts later, also after a
reload, print and know the same code, so that what somebody has just copied from the window stays valid.
"""

from __future__ import annotations

import secrets

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another


def new_code() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


OF_THIS_START = new_code()
