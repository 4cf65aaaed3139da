"""Replies of the pile that have to come: in time, and saying what fits (E-BAD: 10 s where no limit is written)."""

from __future__ import annotations

from harness.core.journal import GONE, LinkChanged
from harness.core.pairs import NONE
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.rules.authorisation import same_card, started_with
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.tolerances import CLOCK_SLACK, USUAL_REPLY
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import OFFLINE_CARD
from harness.protocols.ykc.pairing import topic

LEAST_POWER, MOST_POWER = 30, 100


def _reply(rule_id: str, check: str, section: str, zh: str, en: str) -> Rule:
    return Rule(
        id=rule_id,
        check=check,
        level=SHOULD,
        section=section,
        window=USUAL_REPLY,
        slack=0.5,
        tolerance="10 s, where the document gives no limit",
        zh=zh,
        en=en,
    )


NO_BALANCE_REPLY = _reply(
    "R-BL-3", "balance_reply_missing", "8.10", "10 秒内没有应答 0x42 余额更新", "0x42 was not answered within 10 s"
)
NO_CARD_SYNC_REPLY = _reply(
    "R-OC-2", "card_sync_reply_missing", "8.12", "10 秒内没有应答 0x44 离线卡同步", "0x44 was not answered within 10 s"
)
NO_CARD_CLEAR_REPLY = _reply(
    "R-OC-4", "card_clear_reply_missing", "8.14", "10 秒内没有应答 0x46 离线卡清除", "0x46 was not answered within 10 s"
)
NO_CARD_QUERY_REPLY = _reply(
    "R-OC-5", "card_query_reply_missing", "8.16", "10 秒内没有应答 0x48 离线卡查询", "0x48 was not answered within 10 s"
)
NO_PARAM_REPLY = _reply(
    "R-CF-3", "param_reply_missing", "9.2", "10 秒内没有应答 0x52 工作参数设置", "0x52 was not answered within 10 s"
)
NO_TIME_REPLY = _reply(
    "R-TI-2", "time_reply_missing", "9.4", "10 秒内没有应答 0x56 对时", "0x56 was not answered within 10 s"
)
NO_LOCK_REPLY = _reply(
    "R-LK-5", "lock_reply_missing", "10.3", "10 秒内没有应答 0x62 地锁命令", "0x62 was not answered within 10 s"
)
NO_REBOOT_REPLY = _reply(
    "R-RB-1", "reboot_reply_missing", "11.2", "10 秒内没有应答 0x92 远程重启", "0x92 was not answered within 10 s"
)

BY_REPLY = {
    "balance_update_reply": NO_BALANCE_REPLY,
    "offline_card_sync_reply": NO_CARD_SYNC_REPLY,
    "offline_card_clear_reply": NO_CARD_CLEAR_REPLY,
    "offline_card_query_reply": NO_CARD_QUERY_REPLY,
    "work_param_set_reply": NO_PARAM_REPLY,
    "time_sync_reply": NO_TIME_REPLY,
    "ground_lock_control_reply": NO_LOCK_REPLY,
    "remote_reboot_reply": NO_REBOOT_REPLY,
}
REQUESTS = tuple(str(frame.name) for frame in CATALOGUE if frame.answered_by in BY_REPLY)


class ReplyTimes(Watcher):
    """A duty for each request that was sent."""

    rules = tuple(BY_REPLY.values())

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._owed: dict[tuple[str, ...], Duty] = {}

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what in GONE:
            self._owed.clear()

    @hears(*REQUESTS)
    def asked(self, seen: Seen) -> None:
        kind = seen.message.frame_type
        assert kind is not None
        rule = BY_REPLY[str(kind.answered_by)]
        about = topic(str(kind.answered_by), seen.values)
        if about in self._owed:
            return  # asked again: the first question still waits
        self._owed[about] = self.scene.owe(rule, lambda: self._missing(rule, about, seen))

    @hears(*BY_REPLY)
    def replied(self, seen: Seen) -> None:
        duty = self._owed.pop(topic(seen.name, seen.values), None)
        if duty is not None:
            duty.done()

    def _missing(self, rule: Rule, about: tuple[str, ...], asked: Seen) -> None:
        self._owed.pop(about, None)
        gun = str(getattr(asked.values, "gun_no", ""))
        self.scene.tell(rule, [asked.n], gun=gun, expected="≤ 10 s", seen=NONE)


BALANCE_CARD = Rule(
    id="R-BL-2",
    check="balance_of_other_card",
    level=MUST,
    section="8.9",
    zh="0x42 的卡号不属于正在充电的订单，桩却应答更新成功",
    en="the card of 0x42 is not the one that charges, yet the pile answered success",
)
PARAM_TAKEN = Rule(
    id="R-CF-3",
    check="bad_power_taken",
    level=SHOULD,
    section="9.1, 9.2",
    doubt="E-52",
    tolerance="30 to 100 %",
    zh="0x52 的最大功率 {got}% 不在 30 至 100 之间，桩却应答成功",
    en="0x52 gave a power limit of {got} %, outside 30 to 100, yet the pile answered success",
)
CARDS_DIFFER = Rule(
    id="R-OC-4",
    check="cards_answered_differ",
    level=MUST,
    section="8.13 – 8.16",
    doubt="E-45",
    tolerance="a card number may be turned round (E-CARD); a list above 200 bytes may come in parts",
    zh="{frame} 的卡号与询问的不同",
    en="{frame} answers for other cards than were asked for",
)
CARD_NOT_STORED = Rule(
    id="R-OC-2",
    check="stored_card_unknown",
    level=MUST,
    section="8.11, 8.16",
    zh="0x43 应答已保存的卡，0x47 查询时说不存在",
    en="a card that 0x43 said was stored is not there by 0x47",
)


CLEARED_CARD_CHARGED = Rule(
    id="R-OC-3",
    check="cleared_card_charged",
    level=MUST,
    section="8.11, 5.4",
    zh="离线卡 {card} 已清除（0x45 成功），之后仍有它的离线充电记录",
    en="offline card {card} was cleared (0x45: success), yet it charged offline afterwards",
)
FIT = {"offline_card_clear_reply": 18, "offline_card_query_reply": 21}  # cards within 200 bytes (E-MAX)


class Balances(Watcher):
    """0x42 to a gun whose charge belongs to another card."""

    rules = (BALANCE_CARD,)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._asked: Seen | None = None

    @hears("balance_update")
    def asked(self, seen: Seen) -> None:
        self._asked = seen

    @hears("balance_update_reply")
    def replied(self, seen: Seen) -> None:
        asked, self._asked = self._asked, None
        if asked is None or seen.values.update_result != 0 or not any(asked.values.physical_card_no):
            return
        charge = self.scene.pile.gun(asked.values.gun_no).charge
        if charge is None or charge.records or charge.ended is not None:
            return  # nothing charges there
        card, start = started_with(charge)
        if start is not None and any(card) and not same_card(card, asked.values.physical_card_no):
            shown = asked.values.physical_card_no.hex().upper()
            self.scene.tell(
                BALANCE_CARD,
                [start.n, asked.n, seen.n],
                gun=asked.values.gun_no,
                expected=card.hex().upper(),
                seen=shown,
            )


class Settings(Watcher):
    """0x52 with a limit that is none."""

    rules = (PARAM_TAKEN,)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._asked: Seen | None = None

    @hears("work_param_set")
    def asked(self, seen: Seen) -> None:
        self._asked = seen

    @hears("work_param_set_reply")
    def replied(self, seen: Seen) -> None:
        asked, self._asked = self._asked, None
        if asked is None or seen.values.set_result != 1:
            return
        power = asked.values.max_output_power
        if not LEAST_POWER <= power <= MOST_POWER:
            self.scene.tell(PARAM_TAKEN, [asked.n, seen.n], expected="0x00", seen="0x01", got=power)


class OfflineCards(Watcher):
    """What the pile says of its stored cards."""

    rules = (CARDS_DIFFER, CARD_NOT_STORED, CLEARED_CARD_CHARGED)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._asked: Seen | None = None
        self._sent: Seen | None = None
        self._stored: dict[bytes, int] = {}  # and the 0x43 that said so
        self._cleared: dict[bytes, Seen] = {}  # and the 0x45 that said so

    @hears("offline_card_clear", "offline_card_query")
    def asked(self, seen: Seen) -> None:
        self._asked = seen

    @hears("offline_card_sync")
    def sent(self, seen: Seen) -> None:
        self._sent = seen

    @hears("offline_card_sync_reply")
    def stored(self, seen: Seen) -> None:
        if self._sent is not None and seen.values.save_result == 1:
            self._stored |= {card.physical_card_no: seen.n for card in self._sent.values.cards}
            for card in self._sent.values.cards:
                self._cleared.pop(card.physical_card_no, None)
        self._sent = None

    @hears("offline_card_clear_reply")
    def cleared(self, seen: Seen) -> None:
        self._same_cards(seen)
        for card in seen.values.cards:
            self._stored.pop(card.physical_card_no, None)
            if card.clear_result == 1:
                self._cleared[card.physical_card_no] = seen

    @hears("offline_card_query_reply")
    def queried(self, seen: Seen) -> None:
        self._same_cards(seen)
        for card in seen.values.cards:
            said = self._stored.get(card.physical_card_no)
            if said is not None and card.query_result == 0:
                self.scene.tell(CARD_NOT_STORED, [said, seen.n], expected="0x01", seen="0x00", fields=("cards",))

    @hears("transaction_record")
    def charged(self, seen: Seen) -> None:
        cleared = self._cleared.get(seen.values.physical_card_no)
        began = seen.values.start_time.time
        if cleared is None or began is None or seen.values.trade_flag != OFFLINE_CARD:
            return
        when = [late for _, late in self.scene.pile.clock.could_show(cleared.at, cleared.at)]
        if when and began > max(when) + CLOCK_SLACK:
            card = seen.values.physical_card_no.hex().upper()
            self.scene.tell(
                CLEARED_CARD_CHARGED,
                [cleared.n, seen.n],
                gun=seen.values.gun_no,
                expected="不启动 / no start",
                seen=card,
                card=card,
            )

    def _same_cards(self, seen: Seen) -> None:
        asked, self._asked = self._asked, None
        if asked is None:
            return
        wanted = {card.physical_card_no for card in asked.values.cards}
        got = {card.physical_card_no for card in seen.values.cards}
        kind = seen.message.frame_type
        assert kind is not None
        others = [card for card in got if not any(same_card(card, each) for each in wanted)]
        if others or (len(got) < len(wanted) <= FIT[kind.name]):
            self.scene.tell(
                CARDS_DIFFER,
                [asked.n, seen.n],
                expected=_cards(wanted),
                seen=_cards(got) or "—",
                fields=("cards",),
                frame=seen.title,
            )


def _cards(cards: set[bytes]) -> str:
    return ", ".join(sorted(card.hex().upper() for card in cards))
