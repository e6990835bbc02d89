import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.zaptec.readings import state_of
from tests.zaptec.wire import JSON
from zaptec.charger import (
    AccountRole,
    AuthenticationType,
    Charger,
    Family,
    Installation,
    OperationMode,
    family_of,
)


def test_a_charger_is_read_from_the_accounts_list(sample):
    charger = Charger.from_json(sample("chargers-list")["Data"][0])
    assert charger == Charger(
        id="11111111-2222-4333-8444-555555555555",
        name="Carport",
        device_type=4,
        family=Family.GO,
        installation_id="aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
        installation_name="Home",
        roles=AccountRole.USER | AccountRole.OWNER,
        is_online=True,
        operation_mode=OperationMode.CONNECTED_CHARGING,
        is_authorisation_required=False,
        authentication_type=AuthenticationType.NATIVE,
        is_active=True,
        serial_no="ZAP000001",
    )


@pytest.mark.parametrize(
    ("number", "by_operator"), [(None, False), (0, False), (1, True), (2, True), (3, True), (9, False)]
)
def test_an_operator_may_say_who_charges(number, by_operator):
    charger = Charger.from_json({"Id": "a", "DeviceType": 4, "AuthenticationType": number})
    assert charger.is_authorised_by_operator is by_operator
    assert Charger.from_record(charger.to_record()) == charger


@pytest.mark.parametrize(
    ("device_type", "is_known"), [(1, True), (4, True), (2, False), (99, False), (None, False)]
)
def test_the_commands_of_some_device_types_are_known(device_type, is_known):
    assert Charger.from_json({"Id": "a", "DeviceType": device_type}).has_known_type is is_known


def test_keys_of_a_charger_come_in_any_case(sample):
    data = sample("charger")
    in_lower_case = {key.lower(): value for key, value in data.items()}
    assert Charger.from_json(in_lower_case) == Charger.from_json(data)


def test_the_pin_and_the_serial_number_are_not_kept_or_shown_by_accident(sample):
    charger = Charger.from_json(sample("charger") | {"Pin": "4711", "PropertyOcppPassword": "s3cret"})
    assert "4711" not in repr(charger) + json.dumps(charger.to_record())
    assert "s3cret" not in repr(charger) + json.dumps(charger.to_record())
    assert "ZAP000001" not in repr(charger)


def test_a_charger_needs_nothing_but_an_id():
    charger = Charger.from_json({"Id": "a"})
    assert (charger.id, charger.name, charger.family) == ("a", "", Family.UNKNOWN)
    assert (charger.roles, charger.is_online, charger.operation_mode) == (None, None, None)
    assert charger.is_charger and not charger.has_known_type


@pytest.mark.parametrize("data", [{}, {"Id": None}, {"Id": ""}])
def test_a_charger_without_an_id_is_an_error(data):
    with pytest.raises(ValueError, match="Id"):
        Charger.from_json(data)


@pytest.mark.parametrize("data", [{}, {"Id": "a", "DeviceType": 1, "CurrentUserRoles": 0, "OperatingMode": 6}])
def test_a_stored_charger_comes_back_equal(sample, data):
    charger = Charger.from_json(data or sample("charger"))
    assert Charger.from_record(json.loads(json.dumps(charger.to_record()))) == charger


@given(st.dictionaries(st.sampled_from(["Id", "DeviceType", "CurrentUserRoles", "OperatingMode", "Name"]), JSON))
def test_whatever_a_charger_holds_only_a_missing_id_is_an_error(data):
    charger = Charger.from_json(data | {"Id": "a"})
    assert Charger.from_record(charger.to_record()) == charger


@pytest.mark.parametrize(
    ("device_type", "serial_no", "family", "is_charger"),
    [
        (1, "ZPR000001", Family.PRO, True),
        (1, None, Family.PRO, True),
        (4, "ZAP000001", Family.GO, True),
        (4, None, Family.GO, True),
        (4, "GPN000001", Family.GO2, True),
        (4, "gpg000001", Family.GO2, True),
        (3, "APH000001", Family.SENSE, False),
        (8, "", Family.SENSE, False),
        (2, None, Family.UNKNOWN, True),
        (0, "ZCS000001", Family.PRO, True),
        (0, "APH000001", Family.SENSE, False),
        (8, "ZPG000001", Family.PRO, True),
        (99, "XYZ", Family.UNKNOWN, True),
    ],
)
def test_the_family_follows_from_device_type_and_serial_number(device_type, serial_no, family, is_charger):
    charger = Charger.from_json({"Id": "a", "DeviceType": device_type, "DeviceId": serial_no})
    assert (charger.family, charger.is_charger) == (family, is_charger)


@pytest.mark.parametrize(
    ("device_type", "capabilities", "family"),
    [
        (4, '{"ProductVariant": "Go2"}', Family.GO2),
        (4, '{"productvariant": "GO2"}', Family.GO2),
        (4, '{"DeviceType": "Go"}', Family.GO),
        (4, "[1", Family.GO),
        (4, '{"ProductVariant": 2}', Family.GO),
        (1, '{"ProductVariant": "Go2"}', Family.PRO),
    ],
)
def test_a_go2_says_so_in_its_capabilities(device_type, capabilities, family):
    charger = Charger.from_json({"Id": "a", "DeviceType": device_type})
    assert family_of(charger, state_of(n100=capabilities)) is family
    assert family_of(charger, None) is charger.family


@pytest.mark.parametrize(
    ("roles", "may_command"),
    [(None, True), (0, False), (1, False), (2, True), (3, True), (4, True), (8, False), (1 | 512, False)],
)
def test_owners_and_service_may_command_and_so_may_whoever_has_no_role_named(roles, may_command):
    assert Charger.from_json({"Id": "a", "CurrentUserRoles": roles}).may_command is may_command


def test_an_installation_is_read_with_its_address_which_is_not_shown_by_accident(sample):
    installation = Installation.from_json(sample("installation"))
    assert installation == Installation(
        "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
        "Home",
        "Europe/Amsterdam",
        AccountRole.USER | AccountRole.OWNER,
        False,
        "Examplestreet 1, 1234 AB Exampletown",
    )
    assert "Examplestreet" not in repr(installation)


@pytest.mark.parametrize(
    ("data", "address"),
    [
        ({"City": "Exampletown"}, "Exampletown"),
        ({"address": " Examplestreet 1\n", "zipCode": 1234}, "Examplestreet 1, 1234"),
        ({"Address": "", "City": None}, None),
    ],
)
def test_an_address_is_what_of_it_is_told(data, address):
    assert Installation.from_json({"Id": "i"} | data).address == address


def test_an_installation_needs_nothing_but_an_id():
    assert Installation.from_json({"id": "i"}) == Installation("i", "")
    with pytest.raises(ValueError, match="Id"):
        Installation.from_json({"Name": "Home"})
