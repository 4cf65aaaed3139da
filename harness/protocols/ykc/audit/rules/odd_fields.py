"""Values outside their lists, ranges and formats, in any frame (3.2 and the tables of chapters 6 to 12)."""

from __future__ import annotations

from harness.core.message import Remark
from harness.core.pairs import slashed
from harness.core.rows import both_readings
from harness.protocols.ykc.audit.rule import MUST, REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.watcher import EVERY_FRAME, Watcher, hears
from harness.protocols.ykc.kinds import Moment

CODE_NOT_LISTED = Rule(
    id="E-BCDCODE",
    check="code_not_listed",
    level=MUST,
    section="6 – 12",
    doubt="E-BCDCODE",
    zh="{frame} 的 {field}：{why}",
    en="{frame}: {field}: {why}",
)
OUT_OF_RANGE = Rule(
    id="R-DT-2",
    check="value_out_of_range",
    level=SHOULD,
    section="3.2",
    zh="{frame} 的 {field} 为 {got}，{why}",
    en="{frame}: {field} is {got}, {why}",
)
NOT_DECIMAL = Rule(
    id="R-DT-1",
    check="digits_not_decimal",
    level=MUST,
    section="3.2",
    doubt="E-PAD",
    zh="{frame} 的 {field} 是 BCD，却含十六进制数字：{got}",
    en="{frame}: {field} is BCD and holds hex digits: {got}",
)
IMPOSSIBLE_TIME = Rule(
    id="R-TI-2",
    check="impossible_time",
    level=MUST,
    section="9.3, 9.4, 8.7",
    zh="{frame} 的 {field} 不是有效的日期时间：{got}",
    en="{frame}: {field} is no possible date and time: {got}",
    also=("record_times", "clock_wrong"),
)
ZERO_TIME = Rule(
    id="E-TZ",
    check="zero_time",
    level=REMARK,
    section="9.3, 8.7",
    zh="{frame} 的 {field} 全为 0",
    en="{frame}: {field} is all zero",
    also=("record_times",),
)
TIME_FLAGS = Rule(
    id="E-TZ",
    check="time_flags",
    level=SHOULD,
    section="9.3",
    zh="{frame} 的 {field}：{why}",
    en="{frame}: {field}: {why}",
)
RESERVED_SET = Rule(
    id="E-BSM",
    check="reserved_set",
    level=REMARK,
    section="7, 10",
    zh="{frame} 的 {field}：{why}",
    en="{frame}: {field}: {why}",
)
ODD_TEXT = Rule(
    id="R-DT-3",
    check="text_not_filled",
    level=REMARK,
    section="6 – 12",
    tolerance="either side may be filled with zeros",
    zh="{frame} 的 {field} 没有用 0 补齐：{got}",
    en="{frame}: {field} is not filled up with zeros: {got}",
)

BY_REMARK = {
    "unlisted": CODE_NOT_LISTED,
    "out_of_range": OUT_OF_RANGE,
    "bcd_hex": NOT_DECIMAL,
    "impossible_time": IMPOSSIBLE_TIME,
    "zero_time": ZERO_TIME,
    "time_invalid": TIME_FLAGS,
    "summer_time": TIME_FLAGS,
    "reserved_set": RESERVED_SET,
    "not_const": RESERVED_SET,
    "odd_text": ODD_TEXT,
}

EXPECTED = {
    "unlisted": "列出的取值 / a listed code",
    "bcd_hex": "0 – 9",
    "impossible_time": "有效的日期时间 / a possible date and time",
    "zero_time": "日期时间 / a date and time",
    "time_invalid": "IV = 0",
    "summer_time": "SU = 0",
    "reserved_set": "0",
    "odd_text": "用 00 补齐 / filled up with 00",
}
UNITS = {"year": "年", "month": "月", "day": "日", "min": "分钟", "times": "次"}

# These have rules of their own, which know more than the list.
ELSEWHERE = frozenset({("transaction_record", "stop_reason"), ("transaction_record", "trade_flag")})
MOST_BODIES = 50  # of a frame, remembered: heartbeats and idle reports are alike
MOST_VALUES = 5  # of one field, odd in one way: a sixth is no news


class OddFields(Watcher):
    """Whatever a field itself says is odd about its value, once for each of its first values."""

    rules = (
        CODE_NOT_LISTED,
        OUT_OF_RANGE,
        NOT_DECIMAL,
        IMPOSSIBLE_TIME,
        ZERO_TIME,
        TIME_FLAGS,
        RESERVED_SET,
        ODD_TEXT,
    )

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._values: dict[tuple[str, str, str], set[str]] = {}  # told already, by frame, field and what is odd
        self._looked_at: dict[str, set[bytes]] = {}  # bodies by frame: the same bytes hold no news

    @hears(EVERY_FRAME)
    def frame(self, seen: Seen) -> None:
        kind = seen.message.frame_type
        if not seen.up or kind is None or self._was_seen(seen):
            return
        for remark in kind.remarks(seen.values, kind.length):
            if remark.code in BY_REMARK and (seen.name, remark.field) not in ELSEWHERE:
                self._tell(seen, remark)

    def _was_seen(self, seen: Seen) -> bool:
        body, bodies = seen.body, self._looked_at.setdefault(seen.name, set())
        if body in bodies:
            return True
        if len(bodies) < MOST_BODIES:
            bodies.add(body)
        return False

    def _tell(self, seen: Seen, remark: Remark) -> None:
        kind = seen.message.frame_type
        assert kind is not None
        name = remark.field.split(".")[0].split("[")[0]
        field = kind.by_name[name]
        value = getattr(seen.values, name)
        got = field.show(value) if not isinstance(value, Moment) or value.time else value.raw.hex(" ").upper()
        values = self._values.setdefault((seen.name, remark.field, remark.code), set())
        if got in values or len(values) >= MOST_VALUES:
            return
        values.add(got)
        self.scene.tell(
            BY_REMARK[remark.code],
            [seen.n],
            gun=str(getattr(seen.values, "gun_no", "")),
            expected=expected(remark),
            seen=slashed(both_readings(got, field.choices) if field.choices else in_chinese(got)),
            fields=(name,),
            frame=seen.title,
            field=(field.title, name),
            got=in_chinese(got),
            why=(remark.text_zh, remark.text_en),
        )


def expected(remark: Remark) -> str:
    """What would not be odd."""
    if remark.code == "out_of_range":
        return slashed((remark.text_zh.removeprefix("超出范围 "), remark.text_en.removeprefix("outside ")))
    if remark.code == "not_const":
        return slashed((remark.text_zh.removeprefix("应固定为 "), remark.text_en.removeprefix("should always be ")))
    return EXPECTED[remark.code]


def in_chinese(got: str) -> tuple[str, str]:
    """A value as it is shown, its unit in both languages."""
    number, _, unit = got.partition(" ")
    return (f"{number} {UNITS[unit]}", got) if unit in UNITS else (got, got)
