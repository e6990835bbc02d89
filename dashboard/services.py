"""What every room may use: the settings, the database, the time, the background and the Zaptec account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from flask import current_app

from dashboard.background import Background
from dashboard.database import Database
from dashboard.hooks import Hooks
from dashboard.settings import Settings

if TYPE_CHECKING:
    from dashboard.charging.account import Account


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Services:
    """One dashboard's parts; made by `create_app`, reached by `services()` inside a request.

    Attributes:
        now: the time as an aware moment in UTC; a test passes a clock of its own.
        background: threads for what nobody presses.
        presses: threads of their own for presses, so that none waits in a queue behind the others.
        account: the household's account at Zaptec.
    """

    settings: Settings
    database: Database
    now: Callable[[], datetime]
    background: Background
    presses: Background
    account: Account
    hooks: Hooks = field(default_factory=Hooks)


def services() -> Services:
    return cast(Services, current_app.extensions["services"])
