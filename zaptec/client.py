"""Zaptec's cloud as Python calls: one method for each thing asked or commanded, and one way to ask."""

import time
from collections.abc import Callable
from datetime import datetime

import requests

from zaptec.answers import Entries, Listing, listed, understood
from zaptec.charger import Charger, Installation
from zaptec.commands import Command
from zaptec.errors import NotUnderstood, SignInEnded, SignInRejected
from zaptec.firmware import Firmware
from zaptec.login import Login, PasswordLogin
from zaptec.requester import Requester
from zaptec.sessions import CompletedSession, period
from zaptec.state import ChargerState
from zaptec.transport import DEFAULT_API_URL, RequestRecord, Transport, new_session

__all__ = ["DEFAULT_API_URL", "Firmware", "RequestRecord", "ZaptecClient"]


class ZaptecClient:
    """One account at Zaptec; safe to share between threads.

    Reads are tried up to three times, with a short back-off; commands are sent once. Either is repeated once
    after a 401 and a new sign-in. Every method may raise, besides what it names:

        SignInRejected: the password is wrong.
        SignInEnded: Zaptec does not sign anybody in this way.
        TryLater: 429, 5xx, time-out, no connection, or no token to be had.
        NotUnderstood: the answer is not what Zaptec documents.

    Args:
        timeout_s: for connecting, and for each wait for data. A whole answer may take twice as long, and after so
            long nothing is asked again: a question is over after four time-outs at most.
        retry_pause_s: the pause before the second try of a read; the third waits about twice as long.
        on_request: called after each request sent (those of `login` are its own affair; see `with_password`).
        before_request: called with the kind before each request is sent, the place for a limiter: it may
            wait, or raise TryLater.
        sleep: makes the pauses between tries; takes seconds.
    """

    def __init__(
        self,
        login: Login,
        *,
        api_url: str = DEFAULT_API_URL,
        session: requests.Session | None = None,
        timeout_s: float = 10,
        retry_pause_s: float = 0.3,
        on_request: Callable[[RequestRecord], None] | None = None,
        before_request: Callable[[str], None] | None = None,
        now: Callable[[], datetime] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.login = login
        transport = Transport(api_url, session or new_session(), timeout_s, on_request, now)
        self._requester = Requester(login, transport, retry_pause_s, before_request, sleep)

    @classmethod
    def with_password(
        cls,
        username: str,
        password: str,
        *,
        api_url: str = DEFAULT_API_URL,
        session: requests.Session | None = None,
        timeout_s: float = 10,
        retry_pause_s: float = 0.3,
        on_request: Callable[[RequestRecord], None] | None = None,
        before_request: Callable[[str], None] | None = None,
        scope: str | None = None,
        before_sign_in: Callable[[], None] | None = None,
        on_rejected: Callable[[SignInRejected], None] | None = None,
        on_ended: Callable[[SignInEnded], None] | None = None,
        now: Callable[[], datetime] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> "ZaptecClient":
        """A client that signs in with user name and password; its hooks see sign-ins, kind "token", too.

        Args:
            scope, before_sign_in, on_rejected, on_ended: see `PasswordLogin`.
            now: our clock, which `clock_skew_s` compares with Zaptec's; by default the system's.
        """

        def before_token() -> None:
            if before_sign_in is not None:
                before_sign_in()
            if before_request is not None:
                before_request("token")

        session = session or new_session()
        login = PasswordLogin(
            username, password, api_url=api_url, session=session, scope=scope, timeout_s=timeout_s,
            before_sign_in=before_token, on_rejected=on_rejected, on_ended=on_ended, on_answer=on_request,
        )  # fmt: skip
        return cls(
            login, api_url=api_url, session=session, timeout_s=timeout_s, retry_pause_s=retry_pause_s,
            on_request=on_request, before_request=before_request, now=now, sleep=sleep,
        )  # fmt: skip

    @property
    def clock_skew_s(self) -> float | None:
        """Seconds our clock is ahead of Zaptec's, by the `Date` of the last answer; None before the first."""
        return self._requester.transport.clock_skew_s

    def chargers(self) -> Listing[Charger]:
        """The chargers the account can see, whatever its role on them; energy sensors are left out.

        An entry that cannot be read is counted in `unread`, and does not hide the others.

        Source: GET /api/chargers, https://docs.zaptec.com/reference/api_chargers_get
        """
        entries = Entries(self._requester.pages("chargers", "/api/chargers", {}), Charger.from_json)
        found = {charger.id: charger for charger in entries if charger.is_charger}
        return Listing(found.values(), entries.unread)

    def charger_state(self, charger_id: str) -> ChargerState:
        """What Zaptec last heard from the charger; up to 15 s old (custom-components/zaptec#189).

        Raises:
            NoAccess: the account is neither owner nor service.
            UnknownCharger: there is no such charger.

        Source: GET /api/chargers/{id}/state, https://docs.zaptec.com/docs/state-observation-reference
        """
        entries = listed(self._requester.read("state", "/api/chargers/{}/state", charger_id))
        state = ChargerState.from_json(entries)
        if not state.observations:
            raise NotUnderstood(f"a state of {len(entries)} entries without a single reading")
        return state

    def installation(self, installation_id: str) -> Installation:
        """The site a charger belongs to, with its time zone.

        Raises:
            NoAccess, UnknownCharger: as for a charger.

        Source: GET /api/installation/{id}
        """
        return understood(
            Installation.from_json, self._requester.read("installation", "/api/installation/{}", installation_id)
        )

    def firmware(self, installation_id: str) -> Listing[Firmware]:
        """Firmware of each charger of an installation.

        Raises:
            NoAccess: the account is neither owner nor service, or became it some seconds ago.

        Source: GET /api/chargerFirmware/installation/{installationId}
        """
        path = "/api/chargerFirmware/installation/{}"
        data = self._requester.read("firmware", path, installation_id, is_empty_forbidden=True)
        return Entries(listed(data), Firmware.from_json).all()

    def completed_sessions(
        self,
        since: datetime,
        until: datetime,
        *,
        charger_id: str | None = None,
        installation_id: str | None = None,
    ) -> Entries[CompletedSession]:
        """Sessions that ended in [since, until), oldest first, page by page while the caller takes them.

        Name either a charger or an installation; both times are aware. Ask for a month at a time. Voided and
        aborted sessions are included.

        Raises:
            NoAccess: the account is not the owner (custom-components/zaptec#396); `charge_history` may work.
            NotUnderstood: also when the pages do not end; what came before is good.

        Source: GET /api/sessions/archived, https://docs.zaptec.com/reference/api_sessions_archived_get
        """
        query = period(since, until, charger_id, installation_id)
        return Entries(self._requester.archived(query), CompletedSession.from_archived)

    def charge_history(
        self,
        since: datetime,
        until: datetime,
        *,
        charger_id: str | None = None,
        installation_id: str | None = None,
    ) -> Entries[CompletedSession]:
        """The same from the endpoint that is to disappear on 1 January 2027, in Zaptec's order.

        Raises:
            NoAccess, UnknownCharger, NotUnderstood: as for `completed_sessions`.

        Source: GET /api/chargehistory; its end: custom-components/zaptec#396
        """
        query = period(since, until, charger_id, installation_id) | {"DetailLevel": "1"}
        entries = self._requester.pages("history", "/api/chargehistory", query)
        return Entries(entries, CompletedSession.from_chargehistory)

    def pause(self, charger_id: str) -> None:
        """Pause charging; `resume` undoes exactly that.

        Zaptec answers before the charger has acted: the state shows it some seconds later.

        Raises:
            CommandRefused: already paused, or no car.
            NoAccess, UnknownCharger: as for `charger_state`.
            TryLater: the pause may still happen, unless `was_not_carried_out`.

        Source: POST /api/chargers/{id}/sendCommand/506,
        https://docs.zaptec.com/docs/understanding-finalstopactive-and-resume-command-behavior
        """
        self._requester.command(charger_id, Command.STOP_CHARGING_FINAL)

    def resume(self, charger_id: str) -> None:
        """Undo a pause, or override a schedule in the charger; whether the car then draws is its own affair.

        Raises:
            CommandRefused: neither paused nor scheduled (evcc-io/evcc#21566).
            NoAccess, UnknownCharger, TryLater: as for `pause`.

        Source: POST /api/chargers/{id}/sendCommand/507
        """
        self._requester.command(charger_id, Command.RESUME_CHARGING)

    def deauthorize_and_stop(self, charger_id: str) -> None:
        """End the session, stop, release the cable; where permission is asked for, a new one is needed.

        Raises:
            CommandRefused: Zaptec gave a reason.
            NoAccess, UnknownCharger, TryLater: as for `pause`.

        Source: POST /api/chargers/{id}/sendCommand/10001
        """
        self._requester.command(charger_id, Command.DEAUTHORIZE_AND_STOP)

    def restart(self, charger_id: str) -> None:
        """Reboot the charger: offline for one or two minutes.

        Raises:
            CommandRefused, NoAccess, UnknownCharger, TryLater: as for `pause`.

        Source: POST /api/chargers/{id}/sendCommand/102
        """
        self._requester.command(charger_id, Command.RESTART_CHARGER)
