"""What the account may do with each charger and what stands in the way, asked when an owner wants to know."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import copy_current_request_context

from dashboard import formats, reasons
from dashboard.charger.account import failure_code
from dashboard.services import Services
from dashboard.texts import _
from zaptec.catalogue import active_warnings, warning_in_words
from zaptec.charger import AccountRole, Charger, ChargerState, family_of
from zaptec.commands import Action
from zaptec.errors import ZaptecError
from zaptec.situation import Reason, situation

KEPT_FOR = timedelta(minutes=2)


@dataclass(frozen=True)
class Checked:
    """One charger: sentences on what works, and on what does not with its remedy."""

    name: str
    good: list[str]
    bad: list[str]


Findings = tuple[list[Checked], str]


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
        found = [one for one in services.account.client.chargers() if services.settings.shows(one.id)]
    except ZaptecError as error:
        code = failure_code(error)
        return [], f"{reasons.reason(code)}. {reasons.failure_remedy(code)}"
    return [_check(services, one) for one in found], "" if found else _("Zaptec lists no charger for this account.")


def _check(services: Services, charger: Charger) -> Checked:
    good, bad = [_role(charger)] if charger.may_command else [], []
    if not charger.may_command:
        bad.append(f"{_role(charger)} {reasons.failure_remedy('no_access')}")
        return Checked(charger.name, good, bad)
    try:
        state = services.account.client.charger_state(charger.id)
    except ZaptecError as error:
        code = failure_code(error)
        bad.append(f"{reasons.reason(code)}. {reasons.failure_remedy(code)}")
        return Checked(charger.name, good, bad)
    good.append(_("Its state can be read."))
    bad += _obstacles(services, charger, state)
    if not bad:
        good.append(_("Nothing stands in the way of pausing and resuming."))
    return Checked(charger.name, good, bad)


def _role(charger: Charger) -> str:
    if charger.roles is None:
        return _("Zaptec does not say which role the account has.")
    if charger.may_command:
        role = _("owner") if charger.roles & AccountRole.OWNER else _("service")
        return _("The account has %s rights.") % role
    return _("The account has user rights only.")


def _obstacles(services: Services, charger: Charger, state: ChargerState) -> list[str]:
    """What keeps commands from working now, each with what helps."""
    found = situation(charger, state, services.now())
    in_the_way = (
        Reason.OFFLINE,
        Reason.DISABLED,
        Reason.STAND_ALONE,
        Reason.FIRMWARE_TOO_OLD,
        Reason.UNSAFE,
        Reason.UNKNOWN_DEVICE,
    )
    refusals = {found.refusals[action] for action in (Action.PAUSE, Action.RESUME) if action in found.refusals}
    if found.why_not is not None:  # of a charger on its own, which may obey all the same
        refusals.add(found.why_not)
    blocking = [one for one in refusals if one.reason in in_the_way]
    said = [f"{reasons.reason(one.reason)}. {reasons.remedy(one.remedy)}" for one in blocking]
    if state.is_current_too_low:
        limits = [amps for amps in (state.allocated_current_a, state.max_current_a) if amps is not None]
        limit = formats.number(min(limits), 0)
        said.append(_("The limit is %s A; a car needs at least 6 A to charge.") % limit)
    if state.next_schedule_at:
        said.append(_("A schedule of Zaptec’s holds the charging back; Resume overrides it once."))
    if state.is_authentication_required:
        said.append(_("Each charge needs permission, with a card or in Zaptec’s app."))
    for name in active_warnings(state.warnings, family_of(charger, state)):
        said.append(_("The charger reports: %s.") % _(warning_in_words(name)))
    return said + _old_software(services, charger)


def _old_software(services: Services, charger: Charger) -> list[str]:
    if charger.installation_id is None:
        return []
    try:
        versions = services.account.client.firmware(charger.installation_id)
    except ZaptecError:
        return []  # not everybody may ask; nothing depends on it
    return [
        _("Its software is %(current)s; %(available)s is available.")
        % {"current": one.current_version, "available": one.available_version}
        for one in versions
        if one.charger_id == charger.id and one.is_up_to_date is False and one.available_version
    ]
