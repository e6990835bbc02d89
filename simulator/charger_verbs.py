"""What happens to a simulated charger itself: its line to the cloud, its settings, its schedule."""

from datetime import UTC, datetime, timedelta

from simulator.charger_parts import FINISHED, IS_ONLINE, ChargerParts
from simulator.charging import consider_starting, follow_permission, schedule_ends, stop_drawing
from simulator.readings import three_decimals
from simulator.stays import be_late, come_into_hearing
from simulator.timeline import happening
from simulator.verbs import verb

# A schedule of its own, as chargers in Great Britain have it: 760 to 762 and 764.
SCHEDULE = {760: "GBR", 761: "Europe/London", 762: "031:0800:1100;031:1600:2200;", 764: "600"}


class ChargerVerbs(ChargerParts):
    """A charger to switch, limit and silence."""

    @property
    def is_away_for_a_while(self) -> bool:
        """Whether it is offline and will come back by itself."""
        return self.timeline.is_due(find_line)

    @verb
    def go_offline(self) -> None:
        """The cloud no longer hears it; it goes on charging."""
        lose_line(self)

    @verb
    def come_online(self) -> None:
        """It is heard again and sends what it kept back."""
        find_line(self)

    @verb
    def go_offline_for(self, minutes: float = 60.0) -> None:
        """The cloud no longer hears it, and hears it again by itself after so many minutes."""
        lose_line(self)
        self.timeline.later(minutes * 60, find_line)

    @verb
    def late_news(self, minutes: float = 20.0) -> None:
        """Whatever it reports from now on reaches the cloud so much later; with 0, what is on its way is there."""
        be_late(self, minutes * 60)

    @verb
    def require_authorisation(self, required: bool = True) -> None:
        """From now on a session needs (or no longer needs) a card or the app."""
        self.report(120, "1" if required else "0")
        follow_permission(self)

    @verb
    def authorise(self, token: str = "nfc-04A1B2C3D4E5F6") -> None:
        """Somebody holds a card to it."""
        if self.session is not None:
            self.session.user = token
            self.report(722, token)
            consider_starting(self)

    @verb
    def hold_by_schedule(self, until: datetime | None = None) -> None:
        """A schedule of the charger's own holds it back until then (default: five hours from now)."""
        until = (until or self.at + timedelta(hours=5)).astimezone(UTC)
        for state_id, text in SCHEDULE.items():
            self.report(state_id, text)
        self.report(763, until.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.timeline.cancel(schedule_ends)
        self.timeline.later((until - self.at).total_seconds(), schedule_ends)
        if self.car is not None:
            if self.is_drawing:
                stop_drawing(self)
            self.report(710, str(FINISHED))
        consider_starting(self)

    @verb
    def drop_schedule(self) -> None:
        """The schedule holds it no longer."""
        schedule_ends(self)

    @verb
    def limit_current(self, amps: float) -> None:
        """Set the highest current of this charger; under 6 A it may not charge."""
        self.limit_a = amps
        self.report(510, three_decimals(amps))
        follow_permission(self)

    @verb
    def share_current(self, amps: float) -> None:
        """What load balancing leaves for this charger; its own limit stays."""
        self.share_a = amps
        follow_permission(self)

    @verb
    def stand_alone(self, alone: bool = True) -> None:
        """It no longer listens to the cloud."""
        self.report(712, "1" if alone else "0")

    @verb
    def disable(self, disabled: bool = True) -> None:
        """Somebody switches it off, or on again, in the portal."""
        self.report(711, "0" if disabled else "1")
        follow_permission(self)

    @verb
    def warn(self, bits: int = 2) -> None:
        """Show these warnings."""
        self.report(804, str(bits))


def lose_line(charger: ChargerParts) -> None:
    charger.online = False
    charger.timeline.cancel(find_line)
    charger.seen.put(IS_ONLINE, "0", charger.at)


@happening
def find_line(charger: ChargerParts) -> None:
    charger.online = True
    charger.timeline.cancel(find_line)
    if not charger.restarting:
        come_into_hearing(charger)
