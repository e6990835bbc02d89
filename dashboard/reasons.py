"""Why something is not possible or has failed, and what helps: the words for every code."""

from __future__ import annotations

from dashboard.texts import _, mark

# Why the button is not there, and what helps.
REASONS = {
    "no_access": mark("Zaptec does not let this account see or control the charger"),
    "no_data": mark("Nothing heard from the charger yet"),
    "offline": mark("No command reaches it"),
    "disabled": mark("Nothing can be paused or resumed while it is switched off"),
    "stand_alone": mark("Pause and resume may have no effect while it runs without Zaptec"),
    "command_under_way": mark("Something asked for is still under way"),
    "pause_taking_effect": mark("A pause is just taking effect"),
    "not_plugged_in": mark("Nothing to pause or resume"),
    "already_paused": mark("Already paused"),
    "already_charging": mark("Already charging"),
    "car_not_drawing": mark("The charger is ready, the car is not asking"),
    "finished": mark("The car is full, or has stopped by itself"),
    "car_timer": mark("The car took next to nothing: it is full, or waits for a timer of its own"),
    "waiting_authorisation": mark("Nobody has allowed this charge yet"),
    "waiting_power": mark("Zaptec gives this charger too little power now"),
    "waiting_car": mark("The charger is ready, the car is not asking"),
    "limit_too_low": mark("The current set for this charger is under 6 A, the least a car charges with"),
    "waiting_operator": mark("The charger’s operator has not allowed this charge yet"),
    "too_hot": mark("The charger is too hot and has stopped charging"),
    "earth_fault": mark("The charger has found an earth fault and does not charge"),
    "fault": mark("The charger reports a fault and does not charge"),
    "unknown_mode": mark("This page does not know what the charger is doing"),
    "unknown_device": mark("Zaptec lists a kind of device that this page does not know"),
    "firmware_too_old": mark("The charger’s software is too old for pause and resume"),
    "unsafe": mark("The charger reports a dangerous fault"),
    # why a question or a command failed
    "sign_in_rejected": mark("Zaptec does not accept the account’s name and password"),
    "sign_in_ended": mark("Zaptec no longer lets this dashboard sign in the way it does"),
    "unknown_charger": mark("Zaptec no longer lists this charger"),
    "rate_limited": mark("Zaptec asks us to wait"),
    "unavailable": mark("Zaptec has trouble and cannot answer"),
    "timed_out": mark("Zaptec did not answer in time"),
    "unreachable": mark("Zaptec cannot be reached"),
    "not_understood": mark("Zaptec’s answer could not be understood"),
    "malformed_request": mark("Zaptec found the request malformed: a mistake of this dashboard, not the charger’s"),
    "refused_by_zaptec": mark("Zaptec says that this is not possible now"),
    "too_busy": mark("The dashboard was too busy to ask in time; nothing was sent"),
    "too_late": mark("It could not be sent within 15 seconds; nothing was sent"),
    "interrupted": mark("The dashboard was interrupted before it could ask; nothing was sent"),
    "asker_may_not": mark("Whoever pressed may no longer do this; nothing was sent"),
    "too_old": mark("The news from the charger is too old to act on"),
    "viewer": mark("You can look, but not pause or resume"),
    "not_listed": mark("This charger is no longer in the account at Zaptec"),
    "not_the_named_ones": mark("No charger that ZAPTEC_CHARGER_ID names is in the account at Zaptec"),
}
REMEDIES = {
    "ask_owner": mark("An owner can see under More what the account may do."),
    "wait": mark("Wait a moment; this page follows it."),
    "check_connection": mark("Check its power and its network."),
    "enable_in_portal": mark("An owner can switch it on in Zaptec’s portal or app."),
    "leave_stand_alone": mark("An owner can end this “stand-alone mode” in Zaptec’s app."),
    "plug_in": mark("Plug the car in first."),
    "nothing_needed": mark("There is nothing to do."),
    "check_car": mark("To charge more: look at the car’s charge limit, unlock it, or plug it in again."),
    "change_car_timer": mark("To charge now: look at the timer and the charge limit in the car or its app."),
    "authorise": mark("Hold your card to the charger, or allow it in Zaptec’s app."),
    "check_limits": mark(
        "It goes on when other chargers or the house need less, or when Zaptec’s eco mode or price plan lets it."
    ),
    "raise_limit": mark("An owner can raise the limit in Zaptec’s app or portal."),
    "ask_operator": mark("Use the operator’s card or app, not Zaptec’s."),
    "let_cool": mark("It goes on by itself when it has cooled down; shade and air help."),
    "check_earth_fault": mark("Unplug the car; if it comes again with another cable or car, call an electrician."),
    "check_fault": mark("Look at the charger and its cable; if it stays, restart it or call who installed it."),
    "look_again": mark("Look again in a minute; if it stays so, look in Zaptec’s app."),
    "use_zaptecs_app": mark("It can be looked at here; to control it, use Zaptec’s app."),
    "update_firmware": mark("An owner can update it in Zaptec’s portal."),
    "stop_using": mark("Stop using it, unplug the car and call an electrician."),
    "press_again": mark("Press again."),
    "by_itself": mark("This page keeps trying by itself."),
}
FAILURE_REMEDIES = {
    "sign_in_rejected": mark(
        "It is not tried again by itself. Whoever runs the dashboard has to correct ZAPTEC_USERNAME and "
        "ZAPTEC_PASSWORD in its settings and restart it; if they are right, set ZAPTEC_SCOPE=openid there."
    ),
    "sign_in_ended": mark(
        "It is tried again once an hour. Whoever runs the dashboard can set ZAPTEC_SCOPE=openid in its settings, "
        "or install a newer version, and restart it."
    ),
    "no_access": mark("Ask whoever owns the charger for owner or service rights."),
    "unknown_charger": mark("If it was moved to another account, an owner can change the settings."),
    "malformed_request": mark("An update of the dashboard may mend it; its log has more about it."),
    "not_the_named_ones": mark("Correct that setting, or leave it out to see every charger of the account."),
}


def reason(code: str) -> str:
    return _(REASONS.get(code, REASONS["refused_by_zaptec"]))


def remedy(code: str | None) -> str:
    return _(REMEDIES[code]) if code in REMEDIES else ""


def failure_remedy(code: str) -> str:
    return _(FAILURE_REMEDIES.get(code, REMEDIES["by_itself"]))


def not_listed() -> str:
    """Of a charger that has left the account."""
    return f"{reason('not_listed')}. {failure_remedy('unknown_charger')}"
