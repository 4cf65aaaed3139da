"""What comes after the steps: a failed start is perhaps done anew, and the pile is left as it was found."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from harness.core.operator import Answer, MoreTime
from harness.core.ports import Heard
from harness.engine.steps.base import Ended, Play

if TYPE_CHECKING:
    from harness.engine.run import Run

REPLUG_WITHIN = 300.0  # s for a person to replug after a failed start
WIND_DOWN = 40.0  # s for a charge to end after our stop, its record included (R-SP-4, R-TX-1)
RECORD_IN = 32.0  # s after the end of a charge in which its record is due (R-TX-1)
CLOCK_BACK = 20.0  # s to see the pile's clock set back

Reason = tuple[str, str]


def start_failure(run: Run, heard: Heard, gun_no: str) -> tuple[Reason | None, bool]:
    """Why the start of this charge failed, and whether that is the last word: after a 0x33 a success may follow."""
    language, message = run.bench.language, heard.message
    bill = language.bill(message)
    refused = language.role(message.name) == "start_reply" and language.succeeded(message) is False
    failed = bill is not None and language.is_start_failure(bill.stop_reason)
    if not (refused or failed) or not run.view(gun_no).is_of_charge(message):
        return None, False
    charging = bool(run.view(gun_no).charge.charging)
    if bill is not None:
        return language.stop_reason(bill.stop_reason), not charging
    if charging:  # it answers a start that came again
        return None, False
    return language.fail_reason(message), False


def replug(run: Run, refused_at: str = "") -> Play:
    """Have each gun that was not unplugged since its last charge replugged; one that charges is stopped first.

    A start that was refused is called off: plugged in within its grace the pile would carry it out (R-ST-6).
    """
    if refused_at and run.bench.online():
        run.bench.send(run.frame_of("stop"), {}, refused_at)
    if len(run.guns) > 1:
        yield from _stopped(run)
    ended = Ended()
    for gun_no in run.guns:
        if ended.how == "done" and not run.bench.fresh_plug(gun_no):
            ended = yield from _ask_replug(run, gun_no)
    return ended


def _ask_replug(run: Run, gun_no: str) -> Play:
    """Have a gun pulled and plugged in again; done when somebody says so or the frames show it (R-ST-4, §7)."""
    prompt = run.ask("replug", REPLUG_WITHIN, gun_no)
    end, unplugged = run.now + REPLUG_WITHIN, False
    while run.now < end:
        what = yield end
        if isinstance(what, Answer):
            return Ended("unmet" if what.unable else "done")
        if isinstance(what, MoreTime):
            end += what.seconds
        reading = run.last_reading(gun_no)
        unplugged = unplugged or (reading is not None and not reading.plugged)
        if unplugged and reading is not None and reading.plugged:
            run.withdraw(prompt, "frames")
            return Ended()
    return Ended("late")


def leave_idle(run: Run) -> Play:
    """A pile that still charges is stopped, also one that comes back; then its clock is set back (R-SP-4)."""
    yield from _stopped(run)
    run.bench.restore_clock()
    end = run.now + CLOCK_BACK
    while run.bench.online() and run.bench.clock_moved() and run.now < end:
        yield end
    return Ended()


def _stopped(run: Run) -> Generator[float, object, None]:
    """Stop each gun that still charges, once, and wait for the records."""
    end, told = run.now + WIND_DOWN, set[str]()
    while any(charges(run, gun_no) or owes_record(run, gun_no) for gun_no in run.guns) and run.now < end:
        for gun_no in run.guns:
            if charges(run, gun_no) and run.bench.online() and gun_no not in told:
                told.add(gun_no)
                run.bench.send(run.frame_of("stop"), {}, gun_no)
        yield end


def charges(run: Run, gun_no: str) -> bool:
    """Does a gun charge, or may it still begin to?"""
    view, reading = run.view(gun_no), run.last_reading(gun_no)
    charge = view.charge
    if reading is not None and reading.status == "charging":
        return True
    if charge.start is None or charge.record is not None:
        return False
    if charge.charging:
        return reading is None
    replies = view.of_role("start_reply", charge.start.n)
    return not any(view.language.succeeded(reply.message) is False for reply in replies)


def owes_record(run: Run, gun_no: str) -> bool:
    """Is the record of a charge that has ended still in time? (R-TX-1)"""
    charge = run.view(gun_no).charge
    end = charge.end()
    return bool(charge.charging) and not charge.record and (end is None or run.journal.moment() < end + RECORD_IN)
