"""What the cloud tells of a simulated charger's readings, the odd ones that tests ask for included."""

from collections.abc import Iterable, Mapping
from threading import RLock
from typing import Any

from simulator.charger_parts import ChargerParts
from simulator.clock import MovableClock
from simulator.readings import Entry, without_zone
from simulator.verbs import verb

# The first of the two UTF-16 units of 🚗: what is left of it where a text is cut by those units, as .NET counts.
HALF = "\ud83d"


class ReadingVerbs(ChargerParts):
    """A charger whose readings can be made to say anything.

    Attributes:
        recording: entries to answer `/state` with, verbatim, instead of its own values.
        fields: what the list and the details say instead of the truth; None: the field is left out.
    """

    def __init__(self, charger_id: str, name: str, serial: str, clock: MovableClock, lock: RLock) -> None:
        super().__init__(charger_id, name, serial, clock, lock)
        self.recording: list[Entry] | None = None
        self.fields: dict[str, Any] = {}
        self._replaced: dict[int, Entry] = {}
        self._doubled: list[Entry] = []

    def state(self) -> list[Entry]:
        """The answer of `/state`."""
        if self.recording is not None:
            return self.recording
        told = {entry["StateId"]: entry for entry in self.seen.as_entries(self.id)} | self._replaced
        return sorted([*told.values(), *self._doubled], key=lambda item: int(item["StateId"]))

    def text_of(self, state_id: int) -> str | None:
        """The text of an observation as the cloud knows it; of a doubled one, the last."""
        entries = [entry for entry in self.state() if entry["StateId"] == state_id]
        text = entries[-1].get("ValueAsString") if entries else None
        return None if text is None else str(text)

    @verb
    def set_value(self, state_id: int, text: str | None = None) -> None:
        """Report something odd: a mode nobody knows, an id nobody lists, a cable locked for good."""
        self.report(state_id, text, even_if_equal=True)

    @verb
    def double_value(self, state_id: int, text: str | None = None) -> None:
        """Send an id twice in one answer, this text last."""
        self._doubled.append(self._entry(state_id, text, "2023-05-22T17:51:00.35"))

    @verb
    def replace_value(self, state_id: int, text: str | None = None, timestamp: str | None = None) -> None:
        """Have the cloud tell any text (and time) for a reading; the charger itself knows nothing of it."""
        at = timestamp if timestamp is not None else without_zone(self.seen.changed_at(state_id, self.at))
        self._replaced[state_id] = self._entry(state_id, text, at)

    @verb
    def half_a_character(self, state_id: int | None = None) -> None:
        """Cut a reading, or by default the charger's name everywhere, in the middle of a character."""
        if state_id is None:
            self.name += HALF
            self.report(802, self.name)
        else:
            self.replace_value(state_id, (self.text_of(state_id) or "") + HALF)

    @verb
    def stop_replacing(self) -> None:
        """Have the cloud tell its readings, and what the list says of it, as they are."""
        self.fields = {}
        self._replaced = {}
        self._doubled = []

    @verb
    def list_as(self, fields: Mapping[str, Any]) -> None:
        """Have the list and the details say this of it; a field that is None is left out."""
        self.fields |= dict(fields)

    @verb
    def leave_out(self, state_id: int) -> None:
        """Have the cloud know nothing of an observation until it is reported again."""
        self.seen.drop(state_id)
        self.readings.drop(state_id)

    @verb
    def serve_recording(self, entries: Iterable[Mapping[str, Any]] | None = None) -> None:
        """Answer these entries as the state until called with nothing; commands go by their values."""
        recording = None if entries is None else [dict(item) for item in entries]
        if any("StateId" not in item for item in recording or []):
            raise ValueError("every entry of a recording needs a StateId")
        self.recording = recording

    def _entry(self, state_id: int, text: str | None, timestamp: str) -> Entry:
        entry: Entry = {"ChargerId": self.id, "StateId": state_id, "Timestamp": timestamp}
        return entry | ({} if text is None else {"ValueAsString": text})
