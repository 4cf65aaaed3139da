"""The running house keeps with each pile what its own loop did."""

from pathlib import Path
from typing import Any

from harness.app.station import Station
from harness.core.journal import EventSeen, LoopLate, Memory
from harness.data import data_root
from harness.profiles import load_cards
from tests.sim.pretend import profile

HERE = "127.0.0.1"
CARDS = data_root() / "fixtures" / "cards.yaml"


def station(folder: Path, **more: Any) -> Station:
    return Station(
        profiles=[profile("demo")],
        registered=load_cards(CARDS),
        timezone="Asia/Shanghai",
        database_url=f"sqlite:///{folder}/harness.sqlite",
        host=HERE,
        port=0,
        ftp_port=None,
        public_address=HERE,
        passive_ports=None,
        firmware=None,
        **more,
    )


async def test_that_our_own_loop_came_late_stands_in_the_journal_of_each_pile_and_is_told(tmp_path: Path) -> None:
    heard, told = Memory(), list[float]()
    open_one = station(tmp_path, pile_sinks=lambda code: (heard,) if code else (), on_late=told.append)
    open_one.late(2.5)
    await open_one.close()
    events = [each.event for each in heard.records if isinstance(each, EventSeen)]
    assert [each for each in events if isinstance(each, LoopLate)] == [LoopLate(seconds=2.5)]
    assert told == [2.5]
