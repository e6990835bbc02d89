"""What the charging room says: one sentence per situation, one per reason, one per remedy.

Between two asterisks stands the word that carries the colour.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from dashboard import formats
from dashboard.texts import _, mark
from zaptec.charger import ChargerState
from zaptec.commands import Action
from zaptec.situation import Situation, SituationName

TONES = {
    SituationName.CHARGING: "flowing",
    SituationName.RESUMING: "flowing",
    SituationName.PAUSING: "held",
    SituationName.PAUSED: "held",
    SituationName.SCHEDULED: "held",
    SituationName.NOT_DRAWING: "waiting",
    SituationName.WAITING_AUTHORISATION: "waiting",
    SituationName.WAITING_POWER: "waiting",
    SituationName.WAITING_CAR: "waiting",
    SituationName.FINISHED: "done",
    SituationName.DISCONNECTED: "idle",
    SituationName.NO_DATA: "unsure",
    SituationName.UNKNOWN: "unsure",
    SituationName.NO_ACCESS: "trouble",
    SituationName.OFFLINE: "trouble",
    SituationName.DISABLED: "trouble",
    SituationName.STAND_ALONE: "trouble",
}
SENTENCES = {
    SituationName.NO_ACCESS: mark("*No access* to this charger"),
    SituationName.NO_DATA: mark("*Asking Zaptec…*"),
    SituationName.OFFLINE: mark("*Offline*"),
    SituationName.DISABLED: mark("*Switched off* in Zaptec’s portal"),
    SituationName.STAND_ALONE: mark("*On its own:* it takes no orders"),
    SituationName.PAUSING: mark("*Pausing…*"),
    SituationName.RESUMING: mark("*Resuming…*"),
    SituationName.DISCONNECTED: mark("*No car* plugged in"),
    SituationName.CHARGING: mark("*Charging* with %(power)s kW"),
    SituationName.NOT_DRAWING: mark("Ready, but *the car takes no power*"),
    SituationName.PAUSED: mark("*Paused*"),
    SituationName.SCHEDULED: mark("*Waiting* for Zaptec’s schedule"),
    SituationName.FINISHED: mark("*Finished,* or stopped by the car"),
    SituationName.WAITING_AUTHORISATION: mark("Plugged in, *waiting for permission*"),
    SituationName.WAITING_POWER: mark("Plugged in, *waiting for power*"),
    SituationName.WAITING_CAR: mark("Plugged in, *waiting for the car*"),
    SituationName.UNKNOWN: mark("*Unknown state* (%(mode)s)"),
}
# Why the button is not there, and what helps.
REASONS = {
    "no_access": mark("Zaptec does not let this account see or control the charger"),
    "no_data": mark("Nothing heard from the charger yet"),
    "offline": mark("No command reaches it while it is offline"),
    "disabled": mark("The charger is switched off in Zaptec’s portal"),
    "stand_alone": mark("The charger is set to work on its own"),
    "command_under_way": mark("Something asked for is still under way"),
    "pause_taking_effect": mark("A pause is just taking effect"),
    "not_plugged_in": mark("Nothing to pause or resume"),
    "already_paused": mark("Already paused"),
    "already_charging": mark("Already charging"),
    "car_not_drawing": mark("The charger is ready, the car is not asking"),
    "finished": mark("The car is full, or has stopped by itself"),
    "car_timer": mark("The car took next to nothing: it is full, or waits for a timer of its own"),
    "waiting_authorisation": mark("Nobody has allowed this charge yet"),
    "waiting_power": mark("No power is free for this charger"),
    "waiting_car": mark("The charger is ready, the car is not asking"),
    "unknown_mode": mark("The charger reports something this page does not know"),
    "firmware_too_old": mark("The charger’s software is too old to be paused"),
    "unsafe": mark("The charger reports a dangerous fault"),
    # why a question or a command failed
    "sign_in_rejected": mark("Zaptec does not accept the account’s name and password"),
    "unknown_charger": mark("Zaptec no longer lists this charger"),
    "rate_limited": mark("Zaptec asks us to wait"),
    "unavailable": mark("Zaptec has trouble and cannot answer"),
    "timed_out": mark("Zaptec did not answer in time"),
    "unreachable": mark("Zaptec cannot be reached"),
    "not_understood": mark("Zaptec’s answer could not be understood"),
    "refused_by_zaptec": mark("The charger did not take it"),
    "too_busy": mark("The dashboard was too busy to ask in time; nothing was sent"),
    "interrupted": mark("The dashboard was interrupted before it could ask; nothing was sent"),
    "too_old": mark("The news from the charger is too old to act on"),
    "viewer": mark("You can look, but not pause or resume"),
    "not_listed": mark("This charger is no longer in the account at Zaptec"),
    "not_the_named_ones": mark("No charger that ZAPTEC_CHARGER_ID names is in the account at Zaptec"),
}
REMEDIES = {
    "ask_owner": mark("An owner can look under More what the account may do."),
    "wait": mark("Wait a moment; this page follows it."),
    "check_connection": mark("Check its power and its network."),
    "enable_in_portal": mark("An owner can switch it on in Zaptec’s portal or app."),
    "leave_stand_alone": mark("An owner can end stand-alone mode in Zaptec’s app."),
    "plug_in": mark("Plug the car in first."),
    "nothing_needed": mark("There is nothing to do."),
    "check_car": mark("To charge more: look at the car’s charge limit, unlock it, or plug it in again."),
    "change_car_timer": mark("To charge now: look at the timer and the charge limit in the car or its app."),
    "authorise": mark("Hold your card to the charger, or allow it in Zaptec’s app."),
    "check_limits": mark(
        "It goes on when other chargers or the house need less; a limit may be set in Zaptec’s app."
    ),
    "look_again": mark("Look again in a minute."),
    "update_firmware": mark("An owner can update it in Zaptec’s portal."),
    "stop_using": mark("Stop using it, unplug the car and call an electrician."),
    "press_again": mark("Press again."),
    "by_itself": mark("This page keeps trying by itself."),
}
FAILURE_REMEDIES = {
    "sign_in_rejected": mark("An owner has to sign in at Zaptec anew: see More."),
    "no_access": mark("Ask whoever owns the charger for owner or service rights."),
    "unknown_charger": mark("If it was moved to another account, an owner can change the settings."),
    "not_the_named_ones": mark("Correct that setting, or leave it out to see every charger of the account."),
}
ACTION_LABELS = {
    Action.PAUSE: mark("Pause charging"),
    Action.RESUME: mark("Resume charging"),
    Action.DEAUTHORIZE: mark("Deauthorize and stop"),
    Action.RESTART: mark("Restart charger"),
}
ASKED = {
    Action.PAUSE: mark("Pause"),
    Action.RESUME: mark("Resume"),
    Action.DEAUTHORIZE: mark("Deauthorize and stop"),
    Action.RESTART: mark("Restart"),
}
KINDS = {
    "token": mark("signing in"),
    "chargers": mark("the list of chargers"),
    "installation": mark("details of the site"),
    "firmware": mark("software versions"),
    "state": mark("the state of a charger"),
    "sessions": mark("finished sessions"),
    "history": mark("finished sessions, the old way"),
    "command": mark("orders sent to a charger"),
}
WARNINGS = {
    "unsafe": mark("The charger reports a dangerous fault: %s. Stop using it."),
    "plain": mark("The charger reports: %s."),
}


def emphasise(text: str, **values: str) -> Markup:
    """The sentence as HTML; everything put into it is escaped, the part between asterisks is strong."""
    before, strong, after = [*str(escape(text)).split("*"), "", ""][:3]
    filled = f"{before}<b>{strong}</b>{after}" if strong else before
    return Markup(filled) % {name: escape(value) for name, value in values.items()}  # noqa: S704 - escaped above


def plain(sentence: Markup) -> str:
    return sentence.striptags()


def sentence(found: Situation, state: ChargerState | None, paused_by: str | None, was_outside: bool) -> Markup:
    """The sentence at the top of the card."""
    if found.name is SituationName.PAUSED and paused_by:
        return emphasise(_("*Paused* by %(name)s"), name=paused_by)
    if found.name is SituationName.PAUSED and was_outside:
        return emphasise(_("*Paused* outside this page"))
    if found.name is SituationName.SCHEDULED and found.next_change_at:
        return emphasise(_("*Waiting* for the schedule until %(time)s"), time=formats.clock(found.next_change_at))
    return sentence_of(found.name, state)


def no_news() -> Markup:
    return emphasise(_("*Nothing known* about this charger yet"))


def sentence_of(name: SituationName, state: ChargerState | None) -> Markup:
    """What a situation is called, with nothing but the charger's own numbers in it."""
    power_w = state.power_w if state else None
    if name is SituationName.CHARGING and power_w is None:
        return emphasise(_("*Charging*"))
    if name is SituationName.CHARGING and formats.kilowatts(power_w) == formats.kilowatts(0):
        return emphasise(_("*Charging,* but no power flows yet"))
    mode = (state.mode_text if state else None) or "?"
    return emphasise(_(SENTENCES[name]), power=formats.kilowatts(power_w), mode=mode)


def reason(code: str) -> str:
    return _(REASONS.get(code, REASONS["refused_by_zaptec"]))


def remedy(code: str | None) -> str:
    return _(REMEDIES[code]) if code in REMEDIES else ""


def failure_remedy(code: str) -> str:
    return _(FAILURE_REMEDIES.get(code, REMEDIES["by_itself"]))


def not_listed() -> str:
    """Of a charger that has left the account."""
    return f"{reason('not_listed')}. {failure_remedy('unknown_charger')}"


def kind_of_question(kind: str) -> str:
    """What was asked of Zaptec, from the client's word for it."""
    return _(KINDS.get(kind, KINDS["command"] if kind.startswith("command") else kind))


def ask_for_control(owners: list[str]) -> str:
    return _("Ask %s for control.") % _named(owners)


def ask_whom(owners: list[str]) -> str:
    return _("Ask %s.") % _named(owners)


def _named(owners: list[str]) -> str:
    """“Anna”, “Anna or Ben”, “Anna, Ben or Carla”."""
    if len(owners) < 2:
        return owners[0] if owners else _("an owner")
    return _("%(first)s or %(last)s") % {"first": ", ".join(owners[:-1]), "last": owners[-1]}


def nothing_planned(found: Situation) -> str:
    return {
        SituationName.CHARGING: _("Nothing planned: charges until the car is full."),
        SituationName.PAUSED: _("Nothing planned: stays paused."),
        SituationName.PAUSING: _("You can close this page; it goes on."),
        SituationName.RESUMING: _("You can close this page; it goes on."),
        SituationName.WAITING_CAR: _("Nothing planned: the car decides when it begins."),
        SituationName.NOT_DRAWING: _("Nothing planned: the car decides when it goes on."),
        SituationName.WAITING_POWER: _("Begins by itself when there is power."),
        SituationName.WAITING_AUTHORISATION: _("Begins once somebody allows it."),
        SituationName.SCHEDULED: _("Begins by itself when the schedule allows it."),
        SituationName.OFFLINE: _("This page looks again by itself."),
    }.get(found.name, _("Nothing planned."))
