"""Result and reason of the same reply (E-43)."""

from __future__ import annotations

from harness.protocols.ykc.audit.rule import SHOULD, Rule
from harness.protocols.ykc.audit.scene import Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears

REASON_WITH_SUCCESS = Rule(
    id="E-43",
    check="reason_with_success",
    level=SHOULD,
    section="8.4, 8.6, 8.12, 12.4",
    zh="{frame} 应答成功，失败原因却是 {got}",
    en="{frame} reports success with fail reason {got}",
)
NO_REASON = Rule(
    id="E-43",
    check="failure_without_reason",
    level=SHOULD,
    section="8.4, 8.6, 8.12, 12.4",
    zh="{frame} 应答失败，失败原因却是 0",
    en="{frame} reports failure with fail reason 0",
)


class Reasons(Watcher):
    """Result and reason of the same reply (E-43)."""

    rules = (REASON_WITH_SUCCESS, NO_REASON)

    @hears("remote_start_reply", "parallel_remote_start_reply")
    def started(self, seen: Seen) -> None:
        self._judge(seen, seen.values.start_result, "start_result")

    @hears("remote_stop_reply")
    def stopped(self, seen: Seen) -> None:
        self._judge(seen, seen.values.stop_result, "stop_result")

    @hears("offline_card_sync_reply")
    def stored(self, seen: Seen) -> None:
        self._judge(seen, seen.values.save_result, "save_result")

    def _judge(self, seen: Seen, result: int, field: str) -> None:
        reason = seen.values.fail_reason
        if bool(reason) != (result == 1):
            return
        frame = seen.title
        rule, expected = (REASON_WITH_SUCCESS, "0x00") if result == 1 else (NO_REASON, "≠ 0x00")
        got = f"0x{reason:02X}"
        gun, fields = getattr(seen.values, "gun_no", ""), (field, "fail_reason")
        self.scene.tell(rule, [seen.n], gun=gun, expected=expected, seen=got, fields=fields, frame=frame, got=got)
