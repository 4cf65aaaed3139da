"""Steps of an upgrade: publish the file, then wait for download, reply and new version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from harness.core.journal import EventSeen, FileFetch
from harness.core.ports import Heard
from harness.engine.steps.base import Ended, Play, Step

if TYPE_CHECKING:
    from harness.engine.run import Run


NO_FIRMWARE = ("没有选固件", "no firmware was chosen")
SECOND_REBOOT = 120.0  # s in which a pile that came back with its old version may still reboot into the new one


class Publish(Step):
    """Lay the chosen firmware out on our own server; sets $host, $port, $user, $password and $path."""

    key = "publish"

    def play(self, run: Run) -> Play:
        if run.firmware is None:
            return Ended("unmet", detail={"why": "operator_unable", "text": list(NO_FIRMWARE)})
        offer = run.bench.publish(run.firmware)
        run.values.update(
            host=offer.host, port=str(offer.port), user=offer.user, password=offer.password, path=offer.path
        )
        n = run.journal.event(
            FileFetch(
                what="offered", user=offer.user, path=offer.path, size=offer.size, peer=f"{offer.host}:{offer.port}"
            )
        )
        return Ended(frames=(n,))
        yield


class Updated(Step):
    """Wait until the file was fetched, success reported (before or after the relogin) and the new version logged in."""

    key = "updated"
    away: bool = True
    within: float = Field(900, gt=0)
    since: str = ""

    def play(self, run: Run) -> Play:
        first, base = run.moment(self.since, run.now)
        end = (run.now if base is None else base) + self.within
        wanted = run.firmware.version if run.firmware else ""
        missing = {"fetch", "reply", "login"}
        language = run.bench.language
        for heard in run.heard_since(first):
            missing -= self._seen(run, heard, wanted)
        if any(n > first and event.what == "sent" for n, _, event in run.view().of_event(FileFetch)):
            missing.discard("fetch")
        while missing:
            what = yield end
            if what is None and run.now >= end:
                return Ended("done", detail={"missing": sorted(missing)})
            if isinstance(what, EventSeen) and isinstance(what.event, FileFetch) and what.event.what == "sent":
                missing.discard("fetch")
            if isinstance(what, Heard):
                missing -= self._seen(run, what, wanted)
                if self._refused(run, what):
                    return Ended("done", detail={"missing": sorted(missing)})
                if missing == {"login"} and language.role(what.message.name) == "login":
                    end = min(end, run.now + SECOND_REBOOT)
        return Ended()

    def _seen(self, run: Run, heard: Heard, wanted: str) -> set[str]:
        language, message = run.bench.language, heard.message
        role = language.role(message.name)
        if role == "update_reply" and language.succeeded(message):
            return {"reply"}
        if role == "login" and language.program_version(message) == wanted:
            return {"login"}
        return set()

    def _refused(self, run: Run, heard: Heard) -> bool:
        language, message = run.bench.language, heard.message
        return language.role(message.name) == "update_reply" and language.succeeded(message) is False
