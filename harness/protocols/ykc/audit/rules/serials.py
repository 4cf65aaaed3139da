"""Frame serials (3.1) and replies: counting, echoing, and replies to what nobody asked."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from harness.core.journal import GONE, LinkChanged
from harness.core.pairs import NONE
from harness.protocols.ykc.audit.rule import REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.watcher import EVERY_FRAME, Watcher, hears
from harness.protocols.ykc.pairing import SHARED, Questions, Topic, topic

LOOKED_AT = 20  # frames of its own after which it is known whether a pile counts
MOST_MISSED = 4  # of those steps may be something else than one
ORDERS: tuple[Literal["little", "big"], ...] = ("little", "big")
LARGEST_STEP = 4  # replies may be counted too, though they echo
MOST_TOPICS = 2000
KNOWN_FOR = 60.0  # s after which a journal that began amid a connection knows what was asked

SERIAL_START = Rule(
    id="R-SN-3",
    check="serial_start",
    level=REMARK,
    section="3.1",
    zh="重新连接后序列号从 {serial} 开始，应从 0 开始",
    en="after a new connection the frame serial starts at {serial}, it should start at 0",
)
SERIAL_COUNT = Rule(
    id="R-SN-1",
    check="serial_count",
    level=REMARK,
    section="3.1",
    zh="序列号不逐帧加一（如 {seen}）",
    en="the frame serial does not rise by one per frame ({seen})",
)
NOT_ECHOED = Rule(
    id="R-SN-2",
    check="serial_not_echoed",
    level=SHOULD,
    section="3.1",
    tolerance="never for 0x93 and a second 0x33",
    zh="{frame} 的序列号 {got} 与所应答的 {wanted} 不同",
    en="{frame} carries serial {got}, the request it answers {wanted}",
)
ANSWERS_NOTHING = Rule(
    id="R-SN-2",
    check="reply_unasked",
    level=SHOULD,
    section="3.1",
    tolerance="0x93 and a second 0x33 are known",
    zh="{frame}：平台没有问过",
    en="{frame} answers what the platform never asked",
)
ANSWERED_TWICE = Rule(
    id="R-SN-2",
    check="reply_repeated",
    level=SHOULD,
    section="3.1",
    tolerance="0x93 and a second 0x33 are known",
    zh="{frame}：对同一请求发了两次",
    en="{frame} answers the same request twice",
)

MAY_COME_AGAIN = frozenset({"remote_update_reply", "remote_start_reply", "parallel_remote_start_reply"})
NOT_ALWAYS_REPLIES = frozenset({"realtime_data"})  # periodic too


class Serials(Watcher):
    """Does the pile count its own frames, from 0, in either byte order?"""

    rules = (SERIAL_START, SERIAL_COUNT)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._own: list[Seen] = []
        self._told = False

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what in GONE or event.what == "connected":
            self._own, self._told = [], False

    @hears(EVERY_FRAME)
    def frame(self, seen: Seen) -> None:
        if self._told or not seen.up or not self.scene.pile.from_first_byte or seen.name in SHARED:
            return
        self._own.append(seen)
        if len(self._own) == 1 and seen.name == "login":
            self._start(seen)
        if len(self._own) == LOOKED_AT:
            self._told = True
            self._count()

    def _start(self, seen: Seen) -> None:
        if seen.message.serial != b"\0\0":
            shown = seen.message.serial.hex().upper()
            self.scene.tell(SERIAL_START, [seen.n], expected="0000", seen=shown, serial=shown)

    def _count(self) -> None:
        if any(self._counts(order) for order in ORDERS):
            return
        shown = " ".join(seen.message.serial.hex().upper() for seen in self._own[:4])
        self.scene.tell(SERIAL_COUNT, [seen.n for seen in self._own[:4]], expected="+1", seen=shown)

    def _counts(self, order: Literal["little", "big"]) -> bool:
        numbers = [int.from_bytes(seen.message.serial, order) for seen in self._own]
        steps = [(second - first) % 65536 for first, second in pairwise(numbers)]
        return sum(not 1 <= step <= LARGEST_STEP for step in steps) <= MOST_MISSED


class Replies(Watcher):
    """Replies of the pile against what was asked on this connection."""

    rules = (NOT_ECHOED, ANSWERS_NOTHING, ANSWERED_TWICE)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._waiting = Questions()  # over a lost connection, too: the reply may come after it
        self._asked: dict[Topic, int] = {}  # every topic ever asked, with its frame
        self._since: float | None = None

    @hears(EVERY_FRAME)
    def frame(self, seen: Seen) -> None:
        if self._since is None:
            self._since = seen.at
        if not seen.up:
            self._ask(seen)
        elif seen.name in SHARED and seen.name not in NOT_ALWAYS_REPLIES:
            self._reply(seen)

    def _ask(self, seen: Seen) -> None:
        kind = seen.message.frame_type
        if kind is None or kind.answered_by is None or kind.sender != "platform":
            return
        self._waiting.ask(seen.message, seen.at, seen.n)
        self._asked[topic(kind.answered_by, seen.values)] = seen.n
        if len(self._asked) > MOST_TOPICS:
            del self._asked[next(iter(self._asked))]

    def _reply(self, seen: Seen) -> None:
        asked = self._waiting.answered_by(seen.message)
        frame = seen.title
        if not self._knows(seen):
            return  # it may answer what was asked before these records begin
        if asked is not None:
            self._echo(seen, asked.request.serial, asked.note, frame)
            return
        before = self._asked.get(topic(seen.name, seen.values))
        if before is None:
            self.scene.tell(ANSWERS_NOTHING, [seen.n], expected="有请求 / a request", seen=NONE, frame=frame)
        elif before is not None and seen.name not in MAY_COME_AGAIN:
            self.scene.tell(ANSWERED_TWICE, [before, seen.n], expected="1", seen="2", frame=frame)

    def _echo(self, seen: Seen, wanted: bytes, request: int, frame: tuple[str, str]) -> None:
        got = seen.message.serial
        if got == wanted or seen.name == "remote_update_reply":
            return
        due, said = wanted.hex().upper(), got.hex().upper()
        cited = [request, seen.n]
        self.scene.tell(NOT_ECHOED, cited, expected=due, seen=said, frame=frame, wanted=due, got=said)

    def _knows(self, seen: Seen) -> bool:
        """Would a request for this reply be in the records?"""
        assert self._since is not None
        return self.scene.pile.from_first_byte or seen.at - self._since > KNOWN_FOR
