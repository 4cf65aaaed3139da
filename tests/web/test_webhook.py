"""What a webhook is told of a new state."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from harness.core.approval import State
from harness.store.desk.values import Actor, AuditLine, Model
from tests.web.conftest import DATA, PILE
from web.review.webhook import MOST, body, fit, is_news

AT = datetime(2026, 4, 17, 7, 2, tzinfo=UTC)
MODEL = Model(
    id=12, registrant_id=1, company="青禾换电", brand="禾充", contact="测试员甲", phone="+8613900000000",
    state=State.REJECTED, returned="", data=DATA, pile_code=PILE, created=AT, changed=AT, deleted=False, version=3,
    waiting_since=None,
)  # fmt: skip
LINE = AuditLine(
    id=9, at=AT, actor=Actor(kind="reviewer", id=1, name="reviewer-01"), model_id=12, action="reject",
    before="submitted", after="rejected", why="estop: 太慢", detail="",
)  # fmt: skip
PLACE = ("http://192.0.2.10:8080/", "Asia/Shanghai")
ADDRESS = "http://192.0.2.10:8080/review/models/12"


def test_other_programs_get_plain_data() -> None:
    told = msgspec.json.decode(body("json", MODEL, LINE, *PLACE))
    assert (told["event"], told["model_id"], told["model"]) == ("model.state", 12, "QH-DC120-2")
    assert (told["before"], told["state"], told["state_zh"]) == ("submitted", "rejected", "审核未通过")
    assert (told["by"], told["why"], told["at"]) == ("reviewer-01", "estop: 太慢", "2026-04-17T07:02:00+00:00")
    assert told["url"] == ADDRESS
    assert "13900000000" not in str(told)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
def test_people_get_a_message_in_both_languages_with_the_reason_and_the_address(kind: str) -> None:
    told = msgspec.json.decode(body(kind, MODEL, LINE, *PLACE))
    assert told["msgtype"] == "text"
    assert told["text"]["content"].splitlines() == [
        "QH-DC120-2 · 青禾换电：联调结果待审核 → 审核未通过（reviewer-01，退回结果，04-17 15:02）",
        "QH-DC120-2 · 青禾换电: Results under review → Results not approved"
        " (reviewer-01, send the results back, 04-17 15:02)",
        "estop: 太慢",
        ADDRESS,
    ]


def test_a_first_state_stands_alone() -> None:
    line = msgspec.structs.replace(LINE, before="", after="registered", action="add", why="")
    model = msgspec.structs.replace(MODEL, state=State.REGISTERED)
    content = msgspec.json.decode(body("wecom", model, line, *PLACE))["text"]["content"]
    assert content.splitlines()[0].endswith("：信息审核中（reviewer-01，登记型号，04-17 15:02）")


def test_a_message_that_is_too_long_is_cut_between_characters_and_keeps_its_address() -> None:
    text = f"{'长' * 1000}\n{ADDRESS}"
    cut = fit(text)
    assert MOST - 3 <= len(cut.encode()) <= MOST
    assert cut.endswith(f"长…\n{ADDRESS}")
    assert fit("short") == "short"


@pytest.mark.parametrize(
    ("action", "before", "after", "news"),
    [
        ("add", "", "registered", True),
        ("approve", "registered", "testing", True),
        ("return", "registered", "registered", True),
        ("edit", "registered", "registered", True),
        ("numbers", "testing", "testing", False),
        ("upgraded", "testing", "testing", False),
        ("delete", "done", "done", False),
        ("new_code", "", "", False),
    ],
)
def test_only_what_changes_a_state_is_news(action: str, before: str, after: str, news: bool) -> None:
    assert is_news(msgspec.structs.replace(LINE, action=action, before=before, after=after)) is news
