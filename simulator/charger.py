"""A simulated Zaptec Go, and the verbs with which tests and the demo page move it."""

from threading import RLock

from simulator.car_verbs import CarVerbs
from simulator.charger_verbs import ChargerVerbs
from simulator.clock import MovableClock
from simulator.commands import PAUSE, RESUME, ReceivedCommand, Verdict, judge
from simulator.obeying import obey
from simulator.reading_verbs import ReadingVerbs
from simulator.reporting import first_report
from simulator.verbs import verb

APOLLO = 4


class SimulatedCharger(ReadingVerbs, ChargerVerbs, CarVerbs):
    """A charger in the simulated cloud.

    Attributes:
        device_type: Zaptec's number for what it is; None: the cloud does not say.
        commands: every command that reached it or was refused for it, in order.
        received: the same with time, answer and outcome.
    """

    def __init__(self, charger_id: str, name: str, serial: str, clock: MovableClock, lock: RLock) -> None:
        super().__init__(charger_id, name, serial, clock, lock)
        self.device_type: int | None = APOLLO
        self.commands: list[int] = []
        self.received: list[ReceivedCommand] = []
        first_report(self)

    def receive(self, command: int, *, is_lost: bool = False) -> Verdict:
        """Take a command from the cloud, refuse it or begin to carry it out."""
        verdict = self._judge(command)
        outcome = verdict.outcome
        if outcome == "executed" and is_lost:
            outcome = "lost"
        self.commands.append(command)
        self.received.append(ReceivedCommand(self.at, command, verdict.status, outcome))
        if outcome == "executed" and self.recording is None:
            obey(self, command)
        return verdict

    @verb
    def pause_elsewhere(self) -> None:
        """Somebody pauses it with the vendor's app."""
        if self._judge(PAUSE).is_executed:
            obey(self, PAUSE)

    @verb
    def resume_elsewhere(self) -> None:
        """Somebody resumes it with the vendor's app."""
        if self._judge(RESUME).is_executed:
            obey(self, RESUME)

    @verb
    def set_device_type(self, device_type: int | None = None) -> None:
        """Be of a type nobody knows yet, or of none that the cloud tells."""
        self.device_type = device_type

    def _judge(self, command: int) -> Verdict:
        return judge(command, self.text_of, is_reachable=self.can_be_heard)
