"""What people do at a pile, and what they only say they did: nothing of that may be held against the pile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from harness.core.amounts import Reading
from harness.core.journal import Answered, Prompted
from harness.core.pairs import joined
from harness.core.play_words import DEEDS
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import NOTHING, found
from harness.engine.evidence import attended
from harness.engine.view import View

if TYPE_CHECKING:
    from harness.engine.steps.base import Span

PULLED_WITHIN = 15.0  # s after the end of a charge in which a gun that was pulled shows (R-RT-1)
PLUGGED, PULLED = ("插着", "plugged"), ("拔出", "pulled")
WAIT_FOR_IT = ("ask", "expect", "charge", "poll")  # the steps that wait for what follows from a deed
OF_THE_PILE = ("press_estop", "release_estop")  # whichever gun shows it
FROM_PULLING = frozenset({"stopped_by_other", "estop_reason_wrong", "no_energy", "no_split", "start_failed"})


class Deed(NamedTuple):
    """A prompt that a person answered: numbers of the answer and of the prompt; the gun, "" for the whole pile."""

    n: int
    asked: int
    act: str
    gun: str = ""

    def is_at(self, view: View) -> bool:
        """Was it done at the gun of a view?"""
        return self.gun in ("", view.gun)


def unseen(*views: View) -> tuple[Deed, ...]:
    """What a person said was done, and no frame shows; a view for each gun of the case."""
    return tuple(deed for deed in _answered(views[0]) if deed.act in SHOWS and not _shows(deed, views))


def _shows(deed: Deed, views: Sequence[View]) -> bool:
    return any(SHOWS[deed.act](view, deed.asked) for view in views if deed.is_at(view))


def not_held(view: View, span: Span, key: str, findings: Sequence[Finding], deeds: Sequence[Deed]) -> list[Finding]:
    """The findings of a step; what failed because something was not done is told as just that."""
    deed = next((deed for deed in reversed(deeds) if deed.n < span.end_n and deed.is_at(view)), None)
    failed = [finding for finding in findings if finding.verdict is Verdict.FAILED]
    if deed is None or key not in WAIT_FOR_IT or not failed:
        return list(findings)
    cited = attended(view, [deed.asked, deed.n, *(n for finding in failed for n in finding.frames)])
    told = not_seen_done(deed.act, key, cited, failed[0].rule)
    return [*(finding for finding in findings if finding not in failed), told]


def not_seen_done(act: str, key: str, frames: Sequence[int], rule: str) -> Finding:
    """A person said that it was done, the pile did not. `rule` is that of what would have shown it."""
    expected, seen = joined(DEEDS[act]), joined(NOTHING)
    return found(
        Verdict.BROKEN, key, "act_not_seen", rule=rule, expected=expected, seen=seen, frames=frames, act=DEEDS[act]
    )


def without_pulling(view: View, findings: Sequence[Finding]) -> list[Finding]:
    """The findings; what a person caused who pulled the gun is told as just that."""
    caused = [each for each in findings if each.verdict is Verdict.FAILED and each.code in FROM_PULLING]
    out = _pulled(view) if caused else ()
    if not out:
        return list(findings)
    cited = [*out, *(n for each in caused for n in each.frames)]
    return [*(each for each in findings if each not in caused), _gun_pulled(caused[0], cited)]


def _gun_pulled(told: Finding, frames: Sequence[int]) -> Finding:
    expected, seen = joined(PLUGGED), joined(PULLED)
    return found(
        Verdict.BROKEN,
        told.check,
        "gun_pulled",
        rule="R-SP-5",
        expected=expected,
        seen=seen,
        frames=frames,
        fields=["plugged", "stop_reason"],
    )


def _pulled(view: View) -> tuple[int, ...]:
    """The first report of a gun that is out, where the pile says that its guide broke and the frames show why."""
    charge = view.charge
    if charge.record is None or charge.bill is None or not view.language.is_guide_broken(charge.bill.stop_reason):
        return ()
    plugged = [report.n for report in charge.reports if report.reading.plugged]
    latest = min(charge.end() or charge.record.at, charge.record.at) + PULLED_WITHIN
    out = [r.n for r in charge.reports if plugged and r.n > plugged[-1] and r.at <= latest and not r.reading.plugged]
    return tuple(out[:1])


def _answered(view: View) -> Iterator[Deed]:
    """What a person said was done in the last attempt; the replugging before it is part of that."""
    asked: dict[int, int] = {}
    for record in view.events:
        event = record.event
        if isinstance(event, Prompted):
            asked[event.id] = record.n
        elif not isinstance(event, Answered) or event.by == "frames" or event.unable:
            continue
        elif record.n > view.begin_n or event.act == "replug":
            gun = "" if event.act in OF_THE_PILE else str(event.params.get("gun", ""))
            yield Deed(record.n, asked.get(event.id, record.n), event.act, gun)


def _readings(view: View, after: int) -> list[Reading]:
    read = view.language.reading
    return [reading for s in view.frames if s.n > after and (reading := read(s.message)) is not None]


def _plugged(view: View, asked: int) -> bool:
    return any(reading.plugged or reading.status == "charging" for reading in _readings(view, asked))


def _unplugged(view: View, asked: int) -> bool:
    return any(not reading.plugged for reading in _readings(view, asked))


def _asked_to_start(view: View, asked: int) -> bool:
    return bool(view.of_role("ask_start", asked))


def stopped(view: View, asked: int) -> bool:
    """Was the emergency stop pressed, as far as frames tell? Its bit, a record, or a charge that does not go on."""
    charge = view.charge
    ours = charge.stop.n if charge.stop is not None else None
    ended = charge.record is not None and (ours is None or charge.record.n < ours)
    bit = not charge.bit_always_set and any(report.reading.estop for report in charge.reports if report.n > asked)
    after = [report for report in charge.reports if report.n > asked and (ours is None or report.n < ours)]
    flowed = any(report.flows for report in charge.reports if report.n < asked)
    return ended or bit or not after or not (after[-1].flows if flowed else after[-1].charging)


def _released(view: View, asked: int) -> bool:
    """Is the bit gone, or does the gun at least report no fault any more?"""
    before = [reading for reading in _readings(view, 0) if reading.estop]
    after = _readings(view, asked)
    fault = any(reading.status == "fault" for reading in before)
    return any(not reading.estop or (fault and reading.status in ("idle", "charging")) for reading in after)


SHOWS: dict[str, Callable[[View, int], bool]] = {
    "plug_in": _plugged,
    "replug": _unplugged,
    "unplug": _unplugged,
    "swipe_card": _asked_to_start,
    "start_by_vin": _asked_to_start,
    "press_estop": stopped,
    "release_estop": _released,
}
