"""Links that owners make, as tests of this room use them."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Household

ANNA, BEN, CARLA = 1, 2, 3  # their numbers, as `household_of` adds them


def invite(household: Household, role: str = "member", by: FlaskClient | None = None) -> str:
    """The path of a new invitation, as the answer shows it."""
    return _path_in((by or household.anna).post("/household", data={"role": role}))


def reset_link(household: Household, member_id: int) -> str:
    """The path of a new reset link for that member."""
    return _path_in(household.anna.post(f"/household/members/{member_id}/reset"))


def _path_in(answer: TestResponse) -> str:
    match = re.search(r'value="http://localhost(/[\w/-]+)"', answer.text)
    assert match, answer.text
    return match[1]
