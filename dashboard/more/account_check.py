"""What the account may do with each charger and what stands in the way, asked when an owner wants to know."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import copy_current_request_context

from dashboard.charger.account import failure_code
from dashboard.more import words
from dashboard.services import Services
from zaptec.catalogue import active_warnings
from zaptec.charger import AccountRole, Charger, ChargerState, family_of
from zaptec.commands import Action
from zaptec.errors import ZaptecError
from zaptec.reasons import Refusal
from zaptec.situation import Reason, situation

KEPT_FOR = timedelta(minutes=2)
LASTING = (
    Reason.OFFLINE,
    Reason.DISABLED,
    Reason.STAND_ALONE,
    Reason.FIRMWARE_TOO_OLD,
    Reason.UNSAFE,
    Reason.UNKNOWN_DEVICE,
)


@dataclass(frozen=True)
class CheckedCharger:
    """One charger: sentences on what works, and on what does not with its remedy."""

    name: str
    good: list[str]
    bad: list[str]


Findings = tuple[list[CheckedCharger], str]


class AccountCheck:
    """The check that one process has under way, or has done and not yet shown."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._work: Future[Findings] | None = None
        self._ended_at: datetime | None = None

    def work(self, services: Services) -> Future[Findings]:
        """The check under way, or one that has just ended without anybody seeing it, else a new one."""
        with self._lock:
            is_stale = self._ended_at is not None and services.now() - self._ended_at > KEPT_FOR
            if self._work is None or (self._work.done() and is_stale):
                self._ended_at = None
                # With the request, whose language the sentences are in.
                self._work = services.background.start(
                    copy_current_request_context(lambda: check_account(services))
                )
                self._work.add_done_callback(lambda _work: self._note_end(services))
            return self._work

    def _note_end(self, services: Services) -> None:
        self._ended_at = services.now()

    def was_shown(self, work: Future[Findings]) -> None:
        """The next one asks anew."""
        with self._lock:
            if self._work is work:
                self._work = None


def check_account(services: Services) -> Findings:
    """Ask Zaptec now, which may take a minute for each charger.

    Returns what was found for each, and why nothing could be found, if so.
    """
    try:
        everything = services.account.client.chargers()
    except ZaptecError as error:
        return [], words.failed(failure_code(error))
    shown = [charger for charger in everything if services.settings.shows(charger.id)]
    return [_check(services, charger) for charger in shown], "" if shown else words.nothing_listed()


def _check(services: Services, charger: Charger) -> CheckedCharger:
    if not charger.may_command:
        return CheckedCharger(charger.name, [], [words.may_not_command(_role(charger))])
    good = [_role(charger)]
    try:
        state = services.account.client.charger_state(charger.id)
    except ZaptecError as error:
        return CheckedCharger(charger.name, good, [words.failed(failure_code(error))])
    good.append(words.state_can_be_read())
    bad = _obstacles(services, charger, state)
    if not bad:
        good.append(words.nothing_in_the_way())
    return CheckedCharger(charger.name, good, bad)


def _role(charger: Charger) -> str:
    if charger.roles is None:
        return words.role_not_told()
    if charger.may_command:
        return words.role_enough(is_owner=bool(charger.roles & AccountRole.OWNER))
    return words.role_too_low()


def _obstacles(services: Services, charger: Charger, state: ChargerState) -> list[str]:
    """What keeps commands from working now, each with what helps."""
    sentences = [words.in_the_way(refusal) for refusal in _lasting_refusals(services, charger, state)]
    if state.is_current_too_low:
        limits = [amps for amps in (state.allocated_current_a, state.max_current_a) if amps is not None]
        sentences.append(words.current_too_low(min(limits)))
    if state.next_schedule_at:
        sentences.append(words.schedule_of_zaptec())
    if state.is_authentication_required:
        sentences.append(words.needs_permission())
    sentences += [words.warning(name) for name in active_warnings(state.warnings, family_of(charger, state))]
    return sentences + _old_software(services, charger)


def _lasting_refusals(services: Services, charger: Charger, state: ChargerState) -> list[Refusal]:
    """Why it cannot be paused or resumed, leaving out what another situation of the car would change."""
    now_so = situation(charger, state, services.now())
    refusals = {now_so.refusals[action] for action in (Action.PAUSE, Action.RESUME) if action in now_so.refusals}
    if now_so.why_not is not None:  # of a charger on its own, which may obey all the same
        refusals.add(now_so.why_not)
    return [refusal for refusal in refusals if refusal.reason in LASTING]


def _old_software(services: Services, charger: Charger) -> list[str]:
    if charger.installation_id is None:
        return []
    try:
        versions = services.account.client.firmware(charger.installation_id)
    except ZaptecError:
        return []  # not everybody may ask; nothing depends on it
    return [
        words.old_software(version.current_version, version.available_version)
        for version in versions
        if version.charger_id == charger.id and version.is_up_to_date is False
        if version.current_version and version.available_version
    ]
