"""A car's stay at a simulated charger: when it begins, and what is written of it when it ends."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import md5
from uuid import UUID

from simulator.charger_parts import ChargerParts, arrive
from simulator.readings import three_decimals
from simulator.reporting import report_meter
from simulator.sessions import PEOPLE, OpenSession, Session
from simulator.timeline import happening


def begin_session(charger: ChargerParts) -> None:
    digest = md5(f"{charger.id}/{charger.sessions_begun}/{charger.at.isoformat()}".encode()).digest()
    charger.sessions_begun += 1
    session_id = str(UUID(bytes=digest, version=4))
    charger.session = OpenSession(session_id, charger.at, charger.meter.kwh)
    charger.session.readings.append((charger.at, charger.meter.kwh))
    charger.report(721, session_id)
    charger.report(553, three_decimals(0.0))


def end_session(charger: ChargerParts) -> None:
    """Write the session to 723 and, as soon as the cloud can hear it, to the history."""
    if charger.session is None:
        return
    charger.settle()
    code = charger.session.user or ""
    finished = _finished(charger, charger.session)
    charger.session = None
    charger.unsent.append(finished)
    if charger.can_be_heard:
        send_sessions(charger)
    charger.report(553, three_decimals(finished.energy_kwh))
    charger.report(723, finished.as_completed(code))
    charger.report(721, None)
    charger.report(722, None)


def _finished(charger: ChargerParts, session: OpenSession) -> Session:
    return Session(
        session.id,
        charger.id,
        charger.serial,
        charger.name,
        charger.firmware,
        session.start,
        charger.at,
        round(charger.meter.kwh - session.meter_kwh, 3),
        (*session.readings, (charger.at, charger.meter.kwh)),
        committed=charger.at + timedelta(seconds=charger.late_s),
        offline=not charger.can_be_heard,
        token_name=session.user and "Key fob",
        person=PEOPLE[1] if session.user else None,
    )


def continue_from(charger: ChargerParts, past: Iterable[Session]) -> None:
    """Have been the charger of these sessions: its meter and the last one go on from there."""
    mine = [session for session in past if session.charger_id == charger.id]
    if not mine:
        return
    charger.meter.kwh += sum(session.energy_kwh for session in mine)
    charger.report(723, mine[-1].as_completed())
    report_meter(charger)


def come_into_hearing(charger: ChargerParts) -> None:
    """Send what was kept back, sessions included."""
    charger.send_everything()
    send_sessions(charger)


def send_sessions(charger: ChargerParts) -> None:
    for session in list(charger.unsent):
        if charger.late_s:
            charger.timeline.later(charger.late_s, arrive_in_history, session.id)
        else:
            arrive_in_history(charger, session.id)


@happening
def arrive_in_history(charger: ChargerParts, session_id: str) -> None:
    """A finished session has reached the cloud."""
    for session in [kept for kept in charger.unsent if kept.id == session_id]:
        charger.unsent.remove(session)
        charger.sessions.append(session)


def be_late(charger: ChargerParts, seconds: float) -> None:
    """Let news take so long from now on; where that is less than before, what is on its way arrives at once."""
    if seconds < charger.late_s:
        for due in charger.timeline.take(arrive, arrive_in_history):
            due.happening(charger, *due.args)
    charger.late_s = seconds
