"""When to look at a charger after a press: Zaptec repeats its answers, and what it repeats shows nothing new."""

from __future__ import annotations

from datetime import datetime, timedelta

from zaptec.commands import ACTS_WITHIN_S, LOOK_IN_CACHE_AFTER_S, STATE_CACHE_S

CACHED_BY_ZAPTEC = timedelta(seconds=STATE_CACHE_S)  # asking again sooner returns the same
LOOK_SOON = CACHED_BY_ZAPTEC + timedelta(seconds=5)  # a look planned for then is not forestalled
WATCHED_FOR = timedelta(minutes=1)
LOOK_AGAIN_EVERY = timedelta(seconds=30)  # after that, until one succeeds
LOOK_AGAIN_SELDOM = timedelta(minutes=10)  # where looking has failed for hours


def cached_until(was: datetime | None, asked_at: datetime, now: datetime) -> datetime:
    """Until when Zaptec may repeat an answer that has just come.

    Args:
        was: the same of the answer before. What was asked for sooner may be that one again, which makes it no
            younger; one that lies further ahead than it can was written by a clock that has been set back since.
    """
    is_repeated = was is not None and asked_at < was <= now + CACHED_BY_ZAPTEC
    return was if was is not None and is_repeated else now + CACHED_BY_ZAPTEC


def next_look(sent_at: datetime, now: datetime, cached_until: datetime | None) -> datetime:
    """When to look whether a command that was sent then is done.

    A look while Zaptec repeats its last answer does no harm. One that makes it ask the charger before that has
    acted shows nothing, and has the old state repeated for 15 s more: so the first look beyond waits until the
    charger has had its time, and each further one until the answer before it is repeated no longer. After a minute
    every 30 s, and where no look succeeds ever more seldom: after a tenth of the time it has taken so far.
    """
    ends_at = min(cached_until or now, now + CACHED_BY_ZAPTEC)
    harmless = (sent_at + timedelta(seconds=seconds) for seconds in LOOK_IN_CACHE_AFTER_S)
    telling = max(ends_at, sent_at + timedelta(seconds=ACTS_WITHIN_S))
    soon = [at for at in harmless if now < at < ends_at] + [telling]
    if soon[0] > now:
        return soon[0]
    if now - sent_at < WATCHED_FOR:
        return now + CACHED_BY_ZAPTEC
    return now + min(max(LOOK_AGAIN_EVERY, (now - sent_at) / 10), LOOK_AGAIN_SELDOM)
