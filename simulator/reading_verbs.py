"""What the cloud tells of a simulated charger's readings, the odd ones that tests ask for included."""

from collections.abc import Iterable, Mapping
from threading import RLock
from typing import Any

from simulator.charger_parts import ChargerParts
from simulator.clock import Clock
from simulator.readings import Entry
from simulator.verbs import verb


class ReadingVerbs(ChargerParts):
    """A charger whose readings can be made to say anything.

    Attributes:
        recording: entries to answer `/state` with, verbatim, instead of its own values.
    """

    def __init__(self, charger_id: str, name: str, serial: str, clock: Clock, lock: RLock) -> None:
        super().__init__(charger_id, name, serial, clock, lock)
        self.recording: list[Entry] | None = None
        self._doubled: list[Entry] = []

    def state(self) -> list[Entry]:
        """The answer of `/state`."""
        if self.recording is not None:
            return self.recording
        return sorted([*self.seen.as_entries(self.id), *self._doubled], key=lambda item: int(item["StateId"]))

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
        reading = {"ChargerId": self.id, "StateId": state_id, "Timestamp": "2023-05-22T17:51:00.35"}
        self._doubled.append(reading | ({} if text is None else {"ValueAsString": text}))

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
