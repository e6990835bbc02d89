"""Telegram: a bot of one's own writes to a chat (core.telegram.org/bots/api#sendmessage)."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from dashboard.leases import LONGEST_RETRY_AFTER_S
from dashboard.notices.message import Message
from dashboard.notices.ways import words
from dashboard.notices.ways.failures import NotSent, WayFailure
from dashboard.notices.ways.posting import PostAnswer, post, taken
from dashboard.notices.ways.reach import Reach
from dashboard.services import Services
from dashboard.settings import Settings
from dashboard.web.forms import Wrong

HOST = "api.telegram.org"
HOUSE, REACH = f"https://{HOST}", Reach.OUTSIDE
ADDRESS = re.compile(r"(?:bot)?([0-9]{5,20}:[A-Za-z0-9_-]{20,100})/(-?[0-9]{1,20}|@[A-Za-z0-9_]{1,64})")


def parse(typed: str, is_owner: bool) -> str:
    """The bot's token and the chat, with a slash between.

    Raises:
        Wrong: it is not that.
    """
    match = ADDRESS.fullmatch("".join(typed.split()))
    if not match:
        raise Wrong(words.no_telegram_address(), "address")
    return f"{match[1]}/{match[2]}"


def masked(address: str) -> str:
    bot, _, chat = address.partition("/")
    return f"{bot.partition(':')[0][:3]}…/…{chat[-3:]}"


def host(address: str, settings: Settings) -> str:
    return HOST


def send(services: Services, address: str, message: Message) -> None:
    """Let the bot say it.

    Raises:
        NotSent: it was not taken.
    """
    token, _, chat = address.partition("/")
    # No buttons: Telegram refuses the whole message where one leads to a name of the home network.
    text = f"{message.title}\n{message.body}\n{message.written_links}"
    said = {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}
    headers = {"Content-Type": "application/json"}
    answer = post(f"{HOUSE}/bot{token}/sendMessage", json.dumps(said).encode(), headers, REACH)
    if answer.status == 404:  # no such bot
        raise NotSent(WayFailure.SIGN_IN_REJECTED)
    if answer.status == 429:
        raise NotSent(WayFailure.RATE_LIMITED, answer.retry_after or _retry_after(answer))
    taken(answer)


def _retry_after(answer: PostAnswer) -> timedelta | None:
    """Telegram says it in the answer itself."""
    try:
        seconds = float(json.loads(answer.body)["parameters"]["retry_after"])
    except (ValueError, TypeError, KeyError):
        return None
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST_RETRY_AFTER_S))
