"""Pause for a while, charge once: stored, done, ended, shown."""


def test_a_pause_for_an_hour_goes_on_by_itself(charging_home):
    home = charging_home
    answer = home.post(home.people.ben, "pause-1")
    assert answer.status_code == 303
    home.settle()
    assert home.charger.commands == [506]
    assert home.next() == "Goes on by itself at 19:00. Set by Ben."
    home.pass_time(minutes=58)
    assert home.charger.commands == [506]
    home.pass_time(minutes=3)
    home.settle()
    assert home.charger.commands == [506, 507]
    assert "Nothing planned" in home.next()
    assert home.log()[-3:] == [
        "Ben set a timer: pause until Fri 19:00",
        "Ben paused charging (confirmed, by a timer)",
        "Ben resumed charging (confirmed, by a timer)",
    ]
