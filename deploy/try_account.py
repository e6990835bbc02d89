"""Asks Zaptec for the account's chargers, once: prints `fine`, `rejected` or `unknown`, and a sentence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from zaptec import SignInEnded, SignInRejected, ZaptecClient, ZaptecError


def verdict() -> str:
    url = os.environ.get("ZAPTEC_API_URL", "https://api.zaptec.com")
    name, password = os.environ["ZAPTEC_USERNAME"], os.environ["ZAPTEC_PASSWORD"]
    try:
        chargers = list(ZaptecClient.with_password(name, password, api_url=url).chargers())
    except SignInRejected:
        return "rejected Zaptec does not accept this name and password."
    except SignInEnded:
        return "unknown Zaptec refuses this way of signing in; the dashboard will say more."
    except ZaptecError:
        return "unknown Zaptec could not be asked now; the dashboard will try."
    names = ", ".join(charger.name for charger in chargers)
    return f"fine Zaptec knows it: {names}." if names else "fine Zaptec knows it, but lists no charger for it."


if __name__ == "__main__":
    print(verdict())
