"""QR code and firmware: what the device shows and runs."""

from __future__ import annotations

from collections.abc import Iterator

from harness.core.journal import Answered, FileFetch
from harness.core.pairs import joined
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import NOTHING, SUCCESS, found, not_seen, pile_lost
from harness.engine.evidence import window
from harness.engine.tolerances import Tolerances
from harness.engine.view import Seen, View

QR_SECTION = "§二维码设置"


def qr(view: View, _: Tolerances) -> Iterator[Finding]:
    """The code on the pile's screen is the one sent, and the pile said so."""
    pushed = view.sent("qr")
    if not pushed:
        yield not_seen(view, "qr", QR_SECTION, ("二维码下发", "the frame that sets the QR code"))
        return
    texts = view.language.qr_texts(pushed[-1].message, view.gun_no)
    scans = [
        (n, event.texts, event.picture)
        for n, _, event in view.of_event(Answered)
        if event.act == "scan_qr" and event.texts is not None
    ]
    right = bool(scans) and any(text in texts for text in scans[-1][1])
    yield _qr_reply(view, [seen.n for seen in pushed], right)
    if not scans:
        yield not_seen(view, "qr", QR_SECTION, ("扫码结果", "what was scanned"))
        return
    n, shown, picture = scans[-1]
    frames = [pushed[-1].n, n]
    if shown:
        yield _scan(texts, shown, right, frames)
    else:  # a picture without a code says nothing about the pile; a person who sees none does
        verdict, code = (Verdict.BROKEN, "qr_unreadable") if picture else (Verdict.FAILED, "qr_not_shown")
        frames = frames if picture else window(view, frames[0], n)
        yield found(verdict, "qr", code, rule=QR_SECTION, expected=texts[0], seen="-", frames=frames, fields=["qr"])


def _scan(texts: tuple[str, ...], shown: tuple[str, ...], right: bool, frames: list[int]) -> Finding:
    got = next((text for text in shown if text in texts), shown[0])
    return found(
        Verdict.PASSED if right else Verdict.FAILED,
        "qr",
        "qr_right" if right else "qr_wrong",
        rule=QR_SECTION,
        expected=texts[0],
        seen=got or "-",
        frames=frames,
        fields=["qr"],
        wanted=texts[0],
        got=got,
    )


def _qr_reply(view: View, pushed: list[int], right: bool) -> Finding:
    replies = view.of_role("qr_reply", pushed[0])
    if not replies:
        verdict, code, seen = Verdict.FAILED, "qr_no_reply", joined(NOTHING)
        frames = [*pushed, *window(view, pushed[0], view.records[-1].n)]
    elif view.language.succeeded(replies[-1].message):
        verdict, code, frames, seen = Verdict.PASSED, "qr_confirmed", [pushed[-1], replies[-1].n], SUCCESS
    else:
        verdict, code = (Verdict.REMARK, "qr_refused_but_shown") if right else (Verdict.FAILED, "qr_refused")
        frames, seen = [pushed[-1], replies[-1].n], view.language.fail_reason(replies[-1].message)[0]
    return found(
        verdict,
        "qr",
        code,
        rule=QR_SECTION,
        expected=SUCCESS,
        seen=seen,
        frames=frames,
        fields=["result"],
        tries=len(pushed),
    )


def update(view: View, _: Tolerances) -> Iterator[Finding]:
    """The pile fetched the file whole, reported success and logged in with the new version (R-UP-1 to R-UP-3)."""
    commands = view.sent("update")
    if not commands:
        yield not_seen(view, "update", "R-UP-1", ("升级命令", "the command to update"))
        return
    command = commands[-1]
    waited = f"{view.last_at - command.at:.0f}"
    lost = _lost_on_the_way(view, command)
    if lost:
        yield pile_lost(view, "update", [command.n, *lost])
        return
    before = [_fetch(view, command.n), _update_reply(view, command.n, waited)]
    yield from before
    refused = any(finding.verdict is Verdict.FAILED for finding in before)
    if view.of_role("login", command.n) or not refused:  # without a file, or refusing it, a pile need not come back
        yield _version(view, command.n, waited)


def _lost_on_the_way(view: View, command: Seen) -> list[int]:
    """Did the connection break before the command can have arrived, or once more than a reboot takes?"""
    cuts = [n for n, _ in view.cuts(command.at, view.last_at)]
    if not cuts or view.of_role("update_reply", command.n):
        return []
    heard = [seen.n for seen in view.frames if view.from_pile(seen) and command.n < seen.n < cuts[0]]
    fetched = any(n > command.n for n, _, _ in view.of_event(FileFetch))
    return cuts if (len(cuts) > 1 if fetched else not heard) else []


def _version(view: View, command: int, waited: str) -> Finding:
    wanted = next((e.firmware_version for _, _, e in view.of_event(Answered) if e.act == "choose_firmware"), "")
    logins = view.of_role("login", command)
    if not logins:
        return found(
            Verdict.FAILED,
            "update",
            "not_back",
            rule="R-LG-1",
            expected=wanted,
            seen=joined(NOTHING),
            frames=window(view, command, view.records[-1].n),
            within=waited,
        )
    got = view.language.program_version(logins[-1].message)
    right = got == wanted
    return found(
        Verdict.PASSED if right else Verdict.FAILED,
        "update",
        "version_changed" if right else "version_unchanged",
        rule="§6.1",
        expected=wanted,
        seen=got or "-",
        frames=[command, logins[-1].n],
        fields=["version"],
        version=got,
        wanted=wanted,
        got=got or "-",
    )


def _fetch(view: View, command: int) -> Finding:
    """The firmware server's transcript, the worst step of it named."""
    offered = [event for _, _, event in view.of_event(FileFetch) if event.what == "offered"]
    server, size = (offered[-1].peer, offered[-1].size) if offered else ("", 0)
    events = [(n, event) for n, _, event in view.of_event(FileFetch) if n > command]
    last = {event.what: event for _, event in events}
    verdict, code, seen = Verdict.FAILED, "firmware_not_fetched", "-"
    if "sent" in last:
        verdict, code, seen = Verdict.PASSED, "firmware_fetched", str(last["sent"].size)
    elif "partial" in last:
        code, seen = "firmware_partial", str(last["partial"].size)
    elif "login" in last:
        code, seen = "firmware_not_opened", last["login"].user
    elif "login_failed" in last:
        code, seen = "firmware_login_failed", last["login_failed"].user
    cited = [command] if "sent" in last else window(view, command, view.records[-1].n)
    cited += (max(n for n, event in events if event.what == what) for what in last)
    return found(
        verdict,
        "update",
        code,
        rule="R-UP-1",
        expected=f"{size} B",
        seen=seen,
        frames=cited,
        fields=["server_address", "server_port", "user_name", "file_path"],
        server=server,
        got=seen,
        size=size,
    )


def _update_reply(view: View, command: int, waited: str) -> Finding:
    replies = view.of_role("update_reply", command)
    if not replies:
        return found(
            Verdict.FAILED,
            "update",
            "no_update_reply",
            rule="R-UP-3",
            expected=SUCCESS,
            seen=joined(NOTHING),
            frames=window(view, command, view.records[-1].n),
            within=waited,
        )
    reply = replies[-1]
    right = view.language.succeeded(reply.message)
    reason = view.language.fail_reason(reply.message)
    return found(
        Verdict.PASSED if right else Verdict.FAILED,
        "update",
        "update_confirmed" if right else "update_refused",
        rule="R-UP-3",
        expected=SUCCESS,
        seen=SUCCESS if right else reason[0],
        frames=[command, reply.n],
        fields=["result"],
        reason=reason,
    )
