"""`python3 -m deploy install | update | uninstall`, as root."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from deploy import installing
from deploy.machine import InstallFailed, Machine

SOURCE = Path(__file__).resolve().parent.parent


def main(words: list[str]) -> int:
    machine = Machine()
    verbs = {
        "install": lambda: installing.install(machine, SOURCE),
        "update": lambda: installing.update(machine, SOURCE),
        "uninstall": lambda: installing.uninstall(machine),
    }
    if len(words) != 1 or words[0] not in verbs:
        print(__doc__, file=sys.stderr)
        return 2
    if os.geteuid():
        print(f"That needs the rights of root: sudo make {words[0]}", file=sys.stderr)
        return 1
    try:
        verbs[words[0]]()
    except InstallFailed as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nInterrupted. To go on: sudo make {words[0]}", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
