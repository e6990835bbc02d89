"""The simulated cloud: accounts, installations with chargers, and a record of what was asked of it."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from simulator.accounts import OWNER, USER, Account, Bucket, Tokens
from simulator.asked import Asked, kind_of
from simulator.charger import SimulatedCharger
from simulator.clock import Clock, ManualClock
from simulator.faults import Faulty
from simulator.installations import SMART, SimulatedInstallation
from simulator.invented_history import InventedHistory
from simulator.readings import Entry
from simulator.sensors import EnergySensor
from simulator.sessions import Session
from simulator.stays import continue_from
from simulator.verbs import verb

CHARGER_ID = "{0}-2222-4333-8444-{1}"
STATE_CACHE_S = 15.0


Device = SimulatedCharger | EnergySensor


class Cloud(Faulty):
    """Everything the server answers from.

    Attributes:
        chargers, sensors: what the installations have.
        installations: the first is home.
        accounts: who may sign in; the first is `username` and `password`.
        requests: what was asked, oldest first, the last ten thousand.
        rate_limited: whether asking too often is punished.
        token_lifetime_s: what `expires_in` says.
        state_cache_s: how long an answer of `/state` is repeated (custom-components/zaptec#189).
        chargehistory_from: sessions that ended before are no longer in the older history.
        placed: the installation's id by the charger's.
        on_command: called with charger, command and HTTP status after each command.
        on_change: called after anything has been done to the world over HTTP.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        username: str = "demo@example.invalid",
        password: str = "demo",
        rate_limited: bool = False,
        time_zone: str = "Europe/Oslo",
    ) -> None:
        super().__init__()
        self.clock: Clock = clock or ManualClock()
        self.accounts = [Account(username, password)]
        self.tokens = Tokens()
        self.installations = [SimulatedInstallation(time_zone=time_zone)]
        self.chargers: list[SimulatedCharger] = []
        self.sensors: list[EnergySensor] = []
        self.invented: list[InventedHistory] = []
        self.past_sessions: list[Session] = []
        self.requests: deque[Asked] = deque(maxlen=10_000)
        self.rate_limited = rate_limited
        self.request_bucket, self.token_bucket = Bucket(10, 15), Bucket(1, 2)
        self.token_lifetime_s = 86_399
        self.state_cache_s = STATE_CACHE_S
        self.chargehistory_from: datetime | None = None
        self.on_command: Callable[[SimulatedCharger, int, int], None] | None = None
        self.on_change: Callable[[], None] | None = None
        self.placed: dict[str, str] = {}
        self._state_cache: dict[str, tuple[datetime, list[Entry]]] = {}

    @classmethod
    def household(
        cls,
        clock: Clock | None = None,
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

    # What is in it.

    @property
    def devices(self) -> list[Device]:
        """What `/api/chargers` lists: chargers and sensors."""
        return [*self.chargers, *self.sensors]

    @property
    def username(self) -> str:
        return self.accounts[0].username

    @property
    def password(self) -> str:
        return self.accounts[0].password

    @property
    def charger(self) -> SimulatedCharger:
        return self.chargers[0]

    def add_installation(
        self, name: str, time_zone: str = "Europe/Oslo", kind: int = SMART
    ) -> SimulatedInstallation:
        """One more; it is listed as soon as it has a charger."""
        installation = SimulatedInstallation.numbered(len(self.installations) + 1, name, time_zone, kind)
        self.installations.append(installation)
        return installation

    def add_charger(
        self, name: str, roles: int = USER | OWNER, installation: SimulatedInstallation | None = None
    ) -> SimulatedCharger:
        """One more charger, at home unless told otherwise."""
        place = installation or self.installations[0]
        number = len(self.chargers) + 1
        first, last = (
            (str(number) * 8, str(number + 4) * 12) if number <= 5 else (f"{number:08x}", f"{number:012x}")
        )
        charger = SimulatedCharger(CHARGER_ID.format(first, last), name, f"ZAP{number:06}", self.clock, self.lock)
        charger.report(800, place.id)
        self.placed[charger.id] = place.id
        self.chargers.append(charger)
        self.accounts[0].roles[charger.id] = roles
        return charger

    def add_sensor(self, name: str, device_type: int = 3) -> EnergySensor:
        number = len(self.sensors) + 1
        sensor = EnergySensor(f"eeeeeee{number}-2222-4333-8444-555555555555", name, f"APH{number:06}", device_type)
        self.sensors.append(sensor)
        self.accounts[0].roles[sensor.id] = USER | OWNER
        return sensor

    def add_account(self, username: str, password: str, roles: int = USER) -> Account:
        """Somebody else, with the same role on everything there is now."""
        account = Account(username, password, {device.id: roles for device in self.devices})
        self.accounts.append(account)
        return account

    def add_history(self, years: float = 2.0, seed: int = 1, charger: SimulatedCharger | None = None) -> None:
        """Invent past sessions of one charger, or of all; its meter goes on from the last of them."""
        until = self.clock.now()
        for owner in [charger] if charger else self.chargers:
            box = (owner.id, owner.name, owner.serial, owner.firmware)
            zone = self.installation_of(owner.id).time_zone
            self.invent([InventedHistory(*box, years, seed, until, owner.meter.kwh, zone)])
            continue_from(owner, self.past_sessions)

    def invent(self, histories: Iterable[InventedHistory]) -> None:
        """Have had the sessions of these histories."""
        for history in histories:
            self.invented.append(history)
            self.past_sessions += history.sessions()

    def add_session(
        self,
        start: datetime,
        end: datetime,
        energy_kwh: float,
        charger: SimulatedCharger | None = None,
        **details: Any,
    ) -> Session:
        """Put one past session into the history; `details` are fields of `Session`."""
        owner = charger or self.charger
        session_id = details.pop("id", None) or f"00000000-0000-4000-8000-{len(self.past_sessions) + 1:012}"
        box = (owner.id, owner.serial, owner.name, owner.firmware)
        session = Session(session_id, *box, start, end, energy_kwh, **details)
        self.past_sessions.append(session)
        return session

    def find_installation(self, installation_id: str) -> SimulatedInstallation | None:
        return next((known for known in self.installations if known.id == installation_id), None)

    def installation_of(self, device_id: str) -> SimulatedInstallation:
        """Where a device is, or was."""
        return self.find_installation(self.placed.get(device_id, "")) or self.installations[0]

    def chargers_of(self, installation: SimulatedInstallation) -> list[SimulatedCharger]:
        return [charger for charger in self.chargers if self.installation_of(charger.id) == installation]

    def roles_at(self, account: Account, installation: SimulatedInstallation) -> int:
        """The account's role mask on an installation: what its devices add up to, unless set."""
        masks = [mask for device, mask in account.roles.items() if self.installation_of(device) == installation]
        return account.installation_roles.get(installation.id, reduce(or_, masks, 0))

    def find_charger(self, charger_id: str) -> SimulatedCharger | None:
        return next((c for c in self.chargers if c.id == charger_id.lower()), None)

    def catch_up(self) -> datetime:
        """Let every charger live up to now."""
        now = self.clock.now()
        for charger in self.chargers:
            charger.catch_up(now)
        return now

    def sessions(self) -> list[Session]:
        """Every finished session, in the order of their ends."""
        found = [*self.past_sessions, *(s for charger in self.chargers for s in charger.sessions)]
        return sorted(found, key=lambda session: session.end)

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
