import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaptec.sessions import CompletedSession

CHARGER = "11111111-2222-4333-8444-555555555555"


def archived(**changes):
    return {
        "id": "00000000-0000-4000-8000-000000000009",
        "chargerId": CHARGER,
        "startDateTime": "2026-05-01T20:00:00Z",
        "endDateTime": "2026-05-02T06:00:00Z",
        "energy": 3.0,
    } | changes


def details(*energies):
    return [
        {"timestamp": f"2026-05-01T{20 + hour:02}:00:00+00:00", "energy": energy}
        for hour, energy in enumerate(energies)
    ]


def energies(session):
    return [energy for _, energy in session.intervals]


def test_both_endpoints_give_the_same_session(sample):
    new = [CompletedSession.from_archived(each) for each in sample("sessions-archived")["sessions"]]
    old = [CompletedSession.from_chargehistory(each) for each in sample("chargehistory")["Data"]]
    by_id = {each.id: each for each in old}
    for each in new:
        twin = by_id[each.id]
        assert (each.start, each.end, each.energy_kwh) == (twin.start, twin.end, twin.energy_kwh)
        assert (each.intervals, each.ocmf_text, each.firmware) == (
            twin.intervals,
            twin.ocmf_text,
            twin.firmware,
        )
        assert (each.is_offline, each.has_reliable_clock, each.is_signed, each.stopped_by_rfid) == (
            twin.is_offline, twin.has_reliable_clock, twin.is_signed, twin.stopped_by_rfid
        )  # fmt: skip
        assert (each.token_name, each.user_id, each.user_name, each.user_email) == (
            twin.token_name, twin.user_id, twin.user_name, twin.user_email
        )  # fmt: skip


def test_an_archived_session_is_read_whole(sample):
    guessed, carded, plain = (
        CompletedSession.from_archived(each) for each in sample("sessions-archived")["sessions"]
    )
    assert guessed.is_offline and not guessed.has_reliable_clock and guessed.intervals == ()
    assert guessed.firmware == "2.0.3.9"
    assert carded.token_name == "Key fob" and carded.user_name == "Example Driver" and carded.stopped_by_rfid
    assert plain.start == datetime(2023, 6, 12, 18, 22, 48, 17000, tzinfo=UTC)
    assert plain.energy_kwh == Decimal("8.998") == sum(energies(plain))
    assert plain.intervals[1] == (datetime(2023, 6, 12, 19, tzinfo=UTC), Decimal("0.019"))
    assert plain.user_id is None and plain.replaced_by_id is None


def test_a_recorded_session_of_a_pro_is_read(sample):
    session = CompletedSession.from_chargehistory(sample("chargehistory-pro-mid")["Data"][0])
    assert session.is_signed and session.has_reliable_clock and not session.is_offline
    assert session.firmware == "5.0.7.2"
    assert session.start == datetime(2025, 6, 7, 9, 20, 55, 967000, tzinfo=UTC)
    assert energies(session) == [Decimal(0), Decimal("0.509"), Decimal(0)]


def test_nothing_private_shows_in_a_repr(sample):
    for each in sample("sessions-archived")["sessions"]:
        shown = repr(CompletedSession.from_archived(each))
        assert not any(word in shown for word in ("OCMF", "Key fob", "Driver", "@", "99999999"))


def test_times_without_a_zone_are_utc():
    session = CompletedSession.from_archived(archived(endDateTime="2026-05-02T06:00:00.5"))
    assert session.end == datetime(2026, 5, 2, 6, 0, 0, 500000, tzinfo=UTC)


def test_floating_noise_is_gone():
    noisy = archived(energy=0.1 + 0.2, energyDetails=details(0.1, 0.36599999999999966))
    session = CompletedSession.from_archived(noisy)
    assert session.energy_kwh == Decimal("0.3")
    assert energies(session) == [Decimal("0.1"), Decimal("0.366")]


def test_cumulative_readings_become_differences():
    session = CompletedSession.from_archived(archived(energyDetails=details(0.0, 1.0, 2.5, 3.0)))
    assert energies(session) == [Decimal(each) for each in ("0.0", "1.0", "1.5", "0.5")]


def test_readings_per_interval_stay_even_if_their_last_fits_the_total_too():
    session = CompletedSession.from_archived(archived(energyDetails=details(0.0, 0.0, 3.0)))
    assert energies(session) == [0, 0, 3]


def test_readings_that_fit_neither_way_stay_as_they_came():
    session = CompletedSession.from_archived(archived(energyDetails=details(0.0, 1.0, 1.0)))
    assert energies(session) == [0, 1, 1]


def test_readings_are_put_in_order_and_broken_ones_left_out():
    mixed = [
        *reversed(details(1.0, 2.0)),
        {"timestamp": "yesterday", "energy": 1.0},
        {"energy": 2},
        None,
        "x",
    ]
    session = CompletedSession.from_archived(archived(energyDetails=mixed))
    assert energies(session) == [1, 2]


@given(st.lists(st.integers(0, 22_000), max_size=20))
def test_intervals_add_up_whichever_way_they_were_written(watt_hours):
    parts = [each / 1000 for each in watt_hours]
    running = [round(sum(watt_hours[: n + 1]) / 1000, 3) for n in range(len(parts))]
    total = sum(watt_hours) / 1000
    for written in (parts, running):
        entries = [
            {"timestamp": f"2026-05-01T00:{minute:02}:00Z", "energy": energy}
            for minute, energy in enumerate(written)
        ]
        session = CompletedSession.from_archived(archived(energy=total, energyDetails=entries))
        if written is parts or total > 0.001 * len(parts):
            assert abs(sum(energies(session)) - session.energy_kwh) <= Decimal("0.001") * len(parts)


def test_flags_of_the_old_endpoint_are_bits(sample):
    data = sample("chargehistory")["Data"][0]
    voided = CompletedSession.from_chargehistory(data | {"CommitMetadata": 32 | 64 | 8 | 2})
    assert voided.is_voided and voided.is_aborted and voided.stopped_by_rfid and voided.is_offline
    assert not voided.has_reliable_clock and not voided.is_signed


@pytest.mark.parametrize("empty", [None, "", "OCMF|{}"])
def test_an_empty_signed_session_is_none(empty):
    assert CompletedSession.from_archived(archived(sessionSignature=empty)).ocmf_text is None


def test_the_last_session_is_read_from_observation_723(sample):
    ocmf = sample("session")["signedSession"]
    text = json.dumps(
        {
            "SessionId": "00000000-0000-4000-8000-000000000001",
            "Energy": 8.998,
            "StartDateTime": "2023-06-12T18:22:48.016274Z",
            "EndDateTime": "2023-06-13T20:25:27.022715Z",
            "ReliableClock": True,
            "StoppedByRFID": False,
            "AuthenticationCode": "nfc-0A1B2C",
            "SignedSession": ocmf,
        }
    )
    session = CompletedSession.from_observation(text, CHARGER)
    assert (session.charger_id, session.energy_kwh, session.ocmf_text) == (CHARGER, Decimal("8.998"), ocmf)
    assert session.start == datetime(2023, 6, 12, 18, 22, 48, 16274, tzinfo=UTC)
    assert session.has_reliable_clock and not session.is_signed
    assert "nfc-0A1B2C" not in str(vars(session))


def test_a_third_part_of_the_ocmf_text_is_a_signature():
    text = json.dumps(archived(SessionId="x", SignedSession='OCMF|{"RD":[]}|{"SD":"aa"}'))
    assert CompletedSession.from_observation(text, CHARGER).is_signed


@pytest.mark.parametrize("ocmf", ['OCMF|{"RD":[]}|', 'OCMF|{"RD":[]}||', 'OCMF|{"RD":[]}|{"SD":""}'])
def test_a_bar_too_many_is_no_signature(ocmf):
    text = json.dumps(archived(SessionId="x", SignedSession=ocmf))
    assert not CompletedSession.from_observation(text, CHARGER).is_signed


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", "null", '{"SessionId": "x"}', "[" * 100_000])
def test_an_unusable_observation_is_a_value_error(text):
    with pytest.raises(ValueError, match=r".+"):
        CompletedSession.from_observation(text, CHARGER)


@pytest.mark.parametrize("value", [None, "", [], float("nan")])
@pytest.mark.parametrize("name", ["startDateTime", "endDateTime"])
def test_a_session_without_its_times_is_a_value_error(name, value):
    with pytest.raises(ValueError, match=r"session without"):
        CompletedSession.from_archived(archived(**{name: value}))


@pytest.mark.parametrize("value", [None, ""])
def test_a_session_without_an_id_is_a_value_error(value):
    with pytest.raises(ValueError, match=r"session without"):
        CompletedSession.from_archived(archived(id=value))


@pytest.mark.parametrize("value", [None, "", [], float("nan"), 1e308, "many", 10**40])
def test_a_session_without_usable_energy_is_read_for_what_else_it_tells(value):
    session = CompletedSession.from_archived(archived(energy=value, energyDetails=details(1.0, 2.0)))
    assert (session.energy_kwh, energies(session)) == (None, [1, 2])
    assert session.start == datetime(2026, 5, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, ""])
def test_whose_session_it_is_may_be_missing(value):
    assert CompletedSession.from_archived(archived(chargerId=value)).charger_id is None


GARBAGE = [
    None,
    True,
    -1,
    2**70,
    1e308,
    float("nan"),
    "",
    "x",
    "1e999999999",
    "1" * 5000,
    [],
    [[]],
    {},
    [{}],
    {"id": {}},
]


@given(
    st.dictionaries(
        st.sampled_from(
            [*sorted(archived()), "energyDetails", "authorizedUser", "chargerFirmwareVersion", "offline"]
        ),
        st.sampled_from(GARBAGE),
    )
)
def test_whatever_comes_is_a_session_or_a_value_error(changes):
    try:
        CompletedSession.from_archived(archived(**changes))
    except ValueError as error:
        assert "session without" in str(error)
