"""How single values are read, kept, written and refused."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from harness.core.errors import Misfit, NoSuchField, PersonError
from harness.data import data_root
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.doubts import DOUBTS
from harness.protocols.ykc.framing import REASONS
from harness.protocols.ykc.kinds import Moment

RECORD = CATALOGUE.by_name("transaction_record")
REALTIME = CATALOGUE.by_name("realtime_data")


def through(frame: str, **values: Any) -> Any:
    """Values after a trip over the wire."""
    kind = CATALOGUE.by_name(frame)
    return kind.decode(kind.encode(values))


def codes(frame: str, **values: Any) -> list[tuple[str, str]]:
    """Field and code of the remarks on a frame with these values, of those fields alone."""
    message = CATALOGUE.decode(CATALOGUE.encode(frame, values))
    return [(each.field, each.code) for each in message.remarks if each.field.partition(".")[0] in values]  # type: ignore[union-attr]


def test_decimals_are_exact_and_keep_their_places() -> None:
    values = through(
        "transaction_record", total_amount="12.3", meter_end="109951162.7775", flat_unit_price=Decimal("0.00001")
    )
    assert str(values.total_amount) == "12.3000"
    assert str(values.meter_end) == "109951162.7775"
    assert str(values.flat_unit_price) == "0.00001"
    assert str(values.total_energy) == "0.0000"


def test_offsets_are_applied() -> None:
    assert (
        through("realtime_data", gun_cable_temperature=-50, battery_max_temperature=205).battery_max_temperature == 205
    )
    values = through("charge_parameter_config", bms_max_allowed_current="-400")
    assert str(values.bms_max_allowed_current) == "-400.0"
    assert through("charge_handshake", battery_production_year=2019).battery_production_year == 2019


@pytest.mark.parametrize(
    ("frame", "field", "value", "limit"),
    [
        ("heartbeat", "pile_code", "320106000192361", "14 digits"),
        ("heartbeat", "pile_code", "3201060001923X", "14 digits"),
        ("heartbeat", "gun_status", 256, "from 0 to 255"),
        ("heartbeat", "gun_status", -1, "from 0 to 255"),
        ("heartbeat", "gun_status", "one", "from 0 to 255"),
        ("realtime_data", "output_voltage", "6553.6", "0.0 to 6553.5 V"),
        ("realtime_data", "energy", Decimal("1.00001"), "at most 4 places"),
        ("realtime_data", "energy", 0.1, "at most 4 places"),
        ("realtime_data", "energy", "NaN", "at most 4 places"),
        ("realtime_data", "gun_cable_temperature", 206, "-50 to 205"),
        ("realtime_data", "gun_cable_code", "00112233445566778899", "16 hex digits"),
        ("transaction_record", "meter_end", "109951162.7776", "109951162.7775"),
        ("transaction_record", "start_time", "yesterday", "2020-03-16T17:14:47.000"),
        ("transaction_record", "start_time", "1999-12-31T23:59:59", "from 2000"),
        ("transaction_record", "start_time", "2026-01-01T00:00:00Z", "without a zone"),
        ("transaction_record", "start_time", "2026-01-01T00:00:00+08:00", "without a zone"),
        ("transaction_record", "start_time", datetime(2026, 1, 1, tzinfo=UTC), "without a zone"),
        ("heartbeat", "gun_status", "1_0", "from 0 to 255"),
        ("heartbeat", "gun_status", "٣", "from 0 to 255"),
        ("heartbeat", "gun_status", "0x1_0", "from 0 to 255"),
        ("realtime_data", "energy", "1_000.5", "at most 4 places"),
        ("realtime_data", "energy", "٣", "at most 4 places"),
        ("login", "program_version", "V1.10.100", "8 ASCII"),
        ("login", "program_version", "版本", "8 ASCII"),
        ("billing_model_set", "tariff_slots", [0] * 47, "48 items"),
        ("realtime_data", "hardware_fault", 65536, "65535"),
    ],
)
def test_what_the_bytes_cannot_hold_is_refused_with_field_limit_and_value(
    frame: str, field: str, value: Any, limit: str
) -> None:
    with pytest.raises(Misfit) as caught:
        CATALOGUE.encode(frame, {field: value})
    assert caught.value.frame == frame
    assert caught.value.field == field
    assert limit in caught.value.limit
    assert f"{frame}.{field}" in caught.value.text_zh


def test_a_misfit_inside_an_item_names_the_item() -> None:
    with pytest.raises(Misfit, match=r"billing_model_set\.tariff_slots\[3\]\.tariff_no cannot hold 300"):
        CATALOGUE.encode("billing_model_set", {"tariff_slots": [0, 0, 0, {"tariff_no": 300}] + [0] * 44})


def test_values_changed_past_their_declaration_are_refused_too() -> None:
    values = msgspec.structs.replace(REALTIME.sample(), energy=Decimal("1.00005"))
    with pytest.raises(Misfit, match="energy"):
        REALTIME.encode(values)
    with pytest.raises(Misfit, match="pile_code"):
        REALTIME.encode(msgspec.structs.replace(REALTIME.sample(), pile_code="123456789012345"))


def test_values_of_another_form_are_made_to_fit() -> None:
    values = msgspec.structs.replace(REALTIME.sample(), energy="1.5", gun_no=2, soc="57")
    read = REALTIME.decode(REALTIME.encode(values))
    assert (read.energy, read.gun_no, read.soc) == (Decimal("1.5"), "02", 57)


def test_codes_and_ranges_judge_and_do_not_bind_the_encoder() -> None:
    assert through("heartbeat", gun_status=7).gun_status == 7
    assert codes("heartbeat", gun_status=7) == [("gun_status", "unlisted")]
    assert codes("work_param_set", max_output_power=20) == [("max_output_power", "out_of_range")]
    assert codes("heartbeat_reply", heartbeat_ack=1) == [("heartbeat_ack", "not_const")]
    assert codes("realtime_data", hardware_fault=0x8000) == [("hardware_fault.undefined", "reserved_set")]
    assert codes("error_report", bms_err_end={"csd_timeout": 3}) == [("bms_err_end.csd_timeout", "unlisted")]


def test_hex_digits_in_bcd_are_kept_and_remarked() -> None:
    values = through("login", sim_card_no="898604d11722d0348602")
    assert values.sim_card_no == "898604D11722D0348602"
    assert codes("login", sim_card_no="898604D11722D0348602") == [("sim_card_no", "bcd_hex")]


def test_bytes_after_the_end_of_a_text_are_kept_and_remarked() -> None:
    values = through("login", program_version=b"V1\0junk\xff")
    assert values.program_version == "V1"
    assert values.program_version.raw == b"V1\0junk\xff"
    assert codes("login", program_version=b"V1\0junk\xff") == [("program_version", "odd_text")]
    assert codes("login", program_version="V1.0.0") == []


def test_a_reversed_vin_is_turned_into_reading_order() -> None:
    frame = CATALOGUE.by_name("start_request")
    body = frame.encode({"vin": "LTEST0000000000A1"})
    assert body[34:51] == b"1A0000000000TSETL"
    assert frame.decode(body).vin == "LTEST0000000000A1"
    assert frame.decode(frame.encode({"vin": "SHORT"})).vin == "SHORT"
    assert RECORD.encode({"vin": "LTEST0000000000A1"})[124:141] == b"LTEST0000000000A1"


def test_bits_are_named() -> None:
    values = through("realtime_data", hardware_fault={"emergency_stop": 1, "door_open": 1})
    assert (values.hardware_fault.emergency_stop, values.hardware_fault.dc_fuse_fault) == (1, 0)
    assert values.hardware_fault.raw == 0x1001
    with pytest.raises(Misfit, match=r"hardware_fault\.door_open"):
        CATALOGUE.encode("realtime_data", {"hardware_fault": {"door_open": 2}})
    with pytest.raises(Misfit, match="hardware_fault"):
        CATALOGUE.encode("realtime_data", {"hardware_fault": {"window_open": 1}})


def test_a_time_is_read_with_its_flags() -> None:
    moment = Moment(bytes.fromhex("98B78E917003F4"))
    assert moment.time == datetime(2116, 3, 16, 17, 14, 47)
    assert (moment.invalid, moment.summer, moment.weekday) == (1, 1, 3)
    assert Moment.at(datetime(2020, 3, 16, 17, 14, 47)).raw.hex() == "98b70e11100314"
    found = codes("time_sync", current_time=moment.raw)
    assert found == [
        ("current_time", "time_invalid"),
        ("current_time", "summer_time"),
        ("current_time", "reserved_set"),
    ]


@pytest.mark.parametrize(
    "raw", ["00000000000000", "60EA0000010114", "0000000A1E0214", "00003C00010114", "FFFFFFFFFFFFFF"]
)
def test_an_impossible_time_keeps_its_bytes(raw: str) -> None:
    values = through("time_sync", current_time=bytes.fromhex(raw))
    assert values.current_time.time is None
    assert values.current_time.raw.hex().upper() == raw


def test_a_time_and_the_bytes_beside_it_must_agree() -> None:
    given = {"current_time": "2020-03-16T17:14:47.000", "current_time_hex": "98B70E11700314"}
    assert through("time_sync", **given).current_time.weekday == 3
    with pytest.raises(Misfit, match="current_time"):
        CATALOGUE.encode("time_sync", {**given, "current_time": "2020-03-16T17:14:48.000"})


def test_a_name_nobody_has_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(NoSuchField, match="heartbeat has no field 'gun'; it has pile_code, gun_no, gun_status"):
        CATALOGUE.encode("heartbeat", {"gun": "01"})
    with pytest.raises(PersonError, match="did you mean heartbeat"):
        CATALOGUE.encode("heartbeet", {})


def test_a_body_longer_than_the_length_byte_can_say_is_refused() -> None:
    cards = [{"physical_card_no": "D14B0A54"}] * 16
    with pytest.raises(Misfit, match="at most 251 bytes"):
        CATALOGUE.encode("offline_card_sync", {"cards": cards})


def test_every_reason_of_damage_and_every_doubt_is_told_once() -> None:
    told = (data_root() / "docs" / "damage.md").read_text(encoding="utf-8")
    for reason, (zh, _) in REASONS.items():
        assert told.count(f"| `{reason}` | {zh} |") == 1
    ids = [doubt.id for doubt in DOUBTS]
    assert len(ids) == len(set(ids))
