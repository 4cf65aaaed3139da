"""Several guns that ask for one car, or for several."""

from __future__ import annotations

import pytest

from tests.protocols.ykc.audit.edited import Edited, checks, idle
from tests.protocols.ykc.audit.parallel_sessions import PARALLEL, SERIALS

MAIN, AUX = 0, 1


def asked(name: str, *guns: tuple[str, str, int]) -> Edited:
    """Guns that ask one after another, each for a parallel charge and as what."""
    session = idle(name=name)
    for after, (gun, serial, flag) in enumerate(guns):
        values = {"gun_no": gun, "parallel_serial": serial, "main_aux_flag": flag}
        session.up(100.0 + after, "parallel_start_request", b"\1\1", **values, start_mode=1)
    return session.cut(110)


@pytest.mark.parametrize(
    ("name", "flags", "told"),
    [("four-guns", (MAIN, MAIN), False), ("four-guns", (MAIN, AUX), True), ("demo", (MAIN, MAIN), True)],
)
def test_two_parallel_charges_take_four_guns_and_two_main_guns(name: str, flags: tuple[int, int], told: bool) -> None:
    session = asked(name, ("01", PARALLEL, flags[0]), ("02", "260417100141", flags[1]))
    assert ("parallel_serials_differ" in checks(session.audit())) == told


@pytest.mark.parametrize(("status", "told"), [(2, False), (3, True)])
def test_a_gun_that_was_refused_may_name_its_serial_as_long_as_it_does_not_charge(status: int, told: bool) -> None:
    session = asked("demo", ("01", PARALLEL, MAIN), ("02", PARALLEL, AUX))
    for gun, result in (("01", 1), ("02", 0)):
        values = {"gun_no": gun, "transaction_serial": SERIALS[gun], "parallel_serial": PARALLEL}
        session.down(103, "parallel_start_confirm", b"\1\1", **values, auth_success=result)
    session.up(105, "realtime_data", b"\1\1", gun_no="01", transaction_serial=SERIALS["01"], status=status)
    assert ("parallel_started_partly" in checks(session.audit())) == told
