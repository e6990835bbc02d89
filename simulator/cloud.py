"""The simulated cloud: its world, what goes wrong with it, and a record of what was asked of it."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from simulator.accounts import OWNER, USER, Bucket, SimulatedAccount, Tokens
from simulator.asked import Asked, kind_of
from simulator.charger import SimulatedCharger
from simulator.clock import ManualClock, MovableClock
from simulator.faults import Faulty
from simulator.readings import Entry
from simulator.sensors import EnergySensor
from simulator.verbs import verb
from simulator.world import Device, World

STATE_CACHE_S = 15.0


class Cloud(Faulty, World):
    """Everything the server answers from.

    Attributes:
        requests: what was asked, oldest first, the last ten thousand.
        rate_limited: whether asking too often is punished.
        token_lifetime_s: what `expires_in` says.
        state_cache_s: how long an answer of `/state` is repeated (custom-components/zaptec#189).
        chargehistory_from: sessions that ended before are no longer in the older history.
        on_command: called with charger, command and HTTP status after each command.
        on_change: called after anything has been done to the world over HTTP.
    """

    def __init__(
        self,
        *,
        clock: MovableClock | None = None,
        username: str = "demo@example.invalid",
        password: str = "demo",
        rate_limited: bool = False,
        time_zone: str = "Europe/Oslo",
    ) -> None:
        Faulty.__init__(self)
        World.__init__(self, clock or ManualClock(), SimulatedAccount(username, password), time_zone)
        self.tokens = Tokens()
        self.requests: deque[Asked] = deque(maxlen=10_000)
        self.rate_limited = rate_limited
        self.request_bucket, self.token_bucket = Bucket(10, 15), Bucket(1, 2)
        self.token_lifetime_s = 86_399
        self.state_cache_s = STATE_CACHE_S
        self.chargehistory_from: datetime | None = None
        self.on_command: Callable[[SimulatedCharger, int, int], None] | None = None
        self.on_change: Callable[[], None] | None = None
        self._state_cache: dict[str, tuple[datetime, list[Entry]]] = {}

    @classmethod
    def household(
        cls,
        clock: MovableClock | None = None,
        *,
        names: Sequence[str] = ("Carport", "Guest place"),
        rate_limited: bool = False,
    ) -> "Cloud":
        """The default world: two chargers and a meter reader at home, and one owner."""
        cloud = cls(clock=clock, rate_limited=rate_limited)
        for name in names:
            cloud.add_charger(name)
        cloud.add_sensor("Meter")
        return cloud

    def state_of(self, device: Device) -> list[Entry]:
        """What `/state` says: up to 15 seconds old."""
        now = self.clock.now()
        if isinstance(device, EnergySensor):
            return device.state(now)
        cached = self._state_cache.get(device.id)
        if cached and timedelta(0) <= now - cached[0] < timedelta(seconds=self.state_cache_s):
            return cached[1]
        state = device.state()
        self._state_cache[device.id] = (now, state)
        return state

    def forget_states(self) -> None:
        """Let the next `/state` tell how it is now, as if those 15 seconds had passed."""
        self._state_cache.clear()

    def changed(self) -> None:
        """Tell whoever keeps the world that it has been moved."""
        if self.on_change is not None:
            self.on_change()

    # Verbs that are not faults: what changed stays changed.

    @verb
    def expire_tokens(self) -> None:
        """Every token given out so far is worth nothing."""
        self.tokens.expire()

    @verb
    def take_role_away(self, charger: SimulatedCharger | None = None) -> None:
        """The account is only a user of this charger (of all chargers) from now on."""
        self.give_role(charger, USER)

    @verb
    def give_role(self, charger: SimulatedCharger | None = None, roles: int = USER | OWNER) -> None:
        """Give the account this role mask on one charger, or on everything."""
        for device in [charger] if charger else self.devices:
            self.accounts[0].roles[device.id] = roles

    @verb
    def forget_charger(self, charger_id: str) -> None:
        """Take a charger out of the account: no longer listed, and 404 from now on."""
        self.chargers = [charger for charger in self.chargers if charger.id != charger_id]

    # Faults that lie with the chargers.

    @verb
    def late_news(self, minutes: float = 20.0) -> None:
        """Whatever chargers report from now on is known so much later (Zaptec's status page, May 2026)."""
        for charger in self.chargers:
            charger.late_news(minutes)

    @verb
    def fleet_offline(self, minutes: float = 60.0) -> None:
        """All chargers that are online lose their line, and find it by themselves after so many minutes."""
        for charger in self.chargers:
            if charger.online:
                charger.go_offline_for(minutes)

    @verb
    def heal(self) -> None:
        """End every fault. Roles, tokens and forgotten chargers are not faults and stay as they are."""
        self.end_faults()
        for charger in self.chargers:
            charger.late_news(0)
            if charger.is_away_for_a_while:
                charger.come_online()

    def faults(self) -> list[str]:
        """The faults that are on, as the demo page lists them."""
        news_is_late = any(charger.late_s for charger in self.chargers)
        fleet_is_offline = any(charger.is_away_for_a_while for charger in self.chargers)
        named = {"news late": news_is_late, "fleet offline": fleet_is_offline}
        return self.troubles.names() + [name for name, is_on in named.items() if is_on]

    # What was asked.

    def asked(self, kind: str) -> int:
        """How many requests of a kind came in, whatever the answer.

        Kinds: token, chargers, charger, state, command, installations, installation, hierarchy, firmware,
        session, sessions, chargehistory, constants, other.
        """
        return sum(1 for request in self.requests if kind_of(request.path) == kind)

    def forget_requests(self) -> None:
        """Count from here."""
        self.requests.clear()
