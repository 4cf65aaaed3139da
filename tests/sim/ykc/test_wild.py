"""Whatever people and platform do, in whatever order: the pile goes on, and its bills add up."""

import random
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest

from harness.core.errors import PersonError
from tests.sim.pretend import CARD, Beside

LABELS = ("sharp", "peak", "flat", "valley")


def deeds(beside: Beside, choice: random.Random) -> list[Callable[[], object]]:
    """Things that may happen, most of them at a bad moment."""
    pile = beside.pile
    gun = choice.choice(["01", "02", "09"])
    serial = f"{choice.randrange(10**8):032d}"

    def line_down_and_up() -> None:
        beside.lose()
        beside.wait(choice.uniform(0, 20))
        beside.connect()
        beside.tell("login_reply", login_result=0)
        beside.tell("billing_model_verify_reply", verify_result=choice.randrange(2))
        beside.give_model()

    def come_back_if_gone() -> None:
        if beside.closed:
            line_down_and_up()

    def a_proper_charge() -> None:
        come_back_if_gone()
        pile.release_estop(beside.now)
        pile.plug("01", beside.now)
        beside.tell("work_param_set", work_permission=0, max_output_power=100)
        beside.wait(5)
        beside.start("01", serial)
        beside.wait(choice.uniform(0, 60))

    return [
        lambda: pile.plug(gun, beside.now),
        lambda: pile.plug("01", beside.now),
        lambda: pile.unplug(gun, beside.now),
        lambda: pile.swipe(CARD, gun, beside.now),
        lambda: pile.start_by_vin(gun, beside.now),
        lambda: pile.press_estop(beside.now),
        lambda: pile.release_estop(beside.now),
        lambda: pile.release_estop(beside.now),
        lambda: beside.start(gun, serial),
        lambda: beside.start("01", serial),
        lambda: beside.tell("start_confirm", gun_no=gun, transaction_serial=serial, auth_success=choice.randrange(2)),
        lambda: beside.tell("remote_stop", gun_no=gun),
        lambda: beside.tell("realtime_read", gun_no=gun),
        lambda: beside.tell(
            "time_sync", current_time=f"2026-04-{choice.randrange(1, 29):02d}T23:59:{choice.randrange(60):02d}"
        ),
        lambda: beside.give_model("billing_model_set", f"{choice.randrange(10**4):04d}"),
        lambda: beside.tell(
            "work_param_set", work_permission=choice.randrange(2), max_output_power=choice.randrange(256)
        ),
        lambda: beside.tell("work_param_set", work_permission=0, max_output_power=100),
        lambda: beside.tell("transaction_record_confirm", transaction_serial=serial),
        lambda: beside.tell("login_reply", login_result=choice.randrange(2)),
        lambda: beside.tell("remote_reboot", exec_control=choice.randrange(3)),
        lambda: beside.tell("remote_update", pile_model=choice.randrange(3), exec_control=choice.randrange(3)),
        lambda: beside.tell("qr_set", gun_no=gun, qr_content="x" * choice.randrange(150)),
        line_down_and_up,
        come_back_if_gone,
        *[a_proper_charge] * 4,
        lambda: beside.wait(choice.uniform(0, 120)),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_pile_survives_a_wild_day(seed: int) -> None:
    choice = random.Random(seed)
    beside = Beside(seed=seed).logged_in()
    for _ in range(300):
        with suppress(PersonError):  # there is no gun 09
            choice.choice(deeds(beside, choice))()
        beside.wait(choice.choice([0, 0.3, 5, 20]))
    records = beside.heard("transaction_record")
    assert len(records) > 5
    for record in records:
        assert record.meter_end - record.meter_start == record.total_energy
        assert sum(getattr(record, f"{label}_energy") for label in LABELS) == record.total_energy
        assert sum(getattr(record, f"{label}_amount") for label in LABELS) == record.total_amount
    assert sum(record.total_energy for record in records) > Decimal(1)
    for number in ("01", "02"):
        meters = [record.meter_end for record in records if record.gun_no == number]
        assert meters == sorted(meters)
