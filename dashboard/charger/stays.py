"""Whether a car has come or left, told from one state of a charger to the next."""

from __future__ import annotations

from zaptec.charger import ChargerState
from zaptec.modes import OperationMode


def has_arrived(before: ChargerState, after: ChargerState) -> bool:
    """Another car, or the same again. A missing session id means nothing (evcc-io/evcc#33720)."""
    if not after.mode.is_plugged_in:
        return False
    if before.mode is OperationMode.DISCONNECTED:
        return True
    return bool(before.session_id and after.session_id and before.session_id != after.session_id)


def has_left(before: ChargerState, after: ChargerState) -> bool:
    if not before.mode.is_plugged_in:
        return False
    return after.mode is OperationMode.DISCONNECTED or has_arrived(before, after)


def was_authorised(before: ChargerState, after: ChargerState) -> bool:
    """Whether a car that waited for permission has got it."""
    is_same = before.session_id == after.session_id and after.mode.is_plugged_in
    return is_same and bool(after.is_authentication_required) and not before.user_id and bool(after.user_id)
