"""What a card says of the past: of news too old to act on, of an offline charger, of one that has left the account.

Between two asterisks stands the word that carries the colour. The time is left out where it is not known.
"""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from dashboard import formats
from dashboard.card.words import emphasise
from dashboard.texts import _, mark
from zaptec.situation import Situation, SituationName

WAS = {
    SituationName.OFFLINE: mark("*Was offline* %(when)s"),
    SituationName.DISABLED: mark("Switched off in Zaptec’s portal, *was not charging* %(when)s"),
    SituationName.STAND_ALONE: mark("Set to run without Zaptec, *was not charging* %(when)s"),
    SituationName.PAUSING: mark("*Was pausing* %(when)s"),
    SituationName.RESUMING: mark("*Was resuming* %(when)s"),
    SituationName.DISCONNECTED: mark("*No car* was plugged in %(when)s"),
    SituationName.CHARGING: mark("*Was charging* %(when)s"),
    SituationName.NOT_DRAWING: mark("*The car took no power* %(when)s"),
    SituationName.PAUSED: mark("*Was paused* %(when)s"),
    SituationName.SCHEDULED: mark("*Was waiting* for Zaptec’s own schedule %(when)s"),
    SituationName.FINISHED: mark("*Had finished,* or was stopped by the car %(when)s"),
    SituationName.WAITING_AUTHORISATION: mark("*Was waiting for permission* %(when)s"),
    SituationName.WAITING_POWER: mark("*Was waiting for power* %(when)s"),
    SituationName.WAITING_CAR: mark("*Was waiting for the car* %(when)s"),
    SituationName.UNKNOWN: mark("*Reported something new* %(when)s"),
}
NEVER_WAS = {
    SituationName.NO_ACCESS: mark("*No access* to this charger"),
    SituationName.NO_DATA: mark("*Nothing known* about this charger"),
}
# Of an offline charger: what it was when it was last heard of, and what it probably does now.
OFFLINE = {
    SituationName.DISABLED: mark("*Offline.* It was switched off %(when)s and probably still is."),
    SituationName.STAND_ALONE: mark("*Offline.* It was not charging %(when)s."),
    SituationName.PAUSING: mark("*Offline.* A pause was taking effect %(when)s; probably it is paused."),
    SituationName.RESUMING: mark("*Offline.* It was about to charge %(when)s and probably does."),
    SituationName.DISCONNECTED: mark("*Offline.* No car was plugged in %(when)s."),
    SituationName.CHARGING: mark("*Offline.* It was charging %(when)s and probably goes on."),
    SituationName.NOT_DRAWING: mark("*Offline.* The car took no power %(when)s."),
    SituationName.PAUSED: mark("*Offline.* It was paused %(when)s and probably stays so."),
    SituationName.SCHEDULED: mark("*Offline.* Zaptec’s own schedule held it %(when)s and probably lets it go."),
    SituationName.FINISHED: mark("*Offline.* The car had finished %(when)s."),
    SituationName.WAITING_AUTHORISATION: mark("*Offline.* It waited for permission %(when)s and may still do so."),
    SituationName.WAITING_POWER: mark("*Offline.* It waited for power %(when)s and may charge meanwhile."),
    SituationName.WAITING_CAR: mark("*Offline.* It waited for the car %(when)s, which can still begin."),
}
IN_ITS_OWN_WAY = (SituationName.DISABLED, SituationName.STAND_ALONE)


def was(situation: Situation, at: datetime | None, now: datetime) -> Markup:
    """“Was charging at 20:31”: what a charger did when the news of it was fresh."""
    if situation.name in NEVER_WAS:
        return emphasise(_(NEVER_WAS[situation.name]))
    if situation.name in (SituationName.PAUSING, SituationName.RESUMING):
        at = situation.since or at  # of what was asked for since the news came
    return emphasise(_(WAS[_what_counts(situation, situation.name)]), when=formats.moment_at(at, now))


def offline(situation: Situation, now: datetime) -> Markup:
    """“Offline. It was charging at 19:37 and probably goes on.”"""
    if situation.last_known is None or situation.last_known not in OFFLINE:
        return emphasise(_("*Offline.* What it does is not known."))
    text = _(OFFLINE[_what_counts(situation, situation.last_known)])
    return emphasise(text, when=formats.moment_at(situation.since, now))


def _what_counts(situation: Situation, name: SituationName) -> SituationName:
    """Whether power flowed, whatever the charger called it: switched off, on its own, or charging."""
    if name in IN_ITS_OWN_WAY and situation.is_power_flowing is not False:
        return SituationName.CHARGING
    if name is SituationName.CHARGING and situation.is_power_flowing is False:
        return SituationName.NOT_DRAWING
    return name
