"""Whether a car has come or left, from one state to the next."""

import pytest

from dashboard.charger.stays import has_arrived, has_left, was_authorised
from tests.zaptec.readings import state_of

EMPTY = {"n710": "1"}
WAITS = {"n710": "2", "n721": "a", "n120": "1"}
CHARGES = {"n710": "3", "n721": "a", "n120": "1", "n722": "a card"}


@pytest.mark.parametrize(
    ("before", "after", "came", "went"),
    [
        (EMPTY, CHARGES, True, False),
        (CHARGES, EMPTY, False, True),
        (CHARGES, CHARGES | {"n721": "b"}, True, True),  # too quick for any reading between
        (CHARGES, CHARGES | {"n721": ""}, False, False),
        (CHARGES | {"n721": ""}, CHARGES, False, False),
        (WAITS, CHARGES, False, False),
        (EMPTY, EMPTY, False, False),
    ],
)
def test_a_car_comes_and_leaves(before, after, came, went):
    states = state_of(**before), state_of(**after)
    assert (has_arrived(*states), has_left(*states)) == (came, went)


@pytest.mark.parametrize(
    ("after", "is_so"),
    [
        (CHARGES, True),
        (WAITS, False),
        (CHARGES | {"n721": "b"}, False),  # that is another car
        (CHARGES | {"n120": "0"}, False),  # nobody has to allow anything
    ],
)
def test_a_car_gets_the_permission_it_waited_for(after, is_so):
    assert was_authorised(state_of(**WAITS), state_of(**after)) is is_so
