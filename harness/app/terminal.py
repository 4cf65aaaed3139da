"""The person at the terminal as operator: a thread reads the keyboard, its lines cross to the reactor."""

from __future__ import annotations

import sys
import threading

from harness.app.people import Room
from harness.console.operator import TerminalOperator
from harness.links.reactor import reactor
from harness.pictures import read_qr


def terminal_operator(room: Room) -> TerminalOperator:
    """An operator that shows prompts on the terminal and takes what is typed."""
    operator = TerminalOperator(
        room.out,
        room.clock,
        timezone=room.timezone,
        read_picture=read_qr,
        keep_picture=room.keep_picture,
        hold=room.hold,
        go_on=room.go_on,
    )
    threading.Thread(target=_read, args=(operator,), name="keyboard", daemon=True).start()
    return operator


def _read(operator: TerminalOperator) -> None:
    """Until the keyboard ends; then prompts run out of time by themselves."""
    for line in sys.stdin:
        reactor.callFromThread(operator.feed_line, line)
