"""A value that is equal but written with other places is the same value on the wire."""

from decimal import Decimal

import pytest

from harness.core.errors import Misfit
from harness.protocols.ykc import CATALOGUE


def test_a_number_without_its_places_is_sent_like_one_with_them() -> None:
    frame = CATALOGUE.by_name("charge_parameter_config")
    exact = frame.make(battery_nominal_energy="77.0", bms_max_allowed_current="-250.0")
    short = type(exact)(
        **{**frame.plain(exact), "battery_nominal_energy": Decimal(77), "bms_max_allowed_current": -250}
    )
    assert frame.encode(short) == frame.encode(exact)


@pytest.mark.parametrize("energy", ["1e400", "-1e400", "1e-400", "NaN", "Infinity"])
def test_a_number_beyond_all_bounds_is_a_clear_error(energy: str) -> None:
    with pytest.raises(Misfit, match=r"realtime_data\.energy cannot hold"):
        CATALOGUE.encode("realtime_data", {"energy": energy})
