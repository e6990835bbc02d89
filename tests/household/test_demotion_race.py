"""A demotion and an act of whoever is demoted, at the same moment: no act comes after the demotion."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.activity.log import activity_log
from dashboard.household.tables import invitation_table, member_table, reset_link
from tests.conftest import Household
from tests.household.conftest import ANNA, BEN, CARLA

ROUNDS = 200


def test_in_200_rounds_at_the_same_moment_no_act_comes_after_the_demotion(household: Household) -> None:
    """Ben's requests against Anna's demotion of him, as threads; in the log his lines come before hers."""
    ben = [(f"/household/members/{BEN}/role", {"role": "owner"}), ("/household", {"role": "owner"})]
    ben += [(f"/household/members/{ANNA}/reset", {}), (f"/household/members/{CARLA}/role", {"role": "member"})]

    def post(browser: FlaskClient, address: str, form: dict[str, str]) -> int:
        return browser.post(address, data=form).status_code

    with ThreadPoolExecutor(2) as threads:
        for number in range(ROUNDS):
            _make_owner(household, BEN)
            last = _last_line(household)
            address, form = ben[number % len(ben)]
            acts = threads.submit(post, household.ben, address, form)
            role = {"role": "viewer" if number % 2 else "member"}
            demotion = threads.submit(post, household.anna, f"/household/members/{BEN}/role", role)
            assert demotion.result() == 303
            assert acts.result() in (200, 303, 403)
            _assert_nothing_is_left(household, last)


def _make_owner(household: Household, id: int) -> None:
    with household.database.writing() as connection:
        connection.execute(member_table.update().where(member_table.c.id == id).values(role="owner"))
        connection.execute(member_table.update().where(member_table.c.id == CARLA).values(role="viewer"))


def _last_line(household: Household) -> int:
    with household.database.reading() as connection:
        return connection.execute(select(func.max(activity_log.c.id))).scalar() or 0


def _assert_nothing_is_left(household: Household, last: int) -> None:
    with household.database.reading() as connection:
        role = connection.execute(select(member_table.c.role).where(member_table.c.id == BEN)).scalar()
        assert role != "owner"
        for links in (invitation_table, reset_link):
            assert connection.execute(select(links.c.id).where(links.c.made_by_id == BEN)).all() == []
        newer = select(activity_log.c.member_id).where(activity_log.c.id > last).order_by(activity_log.c.id)
        assert connection.execute(newer).scalars().all() in ([ANNA], [BEN, ANNA])
