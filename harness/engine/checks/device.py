"""QR code and firmware: what the device shows and runs."""

from __future__ import annotations

from collections.abc import Iterator

from harness.core.journal import Answered, FileFetch
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import found, not_seen
from harness.engine.tolerances import Tolerances
from harness.engine.view import View


def qr(view: View, _: Tolerances) -> Iterator[Finding]:
    """The code on the pile's screen is the one sent, and the pile said so."""
    pushed = view.sent("qr")
    if not pushed:
        yield not_seen("qr")
        return
    texts = view.language.qr_texts(pushed[-1].message, view.gun_no)
    scans = [
        (n, event) for n, _, event in view.of_event(Answered) if event.act == "scan_qr" and event.texts is not None
    ]
    shown = scans[-1][1].texts if scans else None
    right = bool(shown) and any(text in texts for text in shown or ())
    yield _qr_reply(view, len(pushed), right)
    if not scans or shown is None:
        yield not_seen("qr")
        return
    frames = [pushed[-1].n, scans[-1][0]]
    if not shown:
        yield found(Verdict.BROKEN, "qr", "qr_unreadable", expected=texts[0], seen="-", frames=frames)
        return
    yield found(
        Verdict.PASSED if right else Verdict.FAILED,
        "qr",
        "qr_right" if right else "qr_wrong",
        rule="§二维码设置",
        expected=texts[0],
        seen=shown[0],
        frames=frames,
        wanted=texts[0],
        got=shown[0],
    )


def _qr_reply(view: View, tries: int, right: bool) -> Finding:
    replies = view.of_role("qr_reply")
    cited = [seen.n for seen in view.sent("qr")]
    if not replies:
        return found(Verdict.FAILED, "qr", "qr_no_reply", expected="1", seen="0", frames=cited, tries=tries)
    if view.language.succeeded(replies[-1].message):
        return found(Verdict.PASSED, "qr", "qr_confirmed", frames=[cited[-1], replies[-1].n])
    code, verdict = ("qr_refused_but_shown", Verdict.REMARK) if right else ("qr_refused", Verdict.FAILED)
    return found(verdict, "qr", code, frames=[cited[-1], replies[-1].n])


def update(view: View, _: Tolerances) -> Iterator[Finding]:
    """The pile fetched the file whole, reported success and logged in with the new version (R-UP-1 to R-UP-3)."""
    commands = view.sent("update")
    if not commands:
        yield not_seen("update", "R-UP-1")
        return
    command = commands[-1]
    yield _fetch(view, command.n)
    yield _update_reply(view, command.n)
    wanted = next((e.firmware_version for _, _, e in view.of_event(Answered) if e.act == "choose_firmware"), "")
    logins = view.of_role("login", command.n)
    if not logins:
        yield found(Verdict.FAILED, "update", "not_back", rule="R-LG-1", frames=[command.n], within="-")
        return
    got = view.language.program_version(logins[-1].message)
    right = got == wanted
    yield found(
        Verdict.PASSED if right else Verdict.FAILED,
        "update",
        "version_changed" if right else "version_unchanged",
        rule="§6.1",
        expected=wanted,
        seen=got,
        frames=[command.n, logins[-1].n],
        version=got,
        wanted=wanted,
        got=got or "-",
    )


def _fetch(view: View, command: int) -> Finding:
    """The firmware server's transcript, the worst step of it named."""
    events = [(n, event) for n, _, event in view.of_event(FileFetch) if n > command]
    last = {event.what: (n, event) for n, event in events}
    size = next((e.firmware_size for _, _, e in view.of_event(Answered) if e.act == "choose_firmware"), 0)
    cited = [command, *(n for n, _ in last.values())]
    if "sent" in last:
        return found(
            Verdict.PASSED, "update", "firmware_fetched", rule="R-UP-1", seen=last["sent"][1].size, frames=cited
        )
    if "partial" in last:
        got = last["partial"][1].size
        return _fetch_failed("firmware_partial", cited, got=got, size=size, seen=f"{got} / {size}")
    if "login" in last:
        return _fetch_failed("firmware_not_opened", cited)
    if "login_failed" in last:
        return _fetch_failed("firmware_login_failed", cited, seen=last["login_failed"][1].user)
    offered = [event.peer for _, _, event in view.of_event(FileFetch) if event.what == "offered"]
    return _fetch_failed("firmware_not_fetched", cited, server=offered[-1] if offered else "")


def _fetch_failed(code: str, frames: list[int], seen: object = "", **params: object) -> Finding:
    return found(Verdict.FAILED, "update", code, rule="R-UP-1", seen=seen, frames=frames, **params)


def _update_reply(view: View, command: int) -> Finding:
    replies = view.of_role("update_reply", command)
    if not replies:
        return found(Verdict.FAILED, "update", "no_update_reply", rule="R-UP-3", frames=[command], within="-")
    reply = replies[-1]
    if view.language.succeeded(reply.message):
        return found(Verdict.PASSED, "update", "update_confirmed", rule="R-UP-3", frames=[command, reply.n])
    return found(
        Verdict.FAILED,
        "update",
        "update_refused",
        rule="R-UP-3",
        frames=[command, reply.n],
        reason=view.language.fail_reason(reply.message),
    )
