"""What there is in the simulated cloud: accounts, installations, chargers, and their past."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from threading import RLock
from typing import Any

from simulator.accounts import OWNER, USER, SimulatedAccount
from simulator.charger import APOLLO, SimulatedCharger
from simulator.clock import MovableClock
from simulator.installations import SMART, SimulatedInstallation
from simulator.invented_history import InventedHistory
from simulator.sensors import EnergySensor
from simulator.sessions import Session
from simulator.stays import continue_from

CHARGER_ID = "{0}-2222-4333-8444-{1}"

Device = SimulatedCharger | EnergySensor


class World:
    """Accounts and what they have.

    Attributes:
        accounts: who may sign in; the first is `username` and `password`.
        installations: the first is home.
        chargers, sensors: what the installations have.
        placed: the installation's id by the charger's, of chargers that have gone too.
        invented: the histories that past sessions were invented from.
        past_sessions: what chargers did before they were simulated.
    """

    lock: RLock

    def __init__(self, clock: MovableClock, account: SimulatedAccount, time_zone: str) -> None:
        self.clock = clock
        self.accounts = [account]
        self.installations = [SimulatedInstallation(time_zone=time_zone)]
        self.chargers: list[SimulatedCharger] = []
        self.sensors: list[EnergySensor] = []
        self.placed: dict[str, str] = {}
        self.invented: list[InventedHistory] = []
        self.past_sessions: list[Session] = []

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
        self,
        name: str,
        roles: int = USER | OWNER,
        installation: SimulatedInstallation | None = None,
        device_type: int | None = APOLLO,
    ) -> SimulatedCharger:
        """One more charger, at home unless told otherwise; it never gets the id of one that has gone."""
        place = installation or self.installations[0]
        number = len(self.placed) + 1
        first, last = (
            (str(number) * 8, str(number + 4) * 12) if number <= 5 else (f"{number:08x}", f"{number:012x}")
        )
        charger = SimulatedCharger(CHARGER_ID.format(first, last), name, f"ZAP{number:06}", self.clock, self.lock)
        charger.device_type = device_type
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

    def add_account(self, username: str, password: str, roles: int = USER) -> SimulatedAccount:
        """Somebody else, with the same role on everything there is now."""
        account = SimulatedAccount(username, password, {device.id: roles for device in self.devices})
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

    def roles_at(self, account: SimulatedAccount, installation: SimulatedInstallation) -> int:
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
