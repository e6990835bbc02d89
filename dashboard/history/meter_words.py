"""What the page of a session says of the meter, for people who know nothing of its format."""

from __future__ import annotations

from dashboard import formats
from dashboard.history.sessions import BookedSession
from dashboard.texts import _, ngettext

MINUS = "\N{MINUS SIGN}"


def formula(session: BookedSession) -> str:
    """149.119 − 140.121 = 8.998 kWh"""
    last, first = formats.kwh(session.meter_last_mwh, 3), formats.kwh(session.meter_first_mwh, 3)
    return f"{last} {MINUS} {first} = {formats.kwh(session.meter_mwh, 3)} kWh".replace("= -", f"= {MINUS}")


def meter_agrees() -> str:
    return _("The meter’s end minus its beginning is the session’s energy.")


def meter_differs(session: BookedSession) -> str:
    difference = formats.kwh(abs((session.meter_mwh or 0) - session.energy_mwh), 3)
    energy = formats.kwh(session.energy_mwh, 3)
    return _("The session says %(energy)s kWh, which is %(difference)s kWh away from that.") % {
        "energy": energy,
        "difference": difference,
    }


def no_meter() -> str:
    return _("This session came without readings of the meter, so there is nothing to check it against.")


def meter_unreadable() -> str:
    return _("The readings of the meter that came with this session could not be understood.")


def only_the_meter_knows(meter_mwh: int) -> str:
    return _("The meter counted %s kWh; the session itself does not say.") % formats.kwh(meter_mwh, 3)


def doubtful_readings(count: int) -> str:
    return (
        ngettext(
            "The charger marks %d reading of the meter as doubtful: it is left out.",
            "The charger marks %d readings of the meter as doubtful: they are left out.",
            count,
        )
        % count
    )


def other_readings(count: int) -> str:
    return (
        ngettext(
            "%d reading is of something else than energy, and is left out.",
            "%d readings are of something else than energy, and are left out.",
            count,
        )
        % count
    )


def readings_agree(energy_mwh: int) -> str:
    return _("The readings in between add up to %s kWh: the session’s energy.") % formats.kwh(energy_mwh, 3)


def readings_differ(energy_mwh: int) -> str:
    return _("The readings in between add up to %s kWh, which is not the session’s energy.") % formats.kwh(
        energy_mwh, 3
    )


def before_agrees(meter_mwh: int) -> str:
    return _("The session before ended at %s kWh, where this one begins.") % formats.kwh(meter_mwh, 3)


def before_differs(meter_mwh: int, difference_mwh: int) -> str:
    return _("The session before ended at %(meter)s kWh: the meter counted %(difference)s kWh in between.") % _gap(
        meter_mwh, difference_mwh
    )


def before_unknown() -> str:
    return _("The session before has no reading of the meter to compare with.")


def after_agrees(meter_mwh: int) -> str:
    return _("The session after begins at %s kWh, where this one ends.") % formats.kwh(meter_mwh, 3)


def after_differs(meter_mwh: int, difference_mwh: int) -> str:
    return _("The session after begins at %(meter)s kWh: the meter counted %(difference)s kWh in between.") % _gap(
        meter_mwh, difference_mwh
    )


def after_unknown() -> str:
    return _("The session after has no reading of the meter to compare with.")


def _gap(meter_mwh: int, difference_mwh: int) -> dict[str, str]:
    return {"meter": formats.kwh(meter_mwh, 3), "difference": formats.kwh(difference_mwh, 3).replace("-", MINUS)}


def signature(session: BookedSession) -> str:
    if session.is_signed:
        return _("The readings are signed; the signature is not checked here.")
    return _("This charger does not sign its readings: good for a household, not for selling electricity.")
