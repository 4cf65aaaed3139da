"""All plays of a self-test together: what was found, missed, blamed wrongly, and what differed the second time."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.core.selftested import Line, Right, Summary, Wrong
from harness.selftest.playing import Blame, Played
from harness.selftest.plays import Play
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults import FAULTS


def summary(pairs: Iterable[tuple[Played, Played]], seeds: int, seconds: float) -> Summary:
    """From plays that were each performed twice."""
    both = list(pairs)
    first = [one for one, _ in both]
    lines, right = tuple(_lines(first)), tuple(_right(first))
    return Summary(
        lines=lines,
        right=right,
        dialects=sum(pile.odd for pile in right),
        clean=sum(not pile.odd for pile in right),
        plays=2 * len(both),
        seeds=seeds,
        missed=tuple(line.fault for line in lines if not line.found),
        false_findings=tuple(wrong for each in first for wrong in _found_wrongly(each)),
        unstable=tuple(wrong for one, other in both for wrong in _unstable(one, other)),
        seconds=round(seconds, 1),
    )


def plain(result: Summary) -> dict[str, object]:
    """As `--json` ends with it."""
    return {
        "faults": len(result.lines),
        "found_by_intended": len(result.lines) - len(result.missed),
        "missed": list(result.missed),
        "dialects": result.dialects,
        "seeds": result.seeds,
        "false_findings": [msgspec.to_builtins(wrong) for wrong in result.false_findings],
        "unstable": [msgspec.to_builtins(wrong) for wrong in result.unstable],
        "seconds": result.seconds,
    }


def _lines(played: list[Played]) -> Iterable[Line]:
    for name in dict.fromkeys(each.play.name for each in played if each.play.kind == "fault"):
        fault = FAULTS[name]
        mine = [each for each in played if each.play.kind == "fault" and each.play.name == name]
        odd = [each for each in mine if each.play.dialects]
        others = {code for each in mine for code in each.found} - {fault.found_by}
        yield Line(
            fault=name,
            case=fault.case,
            found_by=fault.found_by,
            dialect=fault.dialect,
            plain=_share([each for each in mine if not each.play.dialects], fault.found_by),
            odd=_share(odd, fault.found_by),
            others=tuple(sorted(others)),
        )


def _right(played: list[Played]) -> Iterable[Right]:
    mine = [each for each in played if each.play.kind != "fault"]
    for kind, name in dict.fromkeys((each.play.kind, each.play.name) for each in mine):
        its = [each for each in mine if (each.play.kind, each.play.name) == (kind, name)]
        yield Right(
            pile=name,
            odd=kind == "dialect",
            cases=len({case for each in its for case in each.play.cases}),
            plays=len(its),
            blamed=sum(any(True for _ in _found_wrongly(each)) for each in its),
        )


def _share(played: list[Played], code: str) -> tuple[int, int]:
    return sum(code in each.found for each in played), len(played)


def _found_wrongly(played: Played) -> Iterable[Wrong]:
    """All that was found though its fault does not name it; a should or a remark may be its dialect's own."""
    fault = FAULTS.get(played.play.name) if played.play.kind == "fault" else None
    own = {fault.found_by, *fault.also} if fault else set()
    odd = {code for dialect in played.play.dialects for code in DIALECTS[dialect].also}
    blamed = {blame.code: _said(blame) for blame in reversed(played.blames)}
    for code in sorted((played.found | blamed.keys()) - own):
        if code in blamed or code not in odd:
            yield Wrong(_name(played.play), played.play.seed, blamed.get(code, code))


def _unstable(one: Played, other: Played) -> Iterable[Wrong]:
    if one.digest != other.digest:
        yield Wrong(_name(one.play), one.play.seed, "another outcome with the same seed")
    for key in dict.fromkeys((*one.live_differs, *other.live_differs)):
        yield Wrong(
            _name(one.play),
            one.play.seed,
            f"{key}: what was told of it live is not what the run and the stored journal say",
        )


def _name(play: Play) -> str:
    return "+".join((play.name, *(dialect for dialect in play.dialects if dialect != play.name)))


def _said(blame: Blame) -> str:
    return f"{blame.code} ({blame.case or 'session'})"


__all__ = ["plain", "summary"]
