"""Whatever is done in whatever order, a charger stays one that could exist."""

from random import Random

import pytest

from simulator import Cloud, ManualClock
from simulator.control import CHARGER_VERBS

# These make the charger say something impossible on purpose, or need an argument.
ODD = {
    *("set_value", "double_value", "replace_value", "leave_out", "serve_recording", "list_as"),
    *("limit_current", "share_current"),
}
VERBS = [verb for name, verb in CHARGER_VERBS.items() if name not in ODD]


@pytest.mark.parametrize("seed", range(30))
def test_a_charger_stays_believable(seed):
    random = Random(seed)
    clock = ManualClock()
    charger = Cloud.household(clock).charger
    for _ in range(60):
        choice = random.random()
        if choice < 0.5:
            random.choice(VERBS)(charger)
        elif choice < 0.8:
            charger.catch_up(clock.now())
            charger.receive(random.choice((102, 506, 507, 10001)))
        else:
            charger.limit_current(random.choice((0, 6, 16)))
        clock.advance(seconds=random.choice((0, 1, 2, 5, 30, 600, 7200)))
        charger.catch_up(clock.now())
        believe(charger)
    charger.limit_current(16)
    charger.disable(False)
    charger.stand_alone(False)
    charger.require_authorisation(False)
    charger.drop_schedule()
    charger.come_online()
    charger.late_news(0)
    clock.advance(seconds=300)
    charger.catch_up(clock.now())
    charger.plug_in(level=0.2)
    clock.advance(seconds=60)
    charger.catch_up(clock.now())
    assert (charger.mode, charger.text_of(710), charger.is_drawing) == (3, "3", True)


def believe(charger):
    value = charger.readings
    assert value[710] in ("1", "2", "3", "5")
    assert (value[702] == "12") == (charger.car is None)
    if charger.car is None:
        assert (value[710], value[721], value[513]) == ("1", None, "0.000")
    if charger.meter.power_w > 0:
        assert value[710] in ("2", "3")
        assert value[711] == "1"
        assert charger.session is not None
    assert all(session.energy_kwh >= 0 and session.end >= session.start for session in charger.sessions)
    assert [session.start for session in charger.sessions] == sorted(s.start for s in charger.sessions)
    if charger.can_be_heard and not charger.late_s:
        assert charger.text_of(710) == value[710]


NONSENSE = ("", "?", "1e400", "-1e308", "nan", "²", "#", 'OCMF|{"RV":1e999,', "\ud83d", "9" * 400, "0001-01-01")


@pytest.mark.parametrize("text", [None, *NONSENSE])
def test_a_charger_lives_on_whatever_its_readings_are_made_to_say(cloud, client, clock, text):
    charger = cloud.charger
    for state_id in list(charger.readings):
        charger.set_value(state_id, text)
    for act in (charger.plug_in_and_charge, charger.car_sleeps, charger.car_wakes, charger.unplug):
        act()
        for command in (506, 507, 102, 10001):
            assert client.command(command).status in (200, 500)
            clock.advance(seconds=130)
        assert client.get("/api/chargers").status == 200
        assert client.get(f"/api/chargers/{charger.id}").status == 200
    clock.advance(seconds=80_000)
    assert client.get(f"/api/chargers/{charger.id}/state").status == 200


def test_a_charger_lives_on_with_every_reading_left_out(cloud, client, clock):
    for state_id in list(cloud.charger.readings):
        cloud.charger.leave_out(state_id)
    cloud.charger.plug_in_and_charge()
    assert client.command(102).status == 200
    clock.advance(seconds=600)
    cloud.charger.unplug()
    assert client.get(f"/api/chargers/{cloud.charger.id}").status == 200
