"""What a sentence rests on, told in sentences; what is said of the past, and of a charger that is offline."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from dashboard.card import evidence_words, past_words, words
from dashboard.card.details import evidence_of
from tests.one_charger import Household, card_of, in_words, page, situation_of
from zaptec.charger import Charger, ChargerState
from zaptec.observation import Observation
from zaptec.situation import Situation, SituationName, situation

pytestmark = pytest.mark.one_database

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
MINE = Charger.from_json({"Id": "c", "Name": "Carport", "DeviceType": 4, "CurrentUserRoles": 3})


def state(**texts: str | None) -> ChargerState:
    """Readings of ten minutes ago, as `_710="3"`; `__2` is the one of -2."""
    ids = {-2 if name == "__2" else int(name[1:]): text for name, text in texts.items()}
    return ChargerState({id: Observation(id, text, NOW - timedelta(minutes=10)) for id, text in ids.items()})


def told(app: Flask, **texts: str | None) -> list[str]:
    readings = state(**texts)
    with app.app_context():
        return [saying.text for saying in evidence_of(readings, situation(MINE, readings, NOW), NOW)]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (
            {"_710": "3", "_718": "0", "_513": "7200", "_702": "6"},
            [
                "The charger says: charging.",
                "No pause holds it.",
                "7.2 kW flow into the car.",
                "The car asks for power.",
            ],
        ),
        (
            {"_710": "2", "_708": "0", "_510": "16"},
            [
                "The charger says: a car is plugged in and not charging yet.",
                "Zaptec lends it no power now: 0 A of 16.",
            ],
        ),
        (
            {"_710": "5", "_718": "0", "_763": "2026-11-20T23:37:00Z"},
            [
                "The charger says: plugged in, charging has stopped.",
                "No pause holds it.",
                "A schedule of Zaptec’s holds it; it lets go tomorrow 00:37.",
            ],
        ),
        (
            {"_710": "2", "_120": "1", "_722": None},
            [
                "The charger says: a car is plugged in and not charging yet.",
                "It asks for permission before a car may charge.",
                "Nobody has given permission.",
            ],
        ),
        (
            {"_710": "2", "_708": "0", "_510": "0"},
            [
                "The charger says: a car is plugged in and not charging yet.",
                "Zaptec lends it no power now.",
                "It may take 0 A at most; no car charges with less than 6.",
            ],
        ),
        ({"__2": "0", "_710": "1"}, ["Zaptec cannot reach the charger.", "The charger says: no car."]),
        ({"_710": "42"}, ["The charger says something that this page does not know."]),
        ({"_710": "3", "_513": "NaN", "_702": "77"}, ["The charger says: charging."]),  # the rest cannot be read
    ],
)
def test_what_a_sentence_rests_on_is_told_in_sentences(
    app: Flask, texts: dict[str, str | None], said: list[str]
) -> None:
    assert told(app, **texts) == said


def test_every_reading_that_a_sentence_may_rest_on_has_a_sentence_of_its_own(app: Flask) -> None:
    from zaptec.observation import PROPERTIES
    from zaptec.truth_table import TABLE

    names = {PROPERTIES[id] for row in TABLE for id in (*row.decided_by, 804)}
    assert names == evidence_words.YES_OR_NO.keys() | evidence_words.SAYINGS.keys()


def test_no_number_of_zaptecs_and_no_time_in_utc_stands_behind_why(household: Household, charger) -> None:
    charger.hold_by_schedule()
    household.clock.advance(seconds=61)
    answer = household.anna.get(page(charger))
    assert situation_of(answer) == "scheduled"
    behind = answer.text.split('id="why-')[1].split("</details>")[0]
    assert "763" not in behind and "Z<" not in behind and "710" not in behind
    assert '<small class="age">' in behind


def test_no_line_break_parts_a_power_from_its_unit(household: Household, charger) -> None:
    assert re.search(r"with \d+\.\d\N{NO-BREAK SPACE}kW", household.anna.get(page(charger)).text)


def test_every_situation_has_its_words_for_the_past_and_for_offline() -> None:
    unsayable = {SituationName.NO_ACCESS, SituationName.NO_DATA}
    assert past_words.WAS.keys() | past_words.NEVER_WAS.keys() == set(SituationName)
    assert set(SituationName) - past_words.OFFLINE.keys() == unsayable | {
        SituationName.OFFLINE,
        SituationName.UNKNOWN,
    }
    assert words.SENTENCES.keys() == set(SituationName)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"_710": "3", "_513": "7200"}, "Offline. It was charging at 17:50 and probably goes on."),
        ({"_710": "5", "_718": "1"}, "Offline. It was paused at 17:50 and probably stays so."),
        ({"_710": "1"}, "Offline. No car was plugged in at 17:50."),
        ({"_710": "42"}, "Offline. What it does is not known."),
        ({"_710": "3", "_513": "7200", "_712": "1"}, "Offline. It was charging at 17:50 and probably goes on."),
        ({"_710": "3", "_513": "0", "_804": "4096"}, "Offline. The car took no power at 17:50."),
    ],
)
def test_offline_says_what_was_and_what_is_likely(app: Flask, texts: dict[str, str], said: str) -> None:
    readings = state(__2="0", **texts)
    with app.app_context():
        assert past_words.offline(situation(MINE, readings, NOW), NOW).striptags() == said


def test_a_time_that_cannot_be_is_left_out(app: Flask) -> None:
    found: Situation = situation(MINE, state(_710="3", _513="7200"), NOW)
    with app.app_context():
        assert past_words.was(found, NOW + timedelta(days=3), NOW).striptags() == "Was charging"
        assert past_words.was(found, NOW - timedelta(days=1), NOW).striptags() == "Was charging yesterday 18:00"


def test_the_age_of_what_still_holds_is_that_of_the_telling(app: Flask) -> None:
    readings = state(_710="5", _718="0", _553="0", _721="a session")
    with app.app_context():
        sayings = evidence_of(readings, situation(MINE, readings, NOW), NOW)
    ages = {saying.text: saying.age for saying in sayings}
    assert ages["No pause holds it."] == "told 10 min ago"
    assert ages["The car was plugged in."] == "10 min ago"


@pytest.mark.parametrize("name", ["disconnected", "finished", "waiting_authorisation", "offline", "disabled"])
def test_what_is_in_the_way_is_said_once_on_the_page(household: Household, charger, name: str) -> None:
    """By the sentence or in the place of the button, and not again among the quick choices."""
    {
        "disconnected": charger.unplug,
        "finished": charger.fill_up,
        "waiting_authorisation": lambda: (charger.unplug(), charger.require_authorisation(), charger.plug_in()),
        "offline": charger.go_offline,
        "disabled": charger.disable,
    }[name]()
    household.clock.advance(seconds=61)
    household.anna.get(page(charger))
    answer = household.anna.get(page(charger))
    assert situation_of(answer) == name
    card = in_words(card_of(answer))
    for reason in ("Nothing to pause", "stopped by itself", "Nobody has allowed", "while it is switched off"):
        assert reason not in card
    assert card.count("No command reaches it") == (name == "offline")
