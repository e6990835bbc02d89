"""`/activity`: who did what, by day, newest first, filtered."""

from dashboard.activity.kinds import LineKind
from tests.activity.conftest import Write
from tests.conftest import Household, words_of

RENAMED = LineKind.CHARGER_RENAMED


def test_the_page_is_by_day_newest_first_in_the_households_time(household: Household, write: Write) -> None:
    write(RENAMED, member="Anna", details={"old": "one", "new": "two"})
    household.clock.advance(seconds=6 * 3600)  # 00:00 at home
    write(RENAMED, member="Anna", details={"old": "two", "new": "three"})
    page = words_of(household.carla.get("/activity"))
    assert page.index("Sat 21 November 2026") < page.index("00:00") < page.index("to three")
    assert page.index("to three") < page.index("Fri 20 November 2026") < page.index("18:00") < page.index("to two")


def test_it_can_be_filtered_by_person_and_charger(household: Household, write: Write, put_up: Write) -> None:
    put_up(a="Garage", b="Carport")
    for name, id in (("Anna", "a"), ("Ben", "a"), ("Ben", "b")):
        write(LineKind.COMMAND, member=name, charger_id=id, details={"action": "pause"})

    def lines(query: str) -> int:
        return household.anna.get(f"/activity?{query}").text.count("paused charging")

    assert lines("") == 3
    assert lines("person=2") == 2
    assert lines("charger=a") == 2
    assert lines("person=2&charger=b") == 1
    assert lines("person=1&charger=b") == 0
    nobody = ("person=x", f"person={2**80}", "charger=nobody")
    for nonsense in (*nobody, "page=x", "page=-1", "person=&charger=&page=1"):
        assert lines(nonsense) == 3
    assert household.anna.get(f"/activity?page={2**80}").status_code == 200


def test_sign_ins_do_not_drown_what_happened_and_are_one_touch_away(household: Household, write: Write) -> None:
    write(LineKind.COMMAND, member="Anna", charger_id="a", details={"action": "pause"})
    write(LineKind.ROLE_CHANGED, member="Anna", details={"name": "Ben", "role": "viewer"})
    for _time in range(60):
        write(LineKind.SIGNED_IN, member="Ben", details={"browser": "Firefox", "system": "Android"})
    paused, made, signed_in = "Anna paused charging", "Anna made Ben a viewer", "Ben signed in on a new device"
    told = {
        "/activity": {paused, made},
        "/activity?topic=charger": {paused},
        "/activity?topic=people&page=2": {made, signed_in},
        "/activity?topic=nonsense": {paused, made},
    }
    for address, lines in told.items():
        page = words_of(household.carla.get(address))
        assert {line for line in (paused, made, signed_in) if line in page} == lines
        assert page.index("What happened The charger People and sign-ins") < page.index("18:00")  # the filter first


def test_a_topic_is_kept_while_one_narrows_it_and_turns_pages(household: Household, write: Write) -> None:
    for _time in range(60):
        write(LineKind.SIGNED_IN, member="Ben", details={"browser": "Firefox", "system": "Android"})
    page = household.anna.get("/activity?topic=people&person=2").text
    assert '<input type="hidden" name="topic" value="people">' in page
    assert 'href="/activity?page=2&amp;topic=people&amp;person=2"' in page
    assert 'href="/activity?topic=charger&amp;person=2"' in page
    assert 'href="/activity?person=2"' in page
    assert '<details class="card wide" open>' in page


def test_chargers_are_named_only_where_there_are_several(household: Household, write: Write, put_up: Write) -> None:
    put_up(a="Garage")
    write(LineKind.COMMAND, member="Anna", charger_id="a", details={"action": "pause"})
    assert "Garage" not in household.anna.get("/activity").text
    put_up(a="Garage", b="Carport")
    assert "Anna paused charging at Garage" in words_of(household.anna.get("/activity"))


def test_pages_hold_fifty_lines(household: Household, write: Write) -> None:
    for number in range(120):
        write(RENAMED, member="Anna", details={"old": "it", "new": f"n{number}."})
    first = household.anna.get("/activity")
    assert (first.text.count("<li>"), "Newer" in first.text, "Older" in first.text) == (50, False, True)
    assert "n119." in first.text
    last = household.anna.get("/activity?page=3&person=1")
    assert (last.text.count("<li>"), "Newer" in last.text, "Older" in last.text) == (20, True, False)
    assert 'href="/activity?page=2&amp;person=1"' in last.text


def test_somebody_who_left_or_was_renamed_is_still_found(household: Household, write: Write) -> None:
    write(RENAMED, member="Ben", details={"old": "before", "new": "after"})
    household.ben.post("/account/name", data={"name": "Benno"})
    household.anna.post("/household/members/2/remove")
    page = household.anna.get("/activity?person=2").text
    assert '<option value="2" selected>Benno</option>' in page
    assert "Ben renamed the charger before to after" in page
