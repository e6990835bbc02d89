"""What may stand on a card besides its situation: every kind of alert, and each stage of a receipt."""

from __future__ import annotations

from collections.abc import Callable

from dashboard import reasons
from dashboard.card import alert_words, receipt_words
from dashboard.charger.receipt import ACCEPTED, ASKED, CONFIRMED, NOT_CONFIRMED, REFUSED
from dashboard.demo.prices import SOURCE as PRICE_SOURCE
from dashboard.parts import Alert
from dashboard.plan import failure_words
from dashboard.services import utc_now
from dashboard.tariff import words as tariff_words
from zaptec.commands import Action
from zaptec.situation import SituationName


def _failure(code: str) -> str:
    return f"{reasons.reason(code)}. {reasons.failure_remedy(code)}"


def _should_have(action: Action) -> str:
    happened = failure_words.should_have(action, utc_now(), "timer", "Ben", utc_now())
    return f"{happened} {reasons.reason('offline')}. {reasons.remedy('check_connection')}"


# Every kind of alert, worst first, by its name in the address.
ALERTS: dict[str, Callable[[], Alert]] = {
    "dangerous": lambda: Alert(alert_words.dangerous_fault(["RELAY_WELDED"]), is_dangerous=True),
    "pause_failed": lambda: _failed(Action.PAUSE, SituationName.CHARGING),
    "resume_failed": lambda: _failed(Action.RESUME, SituationName.SCHEDULED),
    "sign_in_rejected": lambda: Alert(_failure("sign_in_rejected"), link="more"),
    "sign_in_ended": lambda: Alert(_failure("sign_in_ended"), link="more"),
    "aim_asks": lambda: Alert(
        "To be ready by 07:00 with +20 kWh it has to charge from now on, but it was paused by hand."
    ),
    "pause_missed": lambda: Alert(_should_have(Action.PAUSE)),
    "resume_missed": lambda: Alert(_should_have(Action.RESUME)),
    "warning": lambda: Alert(alert_words.warning(["TEMPERATURE_ERROR"]), is_quiet=True),
    "unknown_warning": lambda: Alert(alert_words.unknown_warning(), is_quiet=True),
    "silent": lambda: Alert(alert_words.silent(None, utc_now()), is_quiet=True),
    "malformed_request": lambda: Alert(_failure("malformed_request"), is_quiet=True),
    "unreachable": lambda: Alert(_failure("unreachable"), is_quiet=True),
    "unknown_age": lambda: Alert(alert_words.of_unknown_age(), is_quiet=True),
    "no_time_zone": lambda: Alert(alert_words.no_time_zone(), is_quiet=True),
    "wrong_clock": lambda: Alert(alert_words.wrong_clock(45), is_quiet=True),
    "unknown_proxy": lambda: Alert(alert_words.unknown_proxy(), is_quiet=True),
    "no_prices": lambda: Alert(
        tariff_words.none_since(PRICE_SOURCE, utc_now(), utc_now(), "timed_out"), is_quiet=True, link="more"
    ),
}


def _failed(action: Action, name: SituationName) -> Alert:
    text = receipt_words.did_not_get_through(action, name)
    return Alert(text, is_urgent=True, again=action.value, seen=1)


RECEIPTS = {
    ASKED: ["Anna asked to pause it at 18:01."],
    ACCEPTED: ["Anna asked to pause it at 18:01.", "Zaptec has accepted; the charger follows."],
    CONFIRMED: ["Anna paused it at 18:01.", "The charger has confirmed."],
    NOT_CONFIRMED: ["Anna asked to pause it at 18:01.", "The charger has not confirmed within 65 s."],
    REFUSED: ["Anna asked to pause it at 18:01.", "Refused: the charger is not online."],
}
